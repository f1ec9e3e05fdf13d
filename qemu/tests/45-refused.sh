#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cpus=2 timeout=120
# A module that may not be loaded, or only in part: kprobes switched off, a file
# for another kernel or cut short, lockdown. Each says why, and leaves nothing.

# shellcheck source=qemu/tests/charge-lib.sh disable=SC2119,SC2317
. /tests/charge-lib.sh

need_controller memory
kprobes=/sys/kernel/debug/kprobes/enabled
lockdown=/sys/kernel/security/lockdown

# refused WHAT LOG COMMAND...: it fails, the kernel's log says LOG, and all is as
# it was.
refused()
{
	what=$1
	log=$2
	shift 2
	dmesg -c > /dev/null
	nok "$what: refused" "$@"
	dmesg > /tmp/log
	ok "$what: the log says why" grep -q "$log" /tmp/log
	nok "$what: it is not loaded" loaded
	nok "$what: it has left no files" test -e /proc/cg_list
}

head -c 20000 /cg_list.ko > /tmp/cut.ko
refused "a truncated file" "" insmod /tmp/cut.ko

# The kernel that it is for is named in it, and how that is configured; its
# release does not count where symbols have versions.
magic=$(strings -t d /cg_list.ko | sed -n 's/^ *\([0-9]* vermagic=.* \)mod_unload.*/\1/p')
if [ -n "$magic" ]; then
	at=${magic%% *}
	magic=${magic#* }
	cp /cg_list.ko /tmp/other.ko
	printf x | dd of=/tmp/other.ko bs=1 seek=$((at + ${#magic})) \
		conv=notrunc 2> /dev/null
	refused "for another kernel" "version magic '.* xod_unload" \
		insmod /tmp/other.ko
else
	skip "for another kernel" "the module does not say for which it is"
fi

if patched; then
	refused "cg_list_proc.ko on a patched kernel" "is patched and has" \
		insmod /cg_list_proc.ko
fi

if [ -e $kprobes ]; then
	echo 0 > $kprobes
	if grep -qw __tracepoint_memcg_charge_stock /proc/kallsyms; then
		refused "kprobes switched off, and asked for" \
			"source=kprobe: .*kprobes/enabled" \
			insmod /cg_list.ko source=kprobe
		ok "kprobes switched off: the trace events do without" load
		is "$(status source)" tracepoint "kprobes switched off: the source"
	else
		ok "kprobes switched off: the module loads" load
		diag "$(head -n 3 /proc/cg_list/status | tail -n 2)"
		ok "kprobes switched off: status says what is not seen, and why" \
			grep -q '^unseen .*kprobes/enabled' /proc/cg_list/status
		nok "kprobes switched off: nothing is armed" \
			grep -q ' armed=1$' /proc/cg_list/status
	fi
	ok "kprobes switched off: a task's report is served" \
		into /tmp/report cgl show /proc/cg_list/task $$
	ok "kprobes switched off: in full" grep -q '^memcg level=0 ' /tmp/report
	new off max=8M
	inside "$dir" charge anon 16
	ok "kprobes switched off: and its counters" test \
		"$(facts counter peak "id=$(stat -c %i "$dir")" name=memory \
		< /proc/cg_list/memcgs)" -gt 1048576
	ok "kprobes switched off: it unloads" unload
	echo 1 > $kprobes
	need_module
	inside "$dir" charge anon 16
	ok "kprobes switched on again: the limit's charges are counted" \
		moved "$dir" limit
	ok "kprobes switched on again: it unloads" unload
	rmcg "$dir"
else
	skip "kprobes switched off" "no debugfs"
fi

# The last: it is not lifted again.
mount -t securityfs none /sys/kernel/security 2> /dev/null
if [ -e $lockdown ]; then
	echo integrity > $lockdown
	refused "lockdown, unsigned" "unsigned module loading is restricted" \
		insmod /cg_list.ko
else
	skip lockdown "this kernel has none"
fi
done_testing
