#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cpus=4 timeout=300
# The laws of the charge path counters, and their agreement with the kernel's
# own counts, after each kind of work on cgroup v2; on four CPUs.

# shellcheck source=qemu/tests/charge-work.sh disable=SC2119,SC2317
. /tests/charge-work.sh
