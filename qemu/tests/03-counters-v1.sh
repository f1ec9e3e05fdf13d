#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cg=v1 cpus=4 numa=2
#
# Every counter value against the cgroup file of the same meaning, at three
# depths, on cgroup v1, while idle, after limits were hit.
# shellcheck source=qemu/tests/lib.sh
. /tests/lib.sh
need_controller memory

ok "the module loads" load || bail "no module"
swap_on 128
mkcg a
mkcg a/b
mkcg a/b/c
set_to "$memroot/a" max 300M
set_to "$memroot/a" memsw_max 400M
set_to "$memroot/a/b" max 64M
set_to "$memroot/a/b" soft 32M
ok "a process with 80 MB behind a limit of 64 MB" \
	into /tmp/pid enter "$memroot/a/b/c" hog -d -m 80M
pid=$(head -n 1 /tmp/pid)
report "$pid" > /tmp/r

dir=$memroot/a/b/c
level=0
while [ "$dir" != "$memroot" ]; do
	for name in usage max peak soft failcnt; do
		is "$(facts counter $name level=$level name=memory < /tmp/r)" \
			"$(get "$dir" $name)" "level $level: memory $name"
	done
	for name in usage max peak failcnt; do
		case $name in
		usage) file=usage_in_bytes ;;
		max) file=limit_in_bytes ;;
		peak) file=max_usage_in_bytes ;;
		*) file=$name ;;
		esac
		for counter in memsw kmem kmem.tcp; do
			[ -e "$dir/memory.$counter.$file" ] || {
				skip "level $level: $counter $name" "no such file here"
				continue
			}
			value=$(facts counter $name level=$level \
				name="${counter#kmem.}$([ $counter != kmem.tcp ] || echo mem)" < /tmp/r)
			if [ "$counter $name" = "kmem failcnt" ] && [ -z "$value" ]; then
				skip "level $level: $counter $name" "this kernel counts none"
				continue
			fi
			is "$value" \
				"$(sed 's/^9223372036854771712$/max/' "$dir/memory.$counter.$file")" \
				"level $level: $counter $name"
		done
	done
	is "$(facts memcg swappiness level=$level < /tmp/r)" \
		"$(cat "$dir/memory.swappiness")" "level $level: swappiness"
	for name in oom_kill_disable under_oom; do
		is "$(facts memcg $name level=$level < /tmp/r)" \
			"$(awk -v n=$name '$1 == n { print $2 }' "$dir/memory.oom_control")" \
			"level $level: $name"
	done
	level=$((level + 1))
	dir=${dir%/*}
done
is "$level" 3 "three levels were compared"
[ "$(facts counter failcnt level=1 name=memory < /tmp/r)" -gt 0 ]
is $? 0 "the limit was hit"
is "$(facts counter name level=0 < /tmp/r | sort | tr '\n' ' ')" \
	"kmem memory memsw tcpmem " "the counters of v1, no others"

kill -KILL "$pid"
rmcg "$memroot/a"
swap_off
done_testing
