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
	EV_from, EV_to, EV_threads, EV_ret, EV_stack,
};

static_assert(ARRAY_SIZE(field) == NR_EV, "an event field has no column");

const struct col event_cols[] = {
	{ "TIME", 14, 0, "CLOCK_MONOTONIC, in seconds", COL_REAL },
	{ "TYPE", 12, 0, "charge_fail, charge_force, oom, oom_kill, high or migrate", COL_TEXT },
	{ "PID", 7, 0, "the task that charged", COL_COUNT },
	{ "COMM", 15, 0, "its name", COL_TEXT },
	{ "MEMCG", 20, 0, "the memory cgroup that was charged", COL_TEXT },
	{ "LIMITER", 20, 0, "the memory cgroup whose limit refused", COL_TEXT },
	{ "COUNTER", 7, 0, "memory or memsw", COL_TEXT },
	{ "OUTCOME", 7, 0, "nomem or force", COL_TEXT },
	{ "WHY", 8, 0, "why it left the retry loop", COL_TEXT },
	{ "VICTIM", 7, 0, "the task that was killed", COL_COUNT },
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
	{ "THREADS", 7, COL_OFF, "migrate: threads moved", COL_COUNT },
	{ "RET", 5, COL_OFF, "migrate: 0, or a negative errno for a refused move", COL_REAL },
	{ "STACK", 40, COL_OFF, "who called, for root", COL_TEXT },
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
	if (event_is(ev, "oom_kill"))
		row_color(row, 1, "red");
}
