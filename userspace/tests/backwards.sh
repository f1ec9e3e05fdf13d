#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Counters that go backwards: the module was loaded anew between two readings.
# What they show then is all new, and no difference is a huge number.

set -euo pipefail
: "${memcgstat:?the program to test; run sets it}"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cp -r trees/patched-v2 "$tmp/tree"
report=$tmp/tree/proc/1234/cg_list

"$memcgstat" --root "$tmp/tree" -p 1234 -i 0.5 -c 3 -o fail,failtotal,nomem \
	--noheadings > "$tmp/out" &
# The first reading is over when its line is there; the next is half a second away.
for _ in $(seq 250); do
	[ ! -s "$tmp/out" ] || break
	sleep 0.02
done
# written in place: the reader holds the file open
sed -e 's/failcnt=96/failcnt=5/' -e 's/nomem=1 /nomem=4 /' "$report" > "$tmp/new"
cat "$tmp/new" > "$report"
wait $!
tr -s ' ' < "$tmp/out" > "$tmp/got"
printf ' 0 0 0\n 5 5 3\n 0 5 0\n' | diff - "$tmp/got"
