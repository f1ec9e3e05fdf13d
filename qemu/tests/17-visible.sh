#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2119,SC2317 # functions that wait_for calls
# guest: timeout=180
# Who may see what: an ordinary user, hidepid, user, pid and cgroup namespaces, a
# container's root without a user namespace, an open file handed on.
# shellcheck source=qemu/tests/report-lib.sh
. /tests/report-lib.sh

SYS_PTRACE=19
SYS_ADMIN=21
SYSLOG=34
ADMIN="task tasks memcgs events"

load || bail "the module does not load"
quiet
mkcg a
a=$dir
start "$a" -- cgl threads 1
root=$pid
start "$a" -- cgl as 1000 cgl threads 1
user=$pid
user_thread=${said##* }

# keys: the keys in $R, each once.
keys()
{
	sed 's/ .*//' "${1:-$R}" | sort -u | tr '\n' ' '
}

# secrets: those of them that only a tracer may see.
secrets()
{
	grep -oE '^(ns|cset_task|event|slow) ' $R | sort -u | tr -d '\n'
}

# What they are: a stock kernel does not tell who else is on a css_set.
all="event ns slow "
! patched || all="cset_task $all"

if served; then
	take "$root"
	cp $R /tmp/by-root
	is "$(secrets)" "$all" "root sees everything"

	cgl as 1000 cat "/proc/$root/cg_list" > $R
	is "$(secrets)" "" "a user and a task of root's: nothing that needs ptrace"
	# Pages of tasks that have just ended leave the lists, and the counter, a
	# little later.
	all_the_rest()
	{
		cat "/proc/$root/cg_list" > /tmp/by-root
		cgl as 1000 cat "/proc/$root/cg_list" > "$R"
		[ "$(grep -v '^lru ' "$R")" = \
			"$(grep -vE '^(ns|cset_task|event|slow|lru) ' /tmp/by-root)" ]
	}
	ok "and all the rest" wait_for 5 all_the_rest ||
		diff /tmp/by-root $R | sed 's/^/# /'
	is "$(grep -c '^lru ' $R)" "$(grep -c '^lru ' /tmp/by-root)" \
		"the LRU lists too"
	cgl as 1000 cat "/proc/$user/cg_list" > $R
	is "$(secrets)" "$all" "a user and his own task"
	is "$(grep -c ' stack=' $R)" 0 "without symbols of the kernel"
	cgl as 1001 cat "/proc/$user/cg_list" > $R
	is "$(secrets)" "" "another user"
	cgl as 1001 cat "/proc/$user/task/$user/cg_list" > $R
	is "$(secrets)" "" "another user, the thread's file"

	# The credentials that count are those of who opened it.
	cgl fd "/proc/$root/cg_list" cgl as 1000 cat /dev/fd/9 > $R 2> /tmp/err
	[ -s $R ] || cgl fd "/proc/$root/cg_list" \
		cgl as 1000 sh -c 'cat <&9' > $R
	is "$(secrets)" "$all" "a file that root opened"

	cgl as 1000 sh -c 'exec cgl show - < /proc/self/cg_list' > $R
	is "$(secrets)" "$all" "a user and itself"
	cp /bin/cgl /tmp/cgl.suid
	chmod 4755 /tmp/cgl.suid
	cgl as 1000 sh -c 'exec /tmp/cgl.suid show - < /proc/self/cg_list' > $R
	ok "a user opens its own and executes a set-user-ID program" test -s $R
	is "$(secrets)" "" "which is given what the user may see"
	cp /bin/cgl /tmp/cgl.sgid
	chown 0:43 /tmp/cgl.sgid
	chmod 2755 /tmp/cgl.sgid
	cgl as 1000 /tmp/cgl.sgid show /proc/self/cg_list > $R
	is "$(secrets)" "$all" \
		"a set-group-ID program that opens its own"

	# A task that may not be dumped is its user's no more.
	cgl nocap $SYS_PTRACE cat "/proc/$root/cg_list" > $R
	is "$(secrets)" "" "root without CAP_SYS_PTRACE and with less than the task"
	cgl nocap $SYS_PTRACE cgl unshare U cat "/proc/$root/cg_list" > $R
	is "$(secrets)" "" "the root of a user namespace and a task outside it"
	cgl nocap $SYSLOG cat "/proc/$root/cg_list" > $R
	is "$(grep -c ' stack=' $R)" 0 "no symbols without CAP_SYSLOG"
	is "$(secrets)" "$all" "but the rest"

	# hidepid
	mount -o remount,hidepid=2 /proc
	is "$(cgl as 1000 cgl read "/proc/$root/cg_list")" "open ENOENT" \
		"hidepid=2: a task of root's is not there"
	is "$(cgl as 1000 cgl read "/proc/$user/cg_list" | cut -d ' ' -f 1)" ok \
		"hidepid=2: his own is"
	# Nor is it named in what is told of his own, which shares its css_set.
	named()
	{
		sed -n "s/^cset_task pid=\\([0-9]*\\) .*/\\1/p" $R | sort -n | tr '\n' ' '
	}
	others()
	{
		grep -E "^event " $R | grep -oE " (pid|tgid|victim|moved)=[0-9]+" |
			sed "s/.*=//" | grep -vwE "$user" | sort -u | tr '\n' ' '
	}
	for how in 1 2 4; do
		mount -o remount,hidepid=$how /proc
		cgl as 1000 cat "/proc/$user/cg_list" > $R
		! patched || is "$(named)" "$user $user_thread " \
			"hidepid=$how: his own threads are named"
		is "$(others)" "" "hidepid=$how: no event names another task"
		! patched ||
			ok "hidepid=$how: the others are counted" grep -q '^cset_task more=' $R
		cat "/proc/$user/cg_list" > $R
		! patched || ok "hidepid=$how: root is told of root's" \
			grep -q "^cset_task pid=$root " $R
		[ $how = 4 ] && continue
		mount -o remount,gid=1000 /proc
		cgl as 1000 cat "/proc/$user/cg_list" > $R
		! patched || ok "hidepid=$how: so is the group gid=" \
			grep -q "^cset_task pid=$root " $R
		mount -o remount,gid=0 /proc
	done
	mount -o remount,hidepid=0 /proc
	cgl as 1000 cat "/proc/$user/cg_list" > $R
	! patched ||
		ok "hidepid=0: everybody is told" grep -q "^cset_task pid=$root " $R
	ok "and whose event it was" test -n "$(others)"

	mount -o remount,hidepid=1 /proc
	is "$(cgl as 1000 cgl read "/proc/$root/cg_list")" "open EPERM" \
		"hidepid=1: may not be opened"
	mount -o remount,hidepid=0 /proc
else
	skip "/proc/PID/cg_list" "there is no such file"
fi

# The files about all.
for f in $ADMIN; do
	is "$(cgl as 1000 cgl read "/proc/cg_list/$f")" "open EACCES" \
		"a user: $f"
	is "$(cgl nocap $SYS_ADMIN cgl read "/proc/cg_list/$f")" "open EPERM" \
		"a container's root: $f"
	is "$(cgl nocap all cgl read "/proc/cg_list/$f")" "open EPERM" \
		"root without any capability: $f"
	is "$(cgl unshare U cgl read "/proc/cg_list/$f")" "open EPERM" \
		"the root of a user namespace: $f"
done
is "$(cgl as 1000 cgl write /proc/cg_list/reset 1)" "open EACCES" "a user: reset"
is "$(cgl nocap $SYS_ADMIN cgl write /proc/cg_list/reset 1)" "open EPERM" \
	"a container's root: reset"
is "$(cgl unshare U cgl write /proc/cg_list/reset 1)" "open EPERM" \
	"the root of a user namespace: reset"
is "$(cgl nocap $SYS_ADMIN rawread -w /proc/cg_list/task read:10)" \
	"open: errno EPERM" "a container's root: task, for writing too"
is "$(cgl as 1000 cgl read /proc/cg_list/status | cut -d ' ' -f 1)" ok \
	"anybody: status"
is "$(stat -c '%a %n' /proc/cg_list /proc/cg_list/* | sort -k 2)" \
"555 /proc/cg_list
400 /proc/cg_list/events
400 /proc/cg_list/memcgs
200 /proc/cg_list/reset
444 /proc/cg_list/status
600 /proc/cg_list/task
400 /proc/cg_list/tasks" "the modes"
cgl nocap $SYS_PTRACE cgl show /proc/cg_list/task "$root" > $R
is "$(secrets)" "" "task, without CAP_SYS_PTRACE: nothing that needs it"
cgl show /proc/cg_list/task "$root" > $R
ok "task, with it: the namespaces" test -n "$(secrets)"
# A user namespace's capabilities do not help, on whatever proc.
is "$(cgl unshare UpP cgl read /proc/cg_list/tasks)" "open EPERM" \
	"a container of its own, with its own proc: tasks"

# A pid namespace's reader sees its own tasks, by its own numbers.
# shellcheck disable=SC2016
cgl unshare pP sh -c 'sleep 60 & cat /proc/cg_list/tasks; kill $!' > $R
is "$(val task pid path | tr '\n' ' ')" "1 /shell 2 /shell 3 /shell " "in a pid namespace: tasks"
if served; then
	is "$(cgl unshare pP cgl read "/proc/$root/cg_list")" "open ENOENT" \
		"in a pid namespace: no task outside it"
fi

# A cgroup namespace's reader: nothing outside it.
mkcg ns
namespace "$dir"
mkcg ns/sub
start "$dir" -- cgl comm inside
within cat /proc/cg_list/tasks > $R
is "$(val "task,pid=$root" id usage path)" "- - -" \
	"in a cgroup namespace: of a task outside, nothing about its cgroup"
is "$(val "task,pid=$pid" id path)" "$(id "$dir") /sub" \
	"in a cgroup namespace: of one inside, all"
within cat /proc/cg_list/memcgs > $R
is "$(val memcg path | grep -v -- -)" "/
/sub" "in a cgroup namespace: memcgs"
is "$(val memcg id | head -n 2)" "$(id "$memroot/ns")
$(id "$dir")" "in a cgroup namespace: their ids"

# others: events in $R of tasks other than the one the report is about.
others()
{
	grep '^event ' "$1" | grep -vc " pid=$root "
}

if served; then
	ok "root: a report has its cgroup's events, whoever caused them" \
		test "$(others /tmp/by-root)" -gt 0
	within cat "/proc/$root/cg_list" > $R
	is "$(others $R)" 0 \
		"in a cgroup namespace: no events of a cgroup outside"
fi

# No address of the kernel's, for anybody.
cat /proc/cg_list/memcgs /proc/cg_list/tasks /proc/cg_list/status \
	/tmp/by-root > /tmp/all 2> /dev/null
rawread /proc/cg_list/events nonblock all:65536 >> /tmp/all
is "$(grep -cE 'ffff[0-9a-f]{12}|=0x' /tmp/all)" 0 "no address, anywhere"
done_testing
