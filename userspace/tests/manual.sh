#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The manual pages: no warnings, every counter in them, and examples that are what
# memcgstat prints of the tree that was saved where they were made.

set -euo pipefail
: "${memcgstat:?the program to test; run sets it}"
command -v man > /dev/null || { echo "man is not installed"; exit 77; }
for page in ../man/*.[1-8]; do
	warnings=$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 \
		man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 > /dev/null)
	if [ -n "$warnings" ]; then
		echo "$page: $warnings"
		exit 1
	fi
done

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
"${contract:?}" > "$tmp/names"
while read -r list name rest; do
	case $list in
	field) name=${rest%% *} ;;
	bound) continue ;;
	esac
	grep -qw -e "$name" ../man/cg_list.5 || { echo "cg_list.5 lacks $list $name"; exit 1; }
done < "$tmp/names"
# the library: every function, and the example is the one that is built
while read -r name; do
	grep -q "$name ()" ../man/cg_list.3 || { echo "cg_list.3 lacks $name"; exit 1; }
	grep -q "\b$name(" ../lib/cg_list.h || { echo "cg_list.h lacks $name"; exit 1; }
done < <(sed -n 's/^\t\t\(cgl_.*\);/\1/p' ../lib/libcg_list.map)
sed -n '/^#include <stdio/,$p' ../lib/example.c > "$tmp/example"
sed -n '/^\.EX/,/^\.EE/p' ../man/cg_list.3 | sed -e '1d;$d' -e 's/\\e/\\/g' |
	diff - "$tmp/example" || { echo "cg_list.3: the example"; exit 1; }

# every command and option of the tables
LC_ALL=C MANWIDTH=200 man -E ascii -l ../man/memcgstat.8 > "$tmp/manual"
"$memcgstat" --option-tables > "$tmp/tables"
while IFS=$'\t' read -r kind command letter name value help; do
	case $kind in
	command) [ "$command" = - ] || grep -q "memcgstat .*\b$command\b" "$tmp/manual" ;;
	option) grep -q -e "--$name\b" "$tmp/manual" ;;
	esac || { echo "memcgstat.8 lacks $kind $command ${name:+--$name}: $letter$value$help"; exit 1; }
done < "$tmp/tables"

LC_ALL=C MANWIDTH=200 man -E ascii -l ../man/memcgstat.8 > "$tmp/manual"
for command in tree events; do
	LC_ALL=C "$memcgstat" --root trees/guest-6.12-v2 "$command" > "$tmp/real"
	awk -v c="$command" -v n="$(wc -l < "$tmp/real")" '
		n > 0 && found { print substr($0, 15); n-- }
		$0 ~ "^ *[$] memcgstat " c "$" { found = 1 }' "$tmp/manual" |
		diff - "$tmp/real" || { echo "memcgstat.8: the example of $command"; exit 1; }
done
