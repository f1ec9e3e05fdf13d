#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cpus=4 timeout=300 kernels=*-stock,*-nopatch
# A stock kernel, where kprobes are the source: every failed charge is seen,
# and each refusal. The truth is ftrace's: kretprobes on the same functions,
# which are also what another user's bpftrace would be.

# shellcheck source=qemu/tests/events-lib.sh disable=SC2119,SC2317,SC2016
. /tests/events-lib.sh

need_controller memory
need_module events=8192

is "$(status source)" kprobe "the source"
is "$(facts hook armed < /proc/cg_list/status | sort -u)" 1 \
	"every hook is armed on this kernel"

learn_max

# probe NAME DEFINITION FILTER: what ftrace sees.
probe()
{
	echo "$2" >> $TRACE/kprobe_events &&
		echo "$3" > "$TRACE/events/kprobes/$1/filter" &&
		echo 1 > "$TRACE/events/kprobes/$1/enable"
}

probe_all()
{
	echo 16384 > $TRACE/buffer_size_kb
	probe fails 'r512:fails try_charge_memcg ret=$retval:s32' 'ret == -12' &&
		probe refused 'r512:refused page_counter_try_charge ret=$retval:u8' \
			'ret == 0'
}

unprobe_all()
{
	echo 0 > $TRACE/events/kprobes/enable
	echo > $TRACE/kprobe_events
}

seen()
{
	grep -c " $1: " $TRACE/trace
}

# total COUNTER: over all cgroups, the released ones too.
total()
{
	facts charge "$1" < /proc/cg_list/memcgs |
		awk '{ n += $1 } END { print n + 0 }'
}

# start DIR: count from 0, at rest.
start()
{
	settle
	echo > $TRACE/trace
	echo 1 > /proc/cg_list/reset
	start_max=$(event "$1" max)
	start_oom=$(event "$1" oom)
	start_kill=$(event "$1" oom_kill)
	start_events=$(status recorded)
}

# agree DIR WHAT
agree()
{
	settle
	is "$(total nomem)" "$(seen fails)" "$2: every failed charge is counted"
	is "$(total limit)" "$(seen refused)" "$2: and every refusal"
	is "$(total limited)" "$(total limit)" "$2: each on its limiter too"
	is "$(max_counted "$1")" \
		$(($(event "$1" max) - start_max)) "$2: memory.events max"
	is "$(counted "$1" limited_oom)" $(($(event "$1" oom) - start_oom)) \
		"$2: memory.events oom"
	is "$(counted "$1" killed)" $(($(event "$1" oom_kill) - start_kill)) \
		"$2: memory.events oom_kill"
	all_events | awk -v from="$start_events" '
		{ split($2, seq, "=") } seq[2] >= from' > /tmp/these
	is "$(grep -c ' type=charge_fail ' /tmp/these)" "$(total nomem)" \
		"$2: an event for each failure"
	is "$(grep -c ' type=charge_force ' /tmp/these)" "$(total force)" \
		"$2: and for each forced charge"
	is "$(grep ' type=charge_fail ' /tmp/these |
		grep -vc " limiter_id=$(stat -c %i "$1") ")" 0 \
		"$2: that names the limiter"
	is "$(status missed)" 0 "$2: no hit was missed"
	is "$(status unattributed)" 0 "$2: nothing is unattributed"
}

for late in no yes; do
	# Whether ours or the other's was there first makes a difference.
	if [ $late = yes ]; then
		unload
		unprobe_all
		probe_all || bail "ftrace has no kretprobes"
		need_module events=8192
		what="probes first, "
	else
		probe_all || bail "ftrace has no kretprobes"
		what="module first, "
	fi
	new "anon-$late" max=16M
	start "$dir"
	inside "$dir" charge anon 32
	ok "${what}anon: the limit was met" moved "$dir" limit
	agree "$dir" "${what}anon"

	new "threads-$late" max=16M
	start "$dir"
	inside "$dir" charge threads 64 32
	agree "$dir" "${what}32 threads"
done

new atomic max=9M
echo always > /sys/kernel/mm/transparent_hugepage/enabled
echo never > /sys/kernel/mm/transparent_hugepage/defrag
start "$dir"
inside "$dir" charge thp 20
ok "huge pages that must not wait: charges fail at once" \
	moved "$dir" limited_nomem
agree "$dir" "huge pages that must not wait"
echo madvise > /sys/kernel/mm/transparent_hugepage/enabled
echo madvise > /sys/kernel/mm/transparent_hugepage/defrag

# The dearer way, which needs no place where -ENOMEM is returned.
unload
need_module events=8192 exact=1
is "$(grep '^hook name=nomem ' /proc/cg_list/status)" "hook name=nomem armed=1" \
	"exact=1: failed charges are seen"
new exact max=16M
start "$dir"
inside "$dir" charge anon 32
agree "$dir" "exact=1: anon"
is "$(event_facts charge_fail stack | grep -c 'try_charge\|rethook')" 0 \
	"exact=1: a stack begins at the caller"
ok "exact=1: and has more" \
	sh -c '[ "$(tr -dc "<\n" | sort | tail -n 1 | wc -c)" -gt 4 ]' <<- END
	$(event_facts charge_fail stack)
	END
new exact-threads max=16M
start "$dir"
inside "$dir" charge threads 64 32
agree "$dir" "exact=1: 32 threads"
unload

# Somebody's breakpoint in the function hides what it does there: the module takes
# the dearer way by itself, and says so.
offset=5
while [ $offset -lt 64 ] &&
      ! echo "p:hides try_charge_memcg+$offset" >> $TRACE/kprobe_events; do
	offset=$((offset + 1))
done 2> /dev/null
echo 1 > $TRACE/events/kprobes/hides/enable
need_module events=8192
is "$(facts hook armed name=nomem < /proc/cg_list/status)" 1 \
	"a breakpoint at +$offset: failed charges are seen"
is "$(grep -c '^cost name=exact.* why=.' /proc/cg_list/status)" 1 \
	"a breakpoint at +$offset: status says what that costs, and why"
ok "a breakpoint at +$offset: so does the log" \
	sh -c 'dmesg | grep -q "cg_list: each charge costs .* try_charge_memcg fails:"'
is "$(cat /sys/module/cg_list/parameters/exact)" Y \
	"a breakpoint at +$offset: exact was taken"
echo 0 > $TRACE/events/kprobes/hides/enable
new hidden max=16M
start "$dir"
inside "$dir" charge anon 32
agree "$dir" "a breakpoint at +$offset: anon"
unload
echo "-:hides" >> $TRACE/kprobe_events
need_module events=8192
is "$(grep -c '^cost ' /proc/cg_list/status)" 0 \
	"without it: where a charge fails is found"

new storm max=8M
start "$dir"
for _ in 1 2 3 4 5 6; do
	inside "$dir" charge threads 12 4 &
	inside "$dir" charge forks 40 1 &
done
wait
agree "$dir" "a storm"

# More charges in flight than the module has places for at first.
new crowd max=24M
start "$dir"
for _ in 1 2 3 4 5 6 7 8; do
	inside "$dir" charge threads 16 64 &
done
wait
agree "$dir" "500 threads"

if disk_on 64 /mnt; then
	new file max=8M
	start "$dir"
	inside "$dir" charge file /mnt/file 24
	ok "page cache: reclaim" moved "$dir" reclaimed_pages
	agree "$dir" "page cache"
	rm -f /mnt/file
	disk_off /mnt
fi

new pipes max=4M
start "$dir"
inside "$dir" charge pipes 200
agree "$dir" pipes

new tcp max=2M
start "$dir"
inside "$dir" charge tcp 32 256
if moved "$dir" force; then
	ok "tcp: charges are forced" true
else
	skip "tcp: charges are forced" "no buffer was charged in an interrupt"
fi
agree "$dir" tcp

new bpf max=4M
start "$dir"
inside "$dir" charge bpfmap 16
ok "bpf: charges fail" moved "$dir" nomem
agree "$dir" bpf

echo always > /sys/kernel/mm/transparent_hugepage/enabled
new thp max=9M
start "$dir"
inside "$dir" charge thp 12
ok "huge pages: charges fail" moved "$dir" nomem
agree "$dir" "huge pages"
echo madvise > /sys/kernel/mm/transparent_hugepage/enabled

# Pages as large as a batch: each of their charges, refused again and again, is
# one, whose first attempt looks like that of any other.
thp=/sys/kernel/mm/transparent_hugepage
if [ -e $thp/hugepages-256kB ]; then
	echo always > $thp/defrag
	echo never > $thp/hugepages-2048kB/enabled
	echo madvise > $thp/hugepages-256kB/enabled
	new batch max=8M
	start "$dir"
	inside "$dir" charge advised 12
	agree "$dir" "pages of a batch"
	large=$(event_facts charge_fail nr_pages \
		"memcg_id=$(stat -c %i "$dir")" | grep -cx 64)
	ok "pages of a batch: charges fail ($large)" test "$large" -gt 0
	# The others begin with a batch that is refused, and do not reclaim for it;
	# one or two of the large ones may have found room at a later attempt.
	more=$(($(facts slow count "id=$(stat -c %i "$dir")" < /proc/cg_list/memcgs) -
		($(counted "$dir" limit) - $(counted "$dir" reclaim) + large)))
	ok "pages of a batch: each is one charge ($more more)" \
		test "$more" -ge 0 -a "$more" -le 2
	# 64 of these meet the limit, and reclaim makes room: none is another's.
	if swap_on 128; then
		new swapped max=8M
		start "$dir"
		inside "$dir" charge advised 24
		agree "$dir" "pages of a batch, swapped"
		ok "pages of a batch, swapped: each is one charge" test "$(facts slow \
			count "id=$(stat -c %i "$dir")" < /proc/cg_list/memcgs)" -ge 40
		swap_off
	else
		skip "pages of a batch, swapped" "no zram"
	fi
	echo never > $thp/hugepages-256kB/enabled
	echo inherit > $thp/hugepages-2048kB/enabled
	echo madvise > $thp/defrag
else
	skip "pages of a batch" "this kernel has none of 256 KiB"
fi

# A parent's limit, hit by two children.
new parent max=8M
parent=$dir
new parent/one
one=$dir
new parent/two
two=$dir
start "$parent"
inside "$one" charge anon 12 &
inside "$two" charge anon 12 &
wait
settle
is "$(total nomem)" "$(seen fails)" "two children: every failed charge"
is $(($(counted "$one" limit) + $(counted "$two" limit))) \
	"$(counted "$parent" limited)" "two children: the parent is the limiter"
is "$(counted "$parent" limit)" 0 "two children: the parent is not charged"
is "$(for child in "$one" "$two"; do
	event_facts oom limiter "memcg_id=$(stat -c %i "$child")"
done | sort -u)" /parent "two children: the events name the parent"

new high high=4M
inside "$dir" timeout 6 charge anon 8
ok "memory.high: a throttled task's event" test -n \
	"$(event_facts high us "memcg_id=$(stat -c %i "$dir")")"

ok "slow: the time of charges that met a limit" [ "$(for child in "$one" "$two"; do
	facts slow count "id=$(stat -c %i "$child")" < /proc/cg_list/memcgs
done | awk '{ n += $1 } END { print n }')" -gt 0 ]

# Another tracer that replaces the return address of the same function.
if grep -qw function_graph $TRACE/available_tracers; then
	echo page_counter_try_charge > $TRACE/set_ftrace_filter
	echo function_graph > $TRACE/current_tracer
	new graph max=16M
	start "$dir"
	inside "$dir" charge anon 32
	ok "function_graph: the limit was met" moved "$dir" limit
	agree "$dir" "function_graph"
	echo nop > $TRACE/current_tracer
	echo > $TRACE/set_ftrace_filter
else
	skip "function_graph on the same function" "this kernel has no such tracer"
fi

is "$(facts charge stock < /proc/cg_list/memcgs)" "" \
	"what cannot be known is absent"
unprobe_all
ok "the module unloads" unload
done_testing
