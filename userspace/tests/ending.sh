#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# -p on processes that end: by themselves, by a signal, for memory.

set -euo pipefail
: "${memcgstat:?the program to test; run sets it}"
tmp=$(mktemp -d)
group=
trap 'rm -rf "$tmp"; [ -z "$group" ] || rmdir "$group/sub" "$group" 2> /dev/null || true' EXIT

fail()
{
	echo "$1"
	cat "$tmp"/* 2> /dev/null || true
	exit 1
}

# watch STATUS ARGS...
watch()
{
	local want=$1 rc=0

	shift
	"$memcgstat" "$@" > "$tmp/out" 2> "$tmp/err" || rc=$?
	[ "$rc" -eq "$want" ] || fail "status $rc, not $want: $*"
}

"$memcgstat" -p $$ -c 1 > /dev/null 2>&1 || { echo "no memory cgroups here"; exit 77; }

# watch_end STATUS PID SIGNAL ARGS...: end it once the first line is there.
watch_end()
{
	local want=$1 pid=$2 signal=$3 rc=0 watcher

	shift 3
	: > "$tmp/out"
	"$memcgstat" -p "$pid" "$@" > "$tmp/out" 2> "$tmp/err" &
	watcher=$!
	for _ in $(seq 500); do
		[ ! -s "$tmp/out" ] || break
		sleep 0.02
	done
	kill "-$signal" "$pid"
	wait "$watcher" || rc=$?
	[ "$rc" -eq "$want" ] || fail "status $rc, not $want: $*"
}

bash -c "trap 'exit 3' USR1; : > $tmp/trapped; while :; do sleep 0.05; done" &
until [ -e "$tmp/trapped" ]; do sleep 0.02; done
watch_end 1 $! USR1 -i 0.1
grep -qE 'process [0-9]+.* ended after [0-9.]+ s, not killed for memory' "$tmp/err" ||
	fail "an exit is told wrong"
sleep 1000 &
watch_end 1 $! TERM -i 60
grep -q 'not killed for memory' "$tmp/err" || fail "a signal is told wrong"
sleep 1000 &
watch_end 1 $! TERM -i 60 --json
tail -n 1 "$tmp/out" | grep -q '^{"end":"exited",' || fail "the end in JSON"
watch 0 -p $$ -i 0.01 -c 3
[ "$(wc -l < "$tmp/out")" -eq 4 ] || fail "-c 3 is a heading and three lines"

# a kill for memory needs a cgroup of our own
v1=$(awk '$3 == "cgroup" && $4 ~ /(^|,)memory(,|$)/ { print $2; exit }' /proc/mounts)
v2=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
[ "$(id -u)" -eq 0 ] || exit 0
if [ -n "$v1" ]; then
	group=$v1/memcgstat-test-$$
	mkdir -p "$group/sub" 2> /dev/null || { group=; exit 0; }
	echo 16M > "$group/memory.limit_in_bytes"
	echo 16M > "$group/memory.memsw.limit_in_bytes" 2> /dev/null || true
elif [ -n "$v2" ] && grep -qw memory "$v2/cgroup.subtree_control"; then
	group=$v2/memcgstat-test-$$
	mkdir "$group" 2> /dev/null || { group=; exit 0; }
	echo +memory > "$group/cgroup.subtree_control"
	mkdir "$group/sub"
	echo 16M > "$group/memory.max"
	echo 0 > "$group/memory.swap.max" 2> /dev/null || true
else
	exit 0
fi
# grows by a megabyte each 10 ms
cat > "$tmp/hog.py" << 'EOF'
import sys, time
open(sys.argv[1] + "/sub/cgroup.procs", "w").write("0")
while not open(sys.argv[2]).read():
    time.sleep(0.02)
a = []
while True:
    a.append(bytearray(b"x" * (1 << 20)))
    time.sleep(0.01)
EOF
: > "$tmp/out"
python3 "$tmp/hog.py" "$group" "$tmp/out" &
hog=$!
for _ in $(seq 500); do
	grep -q "memcgstat-test-$$/sub" "/proc/$hog/cgroup" && break
	sleep 0.02
done
watch 0 -p "$hog" -i 0.05
wait "$hog" 2> /dev/null || true
tail -n 1 "$tmp/out" | grep -qE "^killed for memory after [0-9.]+ s: process $hog.*limit of /memcgstat-test-$$(,.*)?$" ||
	fail "a kill for memory is told wrong"
