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

# end_children: all of them, after 15 s with force. A signal between a child's
# fork and its exec may get lost, so it is sent again until the child is gone.
# shellcheck disable=SC2317	# called by the trap
end_children()
{
	local pid tries signal=TERM

	for ((tries = 0; tries < 200; tries++)); do
		[ "$tries" -lt 150 ] || signal=KILL
		for pid in "${!children[@]}"; do
			if ! kill -0 "$pid" 2>/dev/null; then
				unset "children[$pid]"
			elif [ $((tries % 10)) -eq 0 ]; then
				kill -s "$signal" -- "-$pid" 2>/dev/null ||
					kill -s "$signal" "$pid" 2>/dev/null || true
			fi
		done
		[ "${#children[@]}" -gt 0 ] || break
		{ sleep 0.1; } 2>/dev/null	# bash may warn of children that are gone
	done
}

# shellcheck disable=SC2317	# called by the trap
cleanup()
{
	local rc=$? i

	trap - EXIT
	trap '' INT TERM HUP	# once is enough
	end_children
	for ((i = ${#at_exit[@]} - 1; i >= 0; i--)); do
		"${at_exit[$i]}" || true
	done
	exit "$rc"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
