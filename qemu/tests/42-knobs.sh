#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cpus=4 timeout=120
# /proc/sys/cg_list: what it takes and what it does not, and that stack_dumps
# prints exactly as many stacks as it counts down.

# shellcheck source=qemu/tests/events-lib.sh disable=SC2119,SC2317,SC2016,SC2034
. /tests/events-lib.sh

need_controller memory
need_module
knobs=/proc/sys/cg_list

is "$(stat -c %a $knobs/stack_dumps $knobs/fast_path | sort -u)" 644 "the mode"
is "$(cat $knobs/stack_dumps)" 0 "stack_dumps is 0 at first"

# refuses KNOB VALUE: EINVAL, and it stays as it was.
refuses()
{
	refused_was=$(cat "$knobs/$1")
	if printf '%b' "$2" 2>/dev/null > "$knobs/$1"; then
		return 1
	fi
	[ "$(cat "$knobs/$1")" = "$refused_was" ]
}

for knob in stack_dumps fast_path; do
	for value in -1 -0 +1 x '1x' '1 2' ' 1' '1 ' '\t1' '0x1' '1.0' '\n' \
		'1\n\n' '1\0' '\0001' 2147483648 4294967296 4294967297 \
		18446744073709551616 99999999999999999999999999; do
		ok "$knob refuses '$value'" refuses $knob "$value"
	done
done
ok "stack_dumps refuses 10001" refuses stack_dumps 10001
ok "fast_path refuses 3" refuses fast_path 3
is "$(rawread -w $knobs/stack_dumps write:1 write:2 2>&1)" \
	"write:2: errno EINVAL" "a second write to the same place is refused"
echo 0 > $knobs/stack_dumps
is "$(rawread -w $knobs/stack_dumps write: 2>&1)" "write:: errno EINVAL" \
	"an empty write"
ok "stack_dumps takes 10000" sh -c "echo 10000 > $knobs/stack_dumps"
is "$(cat $knobs/stack_dumps)" 10000 "and has it"
ok "and 0" sh -c "printf 0 > $knobs/stack_dumps"
is "$(rawread $knobs/stack_dumps read:1 read:1 read:1)" "0" "read in pieces"
if on_tracepoints; then
	is "$(cat $knobs/fast_path)" 1 "fast_path is 1 at first"
	for value in 0 2 1; do
		ok "fast_path takes $value" sh -c "echo $value > $knobs/fast_path"
		is "$(cat $knobs/fast_path)" $value "and has it"
	done
else
	is "$(cat $knobs/fast_path)" 0 "fast_path is 0"
	ok "fast_path takes 0" sh -c "echo 0 > $knobs/fast_path"
	ok "fast_path refuses 1: not on a stock kernel" refuses fast_path 1
fi
nok "not for another user" cgl as 65534 sh -c "echo 1 > $knobs/stack_dumps" \
	2>/dev/null

for knob in stack_dumps fast_path; do
	knob_was=$(cat $knobs/$knob)
	is "$(cgl nocap all cgl write $knobs/$knob 0)" "EPERM" \
		"$knob: not for uid 0 without capabilities"
	is "$(cgl nocap 21 cgl write $knobs/$knob 0)" "EPERM" \
		"$knob: nor without CAP_SYS_ADMIN"
	is "$(cat $knobs/$knob)" "$knob_was" "$knob is as it was"
done

# Stacks to the kernel log.

dumps()
{
	dmesg | grep -c 'cg_list: event seq='
}

oom_cgroup a
oom "$dir"
is "$(dumps)" 0 "none is printed unasked"
echo 2 > $knobs/stack_dumps
oom "$dir"
ok "2 are printed" wait_for 5 sh -c 'test $(dmesg | grep -c "cg_list: event seq=") = 2'
is "$(cat $knobs/stack_dumps)" 0 "counted down to 0"
ok "with their stacks" sh -c 'dmesg | grep -q "cg_list:  try_charge_memcg+0x"'
nok "without addresses" sh -c 'dmesg | grep cg_list: | grep -q "0xffff\|ffff[0-9a-f]\{12\}"'
oom "$dir"
is "$(dumps)" 2 "and no more"

# On several CPUs at once.
dmesg -c > /dev/null
echo 30 > $knobs/stack_dumps
for i in 1 2 3 4; do
	oom_cgroup "cpu$i"
	( for n in 1 2 3 4 5; do oom "$dir"; done ) &
done
wait
usleep 500000
is "$(dumps)" $((30 - $(cat $knobs/stack_dumps))) \
	"4 CPUs at once: what is counted down is printed"
is "$(cat $knobs/stack_dumps)" 0 "4 CPUs at once: down to 0"
is "$(dmesg | grep 'cg_list: event seq=' | sort | uniq -d | wc -l)" 0 \
	"none is printed twice"
unload
nok "the knobs go with the module" test -e $knobs
done_testing
