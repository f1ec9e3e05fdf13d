// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way of a charge through try_charge, as a graph
 *
 * Nodes are the places in mm/memcontrol.c where the way forks, edges carry the
 * counters of cg_list(5). One edge has no counter of its own and is a sum
 * by its laws.
 */
#include <stddef.h>
#include <string.h>

#include "graph.h"

enum { SUM_PAST_STOCK = -1 };

const struct node graph_nodes[] = {
	{ "charge",	"charge",			"oval" },
	{ "counters",	"page counters",		"box" },
	{ "refused",	"refused by a limit",		"diamond" },
	{ "reclaim",	"reclaim",			"box" },
	{ "killer",	"OOM killer",			"box" },
	{ "gave_up",	"left the retry loop",		"diamond" },
	{ "charged",	"charged",			"oval" },
	{ "forced",	"forced over the limit",	"oval" },
	{ "failed",	"failed: -ENOMEM",		"oval" },
};

const unsigned int graph_nr_nodes = ARRAY_SIZE(graph_nodes);

const struct edge graph_edges[] = {
	{ "charge", "charged", CGL_CH_stock, EDGE_GOOD, "from the per-CPU stock" },
	{ "charge", "counters", SUM_PAST_STOCK, EDGE_GOOD, "the stock did not do" },
	{ "counters", "charged", CGL_CH_batch, EDGE_GOOD, "a whole batch" },
	{ "counters", "charged", CGL_CH_exact, EDGE_GOOD, "just the pages needed" },
	{ "counters", "refused", CGL_CH_limit, EDGE_WORK, "a page counter refused" },
	{ "refused", "counters", CGL_CH_shrink, EDGE_WORK, "again, without the batch" },
	{ "refused", "reclaim", CGL_CH_reclaim, EDGE_WORK, "free something" },
	{ "reclaim", "counters", CGL_CH_retry_margin, EDGE_WORK, "again: enough room now" },
	{ "reclaim", "counters", CGL_CH_retry_drain, EDGE_WORK, "again: stocks drained" },
	{ "reclaim", "counters", CGL_CH_retry_progress, EDGE_WORK, "again: some progress" },
	{ "reclaim", "counters", CGL_CH_retry_move, EDGE_WORK, "again: waited for a move" },
	{ "reclaim", "counters", CGL_CH_retry_count, EDGE_WORK, "again: counted" },
	{ "reclaim", "killer", CGL_CH_oom, EDGE_BAD, "nothing helped" },
	{ "killer", "counters", CGL_CH_oom_retry, EDGE_WORK, "again: something was killed" },
	{ "refused", "gave_up", CGL_CH_why_memalloc, EDGE_BAD, "it frees memory" },
	{ "refused", "gave_up", CGL_CH_why_in_oom, EDGE_BAD, "it handles an OOM" },
	{ "refused", "gave_up", CGL_CH_why_atomic, EDGE_BAD, "may not sleep" },
	{ "refused", "gave_up", CGL_CH_why_victim, EDGE_BAD, "is an OOM victim" },
	{ "reclaim", "gave_up", CGL_CH_why_noretry, EDGE_BAD, "__GFP_NORETRY" },
	{ "reclaim", "gave_up", CGL_CH_why_mayfail, EDGE_BAD, "__GFP_RETRY_MAYFAIL" },
	{ "reclaim", "gave_up", CGL_CH_why_dying, EDGE_BAD, "is being killed" },
	{ "killer", "gave_up", CGL_CH_why_oom, EDGE_BAD, "nothing to kill" },
	{ "gave_up", "forced", CGL_CH_force, EDGE_BAD, "may not fail" },
	{ "gave_up", "failed", CGL_CH_nomem, EDGE_BAD, "may fail" },
};

const unsigned int graph_nr_edges = ARRAY_SIZE(graph_edges);

/**
 * edge_count() - how many charges took an edge
 * @e: the edge
 * @charge: the counters
 *
 * Return: the count, %CGL_ABSENT where this kernel does not count it.
 */
u64 edge_count(const struct edge *e, const u64 charge[CGL_NR_CH])
{
	if (e->counter >= 0)
		return charge[e->counter];
	/* every charge that the stock did not serve ends in one of these */
	if (!cgl_is_number(charge[CGL_CH_batch]) || !cgl_is_number(charge[CGL_CH_exact]))
		return CGL_ABSENT;
	if (!cgl_is_number(charge[CGL_CH_nomem]) || !cgl_is_number(charge[CGL_CH_force]))
		return CGL_ABSENT;
	return charge[CGL_CH_batch] + charge[CGL_CH_exact] + charge[CGL_CH_nomem] +
	       charge[CGL_CH_force];
}

/* A sum that is known only if all of it is. */
static u64 add(u64 a, u64 b)
{
	return cgl_is_number(a) && cgl_is_number(b) ? a + b : CGL_ABSENT;
}

/**
 * node_count() - how many charges came to a node, by the laws of cg_list(5)
 * @name: of the node
 * @charge: the counters
 *
 * What leaves a node is not summed up: a kernel can lack an edge, and a source
 * can fail to see one, which look the same.
 *
 * Return: the count, %CGL_ABSENT where this kernel does not count it.
 */
u64 node_count(const char *name, const u64 charge[CGL_NR_CH])
{
	const u64 *c = charge;

	if (!strcmp(name, "charge"))
		return add(add(c[CGL_CH_stock], add(c[CGL_CH_batch], c[CGL_CH_exact])),
			   add(c[CGL_CH_nomem], c[CGL_CH_force]));
	if (!strcmp(name, "counters"))
		return add(add(c[CGL_CH_batch], c[CGL_CH_exact]), c[CGL_CH_limit]);
	if (!strcmp(name, "refused"))
		return c[CGL_CH_limit];
	if (!strcmp(name, "reclaim"))
		return c[CGL_CH_reclaim];
	if (!strcmp(name, "killer"))
		return c[CGL_CH_oom];
	return add(c[CGL_CH_nomem], c[CGL_CH_force]);
}

const char *edge_name(const struct edge *e)
{
	return e->counter >= 0 ? cgl_name(CGL_NAMES_CHARGE, e->counter) : "past_stock";
}

/**
 * sum_charges() - the counters of one cgroup, or of all of them together
 * @sum: filled; %CGL_ABSENT where none of them has a counter
 * @r: the cgroups
 * @only_first: of them only the first
 */
void sum_charges(u64 sum[CGL_NR_CH], const struct cgl_report *r, bool only_first)
{
	size_t i;
	int c;

	for (c = 0; c < CGL_NR_CH; c++)
		sum[c] = CGL_ABSENT;
	for (i = 0; i < r->nr_memcgs && !(only_first && i); i++)
		for (c = 0; c < CGL_NR_CH; c++)
			if (cgl_is_number(r->memcgs[i].charge[c]))
				sum[c] = cgl_or_0(sum[c]) + r->memcgs[i].charge[c];
}
