// SPDX-License-Identifier: GPL-2.0-only
/*
 * The LRU lists of memory cgroups
 */
#include "view/views.h"

enum { C_PATH, C_LEVEL, C_NODE, C_ZONE, C_FIRST_LIST };

const struct col lru_cols[] = {
	[C_PATH] = { "CGROUP", 20, 0, "path of the memory cgroup", COL_TEXT },
	[C_LEVEL] = { "LEVEL", 1, COL_OFF, "0 is the task's own, n its n-th ancestor", COL_COUNT },
	[C_NODE] = { "NODE", 2, 0, "NUMA node", COL_COUNT },
	[C_ZONE] = { "ZONE", 7, 0, "zone of the node (with cg_list)", COL_TEXT },
	[C_FIRST_LIST] = { "INACTIVE_ANON", 6, 0, "anonymous memory, not used lately", COL_SIZE },
	{ "ACTIVE_ANON", 6, 0, "anonymous memory, used lately", COL_SIZE },
	{ "INACTIVE_FILE", 6, 0, "page cache, not used lately", COL_SIZE },
	{ "ACTIVE_FILE", 6, 0, "page cache, used lately", COL_SIZE },
	{ "UNEVICTABLE", 6, 0, "cannot be reclaimed", COL_SIZE },
};

const unsigned int nr_lru_cols = ARRAY_SIZE(lru_cols);

static void fill_row(struct table *t, const struct cgl_memcg *m, const struct cgl_lru *lru)
{
	struct row *row = table_row(t, NULL);
	int i;

	row_text(row, C_PATH, memcg_name(m));
	row_num(row, C_LEVEL, m->m[CGL_MF_level]);
	row_num(row, C_NODE, lru->node);
	row_text(row, C_ZONE, *lru->zone ? lru->zone : NULL);
	for (i = 0; i < CGL_NR_LRU; i++)
		row_num(row, C_FIRST_LIST + i, lru->bytes[i]);
}

/**
 * fill_lru() - a row a memory cgroup, NUMA node and zone
 * @t: a table with lru_cols
 * @r: what to show
 * @sums: one row a memory cgroup instead
 */
void fill_lru(struct table *t, const struct cgl_report *r, bool sums)
{
	unsigned int k;
	size_t i;
	int list;

	for (i = 0; i < r->nr_memcgs; i++) {
		const struct cgl_memcg *m = &r->memcgs[i];
		struct cgl_lru sum = { .node = CGL_ABSENT };

		for (k = 0; k < m->nr_lru; k++) {
			if (!sums)
				fill_row(t, m, &m->lru[k]);
			for (list = 0; list < CGL_NR_LRU; list++)
				sum.bytes[list] += cgl_or_0(m->lru[k].bytes[list]);
		}
		if (sums && m->nr_lru)
			fill_row(t, m, &sum);
	}
}
