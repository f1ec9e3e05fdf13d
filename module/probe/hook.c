// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables of hooks: found while the module is loaded, before any is armed, since
 * an armed one has changed the text. What cannot be found, because the compiler
 * inlined or renamed it, is left out, and named in /proc/cg_list/status and in
 * the log; the rest works.
 *
 * Cost: the probes of a hook are allocated while it is armed.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/slab.h>

#include "base/status_line.h"
#include "probe/hook.h"

/*
 * A kprobe with this one is never turned into a jump to where its handler is
 * called: from there the stack could not be unwound.
 */
static void cgl_no_optimization(struct kprobe *kp, struct pt_regs *regs,
				unsigned long flags)
{
}

static int __init cgl_hook_find(struct cgl_hook *h)
{
	struct cgl_func func, callee;
	int i, ret;

	h->sites = 0;
	h->why = "not a function of this kernel";
	ret = cgl_func_find(h->func, &func);
	if (ret)
		return ret == -ENOMEM ? ret : 0;

	switch (h->at) {
	case CGL_AT_ENTRY:
	case CGL_AT_RETURN:
		h->site[0] = func.start;
		h->sites = 1;
		break;
	case CGL_AT_NOMEM:
		h->sites = cgl_find_nomem(&func, h->exit, &h->why);
		for (i = 0; i < h->sites; i++)
			h->site[i] = h->exit[i].addr;
		break;
	case CGL_AT_CALL:
	case CGL_AFTER_CALL:
		ret = cgl_func_find(h->callee, &callee);
		if (ret)
			return ret == -ENOMEM ? ret : 0;
		h->sites = cgl_find_calls(&func, &callee, h->site);
		h->why = h->sites == -E2BIG ?
			 "called from too many places" :
			 "inlined, or called in an unknown way";
		for (i = 0; i < h->sites && h->at == CGL_AFTER_CALL; i++)
			h->site[i] = cgl_after_call(h->site[i]);
		break;
	}
	return h->sites == -ENOMEM ? h->sites : 0;
}

/**
 * cgl_hooks_find - find the sites of hooks
 * @hooks: a table
 * @n: of so many
 *
 * Context: process context, sleeps; while the module is loaded.
 * Return: 0, whatever was found; -ENOMEM, since then nothing is known.
 */
int __init cgl_hooks_find(struct cgl_hook *hooks, unsigned int n)
{
	int ret = 0;

	while (n-- && !ret)
		ret = cgl_hook_find(hooks++);
	cgl_sites_done();
	return ret;
}

static int cgl_hook_arm_return(struct cgl_hook *h)
{
	int ret;

	h->rp = kzalloc(sizeof(*h->rp), GFP_KERNEL);
	if (!h->rp)
		return -ENOMEM;
	h->rp->kp.addr = (kprobe_opcode_t *)h->site[0];
	h->rp->entry_handler = h->entry;
	h->rp->handler = h->leave;
	h->rp->data_size = h->data_size;
	/*
	 * Even a function that does not sleep can be preempted in the middle: allow
	 * four instances a CPU.
	 */
	h->rp->maxactive = h->inside ?: 32 + 4 * num_possible_cpus();
	ret = register_kretprobe(h->rp);
	if (!ret)
		return 0;
	kfree(h->rp);
	h->rp = NULL;
	return ret;
}

static int cgl_hook_arm_sites(struct cgl_hook *h)
{
	int i, ret = 0;

	h->nr = 0;
	h->kp = kcalloc(h->sites, sizeof(*h->kp), GFP_KERNEL);
	if (!h->kp)
		return -ENOMEM;
	for (i = 0; i < h->sites && !ret; i++) {
		h->kp[i] = (struct kprobe) {
			.addr		= (kprobe_opcode_t *)h->site[i],
			.pre_handler	= h->handler,
			.post_handler	= cgl_no_optimization,
		};
		ret = register_kprobe(&h->kp[i]);
		h->nr += !ret;
	}
	if (!ret)
		return 0;
	while (h->nr)
		unregister_kprobe(&h->kp[--h->nr]);
	kfree(h->kp);
	h->kp = NULL;
	return ret;
}

/* Only a hook that sits at all of its sites sees all. */
static int cgl_hook_arm(struct cgl_hook *h)
{
	int ret;

	h->armed = false;
	if (h->sites <= 0)
		return 0;
	ret = h->at == CGL_AT_RETURN ? cgl_hook_arm_return(h) :
				       cgl_hook_arm_sites(h);
	h->armed = !ret;
	if (ret)
		h->why = "no probe can be put there";
	return ret == -ENOMEM ? ret : 0;
}

/**
 * cgl_hooks_arm - arm hooks, those that can be
 * @hooks: a table whose sites were found
 * @n: of so many
 * @armed: by how many of them it is increased
 *
 * In the order of the table. What is left out goes to the log.
 *
 * Context: process context, sleeps.
 * Return: 0, or -ENOMEM; then cgl_hooks_disarm() is still to be called.
 */
int cgl_hooks_arm(struct cgl_hook *hooks, unsigned int n, unsigned int *armed)
{
	struct cgl_hook *h;
	int ret;

	for (h = hooks; h < hooks + n; h++) {
		ret = cgl_hook_arm(h);
		if (ret)
			return ret;
		*armed += h->armed;
		if (!h->armed)
			pr_warn("hook %s: %s: %s cannot be seen\n", h->name,
				h->why, h->unseen);
	}
	return 0;
}

/**
 * cgl_hooks_disarm - the reverse
 * @hooks: a table
 * @n: of so many
 *
 * The kretprobes are the last to go. All of a kind at once: each time, there is
 * an RCU grace period to wait for.
 *
 * Context: process context, sleeps. When it returns, no handler is running or
 * will be: a function that returns later does so without it.
 */
void cgl_hooks_disarm(struct cgl_hook *hooks, unsigned int n)
{
	struct kprobe *kps[CGL_HOOKS_MAX * CGL_SITES_MAX];
	struct kretprobe *rps[CGL_HOOKS_MAX];
	struct cgl_hook *h, *end = hooks + n;
	int nr_kps = 0, nr_rps = 0;

	for (h = hooks; h < end; h++) {
		while (h->nr)
			kps[nr_kps++] = &h->kp[--h->nr];
		if (h->rp)
			rps[nr_rps++] = h->rp;
		h->armed = false;
	}
	unregister_kprobes(kps, nr_kps);
	unregister_kretprobes(rps, nr_rps);
	for (h = hooks; h < end; h++) {
		kfree(h->kp);
		h->kp = NULL;
		kfree(h->rp);
		h->rp = NULL;
	}
}

/**
 * cgl_nmissed - hits that a kprobe has lost
 * @kp: the kprobe
 *
 * Context: any. The kernel adds to it as hits are missed.
 */
unsigned long cgl_nmissed(const struct kprobe *kp)
{
	/* By plain increments. */
	return data_race(kp->nmissed);
}

/**
 * cgl_hooks_missed - hits that hooks have lost
 * @hooks: a table
 * @n: of so many
 *
 * Context: process context, as long as they are not being disarmed.
 */
u64 cgl_hooks_missed(const struct cgl_hook *hooks, unsigned int n)
{
	const struct cgl_hook *h;
	u64 missed = 0;
	int i;

	for (h = hooks; h < hooks + n; h++) {
		for (i = 0; i < h->nr; i++)
			missed += cgl_nmissed(&h->kp[i]);
		if (h->armed && h->rp)
			/* As cgl_nmissed(). */
			missed += data_race(h->rp->nmissed) +
				  cgl_nmissed(&h->rp->kp);
	}
	return missed;
}

/**
 * cgl_hooks_memory - bytes that armed hooks take
 * @hooks: a table
 * @n: of so many
 *
 * With what the kernel keeps for each function under way that is to return to a
 * kretprobe, as register_kretprobe() allocates it.
 *
 * Context: as cgl_hooks_missed().
 */
size_t cgl_hooks_memory(const struct cgl_hook *hooks, unsigned int n)
{
	const struct cgl_hook *h;
	size_t size = 0;

	for (h = hooks; h < hooks + n; h++) {
		size += h->nr * sizeof(*h->kp);
		if (h->armed && h->rp)
			size += sizeof(*h->rp) + h->rp->maxactive *
				(sizeof(struct kretprobe_instance) +
				 h->rp->data_size);
	}
	return size;
}

/**
 * cgl_hooks_status - a line a hook: whether it is armed
 * @m: the seq_file of `status`
 * @hooks: a table
 * @n: of so many
 *
 * Context: process context.
 */
void cgl_hooks_status(struct seq_file *m, const struct cgl_hook *hooks,
		      unsigned int n)
{
	const struct cgl_hook *h;

	for (h = hooks; h < hooks + n; h++)
		cgl_status_hook(m, h->name, h->armed);
}

/**
 * cgl_hooks_unseen - a line a hook that is not armed: what is not seen, and why
 * @m: the seq_file of `status`
 * @hooks: a table
 * @n: of so many
 *
 * Context: process context.
 */
void cgl_hooks_unseen(struct seq_file *m, const struct cgl_hook *hooks,
		      unsigned int n)
{
	const struct cgl_hook *h;

	for (h = hooks; h < hooks + n; h++) {
		if (!h->armed)
			cgl_status_unseen(m, h->unseen, h->why);
	}
}
