#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: numa=2 mem=768 timeout=180
# What an OOM kill is told to be for: the limit of a memory cgroup, one that the
# reader cannot see, the memory nodes of a cpuset, SysRq.

# shellcheck source=qemu/tests/events-lib.sh disable=SC2119,SC2034,SC2317
. /tests/events-lib.sh

need_controller memory
need_module

# last_kill [COMMAND...]: the event of the last kill, as the command's reader sees it.
last_kill()
{
	"$@" rawread $events nonblock all:32768 2>&1 |
		grep '^event .* type=oom_kill ' | tail -n 1
}

# fact NAME: from an event on standard input, its value; nothing if it is absent.
fact()
{
	sed -n "s/.* $1=\([^ ]*\).*/\1/p"
}

oom_cgroup told
oom "$dir"
is "$(last_kill env | fact constraint)" memcg "by a limit: constraint=memcg"
is "$(last_kill env | fact limiter)" /told "and whose"
is "$(last_kill env | grep -c '_hidden=\| sysrq=')" 0 "nothing is hidden, nor was it SysRq"

# The limit above the container is not the machine's memory.
mkcg pod
limit "$dir" 2M
mkcg pod/container
container=$dir
oom "$container"
enter "$container" cgl unshare c rawread $events nonblock all:32768 2> /dev/null |
	grep '^event .* type=oom_kill ' | tail -n 1 > /tmp/kill
is "$(fact limiter_hidden < /tmp/kill)" 1 "by a limit above the reader's namespace: hidden"
is "$(fact limiter < /tmp/kill)" "" "and not named"
is "$(fact limiter_id < /tmp/kill)" "" "nor numbered"
is "$(fact constraint < /tmp/kill)" memcg "but told to be a limit"
is "$(fact victim_memcg < /tmp/kill)" / "the victim's is the reader's own"
is "$(last_kill env | fact limiter)" /pod "who sees all is told whose"
mkcg aside
enter "$dir" cgl unshare c rawread $events nonblock all:32768 2> /dev/null |
	grep '^event .* type=oom_kill ' | tail -n 1 > /tmp/kill
is "$(fact victim_memcg_hidden < /tmp/kill)" 1 "a victim beside the namespace: hidden"

# A cpuset's node is full, the other is not.
if on_tracepoints; then
	skip "a full node: constraint=cpuset" "the trace event has no constraint without a limiter"
elif ! has_controller cpuset; then
	skip "a full node: constraint=cpuset" "no cpuset controller"
else
	mkcg node
	echo 1 > "$dir/cpuset.mems"
	enter "$dir" sh -c 'echo 1000 > /proc/self/oom_score_adj; exec hog -m 700M' \
		> /dev/null 2>&1
	is "$(last_kill env | fact constraint)" cpuset "a full node: constraint=cpuset"
	is "$(last_kill env | grep -c ' limiter')" 0 "and nobody's limit"
fi

# SysRq kills the largest, wherever it is.
if on_tracepoints; then
	skip "SysRq: constraint=none sysrq=1" "the trace event does not say so"
elif ! echo 1 > /proc/sys/kernel/sysrq 2> /dev/null; then
	skip "SysRq: constraint=none sysrq=1" "this kernel has no SysRq"
else
	mkcg sysrq
	bg enter "$dir" sh -c 'echo 1000 > /proc/self/oom_score_adj; exec sleep 1000'
	asked=$bg
	usleep 300000
	echo f > /proc/sysrq-trigger
	kill_of()
	{
		last_kill env | grep -q " victim=$asked "
	}
	ok "SysRq: an event" wait_for 10 kill_of
	is "$(last_kill env | fact constraint)" none "constraint=none"
	is "$(last_kill env | fact sysrq)" 1 "sysrq=1"
fi
done_testing
