/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One instruction of x86-64 machine code: how long it is, where it leads, and what
 * it does to the registers. The kernel's own decoder is not exported. Plain C over
 * bytes: the module and a test on the host build the same file.
 */
#ifndef CGL_INSN_H
#define CGL_INSN_H

#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef int s32;

#define __init
#endif

#define CGL_RAX		0
#define CGL_RCX		1
#define CGL_RDX		2
#define CGL_RSI		6
#define CGL_RDI		7

#define CGL_REG(r)	(1U << (r))
enum cgl_insn_kind {
	CGL_INSN_OTHER,		/* changes the registers in @kills */
	CGL_INSN_SET,		/* @dst becomes @value */
	CGL_INSN_COPY,		/* @dst becomes @src */
	CGL_INSN_CMOV,		/* the same if @cond holds */
	CGL_INSN_JCC,		/* to @target if @cond holds */
	CGL_INSN_JMP,		/* to @target */
	CGL_INSN_CALL,		/* of @target, or of an unknown one: 0 */
	CGL_INSN_RET,
};

/**
 * struct cgl_insn - what is known of an instruction
 * @kind: what it does
 * @len: in bytes
 * @dst: the register that is written, numbered as in opcodes
 * @src: the one that is read
 * @cond: a condition, numbered as in the opcodes of jumps
 * @kills: registers whose contents are not known any more, a bit each
 * @value: lower half of what is written
 * @target: an address
 */
struct cgl_insn {
	enum cgl_insn_kind kind;
	u8 len;
	u8 dst;
	u8 src;
	u8 cond;
	u16 kills;
	u32 value;
	unsigned long target;
};

bool cgl_insn_decode(const u8 *at, unsigned long left, unsigned long addr,
		     struct cgl_insn *insn);

#endif /* CGL_INSN_H */
