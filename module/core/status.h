/* SPDX-License-Identifier: GPL-2.0-only */
/* /proc/cg_list/status */
#ifndef CGL_STATUS_H
#define CGL_STATUS_H

#include <linux/proc_fs.h>

extern const struct proc_ops cgl_status_ops;

#endif /* CGL_STATUS_H */
