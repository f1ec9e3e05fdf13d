#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2119 # functions that take parameters or none
# guest: icount=1 cg=v2 mem=1024 timeout=300 kernels="!(*-stock|*-debug|*-kcsan)" lacking="the same code is measured on patched kernels without checkers"
# What a user makes long is not long for who reads: a deep hierarchy, many threads
# in a css_set. In instructions (cost.c), beside /proc/PID/cgroup.
# shellcheck source=qemu/tests/report-lib.sh
. /tests/report-lib.sh
need_controller memory
need_patched
load || bail "the module does not load"

# cheapest FILE...: instructions of the cheapest of some rounds that read them.
cheapest()
{
	cost -n 5 "$@" | awk '{ print $1 }'
}

# deepen N: go down in a chain of cgroups until it is N deep.
level=0
deepen()
{
	while [ $level -lt "$1" ]; do
		echo +memory > cgroup.subtree_control
		mkdir d || bail "cannot make level $level"
		cd d || bail "cannot enter level $level"
		level=$((level + 1))
	done
}

# flatten: back up, and remove the chain.
flatten()
{
	while [ $level -gt 0 ]; do
		cd .. && rmdir d
		level=$((level - 1))
	done
}

cd $cgroot || bail "no $cgroot"
for depth in 250 1000; do
	deepen $depth
	echo $$ > cgroup.procs
	eval "cgroup_$depth=$(cheapest /proc/self/cgroup)"
	eval "report_$depth=$(cheapest /proc/self/cg_list)"
	is "$(report $$ | facts memcg path level=0)" \
		"/$(printf 'd/%.0s' $(seq $((depth - 1))))d" \
		"the path at depth $depth"
	is "$(report $$ | facts memcg path level=31)" \
		"/$(printf 'd/%.0s' $(seq $((depth - 32))))d" \
		"and of the 31st above"
	echo $$ > $cgroot/cgroup.procs
done
flatten
cd / || exit
# shellcheck disable=SC2154 # from eval
grown=$((cgroup_1000 - cgroup_250)) ours=$((report_1000 - report_250))
diag "/proc/PID/cgroup $cgroup_250 $cgroup_1000, a report $report_250 $report_1000"
ok "a report grows with depth at most twice as /proc/PID/cgroup does" \
	test $ours -le $((2 * grown))
ok "and takes at most twice as much at 1,000 levels" \
	test "$report_1000" -le $((2 * cgroup_1000))

mkcg crowd
start "$dir" -- cgl threads 60
few=$(cheapest "/proc/$pid/cg_list")
stop "$pid"
start "$dir" -- cgl threads 2000
many=$(cheapest "/proc/$pid/cg_list")
is "$(report "$pid" | grep -c '^cset_task pid=')" 64 "64 of 2001 are named"
is "$(report "$pid" | sed -n 's/^cset_task more=//p')" 1937 "the others are counted"
diag "a report on a process of 61 threads $few, of 2,001 $many"
ok "a hundred tasks more to look at, not 2,000" test $((many - few)) -lt 15000
stop "$pid"
done_testing
