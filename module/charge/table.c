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
 * Cost: a load or two and an addition on the hot path; 568 bytes a cgroup and
 * possible CPU, 8 a css.id. Counting takes no lock, and no barrier. The table
 * is changed under a raw spinlock, from kprobes as well.
 *
 * An addition is one instruction, so nothing is lost to interrupts. Sums are
 * exact once the charges that were under way are over; the laws between the
 * counters hold if none was under way at a reset either.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/error-injection.h>
#include <linux/idr.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include "cg_list.h"
#include "charge/table.h"
#include "source/source.h"

/* Blocks kept ready for cgroups that come online where nobody may sleep. */
#define CGL_POOL_BLOCKS		4
/* How long after a failed allocation to try again. */
#define CGL_REPAIR_DELAY	HZ

struct cgl_slots *cgl_table[CGL_RUNS];

static struct cgl_slots cgl_no_slots;
static struct cgl_block __percpu *cgl_unattributed;

/*
 * Protects the table, the pool and what was released; any context but NMI. What
 * is looked at without it, as a hint or for status, is written by WRITE_ONCE().
 */
static DEFINE_RAW_SPINLOCK(cgl_table_lock);
static struct cgl_counts cgl_released;
static unsigned int cgl_nr_blocks;
static unsigned int cgl_nr_slots;

static struct cgl_block __percpu *cgl_pool[CGL_POOL_BLOCKS];
static unsigned int cgl_pool_nr;
static struct cgl_slots *cgl_pool_slots;
static bool cgl_pool_on;

/* A cgroup came online and got no block: to be made good. */
static bool cgl_missing;
static struct delayed_work cgl_repair_work;

/* CPUs that were online at any time since loading: only these have counted. */
struct cpumask cgl_cpus;
static enum cpuhp_state cgl_cpuhp;

static DEFINE_MUTEX(cgl_reset_mutex);
static u64 cgl_since;

static noinline struct cgl_block __percpu *cgl_block_alloc(gfp_t gfp)
{
	struct cgl_block __percpu *block;

	block = alloc_percpu_gfp(struct cgl_block, gfp | __GFP_NOWARN);
	if (block)
		per_cpu_ptr(block, cpumask_first(cpu_possible_mask))->self = block;
	return block;
}

/* Per-CPU memory is not among what a kernel can be made to run out of. */
ALLOW_ERROR_INJECTION(cgl_block_alloc, NULL);

static struct cgl_slots *cgl_slots_alloc(gfp_t gfp)
{
	struct cgl_slots *slots = kmalloc(sizeof(*slots), gfp | __GFP_NOWARN);
	unsigned int i;

	for (i = 0; slots && i < CGL_SLOTS; i++)
		slots->slot[i] = cgl_unattributed;
	return slots;
}

static bool cgl_id_valid(unsigned int id)
{
	/* A css that was never created entirely has -1. */
	return id && id < CGL_MAX_ID;
}

/**
 * cgl_install - give a css.id a block, unless it has one
 * @id: the css.id
 * @block: a block to use, or NULL; NULL afterwards if it was used
 * @slots: a run of the table, likewise
 *
 * Context: any but NMI.
 * Return: whether it has one now.
 */
static bool cgl_install(unsigned int id, struct cgl_block __percpu **block,
			struct cgl_slots **slots)
{
	struct cgl_slots **run = &cgl_table[id / CGL_SLOTS];
	unsigned int i = id % CGL_SLOTS;
	bool done = false;

	lockdep_assert_held(&cgl_table_lock);

	if (*run == &cgl_no_slots && *slots) {
		/* Pairs with the dependency in cgl_block_of_id(). */
		smp_store_release(run, *slots);
		*slots = NULL;
		WRITE_ONCE(cgl_nr_slots, cgl_nr_slots + 1);
	}
	if ((*run)->slot[i] != cgl_unattributed) {
		done = true;
	} else if (*run != &cgl_no_slots && *block) {
		/* Pairs with the dependency in cgl_count(). */
		smp_store_release(&(*run)->slot[i], *block);
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

/* A short cut to the block, for cgl_block_fast(). */
static void cgl_point(struct mem_cgroup *memcg, unsigned int id)
{
#if CGL_HAVE_ACCESS
	lockdep_assert_held(&cgl_table_lock);

	/* Pairs with the dependency in cgl_count_fast(). */
	smp_store_release(&memcg->cg_list, cgl_block_of_id(id));
#endif
}

static void cgl_repair_later(unsigned long delay)
{
	WRITE_ONCE(cgl_missing, true);
	schedule_delayed_work(&cgl_repair_work, delay);
}

/* May sleep; the caller knows that @memcg cannot be freed meanwhile. */
static int cgl_install_sleeping(struct mem_cgroup *memcg, unsigned int id)
{
	struct cgl_block __percpu *block = NULL;
	struct cgl_slots *slots = NULL;
	unsigned long flags;
	bool done;

	if (!cgl_has_block(id))
		block = cgl_block_alloc(GFP_KERNEL);
	if (READ_ONCE(cgl_table[id / CGL_SLOTS]) == &cgl_no_slots)
		slots = cgl_slots_alloc(GFP_KERNEL);

	raw_spin_lock_irqsave(&cgl_table_lock, flags);
	done = cgl_install(id, &block, &slots);
	cgl_point(memcg, id);
	raw_spin_unlock_irqrestore(&cgl_table_lock, flags);

	free_percpu(block);
	kfree(slots);
	return done ? 0 : -ENOMEM;
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

/* From the pool, or what can be had without sleeping; @slots only if wanted. */
static void cgl_pool_get(struct cgl_block __percpu **block,
			 struct cgl_slots **slots, bool want_slots)
{
	unsigned long flags;

	*block = NULL;
	*slots = NULL;
	raw_spin_lock_irqsave(&cgl_table_lock, flags);
	if (cgl_pool_nr) {
		*block = cgl_pool[cgl_pool_nr - 1];
		WRITE_ONCE(cgl_pool_nr, cgl_pool_nr - 1);
	}
	if (want_slots) {
		*slots = cgl_pool_slots;
		WRITE_ONCE(cgl_pool_slots, NULL);
	}
	raw_spin_unlock_irqrestore(&cgl_table_lock, flags);

	if (!*block)
		*block = cgl_block_alloc(GFP_NOWAIT);
	if (want_slots && !*slots)
		*slots = cgl_slots_alloc(GFP_NOWAIT);
}

/* Into the pool, or back to where it came from. Returns whether it is full. */
static bool cgl_pool_put(struct cgl_block __percpu *block,
			 struct cgl_slots *slots)
{
	unsigned long flags;
	bool full;

	raw_spin_lock_irqsave(&cgl_table_lock, flags);
	if (block && cgl_pool_on && cgl_pool_nr < CGL_POOL_BLOCKS) {
		cgl_pool[cgl_pool_nr] = block;
		WRITE_ONCE(cgl_pool_nr, cgl_pool_nr + 1);
		block = NULL;
	}
	if (cgl_pool_on && !cgl_pool_slots) {
		WRITE_ONCE(cgl_pool_slots, slots);
		slots = NULL;
	}
	full = !cgl_pool_on ||
	       (cgl_pool_nr == CGL_POOL_BLOCKS && cgl_pool_slots);
	raw_spin_unlock_irqrestore(&cgl_table_lock, flags);

	free_percpu(block);
	kfree(slots);
	return full;
}

static int cgl_pool_fill(void)
{
	struct cgl_block __percpu *block;
	struct cgl_slots *slots;
	bool full = !READ_ONCE(cgl_pool_on);

	while (!full) {
		block = NULL;
		slots = NULL;
		if (READ_ONCE(cgl_pool_nr) < CGL_POOL_BLOCKS) {
			block = cgl_block_alloc(GFP_KERNEL);
			if (!block)
				return -ENOMEM;
		}
		if (!READ_ONCE(cgl_pool_slots)) {
			slots = cgl_slots_alloc(GFP_KERNEL);
			if (!slots) {
				cgl_pool_put(block, NULL);
				return -ENOMEM;
			}
		}
		full = cgl_pool_put(block, slots);
	}
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
	WRITE_ONCE(cgl_pool_on, true);
	return cgl_pool_fill();
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
	struct cgl_slots *slots;
	unsigned long flags;
	bool done;

	if (!cgl_id_valid(id) || cgl_has_block(id))
		return;
	cgl_pool_get(&block, &slots,
		     READ_ONCE(cgl_table[id / CGL_SLOTS]) == &cgl_no_slots);

	raw_spin_lock_irqsave(&cgl_table_lock, flags);
	done = cgl_install(id, &block, &slots);
	raw_spin_unlock_irqrestore(&cgl_table_lock, flags);

	cgl_pool_put(block, slots);
	if (!done)
		cgl_repair_later(0);
	else if (READ_ONCE(cgl_pool_nr) < CGL_POOL_BLOCKS)
		schedule_delayed_work(&cgl_repair_work, 0);
}

/*
 * Gives one that was found a block. On a stock kernel it cannot be told that one
 * has just failed to come online; there a block too many does no harm. On a patched
 * one it is told from memory that is freed a few instructions before the kernel
 * forgets the id (css_free_rwork_fn()): a window that only its cgroup_mutex would
 * close, and that a failed mkdir and a repair at the same moment have to meet.
 * Returns whether there is a block for another one.
 */
static bool cgl_populate_one(struct cgroup_subsys_state *css, unsigned int id,
			     struct cgl_block __percpu **block,
			     struct cgl_slots **slots)
{
	unsigned long flags;

	if (CGL_HAVE_ACCESS && !cgl_css_was_online(css)) {
		cgl_repair_later(CGL_REPAIR_DELAY);
		return true;
	}
	raw_spin_lock_irqsave(&cgl_table_lock, flags);
	cgl_install(id, block, slots);
	cgl_point(mem_cgroup_from_css(css), id);
	raw_spin_unlock_irqrestore(&cgl_table_lock, flags);
	return *block;
}

/**
 * cgl_charge_populate - give each memory cgroup a block that has none
 *
 * For cgroups that existed before their coming online was watched. Online ones
 * and those that are only held by their charges are in the subsystem's idr
 * until the last reference is gone. An id that is found there, under RCU, is
 * freed a grace period later at the earliest, hence after the RCU section: then
 * the block that it got here goes too. Not so one that fails to come online,
 * which is there until it is freed: it gets its block when it is told to be
 * online, or after that.
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int cgl_charge_populate(void)
{
	struct cgl_block __percpu *block = NULL;
	struct cgl_slots *slots = NULL;
	struct cgroup_subsys_state *css;
	int id = 1, ret = 0;

	do {
		if (!block)
			block = cgl_block_alloc(GFP_KERNEL);
		if (!slots)
			slots = cgl_slots_alloc(GFP_KERNEL);
		if (!block || !slots) {
			ret = -ENOMEM;
			break;
		}

		rcu_read_lock();
		while ((css = idr_get_next(&memory_cgrp_subsys.css_idr, &id))) {
			if (cgl_id_valid(id) && !cgl_has_block(id)) {
				if (!cgl_populate_one(css, id, &block, &slots))
					break;
			}
			id++;
		}
		rcu_read_unlock();
		cond_resched();
	} while (css);

	free_percpu(block);
	kfree(slots);
	return ret;
}

static void cgl_repair(struct work_struct *work)
{
	bool again = cgl_pool_fill();

	if (xchg(&cgl_missing, false) && cgl_charge_populate()) {
		WRITE_ONCE(cgl_missing, true);
		again = true;
	}
	if (again)
		schedule_delayed_work(&cgl_repair_work, CGL_REPAIR_DELAY);
}

static void cgl_block_free_rcu(struct rcu_head *rcu)
{
	free_percpu(container_of(rcu, struct cgl_block, rcu)->self);
}

/**
 * cgl_charge_free - a memory cgroup is being freed
 * @memcg: the memory cgroup; nobody can be charged to it any more
 *
 * Context: any but NMI.
 */
void cgl_charge_free(struct mem_cgroup *memcg)
{
	struct cgl_block __percpu *block = cgl_unattributed;
	unsigned int id = memcg->css.id;
	struct cgl_slots *run;
	unsigned long flags;
	int cpu;

	if (!cgl_id_valid(id))
		return;

	raw_spin_lock_irqsave(&cgl_table_lock, flags);
	run = cgl_table[id / CGL_SLOTS];
	if (run != &cgl_no_slots) {
		block = run->slot[id % CGL_SLOTS];
		WRITE_ONCE(run->slot[id % CGL_SLOTS], cgl_unattributed);
	}
	if (block != cgl_unattributed) {
		cgl_counts_add_block(&cgl_released, block);
		WRITE_ONCE(cgl_nr_blocks, cgl_nr_blocks - 1);
	}
	raw_spin_unlock_irqrestore(&cgl_table_lock, flags);

	/* A reset may still be looking at it, on another CPU. */
	if (block != cgl_unattributed) {
		cpu = cpumask_first(cpu_possible_mask);
		call_rcu(&per_cpu_ptr(block, cpu)->rcu, cgl_block_free_rcu);
	}
}

static void cgl_zero(struct cgl_block *block)
{
	u64 *n = (u64 *)&block->n;
	unsigned int i;

	/* Others may be adding them up. */
	for (i = 0; i < sizeof(block->n) / sizeof(*n); i++)
		WRITE_ONCE(n[i], 0);
}

/* What one CPU counted in a run; cgl_no_slots stands for the unattributed. */
static void cgl_zero_cpu(const struct cgl_slots *slots, int cpu)
{
	unsigned int i;

	if (slots == &cgl_no_slots) {
		cgl_zero(per_cpu_ptr(cgl_unattributed, cpu));
		return;
	}
	for (i = 0; i < CGL_SLOTS; i++) {
		struct cgl_block __percpu *block = READ_ONCE(slots->slot[i]);

		if (block != cgl_unattributed)
			cgl_zero(per_cpu_ptr(block, cpu));
	}
}

static void cgl_zero_this_cpu(void *slots)
{
	cgl_zero_cpu(slots, smp_processor_id());
}

static void cgl_zero_run(struct cgl_slots *slots)
{
	int cpu;

	on_each_cpu(cgl_zero_this_cpu, slots, 1);
	rcu_read_lock();
	for_each_cpu(cpu, &cgl_cpus)
		if (!cpu_online(cpu))
			cgl_zero_cpu(slots, cpu);
	rcu_read_unlock();
}

/*
 * Each CPU zeroes its own counts with interrupts off, a run of the table at a
 * time, so that no addition straddles it: one is either zeroed or kept. A block
 * that is freed meanwhile stays until all CPUs are past it, since interrupts
 * off is an RCU section; and what it adds to the released ones is from before,
 * or zero, since those come last.
 */
static void cgl_charge_reset(void)
{
	unsigned long flags;
	unsigned int i;

	mutex_lock(&cgl_reset_mutex);
	cpus_read_lock();
	for (i = 0; i < CGL_RUNS; i++) {
		struct cgl_slots *slots = READ_ONCE(cgl_table[i]);

		if (slots != &cgl_no_slots)
			cgl_zero_run(slots);
	}
	cgl_zero_run(&cgl_no_slots);
	cpus_read_unlock();

	raw_spin_lock_irqsave(&cgl_table_lock, flags);
	memset(&cgl_released, 0, sizeof(cgl_released));
	raw_spin_unlock_irqrestore(&cgl_table_lock, flags);
	cgl_source_reset();
	WRITE_ONCE(cgl_since, ktime_get_ns());
	mutex_unlock(&cgl_reset_mutex);
}

static int cgl_reset_open(struct inode *inode, struct file *file)
{
	return cgl_open_admin();
}

static ssize_t cgl_reset_write(struct file *file, const char __user *ubuf,
			       size_t count, loff_t *pos)
{
	char buf[2];

	if (!count || count > sizeof(buf))
		return -EINVAL;
	if (copy_from_user(buf, ubuf, count))
		return -EFAULT;
	if (buf[0] != '1' || (count == 2 && buf[1] != '\n'))
		return -EINVAL;
	cgl_charge_reset();
	return count;
}

const struct proc_ops cgl_reset_ops = {
	.proc_open	= cgl_reset_open,
	.proc_write	= cgl_reset_write,
	.proc_lseek	= noop_llseek,
};

/* For `status`. */

/**
 * cgl_charge_since - when counting began: at loading, or the last reset
 *
 * Return: CLOCK_MONOTONIC, in nanoseconds.
 */
u64 cgl_charge_since(void)
{
	return READ_ONCE(cgl_since);
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
	size_t blocks = 1 + READ_ONCE(cgl_nr_blocks) + READ_ONCE(cgl_pool_nr);
	size_t slots = READ_ONCE(cgl_nr_slots) + !!READ_ONCE(cgl_pool_slots);

	return blocks * sizeof(struct cgl_block) * num_possible_cpus() +
	       slots * sizeof(struct cgl_slots);
}

/* Called for the CPUs that are online, then for each that is to come. */
static int cgl_cpu_prepare(unsigned int cpu)
{
	cpumask_set_cpu(cpu, &cgl_cpus);
	return 0;
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
	for (i = 0; i < CGL_SLOTS; i++)
		cgl_no_slots.slot[i] = cgl_unattributed;
	for (i = 0; i < CGL_RUNS; i++)
		cgl_table[i] = &cgl_no_slots;
	INIT_DELAYED_WORK(&cgl_repair_work, cgl_repair);

	ret = cpuhp_setup_state(CPUHP_BP_PREPARE_DYN, "cg_list:prepare",
				cgl_cpu_prepare, NULL);
	if (ret < 0) {
		free_percpu(cgl_unattributed);
		return ret;
	}
	cgl_cpuhp = ret;
	cgl_since = ktime_get_ns();
	return 0;
}

/**
 * cgl_charge_exit - free the table
 *
 * Context: process context, sleeps; when no source is left, and no reader.
 */
void cgl_charge_exit(void)
{
	unsigned int i, j;

	cpuhp_remove_state_nocalls(cgl_cpuhp);
	cancel_delayed_work_sync(&cgl_repair_work);
	rcu_barrier();

	for (i = 0; i < CGL_RUNS; i++) {
		if (cgl_table[i] == &cgl_no_slots)
			continue;
		for (j = 0; j < CGL_SLOTS; j++)
			if (cgl_table[i]->slot[j] != cgl_unattributed)
				free_percpu(cgl_table[i]->slot[j]);
		kfree(cgl_table[i]);
	}
	while (cgl_pool_nr)
		free_percpu(cgl_pool[--cgl_pool_nr]);
	kfree(cgl_pool_slots);
	free_percpu(cgl_unattributed);
}
