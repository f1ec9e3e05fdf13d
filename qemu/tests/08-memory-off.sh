#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cg=v2 append="cgroup_disable=memory"
#
# Without the memory controller the rest of the report still prints.
# shellcheck source=qemu/tests/lib.sh
. /tests/lib.sh

nok "the memory controller is off" has_controller memory
ok "the module loads" load || bail "no module"
report $$ > /tmp/r
ok "there is a report" test -s /tmp/r
is "$(facts task pid < /tmp/r)" $$ "the task"
is "$(facts cgroup path hierarchy=0 < /tmp/r)" / "its cgroup"
ok "its namespaces" grep -q '^ns .*pid=[0-9]' /tmp/r
is "$(grep -c -e ^memcg -e ^counter -e ^lru -e ^charge /tmp/r)" 0 "no memory lines"
for f in status tasks; do
	ok "$f can be read" into /dev/null cat /proc/cg_list/$f
done
is "$(rawread /proc/cg_list/memcgs)" "open: errno EOPNOTSUPP" "memcgs is refused"
ok "the module unloads" unload
done_testing
