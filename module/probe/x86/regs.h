/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of a probe on x86-64: see probe/arch/regs.h.
 */
#ifndef CGL_X86_REGS_H
#define CGL_X86_REGS_H

#include <linux/ptrace.h>
#include <linux/types.h>

/* All of the kernel's text, that of modules too, is in the last 2 GiB. */
#define cgl_text_addr		s32

#define CGL_KRETPROBE_TRAMPOLINE	"arch_rethook_trampoline"
#define CGL_GRAPH_TRAMPOLINE		"return_to_handler"

#ifdef CONFIG_UNWINDER_ORC
#define CGL_HAVE_ARCH_STACK
#endif

/* By the calling convention; @n is a constant, up to 2. */
static __always_inline unsigned long cgl_arg(const struct pt_regs *regs,
					     unsigned int n)
{
	return n == 0 ? regs->di : n == 1 ? regs->si : regs->dx;
}

/* A bool is in the lowest byte; what is above it is anything. */
static __always_inline bool cgl_returned_bool(const struct pt_regs *regs)
{
	return regs->ax & 0xff;
}

/* A call has just pushed it. */
static __always_inline unsigned long
cgl_return_address(const struct pt_regs *regs)
{
	return *(unsigned long *)regs->sp;
}

static __always_inline unsigned long cgl_caller_sp(const struct pt_regs *regs)
{
	return regs->sp + sizeof(long);
}

static __always_inline void cgl_set_sp(struct pt_regs *regs, unsigned long sp)
{
	regs->sp = sp;
}

#endif /* CGL_X86_REGS_H */
