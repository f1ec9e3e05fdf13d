// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/cg_list/tasks: a line a task, with its memory cgroup and the cgroup's
 * usage. The cursor is a number: the next task is the one with the next higher
 * pid. So nothing is held between reads; a task that existed throughout is
 * printed, and no task is printed twice.
 */
#include <linux/nsproxy.h>
#include <linux/page_counter.h>
#include <linux/pid_namespace.h>
#include <linux/sched/task.h>

#include <cg_list/names.h>

#include "base/admin.h"
#include "base/cgroup.h"
#include "base/out.h"
#include "base/path.h"
#include "report/tasks.h"

/**
 * struct cgl_tasks_file - an open file of /proc/cg_list/tasks
 * @pid_ns: of the proc mount
 * @task: the task at the cursor, referenced from start to stop
 * @nr: its number in @pid_ns
 */
struct cgl_tasks_file {
	struct pid_namespace *pid_ns;
	struct task_struct *task;
	int nr;
};

/* The task with the lowest number from @nr on. Position 0 is the header. */
static void *cgl_tasks_find(struct cgl_tasks_file *f, loff_t *pos)
{
	struct pid *pid;

	if (f->task)
		put_task_struct(f->task);
	f->task = NULL;

	rcu_read_lock();
	while (*pos <= PID_MAX_LIMIT) {
		pid = find_ge_pid(*pos, f->pid_ns);
		if (!pid)
			break;
		f->nr = pid_nr_ns(pid, f->pid_ns);
		*pos = f->nr;
		f->task = pid_task(pid, PIDTYPE_PID);
		if (f->task) {
			get_task_struct(f->task);
			break;
		}
		/* A number kept by a process group or session. */
		++*pos;
	}
	rcu_read_unlock();
	return f->task;
}

static void *cgl_tasks_start(struct seq_file *m, loff_t *pos)
{
	if (!*pos)
		return SEQ_START_TOKEN;
	return cgl_tasks_find(m->private, pos);
}

static void *cgl_tasks_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return cgl_tasks_find(m->private, pos);
}

static void cgl_tasks_stop(struct seq_file *m, void *v)
{
	struct cgl_tasks_file *f = m->private;

	if (f->task)
		put_task_struct(f->task);
	f->task = NULL;
}

static void cgl_out_task_memcg(struct cgl_out *o, const struct cgl_reader *r,
			       struct task_struct *task)
{
	struct mem_cgroup *memcg;

	if (mem_cgroup_disabled())
		return;
	rcu_read_lock();
	memcg = mem_cgroup_from_task(task);
	if (memcg && cgl_memcg_visible(r, memcg)) {
		cgl_out_num(o, " id=", cgl_css_id(&memcg->css));
		/* The root's is not kept. */
		if (parent_mem_cgroup(memcg))
			cgl_out_pages(o, " usage=",
				      page_counter_read(&memcg->memory));
		cgl_out_memcg_path(o, r, memcg);
	}
	rcu_read_unlock();
}

static int cgl_tasks_show(struct seq_file *m, void *v)
{
	struct cgl_tasks_file *f = m->private;
	struct cgl_reader r = {
		.pid_ns		= f->pid_ns,
		.cgroup_ns	= current->nsproxy->cgroup_ns,
		.ns_cset	= current->nsproxy->cgroup_ns->root_cset,
	};
	char comm[TASK_COMM_LEN];
	struct cgl_out o;

	cgl_out_begin(&o, m);
	if (v == SEQ_START_TOKEN) {
		cgl_out_num(&o, CGL_FORMAT_KEY " ", CGL_FORMAT);
	} else {
		get_task_comm(comm, f->task);
		cgl_out_num(&o, "task pid=", f->nr);
		cgl_out_num(&o, " tgid=", task_tgid_nr_ns(f->task, f->pid_ns));
		cgl_out_task_memcg(&o, &r, f->task);
		cgl_out_lit(&o, " comm=");
		cgl_out_escaped(&o, comm, strlen(comm));
	}
	cgl_out_eol(&o);
	cgl_out_commit(&o, m);
	return 0;
}

static const struct seq_operations cgl_tasks_seq_ops = {
	.start	= cgl_tasks_start,
	.next	= cgl_tasks_next,
	.stop	= cgl_tasks_stop,
	.show	= cgl_tasks_show,
};

static int cgl_tasks_open(struct inode *inode, struct file *file)
{
	struct cgl_tasks_file *f;
	int ret = cgl_open_admin();

	if (ret)
		return ret;
	f = __seq_open_private(file, &cgl_tasks_seq_ops, sizeof(*f));
	if (!f)
		return -ENOMEM;
	f->pid_ns = proc_pid_ns(inode->i_sb);
	return 0;
}

const struct proc_ops cgl_tasks_ops = {
	.proc_open	= cgl_tasks_open,
	.proc_read	= seq_read,
	.proc_lseek	= seq_lseek,
	.proc_release	= seq_release_private,
};
