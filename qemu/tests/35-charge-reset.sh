#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cpus=4 timeout=120
# status, reset and fast_path: who may, what they accept, what they do; and the
# source that is asked for.

# shellcheck source=qemu/tests/charge-lib.sh disable=SC2119,SC2317
. /tests/charge-lib.sh

need_controller memory

log_says()
{
	dmesg | tail -n 5 | grep -q "$1"
}

nok "a source that is none is refused" insmod /cg_list.ko source=nonsense
ok "and the log says why" log_says 'source=nonsense: must be auto'
if grep -qw __tracepoint_memcg_charge_stock /proc/kallsyms; then
	skip "a source that this kernel cannot serve" "it can serve both"
else
	nok "a source that this kernel cannot serve is refused" \
		insmod /cg_list.ko source=tracepoint
	ok "and the log says why, too" log_says \
		'source=tracepoint: this kernel cannot serve it'
fi

need_module
S=/proc/cg_list/status
is "$(head -n 1 $S)" "cg_list 1" "status begins as every report does"
ok "status says the source, since when, what was lost, what is used" \
	grep -qE '^status source=(tracepoint|kprobe) fast_path=[01] since=[0-9]+\.[0-9]{9} recorded=[0-9]+ overwritten=[0-9]+ unattributed=0 missed=0 memory=[0-9]+$' $S
ok "status names the hooks" grep -q '^hook name=[^ ]* armed=1$' $S
# shellcheck disable=SC2016
ok "no value has white space" awk '
	($1 == "hook" || $1 == "unseen") && NF != 3 { exit 1 }' $S
if instrumented; then
	skip "the module is less than 112 KiB" \
		"the checks of every access more than double it"
elif on_tracepoints; then
	# Idle is without the blocks of the cgroups that are there already.
	idle=$(($(status memory) -
		$(grep -c '^charge' /proc/cg_list/memcgs) * 592 * $(nproc)))
	# shellcheck disable=SC2016 # awk's own
	ok "the module is less than 112 KiB" awk '
		$1 == "cg_list" && $2 < 114688 { ok = 1 } END { exit !ok }' /proc/modules
	ok "and with its ring when idle ($idle)" test $idle -lt 131072
else
	diag "$(status memory) bytes in use"
fi
is "$(stat -c %a $S)" 444 "status is for all to read"
is "$(stat -c %a /proc/cg_list/reset)" 200 "reset is for root to write"
sed 's/=[0-9.]*/=/g' $S > /tmp/whole
dd if=$S bs=7 2>/dev/null | sed 's/=[0-9.]*/=/g' > /tmp/small
ok "status in reads of 7 bytes" cmp -s /tmp/whole /tmp/small

# write VALUE FILE, to the byte
write()
{
	# shellcheck disable=SC2059	# escapes are wanted
	printf "$1" > "$2" 2>/dev/null
}

since=$(status since)
for bad in '\n' '0\n' '2\n' '11\n' '1 \n' ' 1\n' '-1\n' 'one\n' '1\n\n' \
	'99999999999999999999\n' '1x' '\001'; do
	nok "reset refuses '$bad'" write "$bad" /proc/cg_list/reset
done
is "$(status since)" "$since" "and nothing was reset"
ok "reset takes 1 without a newline" write 1 /proc/cg_list/reset
ok "reset takes 1 with one" write '1\n' /proc/cg_list/reset
isnt()
{
	[ "$1" != "$2" ]
}
ok "status tells the new beginning" isnt "$(status since)" "$since"

# ones KEY: lines with any number but 0 after the id
ones()
{
	grep "^$1 " /proc/cg_list/memcgs | sed 's/ id=[0-9]*//' |
		grep -c '[=,][1-9]'
}

new work max=8M
inside "$dir" charge anon 16
ok "something was counted" test "$(ones charge)" -gt 0
settle
echo 1 > /proc/cg_list/reset
is "$(ones charge)" 0 "all is 0 after a reset"
is "$(ones slow)" 0 "the slow path's time too"

# What a CPU has counted that is switched off now, too.
cpu=/sys/devices/system/cpu/cpu3/online
inside "$dir" taskset -c 3 charge anon 16
ok "something was counted on CPU 3" test "$(ones charge)" -gt 0
if echo 0 > $cpu; then
	ok "it counts while the CPU is off" test "$(ones charge)" -gt 0
	settle
	echo 1 > /proc/cg_list/reset
	is "$(ones charge)" 0 "all is 0 after a reset without it"
	echo 1 > $cpu
	is "$(ones charge)" 0 "and when it is on again"
else
	skip "a CPU that is off" "it cannot be switched off"
fi

if on_tracepoints; then
	K=/proc/sys/cg_list/fast_path
	is "$(cat $K)" 1 "every charge is counted by default"
	echo 0 > $K
	is "$(counted "$dir" stock)" "" "fast_path 0: stock is not told"
	ok "fast_path 0: its hook is gone" \
		grep -q '^hook name=memcg_charge_stock armed=0$' $S
	inside "$dir" charge anon 16
	ok "fast_path 0: charges that meet a limit are counted" \
		moved "$dir" limit
	ok "fast_path 0: so are kills" moved "$dir" killed
	echo 2 > $K
	inside "$dir" charge anon 4
	ok "fast_path 2: pages by what asked for them" test "$(facts origin \
		anon "id=$(stat -c %i "$dir")" < /proc/cg_list/memcgs)" -ge 1024
	for bad in '3\n' '-1\n' 'x\n' '\n' '4294967296\n'; do
		nok "fast_path refuses '$bad'" write "$bad" $K
	done
	is "$(cat $K)" 2 "and is as it was"
	echo 1 > $K
	nok "fast_path 1: no origin" grep -q '^origin' /proc/cg_list/memcgs
fi

# Resets among charges break nothing; at rest it is exact again.
for worker in 1 2 3; do
	inside "$dir" charge threads 32 4 &
done
diag "$worker workers"
round=0
while [ $round -lt 100 ]; do
	echo 1 > /proc/cg_list/reset
	round=$((round + 1))
done
wait
if on_tracepoints; then
	probe_calls && begin
	inside "$dir" charge threads 32 4
	laws "after $round resets among charges"
	unprobe_calls
fi
rmcg "$dir"
ok "the module unloads" unload
done_testing
