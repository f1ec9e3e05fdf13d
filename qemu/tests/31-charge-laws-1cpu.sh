#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cpus=1 timeout=300 kernels=!(*-stock|*-nopatch) lacking="the laws need a patched kernel's trace events"
# The laws of the charge path counters, and their agreement with the kernel's
# own counts, after each kind of work on cgroup v2; on one CPU.

# shellcheck source=qemu/tests/charge-work.sh disable=SC2119,SC2317
. /tests/charge-work.sh
