// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory cgroups against their limits, as a list or a tree
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "views.h"

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
	enum counter_kind kind;
	enum counter_field field;
} plain[] = {
	{ C_USAGE, CK_MEMORY, CF_USAGE }, { C_LIMIT, CK_MEMORY, CF_MAX },
	{ C_HIGH, CK_MEMORY, CF_HIGH }, { C_LOW, CK_MEMORY, CF_LOW },
	{ C_MIN, CK_MEMORY, CF_MIN }, { C_SOFT, CK_MEMORY, CF_SOFT },
	{ C_PEAK, CK_MEMORY, CF_PEAK }, { C_SWAP, CK_SWAP, CF_USAGE },
	{ C_SWAPLIMIT, CK_SWAP, CF_MAX }, { C_SWAPHIGH, CK_SWAP, CF_HIGH },
	{ C_MEMSW, CK_MEMSW, CF_USAGE }, { C_MEMSWLIMIT, CK_MEMSW, CF_MAX },
	{ C_MEMSWFAIL, CK_MEMSW, CF_FAILCNT }, { C_KMEM, CK_KMEM, CF_USAGE },
	{ C_KMEMLIMIT, CK_KMEM, CF_MAX }, { C_TCPMEM, CK_TCPMEM, CF_USAGE },
	{ C_TCPMEMLIMIT, CK_TCPMEM, CF_MAX },
};

static const struct {
	unsigned int col;
	enum memcg_field field;
} fields[] = {
	{ C_LEVEL, MF_LEVEL }, { C_ID, MF_ID }, { C_HIERARCHY, MF_HIERARCHY },
	{ C_ONLINE, MF_ONLINE }, { C_SWAPPINESS, MF_SWAPPINESS }, { C_GROUP, MF_OOM_GROUP },
	{ C_DISABLE, MF_OOM_KILL_DISABLE }, { C_UNDER, MF_UNDER_OOM },
	{ C_CHARGED, MF_CHARGED_ID },
};

/* Percent of the limit; a limit of 0 is always used up. */
static double use_percent(const struct memcg *m)
{
	u64 max = m->counter[CK_MEMORY][CF_MAX];
	u64 usage = m->counter[CK_MEMORY][CF_USAGE];

	if (!is_number(max) || !is_number(usage))
		return NAN;
	return max ? 100.0 * usage / max : 100.0;
}

/* In a drawn tree the last part of the path is enough. */
static const char *short_name(const struct memcg *m)
{
	const char *name = memcg_name(m), *slash = strrchr(name, '/');

	return slash && slash[1] ? slash + 1 : name;
}

static void fill_row(struct row *row, const struct memcg *m, const struct memcg *tight,
		     bool tree)
{
	double use = use_percent(m);
	unsigned int i;

	row_text(row, C_PATH, tree && !table_options.json ? short_name(m) : memcg_name(m));
	for (i = 0; i < ARRAY_SIZE(plain); i++)
		row_num(row, plain[i].col, m->counter[plain[i].kind][plain[i].field]);
	for (i = 0; i < ARRAY_SIZE(fields); i++)
		row_num(row, fields[i].col, m->m[fields[i].field]);
	row_real(row, C_USE, use, 1);
	if (use >= 90)
		row_color(row, C_USE, use >= 99 ? "red" : "yellow");
	row_num(row, C_LEFT, tight ? memcg_left(tight, CK_MEMORY) :
		m->m[MF_RELEASED] == 1 ? ABSENT : UNLIMITED);
	row_text(row, C_WHOSE, !tight ? NULL : tight == m ? "itself" : memcg_name(tight));
	row_num(row, C_FAIL, memcg_failures(m));
	row_num(row, C_OOM, m->has_charge ? m->charge[CH_limited_oom] : m->event[ME_OOM]);
	row_num(row, C_KILLED, m->has_charge ? m->charge[CH_killed] : m->event[ME_OOM_KILL]);
	if (number_or_0(m->charge[CH_killed]) || number_or_0(m->event[ME_OOM_KILL]))
		row_color(row, C_KILLED, "red");
}

/* The tightest limit over a cgroup in a tree and its ancestors. */
static const struct memcg *tree_tightest(const struct report *r, const struct memcg *m)
{
	const struct memcg *found = NULL;

	for (;;) {
		if (is_number(memcg_left(m, CK_MEMORY)) &&
		    (!found || memcg_left(m, CK_MEMORY) < memcg_left(found, CK_MEMORY)))
			found = m;
		if (m->parent < 0)
			return found;
		m = &r->memcgs[m->parent];
	}
}

/**
 * fill_memcgs() - a row a memory cgroup
 * @t: a table with memcg_cols
 * @r: a task's report, or every memory cgroup
 * @tree: @r is every memory cgroup, with parents
 */
void fill_memcgs(struct table *t, const struct report *r, bool tree)
{
	struct row **rows = xcalloc(r->nr_memcgs, sizeof(*rows));
	size_t i;

	for (i = 0; i < r->nr_memcgs; i++) {
		const struct memcg *m = &r->memcgs[i];

		rows[i] = table_row(t, tree && m->parent >= 0 ? rows[m->parent] : NULL);
		fill_row(rows[i], m, tree ? tree_tightest(r, m) :
			 tightest(&r->memcgs[i], r->nr_memcgs - i, CK_MEMORY), tree);
	}
	free(rows);
}
