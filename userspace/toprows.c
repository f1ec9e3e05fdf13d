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

#include "toprows.h"
#include "views.h"

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
	report_init(&t->now);
	report_init(&t->before);
	report_init(&t->tasks);
	t->filter = xstrdup("");
}

/**
 * top_read() - read everything anew
 * @t: what was read before serves for the rates
 */
void top_read(struct top *t)
{
	report_free(&t->before);
	t->before = t->now;
	t->time_before = t->time;
	read_memcgs(&t->now, CGFS_CORE, &t->cache);
	t->time = now_monotonic();
	report_free(&t->tasks);
	/* -EPERM and no such file: the processes come from cgroup.procs */
	if (t->show_tasks && t->now.source == SRC_MODULE)
		read_tasks(&t->tasks);
}

static bool same(const struct memcg *a, const struct memcg *b)
{
	if (a->m[MF_ID] != ABSENT || b->m[MF_ID] != ABSENT)
		return a->m[MF_ID] == b->m[MF_ID];
	return a->path && b->path && !strcmp(a->path, b->path);
}

/* The same cgroup in the reading before: nearly always at the same place. */
static const struct memcg *find_before(const struct top *t, size_t at)
{
	const struct memcg *m = &t->now.memcgs[at];
	size_t i, n = t->before.nr_memcgs;

	for (i = 0; i < n; i++) {
		const struct memcg *b = &t->before.memcgs[(at + i) % n];

		if (same(m, b))
			return b;
	}
	return NULL;
}

static double rate(u64 now, u64 before, double seconds)
{
	if (!is_number(now) || !is_number(before) || seconds <= 0)
		return NAN;
	return delta(now, before) / seconds;
}

static void fill_rates(const struct top *t, struct top_row *row, size_t at)
{
	const struct memcg *b = t->before.nr_memcgs ? find_before(t, at) : NULL;
	double seconds = t->time - t->time_before;

	row->charges = NAN;
	row->fails = NAN;
	if (!b)
		return;
	if (row->m->has_charge && b->has_charge)
		row->charges = rate(charge_calls(row->m->charge), charge_calls(b->charge),
				    seconds);
	row->fails = rate(memcg_failures(row->m), memcg_failures(b), seconds);
}

static double or_0(double v)
{
	return isfinite(v) ? v : 0;
}

static double sort_key(const struct top *t, const struct top_row *row)
{
	u64 usage = row->m->counter[CK_MEMORY][CF_USAGE];
	u64 max = row->m->counter[CK_MEMORY][CF_MAX];

	switch (t->sort) {
	case SORT_USAGE:
		return number_or_0(usage);
	case SORT_USE:
		return is_number(max) ? number_or_0(usage) / (max + 1.0) : 0;
	case SORT_CHARGES:
		return or_0(row->charges);
	case SORT_FAILS:
		return or_0(row->fails);
	default:
		return 0;
	}
}

/* The tightest limit over a cgroup and its ancestors, from its parent's. */
static const struct memcg *tighter(const struct memcg *m, const struct memcg *above)
{
	u64 own = memcg_left(m, CK_MEMORY);

	if (!is_number(own))
		return above;
	return above && memcg_left(above, CK_MEMORY) < own ? above : m;
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
void top_fold(struct top *t, const struct memcg *m)
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
		.charges = NAN, .fails = NAN, .limiter = a->parent->limiter,
	};

	add_row(a->t, &row);
	return 0;
}

static void add_tasks(struct top *t, const struct top_row *parent)
{
	struct add_task a = { t, parent };
	size_t i;

	if (t->now.source == SRC_FILES) {
		if (parent->m->path)
			cgfs_procs(parent->m->path, add_task, &a);
		return;
	}
	for (i = 0; i < t->tasks.nr_tasks; i++) {
		struct task *task = &t->tasks.tasks[i];

		/* a process once, not each of its threads */
		if (task->memcg_id != parent->m->m[MF_ID] || task->pid != task->tgid)
			continue;
		add_task(task->pid, &a);
		if (task->comm)
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
	int at;
};

static int by_key(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? 1 : -1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* Hang each cgroup on its parent, in the order wanted; returns the first top one. */
static int link_places(const struct top *t, struct place *places)
{
	struct order *order = xcalloc(t->now.nr_memcgs, sizeof(*order));
	int first = -1, last = -1;
	size_t i;

	for (i = 0; i < t->now.nr_memcgs; i++) {
		order[i].key = sort_key(t, &places[i].row);
		order[i].at = i;
	}
	if (t->sort != SORT_NAME && t->now.nr_memcgs)
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
	size_t i;
	int at;

	while (t->nr_rows)
		free(t->rows[--t->nr_rows].comm);
	for (i = 0; i < t->now.nr_memcgs; i++) {
		struct memcg *m = &t->now.memcgs[i];
		struct place *p = &places[i];

		p->first_child = -1;
		p->last_child = -1;
		p->next = -1;
		p->row.m = m;
		p->row.depth = m->depth;
		p->row.limiter = tighter(m, m->parent < 0 ? NULL :
					 places[m->parent].row.limiter);
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
	report_free(&t->now);
	report_free(&t->before);
	report_free(&t->tasks);
	cgfs_cache_close(&t->cache);
}
