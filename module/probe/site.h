/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where in the kernel's text a kprobe can sit: functions, the calls in them, and
 * the places where they return -ENOMEM.
 */
#ifndef CGL_SITES_H
#define CGL_SITES_H

#include <linux/types.h>

#include "probe/arch/exits.h"

struct pt_regs;

/* Calls of one function in another, at most; more are as bad as none. */
#define CGL_SITES_MAX	6

/**
 * struct cgl_func - the text of a function
 * @start: its first instruction's address
 * @size: in bytes; 0: there is no such function
 */
struct cgl_func {
	unsigned long start;
	unsigned long size;
};

int cgl_func_find(const char *name, struct cgl_func *func);
int cgl_can_probe(unsigned long addr);
unsigned long cgl_text_address(const char *name);
void cgl_sites_done(void);

/* The architecture's. */
int cgl_find_calls(const struct cgl_func *func, const struct cgl_func *callee,
		   unsigned long *site);
int cgl_find_nomem(const struct cgl_func *func, struct cgl_exit *exits,
		   const char **why);
bool cgl_exit_fails(const struct cgl_exit *exit, const struct pt_regs *regs);
unsigned long cgl_after_call(unsigned long site);

static inline bool cgl_func_holds(const struct cgl_func *func,
				  unsigned long addr)
{
	return addr - func->start < func->size;
}

#endif /* CGL_SITES_H */
