// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding the places for kprobes inside of functions, on x86-64, whose compiler did
 * as it liked. Text is searched for the few byte sequences that are wanted;
 * whether a find really is an instruction, register_kprobe() tells, which decodes
 * the function from its start.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/ptrace.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "probe/site.h"
#include "probe/x86/exits.h"

/* call rel32, relative to the next instruction */
#define CGL_CALL		0xe8
#define CGL_CALL_LEN		5
/* Calls may lead behind the ENDBR that a function starts with. */
#define CGL_ENDBR_LEN		4

/* The four bytes behind an opcode. */
static s32 __init cgl_immediate(const u8 *text)
{
	s32 imm;

	memcpy(&imm, text + 1, sizeof(imm));
	return imm;
}

/**
 * cgl_find_calls - the calls of one function in another
 * @func: the one that calls
 * @callee: the one that is called
 * @site: up to CGL_SITES_MAX addresses of call instructions
 *
 * Context: process context, sleeps; while the module is loaded, as all here.
 * Return: how many; -ENOENT if none, -E2BIG if there are more; -ENOMEM.
 */
int __init cgl_find_calls(const struct cgl_func *func,
			  const struct cgl_func *callee, unsigned long *site)
{
	unsigned long addr, last = func->start + func->size - CGL_CALL_LEN;
	int nr = 0, ret;

	if (!func->size || !callee->size)
		return -ENOENT;
	for (addr = func->start; addr <= last; addr++) {
		const u8 *text = (const u8 *)addr;
		unsigned long target;

		if (*text != CGL_CALL)
			continue;
		target = addr + CGL_CALL_LEN + (long)cgl_immediate(text);
		if (target != callee->start &&
		    target != callee->start + CGL_ENDBR_LEN)
			continue;
		ret = cgl_can_probe(addr);
		if (ret < 0)
			return ret;
		if (!ret)
			continue;
		if (nr == CGL_SITES_MAX)
			return -E2BIG;
		site[nr++] = addr;
	}
	return nr ? nr : -ENOENT;
}

/* The addresses of functions, 0 for those that this kernel has not: how many. */
static unsigned int __init cgl_text_addresses(const char * const *names,
					      unsigned long *addrs)
{
	unsigned int nr;

	for (nr = 0; nr < CGL_NAMES_MAX && names[nr]; nr++)
		addrs[nr] = cgl_text_address(names[nr]);
	return nr;
}

/**
 * cgl_find_nomem - where a function is about to return -ENOMEM
 * @func: the function
 * @exits: up to CGL_SITES_MAX places, as cgl_find_exits() has them
 * @why: if there are none, the reason, in words
 *
 * The text is that of the running kernel, so that a probe of someone else's in it may
 * be the reason. What is found is an instruction for the kernel's own decoder, too.
 *
 * Context: process context, sleeps; while the module is loaded, as all here.
 * Return: how many; -ENOENT or -E2BIG if that cannot be told; -ENOMEM.
 */
int __init cgl_find_nomem(const struct cgl_func *func, struct cgl_exit *exits,
			  const char **why)
{
	unsigned long thunk[CGL_NAMES_MAX], noreturn[CGL_NAMES_MAX];
	const struct cgl_text text = {
		.bytes		= (const u8 *)func->start,
		.start		= func->start,
		.size		= func->size,
		.thunk		= thunk,
		.nr_thunk	= cgl_text_addresses(cgl_return_thunks, thunk),
		.noreturn	= noreturn,
		.nr_noreturn	= cgl_text_addresses(cgl_noreturns, noreturn),
	};
	unsigned long where;
	void *walk;
	int nr, i, ret;

	walk = kvmalloc(cgl_walk_size(), GFP_KERNEL);
	if (!walk)
		return -ENOMEM;
	nr = cgl_find_exits(&text, exits, CGL_SITES_MAX, walk, why, &where);
	kvfree(walk);
	for (i = 0; i < nr; i++) {
		ret = cgl_can_probe(exits[i].addr);
		if (ret < 0)
			return ret;
		if (!ret) {
			*why = "no probe can be put where it fails";
			return -ENOENT;
		}
	}
	return nr;
}

/**
 * cgl_after_call - where a call returns to
 * @site: one that cgl_find_calls() found
 *
 * Context: any.
 */
unsigned long __init cgl_after_call(unsigned long site)
{
	return site + CGL_CALL_LEN;
}

/* The general registers by their numbers in opcodes. */
static const u16 cgl_regs[] = {
	offsetof(struct pt_regs, ax), offsetof(struct pt_regs, cx),
	offsetof(struct pt_regs, dx), offsetof(struct pt_regs, bx),
	offsetof(struct pt_regs, sp), offsetof(struct pt_regs, bp),
	offsetof(struct pt_regs, si), offsetof(struct pt_regs, di),
	offsetof(struct pt_regs, r8), offsetof(struct pt_regs, r9),
	offsetof(struct pt_regs, r10), offsetof(struct pt_regs, r11),
	offsetof(struct pt_regs, r12), offsetof(struct pt_regs, r13),
	offsetof(struct pt_regs, r14), offsetof(struct pt_regs, r15),
};

/**
 * cgl_exit_fails - whether the function fails that has come to this place
 * @exit: one that cgl_find_nomem() found
 * @regs: the registers before the instruction there is executed
 *
 * Context: any.
 */
bool cgl_exit_fails(const struct cgl_exit *exit, const struct pt_regs *regs)
{
	if (!cgl_cond_holds(exit->cond, regs->flags))
		return false;
	return exit->reg >= ARRAY_SIZE(cgl_regs) ||
	       *(const s32 *)((const u8 *)regs + cgl_regs[exit->reg]) == -ENOMEM;
}
