# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the tests of the event stream share, on top of charge-lib.sh.

# shellcheck source=qemu/tests/charge-lib.sh
. /tests/charge-lib.sh

events=/proc/cg_list/events

# oom DIR: a process is killed there; at least three events: oom, oom_kill,
# charge_fail. $oom_pid is who.
oom()
{
	# shellcheck disable=SC2034	# for the caller
	oom_pid=$(enter "$1" sh -c 'echo $$ && exec hog -m 64M' 2>/dev/null)
}

# sleeper DIR: a task that is there until the end: $sleeper.
sleeper()
{
	# shellcheck disable=SC2016	# the inner shell's own parameters
	bg enter "$1" sh -c 'echo $$ > /tmp/sleeper && exec sleep 1000'
	wait_for 5 test -s /tmp/sleeper
	# shellcheck disable=SC2034	# for the caller
	sleeper=$(cat /tmp/sleeper)
	rm /tmp/sleeper
}

# oom_cgroup PATH: a memory cgroup where that takes no time: $dir.
oom_cgroup()
{
	mkcg "$1"
	limit "$dir" 2M
}

# all_events: what is kept, as a reader that comes now sees it.
all_events()
{
	rawread "$events" nonblock all:32768 2>&1 | grep '^event '
}

# event_facts TYPE NAME [NAME=VALUE]...: of the kept events of a type.
event_facts()
{
	event_type=$1
	shift
	event_name=$1
	shift
	all_events | facts event "$event_name" "type=$event_type" "$@"
}

# consecutive: the lines on standard input have one seq after the other.
consecutive()
{
	awk '{
		split($2, seq, "=")
		if (NR > 1 && seq[2] != last + 1)
			exit bad = 1
		last = seq[2]
	}
	END { exit bad || !NR }'
}
