/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where kernels differ, and nowhere else: 6.1 and 6.12, with the patches of
 * this project and without.
 */
#ifndef CGL_COMPAT_H
#define CGL_COMPAT_H

#include <linux/kernfs.h>
#include <linux/memcontrol.h>
#include <linux/module.h>
#include <linux/types.h>

#ifndef CONFIG_MEMCG
#error "cg_list is about memory cgroups: build it for a kernel with CONFIG_MEMCG=y"
#endif

/*
 * Known are 6.1.y and 6.12.y, whose structures and functions were read; Kbuild
 * defines CGL_KERNEL_x_y. For another one, read what this file names there.
 */
#if !defined(CGL_KERNEL_6_1) && !defined(CGL_KERNEL_6_12)
#error "cg_list knows the kernels 6.1.y and 6.12.y: build it for one of them, through its Kbuild"
#endif

/*
 * The proc patch: /proc/PID/cg_list. Kbuild says what of the patches is there:
 * CGL_HAVE_REPORT, CGL_HAVE_TRACEPOINTS and CGL_HAVE_ACCESS, each 0 or 1.
 */
#if CGL_HAVE_REPORT
#include <linux/cg_list.h>
#endif

#ifdef CONFIG_PROC_PID_CG_LIST
#define CGL_HAVE_PROC		1
#if CG_LIST_VERSION != 3
#error "this kernel has other cg_list patches: use those that came with this module"
#endif
#else
#define CGL_HAVE_PROC		0
#endif

#if !CGL_HAVE_REPORT
/* What the patch declares, for the module's own file `task`. */
struct cg_list_report {
	struct task_struct		*task;
	struct pid_namespace		*pid_ns;
	struct cgroup_subsys_state	*css;
	void				*data;
	unsigned long			state;
	bool				ptrace;
	const struct file		*file;
};

/* /proc/cg_list/task is for those who may see all. */
static inline bool cg_list_may_name(const struct cg_list_report *report,
				    struct task_struct *task)
{
	return true;
}
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
#endif

/* struct lruvec's member lrugen. */
#ifdef CGL_KERNEL_6_1
#define cgl_lrugen	lru_gen_struct
#else
#define cgl_lrugen	lru_gen_folio
#endif

/* What only a v1 memory cgroup has; 6.12 can be built without it. */
#if defined(CGL_KERNEL_6_1) || defined(CONFIG_MEMCG_V1)
#define CGL_HAVE_MEMCG_V1	1
static inline bool cgl_oom_kill_disable(const struct mem_cgroup *memcg)
{
	return READ_ONCE(memcg->oom_kill_disable);
}

static inline bool cgl_under_oom(const struct mem_cgroup *memcg)
{
	return READ_ONCE(memcg->under_oom);
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
#endif

/* A charge of an OOM victim that was reaped already gives up at once. */
#ifdef CGL_KERNEL_6_1
#define CGL_HAVE_WHY_VICTIM	0
#else
#define CGL_HAVE_WHY_VICTIM	1
#endif

/* What a module's code and data take, in bytes. */
static inline size_t cgl_module_size(const struct module *mod)
{
#ifdef CGL_KERNEL_6_1
	return mod->core_layout.size;
#else
	return mod->mem[MOD_TEXT].size + mod->mem[MOD_DATA].size +
	       mod->mem[MOD_RODATA].size + mod->mem[MOD_RO_AFTER_INIT].size;
#endif
}

/* A sysctl table ends with an empty entry, or must not have one. */
#ifdef CGL_KERNEL_6_1
#define CGL_SYSCTL_SENTINEL	{ }
#define cgl_ctl_table		struct ctl_table
#else
#define CGL_SYSCTL_SENTINEL
#define cgl_ctl_table		const struct ctl_table
#endif

#endif /* CGL_COMPAT_H */
