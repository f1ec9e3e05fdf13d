#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2119,SC2317 # functions that wait_for calls
# guest: cg=hybrid timeout=180
# Hybrid: the controllers on cgroup v1, cgroup v2 beside them, and namespaces.
# shellcheck source=qemu/tests/report-lib.sh
. /tests/report-lib.sh
need_controller memory
load || bail "the module does not load"

unified=$cgroot/unified
mkdir "$unified/u"
cgroups_made="$unified/u $cgroups_made"
mkcg m
m=$dir
mkcg m/n
n=$dir
start "$unified/u" "$n" -- cgl comm hybrid
take "$pid"
wanted=$(if patched; then
	cat "/proc/$pid/cgroup"
else
	grep -v :name= "/proc/$pid/cgroup"
fi)
is "$(val cgroup hierarchy path | tr ' ' :)" \
	"$(echo "$wanted" | sed 's/:[^:]*:/:/')" "v1 and v2, in the same order"
is "$(val cgroup,hierarchy=0 path)" /u "the v2 one"
is "$(val cgroup,hierarchy=0 controllers)" \
	"$(tr ' ' , < "$unified/u/cgroup.controllers")" "its controllers"
is "$(val memcg path)" "/m/n
/m
/" "the memory cgroups are v1's"
is "$(val memcg,level=0 hierarchy id)" "$(sed -n 's/:memory:.*//p' \
	"/proc/$pid/cgroup") $(id "$n")" "by number"

# A cgroup namespace has a root in each hierarchy.
start "$unified/u" "$m" -- cgl unshare c cgl comm holder
holder=$pid
move "$holder" "$memroot"
move "$holder" "$unified"
start "$unified/u" "$n" -- cgl comm inside
if served; then
	within cat "/proc/$pid/cg_list" > $R
else
	within cgl show /proc/cg_list/task "$pid" > $R
fi
is "$(val cgroup,hierarchy=0 path)" / "in a cgroup namespace: the v2 path"
is "$(val memcg level path)" "0 /n
1 /" "in a cgroup namespace: the v1 levels"

# A hierarchy that is mounted and unmounted while tasks are there.
mkdir -p /tmp/more
take "$pid"
before=$(val cgroup hierarchy | wc -l)
mount -t cgroup -o none,name=more more /tmp/more
mkdir /tmp/more/x
echo "$pid" > /tmp/more/x/cgroup.procs
take "$pid"
if patched; then
	is "$(val cgroup hierarchy | wc -l)" $((before + 1)) "a hierarchy more"
	is "$(val cgroup,controllers=name=more path)" /x "where it is there"
else
	is "$(val cgroup hierarchy | wc -l)" "$before" \
		"a named hierarchy more is out of reach"
fi
echo "$pid" > /tmp/more/cgroup.procs
rmdir /tmp/more/x
umount /tmp/more
take "$pid"
ok "one that is unmounted is no trouble" test "$(val cgroup hierarchy | wc -l)" -ge "$before"
# The tests' undo knows of tasks in v1's cgroups.
# shellcheck disable=SC2086	# several
kill -KILL $jobs_started 2> /dev/null
wait
done_testing
