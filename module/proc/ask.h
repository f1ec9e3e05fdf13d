/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a reader may see.
 */
#ifndef CGL_PROC_ASK_H
#define CGL_PROC_ASK_H

#include "proc/row.h"

struct cg_list_report;
struct file;

bool cgl_may_name(const struct cg_list_report *report, struct task_struct *task);
bool cgl_may_ptrace(const struct file *file, struct task_struct *task);
int cgl_ask_init(cgl_show_t io);

#endif /* CGL_PROC_ASK_H */
