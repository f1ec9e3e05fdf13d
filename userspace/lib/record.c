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

#include "private.h"

struct cgl_writer {
	struct cgl *c;
	int fd;
	char *part;		/* what is written to, until it is whole */
	char *path;
	struct cgl_report last;	/* what the file says so far */
	u64 samples;
	u64 size;		/* bytes of whole samples */
};

static void add_amount(struct text *t, const char *name, u64 v)
{
	if (v == UNLIMITED)
		text_addf(t, " %s=max", name);
	else if (v != ABSENT)
		text_addf(t, " %s=%llu", name, v);
}

/* Without an id (a saved tree) the path has to serve as one. */
static u64 memcg_key(const struct cgl_memcg *m)
{
	u64 hash = 0xcbf29ce484222325ULL;
	const char *s;

	if (m->m[CGL_MF_id] != ABSENT)
		return m->m[CGL_MF_id];
	for (s = m->path ? m->path : ""; *s; s++)
		hash = (hash ^ (unsigned char)*s) * 0x100000001b3ULL;
	return hash >> 1;
}

static int no_memory(struct cgl_writer *w)
{
	return cgl_fail(w->c, -ENOMEM, "%s: out of memory; what was recorded until now is in %s",
			w->path, w->part);
}

/* Write a text, all of it or nothing. */
static int put(struct cgl_writer *w, const struct text *t)
{
	size_t done = 0;
	ssize_t n = 0;
	int err;

	if (t->nomem)
		return no_memory(w);
	while (done < t->len) {
		n = write(w->fd, t->s + done, t->len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += n;
	}
	if (done == t->len) {
		w->size += t->len;
		return 0;
	}
	err = n < 0 ? errno : EIO;
	/* whole samples only; if this fails too, the reader leaves out the rest */
	n = ftruncate(w->fd, w->size);
	return cgl_fail(w->c, -err, "%s: %s; what was recorded until now is in %s", w->path,
			strerror(err), w->part);
}

static int begin(struct cgl_writer *w, u64 pid)
{
	struct timespec ts;
	struct utsname un;
	struct text t = {};
	int ret;

	w->fd = open(w->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (w->fd < 0 && errno == EEXIST)
		return cgl_fail(w->c, -EEXIST,
				"%s is there: a record runs, or was cut off; plot it or remove it",
				w->part);
	if (w->fd < 0) {
		ret = -errno;
		return cgl_fail(w->c, ret, "%s: %s", w->part, strerror(-ret));
	}
	clock_gettime(CLOCK_REALTIME, &ts);
	uname(&un);
	text_addf(&t, "cg_list %d\nrecord version=%d realtime=%lld.%03ld kernel=", CGL_FORMAT,
		  CGL_RECORD_VERSION, (long long)ts.tv_sec, ts.tv_nsec / 1000000);
	text_add_value(&t, un.release);
	add_amount(&t, "pid", pid);
	text_puts(&t, "\n");
	ret = put(w, &t);
	text_free(&t);
	return ret;
}

/**
 * cgl_writer_new() - begin a record
 * @c: from cgl_new()
 * @writer: gets a writer for cgl_writer_free(), NULL after a failure
 * @path: the file that the record will be in the end; NAME.part until then
 * @pid: the process that it is about, %CGL_ABSENT for none
 *
 * Return: 0; -EEXIST where NAME.part is there; another negative errno.
 */
int cgl_writer_new(struct cgl *c, struct cgl_writer **writer, const char *path, cgl_u64 pid)
{
	struct cgl_writer *w = calloc(1, sizeof(*w));
	int ret;

	*writer = NULL;
	if (!w)
		return cgl_fail(c, -ENOMEM, "out of memory");
	w->c = c;
	w->fd = -1;
	cgl_report_init(&w->last);
	w->path = strdup(path);
	if (asprintf(&w->part, "%s.part", path) < 0)
		w->part = NULL;
	if (w->path && w->part)
		ret = begin(w, pid);
	else
		ret = cgl_fail(c, -ENOMEM, "out of memory");
	if (ret)
		cgl_writer_free(w);
	else
		*writer = w;
	return ret;
}

/* A line of what differs from @old, if anything does. */
static void add_changes(struct text *t, const char *head, enum cgl_names list,
			unsigned int first, unsigned int nr, const u64 *now, const u64 *old)
{
	bool open = false;
	unsigned int i;

	for (i = first; i < nr; i++) {
		if (now[i] == ABSENT || (old && old[i] == now[i]))
			continue;
		if (!open)
			text_puts(t, head);
		open = true;
		add_amount(t, cgl_name(list, i), now[i]);
	}
	if (open)
		text_puts(t, "\n");
}

static bool same_path(const struct cgl_memcg *a, const struct cgl_memcg *b)
{
	return a->path && b->path ? !strcmp(a->path, b->path) : a->path == b->path;
}

static void add_memcg(struct text *t, const struct cgl_memcg *m, const struct cgl_memcg *old)
{
	u64 key = memcg_key(m);
	char head[80];
	int kind;

	if (!old || !same_path(old, m) || old->m[CGL_MF_level] != m->m[CGL_MF_level] ||
	    old->m[CGL_MF_online] != m->m[CGL_MF_online]) {
		text_addf(t, "memcg id=%llu", key);
		add_amount(t, "was_level", m->m[CGL_MF_level]);
		add_amount(t, "online", m->m[CGL_MF_online]);
		add_amount(t, "released", m->m[CGL_MF_released]);
		if (m->path) {
			text_puts(t, " path=");
			text_add_value(t, m->path);
		}
		text_puts(t, "\n");
	}
	for (kind = 0; kind < CGL_NR_CK; kind++) {
		snprintf(head, sizeof(head), "counter id=%llu name=%s", key,
			 cgl_name(CGL_NAMES_COUNTER, kind));
		/* the level, the id and the name are said already */
		add_changes(t, head, CGL_NAMES_COUNTER_FIELD, CGL_CF_usage, CGL_NR_CF,
			    m->counter[kind], old ? old->counter[kind] : NULL);
	}
	snprintf(head, sizeof(head), "memory_events id=%llu", key);
	add_changes(t, head, CGL_NAMES_MEMCG_EVENT, 0, CGL_NR_ME, m->event,
		    old ? old->event : NULL);
	snprintf(head, sizeof(head), "charge id=%llu", key);
	if (m->has_charge)
		add_changes(t, head, CGL_NAMES_CHARGE, 0, CGL_NR_CH, m->charge,
			    old && old->has_charge ? old->charge : NULL);
}

/* Cgroups keep their order, so @hint is nearly always right. */
static struct cgl_memcg *find_key(const struct cgl_report *r, u64 key, size_t hint)
{
	size_t i;

	if (hint < r->nr_memcgs && memcg_key(&r->memcgs[hint]) == key)
		return &r->memcgs[hint];
	for (i = 0; i < r->nr_memcgs; i++)
		if (memcg_key(&r->memcgs[i]) == key)
			return &r->memcgs[i];
	return NULL;
}

static int copy_memcgs(struct cgl_report *to, const struct cgl_report *from)
{
	struct cgl_memcg *m;
	size_t i;

	cgl_report_free(to);
	for (i = 0; i < from->nr_memcgs; i++) {
		m = report_new_memcg(to);
		if (!m)
			return -ENOMEM;
		*m = from->memcgs[i];
		m->lru = NULL;
		m->nr_lru = 0;
		if (!m->path)
			continue;
		m->path = strdup(m->path);
		if (!m->path)
			return -ENOMEM;
	}
	return 0;
}

/**
 * cgl_writer_sample() - write a sample
 * @w: the record
 * @time: when it was taken, in seconds of CLOCK_MONOTONIC
 * @now: the memory cgroups; NULL: as they were in the last sample
 * @events: event lines since the last sample, as they were read; or NULL
 *
 * Return: 0 or a negative errno; the samples before are whole even then.
 */
int cgl_writer_sample(struct cgl_writer *w, double time, const struct cgl_report *now,
		      const char *events)
{
	struct text t = {};
	size_t i;
	int ret;

	if (!now)
		now = &w->last;
	text_addf(&t, "sample n=%llu time=%.6f\n", w->samples, time);
	for (i = 0; i < w->last.nr_memcgs; i++) {
		u64 key = memcg_key(&w->last.memcgs[i]);

		if (!find_key(now, key, i))
			text_addf(&t, "gone id=%llu\n", key);
	}
	for (i = 0; i < now->nr_memcgs; i++)
		add_memcg(&t, &now->memcgs[i],
			  find_key(&w->last, memcg_key(&now->memcgs[i]), i));
	if (events)
		text_puts(&t, events);
	text_addf(&t, "end n=%llu\n", w->samples++);
	ret = put(w, &t);
	text_free(&t);
	if (!ret && now != &w->last && copy_memcgs(&w->last, now))
		ret = no_memory(w);
	return ret;
}

/**
 * cgl_writer_ended() - write how the process ended that the record is about
 * @w: the record
 * @time: when, in seconds of CLOCK_MONOTONIC
 * @e: how
 *
 * Return: 0 or a negative errno.
 */
int cgl_writer_ended(struct cgl_writer *w, double time, const struct cgl_ending *e)
{
	static const char *const how[] = { "unknown", "exited", "killed" };
	struct text t = {};
	int ret;

	text_addf(&t, "ended time=%.6f how=%s", time, how[e->how]);
	if (e->counter)
		text_addf(&t, " counter=%s", e->counter);
	if (e->limiter) {
		text_puts(&t, " limiter=");
		text_add_value(&t, e->limiter);
	}
	text_puts(&t, "\n");
	ret = put(w, &t);
	text_free(&t);
	return ret;
}

/**
 * cgl_writer_finish() - the record is whole: give it its name
 * @w: the record; only cgl_writer_free() may follow
 *
 * Return: 0 or a negative errno; the record is in NAME.part then.
 */
int cgl_writer_finish(struct cgl_writer *w)
{
	struct text t = {};
	int ret;

	text_addf(&t, "finished samples=%llu\n", w->samples);
	ret = put(w, &t);
	text_free(&t);
	if (ret)
		return ret;
	if ((fsync(w->fd) && errno != EINVAL) || rename(w->part, w->path)) {
		ret = -errno;
		return cgl_fail(w->c, ret, "%s: %s; the record is in %s", w->path,
				strerror(-ret), w->part);
	}
	return 0;
}

/* Close a record; one that is not finished stays NAME.part. */
void cgl_writer_free(struct cgl_writer *w)
{
	if (!w)
		return;
	if (w->fd >= 0)
		close(w->fd);
	free(w->part);
	free(w->path);
	cgl_report_free(&w->last);
	free(w);
}

/* A record while it is read. */
struct reading {
	struct cgl_record *rec;
	cgl_sample_fn fn;
	void *arg;
	bool in_sample;
	bool finished;
	int err;
};

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

static void drop_memcg(struct cgl_report *r, u64 id)
{
	struct cgl_memcg *m = cgl_find_id(r, id);
	size_t at;

	if (!m)
		return;
	at = m - r->memcgs;
	memcg_free(m);
	r->nr_memcgs--;
	memmove(m, m + 1, (r->nr_memcgs - at) * sizeof(*m));
}

static void set_copy(struct reading *rd, char **to, const char *s)
{
	free(*to);
	*to = s ? strdup(s) : NULL;
	if (s && !*to)
		rd->err = -ENOMEM;
}

static void take_memcg(struct reading *rd, const struct cgl_line *line)
{
	struct cgl_report *now = &rd->rec->now;
	struct cgl_memcg *m = cgl_find_id(now, cgl_get_amount(line, "id"));

	if (!m) {
		cgl_report_line(line, now);
		if (!now->nr_memcgs)
			return;
		m = &now->memcgs[now->nr_memcgs - 1];
	} else {
		set_copy(rd, &m->path, cgl_get(line, "path"));
		m->m[CGL_MF_online] = cgl_get_amount(line, "online");
	}
	m->m[CGL_MF_level] = cgl_get_amount(line, "was_level");
}

static void drop_events(struct cgl_report *r)
{
	while (r->nr_events)
		cgl_event_free(&r->events[--r->nr_events]);
}

static void take_sample(struct reading *rd, const struct cgl_line *line)
{
	double time = get_seconds(line, "time");

	rd->in_sample = isfinite(time);
	if (!rd->in_sample)
		return;
	rd->rec->time = time;
	if (!rd->rec->samples)
		rd->rec->start = time;
}

static void end_sample(struct reading *rd)
{
	rd->in_sample = false;
	rd->rec->samples++;
	rd->fn(rd->rec, rd->arg);
	drop_events(&rd->rec->now);
}

static void take_line(const struct cgl_line *line, void *arg)
{
	struct reading *rd = arg;
	struct cgl_record *rec = rd->rec;
	struct cgl_memcg *m;

	if (!strcmp(line->key, "record")) {
		rec->version = cgl_get_amount(line, "version");
		rec->pid = cgl_get_amount(line, "pid");
	} else if (!strcmp(line->key, "sample")) {
		take_sample(rd, line);
	} else if (!strcmp(line->key, "end") && rd->in_sample) {
		end_sample(rd);
	} else if (!strcmp(line->key, "gone")) {
		drop_memcg(&rec->now, cgl_get_amount(line, "id"));
	} else if (!strcmp(line->key, "memory_events")) {
		m = cgl_find_id(&rec->now, cgl_get_amount(line, "id"));
		if (m)
			get_all(line, memcg_event_names, CGL_NR_ME, m->event);
	} else if (!strcmp(line->key, "ended")) {
		rec->ended = get_seconds(line, "time");
		set_copy(rd, &rec->how, cgl_get(line, "how"));
		set_copy(rd, &rec->limiter, cgl_get(line, "limiter"));
	} else if (!strcmp(line->key, "finished")) {
		rd->finished = true;
	} else if (!strcmp(line->key, "memcg")) {
		take_memcg(rd, line);
	} else {
		cgl_report_line(line, &rec->now);
	}
}

static int read_lines(struct reading *rd, const char *path, unsigned int *version)
{
	struct cgl_parser *p = cgl_parser_new(take_line, rd);
	int fd, ret;

	if (!p)
		return -ENOMEM;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ret = fd < 0 ? -errno : cgl_parser_read(p, fd);
	if (fd >= 0)
		close(fd);
	cgl_parser_end(p);
	*version = cgl_parser_version(p);
	cgl_parser_free(p);
	if (!ret)
		ret = rd->err ? rd->err : rd->rec->now.err;
	return ret;
}

/**
 * cgl_record_read() - read a record
 * @c: from cgl_new(); the record is a file of this machine in any case
 * @rec: filled; free with cgl_record_free(), after a failure as well
 * @path: the file
 * @fn: called after each sample
 * @arg: for @fn
 *
 * Return: 0; -EPROTO for what is no record, or one of a later version; another
 * negative errno.
 */
int cgl_record_read(struct cgl *c, struct cgl_record *rec, const char *path, cgl_sample_fn fn,
		    void *arg)
{
	struct reading rd = { .rec = rec, .fn = fn, .arg = arg };
	unsigned int format = 0;
	int ret;

	memset(rec, 0, sizeof(*rec));
	cgl_report_init(&rec->now);
	rec->pid = ABSENT;
	rec->ended = NAN;
	ret = read_lines(&rd, path, &format);
	if (ret)
		return cgl_fail(c, ret, "%s: %s", path, strerror(-ret));
	if (!format || !rec->version)
		return cgl_fail(c, -EPROTO, "%s is no record; make one with memcgstat record",
				path);
	if (rec->version > CGL_RECORD_VERSION)
		return cgl_fail(c, -EPROTO,
				"%s is a record of version %llu; this libcg_list knows %d", path,
				rec->version, CGL_RECORD_VERSION);
	rec->cut = !rd.finished;
	return 0;
}

/* Free what a record holds. */
void cgl_record_free(struct cgl_record *rec)
{
	cgl_report_free(&rec->now);
	free(rec->how);
	free(rec->limiter);
}
