# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034	# for the scripts that source this
#
# What the guest's measurements have in common: settings to measure in, each
# made by set_up NAME and undone by tear_down NAME.
#
#	idle	no module (which kernel it is, the host knows)
#	loaded	the module, as it comes up
#	slow	the module, fast_path 0: what meets a limit is counted
#	exact	the same with exact=1, on a stock kernel: a kretprobe each charge
#	fast	fast_path 1: every charge
#	origin	fast_path 2: and what asked for it
#	reader	fast_path 1, and a reader waiting for events
#	kprobe	ftrace: a kprobe event on try_charge_memcg
#	kretprobe	the same where it returns
#	record	ftrace: the patches' trace events, recorded
#	bpftrace	a kprobe that counts

tracing=/sys/kernel/tracing
knobs=/proc/sys/cg_list

bench_dir=/bench
bench_pid=

# keep_few_pages: the fewest free pages a CPU, before a charge is measured. A page
# from that list costs 200 instructions less than one from the buddy allocator,
# and how many it holds depends on what ran before.
keep_few_pages()
{
	echo 1000 > /proc/sys/vm/percpu_pagelist_high_fraction
}

missing()	# GROUP WHAT SETTING WHY...
{
	echo "bench $1 $2 $3 missing $4"
}

# load_module [PARAMETER]...
load_module()
{
	insmod /cg_list.ko "$@" 2> /tmp/insmod && return
	why=$(cat /tmp/insmod)
	return 1
}

unload_module()
{
	[ ! -d /proc/cg_list ] || rmmod cg_list
}

# set_fast_path N: it may be out of this kernel's reach.
set_fast_path()
{
	[ "$(cat $knobs/fast_path)" != "$1" ] || return 0
	echo "$1" 2> /dev/null > $knobs/fast_path && return
	why="fast_path $1 is not for this kernel"
	return 1
}

# set_probe DEFINITION: an ftrace event of our own, enabled.
set_probe()
{
	why="ftrace has no kprobe events"
	[ -w $tracing/kprobe_events ] || return 1
	why="try_charge_memcg cannot be probed"
	echo "$1" > $tracing/kprobe_events || return 1
	echo 1 > $tracing/events/kprobes/enable
}

# set_up SETTING: 0, or 1 with the reason in $why.
set_up()
{
	why="cannot be set up"
	case $1 in
	idle) ;;
	loaded) load_module ;;
	slow)
		load_module && set_fast_path 0
		;;
	exact)
		load_module exact=1 && set_fast_path 0 || return 1
		why="exact=1 is for kprobes"
		grep -q '^status source=kprobe ' /proc/cg_list/status || return 1
		why="exact=1: not armed"
		grep -q '^hook name=nomem armed=1' /proc/cg_list/status
		;;
	fast)
		load_module && set_fast_path 1
		;;
	origin)
		load_module && set_fast_path 2
		;;
	reader)
		load_module || return 1
		set_fast_path 1 || :
		cat /proc/cg_list/events > /dev/null &
		bench_pid=$!
		sleep 1
		;;
	kprobe)
		set_probe "p:cg try_charge_memcg"
		;;
	kretprobe)
		set_probe "r:cg try_charge_memcg"
		;;
	record)
		why="this kernel has no such trace events"
		[ -d $tracing/events/memcg_charge ] || return 1
		echo 1 > $tracing/events/memcg_charge/enable
		;;
	bpftrace)
		why="bpftrace is missing"
		command -v bpftrace > /dev/null || return 1
		: > /tmp/bpftrace
		bpftrace -e 'kprobe:try_charge_memcg { @ = count(); }' \
			> /tmp/bpftrace 2>&1 &
		bench_pid=$!
		wait_for_bpftrace
		;;
	esac
}

wait_for_bpftrace()
{
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		! grep -q Attaching /tmp/bpftrace || { sleep 2; return 0; }
		kill -0 "$bench_pid" 2> /dev/null || break
		sleep 1
	done
	why="bpftrace: $(head -n 1 /tmp/bpftrace)"
	return 1
}

tear_down()
{
	if [ -n "$bench_pid" ]; then
		kill -INT "$bench_pid" 2> /dev/null
		kill "$bench_pid" 2> /dev/null
		wait "$bench_pid"
		bench_pid=
	fi
	if [ -w $tracing/kprobe_events ]; then
		echo 0 > $tracing/events/kprobes/enable
		echo > $tracing/kprobe_events
	fi 2> /dev/null
	if [ -d $tracing/events/memcg_charge ]; then
		echo 0 > $tracing/events/memcg_charge/enable
	fi
	unload_module
}

# in_cgroup PATH COMMAND...: run it there, below the root of cgroup v2.
in_cgroup()
{
	(
		mkdir -p "/sys/fs/cgroup/$1"
		echo 0 > "/sys/fs/cgroup/$1/cgroup.procs" || exit
		shift
		exec "$@"
	)
}

# make_depth N [NAME]: N cgroups deep, with the memory controller at each level;
# the path of the innermost. It can hold processes as long as none is made below.
make_depth()
{
	name=${2:-bench}
	path=
	n=0
	while [ $n -lt "$1" ]; do
		n=$((n + 1))
		path=$path${path:+/}$name$n
		mkdir -p "/sys/fs/cgroup/$path"
		[ "$n" -eq "$1" ] ||
			echo +memory > "/sys/fs/cgroup/$path/cgroup.subtree_control"
	done
	echo "$path"
}
