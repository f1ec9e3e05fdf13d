/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where kernels differ, and nowhere else.
 *
 * CGL_HAVE_*, each 0 or 1, are what features.sh found in the headers of this
 * kernel; a version is asked for only where no header can tell. Kbuild refuses
 * kernels of which nobody has read what this module follows in them.
 */
#ifndef CGL_COMPAT_H
#define CGL_COMPAT_H

#include <linux/fs.h>
#include <linux/ftrace.h>
#include <linux/kernfs.h>
#include <linux/memcontrol.h>
#include <linux/module.h>
#include <linux/page_counter.h>
#include <linux/types.h>
#include <linux/version.h>

/*
 * The patches of this project.
 */

/*
 * The proc patch: /proc/PID/cg_list. Without it, cg_list_proc.ko opens that file.
 */
#ifdef CONFIG_PROC_PID_CG_LIST
#define CGL_HAVE_PROC		1
#include <linux/cg_list.h>
#if CG_LIST_VERSION != 3
#error "this kernel has other cg_list patches: use those that came with this module"
#endif
#else
#define CGL_HAVE_PROC		0
#include "base/provider.h"
#endif

/*
 * A kernfs node's name; from 7.3 on an RCU pointer. On cgroup v2 it never changes,
 * since nothing there can be renamed (cgroup_kf_syscall_ops).
 */
static inline const char *cgl_kn_name(const struct kernfs_node *kn)
{
	return rcu_dereference_raw(kn->name);
}

/* The accessors. */
#if CGL_HAVE_ACCESS
#include <linux/cg_list_access.h>
#if CG_LIST_ACCESS_VERSION != 2
#error "this kernel has other cg_list patches: use those that came with this module"
#endif
#endif

/*
 * Memory cgroups.
 */

/* What only a v1 memory cgroup has; a kernel can be built without it. */
#if !CGL_HAVE_MEMCG_V1_OPTION || defined(CONFIG_MEMCG_V1)
#define CGL_HAVE_MEMCG_V1	1
static inline bool cgl_oom_kill_disable(const struct mem_cgroup *memcg)
{
	return READ_ONCE(memcg->oom_kill_disable);
}

static inline bool cgl_under_oom(const struct mem_cgroup *memcg)
{
	return READ_ONCE(memcg->under_oom);
}

static inline int cgl_v1_swappiness(const struct mem_cgroup *memcg)
{
	return READ_ONCE(memcg->swappiness);
}

static inline unsigned long cgl_soft_limit(const struct mem_cgroup *memcg)
{
	return READ_ONCE(memcg->soft_limit);
}
#else
#define CGL_HAVE_MEMCG_V1	0
static inline bool cgl_oom_kill_disable(const struct mem_cgroup *memcg)
{
	return false;
}

static inline bool cgl_under_oom(const struct mem_cgroup *memcg)
{
	return false;
}

static inline int cgl_v1_swappiness(const struct mem_cgroup *memcg)
{
	return 0;
}
#endif

/* Whether refusals by a page counter are counted in its failcnt. */
#if CGL_HAVE_TRACK_FAILCNT
static inline bool cgl_counts_failures(const struct page_counter *counter)
{
	return counter->track_failcnt;
}
#else
static inline bool cgl_counts_failures(const struct page_counter *counter)
{
	return true;
}
#endif

/*
 * Pages on an LRU list of a zone, which the kernel changes in place, under the
 * lruvec's lock: a word, of which any moment's value will do.
 */
static inline unsigned long
cgl_lru_zone_size(const struct mem_cgroup_per_node *mz, int zone,
		  enum lru_list lru)
{
	/* See above. */
	return data_race(READ_ONCE(mz->lru_zone_size[zone][lru]));
}

/* A charge of an OOM victim that was reaped already gives up at once. */
#if KERNEL_VERSION(6, 12, 0) <= LINUX_VERSION_CODE
#define CGL_HAVE_WHY_VICTIM	1
#else
#define CGL_HAVE_WHY_VICTIM	0
#endif

/* The function in which a task sleeps for memory.high. */
#if CGL_HAVE_OVER_HIGH_SPLIT
#define CGL_HANDLE_OVER_HIGH	"__mem_cgroup_handle_over_high"
#else
#define CGL_HANDLE_OVER_HIGH	"mem_cgroup_handle_over_high"
#endif

/*
 * The rest of the kernel.
 */

/* What the directory of a file in cgroupfs stands for: its parent never changes. */
#if CGL_HAVE_KERNFS_RCU_PARENT
static inline void *cgl_kernfs_dir_priv(const struct kernfs_node *kn)
{
	return rcu_dereference_check(kn->__parent, true)->priv;
}
#else
static inline void *cgl_kernfs_dir_priv(const struct kernfs_node *kn)
{
	return kn->parent->priv;
}
#endif

/* What a module's code and data take, in bytes. */
#if CGL_HAVE_MODULE_MEM
static inline size_t cgl_module_size(const struct module *mod)
{
	return mod->mem[MOD_TEXT].size + mod->mem[MOD_DATA].size +
	       mod->mem[MOD_RODATA].size + mod->mem[MOD_RO_AFTER_INIT].size;
}
#else
static inline size_t cgl_module_size(const struct module *mod)
{
	return mod->core_layout.size;
}
#endif

/* How a seq_file is spliced. */
#if CGL_HAVE_COPY_SPLICE
#define cgl_splice_read		copy_splice_read
#else
#define cgl_splice_read		generic_file_splice_read
#endif

/* Of a traced call, the registers with its arguments, which may be changed. */
#ifdef CONFIG_DYNAMIC_FTRACE_WITH_ARGS
static __always_inline struct pt_regs *
cgl_ftrace_args(struct ftrace_regs *fregs)
{
#if CGL_HAVE_ARCH_FTRACE_REGS
	return &arch_ftrace_regs(fregs)->regs;
#else
	return &fregs->regs;
#endif
}
#endif

/* A sysctl table ends with an empty entry, or must not have one. */
#if CGL_HAVE_SYSCTL_SIZE
#define CGL_SYSCTL_SENTINEL
#else
#define CGL_SYSCTL_SENTINEL	{ }
#endif

#if CGL_HAVE_SYSCTL_CONST
#define cgl_ctl_table		const struct ctl_table
#else
#define cgl_ctl_table		struct ctl_table
#endif

#endif /* CGL_COMPAT_H */
