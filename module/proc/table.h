/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's tables of a task's files: finding, checking, copying them.
 */
#ifndef CGL_PROC_TABLE_H
#define CGL_PROC_TABLE_H

struct path;

int cgl_tables_init(const struct path *proc, const char **why);
int cgl_tables_try(const struct path *proc, const char **why);

#endif /* CGL_PROC_TABLE_H */
