#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cg=v2 timeout=150
#
# Every command of memcgstat, live: its numbers against the cgroup files, with
# the module, without it, and for a user who is not root.
# shellcheck source=qemu/tests/lib.sh
. /tests/lib.sh
# shellcheck source=qemu/tests/memcgstat-lib.sh
. /tests/memcgstat-lib.sh
