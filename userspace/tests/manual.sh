#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The manual pages: no warnings, every counter in them, and examples that are what
# memcgstat prints of the tree that was saved where they were made.

set -euo pipefail
: "${memcgstat:?the program to test; run sets it}"
command -v man > /dev/null || { echo "man is not installed"; exit 77; }
for page in ../memcgstat.8 ../cg_list.5; do
	warnings=$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 \
		man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 > /dev/null)
	if [ -n "$warnings" ]; then
		echo "$page: $warnings"
		exit 1
	fi
done

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
${CC:-cc} -I../../include -o "$tmp/contract" contract.c
"$tmp/contract" > "$tmp/names"
while read -r list name rest; do
	case $list in
	field) name=${rest%% *} ;;
	bound) continue ;;
	esac
	grep -qw -e "$name" ../cg_list.5 || { echo "cg_list.5 lacks $list $name"; exit 1; }
done < "$tmp/names"
LC_ALL=C MANWIDTH=200 man -E ascii -l ../memcgstat.8 > "$tmp/manual"
for command in tree events; do
	LC_ALL=C "$memcgstat" --root trees/guest-6.12-v2 "$command" > "$tmp/real"
	awk -v c="$command" -v n="$(wc -l < "$tmp/real")" '
		n > 0 && found { print substr($0, 15); n-- }
		$0 ~ "^ *[$] memcgstat " c "$" { found = 1 }' "$tmp/manual" |
		diff - "$tmp/real" || { echo "memcgstat.8: the example of $command"; exit 1; }
done
