#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2119,SC2317 # functions that wait_for calls
# guest: cpus=4 numa=2 mem=640 hotplug=256 timeout=180
# LRU lists on a node whose memory was added later and is movable: a zone more,
# with a line of its own.
# shellcheck source=qemu/tests/report-lib.sh
. /tests/report-lib.sh
need_controller memory
load || bail "the module does not load"
quiet

# zones: "node zone" of each populated zone.
zones()
{
	awk '
	$1 == "Node" { node = $2 + 0; zone = $4 }
	$1 == "present" && $2 > 0 { print node, zone }' /proc/zoneinfo
}

mkcg a
a=$dir
start "$a" -- cgl mem anon 8
take "$pid"
is "$(val lru,level=0 node zone)" "$(zones)" "a line a populated zone"

# Its memory comes in blocks, which are offline at first.
added=0
for m in /sys/devices/system/memory/memory*/state; do
	[ "$(cat "$m")" = offline ] || continue
	echo online_movable > "$m" 2> /dev/null && added=$((added + 1))
done
if [ $added = 0 ]; then
	skip "hot-added memory" "this kernel has found none"
	done_testing
fi
take "$pid"
is "$(val lru,level=0 node zone)" "$(zones)" "a line more for the movable zone"
is "$(val lru,level=0,node=1,zone=Movable inactive_anon active_anon)" "0 0" \
	"nothing is in it"

# More than node 1 has elsewhere: some must be in the new zone.
start "$a" -- cgl mem anon 32 1
take "$pid"
all=$(val lru,level=0,node=1 inactive_anon active_anon |
	awk '{ n += $1 + $2 } END { print n }')
ok "32 MiB are on node 1 ($all)" test "$all" -ge 33554432
movable=$(val lru,level=0,node=1,zone=Movable inactive_anon active_anon |
	awk '{ n += $1 + $2 } END { print n }')
ok "in the movable zone ($movable)" test "$movable" -ge 16777216
agrees()
{
	take "$pid"
	[ "$(val lru,level=0 node inactive_anon active_anon |
		awk '{ n[$1] += $2 + $3 } END { print "N0=" n[0], "N1=" n[1] }')" = \
	  "$(awk '$1 == "inactive_anon" || $1 == "active_anon" {
		for (i = 2; i < 4; i++) {
			split($i, f, "=")
			n[f[1]] += f[2]
		}
	  } END { print "N0=" n["N0"], "N1=" n["N1"] }' "$a/memory.numa_stat")" ]
}
ok "by node as memory.numa_stat has it" wait_for 5 agrees

# A node without memory of its own has no line; one that lost it has none.
stop "$pid"
for m in /sys/devices/system/memory/memory*/state; do
	grep -q Movable "${m%/state}/valid_zones" || continue
	[ "$(cat "$m")" = offline ] || echo offline > "$m" 2> /dev/null
done
take "$$"
is "$(val lru,level=0 node zone)" "$(zones)" "memory that has gone offline"
done_testing
