# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The work after which the laws have to hold: run on one CPU and on several, by
# the tests that source it.

# shellcheck source=qemu/tests/charge-lib.sh disable=SC2119,SC2317
. /tests/charge-lib.sh

need_controller memory
need_module
need_tracepoints
learn_max
probe_calls || diag "no kprobes: calls are not counted"

# agrees DIR WHAT: with memory.events.local of a cgroup whose limit was met.
agrees()
{
	is "$(max_counted "$1")" "$(event "$1" max)" \
		"$2: limited_reclaim, limited_force${max_tells_nomem:+, limited_nomem} is max"
	is "$(counted "$1" limited_oom)" "$(event "$1" oom)" \
		"$2: limited_oom is oom"
	is "$(counted "$1" killed)" "$(event "$1" oom_kill)" \
		"$2: killed is oom_kill"
}

# work WHAT COMMAND...: in the cgroup that was just made, which then goes.
work()
{
	what=$1
	shift
	begin
	inside "$dir" "$@"
	laws "$what"
	agrees "$dir" "$what"
	rmcg "$dir"
}

new free
work "below the limit" charge anon 16
new anon max=16M
work "anonymous memory over the limit, no swap" charge anon 32

if disk_on 128 /mnt; then
	new file max=8M
	work "page cache over the limit" charge file /mnt/file 32
	rm -f /mnt/file
	new nofail max=2M
	work "charges that must not fail" charge file /dev/ram1 16
	new dentries max=4M
	work "kernel memory over the limit: dentries" \
		charge dentries /mnt 20000
	disk_off /mnt
else
	skip "page cache over the limit" "no RAM disk"
fi

new forks max=4M
work "fork storm" charge forks 300 20
new pipes max=4M
work "kernel memory over the limit: pipes" charge pipes 100
if [ -e /proc/net/tcp ]; then
	new tcp max=4M
	work "atomic socket charges" charge tcp 32 256
else
	skip "atomic socket charges" "this kernel has no TCP"
fi

if swap_on 128; then
	new swap max=16M
	work "anonymous memory over the limit, swap" charge anon 32 2
	new little max=16M swap_max=4M
	work "anonymous memory over the limit, little swap" charge anon 32
	swap_off
else
	skip "anonymous memory over the limit, swap" "no zram"
fi

thp=/sys/kernel/mm/transparent_hugepage
if [ -d $thp ]; then
	echo always > $thp/enabled
	echo always > $thp/defrag
	new thp max=9M
	work "huge pages over the limit" charge thp 20
	echo never > $thp/defrag
	new thp max=9M
	work "huge pages over the limit, that must not wait" charge thp 20
	echo always > $thp/defrag
	new thp max=9M
	work "huge pages over the limit, advised" charge thp 20 madvise
	echo madvise > $thp/enabled
	echo madvise > $thp/defrag
else
	skip "huge pages over the limit" "no transparent huge pages"
fi

new parent max=16M
parent=$dir
new parent/a
a=$dir
new parent/b
b=$dir
begin
inside "$a" charge anon 24 &
inside "$b" charge anon 24 &
wait
laws "a parent's limit hit by two children"
agrees "$parent" "a parent's limit hit by two children"
is "$(($(counted "$a" limited) + $(counted "$b" limited)))" 0 \
	"a parent's limit: the children refused nothing"
is "$(($(counted "$a" limit) + $(counted "$b" limit)))" \
	"$(counted "$parent" limited)" \
	"a parent's limit: the children were refused"
rmcg "$parent"

new high high=4M
begin
inside "$dir" timeout 5 charge anon 8
laws "memory.high"
ok "memory.high: some charges went above it" moved "$dir" high
is "$(counted "$dir" limit)" 0 "memory.high: none was refused"
rmcg "$dir"

new group max=16M oom.group=1
begin
inside "$dir" charge hold 4 > /dev/null &
inside "$dir" charge hold 4 > /dev/null &
holders()
{
	[ "$(wc -l < "$dir/cgroup.procs")" -eq 2 ] &&
		[ "$(get "$dir" usage)" -ge 8388608 ]
}
wait_for 20 holders
inside "$dir" charge anon 16
wait
laws "group OOM kill"
agrees "$dir" "group OOM kill"
# The kernel counts the one that it chose first twice.
ok "group OOM kill: all three" test "$(counted "$dir" killed)" -ge 3
rmcg "$dir"

# A victim that takes long to die, while others go on asking.
new slow max=16M
begin
inside "$dir" charge linger 12 &
lingers()
{
	[ "$(get "$dir" usage)" -ge 12582912 ]
}
wait_for 20 lingers
inside "$dir" charge anon 3 200 &
inside "$dir" charge anon 3 200 &
wait
laws "a victim that takes long to die"
agrees "$dir" "a victim that takes long to die"
rmcg "$dir"

new storm max=16M
begin
for worker in 1 2 3 4; do
	inside "$dir" charge threads 24 8 &
done
inside "$dir" charge forks 100 10 &
wait
diag "$worker storms"
laws "an OOM storm"
agrees "$dir" "an OOM storm"
rmcg "$dir"

unprobe_calls
settle
ok "with all gone, the released ones keep the laws" \
	awk -f /tests/laws.awk /proc/cg_list/memcgs
ok "the module unloads" unload
done_testing
