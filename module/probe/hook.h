/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A hook: kprobes in one function of the kernel, or a kretprobe on it, and what
 * is seen with them. Tables of hooks are found, armed and disarmed together.
 */
#ifndef CGL_HOOKS_H
#define CGL_HOOKS_H

#include <linux/kprobes.h>
#include <linux/seq_file.h>

#include "probe/site.h"

/* In one table, at most. */
#define CGL_HOOKS_MAX	10

/* Where in a function a hook sits. */
enum cgl_hook_at {
	CGL_AT_ENTRY,		/* it begins */
	CGL_AT_CALL,		/* it calls another one */
	CGL_AFTER_CALL,		/* that one has returned */
	CGL_AT_NOMEM,		/* it is about to return -ENOMEM */
	CGL_AT_RETURN,		/* it begins, and returns: a kretprobe */
};

/**
 * struct cgl_hook - what is hooked, and what is seen with it
 * @name: in status
 * @at: where it sits
 * @func: in which function
 * @callee: the function called, for CGL_AT_CALL and CGL_AFTER_CALL; else NULL
 * @handler: what it does; but at CGL_AT_RETURN:
 * @entry: what it does where the function begins
 * @leave: and where it returns
 * @data_size: bytes that these two share
 * @inside: how many tasks may sleep in the function at once; 0: none sleeps there
 * @feeds: a set of bits of the table's owner: what is known while it is armed
 * @unseen: what is not seen without it
 * @site: the addresses at which it sits
 * @exit: what distinguishes a failure there, for CGL_AT_NOMEM
 * @sites: how many were found
 * @kp: one for each site, while it is armed
 * @nr: how many of them are registered
 * @rp: the kretprobe, while it is armed
 * @armed: all of them are
 * @why: why not
 */
struct cgl_hook {
	const char *name;
	enum cgl_hook_at at;
	const char *func;
	const char *callee;
	union {
		kprobe_pre_handler_t handler;
		kretprobe_handler_t entry;
	};
	kretprobe_handler_t leave;
	unsigned int data_size;
	unsigned int inside;
	u64 feeds;
	const char *unseen;
	unsigned long site[CGL_SITES_MAX];
	struct cgl_exit exit[CGL_SITES_MAX];
	int sites;
	struct kprobe *kp;
	int nr;
	struct kretprobe *rp;
	bool armed;
	const char *why;
};

int cgl_hooks_find(struct cgl_hook *hooks, unsigned int n);
int cgl_hooks_arm(struct cgl_hook *hooks, unsigned int n, unsigned int *armed);
void cgl_hooks_disarm(struct cgl_hook *hooks, unsigned int n);
u64 cgl_hooks_missed(const struct cgl_hook *hooks, unsigned int n);
size_t cgl_hooks_memory(const struct cgl_hook *hooks, unsigned int n);
unsigned long cgl_nmissed(const struct kprobe *kp);
void cgl_hooks_status(struct seq_file *m, const struct cgl_hook *hooks,
		      unsigned int n);
void cgl_hooks_unseen(struct seq_file *m, const struct cgl_hook *hooks,
		      unsigned int n);

#endif /* CGL_HOOKS_H */
