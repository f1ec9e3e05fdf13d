/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stream of events: what a source hands over.
 */
#ifndef CGL_EVENTS_H
#define CGL_EVENTS_H

#include <linux/gfp_types.h>
#include <linux/types.h>

#include <cg_list/names.h>

struct cgl_move;
struct mem_cgroup;
struct task_struct;

#define CGL_EVENT_ENUM(name, ...)	CGL_EVENT_##name,
enum cgl_event_type {
	CGL_EVENT_TYPES(CGL_EVENT_ENUM)
	CGL_NR_EVENT_TYPES
};

#define CGL_WHY_ENUM(name)	CGL_WHY_##name,
enum cgl_why {
	CGL_WHYS(CGL_WHY_ENUM)
	CGL_NR_WHYS
};

/* How the charge ended: 0 or 1, as @force of an event. */
#define CGL_OUTCOME_ENUM(name)	CGL_OUTCOME_##name,
enum cgl_outcome {
	CGL_OUTCOMES(CGL_OUTCOME_ENUM)
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
	CGL_HAS_RET		= 1 << 9,
	CGL_HAS_THREADS		= 1 << 10,
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
 * @memcg: the memory cgroup that was charged; NULL: unknown or none
 * @limiter: the one whose counter refused, likewise
 * @victim: who was killed (oom_kill), else NULL; its task_lock is held
 * @victim_memcg: the memory cgroup that its kill was counted on, likewise
 * @move: migrate: what was to be moved, from where to where, else NULL
 * @threads: migrate: how many threads moved (CGL_HAS_THREADS)
 * @ret: migrate: 0 or a negative errno (CGL_HAS_RET)
 * @regs: where it happened, if that is a probe, whose own machinery is no part
 *	of the stack; NULL: in a function that called this module's
 *
 * Pointers are used only inside the call. Sequence number, time, CPU, current's
 * pids and comm and the stack are filled in by cgl_event_record().
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
	const struct mem_cgroup *memcg;
	const struct mem_cgroup *limiter;
	struct task_struct *victim;
	const struct mem_cgroup *victim_memcg;
	const struct cgl_move *move;
	unsigned int threads;
	int ret;
	struct pt_regs *regs;
};

void cgl_event_record(const struct cgl_event *e);

/* status.c */
u64 cgl_events_recorded(void);
u64 cgl_events_overwritten(void);
size_t cgl_events_memory(void);

/* dumps.c, for knobs.c: how many events are still to put their stack into the kernel log */
unsigned int cgl_stack_dumps(void);
int cgl_set_stack_dumps(unsigned int nr);

#endif /* CGL_EVENTS_H */
