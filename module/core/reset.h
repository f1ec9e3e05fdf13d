/* SPDX-License-Identifier: GPL-2.0-only */
/* The counters begin anew: /proc/cg_list/reset */
#ifndef CGL_RESET_H
#define CGL_RESET_H

#include <linux/proc_fs.h>
#include <linux/types.h>

extern const struct proc_ops cgl_reset_ops;
u64 cgl_reset_time(void);
void cgl_reset_init(void);

#endif /* CGL_RESET_H */
