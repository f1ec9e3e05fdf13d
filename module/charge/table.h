/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a memory cgroup to its block of counters, which a probe on the hot path
 * finds with two loads and no search.
 */
#ifndef CGL_TABLE_H
#define CGL_TABLE_H

#include <linux/memcontrol.h>
#include <linux/percpu.h>

#include "base/compat.h"
#include "charge/block.h"

/*
 * css.id to block: a page of pointers to runs of pointers, enough for twice as
 * many memory cgroups as can be online. No pointer in them is ever NULL: what
 * has no run leads to one that is shared, and what has no block to one where
 * the counts are seen as unattributed.
 */
#define CGL_RUN_BLOCKS		256
#define CGL_RUNS		512
#define CGL_MAX_ID		(CGL_RUN_BLOCKS * CGL_RUNS)

struct cgl_run {
	struct cgl_block __percpu *block[CGL_RUN_BLOCKS];
};

extern struct cgl_run *cgl_table[CGL_RUNS];

/* 0 is no cgroup's id, so its entry always leads to the unattributed block. */
static __always_inline struct cgl_block __percpu *cgl_block_of_id(unsigned int id)
{
	if (unlikely(id >= CGL_MAX_ID))
		id = 0;
	return READ_ONCE(READ_ONCE(cgl_table[id / CGL_RUN_BLOCKS])
			 ->block[id % CGL_RUN_BLOCKS]);
}

/**
 * cgl_block_of - where a memory cgroup is counted
 * @memcg: the memory cgroup, which need not be online
 *
 * Never NULL. No barrier: the pointers lead to initialised memory by address
 * dependency.
 *
 * Context: any. @memcg is referenced, or preemption is disabled for as long as
 * the result is used.
 */
static __always_inline struct cgl_block __percpu *
cgl_block_of(const struct mem_cgroup *memcg)
{
	return cgl_block_of_id(memcg->css.id);
}

#if CGL_HAVE_ACCESS
/**
 * cgl_block_fast - the same, with a single load, for the hot path
 * @memcg: a memory cgroup of which cgl_charge_online() was told
 *
 * The patched kernel tells of each one, before anyone can be charged to it, and
 * gives a pointer in it to whom it tells. A kprobe may miss one: use
 * cgl_block_of() there.
 *
 * Context: preemption disabled for as long as the result is used.
 */
static __always_inline struct cgl_block __percpu *
cgl_block_fast(const struct mem_cgroup *memcg)
{
	return READ_ONCE(memcg->cg_list);
}

#define cgl_count_fast(memcg, name)					\
	this_cpu_inc(cgl_block_fast(memcg)->n.counter[CGL_COUNT_##name])
#endif

/* Count one, or n. Preemption disabled. */
#define cgl_count(memcg, name)						\
	this_cpu_inc(cgl_block_of(memcg)->n.counter[CGL_COUNT_##name])
#define cgl_count_add(memcg, name, nr)					\
	this_cpu_add(cgl_block_of(memcg)->n.counter[CGL_COUNT_##name], nr)

void cgl_count_slow(const struct mem_cgroup *memcg, u64 us);

/* A source tells what becomes of memory cgroups. */
int cgl_charge_online(struct mem_cgroup *memcg);
void cgl_charge_online_atomic(struct mem_cgroup *memcg);
void cgl_charge_free(struct mem_cgroup *memcg);
int cgl_charge_pool_start(void);
int cgl_charge_populate(void);

struct cgl_block __percpu *cgl_charge_block(const struct mem_cgroup *memcg);
void cgl_charge_released(struct cgl_counts *n);
u64 cgl_charge_unattributed(void);
size_t cgl_charge_memory(void);
void cgl_charge_zero(void);

int cgl_charge_init(void);
void cgl_charge_exit(void);

#endif /* CGL_TABLE_H */
