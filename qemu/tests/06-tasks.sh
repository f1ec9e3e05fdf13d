#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cg=v2
#
# Tasks that move, are zombies, die while they are looked at, or are threads.
# shellcheck source=qemu/tests/lib.sh
. /tests/lib.sh
need_controller memory

if served; then
	rawread /proc/self/cg_list read:100 > /tmp/err
	is "$(cat /tmp/err)" "read:100: errno ENODEV" "without the module a read is ENODEV"
else
	skip "without the module a read is ENODEV" "there is no such file"
	nok "without the module there is no /proc/cg_list" test -e /proc/cg_list
fi
ok "the module loads" load || bail "no module"

is "$(report $$ | head -n 1)" "cg_list 1" "the first line is the format's version"

# It moves.
mkcg a
mkcg b
bg sleep 1000
pid=$bg
move "$pid" "$memroot/a"
is "$(report "$pid" | facts memcg path level=0)" /a "a task in /a"
move "$pid" "$memroot/b"
is "$(report "$pid" | facts memcg path level=0)" /b "the same in /b"

# What it is, against /proc/PID/status.
for name in pid tgid; do
	want=$(awk -v n="$([ $name = pid ] && echo Pid: || echo Tgid:)" '$1 == n { print $2 }' "/proc/$pid/status")
	is "$(report "$pid" | facts task $name)" "$want" "$name"
done
is "$(report "$pid" | facts task state)" S "it sleeps"
kill -STOP "$pid"
wait_for 5 grep -q '^State:.T' "/proc/$pid/status"
is "$(report "$pid" | facts task state)" T "it is stopped"
kill -CONT "$pid"

# In a pid namespace it has another number.
# shellcheck disable=SC2016	# the inner shell's own
unshare -p -f --mount-proc sh -c '
	mount -t proc proc /proc
	. /tests/lib.sh
	trap - EXIT
	sleep 1000 & p=$!
	report $p | facts task pid > /tmp/got
	report $p | facts task tgid >> /tmp/got
	echo "$p" > /tmp/want
	echo "$p" >> /tmp/want
	kill -KILL $p'
is "$(cat /tmp/got)" "$(cat /tmp/want)" "pids are the reader's namespace's"

# A thread.
bg forker -t -h -n 2 > /tmp/threads
tgid=$bg
wait_for 5 grep -q ready /tmp/threads
tid=$(find "/proc/$tgid/task" -mindepth 1 -maxdepth 1 | sort -n | tail -n 1)
tid=${tid##*/}
is "$(report "$tgid" "$tid" | facts task pid) $(report "$tgid" "$tid" | facts task tgid)" \
	"$tid $tgid" "a thread by its TID"
kill -KILL "$tgid"

# A zombie.
bg forker -z -h -n 1 > /tmp/zombie
parent=$bg
wait_for 5 grep -q ready /tmp/zombie
child=$(cat "/proc/$parent/task/$parent/children" 2>/dev/null ||
	awk -v p="$parent" '$4 == p { print $1 }' /proc/[0-9]*/stat)
child=${child%% *}
wait_for 5 zombie "$child"
ok "a zombie's report can be read" sh -c ". /tests/lib.sh; trap - EXIT; report $child > /tmp/r"
is "$(facts task state < /tmp/r)" Z "a zombie is a zombie"
ok "it still says where it is" grep -q '^cgroup hierarchy=0 ' /tmp/r
kill -KILL "$parent"

# A task that dies while its file is open.
mkfifo /tmp/turn
bg sleep 1000
pid=$bg
if served; then
	rawread "/proc/$pid/cg_list" read:8 say: line seek:0 read:100 < /tmp/turn > /tmp/out &
	exec 4<> /tmp/turn
	wait_for 5 grep -q cg_list /tmp/out
	kill -KILL "$pid"
	wait "$pid"
	echo go >&4
	exec 4>&-
	wait_for 5 grep -q errno /tmp/out
	is "$(tail -n 1 /tmp/out)" "read:100: errno ESRCH" "a task that died: ESRCH"
else
	skip "a task that died: ESRCH" "there is no such file"
fi
is "$(rawread -w /proc/cg_list/task write:999999 read:10 | head -n 1)" \
	"write:999999: errno ESRCH" "no such task: ESRCH"

# Reading it in pieces gives the same.
mkcg alone
bg enter "$memroot/alone" sleep 1000
wait_for 5 grep -q sleep "/proc/$bg/comm"
report "$bg" | grep -v -e '^event' -e '^charge' -e '^slow' -e '^lru level=1' > /tmp/whole
if served; then
	for size in 1 7 4095 4096 65536; do
		rawread "/proc/$bg/cg_list" all:$size |
			grep -v -e '^event' -e '^charge' -e '^slow' -e '^lru level=1' > /tmp/pieces
		ok "read in pieces of $size bytes" cmp -s /tmp/whole /tmp/pieces ||
			diag "$(diff /tmp/whole /tmp/pieces | cut -c1-200)"
	done
	rawread "/proc/$bg/cg_list" all:4096 seek:0 all:4096 |
		grep -c '^cg_list 1$' > /tmp/n
	is "$(cat /tmp/n)" 2 "read again after a seek to 0"
else
	skip "read in pieces" "the file needs the patches"
fi
done_testing
