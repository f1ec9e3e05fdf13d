/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The file, and who prints it.
 */
#ifndef CGL_PROC_FILE_H
#define CGL_PROC_FILE_H

#include <linux/fs.h>

struct pid;
struct pid_namespace;
struct seq_file;
struct task_struct;

extern const struct file_operations cgl_file_ops;
int cgl_file_tell(struct seq_file *m, struct pid_namespace *ns,
		  struct pid *pid, struct task_struct *task);
void cgl_file_init(int (*show)(struct seq_file *m, void *v));
bool cgl_file_is(struct inode *inode, const struct task_struct *task);

#endif /* CGL_PROC_FILE_H */
