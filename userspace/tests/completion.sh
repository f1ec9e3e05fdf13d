#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Completion in bash: what it offers behind some beginnings.

set -euo pipefail
: "${memcgstat:?the program to test; run sets it}"
cd "$(dirname "$0")"
# shellcheck source-path=SCRIPTDIR source=../completion/memcgstat.bash
. ../completion/memcgstat.bash

# what the completion asks, of a saved tree
memcgstat()
{
	"$memcgstat" --root trees/patched-v2 "$@"
}

# offers WANT WORD...: complete the last word, and compare.
offers()
{
	local want=$1 got

	shift
	COMP_WORDS=(memcgstat "$@")
	COMP_CWORD=$#
	COMP_LINE="memcgstat $*"
	COMPREPLY=()
	_memcgstat
	got=${COMPREPLY[*]}
	[ "$got" = "$want" ] || {
		echo "memcgstat $*: offers '$got', not '$want'"
		exit 1
	}
}

offers "tree" tr
offers "paths" pa
offers "--noheadings" tree --no
offers "--diff" paths --di
offers "oom oom_kill" events -t oo
offers "/pods/job /pods/job/run" charge -g /pods/j
offers "USAGE,LIMIT USAGE,LIMITER" tree -o USAGE,LIMI
offers "TIME" -o TIM
offers "completion.sh" plot completion.s
offers "" tree -o nosuch

# bash, zsh and fish: what the tables say, and what their shells can read
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
../completion/generate "$memcgstat" "$tmp"
for f in "$tmp"/*; do
	diff "../completion/${f##*/}" "$f" || { echo "${f##*/}: make completion"; exit 1; }
	shell=${f##*.}
	! command -v "$shell" > /dev/null || "$shell" -n "$f"
done
