// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file, as the proc patch has it: told by whoever has registered as the
 * provider, an iterator and not a single show, with the provider inside an SRCU
 * section from start to stop and no longer.
 *
 * The inode is the kernel's own, and what it says is private to fs/proc. So the
 * kernel is asked whose it is, by the function that prints /proc/PID/cgroup: it
 * finds the inode's task, and hands it to the show function in the inode's row,
 * here cgl_file_tell().
 */
#define pr_fmt(fmt) "cg_list_proc: " fmt

#include <linux/cgroup.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/sched/task.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/splice.h>
#include <linux/srcu.h>

#include "base/compat.h"
#include "base/provider.h"
#include "proc/ask.h"
#include "proc/file.h"

static const struct cg_list_provider __rcu *cgl_provider;
static DEFINE_MUTEX(cgl_provider_mutex);
DEFINE_STATIC_SRCU(cgl_provider_srcu);

/* proc_single_show() */
static int (*cgl_single_show)(struct seq_file *m, void *v) __ro_after_init;

/**
 * cg_list_register - become the provider of /proc/PID/cg_list
 * @provider: must live until cg_list_unregister() has returned
 *
 * Context: process context, may sleep.
 * Return: 0, -EPROTO if @provider was built for another CG_LIST_VERSION,
 * -EBUSY if there is a provider already.
 */
int cg_list_register(const struct cg_list_provider *provider)
{
	int ret = 0;

	if (provider->version != CG_LIST_VERSION) {
		pr_err("this module speaks version %u, the provider version %u: it cannot be exchanged without a reboot\n",
		       CG_LIST_VERSION, provider->version);
		return -EPROTO;
	}

	mutex_lock(&cgl_provider_mutex);
	if (rcu_access_pointer(cgl_provider))
		ret = -EBUSY;
	else
		rcu_assign_pointer(cgl_provider, provider);
	mutex_unlock(&cgl_provider_mutex);
	return ret;
}
EXPORT_SYMBOL_GPL(cg_list_register);

/**
 * cg_list_unregister - stop being the provider
 * @provider: what was registered; anything else is ignored
 *
 * Waits until no reader is inside the provider. From then on, reading fails
 * with ENODEV, for files that are open already as well.
 *
 * Context: process context, sleeps.
 */
void cg_list_unregister(const struct cg_list_provider *provider)
{
	mutex_lock(&cgl_provider_mutex);
	if (rcu_access_pointer(cgl_provider) == provider)
		RCU_INIT_POINTER(cgl_provider, NULL);
	mutex_unlock(&cgl_provider_mutex);
	synchronize_srcu_expedited(&cgl_provider_srcu);
}
EXPORT_SYMBOL_GPL(cg_list_unregister);

/**
 * cgl_file_tell - the show function of our row: says which task it is
 * @m: the one of cgl_get_task()
 * @ns: not used
 * @pid: not used
 * @task: the task, referenced for as long as this runs
 *
 * Context: process context, called by the kernel.
 * Return: 0
 */
int cgl_file_tell(struct seq_file *m, struct pid_namespace *ns,
		  struct pid *pid, struct task_struct *task)
{
	m->private = get_task_struct(task);
	return 0;
}

/* The task that one of our inodes is about, referenced; NULL if it is gone. */
static struct task_struct *cgl_get_task(struct inode *inode)
{
	struct seq_file m = { .private = inode };

	return cgl_single_show(&m, NULL) ? NULL : m.private;
}

static void *cgl_file_start(struct seq_file *m, loff_t *pos)
	__acquires(&cgl_provider_srcu)
{
	struct cg_list_report *report = m->private;
	const struct cg_list_provider *provider;
	int ret;

	report->srcu_idx = srcu_read_lock(&cgl_provider_srcu);
	provider = srcu_dereference(cgl_provider, &cgl_provider_srcu);
	if (!provider)
		return ERR_PTR(-ENODEV);

	report->task = cgl_get_task(file_inode(m->file));
	if (!report->task)
		return ERR_PTR(-ESRCH);

	report->ptrace = cgl_may_ptrace(m->file, report->task);
	report->provider = provider;
	ret = provider->start(report, pos);
	if (ret < 0)
		return ERR_PTR(ret);
	return ret ? pos : NULL;
}

static void *cgl_file_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct cg_list_report *report = m->private;

	return report->provider->next(report, pos) ? pos : NULL;
}

static void cgl_file_stop(struct seq_file *m, void *v)
	__releases(&cgl_provider_srcu)
{
	struct cg_list_report *report = m->private;

	if (report->task)
		put_task_struct(report->task);
	report->task = NULL;
	report->provider = NULL;
	srcu_read_unlock(&cgl_provider_srcu, report->srcu_idx);
}

static int cgl_file_show(struct seq_file *m, void *v)
{
	struct cg_list_report *report = m->private;

	return report->provider->show(m, report, m->index);
}

static const struct seq_operations cgl_file_seq_ops = {
	.start	= cgl_file_start,
	.next	= cgl_file_next,
	.stop	= cgl_file_stop,
	.show	= cgl_file_show,
};

static int cgl_file_open(struct inode *inode, struct file *file)
{
	struct cg_list_report *report;

	report = __seq_open_private(file, &cgl_file_seq_ops, sizeof(*report));
	if (!report)
		return -ENOMEM;

	report->pid_ns = proc_pid_ns(inode->i_sb);
	report->file = file;
	report->may_name = cgl_may_name;
	return 0;
}

static int cgl_file_release(struct inode *inode, struct file *file)
{
	struct cg_list_report *report =
		((struct seq_file *)file->private_data)->private;

	if (report->css)
		css_put(report->css);
	kfree(report->data);
	return seq_release_private(inode, file);
}

const struct file_operations cgl_file_ops = {
	.owner		= THIS_MODULE,
	.open		= cgl_file_open,
	.read_iter	= seq_read_iter,
	.splice_read	= cgl_splice_read,
	.llseek		= seq_lseek,
	.release	= cgl_file_release,
};

/**
 * cgl_file_init - how the kernel is to be asked for an inode's task
 * @show: proc_single_show()
 *
 * Context: while the module is loaded.
 */
void __init cgl_file_init(int (*show)(struct seq_file *m, void *v))
{
	cgl_single_show = show;
}

/**
 * cgl_file_is - whether an inode is our file, about that task
 * @inode: an inode of proc
 * @task: the task
 *
 * Context: process context, while the module is loaded.
 */
bool __init cgl_file_is(struct inode *inode, const struct task_struct *task)
{
	struct task_struct *found;

	if (inode->i_fop != &cgl_file_ops)
		return false;
	found = cgl_get_task(inode);
	if (found)
		put_task_struct(found);
	return found == task;
}
