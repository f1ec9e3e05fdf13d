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

#include "cg_list.h"

/* Pages on one list; type is LRU_BASE (anon) or LRU_FILE. */
static unsigned long cgl_lru_pages(struct mem_cgroup_per_node *mz, int zone,
				   enum lru_list lru)
{
	long pages = READ_ONCE(mz->lru_zone_size[zone][lru]);

#ifdef CONFIG_LRU_GEN
	if (lru != LRU_UNEVICTABLE) {
		struct cgl_lrugen *lrugen = &mz->lruvec.lrugen;
		int type = lru >= LRU_FILE;
		bool active = lru == LRU_ACTIVE_ANON || lru == LRU_ACTIVE_FILE;
		unsigned long max_seq = READ_ONCE(lrugen->max_seq);
		int gen;

		for (gen = 0; gen < MAX_NR_GENS; gen++) {
			bool young = gen == max_seq % MAX_NR_GENS ||
				     gen == (max_seq - 1) % MAX_NR_GENS;

			if (young == active)
				pages += READ_ONCE(lrugen->nr_pages[gen][type][zone]);
		}
	}
#endif
	/* The generations' counts are eventually consistent. */
	return max(pages, 0L);
}

static void cgl_show_zone(struct cgl_out *o, const struct cgl_subject *s,
			  struct zone *zone, int nid)
{
	struct mem_cgroup_per_node *mz = s->memcg->nodeinfo[nid];
	int z = zone_idx(zone);

	cgl_out_memcg_key(o, "lru", s);
	cgl_out_num(o, " node=", nid);
	cgl_out_lit(o, " zone=");
	cgl_out_escaped(o, zone->name, strlen(zone->name));
	cgl_out_pages(o, " inactive_anon=",
		      cgl_lru_pages(mz, z, LRU_INACTIVE_ANON));
	cgl_out_pages(o, " active_anon=",
		      cgl_lru_pages(mz, z, LRU_ACTIVE_ANON));
	cgl_out_pages(o, " inactive_file=",
		      cgl_lru_pages(mz, z, LRU_INACTIVE_FILE));
	cgl_out_pages(o, " active_file=",
		      cgl_lru_pages(mz, z, LRU_ACTIVE_FILE));
	cgl_out_pages(o, " unevictable=",
		      cgl_lru_pages(mz, z, LRU_UNEVICTABLE));
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
