// SPDX-License-Identifier: GPL-2.0-only
/*
 * A record: samples and events over time, in a file
 *
 * The format is that of cg_list itself, so one parser reads both; it is
 * described in memcgstat(8). Each sample holds what has changed since the one
 * before, and is closed by an `end` line: what follows the last of these was
 * cut off by a crash and is left out. The file is called NAME.part until it is
 * finished, so a record that fails does not harm an older one.
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "record.h"

/* A value as the format wants it: nothing in it but printable bytes. */
static void add_value(struct str *b, const char *s)
{
	for (; *s; s++) {
		unsigned char c = *s;

		if (c <= 0x20 || c == 0x7f || c == '\\')
			str_addf(b, "\\%03o", c);
		else
			str_add(b, s, 1);
	}
}

static void add_amount(struct str *b, const char *name, u64 v)
{
	if (v == UNLIMITED)
		str_addf(b, " %s=max", name);
	else if (v != ABSENT)
		str_addf(b, " %s=%llu", name, v);
}

/* Without an id (a saved tree) the path has to serve as one. */
static u64 memcg_key(const struct memcg *m)
{
	u64 hash = 0xcbf29ce484222325ULL;
	const char *s;

	if (m->m[MF_ID] != ABSENT)
		return m->m[MF_ID];
	for (s = m->path ? m->path : ""; *s; s++)
		hash = (hash ^ (unsigned char)*s) * 0x100000001b3ULL;
	return hash >> 1;
}

static void flush(struct record_writer *w, const struct str *b)
{
	int err = 0;

	write_all(w->fd, b->s, b->len, &err);
	if (!err) {
		w->size += b->len;
		return;
	}
	/* whole samples only; an error here changes nothing for the reader */
	if (ftruncate(w->fd, w->size))
		warn("%s: %s", w->part, strerror(errno));
	die("%s: %s; what was recorded until now is in %s", w->path, strerror(err), w->part);
}

/**
 * record_create() - begin a record, or exit and say why not
 * @w: filled
 * @path: the file that it will be in the end
 * @about: more names for the first line: " pid=123", or ""
 */
void record_create(struct record_writer *w, const char *path, const char *about)
{
	struct timespec ts;
	struct utsname un;
	struct str b = {};

	memset(w, 0, sizeof(*w));
	report_init(&w->last);
	w->path = path;
	w->part = xasprintf("%s.part", path);
	w->fd = open(w->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (w->fd < 0 && errno == EEXIST)
		die("%s is there: a record runs, or was cut off; plot it or remove it", w->part);
	if (w->fd < 0)
		die("%s: %s", w->part, strerror(errno));
	clock_gettime(CLOCK_REALTIME, &ts);
	uname(&un);
	str_addf(&b, "cg_list %d\nrecord version=%d realtime=%lld.%03ld kernel=", CGL_FORMAT,
		 RECORD_VERSION, (long long)ts.tv_sec, ts.tv_nsec / 1000000);
	add_value(&b, un.release);
	str_addf(&b, "%s\n", about);
	flush(w, &b);
	str_free(&b);
}

/* A line of what differs from @old, if anything does. */
static void add_changes(struct str *b, const char *head, u64 key, const char *const *names,
			unsigned int nr, const u64 *now, const u64 *old)
{
	bool open = false;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (now[i] == ABSENT || (old && old[i] == now[i]))
			continue;
		if (!open)
			str_addf(b, head, key);
		open = true;
		add_amount(b, names[i], now[i]);
	}
	if (open)
		str_puts(b, "\n");
}

static void add_memcg(struct str *b, const struct memcg *m, const struct memcg *old)
{
	u64 key = memcg_key(m);
	char head[64];
	int kind;

	if (!old || strcmp(memcg_name(old), memcg_name(m)) ||
	    old->m[MF_LEVEL] != m->m[MF_LEVEL]) {
		str_addf(b, "memcg id=%llu", key);
		add_amount(b, "was_level", m->m[MF_LEVEL]);
		add_amount(b, "online", m->m[MF_ONLINE]);
		add_amount(b, "released", m->m[MF_RELEASED]);
		if (m->path) {
			str_puts(b, " path=");
			add_value(b, m->path);
		}
		str_puts(b, "\n");
	}
	for (kind = 0; kind < NR_CK; kind++) {
		snprintf(head, sizeof(head), "counter id=%%llu name=%s", counter_kind_names[kind]);
		add_changes(b, head, key, counter_field_names, NR_CF, m->counter[kind],
			    old ? old->counter[kind] : NULL);
	}
	add_changes(b, "memory_events id=%llu", key, memcg_event_names, NR_ME, m->event,
		    old ? old->event : NULL);
	if (m->has_charge)
		add_changes(b, "charge id=%llu", key, charge_names, NR_CH, m->charge,
			    old && old->has_charge ? old->charge : NULL);
}

/* Cgroups keep their order, so @hint is nearly always right. */
static struct memcg *find_key(const struct report *r, u64 key, size_t hint)
{
	size_t i;

	if (hint < r->nr_memcgs && memcg_key(&r->memcgs[hint]) == key)
		return &r->memcgs[hint];
	for (i = 0; i < r->nr_memcgs; i++)
		if (memcg_key(&r->memcgs[i]) == key)
			return &r->memcgs[i];
	return NULL;
}

static void copy_memcgs(struct report *to, const struct report *from)
{
	size_t i;

	report_free(to);
	for (i = 0; i < from->nr_memcgs; i++) {
		struct memcg *m = report_new_memcg(to);

		*m = from->memcgs[i];
		m->path = m->path ? xstrdup(m->path) : NULL;
		m->lru = NULL;
		m->nr_lru = 0;
	}
}

/**
 * record_sample() - write a sample, or exit and say why not
 * @w: the record
 * @time: CLOCK_MONOTONIC, in seconds
 * @now: the memory cgroups
 * @events: event lines since the last sample, as they were read; or NULL
 */
void record_sample(struct record_writer *w, double time, const struct report *now,
		   const struct str *events)
{
	struct str b = {};
	size_t i;

	str_addf(&b, "sample n=%llu time=%.6f\n", w->samples, time);
	for (i = 0; i < w->last.nr_memcgs; i++) {
		u64 key = memcg_key(&w->last.memcgs[i]);

		if (!find_key(now, key, i))
			str_addf(&b, "gone id=%llu\n", key);
	}
	for (i = 0; i < now->nr_memcgs; i++)
		add_memcg(&b, &now->memcgs[i],
			  find_key(&w->last, memcg_key(&now->memcgs[i]), i));
	if (events && events->len)
		str_add(&b, events->s, events->len);
	str_addf(&b, "end n=%llu\n", w->samples++);
	flush(w, &b);
	str_free(&b);
	if (now != &w->last)
		copy_memcgs(&w->last, now);
}

/* Any other line, its newline included. */
void record_note(struct record_writer *w, const char *line)
{
	struct str b = {};

	str_puts(&b, line);
	flush(w, &b);
	str_free(&b);
}

/**
 * record_finish() - the record is whole: give it its name
 * @w: the record
 */
void record_finish(struct record_writer *w)
{
	char buf[64];

	snprintf(buf, sizeof(buf), "finished samples=%llu\n", w->samples);
	record_note(w, buf);
	if (fsync(w->fd) && errno != EINVAL)
		die("%s: %s; the record is in %s", w->path, strerror(errno), w->part);
	close(w->fd);
	if (rename(w->part, w->path))
		die("%s: %s; the record is in %s", w->path, strerror(errno), w->part);
	free(w->part);
	report_free(&w->last);
}

static double get_seconds(const struct cgl_line *line, const char *name)
{
	const char *s = cgl_get(line, name);
	char *end;
	double v;

	if (!s)
		return NAN;
	v = strtod(s, &end);
	return *end || !isfinite(v) || v < 0 ? NAN : v;
}

static void drop_memcg(struct report *r, u64 id)
{
	struct memcg *m = report_find_id(r, id);
	size_t at;

	if (!m)
		return;
	at = m - r->memcgs;
	free(m->path);
	free(m->lru);
	r->nr_memcgs--;
	memmove(m, m + 1, (r->nr_memcgs - at) * sizeof(*m));
}

static void set_copy(char **to, const char *s)
{
	free(*to);
	*to = s ? xstrdup(s) : NULL;
}

static void take_memcg(struct record *rec, const struct cgl_line *line)
{
	struct memcg *m = report_find_id(&rec->now, cgl_get_amount(line, "id"));

	if (!m) {
		report_line(line, &rec->now);
		if (!rec->now.nr_memcgs)
			return;
		m = &rec->now.memcgs[rec->now.nr_memcgs - 1];
	} else {
		set_copy(&m->path, cgl_get(line, "path"));
	}
	m->m[MF_LEVEL] = cgl_get_amount(line, "was_level");
}

static void drop_events(struct report *r)
{
	while (r->nr_events)
		event_free(&r->events[--r->nr_events]);
}

static void take_line(const struct cgl_line *line, void *arg)
{
	struct record *rec = arg;
	struct memcg *m;

	if (!strcmp(line->key, "record")) {
		rec->version = cgl_get_amount(line, "version");
		rec->pid = cgl_get_amount(line, "pid");
	} else if (!strcmp(line->key, "sample")) {
		double time = get_seconds(line, "time");

		rec->in_sample = isfinite(time);
		if (!rec->in_sample)
			return;
		rec->time = time;
		if (!rec->samples)
			rec->start = time;
	} else if (!strcmp(line->key, "end") && rec->in_sample) {
		rec->in_sample = false;
		rec->samples++;
		rec->sample(rec, rec->arg);
		drop_events(&rec->now);
	} else if (!strcmp(line->key, "gone")) {
		drop_memcg(&rec->now, cgl_get_amount(line, "id"));
	} else if (!strcmp(line->key, "memory_events")) {
		m = report_find_id(&rec->now, cgl_get_amount(line, "id"));
		if (m)
			cgl_get_all(line, memcg_event_names, NR_ME, m->event);
	} else if (!strcmp(line->key, "ended")) {
		rec->ended = get_seconds(line, "time");
		set_copy(&rec->how, cgl_get(line, "how"));
		set_copy(&rec->limiter, cgl_get(line, "limiter"));
	} else if (!strcmp(line->key, "finished")) {
		rec->finished = true;
	} else if (!strcmp(line->key, "memcg")) {
		take_memcg(rec, line);
	} else {
		report_line(line, &rec->now);
	}
}

/**
 * record_read() - read a record, or exit and say why not
 * @rec: filled; free with record_free()
 * @path: the file
 * @sample: called after each sample
 * @arg: for @sample
 */
void record_read(struct record *rec, const char *path,
		 void (*sample)(struct record *rec, void *arg), void *arg)
{
	struct cgl_parser *p = xmalloc(sizeof(*p));
	int fd, ret;

	memset(rec, 0, sizeof(*rec));
	report_init(&rec->now);
	rec->pid = ABSENT;
	rec->ended = NAN;
	rec->sample = sample;
	rec->arg = arg;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	cgl_init(p, take_line, rec);
	ret = cgl_read_fd(p, fd);
	cgl_finish(p);
	close(fd);
	if (ret)
		die("%s: %s", path, strerror(-ret));
	if (!p->version || !rec->version)
		die("%s is no record; make one with memcgstat record", path);
	if (rec->version > RECORD_VERSION)
		die("%s is a record of version %llu; this memcgstat knows %d", path, rec->version,
		    RECORD_VERSION);
	rec->cut = !rec->finished;
	if (rec->cut)
		warn("%s: the end is missing; using the %llu samples that are whole", path,
		     rec->samples);
	free(p);
}

void record_free(struct record *rec)
{
	report_free(&rec->now);
	free(rec->how);
	free(rec->limiter);
}
