// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stacks in the kernel log: those of the next events, as many as
 * /proc/sys/cg_list/stack_dumps says.
 *
 * The charge path must not print: a slow console, or one whose lock the charge
 * already holds, would stop it. It leaves a copy of the event in one of a few
 * entries that are kept for it, and a work item prints. Where all of them are
 * in use, the event is passed over and the number stays: so what is counted down
 * is printed, and a storm of events prints no faster than the console takes it.
 */
#include <linux/atomic.h>
#include <linux/irq_work.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "event/dump.h"
#include "event/line.h"

#define CGL_DUMPS	16

enum cgl_dump_state {
	CGL_DUMP_FREE,
	CGL_DUMP_BUSY,
	CGL_DUMP_FULL,
};

/**
 * struct cgl_dump - an event on its way to the kernel log
 * @state: enum cgl_dump_state
 * @rec: the event
 */
struct cgl_dump {
	atomic_t state;
	struct cgl_record rec;
};

/* Made when the first number is written; NULL as long as nobody wants any. */
static struct cgl_dump *cgl_dumps;
static atomic_t cgl_dumps_left;

static void cgl_dump_print(const struct cgl_record *rec)
{
	char *symbol = kmalloc(PAGE_SIZE, GFP_KERNEL);
	unsigned int i;

	pr_info("cg_list: event seq=%llu type=%s memcg_id=%llu limiter_id=%llu pid=%d comm=%.16s\n",
		rec->seq, cgl_event_type_name[rec->type],
		rec->cgroup[CGL_REF_MEMCG].id, rec->cgroup[CGL_REF_LIMITER].id,
		rec->task.ns[0] ? rec->task.pid[0] : 0,
		rec->task.ns[0] ? rec->task.comm : "(interrupt)");
	if (!symbol)
		return;
	for (i = 0; i < rec->nr_stack; i++) {
		size_t len = cgl_symbol(symbol, PAGE_SIZE, rec->stack[i]);

		pr_info("cg_list:  %.*s\n", (int)len, symbol);
	}
	kfree(symbol);
}

/* The full one with the lowest number, or NULL. */
static struct cgl_dump *cgl_dump_first(void)
{
	struct cgl_dump *first = NULL;
	unsigned int i;

	for (i = 0; i < CGL_DUMPS; i++) {
		struct cgl_dump *d = &cgl_dumps[i];

		if (atomic_read_acquire(&d->state) != CGL_DUMP_FULL)
			continue;
		if (!first || d->rec.seq < first->rec.seq)
			first = d;
	}
	return first;
}

static void cgl_dumps_print(struct work_struct *work)
{
	struct cgl_dump *d;

	while ((d = cgl_dump_first())) {
		cgl_dump_print(&d->rec);
		atomic_set_release(&d->state, CGL_DUMP_FREE);
		cond_resched();
	}
}

static DECLARE_WORK(cgl_dumps_work, cgl_dumps_print);

/* A charge can come from inside the workqueue's own locks. */
static void cgl_dumps_queue(struct irq_work *work)
{
	schedule_work(&cgl_dumps_work);
}

static struct irq_work cgl_dumps_irq_work = IRQ_WORK_INIT(cgl_dumps_queue);

/**
 * cgl_dumps_wanted - whether the stack of an event may go to the kernel log
 * @type: the event's
 *
 * Context: any.
 */
bool cgl_dumps_wanted(enum cgl_event_type type)
{
	/* Pairs with cgl_set_stack_dumps(): there is room for them, too. */
	if (likely(atomic_read_acquire(&cgl_dumps_left) <= 0))
		return false;
	return type == CGL_EVENT_charge_fail || type == CGL_EVENT_oom ||
	       type == CGL_EVENT_oom_kill;
}

/**
 * cgl_dumps_add - put the stack of an event into the kernel log, soon
 * @rec: the event, complete
 *
 * Counts down by one if it will be printed, and else does nothing.
 *
 * Context: any.
 */
void cgl_dumps_add(const struct cgl_record *rec)
{
	struct cgl_dump *dumps;
	unsigned int i;

	/* Pairs with cgl_set_stack_dumps(). */
	dumps = smp_load_acquire(&cgl_dumps);
	for (i = 0; i < CGL_DUMPS; i++) {
		struct cgl_dump *d = &dumps[i];

		if (atomic_cmpxchg(&d->state, CGL_DUMP_FREE, CGL_DUMP_BUSY) !=
		    CGL_DUMP_FREE)
			continue;
		if (atomic_dec_if_positive(&cgl_dumps_left) < 0) {
			atomic_set(&d->state, CGL_DUMP_FREE);
			return;
		}
		d->rec = *rec;
		atomic_set_release(&d->state, CGL_DUMP_FULL);
		irq_work_queue(&cgl_dumps_irq_work);
		return;
	}
}

/**
 * cgl_stack_dumps - how many events will still have their stack printed
 *
 * Context: any.
 */
unsigned int cgl_stack_dumps(void)
{
	return max(atomic_read(&cgl_dumps_left), 0);
}

/**
 * cgl_set_stack_dumps - set how many events will have their stack printed
 * @nr: at most CGL_STACK_DUMPS_MAX
 *
 * Context: process context, sleeps.
 * Return: 0 or -ENOMEM.
 */
int cgl_set_stack_dumps(unsigned int nr)
{
	if (nr && !READ_ONCE(cgl_dumps)) {
		struct cgl_dump *dumps, *old;

		dumps = kvcalloc(CGL_DUMPS, sizeof(*dumps), GFP_KERNEL);
		if (!dumps)
			return -ENOMEM;
		/* Its contents first; pairs with cgl_dumps_add(). */
		old = cmpxchg_release(&cgl_dumps, NULL, dumps);
		if (old)
			kvfree(dumps);
	}
	/* Pairs with cgl_dumps_wanted(). */
	atomic_set_release(&cgl_dumps_left, nr);
	return 0;
}

/**
 * cgl_dumps_exit - print what is still to be printed
 *
 * Nobody may add any more.
 *
 * Context: process context, sleeps.
 */
void cgl_dumps_exit(void)
{
	irq_work_sync(&cgl_dumps_irq_work);
	flush_work(&cgl_dumps_work);
	kvfree(cgl_dumps);
}
