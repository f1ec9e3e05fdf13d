#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cpus=2 timeout=60 kernels=*rt*
# A kernel with PREEMPT_RT, where the module must not run: it refuses, says why, and
# leaves nothing.

# shellcheck source=qemu/tests/lib.sh disable=SC2119,SC2317
. /tests/lib.sh

ok "the kernel has PREEMPT_RT" grep -qw PREEMPT_RT /proc/version
for parameter in "" source=kprobe exact=1; do
	dmesg -c > /dev/null
	# shellcheck disable=SC2086	# one word or none
	nok "insmod $parameter: refused" insmod /cg_list.ko $parameter
	dmesg > /tmp/log
	ok "insmod $parameter: the log says why" \
		grep -q 'cg_list: not for a kernel with PREEMPT_RT' /tmp/log
	nok "insmod $parameter: the kernel complains of nothing" \
		grep -qE 'BUG|WARNING' /tmp/log
done
nok "it has left no files" test -e /proc/cg_list
nok "it is not loaded" grep -qw cg_list /proc/modules
done_testing
