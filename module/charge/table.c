// SPDX-License-Identifier: GPL-2.0-only
/*
 * The charge path counters: one per-CPU block a memory cgroup, in a table by
 * css.id. That number lives from css_create() until after css_free(), hence as
 * long as anything can be charged; memcg->id is given up when the cgroup goes
 * offline, and a later cgroup gets it while the earlier one is still charged.
 *
 * A block is made when the css comes online, before anyone can be charged to
 * it, and unmade when the css is freed, when nobody can any more; what it
 * counted goes to one block for all released cgroups. Cgroups that were there
 * before the module get theirs before any hook is armed.
 *
 * Cost: a load or two and an addition on the hot path; 592 bytes a cgroup and
 * possible CPU, 8 a css.id. Counting takes no lock, and no barrier. The table
 * is changed under a raw spinlock, from kprobes as well.
 *
 * An addition is one instruction, so nothing is lost to interrupts. Sums are
 * exact once the charges that were under way are over; the laws between the
 * counters hold if none was under way at a reset either.
 */
#include <linux/cpu.h>
#include <linux/idr.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "base/cgroup.h"
#include "charge/table.h"

/* How long after a failed allocation to try again. */
#define CGL_REPAIR_DELAY	HZ

struct cgl_run *cgl_table[CGL_RUNS];

static struct cgl_run cgl_no_run;
static struct cgl_block __percpu *cgl_unattributed;

/*
 * Protects the table and what was released; any context but NMI. What is looked
 * at without it, as a hint or for status, is written by WRITE_ONCE().
 */
static DEFINE_RAW_SPINLOCK(cgl_table_lock);
static struct cgl_counts cgl_released;
static unsigned int cgl_resets;
static unsigned int cgl_nr_blocks;
static unsigned int cgl_nr_runs;

/* A run kept ready, as the pool keeps blocks, where one is wanted. */
static struct cgl_run *cgl_spare_run;
static bool cgl_keep_run;

/* A cgroup came online and got no block: to be made good. */
static bool cgl_missing;
static struct delayed_work cgl_repair_work;

static struct cgl_run *cgl_run_alloc(gfp_t gfp)
{
	struct cgl_run *run = kmalloc(sizeof(*run), gfp | __GFP_NOWARN);
	unsigned int i;

	for (i = 0; run && i < CGL_RUN_BLOCKS; i++)
		run->block[i] = cgl_unattributed;
	return run;
}

static bool cgl_id_valid(unsigned int id)
{
	/* A css that was never created entirely has -1. */
	return id && id < CGL_MAX_ID;
}

/**
 * cgl_install - give a css.id a block, unless it has one
 * @id: the css.id
 * @serial: its css.serial_nr
 * @block: a block to use, or NULL; NULL afterwards if it was used
 * @spare: a run of the table, likewise
 *
 * Context: any but NMI.
 * Return: whether it has one now.
 */
static bool cgl_install(unsigned int id, u64 serial,
			struct cgl_block __percpu **block,
			struct cgl_run **spare)
{
	struct cgl_run **run = &cgl_table[id / CGL_RUN_BLOCKS];
	unsigned int i = id % CGL_RUN_BLOCKS;
	bool done = false;

	lockdep_assert_held(&cgl_table_lock);

	if (*run == &cgl_no_run && *spare) {
		/* Pairs with the dependency in cgl_block_of_id(). */
		smp_store_release(run, *spare);
		*spare = NULL;
		WRITE_ONCE(cgl_nr_runs, cgl_nr_runs + 1);
	}
	if ((*run)->block[i] != cgl_unattributed) {
		done = true;
	} else if (*run != &cgl_no_run && *block) {
		cgl_block_first(*block)->serial = serial;
		/* Pairs with the dependency in cgl_count(). */
		smp_store_release(&(*run)->block[i], *block);
		*block = NULL;
		WRITE_ONCE(cgl_nr_blocks, cgl_nr_blocks + 1);
		done = true;
	}
	return done;
}

static bool cgl_has_block(unsigned int id)
{
	return cgl_block_of_id(id) != cgl_unattributed;
}

/*
 * Takes away what a css.id leads to, if that is not a memory cgroup's with @serial;
 * what it counted is added to what was released. The adding takes long where there
 * are many CPUs, so it is done with no lock held and interrupts on: whoever reads
 * meanwhile misses these counts. A reset meanwhile is behind them: they are dropped.
 */
static void cgl_take_away(unsigned int id, bool any, u64 serial)
{
	struct cgl_block __percpu *block = cgl_unattributed;
	struct cgl_counts n = {};
	struct cgl_run *run;
	unsigned long flags;
	unsigned int resets;

	raw_spin_lock_irqsave(&cgl_table_lock, flags);
	run = cgl_table[id / CGL_RUN_BLOCKS];
	if (run != &cgl_no_run)
		block = run->block[id % CGL_RUN_BLOCKS];
	if (block != cgl_unattributed &&
	    (any || cgl_block_first(block)->serial != serial)) {
		WRITE_ONCE(run->block[id % CGL_RUN_BLOCKS], cgl_unattributed);
		WRITE_ONCE(cgl_nr_blocks, cgl_nr_blocks - 1);
	} else {
		block = cgl_unattributed;
	}
	resets = cgl_resets;
	raw_spin_unlock_irqrestore(&cgl_table_lock, flags);
	if (block == cgl_unattributed)
		return;

	cgl_counts_add_block(&n, block);
	raw_spin_lock_irqsave(&cgl_table_lock, flags);
	if (resets == cgl_resets)
		cgl_counts_add(&cgl_released, &n);
	raw_spin_unlock_irqrestore(&cgl_table_lock, flags);

	/* A reset may still be looking at it, on another CPU. */
	cgl_block_free_later(block);
}

static bool cgl_has_run(unsigned int id)
{
	return READ_ONCE(cgl_table[id / CGL_RUN_BLOCKS]) != &cgl_no_run;
}

/* A short cut to the block, for cgl_block_fast(). */
#if CGL_HAVE_ACCESS
static void cgl_point(struct mem_cgroup *memcg, unsigned int id)
{
	lockdep_assert_held(&cgl_table_lock);

	/* Pairs with the dependency in cgl_count_fast(). */
	smp_store_release(&memcg->cg_list, cgl_block_of_id(id));
}
#else
static void cgl_point(struct mem_cgroup *memcg, unsigned int id)
{
}
#endif

static void cgl_repair_later(unsigned long delay)
{
	WRITE_ONCE(cgl_missing, true);
	schedule_delayed_work(&cgl_repair_work, delay);
}

/* May sleep; the caller knows that @memcg cannot be freed meanwhile. */
static int cgl_install_sleeping(struct mem_cgroup *memcg, unsigned int id)
{
	struct cgl_block __percpu *block = NULL;
	u64 serial = memcg->css.serial_nr;
	struct cgl_run *spare = NULL;
	unsigned long flags;
	bool done;

	cgl_take_away(id, false, serial);
	if (!cgl_has_block(id))
		block = cgl_block_alloc_for(memcg->css.parent);
	if (!cgl_has_run(id))
		spare = cgl_run_alloc(GFP_KERNEL);

	raw_spin_lock_irqsave(&cgl_table_lock, flags);
	done = cgl_install(id, serial, &block, &spare);
	cgl_point(memcg, id);
	raw_spin_unlock_irqrestore(&cgl_table_lock, flags);

	cgl_block_free(block);
	kfree(spare);
	return done ? 0 : -ENOMEM;
}

/**
 * cgl_count_slow - count a charge that met a limit and is over
 * @memcg: the memory cgroup that was charged
 * @us: how long it took, in microseconds
 *
 * Context: preemption disabled.
 */
void cgl_count_slow(const struct mem_cgroup *memcg, u64 us)
{
	struct cgl_block __percpu *block = cgl_block_of(memcg);
	unsigned int bucket = us ? min(ilog2(us), CGL_SLOW_BUCKETS - 1) : 0;
	u64 max_us = this_cpu_read(block->n.slow_max_us);

	this_cpu_inc(block->n.slow);
	this_cpu_add(block->n.slow_us, us);
	this_cpu_inc(block->n.slow_hist[bucket]);
	/* An interrupt can do the same in between. */
	while (us > max_us) {
		u64 old = this_cpu_cmpxchg(block->n.slow_max_us, max_us, us);

		if (old == max_us)
			break;
		max_us = old;
	}
}

/**
 * cgl_charge_online - a memory cgroup is coming online, or was found
 * @memcg: the memory cgroup, which cannot be freed during the call
 *
 * Makes its block, unless it has one. Should that fail, its charges are counted
 * as unattributed until it is made good, from a second later on.
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int cgl_charge_online(struct mem_cgroup *memcg)
{
	unsigned int id = memcg->css.id;
	unsigned long flags;
	int ret;

	if (!cgl_id_valid(id)) {
		raw_spin_lock_irqsave(&cgl_table_lock, flags);
		cgl_point(memcg, 0);
		raw_spin_unlock_irqrestore(&cgl_table_lock, flags);
		return 0;
	}
	ret = cgl_install_sleeping(memcg, id);
	if (ret)
		cgl_repair_later(CGL_REPAIR_DELAY);
	return ret;
}

/* The one kept ready, or what can be had without sleeping. */
static struct cgl_run *cgl_run_get(void)
{
	struct cgl_run *run;
	unsigned long flags;

	raw_spin_lock_irqsave(&cgl_table_lock, flags);
	run = cgl_spare_run;
	WRITE_ONCE(cgl_spare_run, NULL);
	raw_spin_unlock_irqrestore(&cgl_table_lock, flags);

	return run ?: cgl_run_alloc(GFP_NOWAIT);
}

/* Kept ready, or freed. */
static void cgl_run_put(struct cgl_run *run)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&cgl_table_lock, flags);
	if (cgl_keep_run && !cgl_spare_run) {
		WRITE_ONCE(cgl_spare_run, run);
		run = NULL;
	}
	raw_spin_unlock_irqrestore(&cgl_table_lock, flags);

	kfree(run);
}

/* The pool and a run are as they should be; 0 or -ENOMEM. */
static int cgl_fill(void)
{
	struct cgl_run *run;
	int ret = cgl_pool_fill();

	if (ret || !READ_ONCE(cgl_keep_run) || READ_ONCE(cgl_spare_run))
		return ret;
	run = cgl_run_alloc(GFP_KERNEL);
	if (!run)
		return -ENOMEM;
	cgl_run_put(run);
	return 0;
}

/**
 * cgl_charge_pool_start - keep blocks ready for cgl_charge_online_atomic()
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int cgl_charge_pool_start(void)
{
	int ret = cgl_pool_start();

	if (ret)
		return ret;
	WRITE_ONCE(cgl_keep_run, true);
	return cgl_fill();
}

/**
 * cgl_charge_online_atomic - as cgl_charge_online(), where nobody may sleep
 * @memcg: the memory cgroup, which cannot be freed during the call
 *
 * Context: any but NMI; schedules work, so not from inside the workqueue code.
 */
void cgl_charge_online_atomic(struct mem_cgroup *memcg)
{
	unsigned int id = memcg->css.id;
	struct cgl_block __percpu *block;
	struct cgl_run *spare = NULL;
	unsigned long flags;
	bool done;

	if (!cgl_id_valid(id))
		return;
	cgl_take_away(id, false, memcg->css.serial_nr);
	if (cgl_has_block(id))
		return;
	block = cgl_pool_get(memcg->css.parent);
	if (!cgl_has_run(id))
		spare = cgl_run_get();

	raw_spin_lock_irqsave(&cgl_table_lock, flags);
	done = cgl_install(id, memcg->css.serial_nr, &block, &spare);
	raw_spin_unlock_irqrestore(&cgl_table_lock, flags);

	if (block)
		cgl_pool_put(block);
	if (spare)
		cgl_run_put(spare);
	if (!done)
		cgl_repair_later(0);
	else if (cgl_pool_short())
		schedule_delayed_work(&cgl_repair_work, 0);
}

#if CGL_HAVE_ACCESS

/**
 * cgl_charge_populate - give each memory cgroup a block that has none
 *
 * For cgroups that existed before their coming online was watched, and for those
 * for which there was no memory. The kernel holds cgroup_mutex meanwhile: one that
 * fails to come online is not seen, and none that is seen can be freed.
 *
 * Context: process context, may sleep. Takes cgroup_mutex.
 * Return: 0 or -ENOMEM.
 */
int cgl_charge_populate(void)
{
	return cg_list_memcg_walk(cgl_charge_online);
}

#else

/* How many csses are passed before others may run. */
#define CGL_WALK_MAX	512

/* Under RCU. */
static bool cgl_is_served(const struct cgroup_subsys_state *css)
{
	struct cgl_block __percpu *block = cgl_block_of_id(css->id);

	return block != cgl_unattributed &&
	       cgl_block_first(block)->serial == css->serial_nr;
}

/*
 * The next css behind @css, a reference to which it takes over, that has no block,
 * or that is CGL_WALK_MAX away; referenced. One that is only coming online is
 * passed, since it is freed whoever has a reference if it fails to: @early is set.
 */
static struct cgroup_subsys_state *
cgl_next_missing(struct cgroup_subsys_state *css, bool *early)
{
	struct cgroup_subsys_state *root, *last = css;
	unsigned int passed = 0;

	rcu_read_lock();
	/* The root's css: cgroup_init_subsys(). */
	root = idr_find(&memory_cgrp_subsys.css_idr, 1);
	while ((css = css_next_descendant_pre(css, root))) {
		if (cgl_css_was_online(css)) {
			if ((!cgl_is_served(css) || ++passed >= CGL_WALK_MAX) &&
			    css_tryget(css))
				break;
		} else if (!cgl_is_served(css)) {
			*early = true;
		}
	}
	rcu_read_unlock();

	if (last)
		css_put(last);
	return css;
}

/**
 * cgl_charge_populate - give each memory cgroup a block that has none
 *
 * As above, where cgroup_mutex is out of reach: by a walk from css to css under
 * RCU, each referenced while memory for it is allocated. Offline ones that are only
 * held by their charges are among them.
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int cgl_charge_populate(void)
{
	struct cgroup_subsys_state *css = NULL;
	bool early = false;
	int ret = 0;

	while ((css = cgl_next_missing(css, &early))) {
		if (cgl_id_valid(css->id) &&
		    cgl_install_sleeping(mem_cgroup_from_css(css), css->id))
			ret = -ENOMEM;
		cond_resched();
	}
	if (early)
		cgl_repair_later(CGL_REPAIR_DELAY);
	return ret;
}

#endif

static void cgl_repair(struct work_struct *work)
{
	bool again = cgl_fill();

	if (xchg(&cgl_missing, false) && cgl_charge_populate()) {
		WRITE_ONCE(cgl_missing, true);
		again = true;
	}
	if (again)
		schedule_delayed_work(&cgl_repair_work, CGL_REPAIR_DELAY);
}

/**
 * cgl_charge_free - a memory cgroup is being freed
 * @memcg: the memory cgroup; nobody can be charged to it any more
 *
 * Context: any but NMI.
 */
void cgl_charge_free(struct mem_cgroup *memcg)
{
	unsigned int id = memcg->css.id;

	if (cgl_id_valid(id))
		cgl_take_away(id, true, 0);
}

/* What one CPU counted in a run; cgl_no_run stands for the unattributed. */
static void cgl_zero_cpu(const struct cgl_run *run, int cpu)
{
	unsigned int i;

	if (run == &cgl_no_run) {
		cgl_block_zero(cgl_unattributed, cpu);
		return;
	}
	for (i = 0; i < CGL_RUN_BLOCKS; i++) {
		struct cgl_block __percpu *block = READ_ONCE(run->block[i]);

		if (block != cgl_unattributed)
			cgl_block_zero(block, cpu);
	}
}

static void cgl_zero_this_cpu(void *run)
{
	cgl_zero_cpu(run, smp_processor_id());
}

static void cgl_zero_run(struct cgl_run *run)
{
	int cpu;

	on_each_cpu(cgl_zero_this_cpu, run, 1);
	rcu_read_lock();
	for_each_cpu(cpu, &cgl_cpus)
		if (!cpu_online(cpu))
			cgl_zero_cpu(run, cpu);
	rcu_read_unlock();
}

/**
 * cgl_charge_zero - zero all counters
 *
 * Each CPU zeroes its own counts with interrupts off, a run of the table at a
 * time, so that no addition straddles it: one is either zeroed or kept. A block
 * that is freed meanwhile stays until all CPUs are past it, since interrupts
 * off is an RCU section; what it adds to the released ones is from before, or
 * zero, since those come last, and is dropped if it comes after them.
 *
 * Context: process context, sleeps; one at a time.
 */
void cgl_charge_zero(void)
{
	unsigned long flags;
	unsigned int i;

	cpus_read_lock();
	for (i = 0; i < CGL_RUNS; i++) {
		struct cgl_run *run = READ_ONCE(cgl_table[i]);

		if (run != &cgl_no_run)
			cgl_zero_run(run);
	}
	cgl_zero_run(&cgl_no_run);
	cpus_read_unlock();

	raw_spin_lock_irqsave(&cgl_table_lock, flags);
	memset(&cgl_released, 0, sizeof(cgl_released));
	cgl_resets++;
	raw_spin_unlock_irqrestore(&cgl_table_lock, flags);
}

/**
 * cgl_charge_unattributed - what was counted on no cgroup, for want of a block
 *
 * Return: a number of countings, of whatever counter.
 */
u64 cgl_charge_unattributed(void)
{
	struct cgl_counts n = {};
	u64 sum = 0;
	unsigned int i;

	cgl_counts_add_block(&n, cgl_unattributed);
	for (i = 0; i < CGL_NR_COUNTERS; i++)
		if (i != CGL_COUNT_reclaimed_pages)
			sum += n.counter[i];
	return sum;
}

/**
 * cgl_charge_released - what cgroups counted that are gone
 * @n: where to put it
 *
 * Context: any but NMI.
 */
void cgl_charge_released(struct cgl_counts *n)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&cgl_table_lock, flags);
	*n = cgl_released;
	raw_spin_unlock_irqrestore(&cgl_table_lock, flags);
}

/**
 * cgl_charge_block - the block of a memory cgroup, for reading
 * @memcg: the memory cgroup, referenced
 *
 * Return: the block, NULL if it has none.
 */
struct cgl_block __percpu *cgl_charge_block(const struct mem_cgroup *memcg)
{
	struct cgl_block __percpu *block = cgl_block_of(memcg);

	return block == cgl_unattributed ? NULL : block;
}

/**
 * cgl_charge_memory - memory that the counters use
 *
 * Return: bytes.
 */
size_t cgl_charge_memory(void)
{
	size_t blocks = 1 + READ_ONCE(cgl_nr_blocks) + cgl_pool_blocks();
	size_t runs = READ_ONCE(cgl_nr_runs) + !!READ_ONCE(cgl_spare_run);

	return blocks * sizeof(struct cgl_block) * num_possible_cpus() +
	       runs * sizeof(struct cgl_run);
}

/**
 * cgl_charge_init - make an empty table
 *
 * Context: process context, may sleep; before any source.
 * Return: 0 or -errno.
 */
int __init cgl_charge_init(void)
{
	unsigned int i;
	int ret;

	cgl_unattributed = cgl_block_alloc(GFP_KERNEL);
	if (!cgl_unattributed)
		return -ENOMEM;
	for (i = 0; i < CGL_RUN_BLOCKS; i++)
		cgl_no_run.block[i] = cgl_unattributed;
	for (i = 0; i < CGL_RUNS; i++)
		cgl_table[i] = &cgl_no_run;
	INIT_DELAYED_WORK(&cgl_repair_work, cgl_repair);

	ret = cgl_blocks_init();
	if (ret)
		free_percpu(cgl_unattributed);
	return ret;
}

/**
 * cgl_charge_exit - free the table
 *
 * Context: process context, sleeps; when no source is left, and no reader.
 */
void cgl_charge_exit(void)
{
	unsigned int i, j;

	cancel_delayed_work_sync(&cgl_repair_work);
	cgl_blocks_exit();

	for (i = 0; i < CGL_RUNS; i++) {
		if (cgl_table[i] == &cgl_no_run)
			continue;
		for (j = 0; j < CGL_RUN_BLOCKS; j++)
			if (cgl_table[i]->block[j] != cgl_unattributed)
				free_percpu(cgl_table[i]->block[j]);
		kfree(cgl_table[i]);
	}
	kfree(cgl_spare_run);
	free_percpu(cgl_unattributed);
}
