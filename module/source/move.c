// SPDX-License-Identifier: GPL-2.0-only
/*
 * Moves of tasks between cgroups on a stock kernel: kretprobes on what writes to
 * cgroup.procs, cgroup.threads and tasks, and on the other ways to move tasks,
 * each an event when it returns, with what it returns; refused ones too.
 *
 * What is told is gathered on the way and kept as numbers, since the task and
 * the cgroups may be gone by then: where to, when the write begins; which task,
 * and where from, when cgroup_procs_write_start() has found it, with
 * cgroup_mutex held, before anything is asked that could refuse it; how many
 * threads, by counting css_set_move_task() inside of cgroup_migrate_execute().
 *
 * A task that moves others has an entry in a small table. Only that task finds and
 * changes its entry, so that no lock is needed. Handlers neither sleep nor allocate.
 *
 * Cost: nothing where no task is moved; 6 KiB, and what the kernel takes for
 * kretprobes, some 30.
 */
#include <linux/cgroup.h>
#include <linux/err.h>
#include <linux/kernfs.h>
#include <linux/kprobes.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "base/cgroup.h"
#include "base/compat.h"
#include "base/status_line.h"
#include "event/ring.h"
#include "probe/arch/regs.h"
#include "probe/hook.h"
#include "source/move.h"
#include "source/source.h"

#if !CGL_HAVE_TRACEPOINTS

/* Tasks that may be moving others at once: all but one wait for cgroup_mutex. */
#define CGL_MOVERS	64

/**
 * struct cgl_mover - a task that is moving others
 * @task: which one; NULL: this entry is free. The rest is its own.
 * @sp: the stack pointer of the function that has called
 * @to: where to; good while cgroup_mutex is held
 * @move: what is to be told
 * @threads: how many have moved
 * @found: what is to be moved was found
 */
struct cgl_mover {
	struct task_struct *task;
	unsigned long sp;
	const struct cgroup *to;
	struct cgl_move move;
	unsigned int threads;
	bool found;
};

static struct cgl_mover *cgl_movers;
static atomic64_t cgl_movers_lost;

static struct cgl_mover *cgl_mover_find(void)
{
	unsigned int i;

	for (i = 0; i < CGL_MOVERS; i++)
		if (READ_ONCE(cgl_movers[i].task) == current)
			return &cgl_movers[i];
	return NULL;
}

static struct cgl_mover *cgl_mover_claim(void)
{
	unsigned int i;

	for (i = 0; i < CGL_MOVERS; i++)
		if (!READ_ONCE(cgl_movers[i].task) &&
		    !cmpxchg(&cgl_movers[i].task, NULL, current))
			return &cgl_movers[i];
	atomic64_inc(&cgl_movers_lost);
	return NULL;
}

/*
 * The task's cgroup in @to's hierarchy; NULL for a hierarchy without controllers,
 * which nothing exported leads to. cgroup_mutex is held.
 */
static const struct cgroup *cgl_task_cgroup(struct task_struct *task,
					    const struct cgroup *to)
{
	const struct cgroup *cgrp = NULL;
	struct css_set *cset;
	int i;

	rcu_read_lock();
	cset = task_css_set(task);
	if (cgl_on_v2(to))
		cgrp = cset->dfl_cgrp;
	for (i = 0; i < CGROUP_SUBSYS_COUNT && !cgrp; i++) {
		if (cset->subsys[i] && cset->subsys[i]->cgroup->root == to->root)
			cgrp = cset->subsys[i]->cgroup;
	}
	rcu_read_unlock();
	return cgrp;
}

/* A function begins that moves tasks; the result is for its kretprobe. */
static int cgl_move_begin(struct kretprobe_instance *ri, struct pt_regs *regs,
			  const struct cgroup *from, const struct cgroup *to,
			  struct task_struct *task)
{
	struct cgl_mover *m = cgl_mover_claim();

	if (!m)
		return 1;
	*(struct cgl_mover **)ri->data = m;
	m->sp = cgl_caller_sp(regs);
	m->to = to;
	m->threads = 0;
	m->found = task;
	cgl_move_fill(&m->move, from, to, task);
	return 0;
}

static struct cgl_mover *cgl_mover_of(struct kretprobe_instance *ri)
{
	return *(struct cgl_mover **)ri->data;
}

static bool cgl_moved_armed(void);

/* It returns. The stack begins at its caller. */
static void cgl_move_tell(const struct cgl_mover *m,
			  const struct pt_regs *regs, int ret)
{
	struct pt_regs caller = *regs;
	struct cgl_event e = {
		.type		= CGL_EVENT_migrate,
		.has		= CGL_HAS_RET,
		.move		= &m->move,
		.threads	= m->threads,
		.ret		= ret,
		.regs		= &caller,
	};

	if (cgl_moved_armed())
		e.has |= CGL_HAS_THREADS;
	/* Its instruction is right: where the function returns to, past any trampoline. */
	cgl_set_sp(&caller, m->sp);
	cgl_event_record(&e);
}

static void cgl_move_end(struct cgl_mover *m)
{
	/* From here on the entry may be another task's. */
	smp_store_release(&m->task, NULL);
}

/*
 * Writes to cgroup.procs, cgroup.threads and tasks
 */

/* As of_css() does it: the file has an active reference. */
static int cgl_write_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct kernfs_open_file *of = (void *)cgl_arg(regs, 0);

	return cgl_move_begin(ri, regs, NULL, cgl_kernfs_dir_priv(of->kn), NULL);
}

static int cgl_write_leave(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	int ret = min_t(long, regs_return_value(regs), 0);
	struct cgl_mover *m = cgl_mover_of(ri);

	/* The cgroup may be gone: then nothing was tried. */
	if (m->found || ret != -ENODEV)
		cgl_move_tell(m, regs, ret);
	cgl_move_end(m);
	return 0;
}

/* The task that was asked for, or why there is none. */
static int cgl_start_leave(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct task_struct *task = (void *)regs_return_value(regs);
	struct cgl_mover *m = cgl_mover_find();

	if (!m || IS_ERR(task))
		return 0;
	m->found = true;
	cgl_move_fill(&m->move, cgl_task_cgroup(task, m->to), m->to, task);
	return 0;
}

/*
 * The other ways
 */

/* Into all cgroups of another task: cgroup_attach_task_all(). */
static int cgl_attach_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct cgroup *to = (void *)cgl_arg(regs, 0);
	struct task_struct *task = (void *)cgl_arg(regs, 1);

	/* Part of a write, which tells it. */
	if (cgl_mover_find())
		return 1;
	return cgl_move_begin(ri, regs, cgl_task_cgroup(task, to), to, task);
}

/* All tasks of a v1 cpuset that has lost its last CPU. */
static int cgl_transfer_entry(struct kretprobe_instance *ri,
			      struct pt_regs *regs)
{
	const struct cgroup *to = (void *)cgl_arg(regs, 0);
	const struct cgroup *from = (void *)cgl_arg(regs, 1);

	return cgl_move_begin(ri, regs, from, to, NULL);
}

static int cgl_other_leave(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct cgl_mover *m = cgl_mover_of(ri);

	cgl_move_tell(m, regs, regs_return_value(regs));
	cgl_move_end(m);
	return 0;
}

/* Controllers come or go below a cgroup on v2. */
static int cgl_control_entry(struct kretprobe_instance *ri,
			     struct pt_regs *regs)
{
	const struct cgroup *cgrp = (void *)cgl_arg(regs, 0);

	return cgl_move_begin(ri, regs, cgrp, cgrp, NULL);
}

/* As a rule nobody is moved: then there is nothing to tell. */
static int cgl_control_leave(struct kretprobe_instance *ri,
			     struct pt_regs *regs)
{
	int ret = regs_return_value(regs);
	struct cgl_mover *m = cgl_mover_of(ri);

	if (ret || m->threads || !cgl_moved_armed())
		cgl_move_tell(m, regs, ret);
	cgl_move_end(m);
	return 0;
}

/*
 * A thread moves; cgroup_mutex and css_set_lock are held. In a hierarchy without
 * controllers this is the first moment at which its old cgroup can be seen.
 */
static int cgl_on_moved(struct kprobe *kp, struct pt_regs *regs)
{
	const struct css_set *from = (void *)cgl_arg(regs, 1);
	struct cgl_mover *m = cgl_mover_find();

	if (!m)
		return 0;
	if (!m->threads++ && from)
		cgl_move_found_from(&m->move, from->mg_src_cgrp);
	return 0;
}

/* The hooks. */

#define CGL_WRITE(function)					\
	{							\
		.name		= #function,			\
		.at		= CGL_AT_RETURN,		\
		.func		= #function,			\
		.entry		= cgl_write_entry,		\
		.leave		= cgl_write_leave,		\
		.data_size	= sizeof(struct cgl_mover *),	\
		.inside		= CGL_MOVERS,			\
		.unseen		= "refused moves",		\
	}

/* The first one counts for all the others. */
static struct cgl_hook cgl_move_hooks[] = {
	{
		.name		= "moved",
		.at		= CGL_AT_CALL,
		.func		= "cgroup_migrate_execute",
		.callee		= "css_set_move_task",
		.handler	= cgl_on_moved,
		.unseen		= "how many threads move between cgroups",
	},
	CGL_WRITE(cgroup_procs_write),
	CGL_WRITE(cgroup_threads_write),
	CGL_WRITE(cgroup1_procs_write),
	CGL_WRITE(cgroup1_tasks_write),
	{
		.name		= "cgroup_procs_write_start",
		.at		= CGL_AT_RETURN,
		.func		= "cgroup_procs_write_start",
		.leave		= cgl_start_leave,
		.unseen		= "which task a write moves, and where from",
	},
	{
		.name		= "cgroup_attach_task",
		.at		= CGL_AT_RETURN,
		.func		= "cgroup_attach_task",
		.entry		= cgl_attach_entry,
		.leave		= cgl_other_leave,
		.data_size	= sizeof(struct cgl_mover *),
		.unseen		= "moves into all cgroups of another task",
	},
	{
		.name		= "cgroup_transfer_tasks",
		.at		= CGL_AT_RETURN,
		.func		= "cgroup_transfer_tasks",
		.entry		= cgl_transfer_entry,
		.leave		= cgl_other_leave,
		.data_size	= sizeof(struct cgl_mover *),
		.unseen		= "moves out of a v1 cpuset without CPUs",
	},
	{
		.name		= "cgroup_update_dfl_csses",
		.at		= CGL_AT_RETURN,
		.func		= "cgroup_update_dfl_csses",
		.entry		= cgl_control_entry,
		.leave		= cgl_control_leave,
		.data_size	= sizeof(struct cgl_mover *),
		.unseen		= "moves because controllers come or go",
	},
};

static_assert(ARRAY_SIZE(cgl_move_hooks) <= CGL_HOOKS_MAX);

static bool cgl_moved_armed(void)
{
	return READ_ONCE(cgl_move_hooks[0].armed);
}

/**
 * cgl_moves_find - find the sites of the hooks
 *
 * Context: process context, sleeps; while the module is loaded.
 * Return: 0, whatever was found, or -ENOMEM.
 */
int __init cgl_moves_find(void)
{
	return cgl_hooks_find(cgl_move_hooks, ARRAY_SIZE(cgl_move_hooks));
}

/**
 * cgl_moves_arm - begin to record moves
 * @armed: increased by the number of hooks that are armed
 *
 * Context: process context, sleeps.
 * Return: 0, whatever could be armed, or -ENOMEM; then cgl_moves_disarm() is
 * still to be called.
 */
int cgl_moves_arm(unsigned int *armed)
{
	cgl_movers = kcalloc(CGL_MOVERS, sizeof(*cgl_movers), GFP_KERNEL);
	if (!cgl_movers)
		return -ENOMEM;
	return cgl_hooks_arm(cgl_move_hooks, ARRAY_SIZE(cgl_move_hooks), armed);
}

/**
 * cgl_moves_disarm - the reverse
 *
 * A move that is being made is not told.
 *
 * Context: process context, sleeps.
 */
void cgl_moves_disarm(void)
{
	cgl_hooks_disarm(cgl_move_hooks, ARRAY_SIZE(cgl_move_hooks));
	kfree(cgl_movers);
	cgl_movers = NULL;
}

/**
 * cgl_moves_missed - hits lost, and moves for which there was no entry
 *
 * Context: process context.
 */
u64 cgl_moves_missed(void)
{
	return atomic64_read(&cgl_movers_lost) +
	       cgl_hooks_missed(cgl_move_hooks, ARRAY_SIZE(cgl_move_hooks));
}

/**
 * cgl_moves_memory - bytes that it takes to see moves
 *
 * Context: process context.
 */
size_t cgl_moves_memory(void)
{
	return CGL_MOVERS * sizeof(*cgl_movers) +
	       cgl_hooks_memory(cgl_move_hooks, ARRAY_SIZE(cgl_move_hooks));
}

/**
 * cgl_moves_status - the lines of `status`
 * @m: its seq_file
 *
 * Context: process context.
 */
void cgl_moves_status(struct seq_file *m)
{
	cgl_hooks_status(m, cgl_move_hooks, ARRAY_SIZE(cgl_move_hooks));
	cgl_hooks_unseen(m, cgl_move_hooks, ARRAY_SIZE(cgl_move_hooks));
	cgl_status_unseen(m, "where from a refused move in a named hierarchy is",
			  "nothing exported leads there");
}

#else /* CGL_HAVE_TRACEPOINTS */

int __init cgl_moves_find(void)
{
	return 0;
}

int cgl_moves_arm(unsigned int *armed)
{
	return 0;
}

void cgl_moves_disarm(void)
{
}

u64 cgl_moves_missed(void)
{
	return 0;
}

size_t cgl_moves_memory(void)
{
	return 0;
}

void cgl_moves_status(struct seq_file *m)
{
	cgl_status_unseen(m, "moves between cgroups",
			  "on this kernel the other source tells them");
}

#endif
