// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memcgstat -p PID: a line an interval, and how it ended
 *
 * The task's own use of memory beside the limit that will be met first, be it
 * its own or an ancestor's. A pidfd tells of the end at once, so that the last
 * line does not wait for the next interval.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "json.h"

enum {
	C_TIME, C_CLOCK, C_PID, C_COMM, C_STATE, C_CGROUP, C_USAGE, C_LIMIT, C_LEFT, C_WHOSE,
	C_SWAP, C_SWAPLIMIT, C_MEMSW, C_MEMSWLIMIT, C_FAIL, C_FAILTOTAL, C_PEAK, C_HIGH,
	C_RECLAIM, C_NOMEM, C_FORCE, C_OOM, C_KILLED,
};

static const struct col cols[] = {
	[C_TIME] = { "TIME", 9, 0, "seconds since the watch began", COL_REAL },
	[C_CLOCK] = { "CLOCK", 12, COL_OFF, "local time of day", COL_TEXT },
	[C_PID] = { "PID", 7, COL_OFF, "the process", COL_COUNT },
	[C_COMM] = { "COMM", 15, COL_OFF, "its name (with cg_list)", COL_TEXT },
	[C_STATE] = { "STATE", 5, COL_OFF, "its state (with cg_list)", COL_TEXT },
	[C_CGROUP] = { "CGROUP", 20, COL_OFF, "its memory cgroup", COL_TEXT },
	[C_USAGE] = { "USAGE", 7, 0, "memory used by its memory cgroup", COL_SIZE },
	[C_LIMIT] = { "LIMIT", 7, 0, "the limit that will be met first", COL_SIZE },
	[C_LEFT] = { "LEFT", 7, 0, "what is left below that limit", COL_SIZE },
	[C_SWAP] = { "SWAP", 7, 0, "swap used (cgroup v2)", COL_SIZE },
	[C_SWAPLIMIT] = { "SWAPLIMIT", 9, COL_OFF, "the tightest swap limit (cgroup v2)",
			  COL_SIZE },
	[C_MEMSW] = { "MEMSW", 7, 0, "memory and swap used (cgroup v1)", COL_SIZE },
	[C_MEMSWLIMIT] = { "MEMSWLIM", 8, 0, "the tightest limit on both (cgroup v1)",
			   COL_SIZE },
	[C_FAIL] = { "FAIL", 6, 0, "times that a limit was met in this interval, on any level",
		     COL_COUNT },
	[C_FAILTOTAL] = { "FAILTOTAL", 9, COL_OFF, "the same since the watch began", COL_COUNT },
	[C_PEAK] = { "PEAK", 7, COL_OFF, "most memory ever used by its memory cgroup", COL_SIZE },
	[C_HIGH] = { "HIGH", 7, COL_OFF, "the tightest memory.high: above it tasks are slowed down",
		     COL_SIZE },
	[C_RECLAIM] = { "RECLAIM", 7, COL_OFF, "reclaim runs in this interval (with cg_list)",
			COL_COUNT },
	[C_NOMEM] = { "NOMEM", 6, COL_OFF, "charges that failed in this interval (with cg_list)",
		      COL_COUNT },
	[C_FORCE] = { "FORCE", 6, COL_OFF, "charges forced over the limit (with cg_list)",
		      COL_COUNT },
	[C_OOM] = { "OOM", 5, COL_OFF, "times that a charge ran out of memory (with cg_list)",
		    COL_COUNT },
	[C_KILLED] = { "KILLED", 6, COL_OFF, "OOM kills in this interval (with cg_list)",
		       COL_COUNT },
	[C_WHOSE] = { "WHOSE", 24, 0, "whose limit that is", COL_TEXT },
};

static const unsigned int nr_cols = ARRAY_SIZE(cols);

struct watch {
	u64 pid;
	struct cgl_reader *reader;
	struct cgl_watch *ending;
	struct cgl_report now, last;	/* and the one before */
	struct table *table;
	double start;
	u64 fails[CGL_MAX_LEVELS + 1];	/* a level, at the last line */
	char *own;			/* the memory cgroup that they belong to */
	u64 fail_total;
	u64 charge[CGL_NR_CH];
	u64 lines;
	char *comm;
	bool slow;		/* it was said that the process is slowed down, or waits */
};

/* The refusals since the last line, over all levels. */
static u64 count_fails(struct watch *w)
{
	struct cgl_report *r = &w->now;
	bool moved = !w->own || strcmp(w->own, memcg_name(&r->memcgs[0]));
	bool known = false;
	u64 sum = 0;
	size_t i;

	for (i = 0; i < r->nr_memcgs && i < ARRAY_SIZE(w->fails); i++) {
		u64 v = cgl_failures(&r->memcgs[i]);

		known |= cgl_is_number(v);
		if (!moved)
			sum += cgl_or_0(cgl_delta(v, w->fails[i]));
		w->fails[i] = v;
	}
	if (moved) {
		free(w->own);
		w->own = xstrdup(memcg_name(&r->memcgs[0]));
	}
	w->fail_total += sum;
	return known ? sum : CGL_ABSENT;
}

static void add_charge(struct watch *w, struct row *row)
{
	static const struct {
		unsigned int col;
		enum cgl_charge ch;
	} map[] = {
		{ C_RECLAIM, CGL_CH_reclaim }, { C_NOMEM, CGL_CH_nomem }, { C_FORCE, CGL_CH_force },
		{ C_OOM, CGL_CH_oom }, { C_KILLED, CGL_CH_killed },
	};
	struct cgl_memcg *own = &w->now.memcgs[0];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(map); i++) {
		u64 v = own->charge[map[i].ch];

		if (!own->has_charge)
			row_num(row, map[i].col, CGL_ABSENT);
		else
			row_num(row, map[i].col,
				w->lines ? cgl_delta(v, w->charge[map[i].ch]) : 0);
	}
	memcpy(w->charge, own->charge, sizeof(w->charge));
}

static void add_clock(struct row *row)
{
	struct timespec ts;
	struct tm tm;
	char buf[32];

	clock_gettime(CLOCK_REALTIME, &ts);
	localtime_r(&ts.tv_sec, &tm);
	snprintf(buf, sizeof(buf), "%02d:%02d:%02d.%03ld", tm.tm_hour, tm.tm_min, tm.tm_sec,
		 ts.tv_nsec / 1000000);
	row_text(row, C_CLOCK, buf);
}

static void add_pair(struct watch *w, struct row *row, enum cgl_counter counter,
		     enum cgl_limit_kind kind, unsigned int usage, unsigned int limit)
{
	struct cgl_report *r = &w->now;
	struct cgl_limit l;

	cgl_limit_next(r, &r->memcgs[0], kind, &l);
	row_num(row, usage, r->memcgs[0].counter[counter][CGL_CF_usage]);
	row_num(row, limit, l.limit);
}

static void add_limiter(struct watch *w, struct row *row)
{
	struct cgl_limit l;
	const char *word;
	char *whose = NULL;

	cgl_limit_next(&w->now, &w->now.memcgs[0], CGL_LIMIT_HIGH, &l);
	row_num(row, C_HIGH, l.limit);
	cgl_limit_next(&w->now, &w->now.memcgs[0], CGL_LIMIT_HARD, &l);
	row_num(row, C_LEFT, l.memcg ? l.left : CGL_ABSENT);
	word = limit_word(l.kind);
	if (l.memcg)
		whose = xasprintf("%s%s%s%s", memcg_name(l.memcg), *word ? " (" : "", word,
				  *word ? ")" : "");
	row_text(row, C_WHOSE, whose);
	free(whose);
}

static void print_line(struct watch *w)
{
	struct cgl_report *r = &w->now;
	struct cgl_memcg *own = &r->memcgs[0];
	struct row *row = table_row(w->table, NULL);

	row_real(row, C_TIME, now_monotonic() - w->start, 3);
	add_clock(row);
	row_num(row, C_PID, w->pid);
	row_text(row, C_COMM, r->task.comm);
	row_text(row, C_STATE, r->task.state);
	row_text(row, C_CGROUP, memcg_name(own));
	add_pair(w, row, CGL_CK_memory, CGL_LIMIT_HARD, C_USAGE, C_LIMIT);
	add_limiter(w, row);
	add_pair(w, row, CGL_CK_swap, CGL_LIMIT_SWAP, C_SWAP, C_SWAPLIMIT);
	add_pair(w, row, CGL_CK_memsw, CGL_LIMIT_MEMSW, C_MEMSW, C_MEMSWLIMIT);
	row_num(row, C_FAIL, count_fails(w));
	row_num(row, C_FAILTOTAL, w->fail_total);
	row_num(row, C_PEAK, own->counter[CGL_CK_memory][CGL_CF_peak]);
	add_charge(w, row);
	table_flush_row(w->table);
	w->lines++;
}

/* The usual columns, but those that this kernel, or these cgroups, have nothing for. */
static char *default_columns(const struct cgl_report *r)
{
	const struct cgl_memcg *own = &r->memcgs[0];
	struct cgl_limit high;

	return xasprintf("TIME,USAGE,LIMIT,LEFT%s%s,FAIL,WHOSE",
			 cgl_limit_next(r, own, CGL_LIMIT_HIGH, &high) ? ",HIGH" : "",
			 own->counter[CGL_CK_memsw][CGL_CF_usage] != CGL_ABSENT ?
			 ",MEMSW,MEMSWLIM" :
			 own->counter[CGL_CK_swap][CGL_CF_usage] != CGL_ABSENT ? ",SWAP" : "");
}

static void choose_columns(const struct cgl_report *r)
{
	const char *list = table_options.columns;
	char *usual = default_columns(r);

	if (!list && !table_options.json) {
		table_options.columns = usual;
		return;
	}
	if (list && *list == '+')
		table_options.columns = xasprintf("%s,%s", usual, list + 1);
	free(usual);
}

static void print_end_json(struct watch *w, const struct cgl_ending *e, double after)
{
	static const char *const how[] = { "unknown", "exited", "killed" };
	static const char *const causes[] = {
		"unknown", "limit", "hidden", "machine", "cpuset", "memory_policy", "sysrq",
	};
	char *safe = e->limiter ? text_safe(e->limiter) : NULL, num[32];
	struct json j = {};

	json_open(&j, NULL, '{');
	json_string(&j, "end", how[e->how]);
	snprintf(num, sizeof(num), "%.3f", after);
	json_plain(&j, "time", num);
	snprintf(num, sizeof(num), "%llu", w->pid);
	json_plain(&j, "pid", num);
	json_string(&j, "limiter", safe);
	json_string(&j, "counter", e->counter);
	json_string(&j, "cause", e->how == CGL_ENDED_KILLED ? causes[e->cause] : NULL);
	json_plain(&j, "global", e->cause >= CGL_CAUSE_MACHINE ? "true" : "false");
	snprintf(num, sizeof(num), "%d", e->status);
	json_plain(&j, "status", e->status >= 0 ? num : NULL);
	json_close(&j, '}');
	json_print(&j);
	str_free(&j.text);
	free(safe);
}

/* One line of the stream that is no row: what has changed. */
static void print_note(struct watch *w, const char *text)
{
	struct json j = {};
	char num[32];

	if (!table_options.json) {
		puts(text);
		return;
	}
	json_open(&j, NULL, '{');
	snprintf(num, sizeof(num), "%.3f", now_monotonic() - w->start);
	json_plain(&j, "time", num);
	json_string(&j, "note", text);
	json_close(&j, '}');
	json_print(&j);
	str_free(&j.text);
}

/* Other processes of its memory cgroup that were killed for memory. */
static void print_kills(struct watch *w)
{
	const struct cgl_event *ev;
	struct str b = {};
	char *comm;
	u64 kills;

	while ((ev = cgl_watch_next_kill(w->ending))) {
		comm = text_safe(ev->f[CGL_EV_victim_comm] ? ev->f[CGL_EV_victim_comm] : "?");
		str_reset(&b);
		str_addf(&b, "another process of its cgroup was killed for memory: %s (%s), ",
			 ev->f[CGL_EV_victim], comm);
		add_kill_cause(&b, ev);
		print_note(w, b.s);
		free(comm);
	}
	kills = cgl_watch_kills(w->ending);
	if (kills) {
		str_reset(&b);
		if (kills == 1)
			str_puts(&b, "another process of its cgroup was killed for memory");
		else
			str_addf(&b, "%llu others of its cgroup were killed for memory", kills);
		print_note(w, b.s);
	}
	str_free(&b);
}

/* Whether nothing more of a cgroup could be swapped out, by the last line. */
static bool swap_is_full(const struct watch *w, const char *path)
{
	const u64 batch = 64 * 4096;
	const struct cgl_report *r = w->now.nr_memcgs ? &w->now : &w->last;
	struct cgl_memcg *m = path ? cgl_find_path(r, path) : NULL;
	struct cgl_limit l;

	return m && cgl_limit_next(r, m, CGL_LIMIT_SWAP, &l) && l.limit && l.left < batch;
}

static void print_killed(const struct watch *w, const struct cgl_ending *e, const char *who,
			 double after)
{
	struct str b = {};
	char *by;

	add_cause(&b, e->cause, e->limiter, e->limiter_id, e->counter);
	if (e->cause == CGL_CAUSE_LIMIT && swap_is_full(w, e->limiter))
		str_puts(&b, ", whose swap is used up");
	printf("killed for memory after %.3f s: process %s, %s", after, who, b.s);
	str_free(&b);
	if (cgl_is_number(e->by_pid) && e->by_comm) {
		by = text_safe(e->by_comm);
		printf(", %s: %llu (%s)", e->by_charge ? "charging" : "caused by", e->by_pid, by);
		free(by);
	}
	printf("\n");
}

/* ", by signal 9", where the status is known; how an end is told that was no kill. */
static void add_status(struct str *b, int status)
{
	if (status < 0)
		return;
	if (WIFSIGNALED(status))
		str_addf(b, ", by signal %d", WTERMSIG(status));
	else
		str_addf(b, ", exit status %d", WEXITSTATUS(status));
}

/*
 * The last line. A kill is what the watch is there to tell; any other end
 * means that it could not go on, which is status 1.
 */
static int print_end(struct watch *w)
{
	double after = now_monotonic() - w->start;
	char *who, *comm = w->comm ? text_safe(w->comm) : NULL;
	struct cgl_ending e;
	struct str b = {};

	if (cgl_watch_end(w->ending, &e))
		die_error();
	print_kills(w);
	who = comm ? xasprintf("%llu (%s)", w->pid, comm) : xasprintf("%llu", w->pid);
	str_puts(&b, "");
	add_status(&b, e.status);
	if (table_options.json)
		print_end_json(w, &e, after);
	if (e.how == CGL_ENDED_KILLED && !table_options.json)
		print_killed(w, &e, who, after);
	else if (e.how == CGL_ENDED_EXITED)
		warn("process %s ended after %.3f s, not killed for memory%s", who, after, b.s);
	else if (e.how == CGL_ENDED_UNKNOWN)
		warn("process %s ended after %.3f s%s; whether for memory cannot be told%s%s", who,
		     after, b.s, e.doubt ? ": " : "", e.doubt ? e.doubt : "");
	free(who);
	free(comm);
	str_free(&b);
	cgl_ending_free(&e);
	return e.how == CGL_ENDED_KILLED ? EXIT_OK : EXIT_FAIL;
}

/* Why the process crawls or hangs, where its cgroups are the reason; "" if not. */
static void add_slowness(struct str *b, const struct cgl_report *r)
{
	static const enum cgl_limit_kind kinds[] = { CGL_LIMIT_HIGH, CGL_LIMIT_SWAP_HIGH };
	char size[HUMAN_LEN], *safe;
	struct cgl_limit l;
	unsigned int i;
	size_t k;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!cgl_limit_next(r, &r->memcgs[0], kinds[i], &l) || l.usage <= l.limit)
			continue;
		safe = text_safe(memcg_name(l.memcg));
		str_addf(b, "%s%s is above its memory.%shigh of %s: its tasks are slowed down",
			 b->len ? "; " : "", safe, i ? "swap." : "", human_size(l.limit, size));
		free(safe);
	}
	for (k = 0; k < r->nr_memcgs; k++) {
		if (!cgl_or_0(r->memcgs[k].m[CGL_MF_under_oom]))
			continue;
		safe = text_safe(memcg_name(&r->memcgs[k]));
		str_addf(b, "%s%s is out of memory, and its tasks wait%s", b->len ? "; " : "", safe,
			 cgl_or_0(r->memcgs[k].m[CGL_MF_oom_kill_disable]) ?
			 ": its OOM killer is disabled (memory.oom_control)" : "");
		free(safe);
	}
}

/* Said when it begins and when it ends. */
static void print_slowness(struct watch *w)
{
	struct str b = {};

	str_puts(&b, "");
	add_slowness(&b, &w->now);
	if (b.len && !w->slow)
		print_note(w, b.s);
	else if (!b.len && w->slow)
		print_note(w, "no longer slowed down, and nobody waits");
	w->slow = b.len;
	str_free(&b);
}

static int run(const struct args *args)
{
	double interval = args->interval ? args->interval : 1;
	u64 count = args->count;
	struct watch w = { .pid = process_of(args->pid) };
	double next;
	int pidfd, ret;

	cgl_report_init(&w.now);
	cgl_report_init(&w.last);
	pidfd = cgl_is_saved(files) ? -1 : syscall(SYS_pidfd_open, (pid_t)w.pid, 0);
	if (cgl_is_saved(files) && count == CGL_ABSENT)
		count = 1;
	ret = cgl_reader_new(files, &w.reader, w.pid, CGL_WANT_BASIC);
	if (ret)
		die_no_task(w.pid, ret);
	w.ending = cgl_watch_new(files, w.pid);
	if (!w.ending)
		die("out of memory");
	w.start = now_monotonic();
	next = w.start;
	for (;;) {
		cgl_report_free(&w.last);
		w.last = w.now;
		cgl_report_init(&w.now);
		ret = cgl_reader_read(w.reader, &w.now);
		/* a zombie still has a report, but no memory any more */
		if (w.lines && wait_until(pidfd, 0, NULL, NULL))
			ret = -ESRCH;
		if (ret == -ESRCH || (ret && w.lines)) {
			if (!w.lines)
				die_no_task(w.pid, -ESRCH);
			ret = print_end(&w);
			break;
		}
		if (ret)
			die_no_task(w.pid, ret);
		if (!w.now.nr_memcgs)
			die("process %llu is outside every memory cgroup that can be seen here",
			    w.pid);
		if (w.now.task.comm) {
			free(w.comm);
			w.comm = xstrdup(w.now.task.comm);
		}
		if (!w.table) {
			check_text(&w.now);
			note_missing(&w.now, "the charge path's counters and events");
			choose_columns(&w.now);
			w.table = table_stream(cols, ARRAY_SIZE(cols));
		}
		cgl_watch_tick(w.ending, w.now.memcgs[0].path);
		print_line(&w);
		print_kills(&w);
		print_slowness(&w);
		if (w.lines == count) {
			ret = EXIT_OK;
			break;
		}
		/* late is late: no burst of lines to catch up */
		next += interval;
		if (next < now_monotonic())
			next = now_monotonic();
		if (wait_until(pidfd, next, NULL, NULL)) {
			ret = print_end(&w);
			break;
		}
	}
	cgl_watch_free(w.ending);
	cgl_reader_free(w.reader);
	cgl_report_free(&w.now);
	cgl_report_free(&w.last);
	table_free(w.table);
	free(w.own);
	free(w.comm);
	if (pidfd >= 0)
		close(pidfd);
	return ret;
}

static const struct opt opts[] = {
	OPT_P("the process"),
	OPT_I("seconds between lines (1)"),
	OPT_C("stop after so many lines"),
};

const struct cmd cmd_watch = {
	.name = "",
	.synopsis = "-p PID [-i SEC] [-c COUNT]",
	.help = "watch a process: one line an interval, and what ended it",
	.opts = opts,
	.nr_opts = ARRAY_SIZE(opts),
	.run = run,
	.cols = cols,
	.nr_cols = &nr_cols,
};
