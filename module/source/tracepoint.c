// SPDX-License-Identifier: GPL-2.0-only
/*
 * The source on a patched kernel: the trace events of try_charge_memcg() and
 * its callers. It sees everything.
 *
 * Cost, on the hot path: what a trace event with one listener costs, and
 * cgl_count_fast(). Besides: a handful of additions where a charge meets a limit,
 * and an event where one fails, is forced, or enters the OOM path.
 *
 * Probes run in any context that can charge, interrupts and (from 7.2 on) NMIs
 * included, with preemption disabled; they take no lock, and what they write is
 * written by one instruction or, in the ring, claimed first.
 */
#include "base/compat.h"
#include "base/status_line.h"
#include "charge/table.h"
#include "event/ring.h"
#include "source/source.h"

#if CGL_HAVE_TRACEPOINTS && CGL_HAVE_ACCESS

#include <linux/math64.h>
#include <linux/oom.h>
#include <linux/timekeeping.h>
#include <linux/tracepoint.h>
#include <trace/events/cgroup.h>
#include <trace/events/memcg_charge.h>

/* Both sides have the same order, so that no table is needed between them. */
static_assert(CGL_NR_ORIGINS == (int)NR_MEMCG_ORIGIN);
static_assert(CGL_ORIGIN_anon == (int)MEMCG_ORIGIN_ANON);
static_assert(CGL_ORIGIN_file == (int)MEMCG_ORIGIN_FILE);
static_assert(CGL_ORIGIN_shmem == (int)MEMCG_ORIGIN_SHMEM);
static_assert(CGL_ORIGIN_swapin == (int)MEMCG_ORIGIN_SWAPIN);
static_assert(CGL_ORIGIN_kmem == (int)MEMCG_ORIGIN_KMEM);
static_assert(CGL_ORIGIN_sock == (int)MEMCG_ORIGIN_SOCK);
static_assert(CGL_ORIGIN_hugetlb == (int)MEMCG_ORIGIN_HUGETLB);
static_assert(CGL_ORIGIN_other == (int)MEMCG_ORIGIN_OTHER);
static_assert(CGL_NR_WHYS == (int)NR_MEMCG_WHY);
static_assert(CGL_WHY_none == (int)MEMCG_WHY_NONE);
static_assert(CGL_WHY_memalloc == (int)MEMCG_WHY_MEMALLOC);
static_assert(CGL_WHY_in_oom == (int)MEMCG_WHY_IN_OOM);
static_assert(CGL_WHY_atomic == (int)MEMCG_WHY_ATOMIC);
static_assert(CGL_WHY_victim == (int)MEMCG_WHY_VICTIM);
static_assert(CGL_WHY_noretry == (int)MEMCG_WHY_NORETRY);
static_assert(CGL_WHY_mayfail == (int)MEMCG_WHY_MAYFAIL);
static_assert(CGL_WHY_dying == (int)MEMCG_WHY_DYING);
static_assert(CGL_WHY_oom == (int)MEMCG_WHY_OOM);

static const u8 cgl_counter_of_why[NR_MEMCG_WHY] = {
	[MEMCG_WHY_MEMALLOC]	= CGL_COUNT_why_memalloc,
	[MEMCG_WHY_IN_OOM]	= CGL_COUNT_why_in_oom,
	[MEMCG_WHY_ATOMIC]	= CGL_COUNT_why_atomic,
	[MEMCG_WHY_VICTIM]	= CGL_COUNT_why_victim,
	[MEMCG_WHY_NORETRY]	= CGL_COUNT_why_noretry,
	[MEMCG_WHY_MAYFAIL]	= CGL_COUNT_why_mayfail,
	[MEMCG_WHY_DYING]	= CGL_COUNT_why_dying,
	[MEMCG_WHY_OOM]		= CGL_COUNT_why_oom,
};

static const u8 cgl_counter_of_retry[NR_MEMCG_RETRY] = {
	[MEMCG_RETRY_SHRINK]	= CGL_COUNT_shrink,
	[MEMCG_RETRY_MARGIN]	= CGL_COUNT_retry_margin,
	[MEMCG_RETRY_DRAIN]	= CGL_COUNT_retry_drain,
	[MEMCG_RETRY_PROGRESS]	= CGL_COUNT_retry_progress,
	[MEMCG_RETRY_MOVE]	= CGL_COUNT_retry_move,
	[MEMCG_RETRY_COUNT]	= CGL_COUNT_retry_count,
	[MEMCG_RETRY_OOM]	= CGL_COUNT_oom_retry,
};

static u64 cgl_us_since(u64 start)
{
	return div_u64(ktime_get_mono_fast_ns() - start, NSEC_PER_USEC);
}

/* The fast path. */

static notrace void cgl_on_memcg_charge_stock(void *data,
					      struct mem_cgroup *memcg,
					      gfp_t gfp, unsigned int nr_pages)
{
	cgl_count_fast(memcg, stock);
}

static notrace void cgl_on_memcg_charge_counter(void *data,
						struct mem_cgroup *memcg,
						gfp_t gfp,
						unsigned int nr_pages,
						unsigned int batch)
{
	if (batch > nr_pages)
		cgl_count_fast(memcg, batch);
	else
		cgl_count_fast(memcg, exact);
}

static notrace void cgl_on_memcg_charge_origin(void *data,
					       struct mem_cgroup *memcg,
					       enum memcg_charge_origin origin,
					       gfp_t gfp, unsigned int nr_pages)
{
	this_cpu_add(cgl_block_fast(memcg)->n.origin[origin], nr_pages);
}

/* A limit was met. */

static void cgl_on_memcg_charge_limit(void *data, struct mem_cgroup *memcg,
				      struct mem_cgroup *limiter, bool memsw,
				      gfp_t gfp, unsigned int nr_pages,
				      unsigned int batch)
{
	cgl_count(memcg, limit);
	cgl_count(limiter, limited);
	if (memsw) {
		cgl_count(memcg, limit_memsw);
		cgl_count(limiter, limited_memsw);
	}
}

static void cgl_on_memcg_charge_reclaim(void *data, struct mem_cgroup *memcg,
					struct mem_cgroup *limiter, gfp_t gfp,
					unsigned int nr_pages,
					unsigned long nr_reclaimed)
{
	cgl_count(memcg, reclaim);
	cgl_count_add(memcg, reclaimed_pages, nr_reclaimed);
	cgl_count(limiter, limited_reclaim);
}

static void cgl_on_memcg_charge_retry(void *data, struct mem_cgroup *memcg,
				      struct mem_cgroup *limiter,
				      enum memcg_charge_retry reason,
				      int nr_retries)
{
	unsigned int counter = cgl_counter_of_retry[reason];

	this_cpu_inc(cgl_block_of(memcg)->n.counter[counter]);
}

static void cgl_on_memcg_charge_oom(void *data, struct mem_cgroup *memcg,
				    struct mem_cgroup *limiter, gfp_t gfp,
				    unsigned int nr_pages, int order)
{
	struct cgl_event e = {
		.type		= CGL_EVENT_oom,
		.has		= CGL_HAS_GFP | CGL_HAS_ORDER |
				  CGL_HAS_NR_PAGES,
		.order		= order,
		.gfp		= gfp,
		.nr_pages	= nr_pages,
		.memcg		= memcg,
		.limiter	= limiter,
	};

	cgl_count(memcg, oom);
	/* For a larger one mem_cgroup_oom() returns without an OOM event. */
	if (order <= PAGE_ALLOC_COSTLY_ORDER)
		cgl_count(limiter, limited_oom);
	cgl_event_record(&e);
}

/*
 * Whether a charge left the retry loop before its first reclaim. The first three
 * reasons hold from its beginning or not at all. A task can become a victim while
 * it reclaims: if it did not reclaim, it tried again only with its batch shrunk to
 * what it needed, if that is less than a batch.
 */
static bool cgl_before_reclaim(enum memcg_charge_why why,
			       unsigned int nr_pages, unsigned int retries)
{
	switch (why) {
	case MEMCG_WHY_MEMALLOC:
	case MEMCG_WHY_IN_OOM:
	case MEMCG_WHY_ATOMIC:
		return true;
	case MEMCG_WHY_VICTIM:
		return retries == (nr_pages < MEMCG_CHARGE_BATCH);
	default:
		return false;
	}
}

static void cgl_on_memcg_charge_end(void *data, struct mem_cgroup *memcg,
				    struct mem_cgroup *limiter, bool memsw,
				    gfp_t gfp, unsigned int nr_pages,
				    enum memcg_charge_outcome outcome,
				    enum memcg_charge_why why,
				    unsigned int retries,
				    unsigned long reclaimed, u64 start)
{
	struct cgl_event e = {
		.type		= CGL_EVENT_charge_fail,
		.has		= CGL_HAS_GFP | CGL_HAS_ORDER |
				  CGL_HAS_NR_PAGES | CGL_HAS_COUNTER |
				  CGL_HAS_WHY | CGL_HAS_RETRIES |
				  CGL_HAS_RECLAIMED | CGL_HAS_OUTCOME,
		.memsw		= memsw,
		.force		= outcome == MEMCG_OUTCOME_FORCE,
		.why		= (enum cgl_why)why,
		.order		= get_order(nr_pages * PAGE_SIZE),
		.gfp		= gfp,
		.nr_pages	= nr_pages,
		.retries	= retries,
		.reclaimed_pages = reclaimed,
		.memcg		= memcg,
		.limiter	= limiter,
	};

	if (start) {
		e.us = cgl_us_since(start);
		e.has |= CGL_HAS_US;
		cgl_count_slow(memcg, e.us);
	}
	if (outcome == MEMCG_OUTCOME_OK)
		return;

	this_cpu_inc(cgl_block_of(memcg)->n.counter[cgl_counter_of_why[why]]);
	if (e.force) {
		e.type = CGL_EVENT_charge_force;
		cgl_count(memcg, force);
		if (cgl_before_reclaim(why, nr_pages, retries))
			cgl_count(limiter, limited_force);
	} else {
		cgl_count(memcg, nomem);
		if (cgl_before_reclaim(why, nr_pages, retries))
			cgl_count(limiter, limited_nomem);
	}
	cgl_event_record(&e);
}

/* A limit was exceeded, or somebody paid for it. */

static void cgl_on_memcg_charge_high(void *data, struct mem_cgroup *memcg,
				     struct mem_cgroup *over, gfp_t gfp,
				     unsigned int nr_pages)
{
	cgl_count(memcg, high);
}

static void cgl_on_memcg_high_throttle(void *data, struct mem_cgroup *memcg,
				       unsigned int nr_pages,
				       unsigned long penalty_jiffies, u64 start)
{
	struct cgl_event e = {
		.type		= CGL_EVENT_high,
		.has		= CGL_HAS_NR_PAGES,
		.nr_pages	= nr_pages,
		.memcg		= memcg,
	};

	if (start) {
		e.us = cgl_us_since(start);
		e.has |= CGL_HAS_US;
	}
	cgl_event_record(&e);
}

static void cgl_on_memcg_oom_kill(void *data, struct mem_cgroup *victim_memcg,
				  struct task_struct *victim,
				  struct mem_cgroup *oom_memcg)
{
	struct cgl_event e = {
		.type		= CGL_EVENT_oom_kill,
		.limiter	= oom_memcg,
		.victim		= victim,
		.victim_memcg	= victim_memcg,
	};

	/* Without a limiter the trace event does not tell what there was too little of. */
	if (oom_memcg) {
		e.has = CGL_HAS_CONSTRAINT;
		e.constraint = CONSTRAINT_MEMCG;
	}
	cgl_count(victim_memcg, killed);
	cgl_event_record(&e);
}

static void cgl_on_cgroup_move(void *data, struct cgroup *from,
			       struct cgroup *to, struct task_struct *leader,
			       int threads, int ret)
{
	struct cgl_move move;
	struct cgl_event e = {
		.type		= CGL_EVENT_migrate,
		.has		= CGL_HAS_RET | CGL_HAS_THREADS,
		.move		= &move,
		.threads	= threads,
		.ret		= ret,
	};

	cgl_move_fill(&move, from, to, leader);
	cgl_event_record(&e);
}

/* Arming them. */

/**
 * struct cgl_trace_event - a trace event and its probe
 * @tp: the trace event
 * @probe: its probe
 * @fast_path: from which fast_path on it is armed
 */
struct cgl_trace_event {
	struct tracepoint *tp;
	void *probe;
	int fast_path;
};

#define CGL_TRACE_EVENT(event, level)					\
	{							\
		.tp		= &__tracepoint_##event,	\
		.probe		= cgl_on_##event,		\
		.fast_path	= (level),			\
	}

static const struct cgl_trace_event cgl_trace_events[] = {
	CGL_TRACE_EVENT(memcg_charge_limit, CGL_FAST_NONE),
	CGL_TRACE_EVENT(memcg_charge_reclaim, CGL_FAST_NONE),
	CGL_TRACE_EVENT(memcg_charge_retry, CGL_FAST_NONE),
	CGL_TRACE_EVENT(memcg_charge_oom, CGL_FAST_NONE),
	CGL_TRACE_EVENT(memcg_charge_end, CGL_FAST_NONE),
	CGL_TRACE_EVENT(memcg_charge_high, CGL_FAST_NONE),
	CGL_TRACE_EVENT(memcg_high_throttle, CGL_FAST_NONE),
	CGL_TRACE_EVENT(memcg_oom_kill, CGL_FAST_NONE),
	CGL_TRACE_EVENT(cgroup_move, CGL_FAST_NONE),
	CGL_TRACE_EVENT(memcg_charge_counter, CGL_FAST_ALL),
	CGL_TRACE_EVENT(memcg_charge_stock, CGL_FAST_ALL),
	CGL_TRACE_EVENT(memcg_charge_origin, CGL_FAST_ORIGIN),
};

static bool cgl_trace_event_armed[ARRAY_SIZE(cgl_trace_events)];

/* The table above takes any function: let the compiler see each pair once. */
static void cgl_check_probes(void)
{
#define CGL_CHECK(event)	\
	check_trace_callback_type_##event(cgl_on_##event)
	CGL_CHECK(memcg_charge_limit);
	CGL_CHECK(memcg_charge_reclaim);
	CGL_CHECK(memcg_charge_retry);
	CGL_CHECK(memcg_charge_oom);
	CGL_CHECK(memcg_charge_end);
	CGL_CHECK(memcg_charge_high);
	CGL_CHECK(memcg_high_throttle);
	CGL_CHECK(memcg_oom_kill);
	CGL_CHECK(cgroup_move);
	CGL_CHECK(memcg_charge_counter);
	CGL_CHECK(memcg_charge_stock);
	CGL_CHECK(memcg_charge_origin);
#undef CGL_CHECK
}

static void cgl_disarm(unsigned int i)
{
	if (cgl_trace_event_armed[i])
		tracepoint_probe_unregister(cgl_trace_events[i].tp, cgl_trace_events[i].probe,
					    NULL);
	WRITE_ONCE(cgl_trace_event_armed[i], false);
}

static int cgl_arm(unsigned int i)
{
	int ret = tracepoint_probe_register(cgl_trace_events[i].tp, cgl_trace_events[i].probe,
					    NULL);

	if (!ret)
		WRITE_ONCE(cgl_trace_event_armed[i], true);
	return ret;
}

/* Arm what is armed from fast_path @from on up to @to, all or nothing. */
static int cgl_arm_range(int from, int to)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(cgl_trace_events); i++) {
		if (cgl_trace_events[i].fast_path < from ||
		    cgl_trace_events[i].fast_path > to)
			continue;
		ret = cgl_arm(i);
		if (ret)
			goto err;
	}
	return 0;

err:
	while (i--)
		if (cgl_trace_events[i].fast_path >= from &&
		    cgl_trace_events[i].fast_path <= to)
			cgl_disarm(i);
	return ret;
}

/* Disarm what is armed only from above fast_path @above on. */
static void cgl_disarm_above(int above)
{
	unsigned int i = ARRAY_SIZE(cgl_trace_events);

	while (i--)
		if (cgl_trace_events[i].fast_path > above)
			cgl_disarm(i);
}

static int cgl_tracepoint_probe(const char **why)
{
	cgl_check_probes();
	return 0;
}

static const struct cg_list_memcg_ops cgl_memcg_ops = {
	.online	= cgl_charge_online,
	.free	= cgl_charge_free,
};

static int cgl_tracepoint_watch(void)
{
	return cg_list_memcg_register(&cgl_memcg_ops);
}

static void cgl_tracepoint_unwatch(void)
{
	cg_list_memcg_unregister(&cgl_memcg_ops);
}

static void cgl_tracepoint_detach(void)
{
	cgl_disarm_above(CGL_FAST_NONE - 1);
	tracepoint_synchronize_unregister();
}

static int cgl_tracepoint_attach(void)
{
	int ret = cgl_arm_range(CGL_FAST_NONE, CGL_FAST_NONE);

	if (ret)
		tracepoint_synchronize_unregister();
	return ret;
}

static int cgl_tracepoint_set_fast_path(int from, int to)
{
	if (to > from)
		return cgl_arm_range(from + 1, to);
	cgl_disarm_above(to);
	return 0;
}

static u64 cgl_tracepoint_counters(int fast_path)
{
	u64 known = BIT_ULL(CGL_NR_COUNTERS) - 1;

	if (!CGL_HAVE_WHY_VICTIM)
		known &= ~CGL_BIT(why_victim);
	if (!CGL_HAVE_CHARGE_MOVES)
		known &= ~CGL_BIT(retry_move);
	if (fast_path < CGL_FAST_ALL)
		known &= ~(CGL_BIT(stock) | CGL_BIT(batch) | CGL_BIT(exact));
	return known;
}

static bool cgl_tracepoint_slow(void)
{
	return true;
}

static void cgl_tracepoint_status(struct seq_file *m)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cgl_trace_events); i++)
		cgl_status_hook(m, cgl_trace_events[i].tp->name,
				READ_ONCE(cgl_trace_event_armed[i]));
}

const struct cgl_source cgl_source_tracepoint = {
	.name		= "tracepoint",
	.fast_path_max	= CGL_FAST_ORIGIN,
	.fast_path	= CGL_FAST_ALL,
	.probe		= cgl_tracepoint_probe,
	.watch		= cgl_tracepoint_watch,
	.unwatch	= cgl_tracepoint_unwatch,
	.attach		= cgl_tracepoint_attach,
	.detach		= cgl_tracepoint_detach,
	.set_fast_path	= cgl_tracepoint_set_fast_path,
	.counters	= cgl_tracepoint_counters,
	.slow		= cgl_tracepoint_slow,
	.status		= cgl_tracepoint_status,
};

#else

static int cgl_tracepoint_probe(const char **why)
{
	*why = "this kernel is built without the memcg_charge trace events";
	return -EOPNOTSUPP;
}

const struct cgl_source cgl_source_tracepoint = {
	.name	= "tracepoint",
	.probe	= cgl_tracepoint_probe,
};

#endif
