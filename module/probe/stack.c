// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stack of what happens, as the kernel's own unwinder has it; x86/stack.c is
 * quicker, where there is ORC.
 */
#include <linux/preempt.h>
#include <linux/ptrace.h>
#include <linux/stacktrace.h>

#include "probe/stack.h"

/**
 * cgl_in_task - whether what happens is about the current task
 * @regs: where a kprobe was hit; NULL for a trace event
 *
 * A kprobe's handler is called from a breakpoint, which counts as an NMI,
 * whatever it has interrupted. A trace event in an NMI is in a real one.
 *
 * Context: any.
 */
bool cgl_in_task(const struct pt_regs *regs)
{
	unsigned int count = preempt_count();

	if (regs && (count & NMI_MASK))
		count -= NMI_OFFSET + HARDIRQ_OFFSET;
	return !(count & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET));
}

#ifndef CGL_HAVE_ARCH_STACK
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
		return stack_trace_save(trace, CGL_STACK_MAX, 1);
	/* All that others may see of an unwinder that begins there. */
	trace[0] = instruction_pointer(regs);
	return 1;
}
#endif
