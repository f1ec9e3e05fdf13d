/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is between cg_list.ko, which prints a report, and cg_list_proc.ko, which
 * opens /proc/PID/cg_list: as <linux/cg_list.h> on a kernel with the proc patch,
 * but for how a provider asks whether it may name a task.
 */
#ifndef CGL_PROVIDER_H
#define CGL_PROVIDER_H

#include <linux/types.h>

struct cgroup_subsys_state;
struct file;
struct pid_namespace;
struct seq_file;
struct task_struct;

/* Goes up with each change of what is below. */
#define CG_LIST_VERSION		3

/**
 * struct cg_list_report - one open file, as the provider sees it
 * @task: the subject, referenced while the provider runs; NULL in between
 * @pid_ns: the pid namespace of the proc mount, in which numbers are printed
 * @css: the provider's, to outlive a read: NULL or a reference, which is
 *	dropped when the file is closed (the provider may be gone by then)
 * @data: likewise: NULL or memory for kfree()
 * @state: the provider's too, 0 when the file is opened
 * @ptrace: the opener has PTRACE_MODE_READ_FSCREDS on @task
 */
struct cg_list_report {
	struct task_struct		*task;
	struct pid_namespace		*pid_ns;
	struct cgroup_subsys_state	*css;
	void				*data;
	unsigned long			state;
	bool				ptrace;
/* private: who opened it, what holds @task and the provider from start to stop */
	const struct file		*file;
	int				srcu_idx;
	const struct cg_list_provider	*provider;
	bool (*may_name)(const struct cg_list_report *report,
			 struct task_struct *task);
};

/**
 * struct cg_list_provider - what prints the report
 * @version: CG_LIST_VERSION that it was built with
 * @start: a read begins, or goes on, at *@step: 1 if there is such a step, 0
 *	at the end, or a negative errno, which the reader gets
 * @next: moves *@step on; false at the end
 * @show: prints step @step: some lines, less than a page where that can be, or
 *	none; 0 or a negative errno
 *
 * A read calls @start once, then @show and @next in turn, with @report->task
 * valid throughout. All run in process context inside an SRCU read side
 * section and may sleep. A report that does not fit into one read is taken up
 * by another, at the step that did not fit.
 */
struct cg_list_provider {
	unsigned int version;
	int (*start)(struct cg_list_report *report, loff_t *step);
	bool (*next)(struct cg_list_report *report, loff_t *step);
	int (*show)(struct seq_file *m, struct cg_list_report *report,
		    loff_t step);
};

int cg_list_register(const struct cg_list_provider *provider);
void cg_list_unregister(const struct cg_list_provider *provider);

/**
 * cg_list_may_name - whether a report may name a task that it is not about
 * @report: the report, whose provider runs
 * @task: the task, referenced; NULL: every task there is or has been
 *
 * Context: process context.
 * Return: true if the opener of the report's file may see @task, which of
 * /proc/cg_list/task it may
 */
static inline bool cg_list_may_name(const struct cg_list_report *report,
				    struct task_struct *task)
{
	return !report->may_name || report->may_name(report, task);
}

#endif /* CGL_PROVIDER_H */
