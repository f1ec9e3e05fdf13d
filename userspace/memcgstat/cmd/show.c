// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memcgstat show: the whole report, for a person
 *
 * The memory cgroups come first, and -o chooses their columns. What cg_list
 * did not tell has no table at all.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "view/views.h"

static void heading(const char *text)
{
	if (!table_options.json && !table_options.noheadings)
		printf("\n%s\n", text);
}

static const struct col task_cols[] = {
	{ "PID", 5, 0, "the task", COL_COUNT },
	{ "TGID", 5, 0, "its process", COL_COUNT },
	{ "STATE", 1, 0, "its state", COL_TEXT },
	{ "COMM", 15, 0, "its name", COL_TEXT },
};

static void show_task(const struct cgl_report *r)
{
	struct table *t;
	struct row *row;

	if (r->task.pid == CGL_ABSENT)
		return;
	t = table_part("task", task_cols, ARRAY_SIZE(task_cols));
	row = table_row(t, NULL);
	row_num(row, 0, r->task.pid);
	row_num(row, 1, r->task.tgid);
	row_text(row, 2, r->task.state);
	row_text(row, 3, r->task.comm);
	table_print(t);
	table_free(t);
}

static const struct col place_cols[] = {
	{ "HIERARCHY", 1, 0, "number of the hierarchy, 0 for v2", COL_COUNT },
	{ "CONTROLLERS", 20, 0, "its controllers", COL_TEXT },
	{ "CGROUP", 20, 0, "where the task is", COL_TEXT },
};

static void show_places(const struct cgl_report *r)
{
	struct table *t;
	size_t i;

	if (!r->nr_places)
		return;
	heading("Cgroups");
	t = table_part("cgroup", place_cols, ARRAY_SIZE(place_cols));
	for (i = 0; i < r->nr_places; i++) {
		struct row *row = table_row(t, NULL);

		row_num(row, 0, r->places[i].hierarchy);
		row_text(row, 1, r->places[i].controllers);
		row_text(row, 2, r->places[i].path);
	}
	table_print(t);
	table_free(t);
}

static const struct col cset_cols[] = {
	{ "TASKS", 1, 0, "tasks on the css_set", COL_COUNT },
	{ "REFS", 1, 0, "references to it", COL_COUNT },
	{ "LINKS", 1, 0, "cgroups that it links", COL_COUNT },
	{ "THREADED", 1, 0, "threaded css_sets below it", COL_COUNT },
	{ "MIGRATING", 1, 0, "1: a migration is in progress", COL_COUNT },
	{ "DEAD", 1, 0, "1: on its way out", COL_COUNT },
};

static const struct col cset_task_cols[] = {
	{ "PID", 5, 0, "a task on the same css_set", COL_COUNT },
	{ "COMM", 15, 0, "its name", COL_TEXT },
};

static void show_cset(const struct cgl_report *r)
{
	struct table *t;
	struct row *row;
	size_t i, kernel = 0;

	if (!r->has_cset)
		return;
	heading("The css_set that the task hangs on");
	t = table_part("cset", cset_cols, ARRAY_SIZE(cset_cols));
	row = table_row(t, NULL);
	for (i = 0; i < CGL_NR_CS; i++)
		row_num(row, i, r->cset[i]);
	table_print(t);
	table_free(t);
	if (!r->nr_tasks)
		return;
	heading("Tasks on it");
	t = table_part("cset_task", cset_task_cols, ARRAY_SIZE(cset_task_cols));
	for (i = 0; i < r->nr_tasks; i++) {
		/* the root's css_set has them by the dozen */
		if (!table_options.json && !cgl_is_saved(files) &&
		    cgl_is_kernel_thread(files, r->tasks[i].pid)) {
			kernel++;
			continue;
		}
		row = table_row(t, NULL);
		row_num(row, 0, r->tasks[i].pid);
		row_text(row, 1, r->tasks[i].comm);
	}
	table_print(t);
	table_free(t);
	if (kernel)
		printf("and %zu of the kernel's threads\n", kernel);
	if (r->cset_more != CGL_ABSENT && !table_options.json)
		printf("and %llu more\n", r->cset_more);
}

static const struct col cpuset_cols[] = {
	{ "CPUS_ALLOWED", 1, 0, "CPUs that the task may use now", COL_TEXT },
	{ "CPUS", 1, 0, "CPUs that its cpuset gives", COL_TEXT },
	{ "MEMS_ALLOWED", 1, 0, "memory nodes that it may use now", COL_TEXT },
	{ "MEMS", 1, 0, "memory nodes that its cpuset gives", COL_TEXT },
	{ "CGROUP", 20, 0, "the cpuset", COL_TEXT },
};

static void show_cpuset(const struct cgl_report *r)
{
	const char *const text[] = {
		r->cpus_allowed, r->cpus, r->mems_allowed, r->mems, r->cpuset_path,
	};
	struct table *t;
	struct row *row;
	unsigned int i;

	if (!r->cpus_allowed && !r->cpus)
		return;
	heading("CPUs and memory nodes");
	t = table_part("cpuset", cpuset_cols, ARRAY_SIZE(cpuset_cols));
	row = table_row(t, NULL);
	for (i = 0; i < ARRAY_SIZE(text); i++)
		row_text(row, i, text[i]);
	table_print(t);
	table_free(t);
}

static const struct col ns_cols[] = {
	{ "CGROUP", 10, 0, "inode number of the namespace", COL_COUNT },
	{ "IPC", 10, 0, "", COL_COUNT },
	{ "MNT", 10, 0, "", COL_COUNT },
	{ "NET", 10, 0, "", COL_COUNT },
	{ "PID", 10, 0, "", COL_COUNT },
	{ "TIME", 10, 0, "", COL_COUNT },
	{ "USER", 10, 0, "", COL_COUNT },
	{ "UTS", 10, 0, "", COL_COUNT },
};

static bool has_ns(const struct cgl_report *r)
{
	bool any = false;
	int i;

	for (i = 0; i < CGL_NR_NS; i++)
		any |= r->ns[i] != CGL_ABSENT;
	return any;
}

/* cg_list tells the namespaces of a living task to those alone. */
static bool may_be_traced(const struct cgl_report *r)
{
	return has_ns(r) || (r->task.state && strchr("ZX", *r->task.state));
}

static void show_ns(const struct cgl_report *r)
{
	struct table *t;
	struct row *row;
	int i;

	if (!has_ns(r))
		return;
	heading("Namespaces");
	t = table_part("ns", ns_cols, ARRAY_SIZE(ns_cols));
	row = table_row(t, NULL);
	for (i = 0; i < CGL_NR_NS; i++)
		row_num(row, i, r->ns[i]);
	table_print(t);
	table_free(t);
}

static void show_events(const struct cgl_report *r)
{
	struct table *t;
	size_t i;

	if (!r->nr_events)
		return;
	heading("Last events");
	t = table_part("event", event_cols, nr_event_cols);
	for (i = 0; i < r->nr_events; i++)
		fill_event(t, &r->events[i]);
	table_print(t);
	table_free(t);
}

static void show_memcgs(const struct cgl_report *r)
{
	struct table *t = table_new_with("memcg", memcg_cols, nr_memcg_cols,
					 memcg_columns(r));

	if (!table_options.columns)
		heading("Memory cgroups, the task's own first");
	fill_memcgs(t, r, false);
	table_print(t);
	table_free(t);
	if (r->memcg_more != CGL_ABSENT && !table_options.json)
		printf("and %llu more ancestors\n", r->memcg_more);
}

/* The tables about memory cgroups that are there only if something is in them. */
static void show_part(const struct cgl_report *r, const char *title, const char *name,
		      const struct col *cols, unsigned int nr,
		      void (*fill)(struct table *t, const struct cgl_report *r), bool any)
{
	struct table *t;

	if (!any)
		return;
	heading(title);
	t = table_part(name, cols, nr);
	fill(t, r);
	table_print(t);
	table_free(t);
}

static const struct col part_cols[] = {
	{ "CGROUP", 20, 0, "path of the memory cgroup", COL_TEXT },
	{ "ANON", 6, 0, "memory of processes", COL_SIZE },
	{ "FILE", 6, 0, "page cache", COL_SIZE },
	{ "SHMEM", 6, 0, "tmpfs, shared memory, memfd", COL_SIZE },
	{ "KERNEL", 6, 0, "slab, stacks, page tables", COL_SIZE },
	{ "SOCK", 6, 0, "network buffers", COL_SIZE },
};

static bool has_parts(const struct cgl_memcg *m)
{
	int k;

	for (k = 0; k < CGL_NR_PARTS; k++)
		if (cgl_is_number(m->part[k]))
			return true;
	return false;
}

static void fill_parts(struct table *t, const struct cgl_report *r)
{
	struct row *row;
	size_t i;
	int k;

	for (i = 0; i < r->nr_memcgs; i++) {
		if (!has_parts(&r->memcgs[i]))
			continue;
		row = table_row(t, NULL);
		row_text(row, 0, memcg_name(&r->memcgs[i]));
		for (k = 0; k < CGL_NR_PARTS; k++)
			row_num(row, 1 + k, r->memcgs[i].part[k]);
	}
}

static void fill_lru_rows(struct table *t, const struct cgl_report *r)
{
	fill_lru(t, r, !table_options.json);
}

static void show_rest(const struct cgl_report *r)
{
	bool parts = false, lru = false, charge = false, slow = false;
	bool origin = false, subtree = false;
	size_t i;

	for (i = 0; i < r->nr_memcgs; i++) {
		parts |= has_parts(&r->memcgs[i]);
		lru |= r->memcgs[i].nr_lru;
		subtree |= r->memcgs[i].lru_subtree;
		charge |= r->memcgs[i].has_charge;
		slow |= cgl_or_0(r->memcgs[i].slow_count);
		origin |= r->memcgs[i].has_origin;
	}
	show_part(r, "What the memory is, descendants included", "part", part_cols,
		  ARRAY_SIZE(part_cols), fill_parts, parts);
	show_part(r, subtree ? "LRU lists, descendants included" :
		  "LRU lists of the cgroups' own pages", "lru", lru_cols, nr_lru_cols,
		  fill_lru_rows, lru);
	show_part(r, "What happened to the charges", "charge", charge_cols, nr_charge_cols,
		  fill_charge, charge);
	show_part(r, "Time in the slow path", "slow", slow_cols, nr_slow_cols, fill_slow, slow);
	show_part(r, "Pages charged by what asked for them", "origin", origin_cols,
		  nr_origin_cols, fill_origin, origin);
	show_places(r);
	show_cset(r);
	show_cpuset(r);
	show_ns(r);
	show_events(r);
}

static int run(const struct args *args)
{
	struct cgl_report r;

	read_subject(&r, args, CGL_WANT_BASIC | CGL_WANT_ALL | CGL_WANT_LRU);
	note_missing(&r, "the charge path's counters and events, css_set, what the cpuset gives");
	if (r.source != CGL_SRC_FILES && r.task.pid != CGL_ABSENT && !may_be_traced(&r))
		note_once("not shown: namespaces, events, tasks on the css_set, slow path: %s",
			  "they are for root and for who may trace the process");
	if (!table_options.columns && cgl_read_parts(files, &r))
		die_error();
	/* with -o the table that it is about comes alone */
	if (!table_options.columns)
		show_task(&r);
	show_memcgs(&r);
	if (!table_options.columns)
		show_rest(&r);
	cgl_report_free(&r);
	return EXIT_OK;
}

static const struct opt opts[] = {
	OPT_P("the task; the same as the argument"),
	OPT_G("a memory cgroup instead of a task"),
};

const struct cmd cmd_show = {
	.name = "show",
	.synopsis = "[PID | -g CGROUP]",
	.help = "all that is known of a task, or of a memory cgroup",
	.opts = opts,
	.nr_opts = ARRAY_SIZE(opts),
	.max_arg = 1,
	.arg = VALUE_PID,
	.run = run,
	.cols = memcg_cols,
	.nr_cols = &nr_memcg_cols,
};
