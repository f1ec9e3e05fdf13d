#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cg=v2 cpus=1 icount=1 timeout=180 kernels=!(*-*)
#
# The budgets of reading the report and of the module's memory. A first look
# that catches a regression; the benchmark measures properly.
# shellcheck source=qemu/tests/lib.sh
. /tests/lib.sh
need_controller memory
need_patched

# within GOT LIMIT DESCRIPTION
within()
{
	ok "$3: at most $2" test "$1" -le "$2"
	diag "$3: $1"
}

ok "the module loads" load || bail "no module"
mkcg a
mkcg a/b
bg enter "$memroot/a/b" sleep 1000
wait_for 5 grep -q sleep "/proc/$bg/comm"
cost -n 200 "/proc/$bg/cg_list" > /tmp/cost
within "$(cut -d' ' -f2 /tmp/cost)" 45000 \
	"instructions to open, read and close the report, two levels deep"
size=$(awk '/^cg_list / { print $2 }' /proc/modules)
diag "the module's code and data: $size bytes"
diag "$(cat /proc/cg_list/status)"
done_testing
