# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the slow path costs: slow.sh [SETTING]...

# shellcheck source=qemu/bench/settings.sh
. "$(dirname "$0")/settings.sh"

# A reader that comes first may take all of the CPU.
echo -1 > /proc/sys/kernel/sched_rt_runtime_us
# Killed processes are told of at length: not over a serial line.
dmesg -n 1

make_disk()
{
	modprobe -q brd rd_nr=1 rd_size=65536
	modprobe -q ext2
	[ -b /dev/ram0 ] || return
	mkdir -p /tmp/disk
	mke2fs /dev/ram0 60000 > /dev/null 2>&1 &&
		mount -t ext2 /dev/ram0 /tmp/disk &&
		dd if=/dev/zero of=/tmp/disk/file bs=1M count=32 2> /dev/null
	sync
	echo 3 > /proc/sys/vm/drop_caches
}

make_disk
where=$(make_depth 2)
for setting in "${@:-idle}"; do
	if set_up "$setting"; then
		for what in limit fail kill; do
			in_cgroup "$where" "$bench_dir/slow" "$setting" $what ||
				missing slow $what "$setting" "it failed"
		done
		if [ "$setting" = slow ]; then
			in_cgroup "$where" "$bench_dir/slow" "$setting" burst ||
				missing events 1-writers burst "it failed"
			for writers in 1 4; do
				in_cgroup "$where" "$bench_dir/slow" "$setting" \
					events $writers ||
					missing events $writers-writers any "it failed"
			done
		fi
	else
		missing slow all "$setting" "$why"
	fi
	tear_down
done
