#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernel's own tests of control groups (tools/testing/selftests/cgroup), in
# a guest of scripts/soak:
#
#	selftests.sh RUNS [counting] [PROGRAM]...
#
# A line a verdict: "selftest RUN PROGRAM TEST VERDICT". With "counting" the
# module is loaded and counts all that it can. No PROGRAM: all there are.

runs=$1
shift
counting=
if [ "${1:-}" = counting ]; then
	counting=$1
	shift
fi
[ $# -gt 0 ] || set -- /soak/test_*
cgroup=/sys/fs/cgroup

if [ -n "$counting" ]; then
	insmod /cg_list.ko || exit
	echo 2 > /proc/sys/cg_list/fast_path || exit
fi

# Files of their own: in tmpfs, they would be shared memory, not page cache.
mke2fs -F /dev/ram0 262144 > /dev/null 2>&1 && mount -t ext2 /dev/ram0 /mnt || exit

run=1
while [ "$run" -le "$runs" ]; do
	for program; do
		name=${program##*/}
		program=/soak/$name
		# They are run from the root cgroup, and leave it in their way.
		echo $$ > $cgroup/cgroup.procs
		(cd /mnt && timeout -s KILL 300 "$program" > /tmp/said 2>&1
		 echo "exit $?" >> /tmp/said)
		# What it has not written out yet, each child says once more.
		awk -v run="$run" -v name="$name" '
		seen[$0]++	{ next }
		/^ok .*# SKIP/	{ print "selftest", run, name, $NF, "skip"; next }
		/^ok /		{ print "selftest", run, name, $NF, "ok"; next }
		/^not ok /	{ print "selftest", run, name, $NF, "fail"; next }
		/^exit /	{ print "selftest", run, name, "exit", $2 }' /tmp/said
		find $cgroup -mindepth 1 -depth -type d -exec rmdir {} \; 2>/dev/null
	done
	run=$((run + 1))
done
umount /mnt

[ -z "$counting" ] || {
	grep '^status' /proc/cg_list/status
	rmmod cg_list
}
