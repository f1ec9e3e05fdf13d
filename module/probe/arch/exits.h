/* SPDX-License-Identifier: GPL-2.0-only */
/* An instruction at which a function fails: see probe/arch/regs.h. */
#ifndef CGL_ARCH_EXITS_H
#define CGL_ARCH_EXITS_H

#ifdef CONFIG_X86_64
#include "probe/x86/exits.h"
#endif

#endif /* CGL_ARCH_EXITS_H */
