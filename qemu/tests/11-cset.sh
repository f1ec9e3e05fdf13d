#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2119,SC2317 # functions that wait_for calls
# guest: timeout=180
# The css_set: who shares it, what refers to it, threaded and dead ones; against
# cgroup.threads and the debug controller.
# shellcheck source=qemu/tests/report-lib.sh
. /tests/report-lib.sh
need_patched
load || bail "the module does not load"

mkcg a
a=$dir

# The debug controller tells of the css_set of the task that reads it.
debug=/tmp/debug
mkdir -p $debug
if mount -t cgroup -o debug debug $debug; then
	mkcg self
	enter "$dir" cgl self $debug/debug.current_css_set_refcount \
		$debug/debug.current_css_set_cg_links \
		$debug/debug.current_css_set > /tmp/self
	awk -v RS='--\n' '{ f = "/tmp/self." (NR - 1); printf "%s", $0 > f; close(f) }' \
		/tmp/self
	R=/tmp/self.0
	is "$(val cset refs)" "$(cat /tmp/self.1)" "refs, for the debug controller"
	is "$(val cset links)" "$(grep -c '^Root' /tmp/self.2)" \
		"links, for the debug controller"
	# "css_set ADDRESS REFS +EXTRA": what are not tasks.
	is "$(val cset tasks)" "$(awk '$1 == "css_set" { print $3 - $4 }' /tmp/self.3)" \
		"tasks, for the debug controller"
	is "$(val cgroup hierarchy)" "$(cut -d: -f1 /proc/self/cgroup)" \
		"a line a hierarchy, with this one's"
	R=/tmp/report
	umount $debug
	# It goes when the last css_set that knows it does.
	gone()
	{
		[ "$(grep -c : /proc/self/cgroup)" = 1 ]
	}
	wait_for 5 gone || diag "the debug hierarchy stays"
else
	skip "refs, links, tasks, for the debug controller" "no debug controller"
fi

# Who shares it
start "$a" -- sh -c 'sleep 100 & sleep 101 & echo ready; wait'
take "$pid"
is "$(val cset tasks threaded migrating dead)" "3 0 0 0" "three tasks share it"
is "$(val cset_task pid | sort -n)" "$(sort -n "$a/cgroup.threads")" \
	"they are those of cgroup.threads"
is "$(val "cset_task,pid=$pid" comm)" sh "with their names"
is "$(val cset_task,comm=sleep pid | wc -l)" 2 "each with its own"

# Threads are tasks; what is many is cut.
start "$a" -- cgl threads 4
take "$pid"
is "$(val cset tasks)" 8 "threads are tasks"
is "$(val cset_task pid | sort -n)" "$(sort -n "$a/cgroup.threads")" \
	"all of them are named"
mkcg many
start "$dir" -- cgl tasks 100
many=$pid
take "$many"
is "$(val cset tasks)" 101 "101 tasks"
is "$(grep -c '^cset_task pid=' $R)" 64 "64 are named"
is "$(grep '^cset_task more=' $R)" "cset_task more=37" "the rest is counted"
is "$(grep -n '^cset_task more=' $R | cut -d: -f1)" \
	"$(grep -n '^cset_task' $R | tail -n 1 | cut -d: -f1)" "at the end"
is "$(val cset_task pid | grep -v -- - | sort | uniq -d)" "" "none twice"
start "$dir" -- cgl tasks 1100
take "$many"
is "$(val cset tasks)" 1202 "1,202 tasks"
is "$(grep '^cset_task more=' $R)" "cset_task more=1138" \
	"beyond what is looked at, too"

# Another css_set for the same cgroup: a reader in a pid namespace sees only its
# own tasks, and knows how many there are.
# shellcheck disable=SC2016
enter "$a" cgl unshare pP sh -c 'sleep 60 & cat /proc/self/cg_list; kill $!' > $R
is "$(val cset tasks)" 12 "in a pid namespace: all are counted"
is "$(val cset_task pid | sort -n | tr '\n' ' ')" "1 2 3 " \
	"in a pid namespace: its own are named"

# shellcheck disable=SC2016
enter "$a" cgl unshare pP sh -c 'cgl tasks 70 > /dev/null &
	until set -- /proc/[0-9]*; [ $# -ge 72 ]; do usleep 20000; done
	cat /proc/self/cg_list; kill $!' > $R
is "$(grep -c '^cset_task pid=' $R)" 64 "in a pid namespace: 64 are named"
is "$(grep '^cset_task more=' $R)" "cset_task more=9" \
	"in a pid namespace: the rest of its own is counted"

# A task of another cgroup is not here, one that moves is.
mkcg b
b=$dir
start "$b" -- cgl comm alone
take "$pid"
is "$(val cset tasks) $(val cset_task pid)" "1 $pid" "alone in its cgroup"
move "$pid" "$a"
take "$pid"
is "$(val cset tasks)" 9 "moved to the others"
is "$(val cset_task pid | sort -n)" "$(sort -n "$a/cgroup.threads")" \
	"and named among them"

# A threaded cgroup: its css_set's states are its domain's.
mkcg t
t=$dir
start "$t" -- cgl threads 2
take "$pid"
is "$(val cset threaded)" 0 "not threaded"
mkdir "$t/sub"
echo threaded > "$t/sub/cgroup.type"
tid=${said##* }
echo "$tid" > "$t/sub/cgroup.threads"
take "$pid" "$tid"
is "$(val cset threaded tasks)" "1 1" "a thread in a threaded cgroup"
is "$(val cgroup,hierarchy=0 path)" /t/sub "its cgroup"
is "$(val cset_task pid)" "$tid" "is alone there"
take "$pid"
is "$(val cset threaded tasks)" "0 2" "the others are where they were"

# A dead one: a zombie outlives its cgroup. It ends when its parent is no shell
# any more, which would wait for it.
mkcg c
doomed=$dir
# shellcheck disable=SC2016
start "$b" -- sh -c 'echo $$ > '"$doomed"'/cgroup.procs
	until grep -q sleep /proc/$$/comm; do usleep 20000; done & echo $!
	echo $$ > '"$b"'/cgroup.procs; exec sleep 100'
dead=${said##* }
wait_for 5 zombie "$dead"
take "$dead"
is "$(val cset tasks dead)" "0 0" "a zombie is not a task of its css_set"
is "$(val cset_task pid)" "" "nor named there"
rmdir "$doomed"
take "$dead"
is "$(val cset dead)" 1 "its cgroup is removed: a dead css_set"
is "$(val cgroup,hierarchy=0 path)" \
	"$(sed -n 's/^0:://; s/ (deleted)$//p' "/proc/$dead/cgroup")" \
	"the path is what it was"
# It is told to go offline behind rmdir()'s back.
offline()
{
	take "$dead"
	[ "$(val memcg,level=0 online)" = 0 ]
}
ok "its memory cgroup goes offline" wait_for 5 offline
is "$(val memcg,level=0 path)" /c "and keeps its name"
done_testing
