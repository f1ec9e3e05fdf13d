/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stream of events: what a source hands over, and what one record holds.
 */
#ifndef CGL_EVENTS_H
#define CGL_EVENTS_H

#include <linux/gfp_types.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "names.h"

#define CGL_EVENT_ENUM(name)	CGL_EVENT_##name,
enum cgl_event_type {
	CGL_EVENT_TYPES(CGL_EVENT_ENUM)
	CGL_NR_EVENT_TYPES
};

#define CGL_WHY_ENUM(name)	CGL_WHY_##name,
enum cgl_why {
	CGL_WHYS(CGL_WHY_ENUM)
	CGL_NR_WHYS
};

/* What an event says besides its type; a field not in @has is not printed. */
enum cgl_event_has {
	CGL_HAS_GFP		= 1 << 0,
	CGL_HAS_ORDER		= 1 << 1,
	CGL_HAS_NR_PAGES	= 1 << 2,
	CGL_HAS_COUNTER		= 1 << 3,
	CGL_HAS_WHY		= 1 << 4,
	CGL_HAS_RETRIES		= 1 << 5,
	CGL_HAS_RECLAIMED	= 1 << 6,
	CGL_HAS_US		= 1 << 7,
	CGL_HAS_OUTCOME		= 1 << 8,
};

/**
 * struct cgl_event - what a source knows of an event
 * @type: what happened
 * @has: which of the numbers below are known
 * @memsw: the counter that refused was memsw, not memory (CGL_HAS_COUNTER)
 * @force: the outcome was force, not nomem (CGL_HAS_OUTCOME)
 * @why: why the charge left the retry loop
 * @order: allocation order
 * @gfp: flags of the allocation
 * @nr_pages: pages asked for
 * @retries: times the charge tried again
 * @reclaimed_pages: pages reclaimed for it
 * @us: how long it took, in microseconds
 * @memcg_id: kernfs id of the cgroup that was charged; 0: unknown, not printed
 * @limiter_id: the limiter's, likewise
 * @victim: who was killed (oom_kill), else NULL; used only inside the call
 * @victim_memcg_id: the cgroup its kill was counted on
 * @from_id: migrate: cgroup ids, number of threads moved, errno or 0
 * @to_id: see @from_id
 * @threads: see @from_id
 * @ret: see @from_id
 *
 * Sequence number, time, CPU, current's pids and comm and the stack are filled
 * in by cgl_event_record().
 */
struct cgl_event {
	enum cgl_event_type type;
	unsigned int has;
	bool memsw;
	bool force;
	enum cgl_why why;
	int order;
	gfp_t gfp;
	unsigned int nr_pages;
	unsigned int retries;
	unsigned long reclaimed_pages;
	u64 us;
	u64 memcg_id;
	u64 limiter_id;
	struct task_struct *victim;
	u64 victim_memcg_id;
	u64 from_id;
	u64 to_id;
	unsigned int threads;
	int ret;
};

void cgl_event_record(const struct cgl_event *e);

#endif /* CGL_EVENTS_H */
