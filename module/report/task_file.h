/* SPDX-License-Identifier: GPL-2.0-only */
/* /proc/cg_list/task */
#ifndef CGL_TASK_FILE_H
#define CGL_TASK_FILE_H

#include <linux/proc_fs.h>

extern const struct proc_ops cgl_task_ops;

#endif /* CGL_TASK_FILE_H */
