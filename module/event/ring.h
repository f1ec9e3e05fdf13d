/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ring: an event as it is kept, and what the ring's readers need of it.
 */
#ifndef CGL_RING_H
#define CGL_RING_H

#include <linux/cgroup.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/wait.h>

#include "event/record.h"

/* Two entries of a stack are only the way to cgl_event_record(). */
#define CGL_STACK_MAX		(CGL_STACK_ENTRIES + 2)

/* x86-64 has all of the kernel's text, that of modules too, in its last 2 GiB. */
#ifdef CONFIG_X86_64
#define cgl_text		s32
#else
#define cgl_text		long
#endif

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
	u8 nr_stack;
	cgl_text stack[CGL_STACK_ENTRIES];
};

/* What cgl_ring_read() finds at a position. */
enum cgl_ring_state {
	CGL_RING_READY,
	CGL_RING_EMPTY,
	CGL_RING_OVERTAKEN,
};

/* stream.c */
extern const char *const cgl_event_type_name[CGL_NR_EVENT_TYPES];
size_t cgl_symbol(char *buf, size_t size, unsigned long addr);

/* events.c */
bool cgl_in_task(const struct pt_regs *regs);
void cgl_move_fill(struct cgl_move *move, const struct cgroup *from,
		   const struct cgroup *to, struct task_struct *task);
void cgl_move_found_from(struct cgl_move *move, const struct cgroup *from);
extern struct wait_queue_head cgl_ring_wait;
enum cgl_ring_state cgl_ring_peek(s64 pos);
enum cgl_ring_state cgl_ring_read(s64 pos, struct cgl_record *rec);
const struct cgl_record *cgl_ring_at(s64 pos);
s64 cgl_ring_head(void);
s64 cgl_ring_oldest(void);

/* stacks.c */
unsigned int cgl_stack_save(unsigned long *trace, struct pt_regs *regs);

/* dumps.c: the stacks of the next events to the kernel log */
bool cgl_dumps_wanted(enum cgl_event_type type);
void cgl_dumps_add(const struct cgl_record *rec);
void cgl_dumps_exit(void);

#endif /* CGL_RING_H */
