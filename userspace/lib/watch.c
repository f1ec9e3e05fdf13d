// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a process ended, and whose limit it was
 *
 * The oom_kill event of /proc/cg_list/events names the victim and the limiter.
 * Who may not read it, or has no module, gets the answer from the differences
 * of the cgroup files: the victim's cgroup counts the kill, the limiter's that
 * it ran out. A process that is gone tells nothing any more, so the watch has to
 * begin before.
 *
 * "Not killed for memory" is said only with a proof: another signal or an exit
 * status, or no OOM kill on the machine since the watch began, by the count in
 * /proc/vmstat or by the events. A process that shares the victim's memory is
 * killed without an event of its own, so that other processes' kills leave a
 * doubt, which is told as such.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "private.h"

struct evidence {
	u64 kills;
	u64 ooms;
	u64 fails;
	u64 memsw_fails;
	u64 full;	/* the peak, where it stands at the limit, but for a batch */
	bool at_limit;	/* the usage does */
};

#define MAX_PROCS 128

struct cgl_watch {
	struct cgl *c;
	u64 pid;
	double born, began;	/* seconds of CLOCK_MONOTONIC */
	bool was_dying;		/* when the watch began */
	u64 vm_kills;		/* of the machine, then */
	int stat;		/* /proc/PID/stat */
	int err;
	/* the stream of events, where it may be read */
	int events;
	struct cgl_parser *parser;
	char *buf;
	bool overtaken;
	struct cgl_event kill;	/* ours */
	struct cgl_event oom;	/* the last time that a charge ran out of memory */
	bool by_charge;
	u64 others;		/* kills of others since the watch began */
	struct cgl_event *queue;	/* those of them in our memory cgroup */
	size_t nr_queue, cap_queue, next;
	struct cgl_event told;
	/* the cgroup files */
	char *own;
	struct cgdir dir[CGL_MAX_LEVELS];
	struct evidence before[CGL_MAX_LEVELS];
	struct evidence earlier[CGL_MAX_LEVELS];	/* an interval before that */
	unsigned int nr;
	u64 procs[MAX_PROCS];	/* the others in the cgroup at the last tick */
	unsigned int nr_procs;
	bool procs_known;
	u64 kills;		/* counted there, not yet told */
};

/* The number behind a key in /proc/vmstat. */
static u64 read_vm_kills(struct cgl *c)
{
	static const char key[] = "\noom_kill ";
	struct text t = {};
	u64 v = ABSENT;
	char *s;

	if (!root_read(c, &t, "/proc/vmstat")) {
		s = strstr(t.s, key);
		if (s) {
			s += sizeof(key) - 1;
			s[strcspn(s, "\n")] = '\0';
			cgl_parse_number(s, &v);
		}
	}
	text_free(&t);
	return v;
}

static double clock_seconds(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* When a process began, from the text of its stat; 0: not known. */
static double read_born(const char *stat)
{
	const char *s = strrchr(stat, ')');
	unsigned int i;

	/* the 20th field behind the name, in ticks of CLOCK_BOOTTIME */
	for (i = 0; s && i < 20; i++)
		s = strchr(s + 1, ' ');
	if (!s)
		return 0;
	/* a tick is long, and events are told by ns */
	return strtod(s, NULL) / sysconf(_SC_CLK_TCK) - 0.02 -
	       (clock_seconds(CLOCK_BOOTTIME) - clock_seconds(CLOCK_MONOTONIC));
}

/**
 * cgl_process_of() - the process that a thread belongs to
 * @c: from cgl_new()
 * @tid: the thread's number, which can be the process's
 *
 * Return: the process's number; @tid where there is no such thread.
 */
cgl_u64 cgl_process_of(struct cgl *c, cgl_u64 tid)
{
	struct text t = {};
	u64 v = tid;
	char *s;

	if (!root_read(c, &t, "/proc/%llu/status", tid)) {
		/* no name has a newline in it */
		s = strstr(t.s, "\nTgid:\t");
		if (s) {
			s += 7;
			s[strcspn(s, "\n")] = '\0';
			cgl_parse_number(s, &v);
		}
	}
	text_free(&t);
	return v;
}

static double event_time(const struct cgl_event *ev)
{
	return ev->f[CGL_EV_time] ? strtod(ev->f[CGL_EV_time], NULL) : 0;
}

/* Whether it is the process that is watched, or one of its threads. */
static bool is_ours(struct cgl_watch *w, const struct cgl_event *ev)
{
	u64 victim = cgl_event_num(ev, CGL_EV_victim);

	if (!cgl_is_number(victim) || event_time(ev) < w->born)
		return false;
	return victim == w->pid || cgl_process_of(w->c, victim) == w->pid;
}

static void keep(struct cgl_event *to, struct cgl_event *ev)
{
	cgl_event_free(to);
	*to = *ev;
	memset(ev, 0, sizeof(*ev));
}

/* Whether the kill's limiter was met by a charge of the task that caused it. */
static bool charged(const struct cgl_event *kill, const struct cgl_event *oom)
{
	const char *a = kill->f[CGL_EV_pid], *b = oom->f[CGL_EV_pid];
	const char *la = kill->f[CGL_EV_limiter_id], *lb = oom->f[CGL_EV_limiter_id];

	return a && b && !strcmp(a, b) && la && lb && !strcmp(la, lb);
}

static void queue_kill(struct cgl_watch *w, struct cgl_event *ev)
{
	const char *where = ev->f[CGL_EV_victim_memcg];
	struct cgl_event *all;

	w->others++;
	if (!w->own || !where || strcmp(where, w->own))
		return;
	all = grow(w->queue, w->nr_queue, &w->cap_queue, sizeof(*all));
	if (!all) {
		w->err = -ENOMEM;
		return;
	}
	w->queue = all;
	memset(&w->queue[w->nr_queue], 0, sizeof(*all));
	keep(&w->queue[w->nr_queue++], ev);
}

static void see_event(const struct cgl_line *line, void *arg)
{
	struct cgl_watch *w = arg;
	struct cgl_event ev;

	if (cgl_event_fill(&ev, line)) {
		w->err = -ENOMEM;
	} else if (cgl_event_is(&ev, "oom")) {
		keep(&w->oom, &ev);
	} else if (cgl_event_is(&ev, "oom_kill") && is_ours(w, &ev)) {
		w->by_charge = charged(&ev, &w->oom);
		keep(&w->kill, &ev);
	} else if (cgl_event_is(&ev, "oom_kill") && event_time(&ev) >= w->began) {
		queue_kill(w, &ev);
	}
	cgl_event_free(&ev);
}

/* Read the events since the last time. */
static void drain(struct cgl_watch *w)
{
	ssize_t n;

	while (w->events >= 0) {
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

static int open_stream(struct cgl_watch *w)
{
	w->events = cgl_is_saved(w->c) ? -1 : cgl_open_events(w->c, O_NONBLOCK);
	if (w->events < 0)
		return 0;
	w->parser = cgl_parser_new(see_event, w);
	w->buf = malloc(CGL_EVENT_MAX);
	if (!w->parser || !w->buf)
		return -ENOMEM;
	/* what is kept from before can be a kill of it already; no gap is one of the watch's */
	drain(w);
	w->overtaken = false;
	return w->err;
}

/**
 * cgl_watch_new() - begin to watch for the end of a process
 * @c: from cgl_new()
 * @pid: the process; not one of its threads, see cgl_process_of()
 *
 * Return: a watch for cgl_watch_free(), NULL without memory.
 */
struct cgl_watch *cgl_watch_new(struct cgl *c, cgl_u64 pid)
{
	struct cgl_watch *w = calloc(1, sizeof(*w));
	char stat[1024];

	if (!w)
		return NULL;
	w->c = c;
	w->pid = pid;
	w->events = -1;
	w->began = now_monotonic();
	w->vm_kills = cgl_is_saved(c) ? ABSENT : read_vm_kills(c);
	w->was_dying = procfs_is_dying(c, pid);
	w->stat = root_open(c, O_RDONLY, "/proc/%llu/stat", pid);
	if (w->stat >= 0 && pread_fd(w->stat, stat, sizeof(stat)) > 0)
		w->born = read_born(stat);
	if (open_stream(w)) {
		cgl_watch_free(w);
		return NULL;
	}
	return w;
}

/* Whether the memory counter, or that of memory and swap, is at its limit, or was. */
static void read_full(const struct cgl_memcg *m, struct evidence *ev)
{
	const u64 batch = 64 * 4096;
	int kind;

	ev->full = 0;
	ev->at_limit = false;
	for (kind = CGL_CK_memory; kind <= CGL_CK_memsw; kind++) {
		const u64 *c = m->counter[kind];

		if (kind == CGL_CK_swap || !cgl_is_number(c[CGL_CF_max]))
			continue;
		if (cgl_or_0(c[CGL_CF_peak]) + batch >= c[CGL_CF_max])
			ev->full = c[CGL_CF_peak];
		ev->at_limit |= cgl_or_0(c[CGL_CF_usage]) + batch >= c[CGL_CF_max];
	}
}

static void read_evidence(struct cgdir *d, struct evidence *ev)
{
	struct cgl_memcg *m;
	struct cgl_report r;

	cgl_report_init(&r);
	m = report_new_memcg(&r);
	if (!m || d->dir < 0 || cgdir_read(d, m, CGL_WANT_BASIC | CGL_WANT_ALL)) {
		*ev = (struct evidence){ ABSENT, ABSENT, ABSENT, ABSENT, 0, false };
	} else {
		ev->kills = m->event[CGL_ME_oom_kill];
		ev->ooms = m->event[CGL_ME_oom];
		ev->fails = cgl_failures(m);
		ev->memsw_fails = m->counter[CGL_CK_memsw][CGL_CF_failcnt];
		read_full(m, ev);
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
	while (p && w->nr < CGL_MAX_LEVELS) {
		cgdir_open(w->c, &w->dir[w->nr++], p, true);
		slash = strrchr(p, '/');
		if (!slash || !p[1])
			break;
		slash[slash == p] = '\0';
	}
	free(p);
	for (i = 0; i < w->nr; i++)
		read_evidence(&w->dir[i], &w->before[i]);
	memcpy(w->earlier, w->before, sizeof(w->earlier));
}

struct procs {
	struct cgl_watch *w;
	u64 pid[MAX_PROCS];
	unsigned int nr;
};

static int note_proc(cgl_u64 pid, void *arg)
{
	struct procs *p = arg;

	if (pid == p->w->pid)
		return 0;
	if (p->nr == MAX_PROCS)
		return -E2BIG;
	p->pid[p->nr++] = pid;
	return 0;
}

/* Who is in the cgroup besides the process; false where that is not known. */
static bool read_procs(struct cgl_watch *w, struct procs *p)
{
	p->w = w;
	p->nr = 0;
	return !cgl_is_saved(w->c) && !cgl_procs(w->c, w->own, note_proc, p);
}

/* How many of the others are gone since the last tick; all, where it is not known. */
static u64 others_gone(struct cgl_watch *w)
{
	struct procs now;
	unsigned int i, k;
	u64 gone = 0;

	if (!w->procs_known || !w->own || !read_procs(w, &now))
		return CGL_ABSENT;
	for (i = 0; i < w->nr_procs; i++) {
		for (k = 0; k < now.nr && now.pid[k] != w->procs[i]; k++)
			;
		gone += k == now.nr;
	}
	return gone;
}

static void note_procs(struct cgl_watch *w)
{
	struct procs p;

	w->procs_known = read_procs(w, &p);
	w->nr_procs = p.nr;
	memcpy(w->procs, p.pid, p.nr * sizeof(*p.pid));
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
	u64 kills;

	/* on v1 an exiting task is shown in the root */
	if (path && (!w->own || (strcmp(w->own, path) && !procfs_is_dying(w->c, w->pid)))) {
		free(w->own);
		w->own = strdup(path);
		if (!w->own)
			w->err = -ENOMEM;
		close_dirs(w);
	}
	drain(w);
	if (w->events >= 0 || !w->own || cgl_find(w->c))
		return;
	if (!w->nr) {
		follow(w, w->own);
		note_procs(w);
		return;
	}
	for (i = 0; i < w->nr; i++)
		read_evidence(&w->dir[i], &now[i]);
	kills = cgl_or_0(cgl_delta(now[0].kills, w->before[0].kills));
	/* a kill of another process is old news, one of ours is evidence */
	if (kills && procfs_is_dying(w->c, w->pid))
		return;
	w->kills += kills;
	memcpy(w->earlier, w->before, sizeof(now));
	memcpy(w->before, now, sizeof(now));
	note_procs(w);
}

/**
 * cgl_watch_next_kill() - OOM kills of other processes in the same memory cgroup
 * @w: the watch
 *
 * Return: the next one since the watch began that was not yet returned, valid
 * until the next call with @w; NULL: no more are known.
 */
const struct cgl_event *cgl_watch_next_kill(struct cgl_watch *w)
{
	if (w->next == w->nr_queue) {
		w->next = 0;
		w->nr_queue = 0;
		return NULL;
	}
	keep(&w->told, &w->queue[w->next++]);
	return &w->told;
}

/**
 * cgl_watch_kills() - how many others were killed, where there are no events
 * @w: the watch
 *
 * Return: the kills that the memory cgroup counted since the last call, but for
 * the one of the process itself.
 */
cgl_u64 cgl_watch_kills(struct cgl_watch *w)
{
	u64 kills = w->kills;

	w->kills = 0;
	return kills;
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

static int tell_from_event(const struct cgl_event *ev, bool by_charge, struct cgl_ending *e)
{
	const char *counter = ev->f[CGL_EV_counter];

	e->how = CGL_ENDED_KILLED;
	e->cause = cgl_kill_cause(ev);
	if (counter)
		e->counter = !strcmp(counter, "memsw") ? "memsw" : "memory";
	e->by_pid = cgl_event_num(ev, CGL_EV_pid);
	e->by_charge = by_charge;
	e->limiter_id = cgl_event_num(ev, CGL_EV_limiter_id);
	if (copy(&e->limiter, ev->f[CGL_EV_limiter]))
		return -ENOMEM;
	return copy(&e->by_comm, ev->f[CGL_EV_comm]);
}

/*
 * The level that ran out of memory since @before, or -1. On v2 it counts that itself;
 * on v1 there are the refusals since then, and where a kernel does not count these,
 * that it was at its limit then, or came there.
 */
static int find_limiter(const struct cgl_watch *w, const struct evidence *before,
			const struct evidence *now)
{
	int limiter = -1;
	unsigned int i;
	u64 best = 0;

	for (i = 0; i < w->nr; i++) {
		u64 fails = cgl_or_0(cgl_delta(now[i].fails, before[i].fails));
		u64 ooms = cgl_or_0(cgl_delta(now[i].ooms, before[i].ooms));

		if (!w->c->v2)
			ooms = fails ? fails : now[i].full > before[i].full ||
					       before[i].at_limit;
		if (ooms > best) {
			limiter = i;
			best = ooms;
		}
	}
	return limiter;
}

/*
 * The kernel counts that memory ran out before it looks for whom to kill: a reading
 * can fall in between. Then what tells is the interval before.
 */
static int tell_limiter(struct cgl_watch *w, struct cgl_ending *e, const struct evidence *now)
{
	const struct evidence *before = w->before;
	int limiter = find_limiter(w, before, now);

	if (limiter < 0) {
		before = w->earlier;
		limiter = find_limiter(w, before, now);
	}
	e->cause = CGL_CAUSE_UNKNOWN;
	if (limiter < 0)
		return 0;
	e->cause = CGL_CAUSE_LIMIT;
	if (cgl_is_number(now[limiter].memsw_fails)) {
		u64 fails = cgl_or_0(cgl_delta(now[limiter].fails, before[limiter].fails));

		e->counter = cgl_delta(now[limiter].memsw_fails,
				       before[limiter].memsw_fails) * 2 > fails ?
			     "memsw" : "memory";
	}
	return copy(&e->limiter, w->dir[limiter].path);
}

/* From the cgroup files: the kill was counted where the process was. */
static int tell_from_files(struct cgl_watch *w, struct cgl_ending *e)
{
	struct evidence now[CGL_MAX_LEVELS];
	unsigned int i;
	u64 kills;

	for (i = 0; i < w->nr; i++)
		read_evidence(&w->dir[i], &now[i]);
	kills = w->nr ? cgl_delta(now[0].kills, w->before[0].kills) : ABSENT;
	if (!cgl_is_number(kills)) {
		e->doubt = "its memory cgroup cannot be read any more";
		return 0;
	}
	if (!kills) {
		e->doubt = "others were killed for memory meanwhile, but none in its memory cgroup";
		return 0;
	}
	/* by whatever else it died, there are more kills than others that are gone */
	if (e->status < 0 && kills <= others_gone(w)) {
		e->doubt = "a process of its memory cgroup was killed for memory meanwhile";
		return 0;
	}
	e->how = CGL_ENDED_KILLED;
	return tell_limiter(w, e, now);
}

/* Whether nobody at all was killed for memory since the watch began. */
static bool nobody_killed(const struct cgl_watch *w)
{
	u64 vm_kills = cgl_is_number(w->vm_kills) ? read_vm_kills(w->c) : ABSENT;

	if (w->was_dying)
		return false;
	if (cgl_is_number(vm_kills))
		return vm_kills == w->vm_kills;
	return w->events >= 0 && !w->overtaken && !w->others;
}

/**
 * cgl_watch_end() - say how the process ended
 * @w: the watch
 * @e: filled; free with cgl_ending_free(), after a failure as well
 *
 * Everything that decides it is put together here.
 *
 * Return: 0 or -ENOMEM.
 */
int cgl_watch_end(struct cgl_watch *w, struct cgl_ending *e)
{
	int ret = 0;

	memset(e, 0, sizeof(*e));
	e->by_pid = ABSENT;
	e->limiter_id = ABSENT;
	e->status = exit_status(w);
	drain(w);
	if (e->status >= 0 && (e->status & 0x7f) != SIGKILL)
		e->how = CGL_ENDED_EXITED;
	else if (cgl_event_is(&w->kill, "oom_kill"))
		ret = tell_from_event(&w->kill, w->by_charge, e);
	else if (nobody_killed(w))
		e->how = CGL_ENDED_EXITED;
	else if (w->was_dying)
		e->doubt = "it was ending already when the watch began";
	else if (w->events >= 0 && w->overtaken)
		e->doubt = "events were overwritten before they could be read";
	else if (w->events >= 0)
		e->doubt = "other processes were killed for memory meanwhile";
	else
		ret = tell_from_files(w, e);
	if (!ret)
		ret = w->err;
	return ret ? cgl_fail(w->c, ret, "out of memory") : 0;
}

void cgl_watch_free(struct cgl_watch *w)
{
	size_t i;

	if (!w)
		return;
	close_dirs(w);
	cgl_event_free(&w->kill);
	cgl_event_free(&w->oom);
	cgl_event_free(&w->told);
	for (i = w->next; i < w->nr_queue; i++)
		cgl_event_free(&w->queue[i]);
	free(w->queue);
	free(w->own);
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

struct search {
	u64 pid;
	struct cgl_event *kill;
	int err;
};

static void see_kill(const struct cgl_line *line, void *arg)
{
	const char *type = cgl_get(line, "type");
	struct search *s = arg;

	if (!type || strcmp(type, "oom_kill") || cgl_get_amount(line, "victim") != s->pid)
		return;
	cgl_event_free(s->kill);
	if (cgl_event_fill(s->kill, line))
		s->err = -ENOMEM;
}

/**
 * cgl_find_kill() - the kept OOM kill of a process that is gone
 * @c: from cgl_new()
 * @pid: the process
 * @kill: filled with the last one; free with cgl_event_free(), after a failure as well
 *
 * Return: 0; -ENOENT where none is kept; another negative errno where events
 * cannot be read.
 */
int cgl_find_kill(struct cgl *c, cgl_u64 pid, struct cgl_event *kill)
{
	struct search s = { .pid = pid, .kill = kill };
	struct cgl_parser *p;
	int fd, ret;

	memset(kill, 0, sizeof(*kill));
	fd = cgl_open_events(c, O_NONBLOCK);
	if (fd < 0)
		return fd;
	p = cgl_parser_new(see_kill, &s);
	ret = p ? 0 : -ENOMEM;
	while (!ret) {
		ret = cgl_parser_read(p, fd);
		/* the stream's end; an overtaken reader goes on at the oldest */
		if (ret != -EPIPE)
			break;
		ret = 0;
	}
	cgl_parser_free(p);
	close(fd);
	if (ret && ret != -EAGAIN)
		return cgl_fail(c, ret, "/proc/cg_list/events: %s", strerror(-ret));
	if (s.err)
		return cgl_fail(c, s.err, "out of memory");
	if (!cgl_event_is(kill, "oom_kill"))
		return cgl_fail(c, -ENOENT, "no OOM kill of process %llu is kept", pid);
	return 0;
}
