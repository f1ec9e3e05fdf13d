// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filling a record: what an event is about, by numbers that stay good when the
 * tasks and cgroups are gone.
 */
#include <linux/pid_namespace.h>
#include <linux/proc_ns.h>
#include <linux/timekeeping.h>

#include "base/cgroup.h"
#include "event/record.h"

static void cgl_ref_css(struct cgl_cgroup_ref *ref,
			const struct cgroup_subsys_state *css)
{
	ref->id = cgl_css_id(css);
	ref->ssid = CGL_REF_V2;
	if (cgl_css_on_v2(css))
		return;
	ref->ssid = css->ss->id;
	ref->css = css->id;
}

static void cgl_ref_memcg(struct cgl_cgroup_ref *ref,
			  const struct mem_cgroup *memcg)
{
	ref->id = 0;
	if (memcg)
		cgl_ref_css(ref, &memcg->css);
}

/* On v1 any of its controllers will do; a named hierarchy has none. */
static void cgl_ref_cgroup(struct cgl_cgroup_ref *ref,
			   const struct cgroup *cgrp)
{
	const struct cgroup_subsys_state *css;
	int i;

	ref->id = 0;
	if (!cgrp)
		return;
	ref->id = cgroup_id(cgrp);
	ref->ssid = cgl_on_v2(cgrp) ? CGL_REF_V2 : CGL_REF_NOWHERE;
	for (i = 0; i < CGROUP_SUBSYS_COUNT && !cgl_on_v2(cgrp); i++) {
		css = rcu_dereference_raw(cgrp->subsys[i]);
		if (css) {
			ref->ssid = i;
			ref->css = css->id;
			return;
		}
	}
}

/*
 * The numbers of a task, or of its process, in @nr. One that has reaped itself
 * has them in the initial namespace only.
 */
static void cgl_ref_pid(u32 *ns, u32 *nr, struct task_struct *task, bool group)
{
	unsigned int i, levels = 1;
	struct pid *pid;

	ns[0] = PROC_PID_INIT_INO;
	nr[0] = group ? task->tgid : task->pid;
	rcu_read_lock();
	pid = READ_ONCE(task->thread_pid);
	if (pid && group)
		pid = task_tgid(task);
	if (pid)
		levels = min_t(unsigned int, pid->level + 1, CGL_PID_LEVELS);
	for (i = 1; i < levels; i++) {
		ns[i] = pid->numbers[i].ns->ns.inum;
		nr[i] = pid->numbers[i].nr;
	}
	rcu_read_unlock();
	for (; i < CGL_PID_LEVELS; i++)
		ns[i] = 0;
}

static void cgl_ref_task(struct cgl_task_ref *ref, struct task_struct *task,
			 bool group)
{
	memcpy(ref->comm, task->comm, sizeof(ref->comm));
	cgl_ref_pid(ref->ns, ref->pid, task, group);
}

/**
 * cgl_move_fill - keep what a move is about, by numbers
 * @move: where to
 * @from: the cgroup that is left, NULL if unknown
 * @to: the one that is to be entered
 * @task: what is to be moved, or the leader of its process; or NULL
 *
 * Context: any but NMI; the cgroups and the task must be good during the call.
 */
void cgl_move_fill(struct cgl_move *move, const struct cgroup *from,
		   const struct cgroup *to, struct task_struct *task)
{
	cgl_ref_cgroup(&move->from, from);
	cgl_ref_cgroup(&move->to, to);
	move->task = (struct cgl_task_ref){ };
	if (task)
		cgl_ref_task(&move->task, task, false);
}

/**
 * cgl_move_found_from - where from a move is, if that is not known yet
 * @move: as cgl_move_fill() left it
 * @from: the cgroup
 *
 * Context: as there.
 */
void cgl_move_found_from(struct cgl_move *move, const struct cgroup *from)
{
	if (!move->from.id)
		cgl_ref_cgroup(&move->from, from);
}

/**
 * cgl_record_fill - keep what is known of an event, but its number and stack
 * @rec: the record, whose old contents are void
 * @e: the event
 *
 * Context: any but NMI, preemption disabled. What @e points to must be good
 * during the call.
 */
void cgl_record_fill(struct cgl_record *rec, const struct cgl_event *e)
{
	rec->time = ktime_get_mono_fast_ns();
	rec->cpu = raw_smp_processor_id();
	rec->type = e->type;
	rec->has = e->has;
	rec->memsw = e->memsw;
	rec->force = e->force;
	rec->why = e->why;
	rec->order = e->order;
	rec->gfp = e->gfp;
	rec->nr_pages = e->nr_pages;
	rec->retries = e->retries;
	rec->reclaimed_pages = e->reclaimed_pages;
	rec->us = e->us;
	rec->threads = e->threads;
	rec->ret = e->ret;
	rec->constraint = e->constraint;
	rec->sysrq = e->sysrq;

	if (e->move) {
		rec->cgroup[CGL_REF_FROM] = e->move->from;
		rec->cgroup[CGL_REF_TO] = e->move->to;
	} else {
		cgl_ref_memcg(&rec->cgroup[CGL_REF_MEMCG], e->memcg);
		cgl_ref_memcg(&rec->cgroup[CGL_REF_LIMITER], e->limiter);
	}
	cgl_ref_memcg(&rec->cgroup[CGL_REF_VICTIM], e->victim_memcg);

	rec->task.ns[0] = 0;
	if (cgl_in_task(e->regs)) {
		/* The namespaces are the same, but for one that reaps itself. */
		cgl_ref_pid(rec->task.ns, rec->tgid, current, true);
		cgl_ref_task(&rec->task, current, false);
	}
	rec->victim.ns[0] = 0;
	if (e->move)
		rec->victim = e->move->task;
	else if (e->victim)
		cgl_ref_task(&rec->victim, e->victim, true);
}
