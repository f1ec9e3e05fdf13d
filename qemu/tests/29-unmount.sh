#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cpus=4 timeout=180 append="preempt=full slub_debug=P"
# Nothing holds the root of a cgroup v1 hierarchy: every kind of hierarchy is
# mounted and unmounted under readers of every file. Where the kernel can, it
# preempts everywhere, and freed memory is overwritten. soak=SECONDS on the
# kernel's command line is for each.
# shellcheck disable=SC2119 # functions that take parameters or none
# shellcheck source=qemu/tests/report-lib.sh
. /tests/report-lib.sh

# On v2 a controller can go to v1 only while no cgroup below the root has it.
wanted=
for c in memory cpuset pids freezer cpu; do
	awk -v c="$c" '$1 == c && $4 == 1 { found = 1 } END { exit !found }' \
		/proc/cgroups && wanted="$wanted $c"
done
mkdir /tmp/probe
v1=
for c in $wanted none,name=cg_list; do
	# The root that was unmounted last may be on its way out still.
	for _ in 1 2 3 4 5; do
		if mount -t cgroup -o "$c" none /tmp/probe 2> /dev/null; then
			umount /tmp/probe
			v1="$v1 $c"
			break
		fi
		usleep 50000
	done
done
rmdir /tmp/probe
[ -n "$v1" ] || skip_all "this kernel has no cgroup v1"
load || bail "the module does not load"

seconds=${soak:-4}
for c in $v1; do
	remount -s "$seconds" -n 4 "$c" > /tmp/remount
	ok "readers while $c comes and goes" test $? -eq 0
	sed 's/^/# /' /tmp/remount
done
# All at once; a process a hierarchy.
# shellcheck disable=SC2086 # a word a hierarchy
remount -s "$((2 * seconds))" -n 4 $v1 > /tmp/remount
ok "readers while$v1 come and go" test $? -eq 0
sed 's/^/# /' /tmp/remount
ok "a report is whole afterwards" test -n "$(report $$ | grep '^cgroup hierarchy=0 ')"
is "$(dmesg | grep -cE 'BUG: |Oops|general protection')" 0 "the kernel has nothing to say"
done_testing
