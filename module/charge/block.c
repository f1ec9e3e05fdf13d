// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blocks of counters: made, kept ready, added up, zeroed and freed.
 *
 * Only CPUs that were ever online are looked at, since a machine may have many
 * more that are possible.
 *
 * Who may make cgroups makes blocks, hundreds of bytes a possible CPU each. So a
 * block is charged to the parent of its memory cgroup, as the kernel charges the
 * cgroup itself (mem_cgroup_css_alloc()). Where a cgroup comes online under a probe
 * nothing can be charged: the block comes from the pool, and the parent pays for
 * the one that takes its place. Charged to nobody are the pool itself, at most
 * CGL_UNPAID_MAX blocks that were had without sleeping, and those for which their
 * payer had no room (see cgl_block_alloc_for()).
 */
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/error-injection.h>
#include <linux/memcontrol.h>
#include <linux/minmax.h>
#include <linux/sched/mm.h>
#include <linux/spinlock.h>

#include "charge/block.h"

/* Blocks kept ready for cgroups that come online where nobody may sleep. */
#define CGL_POOL_BLOCKS		4
/* Blocks that are charged to nobody, besides those of cgroups that were there. */
#define CGL_UNPAID_MAX		64

/* Protects the pool; any context but NMI. */
static DEFINE_RAW_SPINLOCK(cgl_pool_lock);
static struct cgl_block __percpu *cgl_pool[CGL_POOL_BLOCKS];
/* Of each place that is empty: who pays for what fills it, referenced, or NULL. */
static struct cgroup_subsys_state *cgl_pool_payer[CGL_POOL_BLOCKS];
static atomic_t cgl_unpaid;
/* Looked at without the lock as well, as a hint or for status. */
static unsigned int cgl_pool_nr;
static bool cgl_pool_on;

struct cpumask cgl_cpus;
static enum cpuhp_state cgl_cpuhp;

/**
 * cgl_block_alloc - make a block, all zero
 * @gfp: how; nothing is said in the log where it fails
 *
 * Context: as @gfp allows.
 * Return: the block, for free_percpu(), or NULL.
 */
noinline struct cgl_block __percpu *cgl_block_alloc(gfp_t gfp)
{
	struct cgl_block __percpu *block;

	block = alloc_percpu_gfp(struct cgl_block, gfp | __GFP_NOWARN);
	if (block)
		cgl_block_first(block)->self = block;
	return block;
}

/* Per-CPU memory is not among what a kernel can be made to run out of. */
ALLOW_ERROR_INJECTION(cgl_block_alloc, NULL);

/**
 * cgl_block_alloc_for - make a block and charge it
 * @payer: the css of the memory cgroup that is charged, referenced; NULL: nobody is
 *
 * A payer at its limit is made to reclaim, but no task of it is killed for a block;
 * if there is still no room nobody is charged. That is no way out: a limit that has
 * no room for a block has none for the next cgroup either, whose own memory the
 * kernel charges first.
 *
 * Context: process context, may sleep.
 * Return: as cgl_block_alloc().
 */
struct cgl_block __percpu *cgl_block_alloc_for(struct cgroup_subsys_state *payer)
{
	struct cgl_block __percpu *block = NULL;
	struct mem_cgroup *old;

	if (payer) {
		old = set_active_memcg(mem_cgroup_from_css(payer));
		block = cgl_block_alloc(GFP_KERNEL_ACCOUNT | __GFP_NORETRY);
		set_active_memcg(old);
	}
	return block ?: cgl_block_alloc(GFP_KERNEL);
}

/**
 * cgl_block_free - free a block that nobody has seen
 * @block: the block, or NULL
 *
 * Context: any but NMI.
 */
void cgl_block_free(struct cgl_block __percpu *block)
{
	if (block && cgl_block_first(block)->unpaid)
		atomic_dec(&cgl_unpaid);
	free_percpu(block);
}

static void cgl_block_free_rcu(struct rcu_head *rcu)
{
	cgl_block_free(container_of(rcu, struct cgl_block, rcu)->self);
}

/**
 * cgl_block_free_later - free a block when nobody counts in it or reads it
 * @block: the block, which nothing leads to any more
 *
 * Context: any but NMI.
 */
void cgl_block_free_later(struct cgl_block __percpu *block)
{
	call_rcu(&cgl_block_first(block)->rcu, cgl_block_free_rcu);
}

/**
 * cgl_block_zero - forget what one CPU counted
 * @block: the block
 * @cpu: the CPU
 *
 * Context: on that CPU with interrupts off, or while it is offline; an RCU read
 * section, if the block can be freed meanwhile.
 */
void cgl_block_zero(struct cgl_block __percpu *block, int cpu)
{
	u64 *n = (u64 *)&per_cpu_ptr(block, cpu)->n;
	unsigned int i;

	/* Others may be adding them up. */
	for (i = 0; i < sizeof(block->n) / sizeof(*n); i++)
		WRITE_ONCE(n[i], 0);
}

/**
 * cgl_counts_add - add counts to others
 * @sum: to what they are added
 * @n: the counts
 *
 * Context: any.
 */
void cgl_counts_add(struct cgl_counts *sum, const struct cgl_counts *n)
{
	cgl_counts_sum(sum->counter, n->counter, CGL_NR_COUNTERS);
	cgl_counts_sum(sum->origin, n->origin, CGL_NR_ORIGINS);
	cgl_counts_sum(sum->slow_hist, n->slow_hist, CGL_SLOW_BUCKETS);
	sum->slow += READ_ONCE(n->slow);
	sum->slow_us += READ_ONCE(n->slow_us);
	sum->slow_max_us = max(sum->slow_max_us, READ_ONCE(n->slow_max_us));
}

/**
 * cgl_counts_add_block - add up what all CPUs counted
 * @sum: to what it is added
 * @block: the block, which cannot be freed meanwhile
 *
 * Context: any.
 */
void cgl_counts_add_block(struct cgl_counts *sum,
			  const struct cgl_block __percpu *block)
{
	int cpu;

	for_each_cpu(cpu, &cgl_cpus)
		cgl_counts_add(sum, &per_cpu_ptr(block, cpu)->n);
}

/**
 * cgl_pool_blocks - how many blocks are kept ready
 *
 * Context: any.
 */
unsigned int cgl_pool_blocks(void)
{
	return READ_ONCE(cgl_pool_nr);
}

/**
 * cgl_pool_short - whether there is room for more
 *
 * Context: any.
 */
bool cgl_pool_short(void)
{
	return READ_ONCE(cgl_pool_on) && cgl_pool_blocks() < CGL_POOL_BLOCKS;
}

/* Without sleeping, and so charged to nobody: not too many of them. */
static struct cgl_block __percpu *cgl_block_alloc_unpaid(void)
{
	struct cgl_block __percpu *block = NULL;

	if (atomic_inc_return(&cgl_unpaid) <= CGL_UNPAID_MAX)
		block = cgl_block_alloc(GFP_NOWAIT);
	if (block)
		cgl_block_first(block)->unpaid = true;
	else
		atomic_dec(&cgl_unpaid);
	return block;
}

/**
 * cgl_pool_get - take a block from the pool, or what can be had without sleeping
 * @payer: the css of the memory cgroup that is to pay for it; NULL: nobody is
 *
 * Context: any but NMI; @payer cannot be freed during the call.
 * Return: the block or NULL.
 */
struct cgl_block __percpu *cgl_pool_get(struct cgroup_subsys_state *payer)
{
	struct cgl_block __percpu *block = NULL;
	unsigned long flags;

	if (payer && !css_tryget(payer))
		payer = NULL;
	raw_spin_lock_irqsave(&cgl_pool_lock, flags);
	if (cgl_pool_nr) {
		WRITE_ONCE(cgl_pool_nr, cgl_pool_nr - 1);
		block = cgl_pool[cgl_pool_nr];
		swap(payer, cgl_pool_payer[cgl_pool_nr]);
	}
	raw_spin_unlock_irqrestore(&cgl_pool_lock, flags);

	if (payer)
		css_put(payer);
	return block ?: cgl_block_alloc_unpaid();
}

/**
 * cgl_pool_put - put a block into the pool, or free it
 * @block: the block, unused; or NULL
 *
 * Context: any but NMI.
 */
void cgl_pool_put(struct cgl_block __percpu *block)
{
	struct cgroup_subsys_state *payer = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&cgl_pool_lock, flags);
	if (block && cgl_pool_on && cgl_pool_nr < CGL_POOL_BLOCKS) {
		swap(payer, cgl_pool_payer[cgl_pool_nr]);
		cgl_pool[cgl_pool_nr] = block;
		WRITE_ONCE(cgl_pool_nr, cgl_pool_nr + 1);
		block = NULL;
	}
	raw_spin_unlock_irqrestore(&cgl_pool_lock, flags);

	if (payer)
		css_put(payer);
	cgl_block_free(block);
}

/* Who pays for the next block of the pool, for css_put(); NULL: nobody. */
static struct cgroup_subsys_state *cgl_pool_next_payer(void)
{
	struct cgroup_subsys_state *payer = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&cgl_pool_lock, flags);
	if (cgl_pool_nr < CGL_POOL_BLOCKS)
		swap(payer, cgl_pool_payer[cgl_pool_nr]);
	raw_spin_unlock_irqrestore(&cgl_pool_lock, flags);
	return payer;
}

/**
 * cgl_pool_fill - fill the pool, if it has been started
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int cgl_pool_fill(void)
{
	while (cgl_pool_short()) {
		struct cgroup_subsys_state *payer = cgl_pool_next_payer();
		struct cgl_block __percpu *block = cgl_block_alloc_for(payer);

		if (payer)
			css_put(payer);
		if (!block)
			return -ENOMEM;
		cgl_pool_put(block);
	}
	return 0;
}

/**
 * cgl_pool_start - keep blocks ready from now on
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int cgl_pool_start(void)
{
	WRITE_ONCE(cgl_pool_on, true);
	return cgl_pool_fill();
}

/* Called for the CPUs that are online, then for each that is to come. */
static int cgl_cpu_prepare(unsigned int cpu)
{
	cpumask_set_cpu(cpu, &cgl_cpus);
	return 0;
}

/**
 * cgl_blocks_init - begin to note which CPUs there are
 *
 * Context: process context, may sleep.
 * Return: 0 or a negative errno.
 */
int __init cgl_blocks_init(void)
{
	int ret = cpuhp_setup_state(CPUHP_BP_PREPARE_DYN, "cg_list:prepare",
				    cgl_cpu_prepare, NULL);

	if (ret < 0)
		return ret;
	cgl_cpuhp = ret;
	return 0;
}

/**
 * cgl_blocks_exit - the reverse, and the end of the pool
 *
 * Context: process context, sleeps. Waits for cgl_block_free_later().
 */
void cgl_blocks_exit(void)
{
	unsigned int i;

	cpuhp_remove_state_nocalls(cgl_cpuhp);
	rcu_barrier();
	while (cgl_pool_nr)
		cgl_block_free(cgl_pool[--cgl_pool_nr]);
	for (i = 0; i < CGL_POOL_BLOCKS; i++)
		if (cgl_pool_payer[i])
			css_put(cgl_pool_payer[i]);
}
