#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Which kernels Kbuild takes, and what it asks of their headers: read with what
# the kernel's makefiles would have set, for trees of a few lines.

set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
tmp=$(mktemp -d "${TMPDIR:-/tmp}/cg_list-kbuild.XXXXXX")
trap 'rm -rf "$tmp"' EXIT

# ok DESCRIPTION COMMAND...
ok()
{
	if "${@:2}"; then echo "ok - $1"; else echo "not ok - $1"; fi
}

# header NAME LINE...: of the tree that is to be built for.
header()
{
	mkdir -p "$tmp/tree/include/$(dirname "$1")"
	printf '%s\n' "${@:2}" > "$tmp/tree/include/$1"
}

# flags VERSION PATCHLEVEL [VARIABLE=VALUE]...: what is compiled with; $said too.
flags()
{
	local v=$1 p=$2

	shift 2
	# shellcheck disable=SC2016	# make expands it
	said=$(printf 'include %s\nall:\n\t@echo $(ccflags-y)\n' "$top/Kbuild" |
		make -s --no-print-directory -f - all src="$top" srctree="$tmp/tree" \
			CONFIG_SHELL=sh VERSION="$v" PATCHLEVEL="$p" CONFIG_MEMCG=y \
			CONFIG_PROC_FS=y CONFIG_SYSCTL=y "$@" 2>&1)
}

refused() { ! flags "$@"; }
one_line() { [ "$(wc -l <<< "$said")" -eq 1 ]; }
says() { [[ $said == *"$1"* ]]; }

# What all kernels have that this module is for.
common()
{
	rm -rf "$tmp/tree"
	header linux/memcontrol.h 'struct mem_cgroup {' '};' \
		'	unsigned long lru_zone_size[MAX_NR_ZONES][NR_LRU_LISTS];'
	header linux/page_counter.h 'struct page_counter {' '};'
	header linux/cgroup-defs.h '	struct cgroup *dfl_cgrp;'
	header linux/cgroup.h 'struct cgroup *cgroup_get_from_id(u64 id);'
	header linux/proc_fs.h '	loff_t	(*proc_lseek)(struct file *, loff_t, int);'
	header linux/kernfs.h '	struct kernfs_node	*parent;'
}

common
ok "6.1 is taken" flags 6 1
for f in TRACEPOINTS ACCESS MEMCG_V1_OPTION TRACK_FAILCNT CHARGE_MOVES \
	OVER_HIGH_SPLIT KERNFS_RCU_PARENT MODULE_MEM COPY_SPLICE ARCH_FTRACE_REGS \
	SYSCTL_SIZE SYSCTL_CONST; do
	ok "a tree without it has no $f" says "-DCGL_HAVE_$f=0"
done
ok "the module's own headers are found" says "-I$top/module"

# has FEATURE HEADER LINE: the one that the line is for, and no other.
has()
{
	local before

	flags 6 12
	before=$said
	mkdir -p "$tmp/tree/include/$(dirname "$2")"
	echo "$3" >> "$tmp/tree/include/$2"
	flags 6 12
	ok "$2 tells $1" [ "$said" = "${before/HAVE_$1=0/HAVE_$1=1}" ]
	ok "and nothing else changes" [ "$said" != "$before" ]
}
has TRACEPOINTS trace/events/memcg_charge.h '/* the patch */'
has ACCESS linux/cg_list_access.h '/* the patch */'
has MEMCG_V1_OPTION linux/memcontrol.h '#ifdef CONFIG_MEMCG_V1'
has OVER_HIGH_SPLIT linux/memcontrol.h 'void __mem_cgroup_handle_over_high(gfp_t gfp_mask);'
has TRACK_FAILCNT linux/page_counter.h '	bool track_failcnt;'
has CHARGE_MOVES linux/memcontrol.h '	atomic_t		moving_account;'
has KERNFS_RCU_PARENT linux/kernfs.h '	struct kernfs_node	__rcu *__parent;'
has MODULE_MEM linux/module.h '	MOD_RO_AFTER_INIT,'
has COPY_SPLICE linux/fs.h 'ssize_t copy_splice_read(struct file *in, loff_t *ppos,'
# shellcheck disable=SC1003	# a backslash at the end of a line of C
has ARCH_FTRACE_REGS linux/ftrace_regs.h '#define arch_ftrace_regs(fregs) \\'
has SYSCTL_SIZE linux/sysctl.h 'struct ctl_table_header *register_sysctl_sz(const char *path,'
has SYSCTL_CONST linux/sysctl.h 'typedef int proc_handler(const struct ctl_table *ctl, int write,'

common
for k in "6 12" "7 2" "7 3"; do
	# shellcheck disable=SC2086	# two words
	ok "${k/ /.} is taken" flags $k
done
for k in "5 15" "6 2" "6 11" "6 13" "7 1" "7 4" "8 0"; do
	# shellcheck disable=SC2086
	ok "${k/ /.} is refused" refused $k
	ok "in one line" one_line
	ok "that names it" says "this is ${k/ /.}:"
	ok "and says how to try anyway" says "make CG_LIST_ANY_KERNEL=1"
done
ok "which does it" flags 6 13 CG_LIST_ANY_KERNEL=1
for o in MEMCG PROC_FS SYSCTL; do
	ok "a kernel without CONFIG_$o is refused" refused 6 1 "CONFIG_$o="
	ok "in one line" one_line
	ok "that names it" says "cg_list needs a kernel with CONFIG_$o=y."
done
for f in memcontrol page_counter cgroup-defs cgroup proc_fs; do
	common
	: > "$tmp/tree/include/linux/$f.h"
	ok "without what linux/$f.h should have it is refused" refused 6 1
	ok "in one line" one_line
	ok "that names the header" says "in include/linux/$f.h"
done
rm -rf "$tmp/tree"
ok "so is what is no kernel at all" refused 6 1
ok "in one line" one_line
ok "that names what is missing" says "this kernel has no struct mem_cgroup"

# What is wrong is only said where something is compiled.
clean_reads()
{
	printf 'include %s\nall:\n' "$top/Kbuild" |
		make -s -f - all src="$top" srctree="$tmp/none" CONFIG_SHELL=sh VERSION=9 PATCHLEVEL=9
}
ok "make clean reads it for any kernel" clean_reads
