// SPDX-License-Identifier: GPL-2.0-only
/*
 * Section `cpuset`: what the task's cpuset gives, and what the task may use now
 * (Cpus_allowed_list and Mems_allowed_list in /proc/PID/status), which
 * sched_setaffinity() and set_mempolicy() can make less.
 */
#include <linux/cpumask.h>
#include <linux/cpuset.h>
#include <linux/find.h>
#include <linux/kcsan-checks.h>
#include <linux/nodemask.h>
#include <linux/sched.h>

#include "base/compat.h"
#include "base/path.h"
#include "report/section.h"

#ifdef CONFIG_CPUSETS

/* A bitmap as "0-3,8". */
static void cgl_out_list(struct cgl_out *o, const char *key,
			 const unsigned long *bits, unsigned int nr)
{
	unsigned int first, end;
	bool any = false;

	cgl_out_str(o, key, strlen(key));
	for_each_set_bitrange(first, end, bits, nr) {
		if (any)
			cgl_out_lit(o, ",");
		cgl_out_u64(o, first);
		if (end - 1 > first)
			cgl_out_num(o, "-", end - 1);
		any = true;
	}
}

#if CGL_HAVE_ACCESS
static struct cgroup *cgl_out_given(struct cgl_out *o, struct task_struct *task)
{
	struct cgroup *cgrp = NULL;
	cpumask_var_t cpus;
	nodemask_t mems;

	if (!zalloc_cpumask_var(&cpus, GFP_KERNEL))
		return NULL;
	if (!cg_list_task_cpuset(task, cpus, &mems, &cgrp)) {
		cgl_out_list(o, " cpus=", cpumask_bits(cpus), nr_cpu_ids);
		cgl_out_list(o, " mems=", nodes_addr(mems), MAX_NUMNODES);
	} else {
		/* Its hierarchy is being unmounted: no reference was taken. */
		cgrp = NULL;
	}
	free_cpumask_var(cpus);
	return cgrp;
}
#else
static struct cgroup *cgl_out_given(struct cgl_out *o, struct task_struct *task)
{
	struct cgroup *cgrp;

	rcu_read_lock();
	cgrp = cgl_css_get_cgroup(task_css_set(task)->subsys[cpuset_cgrp_id]);
	rcu_read_unlock();
	return cgrp;
}
#endif

static void cgl_out_allowed(struct cgl_out *o, struct task_struct *task)
{
	nodemask_t mems;
	unsigned int seq;

	/* Changed under a lock of the scheduler's: of both sets, if at once. */
	kcsan_disable_current();
	cgl_out_list(o, " cpus_allowed=", cpumask_bits(&task->cpus_mask),
		     nr_cpu_ids);
	kcsan_enable_current();
	do {
		seq = read_seqcount_begin(&task->mems_allowed_seq);
		mems = task->mems_allowed;
	} while (read_seqcount_retry(&task->mems_allowed_seq, seq));
	cgl_out_list(o, " mems_allowed=", nodes_addr(mems), MAX_NUMNODES);
}

static bool cgl_show_cpuset(struct cgl_out *o, const struct cgl_reader *r,
			    const struct cgl_subject *s, unsigned int part)
{
	struct cgroup *cgrp;

	cgl_out_lit(o, "cpuset");
	cgrp = cgl_out_given(o, s->task);
	cgl_out_allowed(o, s->task);
	if (cgrp) {
		cgl_out_cgroup(o, " path=", cgrp,
			       cgl_ns_root(r, cgrp,
					   r->ns_cset->subsys[cpuset_cgrp_id]));
		cgroup_put(cgrp);
	}
	cgl_out_eol(o);
	return false;
}

#else /* !CONFIG_CPUSETS */

static bool cgl_show_cpuset(struct cgl_out *o, const struct cgl_reader *r,
			    const struct cgl_subject *s, unsigned int part)
{
	return false;
}

#endif

const struct cgl_section cgl_section_cpuset = {
	.name	= "cpuset",
	.show	= cgl_show_cpuset,
};
