// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hooks: in proc_pident_lookup(dir, dentry, first, end) and in
 * proc_pident_readdir(file, ctx, first, nr), at their entry, where they exchange
 * the last two arguments.
 *
 * They are ftrace's: its trampoline saves the argument registers and loads them
 * again after the call. A kprobe there would cost thrice as much, and be missed
 * where another one is being handled. Other tracers of the same functions are
 * called one after the other, with the same registers.
 *
 * Context: a task's, preemptible. They call nothing that ftrace traces, take no
 * lock, and look at the dentry only once the table is one that was checked.
 */
#include <linux/dcache.h>
#include <linux/ftrace.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "base/compat.h"
#include "proc/hook.h"

/* The hooks hand out addresses in these. */
struct cgl_table cgl_tgid __ro_after_init = { .dir = "self" };
struct cgl_table cgl_tid __ro_after_init = { .dir = "thread-self" };
struct cgl_row cgl_row __ro_after_init;

struct cgl_seen cgl_seen_lookup, cgl_seen_list;

/* While the module is loaded: the one task that the hooks answer... */
static struct task_struct *cgl_alone;
/* ...and, until the tables are known, the first argument of calls to remember. */
static unsigned long cgl_watched;

/* Which of the two tables it is, if one. */
static __always_inline const struct cgl_table *cgl_table_at(unsigned long first)
{
	/* Pairs with cgl_tables_init(): the copy is complete. */
	if (first == (unsigned long)smp_load_acquire(&cgl_tgid.rows))
		return &cgl_tgid;
	/* Likewise. */
	if (first == (unsigned long)smp_load_acquire(&cgl_tid.rows))
		return &cgl_tid;
	return NULL;
}

static __always_inline bool cgl_answered(void)
{
	const struct task_struct *alone = READ_ONCE(cgl_alone);

	return likely(!alone) || alone == current;
}

/* A table that is not known: while the module is loaded, the one to get to know. */
static noinline notrace bool cgl_watch(struct cgl_seen *seen,
				       const struct pt_regs *regs)
{
	if (READ_ONCE(cgl_alone) != current || regs->di != cgl_watched)
		return false;
	seen->calls++;
	seen->arg[0] = regs->di;
	seen->arg[1] = regs->si;
	seen->arg[2] = regs->dx;
	seen->arg[3] = regs->cx;
	return true;
}

static notrace void cgl_at_lookup(unsigned long ip, unsigned long parent_ip,
				  struct ftrace_ops *ops,
				  struct ftrace_regs *fregs)
{
	struct pt_regs *regs = cgl_ftrace_args(fregs);
	const struct dentry *dentry = (const struct dentry *)regs->si;

	if (unlikely(!cgl_table_at(regs->dx))) {
		if (!cgl_watch(&cgl_seen_lookup, regs))
			return;
		/* Nothing says yet that it is a dentry. */
		if (get_kernel_nofault(cgl_seen_lookup.parent, &dentry->d_parent) ||
		    get_kernel_nofault(cgl_seen_lookup.len, &dentry->d_name.len))
			cgl_seen_lookup.parent = NULL;
		return;
	}
	if (dentry->d_name.len != CGL_NAME_LEN ||
	    memcmp(dentry->d_name.name, CGL_NAME, CGL_NAME_LEN) ||
	    !cgl_answered())
		return;
	regs->dx = (unsigned long)&cgl_row;
	regs->cx = (unsigned long)(&cgl_row + 1);
}

static notrace void cgl_at_list(unsigned long ip, unsigned long parent_ip,
				struct ftrace_ops *ops,
				struct ftrace_regs *fregs)
{
	struct pt_regs *regs = cgl_ftrace_args(fregs);
	const struct cgl_table *t = cgl_table_at(regs->dx);

	if (unlikely(!t)) {
		cgl_watch(&cgl_seen_list, regs);
		return;
	}
	if (!cgl_answered())
		return;
	regs->dx = (unsigned long)t->copy;
	regs->cx = t->nr + 1;
}

static struct ftrace_ops cgl_lookup_ops = {
	.func	= cgl_at_lookup,
};

static struct ftrace_ops cgl_list_ops = {
	.func	= cgl_at_list,
};

static int __init cgl_hook_init(struct ftrace_ops *ops, const char *func)
{
	unsigned char name[32];
	int ret;

	strscpy(name, func, sizeof(name));
	ret = ftrace_set_filter(ops, name, strlen(name), 1);
	if (ret)
		return ret;
	ret = register_ftrace_function(ops);
	if (ret)
		ftrace_free_filter(ops);
	return ret;
}

static void __init cgl_hook_exit(struct ftrace_ops *ops)
{
	unregister_ftrace_function(ops);
	ftrace_free_filter(ops);
}

/**
 * cgl_hooks_init - put the hooks in, which from now on answer this task alone
 * @why: where to say why not
 *
 * Context: process context, sleeps.
 * Return: 0 or a negative errno.
 */
int __init cgl_hooks_init(const char **why)
{
	int ret;

	WRITE_ONCE(cgl_alone, current);
	ret = cgl_hook_init(&cgl_lookup_ops, "proc_pident_lookup");
	if (ret) {
		*why = "ftrace cannot trace proc_pident_lookup";
		return ret;
	}
	ret = cgl_hook_init(&cgl_list_ops, "proc_pident_readdir");
	if (ret) {
		*why = "ftrace cannot trace proc_pident_readdir";
		cgl_hook_exit(&cgl_lookup_ops);
	}
	return ret;
}

/**
 * cgl_hooks_exit - take them out again
 *
 * Context: process context, sleeps. When it returns, none is running.
 */
void __init cgl_hooks_exit(void)
{
	cgl_hook_exit(&cgl_list_ops);
	cgl_hook_exit(&cgl_lookup_ops);
}

/**
 * cgl_hooks_watch - remember the next calls of this task
 * @first_arg: those that have this as their first argument
 *
 * Context: process context, between cgl_hooks_init() and cgl_hooks_release().
 */
void __init cgl_hooks_watch(const void *first_arg)
{
	cgl_watched = (unsigned long)first_arg;
	cgl_seen_lookup = (struct cgl_seen) { };
	cgl_seen_list = (struct cgl_seen) { };
}

/**
 * cgl_hooks_release - from now on the hooks answer everybody
 *
 * Context: process context. There is no way back: see main.c.
 */
void __init cgl_hooks_release(void)
{
	cgl_watched = 0;
	WRITE_ONCE(cgl_alone, NULL);
}
