// SPDX-License-Identifier: GPL-2.0-only
/*
 * What happened to the charges: counters, time, origins
 */
#include <math.h>

#include "view/views.h"

enum { C_PATH, C_LEVEL, C_ID, C_CALLS, C_FIRST };

/* Which counters a person sees first: where charges go, and where they die. */
#define SHOWN_stock		0
#define SHOWN_batch		0
#define SHOWN_exact		0
#define SHOWN_limit		0
#define SHOWN_limit_memsw	COL_OFF
#define SHOWN_shrink		COL_OFF
#define SHOWN_reclaim		0
#define SHOWN_reclaimed_pages	COL_OFF
#define SHOWN_retry_margin	COL_OFF
#define SHOWN_retry_drain	COL_OFF
#define SHOWN_retry_progress	COL_OFF
#define SHOWN_retry_move	COL_OFF
#define SHOWN_retry_count	COL_OFF
#define SHOWN_oom		0
#define SHOWN_oom_retry		COL_OFF
#define SHOWN_nomem		0
#define SHOWN_force		0
#define SHOWN_why_memalloc	COL_OFF
#define SHOWN_why_in_oom	COL_OFF
#define SHOWN_why_atomic	COL_OFF
#define SHOWN_why_victim	COL_OFF
#define SHOWN_why_noretry	COL_OFF
#define SHOWN_why_mayfail	COL_OFF
#define SHOWN_why_dying		COL_OFF
#define SHOWN_why_oom		COL_OFF
#define SHOWN_high		COL_OFF
#define SHOWN_killed		0
#define SHOWN_limited		0
#define SHOWN_limited_memsw	COL_OFF
#define SHOWN_limited_reclaim	COL_OFF
#define SHOWN_limited_force	COL_OFF
#define SHOWN_limited_nomem	COL_OFF
#define SHOWN_limited_oom	COL_OFF

#define HELP_stock		"charges served from the per-CPU stock"
#define HELP_batch		"charges that took a whole batch from the page counters"
#define HELP_exact		"charges that took just what they needed from them"
#define HELP_limit		"refusals by a page counter"
#define HELP_limit_memsw	"those of them that memory+swap refused"
#define HELP_shrink		"retries with the batch shrunk to the pages needed"
#define HELP_reclaim		"reclaim runs from a charge"
#define HELP_reclaimed_pages	"pages that they freed"
#define HELP_retry_margin	"retries: enough room after reclaim"
#define HELP_retry_drain	"retries: after draining the stocks"
#define HELP_retry_progress	"retries: reclaim made progress"
#define HELP_retry_move		"retries: waited for a task that moved (v1)"
#define HELP_retry_count	"retries: counted, up to 16 a charge"
#define HELP_oom		"times that a charge called the OOM killer"
#define HELP_oom_retry		"those after which it tried again"
#define HELP_nomem		"charges that failed"
#define HELP_force		"charges forced over the limit"
#define HELP_why_memalloc	"gave up: an allocation that frees memory"
#define HELP_why_in_oom		"gave up: the task handles an OOM already"
#define HELP_why_atomic		"gave up: it may not sleep"
#define HELP_why_victim		"gave up: the task is an OOM victim"
#define HELP_why_noretry	"gave up: __GFP_NORETRY"
#define HELP_why_mayfail	"gave up: __GFP_RETRY_MAYFAIL"
#define HELP_why_dying		"gave up: the task is being killed"
#define HELP_why_oom		"gave up: no memory after the OOM killer"
#define HELP_high		"charges that left a level above memory.high"
#define HELP_killed		"OOM kills, as memory.events counts them"
#define HELP_limited		"refusals by this cgroup's own limits"
#define HELP_limited_memsw	"those of them by memory+swap"
#define HELP_limited_reclaim	"reclaim runs for its limits"
#define HELP_limited_force	"charges forced over its limits before any reclaim"
#define HELP_limited_nomem	"charges failed at its limits before any reclaim"
#define HELP_limited_oom	"OOM killer calls for its limits"

const struct col charge_cols[] = {
	[C_PATH] = { "CGROUP", 16, 0, "path of the memory cgroup", COL_TEXT },
	[C_LEVEL] = { "LEVEL", 1, COL_OFF, "0 is the task's own, n its n-th ancestor", COL_COUNT },
	[C_ID] = { "ID", 6, COL_OFF, "kernfs id of the cgroup", COL_COUNT },
	[C_CALLS] = { "CALLS", 6, 0, "charges in all", COL_COUNT },
#define X(key, name, ...) { #name, 4, SHOWN_##name, HELP_##name, COL_COUNT },
	CGL_COUNTERS(X)
#undef X
};

const unsigned int nr_charge_cols = ARRAY_SIZE(charge_cols);

/**
 * charge_calls() - how many charges there were, by the law of cg_list(5)
 * @charge: the counters
 *
 * Return: the sum of the ways in which a charge ends; %CGL_ABSENT on a kernel where
 * only those that meet a limit are counted.
 */
u64 charge_calls(const u64 charge[CGL_NR_CH])
{
	if (!cgl_is_number(charge[CGL_CH_stock]) || !cgl_is_number(charge[CGL_CH_batch]) ||
	    !cgl_is_number(charge[CGL_CH_exact]) || !cgl_is_number(charge[CGL_CH_nomem]) ||
	    !cgl_is_number(charge[CGL_CH_force]))
		return CGL_ABSENT;
	return charge[CGL_CH_stock] + charge[CGL_CH_batch] + charge[CGL_CH_exact] +
	       charge[CGL_CH_nomem] + charge[CGL_CH_force];
}

void fill_charge(struct table *t, const struct cgl_report *r)
{
	size_t i;
	int c;

	for (i = 0; i < r->nr_memcgs; i++) {
		const struct cgl_memcg *m = &r->memcgs[i];
		struct row *row;

		if (!m->has_charge)
			continue;
		row = table_row(t, NULL);
		row_text(row, C_PATH, memcg_name(m));
		row_num(row, C_LEVEL, m->m[CGL_MF_level]);
		row_num(row, C_ID, m->m[CGL_MF_id]);
		row_num(row, C_CALLS, charge_calls(m->charge));
		for (c = 0; c < CGL_NR_CH; c++)
			row_num(row, C_FIRST + c, m->charge[c]);
		if (cgl_or_0(m->charge[CGL_CH_nomem]))
			row_color(row, C_FIRST + CGL_CH_nomem, "red");
		if (cgl_or_0(m->charge[CGL_CH_killed]))
			row_color(row, C_FIRST + CGL_CH_killed, "red");
	}
}

enum { S_PATH, S_LEVEL, S_COUNT, S_TOTAL, S_MEAN, S_MAX, S_P50, S_P99, S_HIST };

const struct col slow_cols[] = {
	[S_PATH] = { "CGROUP", 16, 0, "path of the memory cgroup", COL_TEXT },
	[S_LEVEL] = { "LEVEL", 1, COL_OFF, "0 is the task's own, n its n-th ancestor", COL_COUNT },
	[S_COUNT] = { "SLOW", 6, 0, "charges that took the slow path", COL_COUNT },
	[S_TOTAL] = { "TOTAL_US", 6, 0, "microseconds spent there in all", COL_COUNT },
	[S_MEAN] = { "MEAN_US", 6, 0, "the same a charge", COL_REAL },
	[S_P50] = { "P50_US", 6, 0, "half of them took less (by powers of two)", COL_COUNT },
	[S_P99] = { "P99_US", 6, 0, "99 in 100 took less (by powers of two)", COL_COUNT },
	[S_MAX] = { "MAX_US", 6, 0, "the longest", COL_COUNT },
	[S_HIST] = { "HIST", 6, COL_OFF, "counts by power of two of microseconds", COL_TEXT },
};

const unsigned int nr_slow_cols = ARRAY_SIZE(slow_cols);

/* The upper bound of the bucket that holds the given share of the charges. */
static u64 percentile(const struct cgl_memcg *m, double share)
{
	u64 all = 0, sum = 0;
	unsigned int i;

	for (i = 0; i < m->nr_hist; i++)
		all += m->hist[i];
	for (i = 0; i < m->nr_hist && all; i++) {
		sum += m->hist[i];
		if (sum >= share * all)
			break;
	}
	if (!all)
		return CGL_ABSENT;
	/* none took longer than the longest, nor than there is a bucket for */
	return i + 1 < m->nr_hist && 2ULL << i < m->slow_max_us ? 2ULL << i : m->slow_max_us;
}

void fill_slow(struct table *t, const struct cgl_report *r)
{
	unsigned int k;
	size_t i;

	for (i = 0; i < r->nr_memcgs; i++) {
		const struct cgl_memcg *m = &r->memcgs[i];
		struct str hist = {};
		struct row *row;

		if (!cgl_or_0(m->slow_count))
			continue;
		row = table_row(t, NULL);
		row_text(row, S_PATH, memcg_name(m));
		row_num(row, S_LEVEL, m->m[CGL_MF_level]);
		row_num(row, S_COUNT, m->slow_count);
		row_num(row, S_TOTAL, m->slow_total_us);
		row_num(row, S_MAX, m->slow_max_us);
		row_real(row, S_MEAN, cgl_is_number(m->slow_total_us) ?
			 (double)m->slow_total_us / m->slow_count : NAN, 1);
		row_num(row, S_P50, percentile(m, 0.5));
		row_num(row, S_P99, percentile(m, 0.99));
		for (k = 0; k < m->nr_hist; k++)
			str_addf(&hist, "%s%llu", k ? "," : "", m->hist[k]);
		row_text(row, S_HIST, hist.s);
		str_free(&hist);
	}
}

enum { O_PATH_COL, O_LEVEL, O_FIRST };

const struct col origin_cols[] = {
	[O_PATH_COL] = { "CGROUP", 16, 0, "path of the memory cgroup", COL_TEXT },
	[O_LEVEL] = { "LEVEL", 1, COL_OFF, "0 is the task's own, n its n-th ancestor", COL_COUNT },
#define X(key, name, ...) { #name, 4, 0, "pages charged for it", COL_COUNT },
	CGL_ORIGINS(X)
#undef X
};

const unsigned int nr_origin_cols = ARRAY_SIZE(origin_cols);

void fill_origin(struct table *t, const struct cgl_report *r)
{
	size_t i;
	int k;

	for (i = 0; i < r->nr_memcgs; i++) {
		const struct cgl_memcg *m = &r->memcgs[i];
		struct row *row;

		if (!m->has_origin)
			continue;
		row = table_row(t, NULL);
		row_text(row, O_PATH_COL, memcg_name(m));
		row_num(row, O_LEVEL, m->m[CGL_MF_level]);
		for (k = 0; k < CGL_NR_OR; k++)
			row_num(row, O_FIRST + k, m->origin[k]);
	}
}
