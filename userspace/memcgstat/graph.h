/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way of a charge through try_charge, as a graph
 */
#ifndef MEMCGSTAT_GRAPH_H
#define MEMCGSTAT_GRAPH_H

#include "source.h"

enum edge_kind {
	EDGE_GOOD,		/* the charge goes through */
	EDGE_WORK,		/* it is tried again, or something is done for it */
	EDGE_BAD,		/* it dies */
};

/* An edge, and the counter that counts it; -1: a sum, from edge_count(). */
struct edge {
	const char *from, *to;
	int counter;
	enum edge_kind kind;
	const char *help;
};

struct node {
	const char *name;
	const char *label;
	const char *shape;
};

extern const struct edge graph_edges[];
extern const unsigned int graph_nr_edges;
extern const struct node graph_nodes[];
extern const unsigned int graph_nr_nodes;

u64 edge_count(const struct edge *e, const u64 charge[CGL_NR_CH]);
u64 node_count(const char *name, const u64 charge[CGL_NR_CH]);
const char *edge_name(const struct edge *e);
void sum_charges(u64 sum[CGL_NR_CH], const struct cgl_report *r, bool only_first);

#endif
