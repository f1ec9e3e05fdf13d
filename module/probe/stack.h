/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stack of what happens: return addresses, at little cost.
 */
#ifndef CGL_STACK_H
#define CGL_STACK_H

#include <linux/ptrace.h>
#include <linux/types.h>

#include <cg_list/names.h>

#include "probe/arch/regs.h"

/* Two entries of a stack are only the way through the caller's own functions. */
#define CGL_STACK_MAX		(CGL_STACK_ENTRIES + 2)

bool cgl_in_task(const struct pt_regs *regs);
unsigned int cgl_stack_save(unsigned long *trace, struct pt_regs *regs);

#endif /* CGL_STACK_H */
