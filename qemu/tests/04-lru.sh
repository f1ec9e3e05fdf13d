#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cg=v2 cpus=4 numa=2 mem=640 hotplug=256 timeout=90
#
# The LRU lists of a subtree against its memory.numa_stat, on two nodes, with
# the multi-gen LRU off, on, and switched while there are pages.
# shellcheck source=qemu/tests/lib.sh disable=SC2317	# wait_for calls
. /tests/lib.sh
need_controller memory

ok "the module loads" load || bail "no module"
mkcg a
mkcg a/b
mkcg a/b/c
mkcg a/b/d
mkcg a/e
disk_on 64 /mnt || bail "no disk"

lists="inactive_anon active_anon inactive_file active_file unevictable"
gen=/sys/kernel/mm/lru_gen/enabled

# sums: "list node=sum" lines, from the lru lines of the subtree's cgroups.
sums()
{
	ids=$(find "$memroot/a" -type d -exec stat -c %i {} + | tr '\n' ' ')
	awk -v ids="$ids" -v lists="$lists" '
	BEGIN {
		n = split(ids, id, " ")
		for (i = 1; i <= n; i++)
			ours["id=" id[i]] = 1
		n = split(lists, list, " ")
	}
	$1 == "lru" && $2 in ours {
		node = substr($3, 6)
		nodes[node] = 1
		for (f = 5; f <= NF; f++) {
			split($f, kv, "=")
			sum[kv[1], node] += kv[2]
		}
	}
	END {
		for (i = 1; i <= n; i++)
			for (node in nodes)
				printf "%s N%s=%d\n", list[i], node, sum[list[i], node]
	}' /proc/cg_list/memcgs | sort
}

numa_stat()
{
	awk -v lists=" $lists " 'index(lists, " " $1 " ") {
		for (f = 2; f <= NF; f++)
			print $1, $f
	}' "$memroot/a/memory.numa_stat" | sort
}

same()
{
	sums > /tmp/sums
	numa_stat > /tmp/stat
	cmp -s /tmp/sums /tmp/stat
}

# compare DESCRIPTION: they agree, once the kernel has flushed its statistics.
compare()
{
	wait_for 10 same
	is "$(cat /tmp/sums)" "$(cat /tmp/stat)" "$1"
}

run()
{
	enter "$memroot/a/b/c" hog -d -m 20M > /tmp/pid
	pid1=$(head -n 1 /tmp/pid)
	enter "$memroot/a/b/d" taskset 2 hog -d -m 10M > /tmp/pid
	pid2=$(head -n 1 /tmp/pid)
	enter "$memroot/a/e" sh -c 'head -c 8000000 /dev/zero > /mnt/f; cat /mnt/f /mnt/f > /dev/null'
	compare "$1: anonymous memory and page cache"
	[ "$(awk -F= '/anon N/ { s += $2 } END { print s }' /tmp/sums)" -ge 31457280 ]
	is $? 0 "$1: it is all there"
	echo 8M > "$memroot/a/b/c/memory.high" 2>/dev/null
	echo 4M > "$memroot/a/memory.reclaim" 2>/dev/null
	echo max > "$memroot/a/b/c/memory.high"
	compare "$1: after reclaim"
}

finish()
{
	kill -KILL "$pid1" "$pid2"
	rm -f /mnt/f
}

[ ! -e $gen ] || echo n > $gen
run "lists"
finish
if [ -e $gen ]; then
	echo y > $gen
	run "multi-gen"
	echo n > $gen
	compare "multi-gen switched off with pages on it"
	echo y > $gen
	compare "and on again"
	finish
	echo n > $gen
else
	skip "multi-gen" "not in this kernel"
fi

# The report has the same lines as memcgs, for its levels.
enter "$memroot/a/b/d" hog -d -m 5M > /tmp/pid
pid=$(head -n 1 /tmp/pid)
report "$pid" | grep '^lru level=0 ' | cut -d' ' -f3- > /tmp/one
grep "^lru id=$(stat -c %i "$memroot/a/b/d") " /proc/cg_list/memcgs | cut -d' ' -f3- > /tmp/all
is "$(cat /tmp/one)" "$(cat /tmp/all)" "the report and memcgs tell the same"
is "$(cut -d' ' -f1 /tmp/one | sort -u | tr '\n' ' ')" "node=0 node=1 " "both nodes are there"
kill -KILL "$pid"

disk_off /mnt
rmcg "$memroot/a"
done_testing
