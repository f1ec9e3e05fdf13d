// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory cgroups against their limits, as a list or a tree
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "view/views.h"

enum {
	C_LEVEL, C_PATH, C_USAGE, C_LIMIT, C_USE, C_LEFT, C_WHOSE, C_HIGH, C_LOW, C_MIN, C_SOFT,
	C_PEAK, C_SWAP, C_SWAPLIMIT, C_SWAPHIGH, C_MEMSW, C_MEMSWLIMIT, C_KMEM, C_KMEMLIMIT,
	C_TCPMEM, C_TCPMEMLIMIT, C_FAIL, C_MEMSWFAIL, C_OOM, C_KILLED, C_ID, C_HIERARCHY,
	C_ONLINE, C_SWAPPINESS, C_GROUP, C_DISABLE, C_UNDER, C_CHARGED,
};

const struct col memcg_cols[] = {
	[C_LEVEL] = { "LEVEL", 1, COL_OFF, "0 is the task's own, n its n-th ancestor", COL_COUNT },
	[C_PATH] = { "CGROUP", 20, COL_TREE, "path of the memory cgroup", COL_TEXT },
	[C_USAGE] = { "USAGE", 6, 0, "memory charged, descendants included", COL_SIZE },
	[C_LIMIT] = { "LIMIT", 6, 0, "its limit", COL_SIZE },
	[C_USE] = { "USE%", 4, 0, "usage in percent of the limit", COL_REAL },
	[C_LEFT] = { "LEFT", 6, 0, "what may be charged before any limit is met", COL_SIZE },
	[C_WHOSE] = { "LIMITER", 10, 0, "whose limit will be met first", COL_TEXT },
	[C_HIGH] = { "HIGH", 6, COL_OFF, "memory.high: above it tasks are slowed down", COL_SIZE },
	[C_LOW] = { "LOW", 6, COL_OFF, "memory.low: protected if possible", COL_SIZE },
	[C_MIN] = { "MIN", 6, COL_OFF, "memory.min: protected", COL_SIZE },
	[C_SOFT] = { "SOFT", 6, COL_OFF, "soft limit (cgroup v1)", COL_SIZE },
	[C_PEAK] = { "PEAK", 6, 0, "most memory ever charged", COL_SIZE },
	[C_SWAP] = { "SWAP", 6, COL_OFF, "swap used (cgroup v2)", COL_SIZE },
	[C_SWAPLIMIT] = { "SWAPLIMIT", 6, COL_OFF, "limit on swap (cgroup v2)", COL_SIZE },
	[C_SWAPHIGH] = { "SWAPHIGH", 6, COL_OFF, "memory.swap.high (cgroup v2)", COL_SIZE },
	[C_MEMSW] = { "MEMSW", 6, COL_OFF, "memory and swap used (cgroup v1)", COL_SIZE },
	[C_MEMSWLIMIT] = { "MEMSWLIM", 6, COL_OFF, "limit on both (cgroup v1)", COL_SIZE },
	[C_KMEM] = { "KMEM", 6, COL_OFF, "kernel memory (cgroup v1)", COL_SIZE },
	[C_KMEMLIMIT] = { "KMEMLIM", 6, COL_OFF, "limit on kernel memory (cgroup v1)", COL_SIZE },
	[C_TCPMEM] = { "TCPMEM", 6, COL_OFF, "TCP buffers (cgroup v1)", COL_SIZE },
	[C_TCPMEMLIMIT] = { "TCPMEMLIM", 6, COL_OFF, "limit on TCP buffers (cgroup v1)", COL_SIZE },
	[C_FAIL] = { "FAIL", 5, 0, "times that a charge met its limit", COL_COUNT },
	[C_MEMSWFAIL] = { "MEMSWFAIL", 5, COL_OFF, "times that memory and swap met theirs",
			  COL_COUNT },
	[C_OOM] = { "OOM", 4, COL_OFF, "times that it ran out of memory", COL_COUNT },
	[C_KILLED] = { "KILLED", 4, 0, "OOM kills counted on it", COL_COUNT },
	[C_ID] = { "ID", 6, COL_OFF, "kernfs id, as cgroup_id() gives", COL_COUNT },
	[C_HIERARCHY] = { "HIERARCHY", 1, COL_OFF, "number of the hierarchy, 0 for v2", COL_COUNT },
	[C_ONLINE] = { "ONLINE", 1, COL_OFF, "0: removed, but still charged", COL_COUNT },
	[C_SWAPPINESS] = { "SWAPPINESS", 3, COL_OFF, "readiness to swap", COL_COUNT },
	[C_GROUP] = { "OOM_GROUP", 1, COL_OFF, "1: an OOM kill takes all of it", COL_COUNT },
	[C_DISABLE] = { "OOM_KILL_DISABLE", 1, COL_OFF, "1: no OOM kills, tasks wait (cgroup v1)",
			COL_COUNT },
	[C_UNDER] = { "UNDER_OOM", 1, COL_OFF, "1: tasks wait for memory now (cgroup v1)",
		      COL_COUNT },
	[C_CHARGED] = { "CHARGED_ID", 1, COL_OFF, "the cgroup charged instead, if another",
			COL_COUNT },
};

const unsigned int nr_memcg_cols = ARRAY_SIZE(memcg_cols);

/* Columns that show a number as it is. */
static const struct {
	unsigned int col;
	enum cgl_counter kind;
	enum cgl_counter_field field;
} plain[] = {
	{ C_USAGE, CGL_CK_memory, CGL_CF_usage }, { C_LIMIT, CGL_CK_memory, CGL_CF_max },
	{ C_HIGH, CGL_CK_memory, CGL_CF_high }, { C_LOW, CGL_CK_memory, CGL_CF_low },
	{ C_MIN, CGL_CK_memory, CGL_CF_min }, { C_SOFT, CGL_CK_memory, CGL_CF_soft },
	{ C_PEAK, CGL_CK_memory, CGL_CF_peak }, { C_SWAP, CGL_CK_swap, CGL_CF_usage },
	{ C_SWAPLIMIT, CGL_CK_swap, CGL_CF_max }, { C_SWAPHIGH, CGL_CK_swap, CGL_CF_high },
	{ C_MEMSW, CGL_CK_memsw, CGL_CF_usage }, { C_MEMSWLIMIT, CGL_CK_memsw, CGL_CF_max },
	{ C_MEMSWFAIL, CGL_CK_memsw, CGL_CF_failcnt }, { C_KMEM, CGL_CK_kmem, CGL_CF_usage },
	{ C_KMEMLIMIT, CGL_CK_kmem, CGL_CF_max }, { C_TCPMEM, CGL_CK_tcpmem, CGL_CF_usage },
	{ C_TCPMEMLIMIT, CGL_CK_tcpmem, CGL_CF_max },
};

static const struct {
	unsigned int col;
	enum cgl_memcg_field field;
} fields[] = {
	{ C_LEVEL, CGL_MF_level }, { C_ID, CGL_MF_id }, { C_HIERARCHY, CGL_MF_hierarchy },
	{ C_ONLINE, CGL_MF_online }, { C_SWAPPINESS, CGL_MF_swappiness },
	{ C_GROUP, CGL_MF_oom_group },
	{ C_DISABLE, CGL_MF_oom_kill_disable }, { C_UNDER, CGL_MF_under_oom },
	{ C_CHARGED, CGL_MF_charged_id },
};

/* Percent of the limit; a limit of 0 is always used up. */
static double use_percent(const struct cgl_memcg *m)
{
	struct cgl_limit l;

	if (!cgl_limit_of(m, CGL_LIMIT_HARD, &l))
		return NAN;
	return l.limit ? 100.0 * l.usage / l.limit : 100.0;
}

/* In a drawn tree the last part of the path is enough. Removed cgroups say so. */
static char *row_name(const struct cgl_memcg *m, bool tree)
{
	char *words = memcg_words(m), *slash, *name;

	if (!tree)
		return words;
	slash = m->path ? strrchr(m->path, '/') : NULL;
	if (!slash || !slash[1])
		return words;
	name = xstrdup(words + (slash + 1 - m->path));
	free(words);
	return name;
}

/* Whose limit will be met first, and which one of its where it is not the usual one. */
static char *limiter_words(const struct cgl_memcg *m, const struct cgl_limit *l)
{
	const char *word = limit_word(l->kind);

	if (!l->memcg)
		return NULL;
	return xasprintf("%s%s%s%s", l->memcg == m ? "itself" : memcg_name(l->memcg),
			 *word ? " (" : "", word, *word ? ")" : "");
}

/*
 * Times that a charge ran into a limit of this cgroup's until the OOM killer was
 * asked, and kills: what the charge path counted, or the cgroup files.
 */
static u64 ooms(const struct cgl_memcg *m)
{
	return m->has_charge ? m->charge[CGL_CH_limited_oom] : m->event[CGL_ME_oom];
}

static u64 kills(const struct cgl_memcg *m)
{
	return m->has_charge ? m->charge[CGL_CH_killed] : m->event[CGL_ME_oom_kill];
}

static void fill_row(struct row *row, const struct cgl_report *r, const struct cgl_memcg *m,
		     bool tree)
{
	char *name = table_options.json ? xstrdup(memcg_name(m)) : row_name(m, tree);
	double use = use_percent(m);
	struct cgl_limit l;
	unsigned int i;
	char *limiter;

	row_text(row, C_PATH, name);
	free(name);
	for (i = 0; i < ARRAY_SIZE(plain); i++)
		row_num(row, plain[i].col, m->counter[plain[i].kind][plain[i].field]);
	for (i = 0; i < ARRAY_SIZE(fields); i++)
		row_num(row, fields[i].col, m->m[fields[i].field]);
	row_real(row, C_USE, use, 1);
	if (use >= 90)
		row_color(row, C_USE, use >= 99 ? "red" : "yellow");
	if (cgl_limit_of(m, CGL_LIMIT_HIGH, &l) && l.usage > l.limit)
		row_color(row, C_HIGH, "red");
	cgl_limit_next(r, m, CGL_LIMIT_HARD, &l);
	/* the root has no counters, and no limit */
	row_num(row, C_LEFT, l.left == CGL_ABSENT && m->path && !strcmp(m->path, "/") ?
		CGL_UNLIMITED : l.left);
	limiter = limiter_words(m, &l);
	row_text(row, C_WHOSE, limiter);
	free(limiter);
	row_num(row, C_FAIL, cgl_failures(m));
	row_num(row, C_OOM, ooms(m));
	row_num(row, C_KILLED, kills(m));
	if (cgl_or_0(kills(m)))
		row_color(row, C_KILLED, "red");
}

/**
 * memcg_columns() - columns that are shown because there is something in them
 * @r: what will be shown
 *
 * Return: a bit each, for table_new_with().
 */
unsigned long long memcg_columns(const struct cgl_report *r)
{
	unsigned long long also = 0;
	struct cgl_limit l;
	size_t i;

	for (i = 0; i < r->nr_memcgs; i++) {
		const struct cgl_memcg *m = &r->memcgs[i];

		if (cgl_limit_of(m, CGL_LIMIT_HIGH, &l))
			also |= 1ULL << C_HIGH;
		if (cgl_or_0(m->counter[CGL_CK_swap][CGL_CF_usage]))
			also |= 1ULL << C_SWAP | 1ULL << C_SWAPLIMIT;
		if (cgl_limit_of(m, CGL_LIMIT_SWAP_HIGH, &l))
			also |= 1ULL << C_SWAP | 1ULL << C_SWAPHIGH;
		if (cgl_limit_of(m, CGL_LIMIT_MEMSW, &l))
			also |= 1ULL << C_MEMSW | 1ULL << C_MEMSWLIMIT;
		if (cgl_limit_of(m, CGL_LIMIT_SOFT, &l))
			also |= 1ULL << C_SOFT;
		if (cgl_or_0(m->m[CGL_MF_oom_kill_disable]))
			also |= 1ULL << C_DISABLE;
		if (cgl_or_0(m->m[CGL_MF_under_oom]))
			also |= 1ULL << C_UNDER;
	}
	return also;
}

/**
 * fill_memcgs() - a row a memory cgroup
 * @t: a table with memcg_cols
 * @r: a task's report, or every memory cgroup
 * @tree: @r is every memory cgroup, with parents
 */
void fill_memcgs(struct table *t, const struct cgl_report *r, bool tree)
{
	struct row **rows = xcalloc(r->nr_memcgs, sizeof(*rows));
	size_t i;

	for (i = 0; i < r->nr_memcgs; i++) {
		const struct cgl_memcg *m = &r->memcgs[i];

		rows[i] = table_row(t, tree && m->parent >= 0 ? rows[m->parent] : NULL);
		fill_row(rows[i], r, m, tree);
	}
	free(rows);
}
