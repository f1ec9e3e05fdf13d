#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2119,SC2317 # functions that wait_for calls
# guest: cg=v1 cpus=4 numa=2 timeout=180
# cgroup v1: hierarchies of one, of several and of no controllers, and what only
# a v1 memory cgroup has. The counters have a test of their own.
# shellcheck source=qemu/tests/report-lib.sh
. /tests/report-lib.sh
need_controller memory
load || bail "the module does not load"

# places: the cgroup lines as /proc/PID/cgroup has them; on a stock kernel the
# named hierarchies are out of reach, and whether v2 was ever mounted.
places()
{
	val cgroup hierarchy controllers path | tr ' ' : |
		if patched; then
			cat
		else
			grep -v '^0:'
		fi
}
of_proc()
{
	if patched; then
		cat "/proc/$1/cgroup"
	else
		grep -v ':name=' "/proc/$1/cgroup"
	fi
}

# A task that is elsewhere in each hierarchy.
dirs=
n=0
for h in "$cgroot"/*; do
	if [ ! -d "$h" ] || [ -L "$h" ]; then
		continue
	fi
	n=$((n + 1))
	mkcg "t$n" "${h##*/}"
	dirs="$dirs $dir"
done
# shellcheck disable=SC2086	# a list
start $dirs -- cgl threads 1
tid=${said#* }
take "$pid"
is "$(places)" "$(of_proc "$pid")" "every hierarchy, as /proc/PID/cgroup has it"
ok "there are many" test "$(val cgroup hierarchy | wc -l)" -ge 5
if patched; then
	is "$(val cgroup,controllers=name=named path | cut -c 1-2)" /t \
		"a named hierarchy without controllers"
	# The v2 hierarchy is there even where it was never mounted.
	is "$(val cset links)" \
		"$(($(grep -vc '^0:' "/proc/$pid/cgroup") + 1))" "a link a hierarchy"
fi
take 1
is "$(places)" "$(of_proc 1)" "the first process"

# A zombie is where it was: /proc/PID/cgroup says it is in the roots.
# shellcheck disable=SC2086	# a list
start $dirs -- cgl zombie
take "$said"
is "$(places | grep -c ':/$')" 0 "a zombie is where it was"

# A thread elsewhere: its memory is its process's.
mkcg p
p=$dir
mkcg p/q
q=$dir
start "$p" -- cgl threads 1
tid=${said#* }
echo "$tid" > "$q/tasks"
take "$pid" "$tid"
is "$(val memcg,level=0 path charged_id)" "/p/q $(id "$p")" \
	"a thread elsewhere: charged to where the first is"
is "$(val memcg level path)" "0 /p/q
1 /p
2 /" "its levels"
take "$pid"
is "$(val memcg,level=0 path charged_id)" "/p -" "the first thread"
is "$(val memcg,level=0 hierarchy)" \
	"$(sed -n 's/^\([0-9]*\):memory:.*/\1/p' "/proc/$pid/cgroup")" \
	"the memory hierarchy's number"

# What a v1 memory cgroup has besides.
echo 37 > "$p/memory.swappiness"
echo 1 > "$p/memory.oom_control"
echo 8388608 > "$p/memory.soft_limit_in_bytes"
take "$pid"
is "$(val memcg,level=0 swappiness oom_kill_disable under_oom oom_group)" \
	"37 1 0 -" "swappiness, oom_kill_disable"
# Late 6.12.y takes a soft limit and has it stay without effect, hence unset.
soft=$(cat "$p/memory.soft_limit_in_bytes")
[ "$soft" = 8388608 ] || soft=max
is "$(val counter,level=0,name=memory soft high low min)" \
	"$soft - - -" "the soft limit; v2's limits are absent"
echo 0 > "$p/memory.oom_control"
take "$pid"
is "$(val memcg,level=0 oom_kill_disable)" 0 "OOM kills are on again"
is "$(val counter name | sort -u | tr '\n' ' ')" "kmem memory memsw tcpmem " \
	"the counters' names"

# A task that is stuck in an OOM that kills nobody.
mkcg stuck
stuck=$dir
echo 4194304 > "$stuck/memory.limit_in_bytes"
echo 1 > "$stuck/memory.oom_control"
bg sh -c "echo \$\$ > '$stuck/cgroup.procs'; exec cgl mem anon 16"
pid=$bg
under_oom()
{
	grep -q 'under_oom 1' "$stuck/memory.oom_control"
}
if wait_for 10 under_oom; then
	take "$pid"
	is "$(val memcg,level=0 under_oom)" 1 "under_oom"
	is "$(val counter,level=0,name=memory usage failcnt)" \
		"$(cat "$stuck/memory.usage_in_bytes") $(cat "$stuck/memory.failcnt")" \
		"its usage and failures"
else
	skip "under_oom" "it did not get there"
fi
kill -KILL "$pid"

# Kernel memory and TCP buffers, accounted since they are limited.
mkcg tcp
tcp=$dir
echo 16777216 > "$tcp/memory.kmem.tcp.limit_in_bytes"
start "$tcp" -- cgl tcp 8 64
# What is on its way takes memory for a while.
tcp_agrees()
{
	take "$pid"
	[ "$(val counter,level=0,name=tcpmem usage max peak failcnt)" = \
	  "$(cat "$tcp/memory.kmem.tcp.usage_in_bytes") 16777216 \
$(cat "$tcp/memory.kmem.tcp.max_usage_in_bytes") \
$(cat "$tcp/memory.kmem.tcp.failcnt")" ]
}
ok "tcpmem" wait_for 5 tcp_agrees
ok "which is not 0" test "$(val counter,level=0,name=tcpmem peak)" -gt 0
is "$(val counter,level=0,name=kmem usage peak)" \
	"$(cat "$tcp/memory.kmem.usage_in_bytes") \
$(cat "$tcp/memory.kmem.max_usage_in_bytes")" "kmem"
rmcg "$tcp"

# LRU lists against v1's memory.numa_stat, which has this cgroup's own.
start "$q" -- cgl mem anon 3
lru_agrees()
{
	take "$pid"
	[ "$(val lru,level=0 inactive_anon active_anon |
		awk '{ n += $1 + $2 } END { print n / 4096 }')" = \
	  "$(sed -n 's/^anon=\([0-9]*\).*/\1/p' "$q/memory.numa_stat")" ]
}
ok "the LRU lists, as memory.numa_stat has them" wait_for 5 lru_agrees
cat /proc/cg_list/memcgs > $R
is "$(val memcg,online=1 id | sort)" "$(find "$memroot" -type d -exec \
	stat -c %i {} + | sort)" "memcgs: every memory cgroup"
done_testing
