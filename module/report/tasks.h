/* SPDX-License-Identifier: GPL-2.0-only */
/* /proc/cg_list/tasks */
#ifndef CGL_TASKS_H
#define CGL_TASKS_H

#include <linux/proc_fs.h>

extern const struct proc_ops cgl_tasks_ops;

#endif /* CGL_TASKS_H */
