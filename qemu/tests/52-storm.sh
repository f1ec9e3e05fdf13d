#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cpus=4 timeout=300 mem=1024
# Cgroups that are made and removed, tasks that move, processes that are killed,
# fork bombs, CPUs off- and online, all at full speed, and readers of the events
# that wait, sleep, stand still and are killed; then it is quiet again: the laws
# hold, the memory is back, the module unloads. soak=SECONDS on the kernel's
# command line makes it longer, with a thousand readers.

# shellcheck source=qemu/tests/charge-lib.sh disable=SC2119,SC2317
. /tests/charge-lib.sh

need_controller memory pids
seconds=${soak:-8}
readers=${soak:+1000}
cgroups=${soak:+100000}
echo 0 > /proc/sys/vm/oom_dump_tasks

# storm_in WHAT OPTION...
storm_in()
{
	what=$1
	shift
	mkcg storm
	echo "+memory +pids" > "$dir/cgroup.subtree_control"
	storm "$@" "$dir" > /tmp/storm
	rc=$?
	ok "$what" test $rc -eq 0
	sed 's/^/# /' /tmp/storm
	rmcg "$dir"
}

# used: kernel memory, in KiB, once nothing that can go is left.
used()
{
	sync
	echo 3 > /proc/sys/vm/drop_caches
	awk '/^(SUnreclaim|KernelStack|PageTables|Percpu|VmallocUsed):/ { n += $2 }
		END { print n }' /proc/meminfo
}

# A CPU's stock holds on to the cgroup that it was for last, even if it is empty,
# until it is for another one.
restock()
{
	cpu=0
	while [ "$cpu" -lt "$(nproc)" ]; do
		enter "$keep" taskset -c "$cpu" true
		cpu=$((cpu + 1))
	done
}

none_dying()
{
	restock
	echo 3 > /proc/sys/vm/drop_caches
	grep -q '^nr_dying_descendants 0$' "$memroot/cgroup.stat"
}

back()
{
	[ "$(used)" -le $((before + 4096)) ]
}

# The blocks; the table keeps a run of 2 KiB for each 256 css.ids that there ever
# were at once, and on a stock kernel the source one of 20 KiB for as many charges.
blocks_back()
{
	more=$(($(status memory) - memory))
	[ "$more" -le 0 ] ||
		{ [ $((more % 2048)) -eq 0 ] && [ "$more" -le 262144 ]; }
}

mkcg keep
keep=$dir

# The first ones warm up what the kernel keeps for the next.
need_module
storm_in "a short storm" -s 2 -n 20
storm_in "some cgroups come and go" -s 20 -n 10 -c 500
unload
wait_for 30 none_dying
before=$(used)

need_module
memory=$(status memory)
storm_in "$seconds s of storm" -s "$seconds" -n "${readers:-60}"
storm_in "cgroups come and go" -s $((soak ? 4 * soak : 4)) -n 10 -c "${cgroups:-1000}"
ok "none of its cgroups is left" wait_for 60 none_dying
ok "the module gave back what it took for them" wait_for 30 blocks_back
diag "$(status memory) bytes, $memory before; $(status recorded) events, $(
	status overwritten) overwritten, $(status missed) missed"
is "$(status unattributed)" 0 "nothing is unattributed"

new after max=12M
begin
inside "$dir" charge threads 24 4
inside "$dir" charge anon 4
if on_tracepoints; then
	laws "one more workload"
else
	ok "one more workload is counted" moved "$dir" limited
fi
rmcg "$dir"
wait_for 5 unheld
ok "the module unloads" unload
ok "the kernel's memory is back where it was" wait_for 30 back
diag "$before KiB before, $(used) KiB now"
done_testing
