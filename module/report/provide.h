/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Becoming the provider of /proc/PID/cg_list.
 */
#ifndef CGL_PROVIDE_H
#define CGL_PROVIDE_H

int cgl_provide_init(void);
void cgl_provide_exit(void);

#endif /* CGL_PROVIDE_H */
