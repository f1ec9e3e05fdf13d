# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2119 # for the tests that source this
#
# What the tests of the report share, beyond lib.sh: a test takes reports into
# $R, and asks for values in it.

# shellcheck source=qemu/tests/lib.sh
. /tests/lib.sh

R=/tmp/report
said=

# take PID [TID]: its report, into $R.
take()
{
	report "$@" > $R
}

# val KEY[,NAME=VALUE...] NAME...: those values in $R's lines of that key which
# have the others, a line each; '-' where one is absent.
val()
{
	cgl get $R "$@"
}

# start DIR... -- COMMAND...: a task in those cgroups; $pid is its number, $said
# the first line that it prints, for which it is waited.
start()
{
	# Anew: one before that says more than a line still writes to its own.
	rm -f /tmp/said
	# shellcheck disable=SC2016	# the inner shell's own
	bg sh -c '
		while [ "$1" != -- ]; do
			echo $$ > "$1/cgroup.procs" || exit
			shift
		done
		shift
		exec "$@"' sh "$@" > /tmp/said
	pid=$bg
	wait_for 20 start_heard || diag "no word from: $*"
	read -r said < /tmp/said
}

start_heard()
{
	[ "$(wc -l < /tmp/said)" -gt 0 ] || ! [ -e "/proc/$pid/stat" ] ||
		zombie "$pid"
}

# stop PID...: and wait for it.
stop()
{
	kill -KILL "$@"
	wait "$@" 2> /dev/null
}

# quiet: move this shell out of the root cgroup, whose own pages and counts then
# stay as they are while it works.
quiet()
{
	mkcg shell
	move $$ "$dir"
	trap 'move $$ "$memroot"; undo' EXIT
}

# namespace DIR: a cgroup namespace whose root is DIR, which has no children yet;
# its holder, $holder, is moved to the root cgroup.
namespace()
{
	start "$1" -- cgl unshare c cgl comm holder
	holder=$pid
	move "$holder" "$memroot"
}

# within COMMAND...: in the cgroup namespace made last, in our own cgroup.
within()
{
	cgl join "$holder" "$@"
}

# id DIR: the number of a cgroup.
id()
{
	stat -c %i "$1"
}

# moves: into $R, the migrate events since the last time; forget_moves: none of
# them matters.
moves()
{
	rawread /proc/cg_list/events nonblock all:65536 > /tmp/events
	after_mark < /tmp/events > $R
	mark=$(cgl get /tmp/events event seq | tail -n 1)
}

forget_moves()
{
	moves
}

# need_moves: skip where the source in use does not tell them.
need_moves()
{
	! grep -q '^unseen name=moves\\040between\\040cgroups ' \
		/proc/cg_list/status ||
		skip_all "the source in use does not tell moves"
}

# after_mark: of events on standard input, the migrate ones after $mark.
after_mark()
{
	awk -v mark="${mark:--1}" '
	$1 == "event" && / type=migrate / {
		split($2, seq, "=")
		if (seq[2] > mark + 0)
			print
	}'
}

# escaped: names as the report has them, from standard input.
escaped()
{
	hexdump -v -e '/1 "%02x\n"' | awk '
	function hex(s, digits) {
		digits = "0123456789abcdef"
		return (index(digits, substr(s, 1, 1)) - 1) * 16 +
			index(digits, substr(s, 2, 1)) - 1
	}
	{
		c = hex($1)
		if (c <= 32 || c == 92 || c == 127)
			printf "\\%d%d%d", c / 64, c / 8 % 8, c % 8
		else
			printf "%c", c
	}'
}
