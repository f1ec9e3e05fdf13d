#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2119,SC2317 # functions that wait_for calls
# guest: timeout=180
# What reading takes of memory: no allocation larger than a page, however much
# there is to tell.
# shellcheck source=qemu/tests/report-lib.sh
. /tests/report-lib.sh
need_controller memory
trace=/sys/kernel/tracing
[ -e $trace/events/kmem/kmalloc/enable ] ||
	skip_all "this kernel does not trace allocations"
load || bail "the module does not load"

mkcg many
many=$dir
echo +memory > "$many/cgroup.subtree_control"
cgl mkdirs "$many" 100 > /dev/null
mkcg busy
start "$dir" -- cgl tasks 200
busy=$pid
# Names that are four times as long when they are printed.
mkcg long
for _ in $(seq 70); do
	bg enter "$dir" cgl comm "$(printf '\001%.0s' $(seq 15))"
done
long=$bg
all_there()
{
	[ "$(grep -c '^cset_task pid=.*\\001\\001' "/proc/$long/cg_list")" -ge 63 ]
}
! patched || wait_for 20 all_there || diag "not all have their names"

# large FILE: allocations of more than a page while it is read, by who makes them.
large()
{
	rm -f /tmp/fifo
	mkfifo /tmp/fifo
	rawread "$1" line all:65536 < /tmp/fifo > /tmp/text &
	reader=$!
	exec 7> /tmp/fifo
	usleep 100000
	for e in $events; do
		echo 'bytes_req > 4096' > $trace/events/kmem/"$e"/filter
	done
	echo "$reader" > $trace/set_event_pid
	: > $trace/trace
	for e in $events; do
		echo 1 > $trace/events/kmem/"$e"/enable
	done
	echo >&7
	exec 7>&-
	wait $reader
	for e in $events; do
		echo 0 > $trace/events/kmem/"$e"/enable
	done
	sed -n 's/.*call_site=\([^ ]*\).*bytes_req=\([0-9]*\).*/\1 \2/p' \
		$trace/trace | sort | uniq -c
}

events=kmalloc
[ ! -e $trace/events/kmem/kmalloc_node ] || events="kmalloc kmalloc_node"
files="/proc/cg_list/tasks /proc/cg_list/memcgs /proc/cg_list/status"
served && files="/proc/$busy/cg_list /proc/$long/cg_list $files"
for f in $files; do
	got=$(large "$f")
	is "$got" "" "nothing larger than a page: $f"
	ok "which was read: $f ($(wc -c < /tmp/text) bytes)" test -s /tmp/text
done
echo > $trace/set_event_pid
for e in $events; do
	echo 0 > $trace/events/kmem/"$e"/filter
done

done_testing
