#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cg=v2
#
# Every counter value against the cgroup file of the same meaning, at three
# depths, on cgroup v2, while idle; then the limits that are not set.
# shellcheck source=qemu/tests/lib.sh disable=SC2317
. /tests/lib.sh
need_controller memory

ok "the module loads" load || bail "no module"
mkcg a
mkcg a/b
mkcg "a/b/c d"
echo 300M > "$memroot/a/memory.max"
echo 250M > "$memroot/a/memory.high"
echo 20M > "$memroot/a/memory.low"
echo 64M > "$memroot/a/b/memory.max"
echo 10M > "$memroot/a/b/memory.min"
swap_on 128 && echo 40M > "$memroot/a/b/memory.swap.max" &&
	echo 30M > "$memroot/a/b/memory.swap.high"
ok "a process with 80 MB behind a limit of 64 MB" \
	into /tmp/pid enter "$memroot/a/b/c d" hog -d -m 80M
pid=$(head -n 1 /tmp/pid)
echo 1M > "$memroot/a/b/memory.swap.max"

# usage_stands: what is in a CPU's stock is given back some time, idle or not: whether
# each level's usage is the same in the report and in the file read after it.
usage_stands()
{
	report "$pid" > /tmp/r
	level=0
	dir="$memroot/a/b/c d"
	while [ "$dir" != "$memroot" ]; do
		[ "$(facts counter usage "level=$level" name=memory < /tmp/r)" = \
			"$(get "$dir" usage)" ] || return 1
		level=$((level + 1))
		dir=${dir%/*}
	done
}
wait_for 10 usage_stands || diag "usage does not come to rest"

dir="$memroot/a/b/c d"
level=0
while [ "$dir" != "$memroot" ]; do
	for name in usage max high low min peak; do
		[ -e "$(knob "$dir" $name)" ] || {
			skip "level $level: memory $name" "this kernel has no such file"
			continue
		}
		is "$(facts counter $name level=$level name=memory < /tmp/r)" \
			"$(get "$dir" $name)" "level $level: memory $name"
	done
	is "$(facts counter usage level=$level name=swap < /tmp/r)" \
		"$(cat "$dir/memory.swap.current")" "level $level: swap usage"
	for name in max high; do
		is "$(facts counter $name level=$level name=swap < /tmp/r)" \
			"$(cat "$dir/memory.swap.$name")" "level $level: swap $name"
	done
	is "$(facts memcg id level=$level < /tmp/r)" "$(stat -c %i "$dir")" \
		"level $level: the id is the directory's inode number"
	is "$(facts memcg oom_group level=$level < /tmp/r)" \
		"$(cat "$dir/memory.oom.group")" "level $level: oom_group"
	level=$((level + 1))
	dir=${dir%/*}
done
[ "$(facts counter usage level=0 name=swap < /tmp/r)" -gt 0 ]
is $? 0 "some of it was in swap"

is "$level" 3 "three levels were compared"
is "$(facts counter usage level=3 < /tmp/r)" "" "the root has no counters"
is "$(facts memcg path level=3 < /tmp/r)" / "the root is the last level"
is "$(facts memcg path level=4 < /tmp/r)" "" "and there is none above"
is "$(grep -c '^counter.*name=\(memsw\|tcpmem\)' /tmp/r)" 0 "no v1 counters"

kill -KILL "$pid"
rmcg "$memroot/a"
swap_off
done_testing
