#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cpus=2 timeout=60 kernels=*rt*
# A kernel with PREEMPT_RT, where the module must not run: it refuses, says why, and
# leaves nothing.

# shellcheck source=qemu/tests/lib.sh disable=SC2119,SC2317
. /tests/lib.sh

ok "the kernel has PREEMPT_RT" grep -qw PREEMPT_RT /proc/version
dmesg -c > /dev/null
for parameter in "" source=kprobe exact=1; do
	# shellcheck disable=SC2086	# one word or none
	nok "insmod $parameter: refused" insmod /cg_list.ko $parameter
done
is "$(dmesg | grep -c 'cg_list: not for a kernel with PREEMPT_RT')" 3 \
	"each time the log says why"
nok "it has left no files" test -e /proc/cg_list
nok "it is not loaded" grep -qw cg_list /proc/modules
is "$(dmesg | grep -c -e BUG -e WARNING)" 0 "the kernel complains of nothing"
done_testing
