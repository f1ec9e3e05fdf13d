# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the host's scripts share: where things are, how to say what goes on,
# and how to end. Sourced, after `set -euo pipefail`.

# shellcheck disable=SC2034  # for the scripts that source this
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
me=$(basename "$0")

# Where everything is built and kept: outside the checkout.
cache=${CG_LIST_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/cg_list}

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
