#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2119,SC2317 # functions that wait_for calls
# guest: timeout=180
# Reading as such: the form of the text, however it is read; tasks of every
# kind; what is not there, and what was never meant.
# shellcheck source=qemu/tests/report-lib.sh
. /tests/report-lib.sh

if served; then
	is "$(cgl read /proc/self/cg_list)" "read ENODEV" "without the module"
fi
load || bail "the module does not load"

quiet
mkcg a
namespace "$dir"
mkcg a/b
b=$dir

# A name of every kind of byte that has to be escaped.
start "$b" -- cgl comm "$(printf 'a\nb\033[1m\\ c\177')"
one=$pid
take "$one"
is "$(head -n 1 $R)" "cg_list 1" "the first line"
well_formed()
{
	awk '
	NR == 1 { next }
	!/^[a-z_]+( [a-z0-9_]+=[^ ]*)+$/ || /[^ -~]/ { print "# " $0; bad = 1 }
	END { exit bad || NR < 10 }' "$1"
}
ok "each line is a key and names with values" well_formed $R
is "$(tail -c 1 $R | hexdump -e '/1 "%02x"')" 0a "it ends with a newline"
is "$(val task comm)" 'a\012b\033[1m\134\040c\177' "comm"
is "$(val task comm)" "$(head -c -1 "/proc/$one/comm" | escaped)" \
	"comm as /proc/PID/comm has it"
is "$(val task pid tgid state)" "$(awk '
	$1 == "State:" { state = $2 }
	$1 == "Tgid:" { tgid = $2 }
	$1 == "Pid:" { pid = $2 }
	END { print pid, tgid, state }' "/proc/$one/status")" "pid, tgid, state"

# odd_reads FILE [PID]: the same text however it is read, by how many at a time.
# The reader's own cgroup, whose numbers move on, is outside of its namespace.
odd_reads()
{
	within cgl same "$@" > /tmp/same
	rc=$?
	ok "the same text however it is read: $1" test $rc -eq 0
	sed 's/^/# /' /tmp/same
	file=$1
	shift
	cgl many "$file" 1000 "$@" > /tmp/many
	rc=$?
	ok "1,000 open at a time: $file" test $rc -eq 0
	sed 's/^/# /' /tmp/many
}
if served; then
	odd_reads "/proc/$one/cg_list"
	odd_reads "/proc/$one/task/$one/cg_list"
fi
odd_reads /proc/cg_list/tasks
odd_reads /proc/cg_list/memcgs
odd_reads /proc/cg_list/task "$one"

if served; then
	report_by_task "$one" > /tmp/task
	cat "/proc/$one/cg_list" > $R
	is "$(diff /tmp/task $R)" "" "task tells the same as /proc/PID/cg_list"
	is "$(cgl dying)" "ESRCH ESRCH ENOENT" \
		"a task that dies while its file is open"
fi

# Threads
start "$b" -- cgl threads 3
for tid in $said; do
	take "$pid" "$tid"
	is "$(val task pid tgid)" "$tid $pid" "thread $((tid - pid))"
done

# A zombie keeps its css_set until it is reaped.
start "$b" -- cgl zombie
take "$said"
is "$(val task pid state)" "$said Z" "a zombie"
is "$(val memcg,level=0 path)" /a/b "a zombie's memory cgroup"
if [ "$cg" = v2 ]; then
	is "$(val cgroup,hierarchy=0 path)" /a/b "a zombie's cgroup"
fi
start "$b" -- cgl deadleader
take "$pid"
is "$(val task pid state)" "$pid Z" "a first thread that has exited"
take "$pid" "${said#* }"
is "$(val task pid tgid state)" "${said#* } $pid S" "one that outlives it"

# What is written to `task`.
T=/proc/cg_list/task
long=$(printf '%5000s' 1)
for text in '' ' ' x 12x -1 0 0x10 1.0 99999999999999999999 2147483648 \
	-2147483649 '1 1' "$long"; do
	is "$(cgl write $T "$text")" EINVAL \
		"task: '$(printf %.24s "$text")' is refused"
done
is "$(cgl write $T "$(printf '%036d' $one)")" EINVAL "task: a number in 36 digits is refused"
nok "task: bytes behind a NUL are refused" \
	sh -c "printf '$one\\0junk' > $T 2> /dev/null" 2> /dev/null
is "$(cgl write $T 4194305)" ESRCH "task: a number that nobody has"
is "$(cgl write $T 2147483647)" ESRCH "task: the highest number"
is "$(cgl write $T "$one
")" ok "task: a newline is fine"
is "$(rawread -w $T read:10)" "read:10: errno EINVAL" \
	"task: nothing is chosen yet"
sh -c 'exit 0' &
dead=$!
wait $dead
is "$(cgl read $T $dead)" "write ESRCH" "task: a dead one"
sleep 100 &
dead=$!
exec 8<> $T
echo $dead >&8
stop $dead
is "$(cat <&8 2>&1)" "cat: read error: No such process" \
	"task: one that has died since"
exec 8>&-
exec 8<> $T
echo "$one" >&8
is "$(cgl get - task pid <&8)" "$one" "task: one task"
echo "$pid" >&8
is "$(cgl get - task pid <&8)" "$pid" "task: another one in the same file"
echo junk >&8 2> /dev/null
is "$(cgl get - task pid <&8)" "" "task: a refused write does not rewind"
exec 8>&-
# shellcheck disable=SC2016
is "$(cgl unshare pP sh -c '
	cgl read /proc/cg_list/task 1000000
	cgl read /proc/cg_list/task '"$one"'
	cgl show /proc/cg_list/task $$ | cgl get - task pid tgid')" "write ESRCH
write ESRCH
1 1" "task: numbers are the reader's"

if served; then
	# shellcheck disable=SC2016
	is "$(cgl fd /proc/self/cg_list sh -c 'rmmod cg_list; cat <&9' 2>&1)" \
		"cat: read error: No such device" \
		"a file that is open does not hold the module"
else
	unload
fi
nok "the directory goes with the module" test -e /proc/cg_list
done_testing
