// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may see what: PTRACE_MODE_READ_FSCREDS with the credentials of who opened
 * the file, as on a kernel with the proc patch. ptrace_may_access() is not for
 * modules. But the kernel's own show function of /proc/PID/task/TID/io begins
 * with that very question, and fails with EACCES if the answer is no: it is
 * called with a seq_file that has no room, so that it prints nothing.
 *
 * Without that file (CONFIG_TASK_IO_ACCOUNTING), or if its answers are not as
 * expected, only CAP_SYS_PTRACE in the initial user namespace will do.
 */
#define pr_fmt(fmt) "cg_list_proc: " fmt

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/pid_namespace.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/user_namespace.h>

#include "base/provider.h"
#include "proc/ask.h"

/* The show function of "io"; NULL without it. */
static cgl_show_t cgl_io_show __ro_after_init;

/* Calls it with the credentials that are in force. */
static int cgl_ask(cgl_show_t io, struct task_struct *task)
{
	struct seq_file nowhere = { };

	return io(&nowhere, NULL, NULL, task);
}

/*
 * The first half of the question, as __ptrace_may_access() has it. The kernel's
 * function would write a no of this half to the audit log, where it has no
 * place: it leaves out some lines, and denies nothing that was asked for.
 */
static bool cgl_same_owner(struct task_struct *task)
{
	const struct cred *self = current_cred(), *other;
	bool may;

	rcu_read_lock();
	other = __task_cred(task);
	may = (uid_eq(self->fsuid, other->euid) &&
	       uid_eq(self->fsuid, other->suid) &&
	       uid_eq(self->fsuid, other->uid) &&
	       gid_eq(self->fsgid, other->egid) &&
	       gid_eq(self->fsgid, other->sgid) &&
	       gid_eq(self->fsgid, other->gid)) ||
	      ns_capable_noaudit(other->user_ns, CAP_SYS_PTRACE);
	rcu_read_unlock();
	return may;
}

/* PTRACE_MODE_READ_FSCREDS, of the credentials that are in force. */
static bool cgl_may_look(struct task_struct *task)
{
	if (!cgl_io_show)
		return ns_capable_noaudit(&init_user_ns, CAP_SYS_PTRACE);
	return cgl_same_owner(task) && !cgl_ask(cgl_io_show, task);
}

/**
 * cgl_may_ptrace - whether who has opened a file may look into a task
 * @file: the file
 * @task: the task, referenced
 *
 * A task may always look at itself, whatever its credentials are. Somebody else
 * may have opened the file: who has executed a set-user-ID program since.
 *
 * Context: process context, sleeps: it waits for an execve() of @task to end. A
 * fatal signal ends that, and then the answer is no.
 */
bool cgl_may_ptrace(const struct file *file, struct task_struct *task)
{
	const struct cred *opener = file->f_cred, *self = current_cred(), *old;
	bool may;

	old = override_creds(opener);
	if (!same_thread_group(task, current))
		may = cgl_may_look(task);
	else
		may = opener == self ||
		      (uid_eq(opener->fsuid, self->uid) &&
		       uid_eq(opener->fsuid, self->euid) &&
		       uid_eq(opener->fsuid, self->suid) &&
		       gid_eq(opener->fsgid, self->gid) &&
		       gid_eq(opener->fsgid, self->egid) &&
		       gid_eq(opener->fsgid, self->sgid)) ||
		      ns_capable_noaudit(self->user_ns, CAP_SYS_PTRACE);
	revert_creds(old);
	return may;
}

/**
 * cgl_may_name - whether a report may name a task that it is not about
 * @report: the report, whose provider runs
 * @task: the task, referenced; NULL: every task there is or has been
 *
 * hidepid= of the proc mount decides, as in has_pid_permissions() for what is
 * inside of /proc/PID.
 *
 * Context: process context, sleeps.
 * Return: true if the opener of the report's file may see @task
 */
bool cgl_may_name(const struct cg_list_report *report, struct task_struct *task)
{
	struct proc_fs_info *fs_info;
	const struct cred *old;
	bool may;

	fs_info = proc_sb_info(file_inode(report->file)->i_sb);
	if (fs_info->hide_pid == HIDEPID_OFF)
		return true;
	if (task && same_thread_group(task, report->task))
		return true;

	old = override_creds(report->file->f_cred);
	if (fs_info->hide_pid != HIDEPID_NOT_PTRACEABLE &&
	    in_group_p(fs_info->pid_gid))
		may = true;
	else if (task)
		may = cgl_may_look(task);
	else
		may = ns_capable_noaudit(report->pid_ns->user_ns,
					 CAP_SYS_PTRACE);
	revert_creds(old);
	return may;
}

/* Asks about the idle task, which is root's, with other credentials. */
static int __init cgl_try(cgl_show_t io, const struct cred *cred)
{
	const struct cred *old = override_creds(cred);
	int ret = cgl_ask(io, &init_task);

	revert_creds(old);
	return ret;
}

/**
 * cgl_ask_init - try whether the kernel answers
 * @io: the show function of /proc/PID/task/TID/io, or NULL
 *
 * It is asked for one who may do anything, and for one who may do nothing.
 *
 * Context: process context, sleeps; while the module is loaded.
 * Return: 0 whatever it answers, or -ENOMEM.
 */
int __init cgl_ask_init(cgl_show_t io)
{
	struct cred *all, *none;
	int may, may_not;

	if (!io) {
		pr_info("without CONFIG_TASK_IO_ACCOUNTING, only CAP_SYS_PTRACE sees all of /proc/PID/cg_list\n");
		return 0;
	}
	all = prepare_kernel_cred(&init_task);
	none = prepare_creds();
	if (!all || !none) {
		put_cred(all);
		put_cred(none);
		return -ENOMEM;
	}
	none->uid = KUIDT_INIT(65534);
	none->euid = none->uid;
	none->suid = none->uid;
	none->fsuid = none->uid;
	none->gid = KGIDT_INIT(65534);
	none->egid = none->gid;
	none->sgid = none->gid;
	none->fsgid = none->gid;
	memset(&none->cap_effective, 0, sizeof(none->cap_effective));
	memset(&none->cap_permitted, 0, sizeof(none->cap_permitted));

	may = cgl_try(io, all);
	may_not = cgl_try(io, none);
	put_cred(none);
	put_cred(all);
	if (!may && may_not == -EACCES)
		cgl_io_show = io;
	else
		pr_info("/proc/PID/io answers %d and %d: only CAP_SYS_PTRACE sees all of /proc/PID/cg_list\n",
			may, may_not);
	return 0;
}
