# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What grows with the number of cgroups, and with that of possible CPUs, which
# the host chooses: scale.sh
#
# One CPU is there, the others could be added: what is kept a CPU is kept for
# them all, but nothing is counted on them. (With several running, QEMU before
# 8.1 gives all of -icount's turns to one that waits for another.)

# shellcheck source=qemu/bench/settings.sh
. "$(dirname "$0")/settings.sh"

cpus=$(sed 's/.*-//' /sys/devices/system/cpu/possible)
cpus=$((cpus + 1))
keep_few_pages

# memory: what `status` says that the module has.
memory()
{
	sed -n 's/.* memory=\([0-9]*\).*/\1/p' /proc/cg_list/status
}

# Idle is with no cgroup but the root.
load_module
idle=$(memory)
echo "bench scale $cpus-cpus-idle memory $idle"
unload_module

where=$(make_depth 2)
in_cgroup "$where" "$bench_dir/charges" warm anon > /dev/null
for n in 10 1000 10000; do
	what=$cpus-cpus-$n
	"$bench_dir/reads" make $n
	"$bench_dir/reads" timed scale "$what" load insmod /cg_list.ko
	in_cgroup "$where" "$bench_dir/charges" fast anon |
		sed "s/charge anon fast/scale $what fault/"
	in_cgroup "$where" "$bench_dir/reads" report report-2 |
		sed -n "s/read report-2 cg_list/scale $what report/p"
	echo "bench scale $what memory $(memory)"
	each=$((($(memory) - idle) / n / cpus))
	"$bench_dir/reads" timed scale "$what" unload rmmod cg_list
	"$bench_dir/reads" remove $n
done
echo "bench scale $cpus-cpus-each memory $each"
