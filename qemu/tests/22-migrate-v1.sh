#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2119,SC2317,SC2016 # functions that wait_for calls
# guest: cg=v1 cpus=2 timeout=180
# Moves on cgroup v1: in each hierarchy alone, one thread, a cpuset without CPUs,
# one that loses its last.
# shellcheck source=qemu/tests/report-lib.sh
. /tests/report-lib.sh
load || bail "the module does not load"
need_patched
need_controller cpuset

mkcg a
a=$dir
mkcg b
b=$dir
start "$a" -- cgl threads 3
four=$pid
tid=${said##* }
forget_moves
move "$four" "$b"
moves
is "$(val event from to threads ret)" "/a /b 4 0" "a process of four threads"
echo "$tid" > "$a/tasks"
moves
is "$(val event from to threads ret)" "/b /a 1 0" "one thread"
move "$four" "$a"
moves
is "$(val event from to threads ret)" "/b /a 3 0" "the others after it"
is "$(cgl write "$a/tasks" 4194000)" ESRCH "nobody has this number: refused"
moves
is "$(val event from to threads ret)" "- /a 0 -3" "nobody has this number"

# A cpuset that nobody has given CPUs.
cpuset=$cgroot/cpuset
mkdir "$cpuset/empty"
cgroups_made="$cpuset/empty $cgroups_made"
forget_moves
is "$(cgl write "$cpuset/empty/cgroup.procs" "$four")" ENOSPC \
	"a cpuset without CPUs: refused"
moves
is "$(val event from to threads ret)" "/ /empty 0 -28" "a cpuset without CPUs"

# One that loses its last CPU is emptied into its parent.
mkcg one cpuset
one=$dir
echo 1 > "$one/cpuset.cpus"
start "$one" -- cgl threads 2
forget_moves
echo 0 > /sys/devices/system/cpu/cpu1/online
emptied()
{
	[ -z "$(cat "$one/tasks")" ]
}
wait_for 10 emptied
moves
is "$(val event,threads=3 from to ret)" "/one / 0" "a cpuset that loses its last CPU"
echo 1 > /sys/devices/system/cpu/cpu1/online

# A migration is seen while it lasts: longest where charges move along, which a
# reader must hit.
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

# A hierarchy without controllers has no way from a number to a path.
if [ -d "$cgroot/named" ]; then
	mkdir "$cgroot/named/x"
	cgroups_made="$cgroot/named/x $cgroups_made"
	forget_moves
	echo "$four" > "$cgroot/named/x/cgroup.procs"
	moves
	is "$(val event to_id threads ret)" "$(id "$cgroot/named/x") 4 0" \
		"a named hierarchy"
	echo "$four" > "$cgroot/named/cgroup.procs"
fi
done_testing
