/* SPDX-License-Identifier: GPL-2.0-only */
/* The directory /proc/sys/cg_list. */
#ifndef CGL_KNOBS_H
#define CGL_KNOBS_H

int cgl_knobs_init(void);
void cgl_knobs_exit(void);

#endif /* CGL_KNOBS_H */
