// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/cg_list/task: the same report, about the task whose number is written
 * to the open file.
 */
#include <linux/capability.h>
#include <linux/file.h>
#include <linux/pid_namespace.h>
#include <linux/proc_fs.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "base/admin.h"
#include "report/report.h"
#include "report/task_file.h"

/**
 * struct cgl_task_file - an open file of /proc/cg_list/task
 * @report: as the proc patch has it for /proc/PID/cg_list
 * @pid: whose report it is; NULL until one is chosen
 */
struct cgl_task_file {
	struct cg_list_report report;
	struct pid *pid;
};

static void *cgl_task_start(struct seq_file *m, loff_t *pos)
{
	struct cgl_task_file *f = m->private;
	int ret;

	if (!f->pid)
		return ERR_PTR(-EINVAL);
	f->report.task = get_pid_task(f->pid, PIDTYPE_PID);
	if (!f->report.task)
		return ERR_PTR(-ESRCH);
	ret = cgl_report_start(&f->report, pos);
	if (ret < 0)
		return ERR_PTR(ret);
	return ret ? pos : NULL;
}

static void *cgl_task_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct cgl_task_file *f = m->private;

	return cgl_report_next(&f->report, pos) ? pos : NULL;
}

static void cgl_task_stop(struct seq_file *m, void *v)
{
	struct cgl_task_file *f = m->private;

	if (f->report.task)
		put_task_struct(f->report.task);
	f->report.task = NULL;
}

static int cgl_task_show(struct seq_file *m, void *v)
{
	struct cgl_task_file *f = m->private;

	return cgl_report_show(m, &f->report, m->index);
}

static const struct seq_operations cgl_task_seq_ops = {
	.start	= cgl_task_start,
	.next	= cgl_task_next,
	.stop	= cgl_task_stop,
	.show	= cgl_task_show,
};

static int cgl_task_open(struct inode *inode, struct file *file)
{
	struct cgl_task_file *f;
	int ret = cgl_open_admin();

	if (ret)
		return ret;
	f = __seq_open_private(file, &cgl_task_seq_ops, sizeof(*f));
	if (!f)
		return -ENOMEM;

	/* seq_open() takes this away; here what is written has a meaning. */
	file->f_mode |= FMODE_PWRITE;
	f->report.pid_ns = proc_pid_ns(inode->i_sb);
	f->report.file = file;
	/* ptrace_may_access() is out of a module's reach: ask for its cap. */
	f->report.ptrace = file_ns_capable(file, &init_user_ns,
					   CAP_SYS_PTRACE);
	return 0;
}

static ssize_t cgl_task_write(struct file *file, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct seq_file *m = file->private_data;
	struct cgl_task_file *f = m->private;
	char text[16];
	struct pid *pid;
	int nr;

	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buf, count))
		return -EFAULT;
	text[count] = '\0';
	if (strlen(text) != count || kstrtoint(text, 10, &nr) || nr <= 0)
		return -EINVAL;

	rcu_read_lock();
	pid = get_pid(find_pid_ns(nr, f->report.pid_ns));
	if (pid && !pid_task(pid, PIDTYPE_PID)) {
		put_pid(pid);
		pid = NULL;
	}
	rcu_read_unlock();
	if (!pid)
		return -ESRCH;

	/* Another subject: what is left of the last report is void. */
	mutex_lock(&m->lock);
	swap(pid, f->pid);
	m->index = 0;
	m->count = 0;
	m->from = 0;
	m->read_pos = 0;
	*ppos = 0;
	mutex_unlock(&m->lock);
	put_pid(pid);
	return count;
}

static int cgl_task_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct cgl_task_file *f = m->private;

	if (f->report.css)
		css_put(f->report.css);
	kfree(f->report.data);
	put_pid(f->pid);
	return seq_release_private(inode, file);
}

const struct proc_ops cgl_task_ops = {
	.proc_open	= cgl_task_open,
	.proc_read	= seq_read,
	.proc_write	= cgl_task_write,
	.proc_lseek	= seq_lseek,
	.proc_release	= cgl_task_release,
};
