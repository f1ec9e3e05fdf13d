#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cpus=4 timeout=240
# A memory cgroup is counted from its first charge to its last: cgroups that come
# and go, controllers switched on and off, offline cgroups that are still
# charged, cgroups that were there before the module.

# shellcheck source=qemu/tests/charge-lib.sh disable=SC2119,SC2317
. /tests/charge-lib.sh

need_controller memory

# lines KEY: of cgroups, the released ones' not.
lines()
{
	grep "^$1 " /proc/cg_list/memcgs | grep -vc ' id=0 '
}

has_line()
{
	grep -q "^charge id=$1 " /proc/cg_list/memcgs
}

# pin DIR: removes it, and it stays until unpin: by page cache, or where that goes
# to the parent (from Linux 7.2 on) by sockets of the task $pinned, which has left it.
pin()
{
	case $version in
	6.*)
		pinned=/tmp/pin.${1##*/}
		inside "$1" charge file "$pinned" 2
		;;
	*)
		rm -f /tmp/said
		bg enter "$1" cgl tcp 2 64 > /tmp/said
		pinned=$bg
		wait_for 20 grep -q ready /tmp/said
		move "$pinned" "$before"
		;;
	esac
	wait_for 5 rmdir "$1" 2> /dev/null
}

unpin()
{
	case $1 in
	/*)
		rm -f "$1"
		;;
	*)
		kill -KILL "$1"
		wait "$1" 2> /dev/null
		;;
	esac
}

[ -e /proc/net/tcp ] || skip_all "this kernel has no TCP"

# From before the module: online, and offline but charged.
new before
before=$dir
new gone
gone=$(stat -c %i "$dir")
pin "$dir"
gone_pinned=$pinned

need_module
if [ "$(status source)" = none ]; then
	skip_all "no source on this kernel: $(grep ^unseen /proc/cg_list/status)"
fi
is "$(lines charge)" "$(lines memcg)" "each has its line: from before"
ok "one that was offline has its line" has_line "$gone"
inside "$before" charge anon 4
is "$(status unattributed)" 0 "nothing is unattributed: from before"

# Come and go.
memory=$(status memory)
round=0
while [ $round -lt 200 ]; do
	mkdir "$memroot/c" && enter "$memroot/c" true && rmdir "$memroot/c"
	round=$((round + 1))
done
is "$(status unattributed)" 0 "nothing is unattributed: $round came and went"
new many
many=$dir
mkcg many/first
first=$dir
round=0
while [ $round -lt 200 ]; do
	mkdir "$many/d$round"
	round=$((round + 1))
done
is "$(lines charge)" "$(lines memcg)" "each has its line: $round at a time"
inside "$first" charge anon 1
inside "$many/d199" charge anon 1
is "$(status unattributed)" 0 "nothing is unattributed: $round at a time"
rmcg "$many"
given_back()
{
	[ "$(status memory)" -le "$memory" ]
}
ok "their memory is given back" wait_for 30 given_back

# The controller comes and goes, the cgroup stays. What was charged to its state
# keeps that for a moment.
no_line()
{
	[ -z "$(counted "$dir" limit)" ]
}

if [ "${cg:-v2}" = v2 ]; then
	mkcg top
	top=$dir
	mkcg top/sub
	for round in 1 2 3 4 5; do
		echo +memory > "$top/cgroup.subtree_control"
		inside "$dir" charge anon 2
		! on_tracepoints ||
			ok "controller on: counted ($round)" moved "$dir" batch
		echo -memory > "$top/cgroup.subtree_control"
		inside "$dir" charge anon 2
		ok "controller off: no line ($round)" wait_for 10 no_line
	done
	is "$(status unattributed)" 0 "nothing is unattributed: on and off"
	rmcg "$top"
fi

# Offline, and charged by what it left behind.
new left
left=$(stat -c %i "$dir")
inside "$dir" charge anon 2
pin "$dir"
ok "an offline cgroup has its line while it is charged" has_line "$left"
is "$(lines charge)" "$(lines memcg)" "each has its line: offline"
unpin "$pinned"
unpin "$gone_pinned"
case $version in
6.*)
	ok "and none when it is freed" wait_for 30 not has_line "$left"
	ok "nor has the one from before" wait_for 30 not has_line "$gone"
	;;
*)
	# Nobody drains a CPU's stock of a cgroup, unless seven others need it.
	skip "and none when it is freed" "seven stocks a CPU keep a cgroup here"
	skip "nor has the one from before" "seven stocks a CPU keep a cgroup here"
	;;
esac
ok "what they counted is in a line of the released ones" \
	grep -q '^memcg id=0 released=1$' /proc/cg_list/memcgs

# Who makes cgroups pays for their blocks. In pages, of 200 cgroups; the first of
# two rounds fills the caches of the kernel's own memory.
grown()
{
	for _ in 1 2; do
		grown_before=$(get "$dir" usage)
		cgl mkdirs "$dir" 200 > /dev/null
		usleep 500000
		grown_by=$(($(get "$dir" usage) - grown_before))
		cgl rmtree "$dir" > /dev/null
		mkdir -p "$dir"
		[ "${cg:-v2}" != v2 ] || echo +memory > "$dir/cgroup.subtree_control"
		usleep 300000
	done
	echo $((grown_by / 4096))
}
mkcg payer
[ "${cg:-v2}" != v2 ] || echo +memory > "$dir/cgroup.subtree_control"
with=$(grown)
ok "the module unloads" unload
without=$(grown)
diag "200 cgroups take $with pages of their parent's memory, $without without the module"
ok "the blocks are charged to the parent" \
	test $((with - without)) -ge $((200 * 590 * $(nproc) * 8 / 40960))
done_testing
