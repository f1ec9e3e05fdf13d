#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cg=v1 cpus=4 numa=2 timeout=150
#
# Every command of memcgstat on v1, live: as 26-memcgstat-all.
# shellcheck source=qemu/tests/lib.sh
. /tests/lib.sh
# shellcheck source=qemu/tests/memcgstat-lib.sh
. /tests/memcgstat-lib.sh
