/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The seam to the machine: what a probe sees in its registers, and where calls
 * and the ends of functions are in machine code. All else is the same on every
 * architecture. One that has a folder here, and a line in Kbuild, provides:
 *
 *	regs.h	cgl_arg(regs, n)	argument n, from 0, of a function that begins
 *					or is about to be called
 *		cgl_returned_bool(regs)	what a function of type bool has returned
 *		cgl_return_address(regs)	where a function that begins returns to
 *		cgl_caller_sp(regs)	its caller's stack pointer, before the call
 *		cgl_set_sp(regs, sp)	another stack pointer
 *		cgl_text_addr		an integer type that an address of text fits in
 *		CGL_KRETPROBE_TRAMPOLINE, CGL_GRAPH_TRAMPOLINE
 *					functions that stand for a return address
 *	exits.h	struct cgl_exit		an instruction at which a function fails
 *	site.c	cgl_find_calls(), cgl_after_call(), cgl_find_nomem(),
 *		cgl_exit_fails()	as site.h has them
 *	stack.c	cgl_stack_save()	if it defines CGL_HAVE_ARCH_STACK
 *
 * Results, the stack pointer and the instruction are the kernel's to read:
 * regs_return_value(), kernel_stack_pointer(), instruction_pointer().
 */
#ifndef CGL_ARCH_REGS_H
#define CGL_ARCH_REGS_H

#ifdef CONFIG_X86_64
#include "probe/x86/regs.h"
#else
/* Nothing is probed here; stacks are still kept. */
#define cgl_text_addr		long
#endif

#endif /* CGL_ARCH_REGS_H */
