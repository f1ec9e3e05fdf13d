#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2012,SC2016,SC2119,SC2317
# guest: cpus=2 timeout=300 kernels=*-stock,*-nopatch,*-nopatch-debug append="proc_alone=1"
# cg_list_proc.ko: /proc/PID/cg_list on a kernel without the proc patch. A guest of
# its own, since the module stays once it is there.
# shellcheck source=qemu/tests/report-lib.sh
. /tests/report-lib.sh

T=/sys/kernel/tracing
there()
{
	[ -e "/proc/$1/cg_list" ]
}

# refused WHY COMMAND...: it fails, the kernel's log says why, in one line.
refused()
{
	why=$1
	shift
	dmesg -c > /dev/null
	nok "not loaded: $why" "$@"
	# insmod tries twice, by two system calls.
	dmesg | sed 's/^.*\] //' | sort -u |
		grep '^cg_list_proc: .*: use /proc/cg_list/task$' > /tmp/why
	ok "and says so" grep -q "$why" /tmp/why
	is "$(wc -l < /tmp/why)" 1 "in one line"
	nok "there is no file" there self
	ls /proc/self > /tmp/ls
	nok "nor is it in the listing" grep -qx cg_list /tmp/ls
	is "$(grep -c '^cg_list_proc ' /proc/modules)" 0 "the module is gone"
}

# What cannot be: before it is loaded, after which it stays.
load proc_file=0 || bail "the module does not load"
nok "no cg_list in /proc/PID without it" there self
ok "task serves" test "$(report_by_task $$ | head -n 1)" = "cg_list 1"

# ftrace 0|1: off or on; from 7.3 on it cannot be switched off.
ftrace()
{
	echo "$1" 2> /dev/null > /proc/sys/kernel/ftrace_enabled
}
if ftrace 0 2> /dev/null; then
	refused "ftrace is switched off" insmod /cg_list_proc.ko
	ftrace 1
else
	skip "not loaded: ftrace is switched off" "this kernel's stays on"
fi

ls /proc/1 | sort > /tmp/before
ls /proc/1/task/1 | sort > /tmp/before-thread

# Other tracers were there first.
echo 'p:looked proc_pident_lookup' > $T/kprobe_events
echo 'r:listed proc_pident_readdir' >> $T/kprobe_events
echo 1 > $T/events/kprobes/enable
echo 'proc_pident_*' > $T/set_ftrace_filter
echo function > $T/current_tracer
ok "it loads, with other tracers on the same functions" insmod /cg_list_proc.ko
ok "the file is there" there self
is "$(report $$ | head -n 1)" "cg_list 1" \
	"and serves at once: the provider was there before it"
echo nop > $T/current_tracer
echo 0 > $T/events/kprobes/enable
echo > $T/kprobe_events
echo > $T/set_ftrace_filter

# as_ever WHAT: the file is found, listed and read; other names are as they were.
as_ever()
{
	ls /proc/1 | sort > /tmp/after
	ls /proc/1/task/1 | sort > /tmp/after-thread
	is "$(diff /tmp/before /tmp/after | grep '^[+-][^+-]')" +cg_list \
		"$1: one row more in /proc/PID"
	is "$(diff /tmp/before-thread /tmp/after-thread | grep '^[+-][^+-]')" \
		+cg_list \
		"$1: one row more in /proc/PID/task/TID"
	sleep 1000 &
	one=$!
	is "$(cgl get "/proc/$one/cg_list" task pid)" "$one" "$1: read"
	is "$(cgl get "/proc/$one/task/$one/cg_list" task pid)" "$one" \
		"$1: read by thread"
	for f in cg_lis cg_list1 cg_list/x attr/cg_list net/cg_list task/cg_list; do
		[ ! -e "/proc/$one/$f" ] || bad=$f
	done
	is "${bad:-}" "" "$1: other names are not found"
	ok "$1: other files are read" grep -q . "/proc/$one/cmdline" \
		"/proc/$one/cgroup" "/proc/$one/task/$one/stat"
	kill $one
	wait $one 2> /dev/null
}
as_ever "alone"

is "$(stat -c '%a %u %F' /proc/self/cg_list)" "444 0 regular empty file" "its mode"
is "$(cgl as 1000 stat -c '%a %u' /proc/self/cg_list)" "444 1000" "its owner"
nok "it cannot be written" sh -c 'echo 1 > /proc/self/cg_list' 2> /dev/null
nok "nor be made another mode" chmod 600 /proc/self/cg_list 2> /dev/null
mkdir -p /tmp/proc
mount -t proc none /tmp/proc
is "$(cgl get /tmp/proc/1/cg_list task pid)" 1 "in another mount of proc"
umount /tmp/proc
# shellcheck disable=SC2016
is "$(cgl unshare pP sh -c 'cat /proc/self/cg_list' | cgl get - task pid)" 1 \
	"in a pid namespace: its own numbers"

# The provider comes and goes.
exec 7< /proc/self/cg_list
ok "the provider goes, with a file open" unload
is "$(cat <&7 2>&1)" "cat: read error: No such device" "which says ENODEV"
is "$(cgl read /proc/1/cg_list)" "read ENODEV" "so does a new one"
ok "and comes again" load
is "$(cgl get - task pid <&7)" "$$" "the open file serves again"
exec 7<&-

# It stays, whoever holds what.
stays()
{
	nok "not unloaded: $1" rmmod cg_list_proc 2> /dev/null
	ok "and serves: $1" test "$(report $$ | head -n 1)" = "cg_list 1"
}
ok "it says that it stays" grep -q '^cg_list_proc .* \[permanent\]' /proc/modules
stays "with a provider"
unload
nok "not unloaded: without" rmmod cg_list_proc 2> /dev/null
load
exec 7< /proc/self/cg_list
stays "a file is open"
exec 7<&-
echo 3 > /proc/sys/vm/drop_caches
stays "nothing is open"
nok "nor is it loaded twice" insmod /cg_list_proc.ko 2> /dev/null

# Other tracers come later, and go.
echo 'proc_pident_*' > $T/set_ftrace_filter
for tracer in function function_graph; do
	grep -qw $tracer $T/available_tracers || continue
	echo $tracer > $T/current_tracer
	as_ever "tracer $tracer"
	echo nop > $T/current_tracer
done
echo > $T/set_ftrace_filter
echo 'p:looked proc_pident_lookup dentry=%si first=%dx' > $T/kprobe_events
echo 'r:listed proc_pident_readdir $retval' >> $T/kprobe_events
echo 1 > $T/events/kprobes/enable
as_ever "a kprobe and a kretprobe"
ok "which see the calls" grep -q looked $T/trace
echo 0 > $T/events/kprobes/enable
echo > $T/kprobe_events
echo 0 > /sys/kernel/debug/kprobes/enabled
as_ever "kprobes switched off"
echo 1 > /sys/kernel/debug/kprobes/enabled
as_ever "tracers gone"

# With ftrace off the file cannot be found; all else is as without the module.
if ftrace 0 2> /dev/null; then
	sleep 1000 &
	one=$!
	nok "ftrace off: no file" there $one
	is "$(ls /proc/1 | sort | diff /tmp/before -)" "" \
		"ftrace off: nor in the listing"
	kill $one
	wait $one 2> /dev/null
	ftrace 1
	as_ever "ftrace on again"
fi

# Under load.
prowl -n 8 -s "${soak:-12}" > /tmp/prowl
ok "lookups, listings, reads while processes come and go" test $? -eq 0
diag "$(cat /tmp/prowl)"
unload
prowl -n 4 -s "${soak:-12}" -m /cg_list.ko > /tmp/prowl
ok "while the provider does too" test $? -eq 0
diag "$(cat /tmp/prowl)"
n=$(grep -o ' loads [0-9]*' /tmp/prowl | cut -d ' ' -f 3)
ok "it came and went ($n times)" test "${n:-0}" -gt 0
echo 3 > /proc/sys/vm/drop_caches
loaded || load
as_ever "after all"
done_testing
