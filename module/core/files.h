/* SPDX-License-Identifier: GPL-2.0-only */
/* The directory /proc/cg_list. */
#ifndef CGL_FILES_H
#define CGL_FILES_H

int cgl_files_init(void);
void cgl_files_exit(void);

#endif /* CGL_FILES_H */
