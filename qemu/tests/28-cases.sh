#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cg=v2 timeout=240
#
# Situations that people report, and what memcgstat says of them: a limit that is
# not the process's own, a kill of another process, a throttled service, swap,
# names that are gone, a container.
# shellcheck source=qemu/tests/lib.sh
. /tests/lib.sh
need_controller memory

export LC_ALL=C NO_COLOR=1

# said WHAT PATTERN [FILE]: it is in what was printed.
said()
{
	ok "$1" grep -qE -- "$2" "${3:-/tmp/out}" || diag "$(head -n 12 "${3:-/tmp/out}")"
}

not_said()
{
	nok "$1" grep -qE -- "$2" "${3:-/tmp/out}" || diag "$(head -n 12 "${3:-/tmp/out}")"
}

# A container without the module: the files give the numbers of its "/".
container()
{
	mkcg box
	limit "$dir" 64M
	cat > /tmp/inside <<- 'END'
		umount -l /sys/fs/cgroup
		mount -t cgroup2 c /sys/fs/cgroup
		memcgstat -p $$ -c 1 --noheadings --bytes -o cgroup,limit,left,whose
		memcgstat tree --noheadings --bytes -o cgroup,limit,limiter
		memcgstat export
	END
	enter "$dir" cgns unshare -m sh /tmp/inside > /tmp/out 2> /tmp/err
	said "$1: -p: the limit of /, and what is left" "^/ +67108864 +[0-9]+ /$"
	said "$1: tree: the limit of /" "^/ +67108864 itself$"
	said "$1: export: the limit of /" '^memcg_limit_bytes\{cgroup="/",counter="memory"\} 67108864$'
	rmcg "$dir"
}

# Killed by the limit of a cgroup that cannot be seen from inside.
hidden_limiter()
{
	mkcg pod
	pod=$dir
	mkcg pod/inner
	# The reader is inside, too: it has room, and is not to be killed in its place.
	limit "$pod" 32M
	set_to "$dir" max 256M
	cat > /tmp/inside <<- 'END'
		umount -l /sys/fs/cgroup
		mount -t cgroup2 c /sys/fs/cgroup
		hog -i 0.02 &
		echo -1000 > /proc/self/oom_score_adj
		memcgstat -p $! -i 0.1
	END
	enter "$dir" cgns unshare -m sh /tmp/inside > /tmp/out 2>&1
	said "$1: it was killed for memory" "^killed for memory after"
	not_said "$1: and not by the machine" "machine was out of memory"
	not_said "$1: nor by the limit of /" "limit of /( |,|$)"
	rmcg "$pod"
}

# A worker is killed, the process that is watched lives on.
child_killed()
{
	mkcg web
	limit "$dir" 24M
	# shellcheck disable=SC2016	# it is the inner shell's
	bg enter "$dir" sh -c 'while :; do hog -i 0.01 > /dev/null; sleep 1; done'
	memcgstat -p "$bg" -i 0.5 -c 12 > /tmp/out 2> /tmp/err
	said "$1: -p tells of the other process that was killed" "killed for memory"
	kill -KILL "$bg"
	rmcg "$dir"
}

# memory.high below what is needed, no swap: it crawls.
throttled()
{
	mkcg svc
	set_to "$dir" high 16M
	set_to "$dir" max 200M
	[ ! -e "$dir/memory.swap.max" ] || set_to "$dir" swap_max 0
	bg enter "$dir" hog -i 0.01 -m 120M
	# shellcheck disable=SC2016	# it is the inner shell's
	wait_for 20 sh -c '[ "$(cat "$0/memory.current")" -gt 17500000 ]' "$dir"
	memcgstat -p "$bg" -i 0.3 -c 2 > /tmp/out 2> /tmp/err
	said "$1: -p says that memory.high slows it down" "/svc is above its memory.high of 16M"
	said "$1: -p has a column for it" "HIGH"
	memcgstat tree > /tmp/out 2> /tmp/err
	said "$1: tree has a column for it" "HIGH"
	memcgstat export > /tmp/out 2> /tmp/err
	said "$1: export: nothing is left of it" \
		'^memcg_left_bytes\{cgroup="/svc",limit="high"\} 0$'
	kill -KILL "$bg"
	rmcg "$dir"
}

# Nothing is killed since all goes to swap.
swapping()
{
	swap_on 200 || {
		skip "$1: swap is told" "no swap on this kernel"
		return
	}
	mkcg swapper
	set_to "$dir" max 16M
	bg enter "$dir" hog -i 0.005 -m 40M
	# shellcheck disable=SC2016	# it is the inner shell's
	wait_for 30 sh -c '[ "$(cat "$0/memory.swap.current")" -gt 8000000 ]' "$dir"
	memcgstat tree > /tmp/out 2> /tmp/err
	said "$1: tree has the swap" "SWAP"
	memcgstat show "$bg" > /tmp/out 2> /tmp/err
	said "$1: show has the swap" "SWAP"
	kill -KILL "$bg"
	rmcg "$dir"
	swap_off
}

# Removed right after the kill, as container runtimes do.
removed()
{
	mkcg gone
	pod=$dir
	mkcg gone/ctr
	limit "$pod" 16M
	bg enter "$dir" hog -i 0.005
	victim=$bg
	wait "$victim"
	wait_for 5 rmdir "$dir"
	memcgstat events -t oom_kill > /tmp/out 2> /tmp/err
	not_said "removed: the events name it or its number" "not named"
	said "removed: the kill has a date" "^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]+ oom_kill"
	memcgstat -p "$victim" > /tmp/out 2>&1
	is $? 1 "a process that is gone: status 1"
	is "$(wc -l < /tmp/out)" 1 "a process that is gone: one line"
	said "a process that is gone: what killed it" "was killed for memory at [0-9-]+ [0-9:.]+, by the .*limit of /gone"
	memcgstat show "$victim" > /tmp/out 2>&1
	said "show of it: too" "was killed for memory"
	# another one of the same name
	mkcg gone/ctr
	set_to "$dir" max 48M
	is "$(memcgstat show -g /gone/ctr --noheadings --bytes -o limit 2> /tmp/err | head -n 1)" \
		50331648 "a path means the cgroup that is there now"
	rmcg "$pod"
}

# Events are kept, but not all.
overwritten()
{
	mkcg noise
	limit "$dir" 8M
	bg sleep 1000
	move "$bg" "$dir"
	move "$bg" "$cgroot"
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		move "$bg" "$dir"
		move "$bg" "$cgroot"
	done
	memcgstat events -p "$bg" > /tmp/out 2> /tmp/err
	is $? 0 "overwritten: status 0"
	said "overwritten: how many older events are gone" "[0-9]+ older events? w.* overwritten" /tmp/err
	kill -KILL "$bg"
	rmcg "$dir"
}

# Processes beside controllers.
refused()
{
	mkcg p
	parent=$dir
	mkcg p/q
	echo +memory > "$parent/cgroup.subtree_control"
	bg sleep 1000
	move "$bg" "$parent" 2> /dev/null
	memcgstat events -t migrate > /tmp/out 2> /tmp/err
	said "refused: the reason in words" "refused, .*no process may be beside them"
	kill -KILL "$bg"
	rmcg "$parent"
}

# Whose birth no event tells.
born()
{
	mkcg cradle
	bg enter "$dir" sh -c 'sleep 1000 & wait'
	# shellcheck disable=SC2016	# it is the inner shell's
	wait_for 5 sh -c '[ "$(wc -l < "$0/cgroup.procs")" = 2 ]' "$dir"
	child=$(tail -n 1 "$dir/cgroup.procs")
	memcgstat events -p "$child" > /tmp/out 2> /tmp/err
	said "born: no event tells, and that is said" "is in /cradle, .* born there"
	rmcg "$dir"
}

# Not killed for memory, and one that cannot be told apart.
endings()
{
	bg sleep 1000
	memcgstat -p "$bg" -i 5 > /tmp/out 2>&1 &
	watcher=$!
	wait_for 10 grep -q USAGE /tmp/out
	kill -KILL "$bg"
	wait "$watcher"
	is $? 1 "$1: killed by somebody: status 1"
	said "$1: killed by somebody, not for memory" "not killed for memory"
}

container "without the module"
hidden_limiter "without the module"
child_killed "without the module"
throttled "without the module"
swapping "without the module"
endings "without the module"

ok "the module loads" load || bail "no module"
hidden_limiter "with the module"
child_killed "with the module"
throttled "with the module"
removed
born
refused
endings "with the module"
overwritten
done_testing
