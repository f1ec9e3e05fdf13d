/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rows of top: which cgroups and tasks are shown, in which order
 */
#ifndef MEMCGSTAT_TOPROWS_H
#define MEMCGSTAT_TOPROWS_H

#include "source.h"

enum top_sort { SORT_NAME, SORT_USAGE, SORT_USE, SORT_CHARGES, SORT_FAILS, NR_SORT };

extern const char *const top_sort_names[NR_SORT];

/* A memory cgroup, or a task in it. */
struct top_row {
	struct cgl_memcg *m;
	u64 pid;		/* 0: the row is the cgroup's */
	char *comm;		/* of the task, NULL until it is drawn */
	unsigned int depth;
	bool folded;		/* has children that are not shown */
	double charges;		/* a second; not a number: not known */
	double fails;
	struct cgl_limit limit;	/* the one that will be met first */
	bool slowed;		/* above its memory.high, or one above it is */
};

struct top {
	struct cgl_report now;
	struct cgl_report before;
	struct cgl_cache *cache;
	double time, time_before;
	struct cgl_report tasks;	/* with cg_list; else read from cgroup.procs */
	bool show_tasks;
	enum top_sort sort;
	char *filter;		/* part of a path or comm, "" for all */
	char **folded;		/* paths */
	size_t nr_folded, cap_folded;
	struct top_row *rows;
	size_t nr_rows, cap_rows;
};

void top_init(struct top *t);
void top_read(struct top *t);
void top_arrange(struct top *t);
void top_fold(struct top *t, const struct cgl_memcg *m);
void top_free(struct top *t);

#endif
