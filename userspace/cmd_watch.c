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
#include "ending.h"
#include "root.h"

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
	[C_HIGH] = { "HIGH", 7, COL_OFF, "memory.high of its memory cgroup", COL_SIZE },
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
	struct task_reader reader;
	struct ending_watch ending;
	struct report now;
	struct table *table;
	double start;
	u64 fails[MAX_LEVELS + 1];	/* a level, at the last line */
	char *own;			/* the memory cgroup that they belong to */
	u64 fail_total;
	u64 charge[NR_CH];
	u64 lines;
	char *comm;
};

/* The refusals since the last line, over all levels. */
static u64 count_fails(struct watch *w)
{
	struct report *r = &w->now;
	bool moved = !w->own || strcmp(w->own, memcg_name(&r->memcgs[0]));
	bool known = false;
	u64 sum = 0;
	size_t i;

	for (i = 0; i < r->nr_memcgs && i < ARRAY_SIZE(w->fails); i++) {
		u64 v = memcg_failures(&r->memcgs[i]);

		known |= is_number(v);
		if (!moved)
			sum += number_or_0(delta(v, w->fails[i]));
		w->fails[i] = v;
	}
	if (moved) {
		free(w->own);
		w->own = xstrdup(memcg_name(&r->memcgs[0]));
	}
	w->fail_total += sum;
	return known ? sum : ABSENT;
}

static void add_charge(struct watch *w, struct row *row)
{
	static const struct {
		unsigned int col;
		enum charge_counter ch;
	} map[] = {
		{ C_RECLAIM, CH_reclaim }, { C_NOMEM, CH_nomem }, { C_FORCE, CH_force },
		{ C_OOM, CH_oom }, { C_KILLED, CH_killed },
	};
	struct memcg *own = &w->now.memcgs[0];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(map); i++) {
		u64 v = own->charge[map[i].ch];

		if (!own->has_charge)
			row_num(row, map[i].col, ABSENT);
		else
			row_num(row, map[i].col,
				w->lines ? delta(v, w->charge[map[i].ch]) : 0);
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

static void add_pair(struct watch *w, struct row *row, enum counter_kind kind,
		     unsigned int usage, unsigned int limit)
{
	struct report *r = &w->now;
	struct memcg *tight = tightest(r->memcgs, r->nr_memcgs, kind);

	row_num(row, usage, r->memcgs[0].counter[kind][CF_USAGE]);
	row_num(row, limit, tight ? tight->counter[kind][CF_MAX] :
		r->memcgs[0].counter[kind][CF_MAX]);
}

static void print_line(struct watch *w)
{
	struct report *r = &w->now;
	struct memcg *own = &r->memcgs[0];
	struct memcg *tight = tightest(r->memcgs, r->nr_memcgs, CK_MEMORY);
	struct row *row = table_row(w->table, NULL);

	row_real(row, C_TIME, now_monotonic() - w->start, 3);
	add_clock(row);
	row_num(row, C_PID, w->reader.pid);
	row_text(row, C_COMM, r->task.comm);
	row_text(row, C_STATE, r->task.state);
	row_text(row, C_CGROUP, memcg_name(own));
	add_pair(w, row, CK_MEMORY, C_USAGE, C_LIMIT);
	row_num(row, C_LEFT, tight ? memcg_left(tight, CK_MEMORY) : ABSENT);
	row_text(row, C_WHOSE, tight ? memcg_name(tight) : NULL);
	add_pair(w, row, CK_SWAP, C_SWAP, C_SWAPLIMIT);
	add_pair(w, row, CK_MEMSW, C_MEMSW, C_MEMSWLIMIT);
	row_num(row, C_FAIL, count_fails(w));
	row_num(row, C_FAILTOTAL, w->fail_total);
	row_num(row, C_PEAK, own->counter[CK_MEMORY][CF_PEAK]);
	row_num(row, C_HIGH, own->counter[CK_MEMORY][CF_HIGH]);
	add_charge(w, row);
	table_flush_row(w->table);
	w->lines++;
}

/* The same columns by default on v1 and v2, but for those that one has not. */
static const char *default_columns(const struct report *r)
{
	bool memsw = r->nr_memcgs && r->memcgs[0].counter[CK_MEMSW][CF_USAGE] != ABSENT;
	bool swap = r->nr_memcgs && r->memcgs[0].counter[CK_SWAP][CF_USAGE] != ABSENT;

	if (memsw)
		return "TIME,USAGE,LIMIT,LEFT,MEMSW,MEMSWLIM,FAIL,WHOSE";
	if (swap)
		return "TIME,USAGE,LIMIT,LEFT,SWAP,FAIL,WHOSE";
	return "TIME,USAGE,LIMIT,LEFT,FAIL,WHOSE";
}

static void choose_columns(const struct report *r)
{
	const char *list = table_options.columns;

	if (!list && !table_options.json)
		table_options.columns = default_columns(r);
	else if (list && *list == '+')
		table_options.columns = xasprintf("%s,%s", default_columns(r), list + 1);
}

static void print_end_json(struct watch *w, const struct ending *e, double after)
{
	static const char *const how[] = { "unknown", "exited", "killed" };
	struct str b = {};
	char *safe;

	str_addf(&b, "{\"end\":\"%s\",\"time\":%.3f,\"pid\":%llu,\"limiter\":", how[e->how],
		 after, w->reader.pid);
	if (e->limiter) {
		safe = text_safe(e->limiter);
		text_json(&b, safe);
		free(safe);
	} else {
		str_puts(&b, "null");
	}
	str_puts(&b, ",\"counter\":");
	str_addf(&b, e->counter ? "\"%s\"" : "null", e->counter);
	str_addf(&b, ",\"global\":%s,\"status\":", e->global ? "true" : "false");
	if (e->status >= 0)
		str_addf(&b, "%d}", e->status);
	else
		str_puts(&b, "null}");
	puts(b.s);
	str_free(&b);
}

static void print_killed(const struct ending *e, const char *who, double after)
{
	char *safe = e->limiter ? text_safe(e->limiter) : NULL;

	printf("killed for memory after %.3f s: process %s, ", after, who);
	if (e->global)
		printf("by no cgroup's limit: the machine was out of memory");
	else if (!safe)
		printf("by the limit of a cgroup that is gone or not named");
	else
		printf("by the %s%slimit of %s", e->counter ? e->counter : "",
		       e->counter ? " " : "", safe);
	if (e->by)
		printf(", charging: %s", e->by);
	printf("\n");
	free(safe);
}

/*
 * The last line. A kill is what the watch is there to tell; any other end
 * means that it could not go on, which is status 1.
 */
static int print_end(struct watch *w)
{
	double after = now_monotonic() - w->start;
	struct ending e;
	char *who, *comm = w->comm ? text_safe(w->comm) : NULL;
	int ret = EXIT_FAIL;

	ending_tell(&w->ending, &e);
	who = comm ? xasprintf("%llu (%s)", w->reader.pid, comm) :
		     xasprintf("%llu", w->reader.pid);
	if (table_options.json)
		print_end_json(w, &e, after);
	if (e.how == ENDED_KILLED) {
		if (!table_options.json)
			print_killed(&e, who, after);
		ret = EXIT_OK;
	} else if (e.how == ENDED_UNKNOWN) {
		warn("process %s ended after %.3f s; what ended it cannot be told any more",
		     who, after);
	} else if (e.status < 0) {
		warn("process %s ended after %.3f s, not killed for memory", who, after);
	} else if (WIFSIGNALED(e.status)) {
		warn("process %s ended after %.3f s, not killed for memory, by signal %d", who,
		     after, WTERMSIG(e.status));
	} else {
		warn("process %s ended after %.3f s, not killed for memory, exit status %d",
		     who, after, WEXITSTATUS(e.status));
	}
	free(who);
	free(comm);
	ending_free(&e);
	return ret;
}

static int run(const struct args *args)
{
	double interval = args->interval ? args->interval : 1;
	u64 count = args->count;
	struct watch w = {};
	double next;
	int pidfd, ret;

	report_init(&w.now);
	pidfd = root_is_saved() ? -1 : syscall(SYS_pidfd_open, (pid_t)args->pid, 0);
	if (root_is_saved() && count == ABSENT)
		count = 1;
	ret = task_reader_open(&w.reader, args->pid, CGFS_BASIC);
	if (ret)
		die_no_task(args->pid, ret);
	ending_open(&w.ending, args->pid);
	w.start = now_monotonic();
	next = w.start;
	for (;;) {
		ret = task_reader_read(&w.reader, &w.now);
		/* a zombie still has a report, but no memory any more */
		if (w.lines && ending_wait(pidfd, 0, NULL, NULL))
			ret = -ESRCH;
		if (ret == -ESRCH || (ret && w.lines)) {
			if (!w.lines)
				die_no_task(args->pid, -ESRCH);
			ret = print_end(&w);
			break;
		}
		if (ret)
			die_no_task(args->pid, ret);
		if (!w.now.nr_memcgs)
			die("process %llu is outside every memory cgroup that can be seen here",
			    args->pid);
		if (w.now.task.comm) {
			free(w.comm);
			w.comm = xstrdup(w.now.task.comm);
		}
		if (!w.table) {
			note_missing(&w.now, "the charge path's counters and events");
			choose_columns(&w.now);
			w.table = table_stream(cols, ARRAY_SIZE(cols));
		}
		ending_tick(&w.ending, w.now.memcgs[0].path);
		print_line(&w);
		if (w.lines == count) {
			ret = EXIT_OK;
			break;
		}
		/* late is late: no burst of lines to catch up */
		next += interval;
		if (next < now_monotonic())
			next = now_monotonic();
		if (ending_wait(pidfd, next, NULL, NULL)) {
			ret = print_end(&w);
			break;
		}
	}
	ending_close(&w.ending);
	task_reader_close(&w.reader);
	report_free(&w.now);
	table_free(w.table);
	free(w.own);
	free(w.comm);
	if (pidfd >= 0)
		close(pidfd);
	return ret;
}

const struct cmd cmd_watch = {
	.name = "",
	.synopsis = "-p PID [-i SEC] [-c COUNT]",
	.help = "watch a process: one line an interval, and what ended it",
	.opts = "pic",
	.run = run,
	.cols = cols,
	.nr_cols = &nr_cols,
};
