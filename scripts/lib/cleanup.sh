# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# How a script ends, also by a signal: what it started is ended, what it made and
# does not keep is removed. Sourced behind scripts/lib.sh, once a script.
#
# A script that ends a signal's way has the status that a shell gives it: 130 for
# SIGINT, 143 for SIGTERM, 129 for SIGHUP.

# The processes to end: a process group, where the process leads one. Keys only.
declare -A children=()
# Functions to call at the end, the last first; they find the status in $rc.
at_exit=()

# shellcheck disable=SC2317	# called by the trap
cleanup()
{
	local rc=$? pid i

	trap - EXIT
	trap '' INT TERM HUP	# once is enough
	for pid in "${!children[@]}"; do
		kill -- "-$pid" 2>/dev/null || kill "$pid" 2>/dev/null || true
	done
	for pid in "${!children[@]}"; do
		wait "$pid" 2>/dev/null || true
	done
	for ((i = ${#at_exit[@]} - 1; i >= 0; i--)); do
		"${at_exit[$i]}" || true
	done
	exit "$rc"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
