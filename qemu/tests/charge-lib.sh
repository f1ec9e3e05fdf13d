# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the tests of the charge path share, on top of lib.sh. The work is done by
# the helper `charge`.

# shellcheck source=qemu/tests/lib.sh
. /tests/lib.sh

TRACE=/sys/kernel/tracing
calls_before=

# need_module [PARAMETER]...: loaded, or the test is over.
need_module()
{
	load "$@" || bail "the module does not load"
}

# on_tracepoints: whether the trace events of a patched kernel are the source.
on_tracepoints()
{
	[ "$(status source)" = tracepoint ]
}

need_tracepoints()
{
	on_tracepoints || skip_all "the laws need a patched kernel's trace events"
}

# new PATH [NAME=VALUE]...: a memory cgroup $dir with knobs set (as of knob).
new()
{
	mkcg "$1"
	shift
	for setting; do
		set_to "$dir" "${setting%%=*}" "${setting#*=}"
	done
}

# inside DIR COMMAND...: run it there; what it says is a comment.
inside()
{
	enter "$@" < /dev/null 2>&1 | sed 's/^/# /'
}

# counted DIR COUNTER: what was counted of a cgroup; empty if it is not told.
counted()
{
	facts charge "$2" "id=$(stat -c %i "$1")" < /proc/cg_list/memcgs
}

# status NAME: of the status line.
status()
{
	facts status "$1" < /proc/cg_list/status
}

# event DIR KEY: of memory.events.local, which leaves out the descendants.
event()
{
	awk -v key="$2" '$1 == key { print $2 }' "$1/memory.events.local"
}

# moved DIR COUNTER: it is not 0.
moved()
{
	[ "$(counted "$1" "$2")" -gt 0 ] 2>/dev/null
}

# atomic_fails: huge pages that must not wait, and for which there is no room, in
# a new cgroup $dir: their charges fail before any reclaim, and small pages do.
atomic_fails()
{
	atomic_thp=/sys/kernel/mm/transparent_hugepage
	[ -d $atomic_thp ] || bail "no transparent huge pages"
	echo always > $atomic_thp/enabled
	echo never > $atomic_thp/defrag
	new "$1" max=1536K
	inside "$dir" charge thp 8
	echo madvise > $atomic_thp/enabled
	echo madvise > $atomic_thp/defrag
}

# learn_max: whether this kernel's memory.events count in max a charge that fails
# before any reclaim, as they do from 6.12.118 and 7.3 on: let one fail. For
# max_counted.
learn_max()
{
	max_tells_nomem=
	atomic_fails law
	ok "a huge page that must not wait met the limit" moved "$dir" limit
	is "$(counted "$dir" limited_reclaim)" 0 "and nothing was reclaimed"
	[ "$(event "$dir" max)" -eq 0 ] || max_tells_nomem=yes
	diag "a charge that fails at once is in memory.events max: ${max_tells_nomem:-no}"
	rmcg "$dir"
}

# max_counted DIR: what memory.events.local has in max, by what was counted.
max_counted()
{
	max_n=$(($(counted "$1" limited_reclaim) + $(counted "$1" limited_force)))
	[ -z "$max_tells_nomem" ] ||
		max_n=$((max_n + $(counted "$1" limited_nomem)))
	echo $max_n
}

# probe_calls: count the calls of try_charge_memcg() by a probe at its entry.
probe_calls()
{
	echo 'p:calls try_charge_memcg' > $TRACE/kprobe_events &&
		echo 1 > $TRACE/events/kprobes/calls/enable
}

unprobe_calls()
{
	echo 0 > $TRACE/events/kprobes/calls/enable
	: > $TRACE/kprobe_events
	calls_before=
}

calls()
{
	awk '$1 == "calls" { print $2 + $3 }' $TRACE/kprobe_profile
}

# settle: until nothing charges any more, as far as can be seen from outside.
settle()
{
	settle_was=
	settle_tries=50
	while [ $settle_tries -gt 0 ]; do
		settle_is=$(grep '^charge' /proc/cg_list/memcgs)
		[ "$settle_is" != "$settle_was" ] || return 0
		settle_was=$settle_is
		settle_tries=$((settle_tries - 1))
		usleep 100000
	done
}

# begin: count from 0, at rest.
begin()
{
	settle
	echo 1 > /proc/cg_list/reset
	calls_before=$(calls)
}

# laws WHAT: that they hold, that every call was counted, and each where it
# belongs.
laws()
{
	settle
	cat /proc/cg_list/memcgs > /tmp/memcgs
	ok "$1: the laws hold" \
		awk -f /tests/laws.awk /tmp/memcgs > /tmp/laws
	sed 's/^calls=/# &/' /tmp/laws
	if [ -n "$calls_before" ]; then
		is "$(sed -n 's/^calls=//p' /tmp/laws)" \
			"$(($(calls) - calls_before))" \
			"$1: every call is counted"
	fi
	is "$(status unattributed)" 0 "$1: nothing is unattributed"
	is "$(status missed)" 0 "$1: nothing is missed"
}
