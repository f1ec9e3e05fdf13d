/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is known of fs/proc: how it describes a file of a task.
 */
#ifndef CGL_PROC_ROW_H
#define CGL_PROC_ROW_H

#include <linux/fs.h>
#include <linux/types.h>

struct pid;
struct pid_namespace;
struct seq_file;
struct task_struct;

typedef int (*cgl_show_t)(struct seq_file *m, struct pid_namespace *ns,
			  struct pid *pid, struct task_struct *task);

/**
 * struct cgl_row - a file of a task: struct pid_entry of fs/proc/base.c
 * @name: its name
 * @len: the name's length
 * @mode: type and permissions
 * @iop: the inode's operations; NULL for the usual ones
 * @fop: the file's operations; NULL for the usual ones of its type
 * @show: for a file with the operations of "cgroup": what prints it
 *
 * Private to fs/proc: table.c checks that the running kernel's are like this.
 */
struct cgl_row {
	const char *name;
	unsigned int len;
	umode_t mode;
	const struct inode_operations *iop;
	const struct file_operations *fop;
	cgl_show_t show;
};

#endif /* CGL_PROC_ROW_H */
