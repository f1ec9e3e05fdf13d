#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2119,SC2317 # functions that wait_for calls
# guest: timeout=180
# All tasks and all memory cgroups: complete, in order, none twice, each with
# what its own report says.
# shellcheck source=qemu/tests/report-lib.sh
. /tests/report-lib.sh
need_controller memory
load || bail "the module does not load"
quiet

# Tasks, threads and zombies among them, by number.
mkcg a
a=$dir
mkcg a/b
b=$dir
start "$b" -- cgl threads 3
threads=$said
start "$b" -- cgl zombie
zombie=${said##* }
start "$b" -- cgl comm "$(printf 'odd name\n')"
odd=$pid
start "$b" -- cgl tasks 300
# Without a child of ours in between: those there are before and after.
echo /proc/[0-9]*/task/[0-9]* > /tmp/before
cat /proc/cg_list/tasks > $R
echo /proc/[0-9]*/task/[0-9]* > /tmp/after
val task pid > /tmp/got
tr ' ' '\n' < /tmp/before | sed 's#.*/##' | sort -n > /tmp/want
is "$(grep -vxFf /tmp/got /tmp/want)" "" "no task is missing"
is "$(grep -cvxFf /tmp/want /tmp/got)" 1 "none too many but the reader"
is "$(wc -c < /tmp/before)" "$(wc -c < /tmp/after)" "while none came or went"
sort -n -u /tmp/got | cmp -s - /tmp/got
ok "in the order of their numbers, none twice" test $? -eq 0
ok "a zombie is one of them" grep -qx "$zombie" /tmp/got
for tid in $threads; do
	is "$(val "task,pid=$tid" tgid path id)" "${threads%% *} /a/b $(id "$b")" \
		"thread $((tid - ${threads%% *}))"
done
is "$(val "task,pid=$odd" comm)" 'odd\040name' "a comm with a space"
is "$(val "task,pid=$odd" usage)" "$(cat "$b/memory.current")" "its cgroup's usage"
is "$(val task,pid=1 id path usage)" "$(id "$memroot") / -" \
	"the root's usage is not kept"
is "$(head -n 1 $R)" "cg_list 1" "the first line"

# Memory cgroups, with pieces that do not fit into one read.
mkcg wide
wide=$dir
echo +memory > "$wide/cgroup.subtree_control"
cgl mkdirs "$wide" 300 > /dev/null
mkdir "$wide/0/z"		# without the controller: none of its own
cat /proc/cg_list/memcgs > $R
find "$memroot" -type d | while read -r d; do
	[ "$d" = "$memroot" ] || [ -e "$d/memory.current" ] || continue
	path=${d#"$memroot"}
	echo "$(stat -c %i "$d") ${path:-/}"
done | sort > /tmp/want
val memcg,online=1 id path > /tmp/got
is "$(sort /tmp/got | diff - /tmp/want)" "" "every memory cgroup that there is"
is "$(val memcg id | sort | uniq -d)" "" "none twice"
# Pre-order: a cgroup comes after its parent, and all below it at once.
awk '
{
	path = $2 == "/" ? "" : $2
	parent = path
	sub(/\/[^\/]*$/, "", parent)
	while (depth && stack[depth] != parent)
		depth--
	if (NR > 1 && !depth) {
		print "# out of order: " $0
		bad = 1
	}
	stack[++depth] = path
}
END { exit bad || NR < 300 }' /tmp/got
ok "parents first, then all that is below them" test $? -eq 0

# The lines about a cgroup are those of a report on a task in it.
about()
{
	grep -E "^[a-z]+ id=$1 " | sed "s/ id=$1//; s/ charged_id=[0-9]*//"
}
within_report()
{
	grep -E "^[a-z]+ level=$1 " | sed "s/ level=$1//; s/ id=[0-9]*//"
}
about "$(id "$b")" < $R > /tmp/memcgs-b
about "$(id "$a")" < $R > /tmp/memcgs-a
take "$odd"
is "$(cat /tmp/memcgs-b)" "$(within_report 0 < $R)" "/a/b as in a report"
is "$(cat /tmp/memcgs-a)" "$(within_report 1 < $R)" "/a as in a report"
is "$(sed 's/ .*//' /tmp/memcgs-b | uniq | tr '\n' ' ')" \
	"memcg counter lru charge slow " "its lines' order"

# With small buffers too: a piece that does not fit goes into the next read.
rawread /proc/cg_list/memcgs all:100 > /tmp/small
cat /proc/cg_list/memcgs > /tmp/large
is "$(cut -d ' ' -f 1-2 /tmp/small | md5sum)" \
	"$(cut -d ' ' -f 1-2 /tmp/large | md5sum)" "with reads of 100 bytes too"

# A cgroup that goes away while the cursor is at it, or past it.
rm -f /tmp/fifo
mkfifo /tmp/fifo
(exec rawread /proc/cg_list/memcgs read:60000 line all:4096 < /tmp/fifo > /tmp/out) &
cursor=$!
exec 7> /tmp/fifo
wait_for 5 test -s /tmp/out
rmdir "$wide/0/z"
i=0
while [ $i -lt 300 ]; do
	rmdir "$wide/$i"
	i=$((i + 2))
done
mkdir "$wide/new"
echo >&7
exec 7>&-
wait $cursor
R=/tmp/out
is "$(val memcg id | sort | uniq -d)" "" "removed meanwhile: none twice"
i=1
missing=
while [ $i -lt 300 ]; do
	grep -q "^memcg .* path=/wide/$i\$" $R || missing="$missing $i"
	i=$((i + 2))
done
is "$missing" "" "removed meanwhile: none missing of those that stayed"
is "$(tail -n 5 $R | grep -c '^memcg id=0 released=1')" 1 \
	"the line of the released ends it"

# In a cgroup namespace that is older than the controller in its root.
mkcg late
late=$dir
mkdir "$late/below"
cgroups_made="$late/below
$cgroups_made"
for turn in off on again; do
	mkfifo "/tmp/turn-$turn"
done
# shellcheck disable=SC2016	# the inner shell's own
bg enter "$late/below" cgl unshare c sh -c 'for turn in off on again; do
	echo >> /tmp/turns
	read -r _ < /tmp/turn-$turn
	cat /proc/cg_list/memcgs > /tmp/late-$turn
done; echo >> /tmp/turns; sleep 1000'
turns=0
# turn NAME WHAT SIGN...: the controller is switched, then the file is read.
turn()
{
	turns=$((turns + 1))
	name=$1
	shift
	for sign; do
		echo "${sign}memory" > "$late/cgroup.subtree_control"
	done
	echo > "/tmp/turn-$name"
	wait_for 5 turned
}
turned()
{
	[ -e /tmp/turns ] && [ "$(wc -l < /tmp/turns)" -gt "$turns" ]
}
wait_for 5 turned
turn off
R=/tmp/late-off
is "$(val memcg path)" - "without the controller: no memory cgroup of its own"
turn on +
R=/tmp/late-on
is "$(val memcg,path=/ path online)" "/ 1" "switched on since: the namespace's root"
turn again - +
R=/tmp/late-again
is "$(val memcg,online=1 path)" / "switched off and on: its new one"
done_testing
