// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stack traces that cost little the second time.
 *
 * The ORC unwinder takes 400 instructions a frame and 1,800 for the first, more
 * than all the rest of an event. But the frames of a path through the kernel
 * are always as large as the last time: which return address is found where on
 * the stack is remembered, and where each of them is found again, the trace is
 * the same. That is no guess: a return address says how large the frame is that
 * it leads to, hence where the next one is, and the first is our own.
 *
 * It needs each address of the trace to be on the stack once, or it would not
 * be known which of them to remember; and all on one stack. Else, and where a
 * path comes for the first time, the unwinder is asked.
 *
 * Cost: 10 instructions a frame, 5 for each path that is remembered and is not
 * the one; 2.5 KiB.
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/stacktrace.h>

#include "cg_list.h"
#include "ring.h"

#define CGL_PATHS	16

/* How far up the stack, in words, return addresses are remembered. */
#define CGL_PATH_WORDS	512

/**
 * struct cgl_path - a trace, and where on the stack it was
 * @version: odd while it is being changed
 * @max: how many entries were asked for
 * @nr: how many it has; 0: none is remembered here
 * @pos: where each was, in words from the stack pointer
 * @addr: the return addresses, innermost first
 */
struct cgl_path {
	atomic_t version;
	u16 max;
	u16 nr;
	u16 pos[CGL_STACK_MAX];
	cgl_text addr[CGL_STACK_MAX];
};

static struct cgl_path cgl_paths[CGL_PATHS];
static atomic_t cgl_path_next;

/* The words of the stack above a stack pointer, as far as they may be read. */
static unsigned int cgl_stack_words(const unsigned long *sp)
{
	unsigned long left = THREAD_SIZE - ((unsigned long)sp & (THREAD_SIZE - 1));

	return min_t(unsigned long, left / sizeof(*sp), CGL_PATH_WORDS);
}

/* Whether a path is the one that is on the stack; its entries to @trace. */
static bool cgl_path_matches(const struct cgl_path *p, const unsigned long *sp,
			     unsigned int words, unsigned long *trace,
			     unsigned int *nr)
{
	int version = atomic_read_acquire(&p->version);
	unsigned int i;

	*nr = READ_ONCE(p->nr);
	if ((version & 1) || *nr > CGL_STACK_MAX)
		return false;
	for (i = 0; i < *nr; i++) {
		unsigned long addr = READ_ONCE(p->addr[i]);
		unsigned int pos = READ_ONCE(p->pos[i]);

		/* Out of bounds only if it is being changed. */
		if (pos >= words || READ_ONCE_NOCHECK(sp[pos]) != addr)
			return false;
		trace[i] = addr;
	}
	/* All of it before the version that says whether it was one path. */
	smp_rmb();
	return atomic_read(&p->version) == version;
}

/*
 * Finds where on the stack each entry is; false if that is not clear. The
 * trace, which has room for @max, may be on the stack itself.
 */
static bool cgl_path_locate(u16 *pos, const unsigned long *sp,
			    unsigned int words, const unsigned long *trace,
			    unsigned int nr, unsigned int max)
{
	unsigned int w, i, found = 0;

	for (w = 0; w < words; w++) {
		unsigned long word = READ_ONCE_NOCHECK(sp[w]);

		/* Not in the kernel's text, as nearly all. */
		if ((unsigned long)(cgl_text)word != word)
			continue;
		if (&sp[w] >= trace && &sp[w] < trace + max)
			continue;
		for (i = 0; i < nr && trace[i] != word; i++)
			;
		if (i == nr)
			continue;
		/* In their order, and so each once. */
		if (i != found)
			return false;
		pos[found++] = w;
	}
	return found == nr;
}

static void cgl_path_remember(const unsigned long *sp, unsigned int words,
			      const unsigned long *trace, unsigned int nr,
			      unsigned int max)
{
	u16 pos[CGL_STACK_MAX];
	struct cgl_path *p;
	unsigned int i;
	int version;

	if (!cgl_path_locate(pos, sp, words, trace, nr, max))
		return;
	p = &cgl_paths[(unsigned int)atomic_inc_return(&cgl_path_next) %
		       CGL_PATHS];
	version = atomic_read(&p->version);
	if ((version & 1) ||
	    atomic_cmpxchg(&p->version, version, version + 1) != version)
		return;
	/* Others may be reading it: the version tells them, if not at once. */
	WRITE_ONCE(p->max, max);
	WRITE_ONCE(p->nr, nr);
	for (i = 0; i < nr; i++) {
		WRITE_ONCE(p->pos[i], pos[i]);
		WRITE_ONCE(p->addr[i], trace[i]);
	}
	atomic_set_release(&p->version, version + 2);
}

/**
 * cgl_stack_save - the return addresses on the stack, from the caller's on
 * @trace: where to put them, innermost first
 * @max: room there, at most CGL_STACK_MAX
 *
 * Context: any but NMI, preemption disabled.
 * Return: how many there are.
 */
noinline unsigned int cgl_stack_save(unsigned long *trace, unsigned int max)
{
	const unsigned long *sp = (const unsigned long *)current_stack_pointer;
	unsigned int words = cgl_stack_words(sp);
	unsigned int i, nr;

	for (i = 0; i < CGL_PATHS; i++) {
		const struct cgl_path *p = &cgl_paths[i];

		if (READ_ONCE(p->nr) && READ_ONCE(p->max) == max &&
		    cgl_path_matches(p, sp, words, trace, &nr))
			return nr;
	}
	nr = stack_trace_save(trace, max, 1);
	if (nr)
		cgl_path_remember(sp, words, trace, nr, max);
	return nr;
}
