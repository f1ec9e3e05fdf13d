/* SPDX-License-Identifier: GPL-2.0-only */
/* /proc/cg_list/events */
#ifndef CGL_STREAM_H
#define CGL_STREAM_H

#include <linux/proc_fs.h>

extern const struct proc_ops cgl_events_ops;
void cgl_events_dying(void);

#endif /* CGL_STREAM_H */
