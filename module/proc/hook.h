/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hooks in the kernel's functions that look a file of a task up and that list
 * them, and the tables that the hooks exchange.
 */
#ifndef CGL_PROC_HOOK_H
#define CGL_PROC_HOOK_H

#include <linux/dcache.h>

#include "proc/row.h"

/* The name of the file, in /proc/PID and in /proc/PID/task/TID. */
#define CGL_NAME	"cg_list"
#define CGL_NAME_LEN	(sizeof(CGL_NAME) - 1)

/* Rows that a table may have; Debian's kernels have 60. */
#define CGL_ROWS_MAX	96

/**
 * struct cgl_table - one of the kernel's two tables of a task's files
 * @dir: a directory that has these files, from the root of a proc mount
 * @rows: the kernel's table; NULL until it is known and checked
 * @nr: rows that it has
 * @copy: its rows, and ours behind them
 */
struct cgl_table {
	const char *dir;
	const struct cgl_row *rows;
	unsigned int nr;
	struct cgl_row copy[CGL_ROWS_MAX + 1];
};

/* Filled in by table.c: the kernel's tables, and our row. */
extern struct cgl_table cgl_tgid, cgl_tid;
extern struct cgl_row cgl_row;

/**
 * struct cgl_seen - the arguments of a call that a hook has seen
 * @calls: how many calls there were in @task about @dir
 * @arg: the arguments of the last one
 * @parent: of a lookup, the directory that its second argument is in
 * @len: of a lookup, the length of the name that is looked up
 */
struct cgl_seen {
	unsigned int calls;
	unsigned long arg[4];
	struct dentry *parent;
	unsigned int len;
};

extern struct cgl_seen cgl_seen_lookup, cgl_seen_list;

int cgl_hooks_init(const char **why);
void cgl_hooks_exit(void);
void cgl_hooks_watch(const void *first_arg);
void cgl_hooks_release(void);

#endif /* CGL_PROC_HOOK_H */
