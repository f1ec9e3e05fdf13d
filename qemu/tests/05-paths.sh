#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cg=v2
#
# Paths against /proc/PID/cgroup, from inside a cgroup namespace too; names
# that would break a line; many levels.
# shellcheck source=qemu/tests/lib.sh
. /tests/lib.sh
need_controller memory

ok "the module loads" load || bail "no module"

# cgroup_paths PID: hierarchy and path of each, by the kernel's own file.
cgroup_paths()
{
	sed 's/^\([0-9]*\):[^:]*:/\1 /' "/proc/$1/cgroup" | sort
}

# our_paths PID: the same from the report, unescaped.
our_paths()
{
	report "$1" | sed -n 's/^cgroup hierarchy=\([0-9]*\) .*path=/\1 /p' |
		sed 's/\\040/ /g; s/\\134/\\/g' | sort
}

# A shell in a namespace whose root is "/a/b c"; it then makes room there, waits
# for two pids, and looks at these processes and at the files.
cat > /tmp/inside <<'END'
. /tests/lib.sh
trap - EXIT
mkdir "/sys/fs/cgroup/a/b c/in"
echo $$ > "/sys/fs/cgroup/a/b c/in/cgroup.procs"
read -r pid outside < /tmp/turn
report "$pid" > /tmp/r-inside
cat "/proc/$pid/cgroup" > /tmp/cgroup-inside
report "$outside" > /tmp/r-outside
cat /proc/cg_list/tasks > /tmp/tasks-inside
cat /proc/cg_list/memcgs > /tmp/memcgs-inside
END

mkcg a
mkcg 'a/b c'
mkfifo /tmp/turn
bg enter "$memroot/a/b c" cgns sh /tmp/inside
inside=$bg
wait_for 5 grep -q /in "/proc/$inside/cgroup"
mkcg 'a/b c/d\e'
bg enter "$memroot/a/b c/d\\e" sleep 1000
pid=$bg
wait_for 5 grep -q sleep "/proc/$pid/comm"
is "$(our_paths "$pid")" "$(cgroup_paths "$pid")" "paths as /proc/PID/cgroup has them"
report "$pid" > /tmp/r
is "$(facts memcg path level=0 < /tmp/r)" '/a/b\040c/d\134e' "space and backslash are escaped"
is "$(facts memcg path < /tmp/r | tr '\n' ' ')" '/a/b\040c/d\134e /a/b\040c /a / ' \
	"each level has its path"

bg sleep 1000
outside=$bg
echo "$pid $outside" > /tmp/turn
wait "$inside"
is "$(facts memcg path < /tmp/r-inside | tr '\n' ' ')" '/d\134e / ' \
	"in a cgroup namespace: nothing above its root"
is "$(sed -n 's/^cgroup hierarchy=0 .*path=//p' /tmp/r-inside | sed 's/\\134/\\/')" \
	"$(sed -n 's/^0:://p' /tmp/cgroup-inside)" "in a cgroup namespace: as /proc/PID/cgroup there"
is "$(facts memcg path < /tmp/r-outside)" "" "a task outside it has no memory lines"
is "$(grep -c '/\.\.' /tmp/r-outside)" 0 "and no path above the root"
is "$(grep -c "^task pid=$outside " /tmp/r-outside)" 1 "but it has the rest"
is "$(grep -E ' (id|usage|path)=' /tmp/tasks-inside | grep -cvE 'path=/(|d.134e|in)( |$)')" 0 \
	"tasks names no cgroup from outside it"
ok "but its own" grep -q 'path=/in ' /tmp/tasks-inside
is "$(facts memcg path < /tmp/memcgs-inside | sort | tr '\n' ' ')" '/ /d\134e /in ' \
	"memcgs has none from outside it"

# A comm with a newline and an escape sequence.
bg cgns -N -n 'x\ny\e[1m'
wait_for 5 grep -q x "/proc/$bg/comm"
is "$(report "$bg" | facts task comm)" 'x\012y\033[1m' "control bytes of a comm are escaped"
is "$(report "$bg" | grep -c '^y')" 0 "and do not start a line"

# 40 levels.
path=l
mkcg l
n=1
while [ $n -lt 40 ]; do
	path=$path/l
	mkcg "$path"
	n=$((n + 1))
done
bg enter "$memroot/$path" sleep 1000
wait_for 5 grep -q "$path" "/proc/$bg/cgroup"
report "$bg" > /tmp/r
is "$(grep -c '^memcg level=' /tmp/r)" 32 "40 nested cgroups: 32 levels"
is "$(grep '^memcg more=' /tmp/r)" "memcg more=9" "and how many more there are, the root too"
is "$(facts memcg path level=0 < /tmp/r)" "/$path" "the whole path"
is "$(facts memcg path level=31 < /tmp/r)" "/l/l/l/l/l/l/l/l/l" "the last level's path"
done_testing
