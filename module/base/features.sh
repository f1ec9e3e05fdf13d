#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What a kernel's headers have, as flags for the compiler. Kbuild asks:
#
#	module/base/features.sh SRCTREE
#
# prints -DCGL_HAVE_X=0 or =1 for each feature below, by the text of the header
# that declares it. Only compat.h uses them. Where the tree is none that this
# module can be built for, it prints instead "error:" and, in one line, why.

set -eu
tree=${1:?usage: features.sh SRCTREE}/include

# is NAME FILE: there is such a header.
is()
{
	if [ -e "$tree/$2" ]; then flags="$flags -DCGL_HAVE_$1=1"
	else flags="$flags -DCGL_HAVE_$1=0"; fi
}

# has NAME FILE REGEX: the header has such a line.
has()
{
	if grep -q "$3" "$tree/$2" 2>/dev/null; then flags="$flags -DCGL_HAVE_$1=1"
	else flags="$flags -DCGL_HAVE_$1=0"; fi
}

# needs FILE REGEX WHAT: without it, nothing can be built.
needs()
{
	grep -q "$2" "$tree/$1" 2>/dev/null || {
		echo "error: this kernel has no $3 in include/$1"
		exit
	}
}

flags=
needs linux/memcontrol.h '^struct mem_cgroup {' 'struct mem_cgroup'
needs linux/memcontrol.h 'lru_zone_size\[' 'mem_cgroup_per_node.lru_zone_size'
needs linux/page_counter.h '^struct page_counter {' 'struct page_counter'
needs linux/cgroup-defs.h 'dfl_cgrp;' 'css_set.dfl_cgrp'
needs linux/cgroup.h 'cgroup_get_from_id' 'cgroup_get_from_id()'
needs linux/proc_fs.h 'proc_lseek' 'struct proc_ops'

# the patches of this project
is TRACEPOINTS trace/events/memcg_charge.h
is ACCESS linux/cg_list_access.h

# v1 memory cgroups can be left out of a kernel
has MEMCG_V1_OPTION linux/memcontrol.h CONFIG_MEMCG_V1
# page_counter.failcnt counts only where that is asked for: not on v2
has TRACK_FAILCNT linux/page_counter.h 'track_failcnt;'
# charges move with a task from one v1 memory cgroup to another
has CHARGE_MOVES linux/memcontrol.h 'moving_account;'
# mem_cgroup_handle_over_high() is inline, and calls this one
has OVER_HIGH_SPLIT linux/memcontrol.h '__mem_cgroup_handle_over_high('
# kernfs_node.parent is __parent, and under RCU
has KERNFS_RCU_PARENT linux/kernfs.h '__parent;'
# a module's memory is an array by kind, not a core_layout
has MODULE_MEM linux/module.h MOD_RO_AFTER_INIT
# a seq_file is spliced by copying
has COPY_SPLICE linux/fs.h 'copy_splice_read('
# the registers of a traced call are reached by a macro
has ARCH_FTRACE_REGS linux/ftrace_regs.h 'define arch_ftrace_regs('
# a sysctl table has a size, so no empty entry at its end
has SYSCTL_SIZE linux/sysctl.h register_sysctl_sz
# a sysctl handler's table is constant
has SYSCTL_CONST linux/sysctl.h 'proc_handler(const struct ctl_table'
echo "$flags"
