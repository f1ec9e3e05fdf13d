// SPDX-License-Identifier: GPL-2.0-only
/*
 * Section `lru`: a memory cgroup's own pages on the LRU lists, by NUMA node and
 * zone, in bytes.
 *
 * mem_cgroup_update_lru_size() keeps these numbers by zone. With the multi-gen
 * LRU the lists are its generations instead, and lru_zone_size is 0 but for the
 * unevictable; the two youngest generations are active, by lru_gen_is_active().
 * Pages go from the one to the other when it is switched, so both are added.
 */
#include <linux/mmzone.h>
#include <linux/nodemask.h>

#include "base/compat.h"
#include "report/section.h"

/**
 * struct cgl_lru - pages of one kind, anonymous or of files, in a zone
 * @inactive: on the inactive list, or in an older generation
 * @active: on the active list, or in one of the two youngest
 */
struct cgl_lru {
	long inactive;
	long active;
};

#ifdef CONFIG_LRU_GEN
/* Adds the generations of a zone, from the youngest back. */
static void cgl_add_generations(struct cgl_lru *n,
				struct mem_cgroup_per_node *mz, int zone,
				int file)
{
	const typeof(mz->lruvec.lrugen) *lrugen = &mz->lruvec.lrugen;
	unsigned long max_seq = READ_ONCE(lrugen->max_seq);
	unsigned int i;

	for (i = 0; i < MAX_NR_GENS; i++) {
		unsigned int gen = (max_seq - i) % MAX_NR_GENS;
		long pages = READ_ONCE(lrugen->nr_pages[gen][file][zone]);

		if (i < 2)
			n->active += pages;
		else
			n->inactive += pages;
	}
}
#else
static void cgl_add_generations(struct cgl_lru *n,
				struct mem_cgroup_per_node *mz, int zone,
				int file)
{
}
#endif

/* @file is 0 or 1, as in LRU_BASE + LRU_FILE * @file. */
static struct cgl_lru cgl_lru_pages(struct mem_cgroup_per_node *mz, int zone,
				    int file)
{
	enum lru_list inactive = LRU_BASE + LRU_FILE * file;
	struct cgl_lru n = {
		.inactive	= cgl_lru_zone_size(mz, zone, inactive),
		.active		= cgl_lru_zone_size(mz, zone,
						    inactive + LRU_ACTIVE),
	};

	cgl_add_generations(&n, mz, zone, file);
	/* The generations' counts are eventually consistent. */
	n.inactive = max(n.inactive, 0L);
	n.active = max(n.active, 0L);
	return n;
}

static void cgl_show_zone(struct cgl_out *o, const struct cgl_subject *s,
			  struct zone *zone, int nid)
{
	struct mem_cgroup_per_node *mz = s->memcg->nodeinfo[nid];
	int z = zone_idx(zone);
	struct cgl_lru anon = cgl_lru_pages(mz, z, 0);
	struct cgl_lru file = cgl_lru_pages(mz, z, 1);
	unsigned long unevictable =
		cgl_lru_zone_size(mz, z, LRU_UNEVICTABLE);

	cgl_out_memcg_key(o, "lru", s);
	cgl_out_num(o, " node=", nid);
	cgl_out_lit(o, " zone=");
	cgl_out_str(o, zone->name, strlen(zone->name));
	cgl_out_pages(o, " inactive_anon=", anon.inactive);
	cgl_out_pages(o, " active_anon=", anon.active);
	cgl_out_pages(o, " inactive_file=", file.inactive);
	cgl_out_pages(o, " active_file=", file.active);
	cgl_out_pages(o, " unevictable=", unevictable);
	cgl_out_eol(o);
}

/* A part is a node: 64 nodes would not fit into a page. */
static bool cgl_show_lru(struct cgl_out *o, const struct cgl_reader *r,
			 const struct cgl_subject *s, unsigned int part)
{
	int nid = part ? next_node((int)part - 1, node_states[N_MEMORY]) :
			 first_node(node_states[N_MEMORY]);
	pg_data_t *pgdat;
	int z;

	/* Gone offline since the part before. */
	if (nid >= MAX_NUMNODES)
		return false;
	/* One line group a node; part numbers between nodes print nothing. */
	if (nid != (int)part)
		return true;

	pgdat = NODE_DATA(nid);
	for (z = 0; z < MAX_NR_ZONES; z++) {
		struct zone *zone = &pgdat->node_zones[z];

		if (populated_zone(zone))
			cgl_show_zone(o, s, zone, nid);
	}
	return next_node(nid, node_states[N_MEMORY]) < MAX_NUMNODES;
}

const struct cgl_section cgl_section_lru = {
	.name	= "lru",
	.show	= cgl_show_lru,
};
