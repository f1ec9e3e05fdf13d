// SPDX-License-Identifier: GPL-2.0-only
/*
 * Charges in flight, for a kernel where each kprobe sees only one moment of
 * them: a hash by the stack pointer that they have in common.
 *
 * The end of a charge that the stock serves after all is not seen. Its entry stays
 * until its stack pointer is used again, or until it is evicted as the oldest of
 * its row.
 *
 * Entries are made a table of 256 at a time, the first when the source comes up,
 * more by a work item when one runs out of free entries. The lock of a row is
 * taken with interrupts off, for a few dozen instructions; no probe is inside.
 * It is one of the architecture's, without lockdep: that takes the breakpoint of
 * a kprobe for an NMI, where a lock could be met in the hands of what it broke.
 *
 * Cost: 19 KiB, up to 300 when 4,000 tasks wait for a limit at once.
 */
#include <linux/hash.h>
#include <linux/idr.h>
#include <linux/irq_work.h>
#include <linux/irqflags.h>
#include <linux/math64.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include "charge/table.h"
#include "source/flight.h"

#define CGL_ROW_BITS	5
#define CGL_ROWS	BIT(CGL_ROW_BITS)
#define CGL_ROW_ENTRIES	8
#define CGL_TABLES	16

/* What try_charge_memcg() has on the stack, and more. */
#define CGL_FRAME_MAX	512

/*
 * An entry that was seen last longer ago than this is most likely of a charge that is
 * over: its end was not seen. A reclaim run may take much longer; its end may have
 * been missed, too.
 */
#define CGL_FLIGHT_OLD	(10 * NSEC_PER_SEC)
#define CGL_RECLAIM_OLD	(600 * NSEC_PER_SEC)

/* Free or old entries in a row of the last table below which one more is made. */
#define CGL_ROW_RESERVE	3

struct cgl_row {
	arch_spinlock_t lock;
	struct cgl_flight entry[CGL_ROW_ENTRIES];
};

static struct cgl_row *cgl_tables[CGL_TABLES];
static atomic64_t cgl_lost;
/* Charges that were seen last before it are not counted any more. */
static u64 cgl_reset_time;

bool cgl_flight_batches __read_mostly;

static void cgl_make_table(struct work_struct *work);
static DECLARE_WORK(cgl_table_work, cgl_make_table);

static void cgl_queue_table(struct irq_work *work)
{
	schedule_work(&cgl_table_work);
}

static struct irq_work cgl_table_irq_work = IRQ_WORK_INIT(cgl_queue_table);

/* The first pointer that is NULL gets a table; nobody else writes to them. */
static int cgl_add_table(void)
{
	struct cgl_row *table;
	unsigned int i, row;

	for (i = 0; i < CGL_TABLES && cgl_tables[i]; i++)
		;
	if (i == CGL_TABLES)
		return 0;
	table = vzalloc(array_size(CGL_ROWS, sizeof(*table)));
	if (!table)
		return -ENOMEM;
	for (row = 0; row < CGL_ROWS; row++)
		table[row].lock = (arch_spinlock_t)__ARCH_SPIN_LOCK_UNLOCKED;
	/* Its contents first; pairs with cgl_row(). */
	smp_store_release(&cgl_tables[i], table);
	return 0;
}

static void cgl_make_table(struct work_struct *work)
{
	cgl_add_table();
}

static struct cgl_row *cgl_row(unsigned int table, unsigned long sp)
{
	struct cgl_row *rows;

	if (table == CGL_TABLES)
		return NULL;
	/* Pairs with cgl_add_table(). */
	rows = smp_load_acquire(&cgl_tables[table]);
	/* A stack pointer is a multiple of 8, and stacks are pages apart. */
	return rows ? &rows[hash_long(sp >> 3, CGL_ROW_BITS)] : NULL;
}

static void cgl_lock_row(struct cgl_row *row, unsigned long *flags)
{
	local_irq_save(*flags);
	arch_spin_lock(&row->lock);
}

static void cgl_unlock_row(struct cgl_row *row, unsigned long flags)
{
	arch_spin_unlock(&row->lock);
	local_irq_restore(flags);
}

/* The entry of a charge, its row locked; NULL, and nothing locked. */
static struct cgl_flight *cgl_lock_flight(unsigned long sp,
					  struct cgl_row **locked,
					  unsigned long *flags)
{
	struct cgl_row *row;
	unsigned int t, i;

	for (t = 0; (row = cgl_row(t, sp)); t++) {
		for (i = 0; i < CGL_ROW_ENTRIES; i++) {
			/*
			 * Nobody else makes or ends an entry with this sp; what
			 * others put in one, under its row's lock, is another.
			 */
			if (data_race(READ_ONCE(row->entry[i].sp)) != sp)
				continue;
			cgl_lock_row(row, flags);
			if (row->entry[i].sp == sp) {
				*locked = row;
				return &row->entry[i];
			}
			cgl_unlock_row(row, *flags);
		}
	}
	return NULL;
}

/**
 * cgl_memcg_alive - whether a memory cgroup that was seen before is still there
 * @memcg: where it was
 * @css_id: its css.id then
 * @serial: its css.serial_nr then
 *
 * A css is out of the idr a grace period before it is freed. Another one may get
 * its id and its memory, but not its serial number.
 *
 * Context: any but NMI; an RCU read section, as a kprobe's handler is, and the
 * answer holds to its end.
 */
bool cgl_memcg_alive(const struct mem_cgroup *memcg, int css_id, u64 serial)
{
	const struct cgroup_subsys_state *css;
	bool alive;

	rcu_read_lock();
	css = idr_find(&memory_cgrp_subsys.css_idr, css_id);
	alive = css == &memcg->css && css->serial_nr == serial;
	rcu_read_unlock();
	return alive;
}

static bool cgl_flight_alive(const struct cgl_flight *f)
{
	return cgl_memcg_alive(f->memcg, f->css_id, f->serial);
}

/*
 * As cgl_lock_flight(), for a charge, or a task that is throttled, that should be
 * known; what one before it has left there, whose end nobody saw, may be about a
 * cgroup that is gone, or of the other kind.
 */
static struct cgl_flight *cgl_lock_known(unsigned long sp, bool throttle,
					 struct cgl_row **locked,
					 unsigned long *flags)
{
	struct cgl_flight *f = cgl_lock_flight(sp, locked, flags);

	if (!f || (f->throttle == throttle && cgl_flight_alive(f)))
		return f;
	f->sp = 0;
	cgl_unlock_row(*locked, *flags);
	return NULL;
}

/* What is lost if an entry is used for another: nothing up to 1, most the highest. */
static unsigned int cgl_loss(const struct cgl_flight *f, u64 now)
{
	s64 age = now - READ_ONCE(f->last);

	if (!f->sp)
		return 0;
	if (age > (s64)(f->reclaiming ? CGL_RECLAIM_OLD : CGL_FLIGHT_OLD))
		return 1;
	return f->reclaiming ? 3 : 2;
}

static u64 cgl_flight_us(const struct cgl_flight *f)
{
	return div_u64(f->last - f->start, NSEC_PER_USEC);
}

/*
 * The time of a charge whose end nobody saw, up to where it was seen last. Its
 * memory cgroup may be gone since.
 */
static void cgl_count_left(const struct cgl_flight *f)
{
	if (!f->sp || f->throttle ||
	    (s64)(f->last - READ_ONCE(cgl_reset_time)) < 0)
		return;
	rcu_read_lock();
	if (cgl_flight_alive(f))
		cgl_count_slow(f->memcg, cgl_flight_us(f));
	rcu_read_unlock();
}

/*
 * The entry of this row to be used next: the one with the least to lose, of several
 * the one that was seen last the longest ago. @reserve: how many have nothing to lose.
 */
static struct cgl_flight *cgl_pick(struct cgl_row *row, u64 now,
				   unsigned int *reserve)
{
	struct cgl_flight *best = NULL;
	unsigned int i, loss, least = 0;

	*reserve = 0;
	for (i = 0; i < CGL_ROW_ENTRIES; i++) {
		struct cgl_flight *f = &row->entry[i];

		loss = cgl_loss(f, now);
		if (loss <= 1)
			++*reserve;
		if (!best || loss < least ||
		    (loss == least && f->last < best->last)) {
			best = f;
			least = loss;
		}
	}
	return best;
}

/* Puts @new in an entry, and in @left what was there. */
static void cgl_insert(const struct cgl_flight *new, struct cgl_flight *left)
{
	struct cgl_row *row, *next;
	struct cgl_flight *f;
	unsigned int t, reserve;
	unsigned long flags;
	bool last;

	for (t = 0, row = cgl_row(0, new->sp); row; t++, row = next) {
		next = cgl_row(t + 1, new->sp);
		last = !next;
		cgl_lock_row(row, &flags);
		f = cgl_pick(row, new->last, &reserve);
		if (reserve || last) {
			*left = *f;
			*f = *new;
			cgl_unlock_row(row, flags);
			if (!reserve)
				atomic64_inc(&cgl_lost);
			if (last && reserve < CGL_ROW_RESERVE &&
			    t + 1 < CGL_TABLES)
				irq_work_queue(&cgl_table_irq_work);
			return;
		}
		cgl_unlock_row(row, flags);
	}
}

/*
 * Whether a refusal belongs to the charge that was last seen with this stack
 * pointer: a charge asks for a whole batch first, if it needs less than one,
 * and for what it needs from then on. It never reclaims for the batch: of two
 * requests for as much as a batch, the second is of the same charge if that has
 * reclaimed, and so needs as much.
 */
static bool cgl_same_charge(const struct cgl_flight *f,
			    const struct mem_cgroup *memcg,
			    unsigned int nr_pages)
{
	if (f->memcg != memcg || f->serial != memcg->css.serial_nr ||
	    f->throttle)
		return false;
	if (f->nr_pages != MEMCG_CHARGE_BATCH)
		return f->nr_pages == nr_pages;
	if (f->reclaims)
		return nr_pages == MEMCG_CHARGE_BATCH;
	return nr_pages < MEMCG_CHARGE_BATCH;
}

/**
 * cgl_flight_refused - a page counter refused a charge
 * @sp: the charge's stack pointer
 * @memcg: who is charged
 * @limiter: whose counter it was
 * @memsw: whether that counter was memsw
 * @nr_pages: how much was asked for
 *
 * Context: any but NMI, preemption disabled.
 */
void cgl_flight_refused(unsigned long sp, struct mem_cgroup *memcg,
			struct mem_cgroup *limiter, bool memsw,
			unsigned int nr_pages)
{
	u64 now = ktime_get_mono_fast_ns();
	struct cgl_flight new = {
		.sp		= sp,
		.memcg		= memcg,
		.limiter	= limiter,
		.start		= now,
		.last		= now,
		.nr_pages	= nr_pages,
		.serial		= memcg->css.serial_nr,
		.css_id		= memcg->css.id,
		.memsw		= memsw,
	};
	struct cgl_flight left = { };
	struct cgl_row *row;
	struct cgl_flight *f;
	unsigned long flags;

	f = cgl_lock_flight(sp, &row, &flags);
	if (!f) {
		cgl_insert(&new, &left);
	} else if (cgl_same_charge(f, memcg, nr_pages)) {
		f->limiter = limiter;
		f->last = now;
		f->nr_pages = nr_pages;
		f->memsw = memsw;
		f->reclaiming = false;
		cgl_unlock_row(row, flags);
	} else {
		left = *f;
		*f = new;
		cgl_unlock_row(row, flags);
	}
	cgl_count_left(&left);
}

/**
 * cgl_flight_throttle - a task is about to sleep for memory.high
 * @sp: the stack pointer where it does
 * @memcg: its memory cgroup
 *
 * Context: any but NMI, preemption disabled.
 */
void cgl_flight_throttle(unsigned long sp, struct mem_cgroup *memcg)
{
	u64 now = ktime_get_mono_fast_ns();
	const struct cgl_flight new = {
		.sp		= sp,
		.memcg		= memcg,
		.start		= now,
		.last		= now,
		.serial		= memcg->css.serial_nr,
		.css_id		= memcg->css.id,
		.throttle	= true,
	};
	struct cgl_flight left = { };
	struct cgl_row *row;
	struct cgl_flight *f;
	unsigned long flags;

	f = cgl_lock_flight(sp, &row, &flags);
	if (f) {
		left = *f;
		*f = new;
		cgl_unlock_row(row, flags);
	} else {
		cgl_insert(&new, &left);
	}
	cgl_count_left(&left);
}

/* What there is to do with what is known. */
enum cgl_flight_do {
	CGL_FLIGHT_LOOK,
	CGL_FLIGHT_RECLAIM,
	CGL_FLIGHT_RECLAIMED,
	CGL_FLIGHT_END,
};

/*
 * Does it to the entry of a charge, or of a task that is throttled, and copies the
 * entry as it is then. @value: of a reclaim, its flags or what it has freed.
 * Returns whether anything is known.
 */
static bool cgl_flight_update(unsigned long sp, bool throttle,
			      enum cgl_flight_do what, unsigned long value,
			      struct cgl_flight *copy)
{
	struct cgl_row *row;
	struct cgl_flight *f;
	unsigned long flags;

	f = cgl_lock_known(sp, throttle, &row, &flags);
	if (!f)
		return false;
	if (what != CGL_FLIGHT_LOOK)
		f->last = ktime_get_mono_fast_ns();
	if (what == CGL_FLIGHT_RECLAIM) {
		f->reclaims++;
		f->reclaiming = true;
		f->gfp = (__force gfp_t)value;
	} else if (what == CGL_FLIGHT_RECLAIMED) {
		f->reclaimed_pages += value;
		f->reclaiming = false;
	}
	*copy = *f;
	if (what == CGL_FLIGHT_END)
		f->sp = 0;
	cgl_unlock_row(row, flags);
	return true;
}

/**
 * cgl_flight_reclaim - a charge begins to reclaim
 * @sp: its stack pointer
 * @gfp: flags of the allocation
 * @copy: what is known of it, with this
 *
 * Context: any but NMI.
 * Return: whether anything is known.
 */
bool cgl_flight_reclaim(unsigned long sp, gfp_t gfp, struct cgl_flight *copy)
{
	if (!cgl_flight_update(sp, false, CGL_FLIGHT_RECLAIM,
			       (__force unsigned long)gfp, copy))
		return false;
	if (copy->nr_pages == MEMCG_CHARGE_BATCH &&
	    !READ_ONCE(cgl_flight_batches))
		WRITE_ONCE(cgl_flight_batches, true);
	return true;
}

/**
 * cgl_flight_reclaimed - a charge has reclaimed
 * @sp: its stack pointer
 * @nr_reclaimed: how many pages
 * @copy: what is known of it, with this
 *
 * Context: any but NMI.
 * Return: whether anything is known.
 */
bool cgl_flight_reclaimed(unsigned long sp, unsigned long nr_reclaimed,
			  struct cgl_flight *copy)
{
	return cgl_flight_update(sp, false, CGL_FLIGHT_RECLAIMED, nr_reclaimed,
				 copy);
}

/**
 * cgl_flight_get - what is known of a charge
 * @sp: its stack pointer
 * @copy: where to put it
 *
 * Context: any but NMI.
 * Return: whether anything is known.
 */
bool cgl_flight_get(unsigned long sp, struct cgl_flight *copy)
{
	return cgl_flight_update(sp, false, CGL_FLIGHT_LOOK, 0, copy);
}

/**
 * cgl_flight_granted - a page counter granted a charge
 * @sp: the charge's stack pointer
 * @memcg: who is charged
 * @nr_pages: how much was asked for
 *
 * If it was refused before, it is over now. Another one, whose end nobody saw,
 * was over when it was seen last.
 *
 * Context: any but NMI, preemption disabled.
 */
void cgl_flight_granted(unsigned long sp, struct mem_cgroup *memcg,
			unsigned int nr_pages)
{
	struct cgl_flight over;
	struct cgl_row *row;
	struct cgl_flight *f;
	unsigned long flags;

	f = cgl_lock_flight(sp, &row, &flags);
	if (!f)
		return;
	if (cgl_same_charge(f, memcg, nr_pages))
		f->last = ktime_get_mono_fast_ns();
	over = *f;
	f->sp = 0;
	cgl_unlock_row(row, flags);
	cgl_count_left(&over);
}

/**
 * cgl_flight_end - a charge is over
 * @sp: its stack pointer
 * @copy: what was known of it; its time is counted
 *
 * Context: any but NMI, preemption disabled.
 * Return: whether anything was known.
 */
bool cgl_flight_end(unsigned long sp, struct cgl_flight *copy)
{
	if (!cgl_flight_update(sp, false, CGL_FLIGHT_END, 0, copy))
		return false;
	cgl_count_slow(copy->memcg, cgl_flight_us(copy));
	return true;
}

/**
 * cgl_flight_throttled - a task has slept for memory.high
 * @sp: the stack pointer where it did
 * @copy: what was known of it
 *
 * Context: any but NMI.
 * Return: whether anything was known.
 */
bool cgl_flight_throttled(unsigned long sp, struct cgl_flight *copy)
{
	return cgl_flight_update(sp, true, CGL_FLIGHT_END, 0, copy);
}

/**
 * cgl_flight_end_below - a charge is over, of which the frame's size is unknown
 * @sp: the stack pointer with which try_charge_memcg() was called
 * @copy: what was known of it; its time is counted
 *
 * What is left of charges whose end nobody saw may be near; this one's was seen
 * last.
 *
 * Context: any but NMI, preemption disabled. Looks %CGL_FRAME_MAX / 8 times.
 * Return: whether anything was known.
 */
bool cgl_flight_end_below(unsigned long sp, struct cgl_flight *copy)
{
	unsigned long at, best = 0;
	struct cgl_flight f;
	u64 last = 0;

	for (at = sp; at > sp - CGL_FRAME_MAX; at -= sizeof(long)) {
		if (cgl_flight_get(at, &f) && f.last >= last) {
			last = f.last;
			best = at;
		}
	}
	return best && cgl_flight_end(best, copy);
}

/**
 * cgl_flights_reset - the counters begin anew
 *
 * Context: any.
 */
void cgl_flights_reset(void)
{
	WRITE_ONCE(cgl_reset_time, ktime_get_mono_fast_ns());
}

/**
 * cgl_flights_lost - charges whose entry was used for another while they waited
 *
 * Context: any.
 */
u64 cgl_flights_lost(void)
{
	return atomic64_read(&cgl_lost);
}

/**
 * cgl_flights_memory - bytes that the tables take
 *
 * Context: any.
 */
size_t cgl_flights_memory(void)
{
	unsigned int nr = 0;

	while (nr < CGL_TABLES && READ_ONCE(cgl_tables[nr]))
		nr++;
	return nr * PAGE_ALIGN(CGL_ROWS * sizeof(struct cgl_row));
}

/**
 * cgl_flights_init - make the first table
 *
 * Context: process context, sleeps.
 * Return: 0 or -ENOMEM.
 */
int cgl_flights_init(void)
{
	return cgl_add_table();
}

/**
 * cgl_flights_exit - free the tables; no hook may be running any more
 *
 * Context: process context, sleeps.
 */
void cgl_flights_exit(void)
{
	unsigned int i;

	irq_work_sync(&cgl_table_irq_work);
	cancel_work_sync(&cgl_table_work);
	for (i = 0; i < CGL_TABLES; i++) {
		vfree(cgl_tables[i]);
		cgl_tables[i] = NULL;
	}
}
