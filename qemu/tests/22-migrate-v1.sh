#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2119,SC2317,SC2016 # functions that wait_for calls
# guest: cg=v1 cpus=4 numa=2 timeout=180
# Moves on cgroup v1: in each hierarchy alone, one thread, a cpuset without CPUs,
# one that loses its last.
# shellcheck source=qemu/tests/report-lib.sh
. /tests/report-lib.sh
load || bail "the module does not load"
need_moves

# Debian's 6.12 has neither of these on v1.
ctl=memory
has_controller memory || ctl=pids
need_controller $ctl

mkcg a $ctl
a=$dir
mkcg b $ctl
b=$dir
start "$a" -- cgl threads 3
four=$pid
tid=${said##* }
forget_moves
move "$four" "$b"
moves
is "$(val event from to threads ret)" "/a /b 4 0" "a process of four threads"
is "$(val event moved)" "$four" "who was moved"
is "$(cat "$b/cgroup.procs") $(wc -l < "$b/tasks")" "$four 4" \
	"the kernel agrees on both"
echo "$tid" > "$a/tasks"
moves
is "$(val event from to threads ret)" "/b /a 1 0" "one thread"
is "$(val event moved)" "$tid" "which one"
is "$(cat "$a/tasks")" "$tid" "the kernel agrees"
move "$four" "$a"
moves
is "$(val event from to threads ret)" "/b /a 3 0" "the others after it"
is "$(cgl write "$a/tasks" 4194000)" ESRCH "nobody has this number: refused"
moves
is "$(val event from to threads ret)" "- /a 0 -3" "nobody has this number"

# A user who may write to the file, but not move what is another's.
mkcg given $ctl
given=$dir
chown 1000 "$given" "$given/cgroup.procs"
forget_moves
is "$(cgl as 1000 cgl write "$given/cgroup.procs" "$four")" EACCES \
	"no permission: refused"
moves
is "$(val event from to threads ret moved)" "/a /given 0 -13 $four" \
	"no permission: an event"

# The event comes when all have moved.
emptied()
{
	[ -z "$(cat "$one/tasks")" ] &&
		rawread /proc/cg_list/events nonblock all:65536 |
			after_mark | grep -q ' threads=3 '
}

cpusets()
{
	# A cpuset that nobody has given CPUs.
	cpuset=$cgroot/cpuset
	mkdir "$cpuset/empty"
	cgroups_made="$cpuset/empty
$cgroups_made"
	forget_moves
	is "$(cgl write "$cpuset/empty/cgroup.procs" "$four")" ENOSPC \
		"a cpuset without CPUs: refused"
	moves
	is "$(val event from to threads ret)" "/ /empty 0 -28" "a cpuset without CPUs"
	is "$(val event moved)" "$four" "who was to be moved"

	# One that loses its last CPU is emptied into its parent.
	mkcg one cpuset
	one=$dir
	echo 1 > "$one/cpuset.cpus"
	start "$one" -- cgl threads 2
	forget_moves
	echo 0 > /sys/devices/system/cpu/cpu1/online
	wait_for 10 emptied
	moves
	is "$(val event,threads=3 from to ret moved)" "/one / 0 -" \
		"a cpuset that loses its last CPU"
	echo 1 > /sys/devices/system/cpu/cpu1/online
}
if has_controller cpuset; then
	cpusets
else
	skip "a cpuset without CPUs, or that loses its last" \
		"this kernel has no v1 cpuset"
fi

# A migration is seen while it lasts: longest where charges move along, which a
# reader must hit.
migrating()
{
	start "$a" -- cgl mem anon 64
	big=$pid
	echo 1 > "$a/memory.move_charge_at_immigrate"
	echo 1 > "$b/memory.move_charge_at_immigrate"
	bg sh -c 'while :; do echo "$1" > "$2/tasks" && echo "$1" > "$3/tasks"; done' \
		sh "$big" "$b" "$a"
	mover=$bg
	cgl await "/proc/$big/cg_list" " migrating=1" $((30 * ${slow:-1})) > $R
	is "$(val cset migrating)" 1 "a migration in progress"
	stop "$mover"
	take "$big"
	is "$(val cset migrating)" 0 "and when it is over"
}
if ! has_controller memory; then
	skip "a migration in progress" "this kernel has no v1 memory controller"
elif patched; then
	migrating
else
	skip "a migration in progress" "no report by /proc/PID to wait for it in"
fi

# A hierarchy without controllers has no way from a number to a path.
if [ -d "$cgroot/named" ]; then
	mkdir "$cgroot/named/x"
	cgroups_made="$cgroot/named/x
$cgroups_made"
	forget_moves
	echo "$four" > "$cgroot/named/x/cgroup.procs"
	moves
	is "$(val event from_id to_id threads ret moved)" \
		"$(id "$cgroot/named") $(id "$cgroot/named/x") 4 0 $four" \
		"a named hierarchy"
	echo "$four" > "$cgroot/named/cgroup.procs"
else
	skip "a named hierarchy" "there is none"
fi
done_testing
