#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cpus=2 timeout=120
# The stream of events: what an event says, and how a file of it is read.

# shellcheck source=qemu/tests/events-lib.sh disable=SC2119,SC2016
. /tests/events-lib.sh

need_controller memory
need_module events=16

# What an event says.

is "$(rawread "$events" nonblock read:8192)" "read:8192: errno EAGAIN" \
	"nothing has happened: EAGAIN"
is "$(rawread "$events" poll:0)" "poll" "nothing has happened: poll says so"

oom_cgroup 'a b\c'
a=$dir
id=$(stat -c %i "$a")
# Its last charge need not fail: what reclaim made other CPUs give back
# (drain_all_stock) may arrive after the kill, and then it is granted.
for _ in 1 2 3 4 5; do
	before=$(cut -d' ' -f1 /proc/uptime)
	oom "$a"
	after=$(cut -d' ' -f1 /proc/uptime)
	all_events > all
	! grep -q type=charge_fail all || break
	unload
	load events=16
done
is "$(facts event type < all | grep -v migrate | sort -u | tr '\n' ' ')" \
	"charge_fail oom oom_kill " "an OOM kill: the types of its events"
is "$(facts event seq < all | head -n 1)" 0 "the first number is 0"
ok "the numbers are consecutive" consecutive < all
is "$(facts event memcg type=charge_fail < all | head -n 1)" \
	'/a\040b\134c' "memcg: the path, escaped"
is "$(facts event memcg_id type=charge_fail < all | head -n 1)" "$id" \
	"memcg_id: the kernfs id"
is "$(facts event limiter_id type=charge_fail < all | head -n 1)" "$id" \
	"limiter_id"
is "$(facts event pid type=charge_fail < all | head -n 1)" "$oom_pid" "pid"
is "$(facts event tgid type=charge_fail < all | head -n 1)" "$oom_pid" "tgid"
is "$(facts event comm type=charge_fail < all | head -n 1)" hog "comm"
is "$(facts event counter type=charge_fail < all | head -n 1)" memory \
	"counter"
is "$(facts event nr_pages type=charge_fail < all | head -n 1)" 1 "nr_pages"
is "$(facts event outcome type=charge_fail < all | head -n 1)" nomem "outcome"
ok "gfp is symbolic" grep -q 'type=charge_fail.* gfp=GFP_[A-Z_|]* ' all
is "$(facts event victim type=oom_kill < all)" "$oom_pid" "oom_kill: victim"
is "$(facts event victim_comm type=oom_kill < all)" hog "oom_kill: victim_comm"
is "$(facts event victim_memcg type=oom_kill < all)" '/a\040b\134c' \
	"oom_kill: victim_memcg"
is "$(facts event limiter_id type=oom_kill < all)" "$id" "oom_kill: limiter"
ok "the stack goes through try_charge_memcg" \
	grep -q 'type=oom .* stack=.*try_charge_memcg+0x' all
nok "the stack does not name this module" grep -q 'stack=[^ ]*cgl_' all
nok "there is no address" grep -q '[=<]0x\|ffff[0-9a-f]\{12\}' all
facts event time < all > when
is "$(sort -n when)" "$(cat when)" "times do not go back"
ok "time is CLOCK_MONOTONIC" awk -v from="$before" -v to="$after" '
	$1 < from - 0.02 || $1 > to + 0.02 { exit 1 }' when

sleeper "$a"
is "$(report "$sleeper" | grep '^event ' | grep -v type=migrate)" \
	"$(tail -n 8 all | grep -v type=migrate | sed 's/ stack=.*//')" \
	"section event: the last 8 of the cgroup, to a task that came later"
kill "$sleeper"
is "$(report $$ | grep '^event ' | grep -vc type=migrate)" 0 \
	"section event: none to a task elsewhere"

rmcg "$a"
is "$(event_facts charge_fail memcg_id | head -n 1)" "$id" \
	"the cgroup is gone: its id stays"
is "$(event_facts charge_fail memcg)" "" "the cgroup is gone: no path"

# Who may read it.

is "$(cgl nocap 34 rawread "$events" nonblock all:32768 | grep -c ' stack=')" 0 \
	"no stack without CAP_SYSLOG"
ok "but the events" test -n "$(cgl nocap 34 rawread "$events" nonblock read:8192)"
nok "not without CAP_SYS_ADMIN" cgl nocap 21 head -n 1 "$events"
nok "not for another user" cgl as 65534 head -n 1 "$events"

# How it is read.

is "$(rawread "$events" read:30 read:8192)" \
	"read:30: errno EINVAL
$(head -n 1 all | sed 's/ \(memcg\|limiter\|victim_memcg\|to\)=[^ ]*//g')" \
	"a short buffer is EINVAL and consumes nothing"
is "$(rawread "$events" read:0)" "read:0: errno EINVAL" "so is one of no length"
is "$(rawread "$events" read:8192 read:8192 | facts event seq)" "0
1" "one event a read"
is "$(rawread "$events" read:8192 read:8192 seek:0 read:8192 | facts event seq)" \
	"0
1
0" "SEEK_SET 0: the oldest"
is "$(rawread "$events" end:0 nonblock read:8192)" "read:8192: errno EAGAIN" \
	"SEEK_END: after the latest"
is "$(rawread "$events" seek:1)" "seek:1: errno ESPIPE" "no other offset"
is "$(rawread "$events" end:-1)" "end:-1: errno ESPIPE" "nor from the end"
is "$(rawread "$events" cur:0)" "cur:0: errno EINVAL" "no SEEK_CUR"
is "$(rawread "$events" pread:8192@0)" "pread:8192@0: errno ESPIPE" "no pread"
is "$(rawread "$events" poll:0 read:8192 | head -n 1)" "poll IN" "poll: readable"

oom_cgroup b
bg rawread "$events" end:0 read:8192
reader=$bg
usleep 300000
ok "a reader waits" kill -0 "$reader"
oom "$dir"
ok "an event wakes it" wait_for 5 gone "$reader"
bg rawread "$events" end:0 poll:10000
reader=$bg
usleep 300000
ok "a poll waits" kill -0 "$reader"
oom "$dir"
ok "an event wakes it too" wait_for 5 gone "$reader"

# Each open file has a position of its own: whoever waits is told.
for reader in 1 2 3; do
	bg rawread "$events" end:0 say:there exclusive:3000 > exclusive.$reader
	wait_for 5 grep -q there exclusive.$reader
done
oom "$dir"
for reader in 1 2 3; do
	ok "EPOLLEXCLUSIVE, $reader of 3: told" \
		wait_for 10 grep -q '^epoll told' exclusive.$reader
done

# Stacks: each function after the charge is the one that the kernel's own trace
# of the same kill names, where the unwinder was asked and where its answer is
# remembered.

# below_charge: what called try_charge_memcg(), a line each.
below_charge()
{
	sed -n '/try_charge_memcg+/,$p' | tail -n +2
}

oom_cgroup c
for time in first second third; do
	dmesg -c > /dev/null
	oom "$dir"
	# The kernel's reliable entries, as far as ours go; then user mode.
	dmesg | sed -n '/Call Trace:/,/^.*RIP: 0033/s/^\(\[[^]]*\]\)* *\([^ ?]*+0x[0-9a-f]*\)\/.*/\2/p' |
		below_charge > theirs
	event_facts oom stack "pid=$oom_pid" | tail -n 1 |
		sed 's/</\n/g' | below_charge > ours
	is "$(cat ours)" "$(head -n "$(wc -l < ours)" theirs)" \
		"the stack of the $time kill is the kernel's"
	ok "with its $(wc -l < ours) callers" test "$(wc -l < ours)" -ge 5
done
dmesg -c > /dev/null

# A reader that is overtaken.

mkfifo turn
rawread "$events" read:8192 line poll:0 read:8192 read:8192 nonblock all:8192 \
	< turn > overtaken &
reader=$!
exec 3> turn
wait_for 5 test -s overtaken
rawread "$events" read:8192 pri:60000 > urgent &
urgent=$!
wait_for 5 test -s urgent
while [ "$(status recorded)" -lt 40 ]; do
	oom "$dir"
done
echo >&3
exec 3>&-
wait "$reader"
is "$(sed -n 2p overtaken)" "poll IN PRI ERR" "overtaken: poll says so"
wait $urgent
is "$(sed -n 2p urgent)" "poll PRI ERR" "overtaken: it wakes who waits for that alone"
is "$(sed -n 3p overtaken)" "read:8192: errno EPIPE" "overtaken: EPIPE"
is "$(grep -c EPIPE overtaken)" 1 "overtaken: once"
recorded=$(status recorded)
is "$(sed -n 4p overtaken | facts event seq)" $((recorded - 16)) \
	"overtaken: goes on at the oldest"
is "$(sed 1,3d overtaken | grep -c '^event')" 16 "overtaken: sees what is kept"
is "$(status overwritten)" $((recorded - 16)) "status: events overwritten"
sed 1,3d overtaken | grep ^event > kept
ok "what is kept is consecutive" consecutive < kept

for bad in 0 15 17 -1 131072 x; do
	unload
	nok "events=$bad is refused" load events=$bad 2>/dev/null
done
nok "and nothing is left of it" test -e /proc/cg_list
done_testing
