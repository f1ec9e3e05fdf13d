// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is known of tasks, memory cgroups and events
 *
 * report_line() is the one place that knows what each key of the format
 * means. A key that it does not know is a section that a newer module prints,
 * and none of our business.
 */
#include <stdlib.h>
#include <string.h>

#include "model.h"

const char *const counter_kind_names[NR_CK] = {
	"memory", "swap", "memsw", "kmem", "tcpmem",
};

const char *const counter_field_names[NR_CF] = {
	"usage", "max", "high", "low", "min", "soft", "peak", "failcnt",
};

const char *const lru_names[NR_LRU] = {
	"inactive_anon", "active_anon", "inactive_file", "active_file", "unevictable",
};

const char *const memcg_field_names[NR_MF] = {
	"level", "id", "hierarchy", "online", "swappiness", "oom_group",
	"oom_kill_disable", "under_oom", "charged_id", "released",
};

const char *const memcg_event_names[NR_ME] = {
	"low", "high", "max", "oom", "oom_kill",
};

const char *const charge_names[NR_CH] = {
#define X(key, name, ...) #name,
	CGL_COUNTERS(X)
#undef X
};

const char *const origin_names[NR_OR] = {
#define X(key, name, ...) #name,
	CGL_ORIGINS(X)
#undef X
};

const char *const ns_names[NR_NS] = {
	"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts",
};

const char *const cset_names[NR_CS] = {
	"tasks", "refs", "links", "threaded", "migrating", "dead",
};

const char *const event_names[NR_EV] = {
#define X(key, name, ...) #name,
	CGL_EVENT_FIELDS(X)
#undef X
};

/* All bits set is ABSENT in every number. */
#define ALL_ABSENT(numbers)	memset(&(numbers), 0xff, sizeof(numbers))

/**
 * report_init() - a report that knows nothing yet
 * @r: the report
 */
void report_init(struct report *r)
{
	memset(r, 0, sizeof(*r));
	r->task.pid = ABSENT;
	r->task.tgid = ABSENT;
	ALL_ABSENT(r->cset);
	ALL_ABSENT(r->ns);
	r->memcg_more = ABSENT;
	r->cset_more = ABSENT;
}

static void task_free(struct task *t)
{
	free(t->state);
	free(t->comm);
	free(t->path);
}

void report_free(struct report *r)
{
	size_t i;

	task_free(&r->task);
	free(r->cpus);
	free(r->mems);
	free(r->cpus_allowed);
	free(r->mems_allowed);
	free(r->cpuset_path);
	for (i = 0; i < r->nr_tasks; i++)
		task_free(&r->tasks[i]);
	free(r->tasks);
	for (i = 0; i < r->nr_places; i++) {
		free(r->places[i].controllers);
		free(r->places[i].path);
	}
	free(r->places);
	for (i = 0; i < r->nr_memcgs; i++) {
		free(r->memcgs[i].path);
		free(r->memcgs[i].lru);
	}
	free(r->memcgs);
	for (i = 0; i < r->nr_events; i++)
		event_free(&r->events[i]);
	free(r->events);
	report_init(r);
}

struct memcg *report_new_memcg(struct report *r)
{
	struct memcg *m;

	r->memcgs = grow(r->memcgs, r->nr_memcgs, &r->cap_memcgs, sizeof(*r->memcgs));
	m = &r->memcgs[r->nr_memcgs++];
	memset(m, 0, sizeof(*m));
	ALL_ABSENT(m->m);
	ALL_ABSENT(m->counter);
	ALL_ABSENT(m->event);
	ALL_ABSENT(m->charge);
	ALL_ABSENT(m->hist);
	ALL_ABSENT(m->origin);
	m->slow_count = ABSENT;
	m->slow_total_us = ABSENT;
	m->slow_max_us = ABSENT;
	m->parent = -1;
	return m;
}

struct task *report_new_task(struct report *r)
{
	struct task *t;

	r->tasks = grow(r->tasks, r->nr_tasks, &r->cap_tasks, sizeof(*r->tasks));
	t = &r->tasks[r->nr_tasks++];
	memset(t, 0, sizeof(*t));
	t->pid = ABSENT;
	t->tgid = ABSENT;
	t->memcg_id = ABSENT;
	t->usage = ABSENT;
	return t;
}

struct cgroup_place *report_new_place(struct report *r)
{
	struct cgroup_place *p;

	r->places = grow(r->places, r->nr_places, &r->cap_places, sizeof(*r->places));
	p = &r->places[r->nr_places++];
	memset(p, 0, sizeof(*p));
	return p;
}

struct lru_row *memcg_new_lru(struct memcg *m)
{
	struct lru_row *row;

	m->lru = xrealloc(m->lru, (m->nr_lru + 1) * sizeof(*m->lru));
	row = &m->lru[m->nr_lru++];
	memset(row, 0, sizeof(*row));
	ALL_ABSENT(row->bytes);
	row->node = ABSENT;
	return row;
}

static void set_text(char **to, const struct cgl_line *line, const char *name)
{
	const char *s = cgl_get(line, name);

	if (!s)
		return;
	free(*to);
	*to = xstrdup(s);
}

/* The memory cgroup that a line is about: by level in a report, by id in memcgs. */
static struct memcg *line_memcg(struct report *r, const struct cgl_line *line)
{
	u64 level = cgl_get_amount(line, "level");
	u64 id = cgl_get_amount(line, "id");
	size_t i;

	for (i = r->nr_memcgs; i-- > 0;) {
		struct memcg *m = &r->memcgs[i];

		if (level != ABSENT ? m->m[MF_LEVEL] == level :
		    id != ABSENT && m->m[MF_ID] == id)
			return m;
	}
	return NULL;
}

static void take_task(struct report *r, const struct cgl_line *line)
{
	struct task *t = &r->task;

	/* in the list of all tasks each line names its memory cgroup */
	if (cgl_get(line, "id") || t->pid != ABSENT)
		t = report_new_task(r);
	t->pid = cgl_get_amount(line, "pid");
	t->tgid = cgl_get_amount(line, "tgid");
	t->memcg_id = cgl_get_amount(line, "id");
	t->usage = cgl_get_amount(line, "usage");
	set_text(&t->state, line, "state");
	set_text(&t->comm, line, "comm");
	set_text(&t->path, line, "path");
}

static void take_cset(struct report *r, const struct cgl_line *line)
{
	r->has_cset = true;
	cgl_get_all(line, cset_names, NR_CS, r->cset);
}

static void take_cset_task(struct report *r, const struct cgl_line *line)
{
	struct task *t;

	if (cgl_get(line, "more")) {
		r->cset_more = cgl_get_amount(line, "more");
		return;
	}
	t = report_new_task(r);
	t->pid = cgl_get_amount(line, "pid");
	set_text(&t->comm, line, "comm");
}

static void take_cgroup(struct report *r, const struct cgl_line *line)
{
	struct cgroup_place *p = report_new_place(r);

	p->hierarchy = cgl_get_amount(line, "hierarchy");
	set_text(&p->controllers, line, "controllers");
	set_text(&p->path, line, "path");
}

static void take_cpuset(struct report *r, const struct cgl_line *line)
{
	set_text(&r->cpus, line, "cpus");
	set_text(&r->mems, line, "mems");
	set_text(&r->cpus_allowed, line, "cpus_allowed");
	set_text(&r->mems_allowed, line, "mems_allowed");
	set_text(&r->cpuset_path, line, "path");
}

static void take_ns(struct report *r, const struct cgl_line *line)
{
	cgl_get_all(line, ns_names, NR_NS, r->ns);
}

static void take_memcg(struct report *r, const struct cgl_line *line)
{
	struct memcg *m;

	if (cgl_get(line, "more")) {
		r->memcg_more = cgl_get_amount(line, "more");
		return;
	}
	m = report_new_memcg(r);
	cgl_get_all(line, memcg_field_names, NR_MF, m->m);
	set_text(&m->path, line, "path");
}

static void take_counter(struct report *r, const struct cgl_line *line)
{
	struct memcg *m = line_memcg(r, line);
	const char *name = cgl_get(line, "name");
	int kind = name ? cgl_index(counter_kind_names, NR_CK, name) : -1;

	if (m && kind >= 0)
		cgl_get_all(line, counter_field_names, NR_CF, m->counter[kind]);
}

static void take_lru(struct report *r, const struct cgl_line *line)
{
	struct memcg *m = line_memcg(r, line);
	const char *zone = cgl_get(line, "zone");
	struct lru_row *row;

	if (!m)
		return;
	row = memcg_new_lru(m);
	row->node = cgl_get_amount(line, "node");
	if (zone)
		strncat(row->zone, zone, sizeof(row->zone) - 1);
	cgl_get_all(line, lru_names, NR_LRU, row->bytes);
}

static void take_charge(struct report *r, const struct cgl_line *line)
{
	struct memcg *m = line_memcg(r, line);

	if (!m)
		return;
	m->has_charge = true;
	cgl_get_all(line, charge_names, NR_CH, m->charge);
}

static void take_slow(struct report *r, const struct cgl_line *line)
{
	struct memcg *m = line_memcg(r, line);
	const char *s = cgl_get(line, "hist");
	char *end;

	if (!m)
		return;
	m->slow_count = cgl_get_amount(line, "count");
	m->slow_total_us = cgl_get_amount(line, "total_us");
	m->slow_max_us = cgl_get_amount(line, "max_us");
	m->nr_hist = 0;
	while (s && *s >= '0' && *s <= '9' && m->nr_hist < CGL_SLOW_BUCKETS) {
		m->hist[m->nr_hist++] = strtoull(s, &end, 10);
		s = *end == ',' ? end + 1 : NULL;
	}
}

static void take_origin(struct report *r, const struct cgl_line *line)
{
	struct memcg *m = line_memcg(r, line);

	if (!m)
		return;
	m->has_origin = true;
	cgl_get_all(line, origin_names, NR_OR, m->origin);
}

static void take_event(struct report *r, const struct cgl_line *line)
{
	r->events = grow(r->events, r->nr_events, &r->cap_events, sizeof(*r->events));
	event_fill(&r->events[r->nr_events++], line);
}

static const struct {
	const char *key;
	void (*take)(struct report *r, const struct cgl_line *line);
} sections[] = {
	{ "lru",	take_lru },
	{ "counter",	take_counter },
	{ "charge",	take_charge },
	{ "memcg",	take_memcg },
	{ "slow",	take_slow },
	{ "origin",	take_origin },
	{ "task",	take_task },
	{ "cset",	take_cset },
	{ "cset_task",	take_cset_task },
	{ "cgroup",	take_cgroup },
	{ "cpuset",	take_cpuset },
	{ "ns",		take_ns },
	{ "event",	take_event },
};

/**
 * report_line() - add what a line says; a cgl_fn
 * @line: the line
 * @report: a struct report
 */
void report_line(const struct cgl_line *line, void *report)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sections); i++) {
		if (!strcmp(sections[i].key, line->key)) {
			sections[i].take(report, line);
			return;
		}
	}
}

/* Is the cgroup at @path inside the one at @top? */
static bool path_below(const char *path, const char *top)
{
	size_t len = strlen(top);

	if (len == 1 && *top == '/')
		return strcmp(path, "/");
	return !strncmp(path, top, len) && path[len] == '/';
}

/**
 * report_link() - find each memory cgroup's parent and depth
 * @r: a report of all memory cgroups, in pre-order
 *
 * One that is not named hangs on none: nobody told us where it is.
 */
void report_link(struct report *r)
{
	int last = -1;
	size_t i;

	for (i = 0; i < r->nr_memcgs; i++) {
		struct memcg *m = &r->memcgs[i];
		int p = last;

		m->parent = -1;
		m->depth = 0;
		if (!m->path)
			continue;
		while (p >= 0 && !path_below(m->path, r->memcgs[p].path))
			p = r->memcgs[p].parent;
		m->parent = p;
		if (p >= 0)
			m->depth = r->memcgs[p].depth + 1;
		last = i;
	}
}

struct memcg *report_find_id(const struct report *r, u64 id)
{
	size_t i;

	for (i = 0; i < r->nr_memcgs; i++)
		if (r->memcgs[i].m[MF_ID] == id)
			return &r->memcgs[i];
	return NULL;
}

/**
 * report_find_path() - a memory cgroup by its path
 * @r: the report
 * @path: as a person writes it: a leading slash and trailing ones do not matter
 *
 * Return: the memory cgroup or NULL.
 */
struct memcg *report_find_path(const struct report *r, const char *path)
{
	size_t i, len;

	while (*path == '/')
		path++;
	len = strlen(path);
	while (len && path[len - 1] == '/')
		len--;
	for (i = 0; i < r->nr_memcgs; i++) {
		const char *p = r->memcgs[i].path;

		if (p && *p == '/' && !strncmp(p + 1, path, len) && !p[1 + len])
			return &r->memcgs[i];
	}
	return NULL;
}

/**
 * memcg_failures() - how often charges met a limit of this memory cgroup
 * @m: the memory cgroup
 *
 * Return: the refusals of its counters, by failcnt where that counts (not on
 * cgroup v2 from 7.2 on), else those that the module has seen, else the times that
 * memory.events counted; %ABSENT where none is known.
 */
u64 memcg_failures(const struct memcg *m)
{
	u64 mem = m->counter[CK_MEMORY][CF_FAILCNT];
	u64 memsw = m->counter[CK_MEMSW][CF_FAILCNT];

	if (is_number(mem))
		return mem + number_or_0(memsw);
	/* The root and the released have no counters, hence no limit. */
	if (m->has_charge && is_number(m->charge[CH_limited]) &&
	    is_number(m->counter[CK_MEMORY][CF_USAGE]))
		return m->charge[CH_limited];
	return m->event[ME_MAX];
}

/**
 * memcg_left() - what may still be charged before a limit is met
 * @m: the memory cgroup
 * @kind: which of its counters
 *
 * Return: bytes; 0 above the limit, %UNLIMITED without one, %ABSENT if unknown.
 */
u64 memcg_left(const struct memcg *m, enum counter_kind kind)
{
	u64 max = m->counter[kind][CF_MAX];
	u64 usage = m->counter[kind][CF_USAGE];

	if (!is_number(max))
		return max;
	if (!is_number(usage))
		return ABSENT;
	return usage < max ? max - usage : 0;
}

/**
 * tightest() - which limit will be met first
 * @first: the task's own memory cgroup, its ancestors behind it
 * @nr: how many
 * @kind: which counter
 *
 * Return: the memory cgroup that has least left, the nearest of equals; NULL
 * where no limit is set.
 */
struct memcg *tightest(struct memcg *first, size_t nr, enum counter_kind kind)
{
	struct memcg *found = NULL;
	size_t i;

	for (i = 0; i < nr; i++)
		if (is_number(memcg_left(&first[i], kind)) &&
		    (!found || memcg_left(&first[i], kind) < memcg_left(found, kind)))
			found = &first[i];
	return found;
}

const char *memcg_name(const struct memcg *m)
{
	if (m->m[MF_RELEASED] == 1)
		return "(released)";
	return m->path ? m->path : "(not named)";
}

void event_fill(struct event *ev, const struct cgl_line *line)
{
	unsigned int i;
	int at;

	memset(ev, 0, sizeof(*ev));
	for (i = 0; i < line->nr; i++) {
		at = cgl_index(event_names, NR_EV, line->pair[i].name);
		if (at >= 0 && !ev->f[at])
			ev->f[at] = xstrdup(line->pair[i].value);
	}
}

void event_free(struct event *ev)
{
	unsigned int i;

	for (i = 0; i < NR_EV; i++)
		free(ev->f[i]);
	memset(ev, 0, sizeof(*ev));
}

u64 event_num(const struct event *ev, enum event_field field)
{
	u64 v = ABSENT;

	if (ev->f[field])
		read_amount(ev->f[field], &v);
	return v;
}

bool event_is(const struct event *ev, const char *type)
{
	return ev->f[EV_type] && !strcmp(ev->f[EV_type], type);
}
