#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2119,SC2317 # functions that wait_for calls
# guest: timeout=180
# Memory cgroups beyond their counters: whose memory it is that a task uses, what
# is offline and still charged, swap in use, huge pages (cgroup v2).
# shellcheck source=qemu/tests/report-lib.sh
. /tests/report-lib.sh
need_controller memory
load || bail "the module does not load"
quiet

# usage_agrees DIR WHAT: usage of $pid's report, taken anew, to the byte. A CPU
# gives back what it has in stock for a cgroup when it first charges another:
# then what was read is of before.
usage_agrees()
{
	current=$1/memory.current
	wait_for 5 usage_is_current
	is "$usage" "$now" "$2: usage"
}

usage_is_current()
{
	take "$pid"
	now=$(cat "$current")
	usage=$(val counter,level=0,name=memory usage)
	[ "$usage" = "$now" ]
}

mkcg a
a=$dir
mkcg b
b=$dir
start "$a" -- cgl mem anon 4
holder_a=$pid
take "$pid"
usage_agrees "$a" "4 MiB"
is "$(val memcg,level=0 id hierarchy online path)" "$(id "$a") 0 1 /a" \
	"what it is"
is "$(val memcg,level=1 id hierarchy online path)" "$(id "$cgroot") 0 1 /" \
	"what the root is"
is "$(val memcg,level=0 charged_id)" - "its pages are charged where it is"
is "$(val counter,level=1 usage | wc -l)" 0 "the root has no counters"
is "$(val memcg,level=0 oom_kill_disable under_oom)" "- -" "v1's are absent"
is "$(val memcg,level=1 oom_group)" - "the root has no oom.group"
for v in 1 0; do
	echo $v > "$a/memory.oom.group"
	take "$holder_a"
	is "$(val memcg,level=0 oom_group)" $v "oom.group $v"
done
if patched; then
	old=$(cat /proc/sys/vm/swappiness)
	echo 73 > /proc/sys/vm/swappiness
	take "$holder_a"
	is "$(val memcg swappiness | sort -u)" 73 "vm.swappiness counts on v2"
	echo "$old" > /proc/sys/vm/swappiness
else
	is "$(val memcg,level=0 swappiness)" - "swappiness is absent on a stock kernel"
fi

# A child that shares the memory of its parent: the parent owns it.
start "$a" -- cgl sharevm
child=$said
move "$child" "$b"
take "$child"
is "$(val memcg,level=0 path charged_id)" "/b $(id "$a")" \
	"a child that shares memory: charged to the owner's cgroup"
take "$pid"
is "$(val memcg,level=0 charged_id)" - "the owner: to its own"
kill -KILL "$child"

# A tmpfs file outlives the cgroup that made it. Its pages stay on the lists of
# that cgroup, or (from 7.2 on) go to its parent's, and it does not wait for them;
# for the buffers of its sockets, whose task is elsewhere, it always does.
listed_of()
{
	val "lru,id=$1" inactive_anon active_anon | awk '{ n += $1 + $2 } END { print n }'
}

root_id=$(id "$cgroot")
mkcg doomed
doomed=$dir
doomed_id=$(id "$doomed")
start "$doomed" -- cgl mem /dev/shm/file 3
stop "$pid"
start "$doomed" -- cgl tcp 4 256
sockets=$pid
move "$sockets" "$b"
cat /proc/cg_list/memcgs > "$R"
root_listed=$(listed_of "$root_id")
wait_for 5 rmdir "$doomed" 2> /dev/null
offline()
{
	cat /proc/cg_list/memcgs > "$R"
	[ "$(val "memcg,id=$doomed_id" online)" = 0 ]
}
ok "a removed cgroup that is still charged is in memcgs, offline" \
	wait_for 5 offline
is "$(val "memcg,id=$doomed_id" path)" /doomed "it keeps its name"
# And perhaps what a per-CPU batch has not let go of yet.
listed=$(listed_of "$doomed_id")
if [ "$listed" -gt 0 ]; then
	near "$listed" 3145728 131072 "its LRU lists hold the file"
	held=3145728
else
	near $(($(listed_of "$root_id") - root_listed)) 3145728 131072 \
		"its LRU lists went to its parent with the file"
	held=65536
fi
usage=$(val "counter,id=$doomed_id,name=memory" usage)
ok "and it is charged for what it holds ($usage)" test "${usage:-0}" -ge $held
rm /dev/shm/file
stop "$sockets"
freed()
{
	cat /proc/cg_list/memcgs > "$R"
	[ -z "$(val "memcg,id=$doomed_id" id)" ]
}
if wait_for 1 freed; then
	ok "once file and sockets are gone, it is gone" true
else
	# A per-CPU stock or a slab page may still refer to it; from Linux 7.2 on a
	# CPU has seven stocks, of up to 64 pages each, that nobody drains.
	case $version in
	6.*) rest=262144 ;;
	*) rest=$((7 * 64 * 4096 * $(nproc))) ;;
	esac
	usage=$(val "counter,id=$doomed_id,name=memory" usage)
	ok "once they are gone, nothing is charged ($usage)" \
		test "$usage" -le $rest
fi
is "$(grep -c '^memcg id=0 released=1' $R)" 1 "one line is for the released"

# Swap in use, through zram.
if swap_on 64; then
	start "$b" -- cgl pageout 8
	take "$pid"
	swap=$(cat "$b/memory.swap.current")
	ok "there is swap in use ($swap)" test "$swap" -gt 4194304
	is "$(val counter,level=0,name=swap usage)" "$swap" "swap in use"
	usage_agrees "$b" "swapped out"
	is "$(val counter,level=0,name=swap max high)" "$(cat "$b/memory.swap.max") \
$(cat "$b/memory.swap.high")" "swap's limits"
	stop "$pid"
	swap_off
else
	skip "swap in use" "no zram here"
fi

# Huge pages: transparent ones, and hugetlb's, which memory cgroups count only
# where cgroup2 is mounted to do so (6.12).
if [ -e /sys/kernel/mm/transparent_hugepage/enabled ]; then
	mkcg thp
	start "$dir" -- cgl mem thp 8
	take "$pid"
	usage_agrees "$dir" "huge pages"
	# A small one among them may not be there yet.
	listed()
	{
		take "$pid"
		[ "$(val lru,level=0 inactive_anon active_anon |
			awk '{ n += $1 + $2 } END { print (n >= 8388608) }')" = 1 ]
	}
	ok "huge pages: they are on the LRU lists" wait_for 5 listed
	stop "$pid"
else
	skip "huge pages" "not in this kernel"
fi
nr=/proc/sys/vm/nr_hugepages
if [ -e $nr ] && echo 4 > $nr && [ "$(cat $nr)" = 4 ]; then
	mkcg huge
	start "$dir" -- cgl mem hugetlb 4
	take "$pid"
	usage_agrees "$dir" "hugetlb"
	ok "hugetlb is not charged" test "$(cat "$dir/memory.current")" -lt 4194304
	stop "$pid"
	if mount -o remount,memory_hugetlb_accounting cgroup2 "$cgroot" 2> /dev/null &&
	   grep -q memory_hugetlb_accounting /proc/mounts; then
		start "$dir" -- cgl mem hugetlb 4
		take "$pid"
		usage_agrees "$dir" "hugetlb, accounted"
		ok "hugetlb is charged where asked for" \
			test "$(cat "$dir/memory.current")" -ge 4194304
		stop "$pid"
		mount -o remount cgroup2 "$cgroot"
	fi
	echo 0 > $nr
else
	skip "hugetlb" "no such pages here"
fi
done_testing
