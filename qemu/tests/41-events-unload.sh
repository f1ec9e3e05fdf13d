#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cpus=4 timeout=400 tcg=single append="rcupdate.rcu_expedited=1"
# The module is unloaded under readers of the stream that wait in every way.
# soak=SECONDS on the kernel's command line makes it 200 times, or four minutes.

# shellcheck source=qemu/tests/events-lib.sh disable=SC2119,SC2317,SC2094
. /tests/events-lib.sh

need_controller memory
need_module

bg sh -c "exec 4< $events; sleep 1000"
holder=$bg
mkfifo in
rawread "$events" end:0 read:8192 > blocked 2>&1 &
rawread "$events" end:0 poll:30000 read:8192 > polled 2>&1 &
rawread "$events" end:0 say:there except:60000 > excepted 2>&1 &
wait_for 5 grep -q there excepted
epolled "$events" < in > epolled 2>&1 &
exec 3> in
wait_for 5 grep -q ready epolled
usleep 500000

begin=$(cut -d. -f1 /proc/uptime)
ok "the module unloads under readers" unload
ok "within 5 s" [ $(($(cut -d. -f1 /proc/uptime) - begin)) -lt 5 ]
ok "the reader that waited is gone" wait_for 5 test -s blocked
is "$(cat blocked)" "read:8192: errno ENODEV" "with ENODEV"
wait_for 5 grep -q read polled
ok "the one in poll is gone" grep -q '^poll .*HUP' polled
# Not ENODEV: proc itself has no file any more behind this one.
ok "and can read no more" grep -q '^read:8192: errno E' polled
ok "the one in select, for exceptions alone, is gone" \
	wait_for 5 grep -q '^select 1' excepted
ok "the epoll was told" wait_for 5 grep -q 'HUP' epolled
exec 3>&-
ok "and lets go" wait_for 5 grep -q closed epolled

# The wait queue that the others had is gone; a new one is there.
need_module
oom_cgroup a
oom "$dir"
ok "loaded again: events are seen" test -n "$(event_facts oom_kill victim)"
ok "an open file of the old one does no harm" kill "$holder"
ok "unloaded again" unload

# Again and again, in a storm of events.
storm()
{
	while :; do
		oom "$dir"
	done
}

readers()
{
	while :; do
		rawread "$events" read:8192 read:8192 poll:1000 all:8192
		usleep 1000
	done
}

waiters()
{
	while :; do
		(usleep 30000) | epolled "$events"
		usleep 1000
	done
}

for worker in storm storm readers readers waiters waiters; do
	bg $worker > /dev/null 2>&1
done
# Before the storm's in the CPUs' queues: it waits often enough.
renice -n -20 $$ > /dev/null
bad=0
round=0
rounds=${soak:+200}
end=$(($(cut -d. -f1 /proc/uptime) + 240 * ${slow:-1}))
while [ $round -lt "${rounds:-12}" ] &&
	[ "$(cut -d. -f1 /proc/uptime)" -lt $end ]; do
	load || bad=$((bad + 1))
	usleep $((round % 12 * 10000))
	wait_for 10 unload 2>/dev/null || bad=$((bad + 1))
	round=$((round + 1))
done
for pid in $jobs_started; do
	kill -KILL "$pid"
done 2>/dev/null
jobs_started=
wait
is $bad 0 "loaded and unloaded $round times under readers in a storm"
done_testing
