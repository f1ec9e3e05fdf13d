// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events of the charge path
 */
#include <stdlib.h>
#include <string.h>

#include "views.h"

/* Columns in the order of a line on the screen; JSON has all of them. */
static const enum event_field field[] = {
	EV_time, EV_type, EV_pid, EV_comm, EV_memcg, EV_limiter, EV_counter, EV_outcome, EV_why,
	EV_victim, EV_victim_comm, EV_victim_memcg, EV_seq, EV_cpu, EV_tgid, EV_memcg_id,
	EV_limiter_id, EV_nr_pages, EV_order, EV_gfp, EV_retries, EV_reclaimed_pages, EV_us,
	EV_from, EV_to, EV_moved, EV_moved_comm, EV_threads, EV_ret, EV_victim_memcg_id,
	EV_from_id, EV_to_id, EV_stack,
};

static_assert(ARRAY_SIZE(field) == NR_EV, "an event field has no column");

/* The fields' columns, and behind them one that sums up the event in words. */
enum { C_TYPE = 1, C_DETAIL = NR_EV };

const struct col event_cols[] = {
	{ "TIME", 14, 0, "CLOCK_MONOTONIC, in seconds", COL_REAL },
	{ "TYPE", 12, 0, "charge_fail, charge_force, oom, oom_kill, high or migrate", COL_TEXT },
	{ "PID", 7, 0, "the task that charged, or moved a task", COL_COUNT },
	{ "COMM", 15, 0, "its name", COL_TEXT },
	{ "MEMCG", 20, COL_OFF, "the memory cgroup that was charged", COL_TEXT },
	{ "LIMITER", 20, COL_OFF, "the memory cgroup whose limit refused", COL_TEXT },
	{ "COUNTER", 7, COL_OFF, "memory or memsw", COL_TEXT },
	{ "OUTCOME", 7, COL_OFF, "nomem or force", COL_TEXT },
	{ "WHY", 8, COL_OFF, "why it left the retry loop", COL_TEXT },
	{ "VICTIM", 7, COL_OFF, "the task that was killed", COL_COUNT },
	{ "VICTIM_COMM", 15, COL_OFF, "its name", COL_TEXT },
	{ "VICTIM_MEMCG", 20, COL_OFF, "its memory cgroup", COL_TEXT },
	{ "SEQ", 8, COL_OFF, "number of the event", COL_COUNT },
	{ "CPU", 3, COL_OFF, "where it happened", COL_COUNT },
	{ "TGID", 7, COL_OFF, "the task's process", COL_COUNT },
	{ "MEMCG_ID", 8, COL_OFF, "kernfs id of MEMCG", COL_COUNT },
	{ "LIMITER_ID", 10, COL_OFF, "kernfs id of LIMITER", COL_COUNT },
	{ "NR_PAGES", 8, COL_OFF, "pages asked for", COL_COUNT },
	{ "ORDER", 5, COL_OFF, "order of the allocation", COL_COUNT },
	{ "GFP", 24, COL_OFF, "its flags", COL_TEXT },
	{ "RETRIES", 7, COL_OFF, "how often it had tried again", COL_COUNT },
	{ "RECLAIMED_PAGES", 15, COL_OFF, "pages that reclaim freed for it", COL_COUNT },
	{ "US", 8, COL_OFF, "how long it took, in microseconds", COL_COUNT },
	{ "FROM", 20, COL_OFF, "migrate: the old cgroup", COL_TEXT },
	{ "TO", 20, COL_OFF, "migrate: the new cgroup", COL_TEXT },
	{ "MOVED", 7, COL_OFF, "migrate: the process or thread to be moved", COL_COUNT },
	{ "MOVED_COMM", 15, COL_OFF, "its name", COL_TEXT },
	{ "THREADS", 7, COL_OFF, "migrate: threads moved", COL_COUNT },
	{ "RET", 5, COL_OFF, "migrate: 0, or a negative errno for a refused move", COL_REAL },
	{ "VICTIM_MEMCG_ID", 15, COL_OFF, "kernfs id of VICTIM_MEMCG", COL_COUNT },
	{ "FROM_ID", 8, COL_OFF, "migrate: kernfs id of FROM", COL_COUNT },
	{ "TO_ID", 8, COL_OFF, "migrate: kernfs id of TO", COL_COUNT },
	{ "STACK", 40, COL_OFF, "who called, for root", COL_TEXT },
	[C_DETAIL] = { "DETAIL", 40, 0, "what happened, in words", COL_TEXT },
};

const unsigned int nr_event_cols = ARRAY_SIZE(event_cols);

/* A number with a sign or a fraction, and nothing else. */
static bool is_real(const char *s)
{
	s += *s == '-';
	if (*s < '0' || *s > '9' || strlen(s) > 40)
		return false;
	s += strspn(s, "0123456789");
	if (*s == '.' && s[1])
		s += 1 + strspn(s + 1, "0123456789");
	return !*s;
}

static const char *or_unknown(const char *s)
{
	return s ? s : "a cgroup not named";
}

/* ", limit of /a (memsw)", where the event tells it. */
static void add_limiter(struct str *b, const struct event *ev)
{
	if (!ev->f[EV_limiter] && !ev->f[EV_limiter_id])
		return;
	str_addf(b, ", limit of %s", or_unknown(ev->f[EV_limiter]));
	if (ev->f[EV_counter])
		str_addf(b, " (%s)", ev->f[EV_counter]);
}

static void add_migration(struct str *b, const struct event *ev)
{
	int err = ev->f[EV_ret] ? -atoi(ev->f[EV_ret]) : 0;
	const char *moved = ev->f[EV_moved];

	/* Who moves itself is named in the columns before. */
	if (moved && (!ev->f[EV_pid] || strcmp(moved, ev->f[EV_pid])))
		str_addf(b, "%s (%s): ", moved,
			 ev->f[EV_moved_comm] ? ev->f[EV_moved_comm] : "?");
	str_addf(b, "%s -> %s", or_unknown(ev->f[EV_from]), or_unknown(ev->f[EV_to]));
	if (err)
		str_addf(b, ": refused, %s", strerror(err));
	else if (ev->f[EV_threads])
		str_addf(b, ": %s thread%s", ev->f[EV_threads],
			 strcmp(ev->f[EV_threads], "1") ? "s" : "");
}

/* The event in words, from whatever of it is known. */
static void add_detail(struct str *b, const struct event *ev)
{
	if (event_is(ev, "migrate")) {
		add_migration(b, ev);
	} else if (event_is(ev, "oom_kill")) {
		str_addf(b, "killed %s (%s) of %s", ev->f[EV_victim] ? ev->f[EV_victim] : "?",
			 ev->f[EV_victim_comm] ? ev->f[EV_victim_comm] : "?",
			 or_unknown(ev->f[EV_victim_memcg]));
		add_limiter(b, ev);
		if (!ev->f[EV_limiter] && !ev->f[EV_limiter_id])
			str_puts(b, ", the machine was out of memory");
	} else if (event_is(ev, "high")) {
		str_addf(b, "%s: slowed down for memory.high", or_unknown(ev->f[EV_memcg]));
		if (ev->f[EV_us])
			str_addf(b, ", %s us", ev->f[EV_us]);
	} else {
		str_puts(b, or_unknown(ev->f[EV_memcg]));
		add_limiter(b, ev);
		if (ev->f[EV_why])
			str_addf(b, ", why: %s", ev->f[EV_why]);
		if (ev->f[EV_nr_pages])
			str_addf(b, ", %s page%s", ev->f[EV_nr_pages],
				 strcmp(ev->f[EV_nr_pages], "1") ? "s" : "");
	}
}

/**
 * fill_event() - a row for an event
 * @t: a table with event_cols, or a stream
 * @ev: the event
 */
void fill_event(struct table *t, const struct event *ev)
{
	struct row *row = table_row(t, NULL);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(field); i++) {
		const char *s = ev->f[field[i]];

		if (event_cols[i].type == COL_TEXT)
			row_text(row, i, s);
		else if (event_cols[i].type == COL_COUNT)
			row_num(row, i, event_num(ev, field[i]));
		else if (s && is_real(s))
			row_verbatim(row, i, s);
		else
			row_num(row, i, ABSENT);
	}
	if (table_has(t, C_DETAIL)) {
		struct str b = {};

		add_detail(&b, ev);
		row_text(row, C_DETAIL, b.s);
		str_free(&b);
	}
	if (event_is(ev, "oom_kill"))
		row_color(row, C_TYPE, "red");
}
