/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a function is about to return -ENOMEM, found in its machine code. Plain C
 * over bytes: the kernel module and a test on the host build the same file.
 */
#ifndef CGL_EXITS_H
#define CGL_EXITS_H

#include "probe/x86/insn.h"

/* Functions that a struct cgl_text has of a kind, at most. */
#define CGL_NAMES_MAX	8

/* Bytes of a function, at most. */
#define CGL_TEXT_MAX	16384

/* Of struct cgl_exit: no condition; no register. */
#define CGL_ALWAYS	16
#define CGL_NO_REG	16

/**
 * struct cgl_text - the machine code of a function
 * @bytes: the code
 * @start: address of its first byte
 * @size: bytes, up to the next function
 * @thunk: functions to which a jump is a return; an address may be 0: none
 * @nr_thunk: entries of @thunk
 * @noreturn: functions that do not return, likewise
 * @nr_noreturn: entries of @noreturn
 */
struct cgl_text {
	const u8 *bytes;
	unsigned long start;
	unsigned long size;
	const unsigned long *thunk;
	unsigned int nr_thunk;
	const unsigned long *noreturn;
	unsigned int nr_noreturn;
};

/**
 * struct cgl_exit - an instruction at which a function is found to fail
 * @addr: its address
 * @cond: the function fails only if this condition holds before the instruction,
 *	numbered as in the opcodes of jumps, or %CGL_ALWAYS
 * @reg: and only if the lower half of this register, numbered as in opcodes, is
 *	-ENOMEM, or %CGL_NO_REG
 */
struct cgl_exit {
	unsigned long addr;
	u8 cond;
	u8 reg;
};

struct cgl_walk;

extern const char * const cgl_return_thunks[];
extern const char * const cgl_noreturns[];

size_t cgl_walk_size(void);
int cgl_find_exits(const struct cgl_text *text, struct cgl_exit *exits,
		   unsigned int max, struct cgl_walk *walk, const char **why,
		   unsigned long *where);
bool cgl_cond_holds(u8 cond, unsigned long flags);

#endif /* CGL_EXITS_H */
