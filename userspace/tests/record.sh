#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A record is readable whole, cut off at any byte, and after a kill.

set -euo pipefail
: "${memcgstat:?the program to test; run sets it}"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$(dirname "$0")"
root=(--root trees/patched-v2)

fail()
{
	echo "$1"
	exit 1
}

"$memcgstat" "${root[@]}" record -o "$tmp/rec" -i 0.01 -c 5
[ ! -e "$tmp/rec.part" ] || fail "the .part stays"
head -n 1 "$tmp/rec" | grep -qx 'cg_list 1' || fail "the first line"
[ "$(grep -c '^end n=' "$tmp/rec")" -eq 5 ] || fail "five samples"
tail -n 1 "$tmp/rec" | grep -qx 'finished samples=5' || fail "the last line"
# what does not change is told once
[ "$(grep -c '^counter id=71 name=memory' "$tmp/rec")" -eq 1 ] || fail "not compact"

"$memcgstat" "${root[@]}" record -o "$tmp/task" -p 1234 -i 0.01 -c 2
grep -q '^record .* pid=1234$' "$tmp/task" || fail "the process is not named"

# killed half way: the .part is what there is, and it can be read
"$memcgstat" "${root[@]}" record -o "$tmp/cut" -i 0.01 2> /dev/null &
pid=$!
for _ in $(seq 100); do
	[ "$(grep -c '^end' "$tmp/cut.part" 2> /dev/null || true)" -gt 3 ] 2> /dev/null && break
	sleep 0.02
done
kill -KILL "$pid"
wait "$pid" 2> /dev/null || true
[ ! -e "$tmp/cut" ] || fail "a record that was killed has its final name"
rc=0
"$memcgstat" "${root[@]}" record -o "$tmp/cut" -c 1 2> "$tmp/err" || rc=$?
if [ "$rc" -ne 1 ] || ! grep -q 'cut.part is there' "$tmp/err"; then
	fail "the .part is overwritten"
fi

# interrupted: whole
"$memcgstat" "${root[@]}" record -o "$tmp/int" -i 60 &
pid=$!
for _ in $(seq 100); do
	[ -s "$tmp/int.part" ] && grep -q '^end' "$tmp/int.part" && break
	sleep 0.02
done
kill -TERM "$pid"
wait "$pid" || fail "an interrupt is no failure"
tail -n 1 "$tmp/int" | grep -qx 'finished samples=1' || fail "interrupted"

for f in nosuch trees/files-v2/proc/self/mountinfo; do
	rc=0
	"$memcgstat" plot "$f" -o "$tmp/x.svg" 2> "$tmp/err" || rc=$?
	if [ "$rc" -ne 1 ] || [ "$(wc -l < "$tmp/err")" -ne 1 ]; then
		fail "plot $f"
	fi
done
rc=0
sed 's/^record version=1/record version=9/' "$tmp/rec" > "$tmp/new"
"$memcgstat" plot "$tmp/new" -o "$tmp/x.svg" 2> "$tmp/err" || rc=$?
if [ "$rc" -ne 1 ] || ! grep -q 'version 9' "$tmp/err"; then
	fail "a record from the future"
fi

command -v gnuplot > /dev/null || exit 0
"$memcgstat" plot "$tmp/cut.part" -o "$tmp/cut.svg" 2> "$tmp/err"
grep -q 'the end is missing' "$tmp/err" || fail "a cut record is not told of"
"$memcgstat" plot "$tmp/rec" -o "$tmp/rec.svg"
grep -q '/pods/job/run' "$tmp/rec.svg" || fail "no name in the picture"

# cut at every 97th byte: never a crash, and whole samples are used
size=$(stat -c %s "$tmp/rec")
for ((at = 1; at < size; at += 97)); do
	head -c "$at" "$tmp/rec" > "$tmp/piece"
	rc=0
	"$memcgstat" paths --diff "$tmp/piece" "$tmp/rec" > /dev/null 2> "$tmp/err" || rc=$?
	[ "$rc" -le 1 ] || { cat "$tmp/err"; fail "cut at $at: status $rc"; }
done

# the climb, the limit, the kill with its time, from a record made by hand
{
	printf 'cg_list 1\nrecord version=1 realtime=1.000 kernel=x pid=9\n'
	for i in $(seq 0 9); do
		printf 'sample n=%d time=%d.000000\n' "$i" $((100 + i))
		[ "$i" -gt 0 ] || printf 'memcg id=7 was_level=0 path=/job\n'
		printf 'counter id=7 name=memory usage=%d' $((i * 1048576))
		[ "$i" -gt 0 ] || printf ' max=9437184 failcnt=0'
		printf '\nend n=%d\n' "$i"
	done
	printf "event seq=1 time=109.250000000 type=oom_kill victim=9 victim_comm=it's\\\\040<b>\n"
	printf 'sample n=10 time=109.500000\ncounter id=7 name=memory usage=0 failcnt=12\nend n=10\n'
	printf 'ended time=109.500000 how=killed limiter=/job\nfinished samples=11\n'
} > "$tmp/hand"
"$memcgstat" plot "$tmp/hand" -o "$tmp/hand.svg"
python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' "$tmp/hand.svg"
for text in "it's &lt;b> killed at 9.250 s" '/job' limit refusals; do
	grep -q "$text" "$tmp/hand.svg" || fail "the picture lacks: $text"
done

# memory.high and throttling; kills of the cgroup that is drawn, of no other; and
# where there are no events, those that the counters show
made()
{
	printf 'cg_list 1\nrecord version=1 realtime=1.000 kernel=x\n'
	for i in $(seq 0 9); do
		printf 'sample n=%d time=%d.000000\n' "$i" $((100 + i))
		[ "$i" -gt 0 ] || printf 'memcg id=7 path=/job\nmemcg id=8 path=/job/run\nmemcg id=9 path=/other\n'
		printf 'counter id=8 name=memory usage=%d' $((i * 1048576))
		[ "$i" -gt 0 ] || printf ' max=max'
		printf '\ncounter id=9 name=memory usage=%d\n' $((20971520 - i))
		[ "$i" -gt 0 ] || printf 'counter id=7 name=memory usage=1 max=16777216 high=8388608\n'
		printf 'memory_events id=8 oom_kill=%d\n' $((i > 5))
		printf 'end n=%d\n' "$i"
	done
	[ "$1" = counted ] || {
		printf 'event seq=1 time=105.500000000 type=oom_kill victim=5 victim_comm=mine victim_memcg_id=8\n'
		printf 'event seq=2 time=106.500000000 type=oom_kill victim=6 victim_comm=stranger victim_memcg=/other\n'
		printf 'event seq=3 time=107.500000000 type=high memcg=/job/run us=9\n'
	}
	printf 'sample n=10 time=110.000000\nend n=10\nfinished samples=11\n'
}
made events > "$tmp/made"
made counted > "$tmp/counted"
"$memcgstat" plot "$tmp/made" -g /job/run -o "$tmp/made.svg"
for text in 'mine killed at 5.500 s' memory.high 'slowed down' limit; do
	grep -q "$text" "$tmp/made.svg" || fail "the picture of a part lacks: $text"
done
! grep -q stranger "$tmp/made.svg" || fail "another cgroup's kill is drawn"
"$memcgstat" plot "$tmp/counted" -g /job/run -o "$tmp/counted.svg"
grep -q 'a task killed at 6.000 s' "$tmp/counted.svg" || fail "a counted kill is not drawn"
(cd "$tmp" && "$memcgstat" plot made -o - > std.svg)
grep -q '</svg>' "$tmp/std.svg" || fail "plot -o -"
[ ! -e "$tmp/-" ] || fail "plot makes a file called -"
