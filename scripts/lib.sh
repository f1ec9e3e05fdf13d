# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the host's scripts share: where things are, how to say what goes on,
# and how to end. Sourced, after `set -euo pipefail`.

# shellcheck disable=SC2034  # for the scripts that source this
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
me=$(basename "$0")

# Where everything is built and kept: outside the checkout. A cache that another
# user filled may be named too: what is complete there is used, all else is made
# in one's own.
own_cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/cg_list
cache=${CG_LIST_CACHE:-$own_cache}
shared_cache=
if [ -d "$cache/kernel" ] && ! { [ -w "$cache" ] && [ -w "$cache/kernel" ]; }; then
	shared_cache=$cache
	cache=$own_cache
fi

say()
{
	printf '%s: %s\n' "$me" "$*" >&2
}

# die MESSAGE: one line that says what is wrong, and the end.
die()
{
	say "error: $*"
	exit 1
}

# make_cache: the cache's directory exists and can be written to.
make_cache()
{
	mkdir -p "$cache" 2>/dev/null || true
	[ -w "$cache" ] ||
		die "cannot write to the cache $cache (set CG_LIST_CACHE)"
}

# need_space DIR MEGABYTES WHAT_FOR: enough room on DIR's file system.
need_space()
{
	local free

	free=$(df -Pm "$1" | awk 'NR == 2 { print $4 }')
	[ "$free" -ge "$2" ] ||
		die "$3 needs $2 MB on $1, which has $free MB left"
}

# need PROGRAM...: programs that must be there.
need()
{
	local p

	for p; do
		command -v "$p" > /dev/null ||
			die "$p is missing; scripts/install-packages gets it"
	done
}

# patiently LOG WHAT COMMAND...: run the command, with what it prints at the end of
# the file LOG; say every 15 s that it still works on WHAT.
patiently()
{
	local log=$1 what=$2 rc=0 ticker

	shift 2
	(
		# Whoever ends this shell ends the ticker, within a second.
		begin=$SECONDS last=$SECONDS
		while sleep 1 && kill -0 $$ 2>/dev/null; do
			[ $((SECONDS - last)) -ge 15 ] || continue
			last=$SECONDS
			say "$what, $((SECONDS - begin)) s"
		done
	) > /dev/null < /dev/null 9>&- &
	ticker=$!
	"$@" >> "$log" 2>&1 || rc=$?
	kill "$ticker" 2>/dev/null || true
	wait "$ticker" 2>/dev/null || true
	return "$rc"
}

# wait_any PID...: wait for one of these jobs; $pid is which, the status its own.
# `wait -n` alone forgets a job that a signal ended while nobody waited.
# shellcheck disable=SC2034
wait_any()
{
	for pid; do
		if ! kill -0 "$pid" 2>/dev/null; then
			wait "$pid"
			return
		fi
	done
	wait -n -p pid "$@"
}
