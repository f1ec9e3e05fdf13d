/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is counted of one memory cgroup: a block of counters a CPU.
 */
#ifndef CGL_BLOCK_H
#define CGL_BLOCK_H

#include <linux/cgroup.h>
#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include <cg_list/names.h>

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
 * @serial: of the first possible CPU: css.serial_nr of its memory cgroup. A css.id
 *	comes again; its cgroup may have gone unseen, with probes switched off.
 * @unpaid: of the first possible CPU: it is charged to nobody
 */
struct cgl_block {
	struct cgl_counts n;
	struct rcu_head rcu;
	struct cgl_block __percpu *self;
	u64 serial;
	bool unpaid;
};

/* More would not fit in 1 KiB a cgroup and CPU. */
static_assert(sizeof(struct cgl_block) <= 1024);

/* CPUs that were online at any time since loading: only these have counted. */
extern struct cpumask cgl_cpus;

/* Adds up @count numbers that others may be changing. */
static inline void cgl_counts_sum(u64 *sum, const u64 *n, unsigned int count)
{
	while (count--)
		*sum++ += READ_ONCE(*n++);
}

/* What a block is besides its counts stands with the first possible CPU's. */
static inline struct cgl_block *cgl_block_first(struct cgl_block __percpu *block)
{
	return per_cpu_ptr(block, cpumask_first(cpu_possible_mask));
}

struct cgl_block __percpu *cgl_block_alloc(gfp_t gfp);
struct cgl_block __percpu *cgl_block_alloc_for(struct cgroup_subsys_state *payer);
void cgl_block_free(struct cgl_block __percpu *block);
void cgl_block_free_later(struct cgl_block __percpu *block);
void cgl_block_zero(struct cgl_block __percpu *block, int cpu);
void cgl_counts_add(struct cgl_counts *sum, const struct cgl_counts *n);
void cgl_counts_add_block(struct cgl_counts *sum,
			  const struct cgl_block __percpu *block);

int cgl_pool_start(void);
struct cgl_block __percpu *cgl_pool_get(struct cgroup_subsys_state *payer);
void cgl_pool_put(struct cgl_block __percpu *block);
int cgl_pool_fill(void);
bool cgl_pool_short(void);
unsigned int cgl_pool_blocks(void);

int cgl_blocks_init(void);
void cgl_blocks_exit(void);

#endif /* CGL_BLOCK_H */
