// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stack traces that cost little the second time, with the ORC unwinder.
 *
 * The ORC unwinder takes 400 instructions a frame and 1,800 for the first, more
 * than all the rest of an event. But on the same path through the kernel the
 * frames always have the same sizes. So a trace is remembered: each return address,
 * and where on the stack it was. If each address is found again at its position,
 * the trace is the same. That is no guess: a return address determines the size of
 * the frame that it leads to, hence the position of the next address; the first
 * address is this module's own, or the probe's. An exception on the way aligns the
 * stack, so its stack pointer is remembered as well.
 *
 * A trace ends at the kernel's entry, since the frame that leads there may have a
 * random size. In an interrupt it ends at what was interrupted, or where another
 * stack begins: those have no part in the event. The unwinder is asked only for a
 * trace that is not remembered.
 *
 * Cost: 10 instructions a frame, 5 for each remembered trace that is another;
 * 1.3 KiB.
 */
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>

#include <asm/unwind.h>

#include "probe/stack.h"

#define CGL_TRACES	16

/* From where an exception has its address to its stack pointer, in words. */
#define CGL_EXCEPT_SP	((offsetof(struct pt_regs, sp) - \
			  offsetof(struct pt_regs, ip)) / sizeof(long))

/**
 * struct cgl_trace - a trace, and where on the stack it was
 * @version: odd while it is being changed
 * @ip: the probe it leads to; 0: to cgl_stack_save()
 * @nr: how many return addresses it has; 0: none is remembered here
 * @pos: where each was, in words from the stack pointer
 * @addr: the return addresses, innermost first
 * @except: where an exception left the stack pointer, in words; 0: none did
 * @except_sp: that stack pointer, in bytes from the first
 * @entry: where it ends at the kernel's entry, in words; 0: before that. The same
 *	addresses may be on the way of a fault from the kernel, and others behind.
 */
struct cgl_trace {
	atomic_t version;
	s32 except_sp;
	cgl_text_addr ip;
	u16 nr;
	u16 except;
	u16 entry;
	u16 pos[CGL_STACK_MAX];
	cgl_text_addr addr[CGL_STACK_MAX];
};

static struct cgl_trace cgl_traces[CGL_TRACES];
static atomic_t cgl_trace_next;

/* Where the way back to user mode is, below its registers. */
static const unsigned long *cgl_entry(void)
{
	return (const unsigned long *)task_pt_regs(current) - 1;
}

/* Whether what was read of a trace so far is all of the same one. */
static bool cgl_trace_same(const struct cgl_trace *p, int version)
{
	/* What was read before the version. */
	smp_rmb();
	return atomic_read(&p->version) == version;
}

/*
 * Whether a trace is the one that is on the stack; its addresses to @trace. A
 * position is looked at only if it is this trace's, and those before it have
 * matched: then it is a frame's, hence on the stack, wherever that ends.
 */
static bool cgl_trace_matches(const struct cgl_trace *p, unsigned long ip,
			      const unsigned long *sp, unsigned long *trace,
			      unsigned int *nr)
{
	int version = atomic_read_acquire(&p->version);
	unsigned int i, except = READ_ONCE(p->except);
	unsigned int entry = READ_ONCE(p->entry);
	unsigned long except_sp = (unsigned long)sp + READ_ONCE(p->except_sp);

	*nr = READ_ONCE(p->nr);
	if ((version & 1) || !*nr || READ_ONCE(p->ip) != ip ||
	    !cgl_trace_same(p, version) || (entry && cgl_entry() - sp != entry))
		return false;
	for (i = 0; i < *nr; i++) {
		unsigned long addr = READ_ONCE(p->addr[i]);
		unsigned int pos = READ_ONCE(p->pos[i]);

		if (!cgl_trace_same(p, version) ||
		    READ_ONCE_NOCHECK(sp[pos]) != addr)
			return false;
		/* The exception's stack pointer is right behind its address. */
		if (except && pos + CGL_EXCEPT_SP == except &&
		    READ_ONCE_NOCHECK(sp[except]) != except_sp)
			return false;
		trace[i] = addr;
	}
	return true;
}

/* Where the return address is that the unwinder is at. */
static const unsigned long *cgl_unwind_at(const struct unwind_state *state)
{
	if (state->regs)
		return &state->regs->ip;
	return (const unsigned long *)state->sp - 1;
}

/*
 * Asks the unwinder, in the words of struct cgl_trace. Returns whether that can
 * be found again: not where a kretprobe's trampoline stands for an address.
 */
static bool cgl_trace_walk(struct cgl_trace *p, struct pt_regs *regs,
			   const unsigned long *sp)
{
	unsigned int max = regs ? CGL_STACK_ENTRIES - 1 : CGL_STACK_MAX;
	const unsigned long *entry, *end;
	struct unwind_state state;
	bool again = true;

	entry = cgl_entry();
	p->nr = 0;
	p->except = 0;
	p->entry = 0;
	unwind_start(&state, current, regs, NULL);
	end = (const unsigned long *)state.stack_info.end;
	for (; !unwind_done(&state) && p->nr < max; unwind_next_frame(&state)) {
		const unsigned long *at = cgl_unwind_at(&state);
		unsigned long addr = unwind_get_return_address(&state);

		/* This function's own. */
		if (!p->nr && at < sp)
			continue;
		if (at == entry)
			p->entry = at - sp;
		if (!addr || at == entry || at < sp || at >= end)
			break;
		if (READ_ONCE_NOCHECK(*at) != addr)
			again = false;
		if (state.regs) {
			if (p->except || !cgl_in_task(regs))
				break;
			p->except = &state.regs->sp - sp;
			p->except_sp = state.regs->sp - (unsigned long)sp;
		}
		p->pos[p->nr] = at - sp;
		p->addr[p->nr++] = addr;
	}
	return again && p->nr;
}

static void cgl_trace_remember(const struct cgl_trace *new)
{
	struct cgl_trace *p;
	unsigned int i;
	int version;

	p = &cgl_traces[(unsigned int)atomic_inc_return(&cgl_trace_next) %
		       CGL_TRACES];
	version = atomic_read(&p->version);
	if ((version & 1) ||
	    atomic_cmpxchg(&p->version, version, version + 1) != version)
		return;
	/* Others may be reading it: the version tells them, if not at once. */
	WRITE_ONCE(p->ip, new->ip);
	WRITE_ONCE(p->nr, new->nr);
	WRITE_ONCE(p->except, new->except);
	WRITE_ONCE(p->except_sp, new->except_sp);
	WRITE_ONCE(p->entry, new->entry);
	for (i = 0; i < new->nr; i++) {
		WRITE_ONCE(p->pos[i], new->pos[i]);
		WRITE_ONCE(p->addr[i], new->addr[i]);
	}
	atomic_set_release(&p->version, version + 2);
}

/* The return addresses above @sp, which @regs has or is the caller's. */
static unsigned int cgl_trace_save(unsigned long *trace, struct pt_regs *regs,
				   const unsigned long *sp)
{
	unsigned long ip = regs ? regs->ip : 0;
	struct cgl_trace new;
	unsigned int i, nr;
	bool again;

	for (i = 0; i < CGL_TRACES; i++)
		if (cgl_trace_matches(&cgl_traces[i], ip, sp, trace, &nr))
			return nr;
	new.ip = ip;
	again = cgl_trace_walk(&new, regs, sp);
	for (i = 0; i < new.nr; i++)
		trace[i] = new.addr[i];
	if (again)
		cgl_trace_remember(&new);
	return new.nr;
}

/**
 * cgl_stack_save - the return addresses on the stack
 * @trace: where to put them, innermost first; room for CGL_STACK_MAX
 * @regs: from there on, its instruction first; NULL: from the caller's on
 *
 * Context: any, preemption disabled. @regs, if any, are of a probe that is on
 * this stack.
 * Return: how many there are.
 */
noinline unsigned int cgl_stack_save(unsigned long *trace, struct pt_regs *regs)
{
	if (!regs)
		return cgl_trace_save(trace, NULL, (const unsigned long *)
						  current_stack_pointer);
	trace[0] = regs->ip;
	return 1 + cgl_trace_save(trace + 1, regs,
				 (const unsigned long *)regs->sp);
}
