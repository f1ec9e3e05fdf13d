#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cpus=2 timeout=240 mem=768 kernels=*-debug,*-gcov* lacking="needs a kernel with FAULT_INJECTION, as 6.1-debug"
# Every allocation and every copy from and to user space fails once, in turn,
# while the module is loaded and unloaded, each file is read, each knob is
# written, a cgroup is made; then some of them at random while events are
# recorded. A clear errno or success, nothing left behind, and it works again.
# soak=SECONDS on the kernel's command line makes it longer: then all steps of
# loading fail, of which else the last ones do, those of the module's own.

# shellcheck source=qemu/tests/events-lib.sh disable=SC2119,SC2317
. /tests/events-lib.sh

debugfs=/sys/kernel/debug
need_controller memory
for file in /proc/self/fail-nth $debugfs/failslab $debugfs/fail_page_alloc; do
	[ -e "$file" ] || skip_all "needs a kernel with FAULT_INJECTION, as 6.1-debug"
done

# Those that may sleep, too; without a stack in the log each time.
for fault in failslab fail_page_alloc fail_usercopy fail_function; do
	[ -d $debugfs/$fault ] || continue
	echo 0 > $debugfs/$fault/verbose
	for knob in ignore-gfp-wait ignore-gfp-highmem; do
		[ ! -e $debugfs/$fault/$knob ] || echo N > $debugfs/$fault/$knob
	done
done
echo 0 > $debugfs/fail_page_alloc/min-order

# each DESCRIPTION OPERATION...: of failnth, each of its steps failed.
each()
{
	description=$1
	shift
	tests=$((tests + 1))
	if failnth "$@" > said 2>&1; then
		echo "ok $tests - $description"
	else
		failures=$((failures + 1))
		echo "not ok $tests - $description"
	fi
	sed 's/^/# /' said
}

# The last steps first, as far as the time goes: the loader's own come before.
seconds=${soak:-$((5 * ${slow:-1}))}
for parameters in source=auto source=kprobe "source=auto events=4096"; do
	each "loading, $parameters" -s "$seconds" -b insmod /cg_list.ko "$parameters"
	nok "it is not loaded" loaded
done
# With kprobes the kernel's own report: it has no way back if it gets no memory for
# that.
why="unregister_kprobe() warns: Failed to disarm kprobe-ftrace"
if grep -qw __tracepoint_memcg_charge_stock /proc/kallsyms; then
	each "unloading" -s "$seconds" rmmod /cg_list.ko source=auto
else
	skip "unloading" "$why"
fi
skip "unloading, source=kprobe" "$why"

need_module
sleeper "$memroot"
oom_cgroup a
a=$dir
oom "$a"
! served || each "a report of the kernel's file" read "/proc/$sleeper/cg_list"
for file in status tasks memcgs; do
	each "$file is read" read /proc/cg_list/$file
done
each "task is asked" ask /proc/cg_list/task "$sleeper"
each "an event is read" event "$events"
each "events are waited for" poll "$events"
each "the counters are reset" write /proc/cg_list/reset 1
for value in 0 2 1; do
	[ "$(status source)" = tracepoint ] || continue
	each "fast_path becomes $value" write /proc/sys/cg_list/fast_path $value
	is "$(cat /proc/sys/cg_list/fast_path)" $value "and is"
done
each "stack_dumps" write /proc/sys/cg_list/stack_dumps 3
oom "$a"
printf 0 > /proc/sys/cg_list/stack_dumps
each "a cgroup is made" mkdir "$memroot/faults"
each "a task moves" move "$a" "$memroot"
ok "all is as before: unloaded" unload

# A long event, whose line does not fit into a page: only with long names.
need_module
deep=
for level in 1 2 3 4 5 6 7 8; do
	deep=$deep${deep:+/}$(printf "%0200d" $level)
	mkcg "$deep"
done
limit "$dir" 2M
oom "$dir"
each "a long event is read" event "$events"
rmcg "$memroot/${deep%%/*}"

# Blocks of cgroups: a per-CPU allocation does not fail by the slab's or the
# pages' attributes where there is room left, so the function that makes it does.
inject=$debugfs/fail_function
if ! on_tracepoints; then
	skip "a cgroup without a block" \
		"it is made in a kprobe, where the one that lets it fail is not run"
elif [ -d $inject ] && grep -qs cgl_block_alloc $debugfs/error_injection/list; then
	echo cgl_block_alloc > $inject/inject
	echo 0 > $inject/cgl_block_alloc/retval
	echo 100 > $inject/probability
	echo -1 > $inject/times
	new starved max=8M
	starved=$dir
	inside "$starved" charge anon 4
	is "$(counted "$starved" batch)" "" "a cgroup without a block has no line"
	ok "its charges are unattributed" test "$(status unattributed)" -gt 0
	echo > $inject/inject
	repaired()
	{
		[ -n "$(counted "$starved" batch)" ]
	}
	ok "the block is made good" wait_for 10 repaired
	inside "$starved" charge anon 4
	ok "and it is counted" moved "$starved" batch
	rmcg "$starved"
else
	skip "a cgroup without a block" "cgl_block_alloc cannot be made to fail"
fi

# At random, one in a thousand, in all that a storm and its readers do, and in
# the workers.
for pid in /proc/[0-9]*; do
	case $(cat "$pid/comm" 2>/dev/null) in
	kworker*) echo 1 > "$pid/make-it-fail" ;;
	esac
done 2>/dev/null
for fault in failslab fail_page_alloc fail_usercopy; do
	[ -d $debugfs/$fault ] || continue
	echo Y > $debugfs/$fault/task-filter
	echo -1 > $debugfs/$fault/times
	echo 10 > $debugfs/$fault/interval
	echo 1 > $debugfs/$fault/probability
done
storm()
{
	while :; do
		oom "$a"
	done
}
come_and_go()
{
	while :; do
		mkdir "$memroot/come"
		rmdir "$memroot/come"
	done
}
read_all()
{
	while :; do
		cat /proc/cg_list/memcgs /proc/cg_list/tasks /proc/cg_list/status
		rawread "$events" nonblock all:8192
		usleep 10000
	done
}
echo 100 > /proc/sys/cg_list/stack_dumps
recorded=$(status recorded)
for worker in storm come_and_go read_all; do
	# Inherited by all that it starts.
	( echo 1 > /proc/self/make-it-fail; $worker ) > /dev/null 2>&1 &
	jobs_started="$jobs_started $!"
done
sleep "${soak:-10}"
for fault in failslab fail_page_alloc fail_usercopy; do
	[ ! -d $debugfs/$fault ] || echo 0 > $debugfs/$fault/probability
done
for pid in $jobs_started; do
	kill -KILL "$pid"
done 2>/dev/null
rmcg "$a"
wait
rmdir "$memroot/come" 2>/dev/null
ok "events were recorded meanwhile" test "$(status recorded)" -gt "$recorded"
diag "$(status recorded) events, $(status unattributed) unattributed"

# And afterwards?
unload
need_module
new after max=8M
begin
inside "$dir" charge threads 16 4
if on_tracepoints; then
	laws "afterwards"
fi
ok "events are seen" test -n "$(event_facts oom_kill victim)"
ok "the module unloads" unload
done_testing
