#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cpus=2 timeout=520 tcg=single append="rcupdate.rcu_expedited=1 rcupdate.rcu_cpu_stall_timeout=300"
# Loaded and unloaded in the middle of an OOM storm and of cgroups that come and
# go, a hundred times or for four and a half minutes (50 times on 6.12; 40 seconds
# on a stock kernel, where arming takes longer): nothing is lost, leaks or oopses.
# soak=SECONDS on the kernel's command line makes it a thousand times, or for
# eight minutes. Grace periods are expedited: what they take is nothing that happens.

# shellcheck source=qemu/tests/charge-lib.sh disable=SC2119,SC2317
. /tests/charge-lib.sh

need_controller memory
rounds=100
[ "$version" = 6.1 ] || rounds=50
seconds=270
patched || seconds=40
if [ -n "${soak:-}" ]; then
	rounds=1000
	seconds=480
fi
# Where each access is checked, a round takes ten times as long.
! instrumented || rounds=$((rounds / 5))
end=$(($(cut -d. -f1 /proc/uptime) + seconds * ${slow:-1}))
echo 0 > /proc/sys/vm/oom_dump_tasks
new storm max=12M

storm()
{
	while :; do
		enter "$dir" charge threads 24 4
	done
}

come_and_go()
{
	while :; do
		mkdir "$memroot/come" && rmdir "$memroot/come"
	done
}

read_all()
{
	while :; do
		cat /proc/cg_list/memcgs /proc/cg_list/status
		usleep 10000
	done
}

for worker in storm storm come_and_go read_all; do
	bg $worker > /dev/null 2>&1
done

# Before the storm's in the CPUs' queues: it waits often enough.
renice -n -20 $$ > /dev/null
bad=0
lost=0
round=0
# Ten rounds, however long they take on a busy machine; more while there is time.
while [ $round -lt 10 ] ||
      { [ $round -lt "$rounds" ] && [ "$(cut -d. -f1 /proc/uptime)" -lt $end ]; }; do
	load || bad=$((bad + 1))
	[ $((round % 3)) -eq 0 ] || usleep $((round * 500))
	lost=$((lost + $(status unattributed)))
	source=$(status source)
	wait_for 10 unload 2>/dev/null || bad=$((bad + 1))
	round=$((round + 1))
done
for pid in $jobs_started; do
	kill -KILL "$pid"
done 2>/dev/null
jobs_started=
rmcg "$dir"
wait
rmdir "$memroot/come" 2>/dev/null
is $bad 0 "loaded and unloaded $round times in a storm"
# What kprobes see of a charge has to begin with its first refusal: the rest of one
# that was refused before they were armed is nobody's.
if [ "$source" = kprobe ]; then
	ok "unattributed are at most charges under way at loading ($lost)" \
		test $lost -le $round
else
	is $lost 0 "nothing was unattributed"
fi

need_module
if on_tracepoints; then
	new after max=12M
	begin
	inside "$dir" charge threads 24 4
	laws afterwards
fi
ok "the module unloads" unload
done_testing
