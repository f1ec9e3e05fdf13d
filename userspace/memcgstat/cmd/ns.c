// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcgstat ns: tasks by their whole set of namespaces, against their cgroups
 *
 * A container is a set of namespaces and a cgroup that belong together. Where
 * one set is spread over several cgroups, or one cgroup holds tasks of several
 * sets, somebody's memory is charged to somebody else.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"

/* A set of namespaces in a cgroup. */
struct group {
	u64 ns[CGL_NR_NS];
	char *path;
	u64 first_pid;
	char *comm;
	u64 tasks;
	u64 set;		/* number of the set, from 1 */
	bool split;		/* the set has other cgroups */
	bool mixed;		/* the cgroup has other sets */
};

struct groups {
	struct group *g;
	size_t nr, cap;
	u64 unreadable;
};

enum { C_SET, C_TASKS, C_PID, C_COMM, C_PATH, C_NOTE, C_FIRST_NS };

static const struct col cols[] = {
	[C_SET] = { "SET", 3, 0, "number of the set of namespaces", COL_COUNT },
	[C_TASKS] = { "TASKS", 5, 0, "processes with this set in this cgroup", COL_COUNT },
	[C_PID] = { "PID", 7, 0, "the lowest of them", COL_COUNT },
	[C_COMM] = { "COMM", 15, 0, "its name", COL_TEXT },
	[C_PATH] = { "CGROUP", 20, 0, "their memory cgroup", COL_TEXT },
	[C_NOTE] = { "NOTE", 10, 0, "split: the set has tasks in other cgroups too; "
		     "mixed: the cgroup has tasks of other sets too", COL_TEXT },
	[C_FIRST_NS] = { "NS_CGROUP", 10, COL_OFF, "inode number of the cgroup namespace",
			 COL_COUNT },
	{ "NS_IPC", 10, COL_OFF, "of the IPC namespace", COL_COUNT },
	{ "NS_MNT", 10, COL_OFF, "of the mount namespace", COL_COUNT },
	{ "NS_NET", 10, COL_OFF, "of the network namespace", COL_COUNT },
	{ "NS_PID", 10, COL_OFF, "of the PID namespace", COL_COUNT },
	{ "NS_TIME", 10, COL_OFF, "of the time namespace", COL_COUNT },
	{ "NS_USER", 10, COL_OFF, "of the user namespace", COL_COUNT },
	{ "NS_UTS", 10, COL_OFF, "of the UTS namespace", COL_COUNT },
};

static const unsigned int nr_cols = ARRAY_SIZE(cols);

static int add_task(u64 pid, void *arg)
{
	struct groups *gs = arg;
	struct group *g;
	u64 ns[CGL_NR_NS];
	char *path;
	size_t i;

	for (i = 0; i < CGL_NR_NS; i++)
		ns[i] = cgl_ns_number(files, pid, i);
	if (cgl_memory_path(files, pid, &path))
		return 0;
	if (ns[CGL_NS_mnt] == CGL_ABSENT || !path) {
		gs->unreadable++;
		free(path);
		return 0;
	}
	for (i = 0; i < gs->nr; i++) {
		g = &gs->g[i];
		if (!memcmp(g->ns, ns, sizeof(ns)) && !strcmp(g->path, path)) {
			g->tasks++;
			free(path);
			return 0;
		}
	}
	gs->g = grow(gs->g, gs->nr, &gs->cap, sizeof(*gs->g));
	g = &gs->g[gs->nr++];
	memset(g, 0, sizeof(*g));
	memcpy(g->ns, ns, sizeof(ns));
	g->path = path;
	g->tasks = 1;
	g->first_pid = pid;
	g->comm = cgl_comm(files, pid);
	return 0;
}

static void compare(struct groups *gs)
{
	size_t i, k;
	u64 set = 0;

	for (i = 0; i < gs->nr; i++) {
		struct group *a = &gs->g[i];

		for (k = 0; k < i && memcmp(gs->g[k].ns, a->ns, sizeof(a->ns)); k++)
			;
		a->set = k < i ? gs->g[k].set : ++set;
		for (k = 0; k < gs->nr; k++) {
			struct group *b = &gs->g[k];

			if (k == i)
				continue;
			if (!memcmp(b->ns, a->ns, sizeof(a->ns)))
				a->split = true;
			else if (!strcmp(b->path, a->path))
				a->mixed = true;
		}
	}
}

static int by_set(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->set != y->set)
		return x->set < y->set ? -1 : 1;
	return strcmp(x->path, y->path);
}

static int run(const struct args *args)
{
	struct groups gs = {};
	struct table *t;
	size_t i;
	int k;

	(void)args;
	if (cgl_find(files))
		die("no memory cgroups can be read: %s", cgl_error(files));
	if (cgl_pids(files, add_task, &gs))
		die_error();
	compare(&gs);
	if (gs.nr)
		qsort(gs.g, gs.nr, sizeof(*gs.g), by_set);
	t = table_new("ns", cols, nr_cols);
	for (i = 0; i < gs.nr; i++) {
		struct group *g = &gs.g[i];
		struct row *row = table_row(t, NULL);

		row_num(row, C_SET, g->set);
		row_num(row, C_TASKS, g->tasks);
		row_num(row, C_PID, g->first_pid);
		row_text(row, C_COMM, g->comm);
		row_text(row, C_PATH, g->path);
		row_text(row, C_NOTE, g->split && g->mixed ? "split, mixed" :
			 g->split ? "split" : g->mixed ? "mixed" : NULL);
		if (g->split || g->mixed)
			row_color(row, C_NOTE, "yellow");
		for (k = 0; k < CGL_NR_NS; k++)
			row_num(row, C_FIRST_NS + k, g->ns[k]);
		free(g->path);
		free(g->comm);
	}
	table_print(t);
	table_free(t);
	if (gs.unreadable)
		note_once("%llu processes left out: their namespaces may not be read; be root",
			  gs.unreadable);
	free(gs.g);
	return EXIT_OK;
}

const struct cmd cmd_ns = {
	.name = "ns",
	.synopsis = "",
	.help = "tasks by namespace set, against their cgroups",
	.run = run,
	.cols = cols,
	.nr_cols = &nr_cols,
};
