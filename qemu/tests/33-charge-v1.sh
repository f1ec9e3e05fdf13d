#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cpus=1 cg=v1 timeout=240 kernels=!(*-stock|*-nopatch) lacking="the laws need a patched kernel's trace events"
# The charge path on cgroup v1: memsw, failcnt (exact on one CPU), the OOM killer
# disabled, charges that wait for a move.

# shellcheck source=qemu/tests/charge-lib.sh disable=SC2119,SC2317
. /tests/charge-lib.sh

need_controller memory
need_module
need_tracepoints
probe_calls || diag "no kprobes: calls are not counted"

# agrees WHAT: failcnt of the cgroup made last.
agrees()
{
	is "$(($(counted "$dir" limited) - $(counted "$dir" limited_memsw)))" \
		"$(get "$dir" failcnt)" "$1: memory.failcnt"
	[ ! -e "$dir/memory.memsw.failcnt" ] ||
		is "$(counted "$dir" limited_memsw)" \
			"$(get "$dir" memsw_failcnt)" "$1: memory.memsw.failcnt"
	is "$(counted "$dir" killed)" \
		"$(awk '$1 == "oom_kill" { print $2 }' "$dir/memory.oom_control")" \
		"$1: oom_kill"
}

under_oom()
{
	grep -q '^under_oom 1' "$dir/memory.oom_control"
}

new anon max=16M
begin
inside "$dir" charge anon 32
laws "anonymous memory over the limit"
agrees "anonymous memory over the limit"
rmcg "$dir"

if swap_on 128; then
	new memsw max=8M memsw_max=16M
	begin
	inside "$dir" charge anon 32
	laws "memsw below swap"
	agrees "memsw below swap"
	ok "memsw below swap: limit_memsw moves" moved "$dir" limit_memsw
	rmcg "$dir"

	# No OOM killer, and a fault that reads ahead from swap: the first page
	# that is refused marks the task, and it goes on with the next one.
	echo 3 > /proc/sys/vm/page-cluster
	new ahead max=64M oom_control=1
	begin
	inside "$dir" charge shared 16 &
	wait_for 20 test -e /tmp/paged-out
	echo 0 > "$dir/memory.swappiness"
	get "$dir" usage > "$dir/memory.limit_in_bytes"
	rm -f /tmp/paged-out
	wait_for 10 under_oom
	ok "why_in_oom" moved "$dir" why_in_oom
	set_to "$dir" max 64M
	wait
	laws "swapin at the limit, no OOM killer"
	agrees "swapin at the limit, no OOM killer"
	rmcg "$dir"
	swap_off
else
	skip "memsw" "no zram"
	skip "why_in_oom" "no zram"
fi

# The OOM killer disabled: the charge fails, the task waits for room.
new wait max=8M oom_control=1
begin
inside "$dir" charge anon 12 &
ok "no OOM killer: under_oom" wait_for 20 under_oom
ok "no OOM killer: why_oom moves" moved "$dir" why_oom
is "$(counted "$dir" killed)" 0 "no OOM killer: no kill"
set_to "$dir" max 32M
wait
laws "no OOM killer"
agrees "no OOM killer"
rmcg "$dir"

# Tasks move with their charges while others meet the limit.
if [ -n "$(counted "$memroot" retry_move)" ]; then
	new from max=32M move_charge_at_immigrate=3
	from=$dir
	new to max=12M move_charge_at_immigrate=3
	begin
	for round in 1 2 3 4 5 6 7 8; do
		charge hold 10 > /dev/null &
		pid=$!
		move $pid "$from"
		inside "$dir" charge threads 11 4 &
		usleep 100000
		move $pid "$dir" 2>/dev/null
		move $pid "$from" 2>/dev/null
		kill -KILL $pid
		wait
		moved "$dir" retry_move && break
	done
	laws "charges that move ($round rounds)"
	if moved "$dir" retry_move; then
		ok retry_move true
	else
		skip retry_move "no charge met the limit during a move"
	fi
	rmcg "$from"
	rmcg "$dir"
else
	skip retry_move "this kernel moves no charges"
fi

unprobe_calls
ok "the module unloads" unload
done_testing
