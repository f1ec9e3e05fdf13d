#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cg=v1 cpus=4 numa=2 timeout=180
# The cpusets of cgroup v1: the same questions as on v2.
# shellcheck source=qemu/tests/13-cpuset.sh
. /tests/13-cpuset.sh
