// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring of events: any number of writers, in any context, and readers that
 * never hold them up.
 *
 * A writer takes the next position by moving the head, and it may only do so if
 * the record that is there, a whole ring older, is complete. So a record has
 * one writer at a time and nobody waits: where an event comes while the one a
 * whole ring before it is still being written, it is dropped, and counted.
 * A record's state says which position it holds and whether it is complete; it
 * only ever grows, so a reader sees from it afterwards whether its copy is good.
 *
 * Cost: about 800 instructions an event with its stack, if one like it was
 * recorded before (probe/stack.c); 256 bytes an event that is kept.
 */
#include <linux/irq_work.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/vmalloc.h>

#include "event/dump.h"
#include "event/ring.h"
#include "probe/stack.h"

static unsigned int cgl_events = CGL_EVENTS_DEFAULT;
module_param_named(events, cgl_events, uint, 0444);
MODULE_PARM_DESC(events, "kept events, a power of two from 16 to 65536 (32)");

/**
 * struct cgl_slot - where a record is kept
 * @state: 2 * position + 1 while it is being written, + 2 when it is complete
 * @rec: the record
 */
struct cgl_slot {
	atomic64_t state;
	struct cgl_record rec;
};

/* A power of two, so that the default fills two pages. */
static_assert(sizeof(struct cgl_slot) <= 256);

static struct cgl_slot *cgl_ring;
static atomic64_t cgl_head;
static atomic64_t cgl_dropped;
DECLARE_WAIT_QUEUE_HEAD(cgl_ring_wait);

static struct cgl_slot *cgl_slot_at(s64 pos)
{
	return &cgl_ring[pos & (cgl_events - 1)];
}

static s64 cgl_complete(s64 pos)
{
	return 2 * pos + 2;
}

/*
 * Wakes up readers, where that is allowed: all of them, since each has a position
 * of its own, and whatever they wait for, since one may be overtaken by this.
 */
static void cgl_ring_wake(struct irq_work *work)
{
	wake_up_interruptible_all(&cgl_ring_wait);
}

static struct irq_work cgl_ring_wake_work = IRQ_WORK_INIT(cgl_ring_wake);

/* The next position's record, to be written by the caller alone; or NULL. */
static struct cgl_slot *cgl_ring_claim(s64 *pos)
{
	s64 n = atomic64_read(&cgl_head);
	struct cgl_slot *slot;

	do {
		s64 now;

		slot = cgl_slot_at(n);
		while (atomic64_read_acquire(&slot->state) !=
		       cgl_complete(n - cgl_events)) {
			now = atomic64_read(&cgl_head);
			if (now == n) {
				atomic64_inc(&cgl_dropped);
				return NULL;
			}
			n = now;
			slot = cgl_slot_at(n);
		}
	} while (!atomic64_try_cmpxchg(&cgl_head, &n, n + 1));

	atomic64_set(&slot->state, 2 * n + 1);
	/* The state before what it is about. */
	smp_wmb();
	*pos = n;
	return slot;
}

/* The stack without this module's own functions, which called from inside. */
static void cgl_record_stack(struct cgl_record *rec, const struct cgl_event *e)
{
	unsigned long trace[CGL_STACK_MAX];
	unsigned int i = 0, nr;

	nr = cgl_stack_save(trace, e->regs);
	while (i < nr && within_module_core(trace[i], THIS_MODULE))
		i++;
	rec->nr_stack = min(nr - i, CGL_STACK_ENTRIES);
	for (nr = 0; nr < rec->nr_stack; nr++)
		rec->stack[nr] = trace[i++];
}

/**
 * cgl_event_record - add an event to the ring, and wake its readers
 * @e: what is known of it
 *
 * Never sleeps, allocates, or takes a lock.
 *
 * Context: any, NMI included; an NMI that breaks into it finds the record taken and
 * uses the next. What @e points to must be good during the call.
 */
noinline void cgl_event_record(const struct cgl_event *e)
{
	struct cgl_slot *slot;
	s64 pos;

	/* A writer that is preempted half way would hold up the readers. */
	preempt_disable();
	slot = cgl_ring_claim(&pos);
	if (slot) {
		struct cgl_record *rec = &slot->rec;

		cgl_record_fill(rec, e);
		rec->seq = pos;
		cgl_record_stack(rec, e);
		if (cgl_dumps_wanted(e->type))
			cgl_dumps_add(rec);
		atomic64_set_release(&slot->state, cgl_complete(pos));
	}
	preempt_enable();

	if (wq_has_sleeper(&cgl_ring_wait))
		irq_work_queue(&cgl_ring_wake_work);
}

/**
 * cgl_ring_head - the position that the next event will get
 *
 * Context: any.
 */
s64 cgl_ring_head(void)
{
	return atomic64_read_acquire(&cgl_head);
}

/**
 * cgl_ring_oldest - the position of the oldest event that is kept
 *
 * Context: any. It can be gone at once.
 */
s64 cgl_ring_oldest(void)
{
	return max_t(s64, cgl_ring_head() - cgl_events, 0);
}

/**
 * cgl_ring_peek - whether there is an event to read
 * @pos: its position
 *
 * An event that is still being written is not there yet.
 *
 * Context: any.
 * Return: an enum cgl_ring_state.
 */
enum cgl_ring_state cgl_ring_peek(s64 pos)
{
	s64 state;

	if (pos >= cgl_ring_head())
		return CGL_RING_EMPTY;
	state = atomic64_read_acquire(&cgl_slot_at(pos)->state);
	if (state == cgl_complete(pos))
		return CGL_RING_READY;
	return state > cgl_complete(pos) ? CGL_RING_OVERTAKEN : CGL_RING_EMPTY;
}

/**
 * cgl_ring_read - copy an event
 * @pos: its position
 * @rec: where to; worth something if the result is CGL_RING_READY
 *
 * Context: any.
 * Return: as cgl_ring_peek().
 */
enum cgl_ring_state cgl_ring_read(s64 pos, struct cgl_record *rec)
{
	struct cgl_slot *slot = cgl_slot_at(pos);
	enum cgl_ring_state state = cgl_ring_peek(pos);

	if (state != CGL_RING_READY)
		return state;
	/* It may be overwritten meanwhile; that is seen below. */
	data_race(memcpy(rec, &slot->rec, sizeof(*rec)));
	/* The copy before the state that says whether it is good. */
	smp_rmb();
	if (atomic64_read(&slot->state) != cgl_complete(pos))
		return CGL_RING_OVERTAKEN;
	return CGL_RING_READY;
}

/**
 * cgl_ring_at - look at an event without a copy
 * @pos: its position
 *
 * Context: any. What is read may be of two events at once: only to see whether
 * a copy is worth it.
 * Return: the record that is or was there.
 */
const struct cgl_record *cgl_ring_at(s64 pos)
{
	return &cgl_slot_at(pos)->rec;
}

/**
 * cgl_events_recorded - events since the module was loaded
 *
 * Context: any.
 */
u64 cgl_events_recorded(void)
{
	return atomic64_read(&cgl_head) + atomic64_read(&cgl_dropped);
}

/**
 * cgl_events_overwritten - those of them that are not kept any more
 *
 * Context: any.
 */
u64 cgl_events_overwritten(void)
{
	return cgl_ring_oldest() + atomic64_read(&cgl_dropped);
}

/**
 * cgl_events_memory - bytes that the ring takes
 *
 * Context: any.
 */
size_t cgl_events_memory(void)
{
	return PAGE_ALIGN(cgl_events * sizeof(*cgl_ring));
}

/**
 * cgl_events_init - make the ring
 *
 * Context: process context.
 * Return: 0, -EINVAL for a size that cannot be, or -ENOMEM.
 */
int __init cgl_events_init(void)
{
	unsigned int i;

	if (!is_power_of_2(cgl_events) || cgl_events < CGL_EVENTS_MIN ||
	    cgl_events > CGL_EVENTS_MAX) {
		pr_err("cg_list: events=%u: must be a power of two from %u to %u\n",
		       cgl_events, CGL_EVENTS_MIN, CGL_EVENTS_MAX);
		return -EINVAL;
	}
	cgl_ring = vzalloc(cgl_events_memory());
	if (!cgl_ring)
		return -ENOMEM;
	for (i = 0; i < cgl_events; i++)
		atomic64_set(&cgl_ring[i].state,
			     cgl_complete((s64)i - cgl_events));
	return 0;
}

/**
 * cgl_events_exit - free the ring
 *
 * Nobody may record any more, nor read: cgl_events_dying() and the removal of
 * the files come first.
 *
 * Context: process context, may sleep.
 */
void cgl_events_exit(void)
{
	irq_work_sync(&cgl_ring_wake_work);
	cgl_dumps_exit();
	vfree(cgl_ring);
}
