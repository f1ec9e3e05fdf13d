#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2119,SC2317 # functions that wait_for calls
# guest: timeout=180
# Where a task is: paths of every kind, from in- and outside of a cgroup
# namespace, before and after it moves; against /proc/PID/cgroup (cgroup v2; v1
# has a test of its own).
# shellcheck source=qemu/tests/report-lib.sh
. /tests/report-lib.sh
load || bail "the module does not load"

# agrees PID WHAT: the cgroup lines are those of /proc/PID/cgroup.
agrees()
{
	take "$1"
	is "$(val cgroup hierarchy path)" "$(sed 's/:[^:]*:/ /' "/proc/$1/cgroup" |
		while IFS= read -r line; do
			printf '%s ' "${line%% *}"
			printf '%s' "${line#* }" | escaped
			echo
		done)" "$2: as /proc/PID/cgroup has it"
}

agrees 1 "the root"
is "$(val cgroup,hierarchy=0 path)" / "the root: /"

mkcg a
mkcg a/b
b=$dir
start "$b" -- cgl comm here
agrees "$pid" "two levels deep"
is "$(val memcg path)" "/a/b
/a
/" "the memory cgroups' paths"
is "$(val cgroup,hierarchy=0 controllers)" \
	"$(tr ' ' , < "$b/cgroup.controllers")" "its controllers"
mkcg other
other=$dir
move "$pid" "$other"
agrees "$pid" "moved up"
is "$(val memcg level)" "0
1" "moved up: a level less"
is "$(val cgroup,hierarchy=0 controllers)" \
	"$(tr ' ' , < "$other/cgroup.controllers")" "moved up: its controllers"
move "$pid" "$cgroot"
agrees "$pid" "moved to the root"
is "$(val cgroup,hierarchy=0 controllers)" \
	"$(tr ' ' , < "$cgroot/cgroup.controllers")" "the root's controllers"

odd=$(printf 'a b\\c\t\033[31m\351\177')
mkcg "$odd"
move "$pid" "$dir"
agrees "$pid" "a space, a backslash, a tab, an escape sequence, Latin-1"
is "$(val cgroup,hierarchy=0 path)" \
	"$(printf '/a\\040b\\134c\\011\\033[31m\351\\177')" "escaped"
is "$(val memcg,level=0 path)" "$(val cgroup,hierarchy=0 path)" \
	"in the memory line too"
cat /proc/cg_list/memcgs > $R
is "$(val "memcg,id=$(id "$dir")" path)" \
	"$(printf '/a\\040b\\134c\\011\\033[31m\351\\177')" "in memcgs too"
cat /proc/cg_list/tasks > $R
is "$(val "task,pid=$pid" path)" \
	"$(printf '/a\\040b\\134c\\011\\033[31m\351\\177')" "in tasks too"

# look PID: its report as a reader in the namespace has it.
look()
{
	if served; then
		within cat "/proc/$1/cg_list" > $R
	else
		within cgl show /proc/cg_list/task "$1" > $R
	fi
}

# From inside a cgroup namespace: nothing above its root, no task outside it.
mkcg ns
ns=$dir
namespace "$ns"
start "$ns" -- cgl comm top
top=$pid
look "$top"
is "$(val cgroup,hierarchy=0 path) $(val memcg level path)" "/ 0 /" \
	"in a namespace: a task in its root"
move "$top" "$cgroot"
mkcg ns/sub
sub=$dir
move "$pid" "$sub"
start "$other" -- cgl comm outside
outside=$pid
start "$sub" -- cgl comm inside
inside=$pid
look "$inside"
is "$(val cgroup,hierarchy=0 path)" /sub "in a namespace: relative to its root"
is "$(val memcg level path)" "0 /sub
1 /" "in a namespace: the levels end at its root"
is "$(val memcg id)" "$(id "$sub")
$(id "$ns")" "in a namespace: the ids are the same"
is "$(val cpuset path)" "$([ -e "$sub/cpuset.cpus" ] && echo /sub || echo /)" \
	"in a namespace: the cpuset's path"
look "$outside"
is "$(val task pid) $(val cgroup,hierarchy=0 path)" "$outside -" \
	"in a namespace: the cgroup of a task outside it is not named"
is "$(grep -cE '^(memcg|counter|lru|charge|slow|origin) ' $R)" 0 \
	"in a namespace: nor is there any memory line"
is "$(grep -cE ' (from|to|memcg|limiter)=' $R)" 0 \
	"in a namespace: nor does an event name a cgroup outside it"
is "$(grep -c '/\.\.' $R)" 0 "in a namespace: no /.."
is "$(val cpuset path)" - "in a namespace: nor the cpuset"

# The namespace that counts is the reader's, not the task's.
start "$sub" -- cgl unshare c cgl comm own
take "$pid"
is "$(val cgroup,hierarchy=0 path)" /ns/sub "the task's own namespace does not count"

# A path of the greatest length: 4,095 bytes are one, 4,096 are not.
name=$(printf '%0255d' 0)
: > /tmp/long
(
	cd "$ns" || exit
	# /ns and 15 names of 255: 3 + 15 * 256 = 3843 bytes.
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
		mkdir "$name" && cd "$name" || exit
	done
	# Inside, a path is relative: open() would not take a longer one.
	last=$(printf '%0250d' 0)
	mkdir "$last" "1$last" "12$last" "${name}"
	for d in "$last" "1$last" "12$last" "$name"; do
		sh -c 'echo $$ > "$0/cgroup.procs"; exec sleep 1000' "$d" &
		echo $! >> /tmp/long
		while ! grep -q . "$d/cgroup.procs"; do
			usleep 10000
		done
	done
	mkdir "$name/$name"
	wait
) &
jobs_started="$jobs_started $!"
four()
{
	[ "$(wc -l < /tmp/long)" = 4 ]
}
wait_for 10 four
usleep 100000
long=$(cat /tmp/long)
# shellcheck disable=SC2086
set -- $long
take "$1"
is "$(val cgroup,hierarchy=0 path | wc -c)" 4095 "a path of 4,094 bytes"
agrees "$1" "a path of 4,094 bytes"
take "$2"
is "$(val cgroup,hierarchy=0 path | wc -c)" 4096 "a path of 4,095 bytes"
take "$3"
is "$(val cgroup,hierarchy=0 path | wc -c)" 4097 "a path of PATH_MAX bytes"
take "$4"
is "$(val cgroup,hierarchy=0 path) $(val task pid)" "- $4" \
	"a longer one is absent"
is "$(val memcg path | tail -n 1)" / "and the rest is there"
cat /proc/cg_list/tasks > $R
is "$(val "task,pid=$2" path) $(val "task,pid=$4" path)" \
	"/ns/$name /ns/$name" "tasks: the nearest memory cgroup"
# shellcheck disable=SC2086
kill -KILL $long
cgl rmtree "$ns/$name"

# The longest line of the stream: two such paths, with each byte escaped.
if ! grep -q '^unseen name=moves' /proc/cg_list/status; then
	blank=$(printf '%255s' '')
	(
		cd "$ns" || exit
		for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
			mkdir "$blank" && cd "$blank" || exit
		done
		last=$(printf '%250s' '')
		mkdir "$last" "$last "
		echo 0 > "$last/cgroup.procs"
		echo 0 > "$last /cgroup.procs"
		rawread /proc/cg_list/events nonblock all:65536 > /tmp/stream
		rawread /proc/cg_list/events nonblock all:32768 > /tmp/short
		echo 0 > "$cgroot/cgroup.procs"
	)
	grep "^event " /tmp/stream | tail -n 1 > $R
	is "$(val event from | wc -c) $(val event to | wc -c)" "16320 16324" \
		"events: two paths of blanks"
	ok "events: and whole otherwise" grep -q ' threads=1 ret=0' $R
	ok "events: a buffer too short for it is EINVAL" \
		grep -q 'errno EINVAL' /tmp/short
	cgl rmtree "$ns/$blank"
else
	skip "events: two paths of blanks" "the source in use does not tell moves"
fi
done_testing
