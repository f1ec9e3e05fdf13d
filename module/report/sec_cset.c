// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sections `cset` and `cset_task`: the css_set that the task hangs on through
 * task->cg_list, and who shares it. Lists and counts are css_set_lock's, which
 * no module gets: the patches' accessors read them.
 */
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/sched/task.h>

#include "cg_list.h"

/* Members that surely fit into a page. */
#define CGL_PART_MEMBERS	32

#if CGL_HAVE_ACCESS

static bool cgl_show_cset(struct cgl_out *o, const struct cgl_reader *r,
			  const struct cgl_subject *s, unsigned int part)
{
	struct cg_list_cset_info info;

	cg_list_task_cset(s->task, &info);
	cgl_out_num(o, "cset tasks=", info.tasks);
	cgl_out_num(o, " refs=", info.refs);
	cgl_out_num(o, " links=", info.links);
	cgl_out_num(o, " threaded=", info.threaded);
	cgl_out_num(o, " migrating=", info.migrating);
	cgl_out_num(o, " dead=", info.dead);
	cgl_out_eol(o);
	return false;
}

/* Each part looks anew: what comes or goes meanwhile may be told twice or not. */
static bool cgl_show_cset_task(struct cgl_out *o, const struct cgl_reader *r,
			       const struct cgl_subject *s, unsigned int part)
{
	unsigned int i, found, named, first = part * CGL_PART_MEMBERS;
	struct task_struct *tasks[CGL_MAX_MEMBERS];
	struct cg_list_cset_info info;
	char comm[TASK_COMM_LEN];

	found = cg_list_task_members(s->task, r->pid_ns, tasks,
				     CGL_MAX_MEMBERS);
	named = min_t(unsigned int, found, CGL_MAX_MEMBERS);
	for (i = 0; i < named; i++) {
		pid_t pid = task_pid_nr_ns(tasks[i], r->pid_ns);

		/* It can have exited since. */
		if (pid && i >= first && i - first < CGL_PART_MEMBERS) {
			get_task_comm(comm, tasks[i]);
			cgl_out_num(o, "cset_task pid=", pid);
			cgl_out_lit(o, " comm=");
			cgl_out_escaped(o, comm, strlen(comm));
			cgl_out_eol(o);
		}
		put_task_struct(tasks[i]);
	}
	if (first + CGL_PART_MEMBERS < named)
		return true;
	/* The initial namespace has them all: more than were looked at. */
	if (found > named && r->pid_ns == &init_pid_ns) {
		cg_list_task_cset(s->task, &info);
		found = max(found, info.tasks);
	}
	if (found > named) {
		cgl_out_num(o, "cset_task more=", found - named);
		cgl_out_eol(o);
	}
	return false;
}

#else /* !CGL_HAVE_ACCESS */

/* Without the accessors: what can be read under RCU. */
static bool cgl_show_cset(struct cgl_out *o, const struct cgl_reader *r,
			  const struct cgl_subject *s, unsigned int part)
{
	struct css_set *cset;

	rcu_read_lock();
	cset = task_css_set(s->task);
	cgl_out_num(o, "cset tasks=", READ_ONCE(cset->nr_tasks));
	cgl_out_num(o, " refs=", refcount_read(&cset->refcount));
	cgl_out_num(o, " threaded=", READ_ONCE(cset->dom_cset) != cset);
	cgl_out_num(o, " migrating=", !!READ_ONCE(cset->mg_src_cgrp));
	cgl_out_num(o, " dead=", READ_ONCE(cset->dead));
	cgl_out_eol(o);
	rcu_read_unlock();
	return false;
}

static bool cgl_show_cset_task(struct cgl_out *o, const struct cgl_reader *r,
			       const struct cgl_subject *s, unsigned int part)
{
	return false;
}

#endif

const struct cgl_section cgl_section_cset = {
	.name	= "cset",
	.show	= cgl_show_cset,
};

const struct cgl_section cgl_section_cset_task = {
	.name	= "cset_task",
	.ptrace	= true,
	.show	= cgl_show_cset_task,
};
