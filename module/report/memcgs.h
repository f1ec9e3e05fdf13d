/* SPDX-License-Identifier: GPL-2.0-only */
/* /proc/cg_list/memcgs */
#ifndef CGL_MEMCGS_H
#define CGL_MEMCGS_H

#include <linux/proc_fs.h>

extern const struct proc_ops cgl_memcgs_ops;

#endif /* CGL_MEMCGS_H */
