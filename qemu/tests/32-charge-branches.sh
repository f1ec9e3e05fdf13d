#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cpus=4 timeout=240
# Each branch of try_charge_memcg(): charges are driven through it and its
# counter moves. What cannot be driven from user space is skipped by name.

# shellcheck source=qemu/tests/charge-lib.sh disable=SC2119,SC2317
. /tests/charge-lib.sh

need_controller memory
need_module
need_tracepoints

# moves COUNTER...: of the cgroup made last.
moves()
{
	for counter; do
		ok "$counter (${dir##*/})" moved "$dir" "$counter"
	done
}

# may_move COUNTER WHY: it does if the timing is right.
may_move()
{
	if moved "$dir" "$1"; then
		ok "$1 (${dir##*/})" true
	else
		skip "$1 (${dir##*/})" "$2"
	fi
}

new anon max=16M
inside "$dir" charge anon 32
moves stock batch exact limit shrink reclaim retry_drain retry_count oom \
	oom_retry killed limited limited_reclaim limited_oom
# What the OOM reaper frees may let the victim's last charge through.
for round in 1 2 3 4 5 6; do
	! moved "$dir" why_dying || break
	inside "$dir" charge threads 32 8
done
moves nomem why_dying
if [ -n "$(counted "$dir" why_victim)" ]; then
	for round in 1 2 3; do
		inside "$dir" charge threads 64 32
	done
	may_move why_victim "no thread outlived its reaping in $round rounds"
else
	skip why_victim "this kernel has no such branch"
fi

if disk_on 128 /mnt; then
	new file max=8M
	inside "$dir" charge file /mnt/file 32
	moves reclaim reclaimed_pages retry_margin limited_reclaim
	inside "$dir" charge file /mnt/file 32 &
	inside "$dir" charge threads 6 8 &
	inside "$dir" charge threads 6 8 &
	wait
	may_move retry_progress "no task took what another's reclaim freed"
	rm -f /mnt/file
	disk_off /mnt
else
	skip retry_margin "no RAM disk"
fi

if [ -e /proc/net/tcp ]; then
	new tcp max=2M
	inside "$dir" charge tcp 32 256
	for counter in why_atomic force limited_force; do
		may_move $counter "no segment arrived over the limit in an interrupt"
	done
else
	skip why_atomic "this kernel has no TCP"
fi

atomic_fails atomic
moves why_atomic nomem limited_nomem
is "$(counted "$dir" limited_nomem)" "$(counted "$dir" nomem)" \
	"limited_nomem (${dir##*/}): all of them"

thp=/sys/kernel/mm/transparent_hugepage
if [ -d $thp ]; then
	echo always > $thp/enabled
	echo always > $thp/defrag
	new thp max=9M
	inside "$dir" charge thp 12
	moves why_noretry nomem exact
	inside "$dir" charge thp 12 madvise
	moves why_oom
	echo madvise > $thp/enabled
	echo madvise > $thp/defrag
else
	skip why_noretry "no transparent huge pages"
	skip why_oom "no transparent huge pages"
fi

if [ -e /proc/sys/kernel/unprivileged_bpf_disabled ]; then
	new bpf max=4M
	inside "$dir" charge bpfmap 16
	moves why_mayfail nomem
else
	skip why_mayfail "this kernel has no BPF"
fi

new high high=4M
inside "$dir" timeout 5 charge anon 8
moves high

# What zswap keeps of a cgroup is charged to it, by the reclaim that puts it in.
zswap=/sys/module/zswap/parameters/enabled
if [ -e $zswap ] && swap_on 128; then
	echo 1 > $zswap
	new zswap max=16M
	inside "$dir" charge anon 32 2
	moves why_memalloc force limited_force
	echo 0 > $zswap
	swap_off
else
	skip why_memalloc "no zswap, or no zram"
fi

skip limit_memsw "cgroup v1's: see charge-v1"
skip retry_move "cgroup v1's: see charge-v1"
skip why_in_oom "cgroup v1's: see charge-v1"

ok "the module unloads" unload
done_testing
