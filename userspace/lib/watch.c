// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a process ended, and whose limit it was
 *
 * The oom_kill event of /proc/cg_list/events names the victim and the limiter.
 * Who may not read it, or has no module, gets the answer from the differences
 * of the cgroup files: the victim's cgroup counts the kill, the limiter's the
 * refusals. A process that is gone tells nothing any more, so the watch has to
 * begin before.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "private.h"

struct evidence {
	u64 kills;
	u64 ooms;
	u64 fails;
	u64 memsw_fails;
};

struct cgl_watch {
	struct cgl *c;
	u64 pid;
	int events;		/* the stream, -1: may not be read */
	struct cgl_parser *parser;
	char *buf;
	bool overtaken;
	int err;
	struct cgl_event kill;
	int stat;		/* /proc/PID/stat */
	struct cgdir dir[CGL_MAX_LEVELS];
	struct evidence before[CGL_MAX_LEVELS];
	unsigned int nr;
};

static void see_event(const struct cgl_line *line, void *arg)
{
	struct cgl_watch *w = arg;
	const char *type = cgl_get(line, "type");

	if (!type || strcmp(type, "oom_kill") || cgl_get_amount(line, "victim") != w->pid)
		return;
	cgl_event_free(&w->kill);
	if (cgl_event_fill(&w->kill, line))
		w->err = -ENOMEM;
}

/**
 * cgl_watch_new() - begin to watch for the end of a process
 * @c: from cgl_new()
 * @pid: the process
 *
 * Return: a watch for cgl_watch_free(), NULL without memory.
 */
struct cgl_watch *cgl_watch_new(struct cgl *c, cgl_u64 pid)
{
	struct cgl_watch *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->c = c;
	w->pid = pid;
	w->stat = root_open(c, O_RDONLY, "/proc/%llu/stat", pid);
	w->events = cgl_is_saved(c) ? -1 : cgl_open_events(c, O_NONBLOCK);
	if (w->events < 0)
		return w;
	lseek(w->events, 0, SEEK_END);
	w->parser = cgl_parser_new(see_event, w);
	w->buf = malloc(CGL_EVENT_MAX);
	if (!w->parser || !w->buf) {
		cgl_watch_free(w);
		return NULL;
	}
	return w;
}

/* Read the events since the last time. */
static void drain(struct cgl_watch *w)
{
	ssize_t n;

	for (;;) {
		n = read(w->events, w->buf, CGL_EVENT_MAX);
		if (n > 0) {
			if (cgl_parser_feed(w->parser, w->buf, n))
				w->err = -ENOMEM;
			continue;
		}
		if (n < 0 && errno == EPIPE)
			w->overtaken = true;
		else if (n >= 0 || errno != EINTR)
			return;
	}
}

static void read_evidence(struct cgdir *d, struct evidence *ev)
{
	struct cgl_memcg *m;
	struct cgl_report r;

	cgl_report_init(&r);
	m = report_new_memcg(&r);
	if (!m || d->dir < 0 || cgdir_read(d, m, CGL_WANT_BASIC)) {
		memset(ev, 0xff, sizeof(*ev));
	} else {
		ev->kills = m->event[CGL_ME_oom_kill];
		ev->ooms = m->event[CGL_ME_oom];
		ev->fails = cgl_failures(m);
		ev->memsw_fails = m->counter[CGL_CK_memsw][CGL_CF_failcnt];
	}
	cgl_report_free(&r);
}

static void close_dirs(struct cgl_watch *w)
{
	while (w->nr)
		cgdir_close(&w->dir[--w->nr]);
}

static void follow(struct cgl_watch *w, const char *path)
{
	char *p = strdup(path), *slash;
	unsigned int i;

	close_dirs(w);
	while (p && p[1] && w->nr < CGL_MAX_LEVELS) {
		cgdir_open(w->c, &w->dir[w->nr++], p, true);
		slash = strrchr(p, '/');
		if (!slash)
			break;
		slash[slash == p] = '\0';
	}
	free(p);
	for (i = 0; i < w->nr; i++)
		read_evidence(&w->dir[i], &w->before[i]);
}

/**
 * cgl_watch_tick() - note how things stand while the process lives
 * @w: the watch
 * @path: the memory cgroup that the process is in now; NULL: not known
 */
void cgl_watch_tick(struct cgl_watch *w, const char *path)
{
	struct evidence now[CGL_MAX_LEVELS];
	unsigned int i;

	if (w->events >= 0) {
		drain(w);
		return;
	}
	if (!path || cgl_find(w->c))
		return;
	if (!w->nr || !w->dir[0].path || strcmp(w->dir[0].path, path)) {
		/* on v1 an exiting task is shown in the root */
		if (!w->nr || !procfs_is_dying(w->c, w->pid))
			follow(w, path);
		return;
	}
	for (i = 0; i < w->nr; i++)
		read_evidence(&w->dir[i], &now[i]);
	/* a kill of another process is old news, one of ours is evidence */
	if (cgl_or_0(cgl_delta(now[0].kills, w->before[0].kills)) && procfs_is_dying(w->c, w->pid))
		return;
	memcpy(w->before, now, sizeof(now));
}

/* The exit code of a zombie, the last field of its stat; -1: unknown. */
static int exit_status(struct cgl_watch *w)
{
	char buf[1024], *s;
	int n, status;

	n = w->stat < 0 ? -1 : pread_fd(w->stat, buf, sizeof(buf));
	if (n <= 0)
		return -1;
	s = strrchr(buf, ')');
	if (!s || s[1] != ' ' || s[2] != 'Z')
		return -1;
	s = strrchr(buf, ' ');
	status = s ? atoi(s + 1) : -1;
	/* who may not look is shown 0 */
	return status || !geteuid() ? status : -1;
}

static int copy(char **to, const char *s)
{
	*to = s ? strdup(s) : NULL;
	return s && !*to ? -ENOMEM : 0;
}

static int tell_from_event(struct cgl_watch *w, struct cgl_ending *e)
{
	const struct cgl_event *ev = &w->kill;

	e->how = CGL_ENDED_KILLED;
	e->global = !ev->f[CGL_EV_limiter] && !ev->f[CGL_EV_limiter_id];
	if (ev->f[CGL_EV_counter])
		e->counter = !strcmp(ev->f[CGL_EV_counter], "memsw") ? "memsw" : "memory";
	e->by_pid = cgl_event_num(ev, CGL_EV_pid);
	if (copy(&e->limiter, ev->f[CGL_EV_limiter]))
		return -ENOMEM;
	return copy(&e->by_comm, ev->f[CGL_EV_comm]);
}

/*
 * The nearest level that was full at its peak, but for a batch of charges.
 * Some kernels count no refusals in failcnt, so this is what is left to go by.
 */
static int full_level(struct cgl_watch *w)
{
	const u64 batch = 64 * 4096;
	int found = -1;
	unsigned int i;

	for (i = 0; i < w->nr && found < 0; i++) {
		struct cgl_report r;
		struct cgl_memcg *m;
		int kind;

		cgl_report_init(&r);
		m = report_new_memcg(&r);
		if (m && w->dir[i].dir >= 0)
			cgdir_read(&w->dir[i], m, CGL_WANT_BASIC | CGL_WANT_ALL);
		for (kind = 0; m && kind <= CGL_CK_memsw; kind++) {
			u64 max = m->counter[kind][CGL_CF_max];

			if (kind != CGL_CK_swap && cgl_is_number(max) &&
			    cgl_or_0(m->counter[kind][CGL_CF_peak]) + batch >= max)
				found = i;
		}
		cgl_report_free(&r);
	}
	return found;
}

static int tell_from_files(struct cgl_watch *w, struct cgl_ending *e)
{
	struct evidence now[CGL_MAX_LEVELS];
	u64 best_ooms = 0, best_fails = 0;
	int limiter = -1;
	unsigned int i;

	for (i = 0; i < w->nr; i++) {
		u64 ooms, fails;

		read_evidence(&w->dir[i], &now[i]);
		ooms = cgl_or_0(cgl_delta(now[i].ooms, w->before[i].ooms));
		fails = cgl_or_0(cgl_delta(now[i].fails, w->before[i].fails));
		if (ooms > best_ooms || (ooms == best_ooms && fails > best_fails)) {
			limiter = i;
			best_ooms = ooms;
			best_fails = fails;
		}
	}
	if (!w->nr || !cgl_is_number(now[0].kills))
		return 0;
	if (!cgl_or_0(cgl_delta(now[0].kills, w->before[0].kills))) {
		e->how = CGL_ENDED_EXITED;
		return 0;
	}
	e->how = CGL_ENDED_KILLED;
	if (limiter < 0)
		limiter = full_level(w);
	e->global = limiter < 0;
	if (limiter < 0)
		return 0;
	if (cgl_is_number(now[limiter].memsw_fails))
		e->counter = cgl_delta(now[limiter].memsw_fails,
				   w->before[limiter].memsw_fails) * 2 > best_fails ?
			     "memsw" : "memory";
	return copy(&e->limiter, w->dir[limiter].path);
}

/**
 * cgl_watch_end() - say how the process ended
 * @w: the watch
 * @e: filled; free with cgl_ending_free(), after a failure as well
 *
 * Return: 0 or -ENOMEM.
 */
int cgl_watch_end(struct cgl_watch *w, struct cgl_ending *e)
{
	int ret = 0;

	memset(e, 0, sizeof(*e));
	e->by_pid = ABSENT;
	e->status = exit_status(w);
	if (e->status >= 0 && (e->status & 0x7f) != SIGKILL) {
		e->how = CGL_ENDED_EXITED;
		return 0;
	}
	if (w->events < 0) {
		ret = tell_from_files(w, e);
	} else {
		drain(w);
		if (cgl_event_is(&w->kill, "oom_kill"))
			ret = tell_from_event(w, e);
		else if (!w->overtaken)
			e->how = CGL_ENDED_EXITED;
		if (!ret)
			ret = w->err;
	}
	return ret ? cgl_fail(w->c, ret, "out of memory") : 0;
}

void cgl_watch_free(struct cgl_watch *w)
{
	if (!w)
		return;
	close_dirs(w);
	cgl_event_free(&w->kill);
	cgl_parser_free(w->parser);
	free(w->buf);
	if (w->events >= 0)
		close(w->events);
	if (w->stat >= 0)
		close(w->stat);
	free(w);
}

/* Free what an ending holds. */
void cgl_ending_free(struct cgl_ending *e)
{
	free(e->limiter);
	free(e->by_comm);
}
