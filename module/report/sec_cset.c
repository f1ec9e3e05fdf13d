// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sections `cset` and `cset_task`: the css_set that the task hangs on through
 * task->cg_list, and who shares it. Lists and counts are css_set_lock's, which
 * no module gets: the patches' accessors read them.
 */
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/sched/task.h>

#include "base/compat.h"
#include "report/section.h"

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

/* Of these, the lines surely fit into a page, whatever the tasks' names are. */
#define CGL_PART_MEMBERS	32
/* "cset_task pid=4194304 comm=" and the end of the line. */
#define CGL_MEMBER_LINE		28

static bool cgl_members_fit(struct task_struct **tasks, unsigned int n)
{
	size_t size = 0;
	unsigned int i;

	/* A name may change until it is printed: then the buffer grows. */
	for (i = 0; i < n; i++)
		size += CGL_MEMBER_LINE + cgl_escaped_len(tasks[i]->comm,
						strnlen(tasks[i]->comm,
							TASK_COMM_LEN));
	return size <= PAGE_SIZE;
}

/* What is hidden has no line, nor has a task that has exited since. */
static void cgl_show_member(struct cgl_out *o, const struct cgl_reader *r,
			    struct task_struct *task)
{
	pid_t pid = task_pid_nr_ns(task, r->pid_ns);
	char comm[TASK_COMM_LEN];

	if (!pid)
		return;
	get_task_comm(comm, task);
	cgl_out_num(o, "cset_task pid=", pid);
	cgl_out_lit(o, " comm=");
	cgl_out_escaped(o, comm, strlen(comm));
	cgl_out_eol(o);
}

/*
 * In one part, and so with css_set_lock held once for CG_LIST_MEMBERS_SCAN tasks,
 * unless the names are so long that two pages are needed: then each part looks
 * anew, and what comes or goes meanwhile may be told twice or not. Whom hidepid=
 * hides from the reader is not named, and is among `more`.
 */
static bool cgl_show_cset_task(struct cgl_out *o, const struct cgl_reader *r,
			       const struct cgl_subject *s, unsigned int part)
{
	unsigned int i, found, n, first, end, more = 0;
	struct task_struct *tasks[CGL_MAX_MEMBERS];
	struct cg_list_cset_info info;

	found = cg_list_task_members(s->task, r->pid_ns, tasks,
				     CGL_MAX_MEMBERS);
	n = min_t(unsigned int, found, CGL_MAX_MEMBERS);
	first = part * CGL_PART_MEMBERS;
	end = part || cgl_members_fit(tasks, n) ? n : CGL_PART_MEMBERS;
	for (i = 0; i < n; i++) {
		if (!r->all && !cg_list_may_name(r->report, tasks[i]))
			more++;
		else if (i >= first && i < end)
			cgl_show_member(o, r, tasks[i]);
		put_task_struct(tasks[i]);
	}
	if (end < n)
		return true;
	/* The initial namespace has them all: more than were looked at. */
	if (found > CGL_MAX_MEMBERS && r->pid_ns == &init_pid_ns) {
		cg_list_task_cset(s->task, &info);
		found = max(found, info.tasks);
	}
	more += found - n;
	if (more) {
		cgl_out_num(o, "cset_task more=", more);
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
