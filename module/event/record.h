/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An event: what a source hands over, and how it is kept.
 */
#ifndef CGL_RECORD_H
#define CGL_RECORD_H

#include <linux/cgroup.h>
#include <linux/gfp_types.h>
#include <linux/sched.h>
#include <linux/types.h>

#include <cg_list/names.h>

#include "probe/stack.h"

struct cgl_move;
struct mem_cgroup;

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
	CGL_HAS_CONSTRAINT	= 1 << 11,
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
 * @constraint: oom_kill: enum oom_constraint (CGL_HAS_CONSTRAINT)
 * @sysrq: oom_kill: SysRq asked for it (CGL_HAS_CONSTRAINT)
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
	unsigned int constraint;
	bool sysrq;
	struct pt_regs *regs;
};

/**
 * struct cgl_cgroup_ref - a cgroup that may be gone when it is looked up
 * @id: its kernfs id; 0: none
 * @css: its number in the table of controller @ssid
 * @ssid: the controller; CGL_REF_V2: the kernfs id finds it, on cgroup v2;
 *	CGL_REF_NOWHERE: nothing finds it
 */
struct cgl_cgroup_ref {
	u64 id;
	s32 css;
	u8 ssid;
} __packed;

#define CGL_REF_V2		0xff
#define CGL_REF_NOWHERE		0xfe

/**
 * struct cgl_task_ref - a task that may be gone when it is printed
 * @ns: inode numbers of the pid namespaces that see it, the initial one first;
 *	0: no more. One nested deeper than CGL_PID_LEVELS has none here.
 * @pid: its number in each; of a victim, that of its process
 * @comm: its name
 */
struct cgl_task_ref {
	u32 ns[CGL_PID_LEVELS];
	u32 pid[CGL_PID_LEVELS];
	char comm[TASK_COMM_LEN];
};

/**
 * struct cgl_move - what a move is about, filled in by cgl_move_fill()
 * @from: the cgroup that was left
 * @to: the one that was to be entered
 * @task: the thread that was to be moved, or the leader of the process; its
 *	@ns[0] is 0 where many were to be moved together, or none was found
 */
struct cgl_move {
	struct cgl_cgroup_ref from;
	struct cgl_cgroup_ref to;
	struct cgl_task_ref task;
};

/* Which cgroup is which in a record. */
enum cgl_event_cgroup {
	CGL_REF_MEMCG,
	CGL_REF_LIMITER,
	CGL_REF_VICTIM,
	CGL_NR_REFS,
	/* A migration has none of those. */
	CGL_REF_FROM = CGL_REF_MEMCG,
	CGL_REF_TO = CGL_REF_LIMITER,
};

/**
 * struct cgl_record - an event as it is kept
 * @seq: its number, from 0
 * @time: CLOCK_MONOTONIC, in nanoseconds
 * @us: as in struct cgl_event, like all that is not described here
 * @cgroup: by enum cgl_event_cgroup
 * @task: current; its @ns[0] is 0 in interrupt context
 * @tgid: the number of its process in each pid namespace
 * @victim: who was killed, or moved; its @ns[0] is 0 if nobody was, or many
 * @cpu: where it was recorded
 * @gfp: see @us
 * @reclaimed_pages: see @us
 * @nr_pages: see @us
 * @retries: see @us
 * @threads: see @us
 * @ret: see @us
 * @has: see @us
 * @type: enum cgl_event_type
 * @why: enum cgl_why
 * @order: see @us
 * @memsw: see @us
 * @force: see @us
 * @constraint: see @us
 * @sysrq: see @us
 * @nr_stack: how many entries @stack has
 * @stack: return addresses, innermost first
 */
struct cgl_record {
	u64 seq;
	u64 time;
	u64 us;
	struct cgl_cgroup_ref cgroup[CGL_NR_REFS];
	struct cgl_task_ref task;
	u32 tgid[CGL_PID_LEVELS];
	struct cgl_task_ref victim;
	u32 cpu;
	gfp_t gfp;
	u32 reclaimed_pages;
	u32 nr_pages;
	u32 retries;
	u32 threads;
	s32 ret;
	u16 has;
	u8 type;
	u8 why;
	s8 order;
	bool memsw;
	bool force;
	u8 constraint;
	bool sysrq;
	u8 nr_stack;
	cgl_text_addr stack[CGL_STACK_ENTRIES];
};

void cgl_record_fill(struct cgl_record *rec, const struct cgl_event *e);
void cgl_move_fill(struct cgl_move *move, const struct cgroup *from,
		   const struct cgroup *to, struct task_struct *task);
void cgl_move_found_from(struct cgl_move *move, const struct cgroup *from);

#endif /* CGL_RECORD_H */
