// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rows of top: which cgroups and tasks are shown, in which order
 *
 * The tree stays a tree whatever it is sorted by: what is sorted is the
 * children of each cgroup. Nothing here knows of a screen.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "top/rows.h"
#include "view/views.h"

const char *const top_sort_names[NR_SORT] = {
	"name", "usage", "use%", "charges", "fails",
};

/* A cgroup while the rows are put together. */
struct place {
	struct top_row row;
	int first_child, last_child, next;
	bool match;		/* it, or something below it, passes the filter */
};

void top_init(struct top *t)
{
	memset(t, 0, sizeof(*t));
	cgl_report_init(&t->now);
	cgl_report_init(&t->before);
	cgl_report_init(&t->tasks);
	t->filter = xstrdup("");
	t->cache = cgl_cache_new();
	if (!t->cache)
		die("out of memory");
}

/**
 * top_read() - read everything anew
 * @t: what was read before serves for the rates
 */
void top_read(struct top *t)
{
	cgl_report_free(&t->before);
	t->before = t->now;
	t->time_before = t->time;
	read_memcgs(&t->now, CGL_WANT_CORE, t->cache);
	t->time = now_monotonic();
	cgl_report_free(&t->tasks);
	/* -EPERM and no such file: the processes come from cgroup.procs */
	if (t->show_tasks && t->now.source == CGL_SRC_MODULE)
		cgl_read_tasks(files, &t->tasks);
}

static bool same(const struct cgl_memcg *a, const struct cgl_memcg *b)
{
	if (a->m[CGL_MF_id] != CGL_ABSENT || b->m[CGL_MF_id] != CGL_ABSENT)
		return a->m[CGL_MF_id] == b->m[CGL_MF_id];
	return a->path && b->path && !strcmp(a->path, b->path);
}

/* The same cgroup in the reading before: nearly always at the same place. */
static const struct cgl_memcg *find_before(const struct top *t, size_t at)
{
	const struct cgl_memcg *m = &t->now.memcgs[at];
	size_t i, n = t->before.nr_memcgs;

	for (i = 0; i < n; i++) {
		const struct cgl_memcg *b = &t->before.memcgs[(at + i) % n];

		if (same(m, b))
			return b;
	}
	return NULL;
}

static double rate(u64 now, u64 before, double seconds)
{
	if (!cgl_is_number(now) || !cgl_is_number(before) || seconds <= 0)
		return NAN;
	return cgl_delta(now, before) / seconds;
}

static void fill_rates(const struct top *t, struct top_row *row, size_t at)
{
	const struct cgl_memcg *b = t->before.nr_memcgs ? find_before(t, at) : NULL;
	double seconds = t->time - t->time_before;

	row->charges = NAN;
	row->fails = NAN;
	if (!b)
		return;
	if (row->m->has_charge && b->has_charge)
		row->charges = rate(charge_calls(row->m->charge), charge_calls(b->charge),
				    seconds);
	row->fails = rate(cgl_failures(row->m), cgl_failures(b), seconds);
}

static double or_0(double v)
{
	return isfinite(v) ? v : 0;
}

static double sort_key(const struct top *t, const struct top_row *row)
{
	u64 usage = row->m->counter[CGL_CK_memory][CGL_CF_usage];
	struct cgl_limit l;

	switch (t->sort) {
	case SORT_USAGE:
		return cgl_or_0(usage);
	case SORT_USE:
		return cgl_limit_of(row->m, CGL_LIMIT_HARD, &l) ? l.usage / (l.limit + 1.0) : 0;
	case SORT_CHARGES:
		return or_0(row->charges);
	case SORT_FAILS:
		return or_0(row->fails);
	default:
		return 0;
	}
}

static bool is_folded(const struct top *t, const char *path)
{
	size_t i;

	for (i = 0; i < t->nr_folded; i++)
		if (path && !strcmp(t->folded[i], path))
			return true;
	return false;
}

/**
 * top_fold() - hide what is below a cgroup, or show it again
 * @t: top
 * @m: the cgroup
 */
void top_fold(struct top *t, const struct cgl_memcg *m)
{
	size_t i;

	if (!m->path)
		return;
	for (i = 0; i < t->nr_folded; i++) {
		if (strcmp(t->folded[i], m->path))
			continue;
		free(t->folded[i]);
		t->folded[i] = t->folded[--t->nr_folded];
		return;
	}
	t->folded = grow(t->folded, t->nr_folded, &t->cap_folded, sizeof(*t->folded));
	t->folded[t->nr_folded++] = xstrdup(m->path);
}

static struct top_row *add_row(struct top *t, const struct top_row *row)
{
	t->rows = grow(t->rows, t->nr_rows, &t->cap_rows, sizeof(*t->rows));
	t->rows[t->nr_rows] = *row;
	return &t->rows[t->nr_rows++];
}

struct add_task {
	struct top *t;
	const struct top_row *parent;
};

static int add_task(u64 pid, void *arg)
{
	struct add_task *a = arg;
	struct top_row row = {
		.m = a->parent->m, .pid = pid, .depth = a->parent->depth + 1,
		.charges = NAN, .fails = NAN, .limit = a->parent->limit,
	};

	/* the root holds hundreds of them, and none has memory of its own */
	if (a->parent->m->path && !strcmp(a->parent->m->path, "/") && !cgl_is_saved(files) &&
	    cgl_is_kernel_thread(files, pid))
		return 0;
	add_row(a->t, &row);
	return 0;
}

static void add_tasks(struct top *t, const struct top_row *parent)
{
	struct add_task a = { t, parent };
	size_t i, before;

	if (t->now.source == CGL_SRC_FILES) {
		if (parent->m->path)
			cgl_procs(files, parent->m->path, add_task, &a);
		return;
	}
	for (i = 0; i < t->tasks.nr_tasks; i++) {
		struct cgl_task *task = &t->tasks.tasks[i];

		/* a process once, not each of its threads */
		if (task->memcg_id != parent->m->m[CGL_MF_id] || task->pid != task->tgid)
			continue;
		before = t->nr_rows;
		add_task(task->pid, &a);
		if (task->comm && t->nr_rows > before)
			t->rows[t->nr_rows - 1].comm = xstrdup(task->comm);
	}
}

static void add_rows(struct top *t, const struct place *places, int at)
{
	const struct place *p = &places[at];
	struct top_row row;
	int child;

	if (!p->match)
		return;
	row = p->row;
	row.folded = (p->first_child >= 0 || t->show_tasks) && is_folded(t, row.m->path);
	add_row(t, &row);
	if (row.folded)
		return;
	for (child = p->first_child; child >= 0; child = places[child].next)
		add_rows(t, places, child);
	/* behind the cgroups: the root can hold hundreds of kernel threads */
	if (t->show_tasks)
		add_tasks(t, &row);
}

struct order {
	double key;
	const char *name;
	int at;
};

static int by_key(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	int names;

	if (x->key != y->key)
		return x->key < y->key ? 1 : -1;
	names = strcmp(x->name, y->name);
	return names ? names : x->at < y->at ? -1 : x->at > y->at;
}

/* Hang each cgroup on its parent, in the order wanted; returns the first top one. */
static int link_places(const struct top *t, struct place *places)
{
	struct order *order = xcalloc(t->now.nr_memcgs, sizeof(*order));
	int first = -1, last = -1;
	size_t i;

	for (i = 0; i < t->now.nr_memcgs; i++) {
		order[i].key = sort_key(t, &places[i].row);
		/* what has no name comes last */
		order[i].name = t->now.memcgs[i].path ? t->now.memcgs[i].path : "\xff";
		order[i].at = i;
	}
	if (t->now.nr_memcgs)
		qsort(order, t->now.nr_memcgs, sizeof(*order), by_key);
	for (i = 0; i < t->now.nr_memcgs; i++) {
		int at = order[i].at, parent = t->now.memcgs[at].parent;
		int *head = parent < 0 ? &first : &places[parent].first_child;
		int *tail = parent < 0 ? &last : &places[parent].last_child;

		if (*tail < 0)
			*head = at;
		else
			places[*tail].next = at;
		*tail = at;
	}
	free(order);
	return first;
}

/**
 * top_arrange() - put the rows together
 * @t: read; the rows are made anew
 */
void top_arrange(struct top *t)
{
	struct place *places = xcalloc(t->now.nr_memcgs, sizeof(*places));
	struct cgl_limit high;
	size_t i;
	int at;

	while (t->nr_rows)
		free(t->rows[--t->nr_rows].comm);
	for (i = 0; i < t->now.nr_memcgs; i++) {
		struct cgl_memcg *m = &t->now.memcgs[i];
		struct place *p = &places[i];

		p->first_child = -1;
		p->last_child = -1;
		p->next = -1;
		p->row.m = m;
		p->row.depth = m->depth;
		cgl_limit_next(&t->now, m, CGL_LIMIT_HARD, &p->row.limit);
		p->row.slowed = cgl_limit_next(&t->now, m, CGL_LIMIT_HIGH, &high) &&
				high.usage > high.limit;
		fill_rates(t, &p->row, i);
		p->match = strstr(memcg_name(m), t->filter);
		for (at = m->parent; p->match && at >= 0; at = t->now.memcgs[at].parent)
			places[at].match = true;
	}
	for (at = link_places(t, places); at >= 0; at = places[at].next)
		add_rows(t, places, at);
	free(places);
}

void top_free(struct top *t)
{
	while (t->nr_rows)
		free(t->rows[--t->nr_rows].comm);
	while (t->nr_folded)
		free(t->folded[--t->nr_folded]);
	free(t->rows);
	free(t->folded);
	free(t->filter);
	cgl_report_free(&t->now);
	cgl_report_free(&t->before);
	cgl_report_free(&t->tasks);
	cgl_cache_free(t->cache);
}
