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
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ending.h"
#include "procfs.h"
#include "root.h"

/**
 * ending_wait - sleep until a time, or until a process has ended
 * @pidfd: the process; -1: only until the time
 * @until: the time, as now_monotonic() has it
 * @mask: signals to block meanwhile, as in ppoll(); NULL: as they are
 * @stop: a signal that sets it ends the sleep; NULL: none does
 *
 * Return: true when the process has ended.
 */
bool ending_wait(int pidfd, double until, const sigset_t *mask,
		 const sig_atomic_t *stop)
{
	struct pollfd pfd = { .fd = pidfd, .events = POLLIN };
	struct timespec ts;
	double left;
	int n;

	do {
		left = until - now_monotonic();
		if (left < 0)
			left = 0;
		ts.tv_sec = left;
		ts.tv_nsec = (left - ts.tv_sec) * 1e9;
		n = ppoll(&pfd, pidfd >= 0, &ts, mask);
	} while (n < 0 && errno == EINTR &&
		 !(stop && __atomic_load_n(stop, __ATOMIC_RELAXED)));
	return n > 0;
}

static void see_event(const struct cgl_line *line, void *arg)
{
	struct ending_watch *w = arg;
	const char *type = cgl_get(line, "type");

	if (!type || strcmp(type, "oom_kill") || cgl_get_amount(line, "victim") != w->pid)
		return;
	event_free(&w->kill);
	event_fill(&w->kill, line);
}

/**
 * ending_open() - begin to watch for the end of a process
 * @w: filled; close with ending_close()
 * @pid: the process
 */
void ending_open(struct ending_watch *w, u64 pid)
{
	memset(w, 0, sizeof(*w));
	w->pid = pid;
	w->stat = root_open(O_RDONLY, "/proc/%llu/stat", pid);
	w->events = root_is_saved() ? -1 : open_events(O_NONBLOCK);
	if (w->events >= 0) {
		lseek(w->events, 0, SEEK_END);
		w->parser = xmalloc(sizeof(*w->parser));
		cgl_init(w->parser, see_event, w);
	}
}

/* Read the events since the last time. */
static void drain(struct ending_watch *w)
{
	static char buf[CGL_EVENT_MAX];
	ssize_t n;

	for (;;) {
		n = read(w->events, buf, sizeof(buf));
		if (n > 0) {
			cgl_feed(w->parser, buf, n);
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
	struct memcg *m;
	struct report r;

	report_init(&r);
	m = report_new_memcg(&r);
	if (d->dir < 0 || cgdir_read(d, m, CGFS_BASIC)) {
		memset(ev, 0xff, sizeof(*ev));
	} else {
		ev->kills = m->event[ME_OOM_KILL];
		ev->ooms = m->event[ME_OOM];
		ev->fails = memcg_failures(m);
		ev->memsw_fails = m->counter[CK_MEMSW][CF_FAILCNT];
	}
	report_free(&r);
}

static void close_dirs(struct ending_watch *w)
{
	while (w->nr)
		cgdir_close(&w->dir[--w->nr]);
}

static void follow(struct ending_watch *w, const char *path)
{
	char *p = xstrdup(path), *slash;
	unsigned int i;

	close_dirs(w);
	while (p[1] && w->nr < MAX_LEVELS) {
		cgdir_open(&w->dir[w->nr++], p, true);
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
 * ending_tick() - note how things stand while the process lives
 * @w: the watch
 * @path: the memory cgroup that the process is in now; NULL: not known
 */
void ending_tick(struct ending_watch *w, const char *path)
{
	struct evidence now[MAX_LEVELS];
	unsigned int i;

	if (w->events >= 0) {
		drain(w);
		return;
	}
	if (!path || cgfs_find())
		return;
	if (!w->nr || strcmp(w->dir[0].path, path)) {
		/* on v1 an exiting task is shown in the root */
		if (!w->nr || !procfs_is_dying(w->pid))
			follow(w, path);
		return;
	}
	for (i = 0; i < w->nr; i++)
		read_evidence(&w->dir[i], &now[i]);
	/* a kill of another process is old news, one of ours is evidence */
	if (number_or_0(delta(now[0].kills, w->before[0].kills)) && procfs_is_dying(w->pid))
		return;
	memcpy(w->before, now, sizeof(now));
}

/* The exit code of a zombie, the last field of its stat; -1: unknown. */
static int exit_status(struct ending_watch *w)
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

static void tell_from_event(struct ending_watch *w, struct ending *e)
{
	const struct event *ev = &w->kill;
	char *comm;

	e->how = ENDED_KILLED;
	if (ev->f[EV_limiter])
		e->limiter = xstrdup(ev->f[EV_limiter]);
	e->global = !ev->f[EV_limiter] && !ev->f[EV_limiter_id];
	if (ev->f[EV_counter])
		e->counter = !strcmp(ev->f[EV_counter], "memsw") ? "memsw" : "memory";
	if (ev->f[EV_pid] && ev->f[EV_comm]) {
		comm = text_safe(ev->f[EV_comm]);
		e->by = xasprintf("%s (%s)", ev->f[EV_pid], comm);
		free(comm);
	}
}

/*
 * The nearest level that was full at its peak, but for a batch of charges.
 * Some kernels count no refusals in failcnt, so this is what is left to go by.
 */
static int full_level(struct ending_watch *w)
{
	const u64 batch = 64 * 4096;
	int found = -1;
	unsigned int i;

	for (i = 0; i < w->nr && found < 0; i++) {
		struct report r;
		struct memcg *m;
		int kind;

		report_init(&r);
		m = report_new_memcg(&r);
		if (w->dir[i].dir >= 0)
			cgdir_read(&w->dir[i], m, CGFS_BASIC | CGFS_ALL);
		for (kind = 0; kind <= CK_MEMSW; kind++) {
			u64 max = m->counter[kind][CF_MAX];

			if (kind != CK_SWAP && is_number(max) &&
			    number_or_0(m->counter[kind][CF_PEAK]) + batch >= max)
				found = i;
		}
		report_free(&r);
	}
	return found;
}

static void tell_from_files(struct ending_watch *w, struct ending *e)
{
	struct evidence now[MAX_LEVELS];
	u64 best_ooms = 0, best_fails = 0;
	int limiter = -1;
	unsigned int i;

	for (i = 0; i < w->nr; i++) {
		u64 ooms, fails;

		read_evidence(&w->dir[i], &now[i]);
		ooms = number_or_0(delta(now[i].ooms, w->before[i].ooms));
		fails = number_or_0(delta(now[i].fails, w->before[i].fails));
		if (ooms > best_ooms || (ooms == best_ooms && fails > best_fails)) {
			limiter = i;
			best_ooms = ooms;
			best_fails = fails;
		}
	}
	if (!w->nr || !is_number(now[0].kills))
		return;
	if (!number_or_0(delta(now[0].kills, w->before[0].kills))) {
		e->how = ENDED_EXITED;
		return;
	}
	e->how = ENDED_KILLED;
	if (limiter < 0)
		limiter = full_level(w);
	e->global = limiter < 0;
	if (limiter < 0)
		return;
	e->limiter = xstrdup(w->dir[limiter].path);
	if (is_number(now[limiter].memsw_fails))
		e->counter = delta(now[limiter].memsw_fails,
				   w->before[limiter].memsw_fails) * 2 > best_fails ?
			     "memsw" : "memory";
}

/**
 * ending_tell() - say how the process ended
 * @w: the watch
 * @e: filled; free with ending_free()
 */
void ending_tell(struct ending_watch *w, struct ending *e)
{
	memset(e, 0, sizeof(*e));
	e->status = exit_status(w);
	if (e->status >= 0 && (e->status & 0x7f) != SIGKILL) {
		e->how = ENDED_EXITED;
		return;
	}
	if (w->events < 0) {
		tell_from_files(w, e);
		return;
	}
	drain(w);
	if (event_is(&w->kill, "oom_kill"))
		tell_from_event(w, e);
	else if (!w->overtaken)
		e->how = ENDED_EXITED;
}

void ending_close(struct ending_watch *w)
{
	close_dirs(w);
	event_free(&w->kill);
	if (w->parser)
		cgl_finish(w->parser);
	free(w->parser);
	if (w->events >= 0)
		close(w->events);
	if (w->stat >= 0)
		close(w->stat);
}

void ending_free(struct ending *e)
{
	free(e->limiter);
	free(e->by);
}
