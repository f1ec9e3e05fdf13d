// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events of the charge path
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "view/views.h"

/* Columns in the order of a line on the screen; JSON has all of them. */
#define F(name) CGL_EV_##name
static const enum cgl_event_field field[] = {
	F(time), F(type), F(pid), F(comm), F(memcg), F(limiter), F(counter), F(outcome),
	F(why), F(victim), F(victim_comm), F(victim_memcg), F(seq), F(cpu), F(tgid),
	F(memcg_id), F(limiter_id), F(nr_pages), F(order), F(gfp), F(retries),
	F(reclaimed_pages), F(us), F(from), F(to), F(moved), F(moved_comm), F(threads), F(ret),
	F(victim_memcg_id), F(from_id), F(to_id), F(constraint), F(limiter_hidden),
	F(memcg_hidden), F(victim_memcg_hidden), F(sysrq), F(stack),
};

static_assert(ARRAY_SIZE(field) == CGL_NR_EV, "an event field has no column");

enum { C_TYPE = 1, C_CLOCK = CGL_NR_EV, C_DETAIL };

/* The fields' columns, and behind them those that are made of them. */
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
	{ "CONSTRAINT", 10, COL_OFF, "oom_kill: what it was constrained to", COL_TEXT },
	{ "LIMITER_HIDDEN", 1, COL_OFF, "1: there is one that cannot be seen here", COL_COUNT },
	{ "MEMCG_HIDDEN", 1, COL_OFF, "1: the same of MEMCG", COL_COUNT },
	{ "VICTIM_MEMCG_HIDDEN", 1, COL_OFF, "1: the same of VICTIM_MEMCG", COL_COUNT },
	{ "SYSRQ", 1, COL_OFF, "oom_kill: 1: SysRq asked for it", COL_COUNT },
	{ "STACK", 40, COL_OFF, "who called, for root", COL_TEXT },
	[C_CLOCK] = { "CLOCK", 23, COL_OFF, "date and time of day (but for what the machine slept)",
		      COL_TEXT },
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

/* A cgroup of the event, in words: a string to free(). */
#define CGROUP(ev, name, hidden) \
	cgroup_words((ev)->f[CGL_EV_##name], cgl_event_num(ev, CGL_EV_##name##_id), hidden)
#define IS_HIDDEN(ev, name) cgl_or_0(cgl_event_num(ev, CGL_EV_##name##_hidden))

/* ", limit of /a (memsw)", where the event tells it. */
static void add_limiter(struct str *b, const struct cgl_event *ev)
{
	bool hidden = IS_HIDDEN(ev, limiter);
	char *words;

	if (!ev->f[CGL_EV_limiter] && !ev->f[CGL_EV_limiter_id] && !hidden)
		return;
	words = CGROUP(ev, limiter, hidden);
	str_addf(b, ", limit of %s", words);
	free(words);
	if (ev->f[CGL_EV_counter])
		str_addf(b, " (%s)", ev->f[CGL_EV_counter]);
}

/* Why a move was refused, where the errno alone says too little; or NULL. */
static const char *refusal(int err)
{
	switch (err) {
	case EBUSY:
		return "controllers are enabled below it, and no process may be beside them";
	case EOPNOTSUPP:
		return "it is threaded, or not valid: see its cgroup.type";
	case EACCES:
	case EPERM:
		return "the writer may not write there, or not in a cgroup above both";
	case ENOSPC:
		return "its cpuset has no CPUs or no memory nodes";
	default:
		return NULL;
	}
}

static void add_migration(struct str *b, const struct cgl_event *ev)
{
	int err = ev->f[CGL_EV_ret] ? -atoi(ev->f[CGL_EV_ret]) : 0;
	char *from = CGROUP(ev, from, false), *to = CGROUP(ev, to, false);
	const char *moved = ev->f[CGL_EV_moved];

	/* Who moves itself is named in the columns before. */
	if (moved && (!ev->f[CGL_EV_pid] || strcmp(moved, ev->f[CGL_EV_pid])))
		str_addf(b, "%s (%s): ", moved,
			 ev->f[CGL_EV_moved_comm] ? ev->f[CGL_EV_moved_comm] : "?");
	str_addf(b, "%s -> %s", from, to);
	if (err)
		str_addf(b, ": refused, %s%s%s", strerror(err), refusal(err) ? ": " : "",
			 refusal(err) ? refusal(err) : "");
	else if (ev->f[CGL_EV_threads])
		str_addf(b, ": %s thread%s", ev->f[CGL_EV_threads],
			 strcmp(ev->f[CGL_EV_threads], "1") ? "s" : "");
	free(from);
	free(to);
}

static void add_kill(struct str *b, const struct cgl_event *ev)
{
	char *where = CGROUP(ev, victim_memcg, IS_HIDDEN(ev, victim_memcg));

	str_addf(b, "killed %s (%s) of %s", ev->f[CGL_EV_victim] ? ev->f[CGL_EV_victim] : "?",
		 ev->f[CGL_EV_victim_comm] ? ev->f[CGL_EV_victim_comm] : "?", where);
	free(where);
	if (ev->f[CGL_EV_limiter] || ev->f[CGL_EV_limiter_id]) {
		add_limiter(b, ev);
		return;
	}
	str_puts(b, ", ");
	add_kill_cause(b, ev);
}

/* The event in words, from whatever of it is known. */
static void add_detail(struct str *b, const struct cgl_event *ev)
{
	char *where;

	if (cgl_event_is(ev, "migrate")) {
		add_migration(b, ev);
		return;
	}
	if (cgl_event_is(ev, "oom_kill")) {
		add_kill(b, ev);
		return;
	}
	where = CGROUP(ev, memcg, IS_HIDDEN(ev, memcg));
	str_puts(b, where);
	free(where);
	if (cgl_event_is(ev, "high")) {
		str_puts(b, ": slowed down for memory.high");
		if (ev->f[CGL_EV_us])
			str_addf(b, ", %s us", ev->f[CGL_EV_us]);
		return;
	}
	add_limiter(b, ev);
	if (ev->f[CGL_EV_why])
		str_addf(b, ", why: %s", ev->f[CGL_EV_why]);
	if (ev->f[CGL_EV_nr_pages])
		str_addf(b, ", %s page%s", ev->f[CGL_EV_nr_pages],
			 strcmp(ev->f[CGL_EV_nr_pages], "1") ? "s" : "");
}

/**
 * fill_event() - a row for an event
 * @t: a table with event_cols, or a stream
 * @ev: the event
 */
void fill_event(struct table *t, const struct cgl_event *ev)
{
	struct row *row = table_row(t, NULL);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(field); i++) {
		const char *s = ev->f[field[i]];

		if (event_cols[i].type == COL_TEXT)
			row_text(row, i, s);
		else if (event_cols[i].type == COL_COUNT)
			row_num(row, i, cgl_event_num(ev, field[i]));
		else if (s && is_real(s))
			row_verbatim(row, i, s);
		else
			row_num(row, i, CGL_ABSENT);
	}
	if (table_has(t, C_CLOCK)) {
		struct str b = {};

		if (ev->f[CGL_EV_time] && !cgl_is_saved(files))
			add_wall_time(&b, atof(ev->f[CGL_EV_time]));
		row_text(row, C_CLOCK, b.s);
		str_free(&b);
	}
	if (table_has(t, C_DETAIL)) {
		struct str b = {};

		add_detail(&b, ev);
		row_text(row, C_DETAIL, b.s);
		str_free(&b);
	}
	if (cgl_event_is(ev, "oom_kill"))
		row_color(row, C_TYPE, "red");
}
