#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2086,SC2119,SC2317,SC2016 # functions that wait_for calls, lists
# guest: timeout=180
# Every move of tasks between cgroups is an event, refused ones too: processes,
# threads, controllers switched on and off (cgroup v2). By trace event on a
# patched kernel, by kprobes on a stock one.
# shellcheck source=qemu/tests/report-lib.sh
. /tests/report-lib.sh
load || bail "the module does not load"

comm_of()
{
	cat "/proc/$1/comm"
}

need_moves

mkcg a
a=$dir
mkcg b
b=$dir
start "$a" -- cgl threads 3
four=$pid

forget_moves
move "$four" "$b"
moves
is "$(val event from to threads ret)" "/a /b 4 0" "a process of four threads"
is "$(val event from_id to_id pid comm)" "$(id "$a") $(id "$b") $$ sh" \
	"by whom, and the cgroups' numbers"
is "$(val event moved moved_comm)" "$four $(comm_of "$four")" "and who was moved"
is "$(cat "$b/cgroup.procs") $(wc -l < "$b/cgroup.threads")" "$four 4" \
	"the kernel agrees on both"
move "$four" "$b"
moves
is "$(val event from to threads ret)" "/b /b 0 0" "it is there already"
is "$(val event moved)" "$four" "and that is told"
move "$four" "$cgroot"
move "$four" "$a"
moves
is "$(val event from to threads ret)" "/b / 4 0
/ /a 4 0" "to the root and back"

# Refused ones, with their errno.
mkcg full
full=$dir
mkcg full/below
refused()
{
	is "$(cgl write "$2" "$3")" "$4" "$1: refused"
	moves
	is "$(val event from to threads ret)" "$5" "$1: an event"
}
forget_moves
refused "processes and controllers in one cgroup" "$full/cgroup.procs" "$four" \
	EBUSY "/a /full 0 -16"
is "$(val event moved moved_comm)" "$four $(comm_of "$four")" \
	"who was to be moved"
is "$(wc -l < "$a/cgroup.threads")" 4 "it is where it was"
refused "nobody has this number" "$full/below/cgroup.procs" 4194000 \
	ESRCH "- /full/below 0 -3"
is "$(val event moved moved_comm)" "- -" "nobody was to be moved"
refused "no number at all" "$full/below/cgroup.procs" rubbish \
	EINVAL "- /full/below 0 -22"
refused "a kernel thread that stays" "$full/below/cgroup.procs" 2 \
	EINVAL "- /full/below 0 -22"

# Threads: in the threaded subtree they move one by one.
mkcg t
t=$dir
mkdir "$t/one" "$t/two"
forget_moves
start "$t" -- cgl threads 2
tid=${said##* }
echo threaded > "$t/one/cgroup.type"
forget_moves
echo "$tid" > "$t/one/cgroup.threads"
moves
is "$(val event from to threads ret)" "/t /t/one 1 0" "a thread"
is "$(val event moved)" "$tid" "which one"
is "$(cat "$t/one/cgroup.threads")" "$tid" "the kernel agrees"
refused "a cgroup whose domain is invalid" "$t/two/cgroup.procs" "$four" \
	EOPNOTSUPP "/a /t/two 0 -95"
refused "a thread out of its domain" "$b/cgroup.threads" "$tid" \
	EOPNOTSUPP "/t/one /b 0 -95"

# A user to whom one cgroup was given, and not the way there.
mkcg given
given=$dir
chown 1000 "$given" "$given/cgroup.procs"
start "$a" -- cgl as 1000 cgl comm his
forget_moves
is "$(cgl as 1000 cgl write "$given/cgroup.procs" "$pid")" EACCES \
	"no permission: refused"
moves
is "$(val event from to threads ret)" "/a /given 0 -13" "no permission: an event"
is "$(val event moved moved_comm comm)" "$pid his cgl" "by and of whom"

# A controller that comes or goes moves everybody below.
mkcg p
p=$dir
mkdir "$p/c" "$p/d"
start "$p/c" -- cgl threads 2
start "$p/d" -- cgl comm other
forget_moves
echo +pids > "$p/cgroup.subtree_control"
moves
is "$(val event from to threads ret)" "/p /p 4 0" "a controller on"
is "$(val event moved moved_comm)" "- -" "many together have no name"
echo -pids > "$p/cgroup.subtree_control"
moves
is "$(val event from to threads ret)" "/p /p 4 0" "a controller off"

# A fork is no move; nor is an exit.
start "$a" -- cgl tasks 5
forget_moves
stop "$pid"
sh -c 'sleep 0 & wait'
moves
is "$(val event seq)" "" "fork and exit are no moves"

# A cgroup that is gone has a number still, and no path.
mkcg gone
gone=$dir
gone_id=$(id "$gone")
start "$gone" -- cgl comm mover
forget_moves
move "$pid" "$b"
rmdir "$gone"
moves
is "$(val event from from_id to)" "- $gone_id /b" "from a cgroup that is gone"
take "$pid"
is "$(grep -c "^event .* type=migrate .* from_id=$gone_id to=/b " $R)" 1 \
	"it is in the report on a task there"

# Who was moved sees it, whoever wrote, wherever it is since.
start "$a" -- cgl threads 1
tid=${said##* }
move "$pid" "$memroot"
move "$pid" "$t"
for who in "$pid" "$tid"; do
	take "$pid" "$who"
	is "$(val "event,type=migrate,moved=$pid,to=/" from pid)" "/a $$" \
		"in the report on $([ "$who" = "$pid" ] && echo it || echo its thread)"
done
moved=$pid
start "$p/c" -- cgl comm elsewhere
take "$pid"
is "$(val "event,moved=$moved" from)" "" "not in another's, elsewhere"

# In a pid namespace, by its own numbers; who is outside has none.
forget_moves
cgl unshare pP sh -c '
	sleep 1000 &
	until grep -q sleep "/proc/$!/comm"; do usleep 20000; done
	echo $! > "$1/cgroup.procs"
	echo $! > /tmp/inside
	echo rubbish > "$1/cgroup.procs"
	rawread /proc/cg_list/events nonblock all:65536 > /tmp/events
	kill $!' sh "$b" 2> /dev/null
after_mark < /tmp/events > $R
is "$(val "event,to=/b,ret=0" moved moved_comm)" \
	"$(cat /tmp/inside) sleep" "a pid namespace's own number"
is "$(val "event,to=/b,ret=-22" moved moved_comm)" "- -" \
	"and none where nobody was found, whoever it was before"
move "$four" "$b"
cgl unshare pP rawread /proc/cg_list/events nonblock all:65536 > /tmp/events
after_mark < /tmp/events > $R
is "$(val event,from=/a,to=/b,threads=4 moved moved_comm)" "- -" \
	"in a pid namespace, who is outside has none"
moves

# Seen from inside a cgroup namespace, what is outside has no path.
mkcg ns
namespace "$dir"
start "$a" -- cgl comm mover
forget_moves
move "$pid" "$memroot/ns"
within rawread /proc/cg_list/events nonblock all:65536 > /tmp/events
after_mark < /tmp/events > $R
is "$(val event from from_id to to_id ret)" "- - / $(id "$memroot/ns") 0" \
	"in a cgroup namespace: neither path nor number of one outside"

# Many at once: each move is told, with what belongs to it and nothing else.
# The three writes of a round: two moves, and a refused one.
rounds()
{
	while [ "$1" -gt 0 ]; do
		echo "$2" > "$b/cgroup.procs"
		echo rubbish > "$a/cgroup.procs"
		echo "$2" > "$a/cgroup.procs"
		set -- $(($1 - 1)) "$2"
	done 2> /dev/null
}
unload
load events=1024 || bail "the module does not load"
movers=
moved=
for _ in 1 2 3 4; do
	start "$a" -- cgl comm moved
	moved="$moved $pid"
done
mark=
forget_moves
for pid in $moved; do
	rounds 20 "$pid" &
	movers="$movers $!"
done
wait $movers
moves
for pid in $moved; do
	is "$(val "event,moved=$pid,moved_comm=moved" from to threads ret |
		sort | uniq -c | awk '{ $1 = $1; print }')" \
		"20 /a /b 1 0
20 /b /a 1 0" "four at once: the moves of one"
done
is "$(val event,ret=-22 from to moved threads | sort | uniq -c |
	awk '{ $1 = $1; print }')" "80 - /a - 0" "four at once: the refused ones"
is "$(wc -l < $R)" 240 "four at once: and no others"
is "$(cgl get /proc/cg_list/status status missed)" 0 "no hit was missed"

# Unloaded among them, again and again.
movers=
for pid in $moved; do
	bg rounds 1000000 "$pid"
	movers="$movers $bg"
done
bad=0
for _ in 1 2 3 4 5 6 7 8 9 10; do
	usleep 50000
	wait_for 10 unload 2> /dev/null || bad=$((bad + 1))
	load || bad=$((bad + 1))
done
is $bad 0 "unloaded and loaded among moves"
mark=
told()
{
	moves
	[ -s $R ]
}
ok "and told when it is loaded" wait_for 10 told
stop $movers
done_testing
