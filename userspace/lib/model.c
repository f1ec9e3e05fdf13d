// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is known of tasks, memory cgroups and events
 *
 * cgl_report_line() is the one place that knows what each key of the format
 * means. A key that it does not know is a section that a newer module prints,
 * and none of our business.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

#define NAME(name)		#name,
#define FIELD(key, name, ...)	#name,
#define TYPE(name, ...)		#name,

static const char *const counter_names[] = { CGL_COUNTER_NAMES(NAME) };
static const char *const counter_field_names[] = { CGL_COUNTER_FIELDS(FIELD) };
const char *const lru_names[] = { CGL_LRU_LISTS(FIELD) };
static const char *const memcg_field_names[] = { CGL_MEMCG_FIELDS(FIELD) };
const char *const memcg_event_names[] = { "low", "high", "max", "oom", "oom_kill" };
static const char *const charge_names[] = { CGL_COUNTERS(FIELD) };
static const char *const origin_names[] = { CGL_ORIGINS(FIELD) };
const char *const ns_names[] = { CGL_NS_FIELDS(FIELD) };
static const char *const cset_names[] = { CGL_CSET_FIELDS(FIELD) };
static const char *const event_names[] = { CGL_EVENT_FIELDS(FIELD) };
static const char *const event_type_names[] = { CGL_EVENT_TYPES(TYPE) };

#define LIST(names) { names, ARRAY_SIZE(names) }

static const struct {
	const char *const *name;
	unsigned int nr;
} lists[] = {
	[CGL_NAMES_COUNTER] = LIST(counter_names),
	[CGL_NAMES_COUNTER_FIELD] = LIST(counter_field_names),
	[CGL_NAMES_LRU] = LIST(lru_names),
	[CGL_NAMES_MEMCG_FIELD] = LIST(memcg_field_names),
	[CGL_NAMES_MEMCG_EVENT] = LIST(memcg_event_names),
	[CGL_NAMES_CHARGE] = LIST(charge_names),
	[CGL_NAMES_ORIGIN] = LIST(origin_names),
	[CGL_NAMES_NS] = LIST(ns_names),
	[CGL_NAMES_CSET] = LIST(cset_names),
	[CGL_NAMES_EVENT_FIELD] = LIST(event_names),
	[CGL_NAMES_EVENT_TYPE] = LIST(event_type_names),
};

/**
 * cgl_name() - a name of the format
 * @list: of which list
 * @i: its number there, as the enumeration has it
 *
 * Return: the name, NULL behind the end of the list.
 */
const char *cgl_name(enum cgl_names list, unsigned int i)
{
	if ((unsigned int)list >= ARRAY_SIZE(lists) || i >= lists[list].nr)
		return NULL;
	return lists[list].name[i];
}

/**
 * cgl_name_index() - where a name stands in a list
 * @list: the list
 * @name: the name
 *
 * Return: its number, or -1.
 */
int cgl_name_index(enum cgl_names list, const char *name)
{
	if ((unsigned int)list >= ARRAY_SIZE(lists))
		return -1;
	return name_index(lists[list].name, lists[list].nr, name);
}

/**
 * cgl_report_init() - a report that knows nothing yet
 * @r: the report
 */
void cgl_report_init(struct cgl_report *r)
{
	memset(r, 0, sizeof(*r));
	r->task.pid = ABSENT;
	r->task.tgid = ABSENT;
	ALL_ABSENT(r->cset);
	ALL_ABSENT(r->ns);
	r->memcg_more = ABSENT;
	r->cset_more = ABSENT;
}

static void task_free(struct cgl_task *t)
{
	free(t->state);
	free(t->comm);
	free(t->path);
}

/* Free all that a report holds; it knows nothing then, and can be used again. */
void cgl_report_free(struct cgl_report *r)
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
	for (i = 0; i < r->nr_memcgs; i++)
		memcg_free(&r->memcgs[i]);
	free(r->memcgs);
	for (i = 0; i < r->nr_events; i++)
		cgl_event_free(&r->events[i]);
	free(r->events);
	cgl_report_init(r);
}

void memcg_free(struct cgl_memcg *m)
{
	free(m->path);
	free(m->lru);
}

/* Room for one more in an array of the report; NULL, and noted, without memory. */
static void *more(struct cgl_report *r, void **array, size_t *nr, size_t *cap, size_t size)
{
	void *all = grow(*array, *nr, cap, size), *one;

	if (!all) {
		r->err = -ENOMEM;
		return NULL;
	}
	*array = all;
	one = (char *)all + (*nr)++ * size;
	memset(one, 0, size);
	return one;
}

#define MORE(r, array) \
	more(r, (void **)&(r)->array, &(r)->nr_##array, &(r)->cap_##array, sizeof((r)->array[0]))

struct cgl_memcg *report_new_memcg(struct cgl_report *r)
{
	struct cgl_memcg *m = MORE(r, memcgs);

	if (!m)
		return NULL;
	ALL_ABSENT(m->m);
	ALL_ABSENT(m->counter);
	ALL_ABSENT(m->event);
	ALL_ABSENT(m->charge);
	ALL_ABSENT(m->hist);
	ALL_ABSENT(m->origin);
	ALL_ABSENT(m->part);
	m->slow_count = ABSENT;
	m->slow_total_us = ABSENT;
	m->slow_max_us = ABSENT;
	m->parent = -1;
	return m;
}

struct cgl_task *report_new_task(struct cgl_report *r)
{
	struct cgl_task *t = MORE(r, tasks);

	if (!t)
		return NULL;
	t->pid = ABSENT;
	t->tgid = ABSENT;
	t->memcg_id = ABSENT;
	t->usage = ABSENT;
	return t;
}

struct cgl_place *report_new_place(struct cgl_report *r)
{
	return MORE(r, places);
}

/* One more row of LRU lists; NULL without memory. */
struct cgl_lru *memcg_new_lru(struct cgl_memcg *m)
{
	struct cgl_lru *row = realloc(m->lru, (m->nr_lru + 1) * sizeof(*m->lru));

	if (!row)
		return NULL;
	m->lru = row;
	row = &m->lru[m->nr_lru++];
	memset(row, 0, sizeof(*row));
	ALL_ABSENT(row->bytes);
	row->node = ABSENT;
	return row;
}

static void set_text(struct cgl_report *r, char **to, const struct cgl_line *line,
		     const char *name)
{
	const char *s = cgl_get(line, name);

	if (!s)
		return;
	free(*to);
	*to = strdup(s);
	if (!*to)
		r->err = -ENOMEM;
}

/* The memory cgroup that a line is about: by level in a report, by id in memcgs. */
static struct cgl_memcg *line_memcg(struct cgl_report *r, const struct cgl_line *line)
{
	u64 level = cgl_get_amount(line, "level");
	u64 id = cgl_get_amount(line, "id");
	size_t i;

	for (i = r->nr_memcgs; i-- > 0;) {
		struct cgl_memcg *m = &r->memcgs[i];

		if (level != ABSENT ? m->m[CGL_MF_level] == level :
		    id != ABSENT && m->m[CGL_MF_id] == id)
			return m;
	}
	return NULL;
}

static void take_task(struct cgl_report *r, const struct cgl_line *line)
{
	struct cgl_task *t = &r->task;

	/* in the list of all tasks each line names its memory cgroup */
	if (cgl_get(line, "id") || t->pid != ABSENT)
		t = report_new_task(r);
	if (!t)
		return;
	t->pid = cgl_get_amount(line, "pid");
	t->tgid = cgl_get_amount(line, "tgid");
	t->memcg_id = cgl_get_amount(line, "id");
	t->usage = cgl_get_amount(line, "usage");
	set_text(r, &t->state, line, "state");
	set_text(r, &t->comm, line, "comm");
	set_text(r, &t->path, line, "path");
}

static void take_cset(struct cgl_report *r, const struct cgl_line *line)
{
	r->has_cset = true;
	get_all(line, cset_names, CGL_NR_CS, r->cset);
}

static void take_cset_task(struct cgl_report *r, const struct cgl_line *line)
{
	struct cgl_task *t;

	if (cgl_get(line, "more")) {
		r->cset_more = cgl_get_amount(line, "more");
		return;
	}
	t = report_new_task(r);
	if (!t)
		return;
	t->pid = cgl_get_amount(line, "pid");
	set_text(r, &t->comm, line, "comm");
}

static void take_cgroup(struct cgl_report *r, const struct cgl_line *line)
{
	struct cgl_place *p = report_new_place(r);

	if (!p)
		return;
	p->hierarchy = cgl_get_amount(line, "hierarchy");
	set_text(r, &p->controllers, line, "controllers");
	set_text(r, &p->path, line, "path");
}

static void take_cpuset(struct cgl_report *r, const struct cgl_line *line)
{
	set_text(r, &r->cpus, line, "cpus");
	set_text(r, &r->mems, line, "mems");
	set_text(r, &r->cpus_allowed, line, "cpus_allowed");
	set_text(r, &r->mems_allowed, line, "mems_allowed");
	set_text(r, &r->cpuset_path, line, "path");
}

static void take_ns(struct cgl_report *r, const struct cgl_line *line)
{
	get_all(line, ns_names, CGL_NR_NS, r->ns);
}

static void take_memcg(struct cgl_report *r, const struct cgl_line *line)
{
	struct cgl_memcg *m;

	if (cgl_get(line, "more")) {
		r->memcg_more = cgl_get_amount(line, "more");
		return;
	}
	m = report_new_memcg(r);
	if (!m)
		return;
	get_all(line, memcg_field_names, CGL_NR_MF, m->m);
	set_text(r, &m->path, line, "path");
}

static void take_counter(struct cgl_report *r, const struct cgl_line *line)
{
	struct cgl_memcg *m = line_memcg(r, line);
	const char *name = cgl_get(line, "name");
	int kind = name ? name_index(counter_names, CGL_NR_CK, name) : -1;

	if (m && kind >= 0)
		get_all(line, counter_field_names, CGL_NR_CF, m->counter[kind]);
}

static void take_lru(struct cgl_report *r, const struct cgl_line *line)
{
	struct cgl_memcg *m = line_memcg(r, line);
	const char *zone = cgl_get(line, "zone");
	struct cgl_lru *row;

	if (!m)
		return;
	row = memcg_new_lru(m);
	if (!row) {
		r->err = -ENOMEM;
		return;
	}
	row->node = cgl_get_amount(line, "node");
	if (zone)
		strncat(row->zone, zone, sizeof(row->zone) - 1);
	get_all(line, lru_names, CGL_NR_LRU, row->bytes);
}

static void take_charge(struct cgl_report *r, const struct cgl_line *line)
{
	struct cgl_memcg *m = line_memcg(r, line);

	if (!m)
		return;
	m->has_charge = true;
	get_all(line, charge_names, CGL_NR_CH, m->charge);
}

static void take_slow(struct cgl_report *r, const struct cgl_line *line)
{
	struct cgl_memcg *m = line_memcg(r, line);
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

static void take_origin(struct cgl_report *r, const struct cgl_line *line)
{
	struct cgl_memcg *m = line_memcg(r, line);

	if (!m)
		return;
	m->has_origin = true;
	get_all(line, origin_names, CGL_NR_OR, m->origin);
}

static void take_event(struct cgl_report *r, const struct cgl_line *line)
{
	struct cgl_event *ev = MORE(r, events);

	if (ev && cgl_event_fill(ev, line))
		r->err = -ENOMEM;
}

static const struct {
	const char *key;
	void (*take)(struct cgl_report *r, const struct cgl_line *line);
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
 * cgl_report_line() - add what a line says; a cgl_fn
 * @line: the line
 * @report: a struct cgl_report; its @err is set where memory is short
 */
void cgl_report_line(const struct cgl_line *line, void *report)
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
 * cgl_report_link() - find each memory cgroup's parent and depth
 * @r: a report of all memory cgroups, in pre-order
 *
 * One that is not named hangs on none: nobody told us where it is.
 */
void cgl_report_link(struct cgl_report *r)
{
	int last = -1;
	size_t i;

	for (i = 0; i < r->nr_memcgs; i++) {
		struct cgl_memcg *m = &r->memcgs[i];
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

/* Whether @a is rather meant by a path than @b, which has the same one. */
static bool rather(const struct cgl_memcg *a, const struct cgl_memcg *b)
{
	bool removed_a = a->m[CGL_MF_online] == 0, removed_b = b->m[CGL_MF_online] == 0;

	if (removed_a != removed_b)
		return removed_b;
	return cgl_or_0(a->m[CGL_MF_id]) > cgl_or_0(b->m[CGL_MF_id]);
}

/**
 * cgl_link_path() - find the ancestors of one memory cgroup by their paths
 * @r: a report in any order, as a record has it
 * @m: the memory cgroup in it; its parent is set, and theirs
 */
void cgl_link_path(struct cgl_report *r, struct cgl_memcg *m)
{
	struct cgl_memcg *up;
	const char *slash;
	size_t i, len;

	for (; m; m = up) {
		up = NULL;
		slash = m->path && m->path[1] ? strrchr(m->path, '/') : NULL;
		len = slash == m->path ? 1 : slash ? (size_t)(slash - m->path) : 0;
		for (i = 0; slash && i < r->nr_memcgs; i++) {
			const char *path = r->memcgs[i].path;

			if (path && !strncmp(path, m->path, len) && !path[len] &&
			    (!up || rather(&r->memcgs[i], up)))
				up = &r->memcgs[i];
		}
		m->parent = up ? (int)(up - r->memcgs) : -1;
	}
}

/**
 * cgl_find_id() - a memory cgroup by its id
 * @r: the report
 * @id: its kernfs id
 *
 * Return: the memory cgroup or NULL.
 */
struct cgl_memcg *cgl_find_id(const struct cgl_report *r, u64 id)
{
	size_t i;

	for (i = 0; i < r->nr_memcgs; i++)
		if (r->memcgs[i].m[CGL_MF_id] == id)
			return &r->memcgs[i];
	return NULL;
}

/* The next byte of @s, a backslash and three octal digits being one; moves on. */
static unsigned char unescaped(const char **s)
{
	const char *p = *s;

	if (p[0] == '\\' && p[1] >= '0' && p[1] <= '3' && p[2] >= '0' && p[2] <= '7' &&
	    p[3] >= '0' && p[3] <= '7') {
		*s += 4;
		return (p[1] - '0') << 6 | (p[2] - '0') << 3 | (p[3] - '0');
	}
	++*s;
	return *p;
}

/* @wanted without slashes around it; @escaped: with escapes in it undone. */
static bool matches(const char *path, const char *wanted, size_t len, bool escaped, bool below)
{
	const char *s = wanted, *end = wanted + len;

	while (s < end) {
		unsigned char c = escaped ? unescaped(&s) : (unsigned char)*s++;

		if (!c || (unsigned char)*path++ != c)
			return false;
	}
	return !*path || (below && *path == '/');
}

/**
 * cgl_path_matches() - whether a cgroup is the one that a person means
 * @path: of the cgroup, or NULL
 * @wanted: as a person writes it, or copies it from a terminal: slashes around
 * it do not matter, and a byte may be a backslash and three octal digits
 * @below: whether a cgroup below it is meant as well
 */
bool cgl_path_matches(const char *path, const char *wanted, bool below)
{
	size_t len;

	while (*wanted == '/')
		wanted++;
	len = strlen(wanted);
	while (len && wanted[len - 1] == '/')
		len--;
	if (!path || *path++ != '/')
		return false;
	if (!len)
		return below || !*path;
	return matches(path, wanted, len, false, below) ||
	       matches(path, wanted, len, true, below);
}

/**
 * cgl_find_path() - a memory cgroup by its path
 * @r: the report
 * @path: as cgl_path_matches() takes it
 *
 * Removed cgroups that are still charged keep their names, which others can
 * have by now. The one that is there is meant, or the one removed last.
 *
 * Return: the memory cgroup or NULL.
 */
struct cgl_memcg *cgl_find_path(const struct cgl_report *r, const char *path)
{
	struct cgl_memcg *found = NULL;
	size_t i;

	for (i = 0; i < r->nr_memcgs; i++)
		if (cgl_path_matches(r->memcgs[i].path, path, false) &&
		    (!found || rather(&r->memcgs[i], found)))
			found = &r->memcgs[i];
	return found;
}

/**
 * cgl_failures() - how often charges met a limit of this memory cgroup
 * @m: the memory cgroup
 *
 * Return: the refusals of its counters, by failcnt where that counts (not on
 * cgroup v2 from 7.2 on), else those that the module has seen, else the times that
 * memory.events counted; %CGL_ABSENT where none is known.
 */
cgl_u64 cgl_failures(const struct cgl_memcg *m)
{
	u64 mem = m->counter[CGL_CK_memory][CGL_CF_failcnt];
	u64 memsw = m->counter[CGL_CK_memsw][CGL_CF_failcnt];

	if (cgl_is_number(mem))
		return mem + cgl_or_0(memsw);
	/* The root and the released have no counters, hence no limit. */
	if (m->has_charge && cgl_is_number(m->charge[CGL_CH_limited]) &&
	    cgl_is_number(m->counter[CGL_CK_memory][CGL_CF_usage]))
		return m->charge[CGL_CH_limited];
	return m->event[CGL_ME_max];
}

/**
 * cgl_event_fill() - take an event line apart
 * @ev: filled; free with cgl_event_free(), after a failure as well
 * @line: the line
 *
 * Return: 0 or -ENOMEM.
 */
int cgl_event_fill(struct cgl_event *ev, const struct cgl_line *line)
{
	unsigned int i;
	int at;

	memset(ev, 0, sizeof(*ev));
	for (i = 0; i < line->nr; i++) {
		at = name_index(event_names, CGL_NR_EV, line->pair[i].name);
		if (at < 0 || ev->f[at])
			continue;
		ev->f[at] = strdup(line->pair[i].value);
		if (!ev->f[at])
			return -ENOMEM;
	}
	return 0;
}

/* Free what an event holds. */
void cgl_event_free(struct cgl_event *ev)
{
	unsigned int i;

	for (i = 0; i < CGL_NR_EV; i++)
		free(ev->f[i]);
	memset(ev, 0, sizeof(*ev));
}

/* A number of an event, %CGL_ABSENT where it has none. */
cgl_u64 cgl_event_num(const struct cgl_event *ev, enum cgl_event_field field)
{
	u64 v = ABSENT;

	if (ev->f[field])
		cgl_parse_amount(ev->f[field], &v);
	return v;
}

/* Whether an event is of a type. */
bool cgl_event_is(const struct cgl_event *ev, const char *type)
{
	return ev->f[CGL_EV_type] && !strcmp(ev->f[CGL_EV_type], type);
}

/**
 * cgl_kill_cause() - what a process died of that was killed for memory
 * @kill: an event of type oom_kill
 *
 * A limit that is not named can be hidden or none: without a mark for the one
 * and a constraint for the other nobody can tell, and nothing is guessed.
 */
enum cgl_cause cgl_kill_cause(const struct cgl_event *kill)
{
	const char *constraint = kill->f[CGL_EV_constraint];

	if (cgl_or_0(cgl_event_num(kill, CGL_EV_sysrq)))
		return CGL_CAUSE_SYSRQ;
	if (kill->f[CGL_EV_limiter] || kill->f[CGL_EV_limiter_id])
		return CGL_CAUSE_LIMIT;
	if (cgl_or_0(cgl_event_num(kill, CGL_EV_limiter_hidden)))
		return CGL_CAUSE_HIDDEN;
	if (!constraint)
		return CGL_CAUSE_UNKNOWN;
	if (!strcmp(constraint, "memcg"))
		return CGL_CAUSE_LIMIT;
	if (!strcmp(constraint, "cpuset"))
		return CGL_CAUSE_CPUSET;
	if (!strcmp(constraint, "memory_policy"))
		return CGL_CAUSE_POLICY;
	return strcmp(constraint, "none") ? CGL_CAUSE_UNKNOWN : CGL_CAUSE_MACHINE;
}
