/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The charge path counters: one block a memory cgroup and CPU, which a probe on
 * the hot path finds with two loads and no search.
 */
#ifndef CGL_CHARGE_H
#define CGL_CHARGE_H

#include <linux/memcontrol.h>
#include <linux/percpu.h>
#include <linux/seq_file.h>

#include <cg_list/names.h>

#include "base/compat.h"

#define CGL_COUNTER_ENUM(key, name, ...)	CGL_COUNT_##name,
enum cgl_counter {
	CGL_COUNTERS(CGL_COUNTER_ENUM)
	CGL_NR_COUNTERS
};

#define CGL_ORIGIN_ENUM(key, name, ...)	CGL_ORIGIN_##name,
enum cgl_origin {
	CGL_ORIGINS(CGL_ORIGIN_ENUM)
	CGL_NR_ORIGINS
};

/* A set of counters: what a source provides. */
#define CGL_BIT(name)		BIT_ULL(CGL_COUNT_##name)

/**
 * struct cgl_counts - what was counted of a memory cgroup
 * @counter: by enum cgl_counter
 * @origin: pages, by enum cgl_origin
 * @slow: charges that met a limit
 * @slow_us: their time, in microseconds
 * @slow_max_us: of the longest of them
 * @slow_hist: how many took how long, by power of two
 */
struct cgl_counts {
	u64 counter[CGL_NR_COUNTERS];
	u64 origin[CGL_NR_ORIGINS];
	u64 slow;
	u64 slow_us;
	u64 slow_max_us;
	u64 slow_hist[CGL_SLOW_BUCKETS];
};

/**
 * struct cgl_block - what one CPU counted of one memory cgroup
 * @n: the counts
 * @rcu: of the first possible CPU: to free the block. Not inside @n, which a
 *	reset may still be zeroing then.
 * @self: of the first possible CPU: the block
 */
struct cgl_block {
	struct cgl_counts n;
	struct rcu_head rcu;
	struct cgl_block __percpu *self;
};

/* More would not fit in 1 KiB a cgroup and CPU. */
static_assert(sizeof(struct cgl_block) <= 1024);

/*
 * css.id to block: a page of pointers to runs of pointers, enough for twice as
 * many memory cgroups as can be online. No pointer in them is ever NULL: what
 * has no run leads to one that is shared, and what has no block to one where
 * the counts are seen as unattributed.
 */
#define CGL_SLOTS		256
#define CGL_RUNS		512
#define CGL_MAX_ID		(CGL_SLOTS * CGL_RUNS)

struct cgl_slots {
	struct cgl_block __percpu *slot[CGL_SLOTS];
};

extern struct cgl_slots *cgl_table[CGL_RUNS];

/* 0 is no cgroup's id, so its slot always leads to the unattributed block. */
static __always_inline struct cgl_block __percpu *cgl_block_of_id(unsigned int id)
{
	if (unlikely(id >= CGL_MAX_ID))
		id = 0;
	return READ_ONCE(READ_ONCE(cgl_table[id / CGL_SLOTS])->slot[id % CGL_SLOTS]);
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

/* counts.c: reading. CPUs that were online at any time: only these counted. */
extern struct cpumask cgl_cpus;
void cgl_counts_add_block(struct cgl_counts *sum,
			  const struct cgl_block __percpu *block);
struct cgl_block __percpu *cgl_charge_block(const struct mem_cgroup *memcg);
void cgl_charge_released(struct cgl_counts *n);

/* A source tells what becomes of memory cgroups. */
int cgl_charge_online(struct mem_cgroup *memcg);
void cgl_charge_online_atomic(struct mem_cgroup *memcg);
void cgl_charge_free(struct mem_cgroup *memcg);
int cgl_charge_pool_start(void);
int cgl_charge_populate(void);

/* status.c */
u64 cgl_charge_since(void);
u64 cgl_charge_unattributed(void);
size_t cgl_charge_memory(void);

#endif /* CGL_CHARGE_H */
