// SPDX-License-Identifier: GPL-2.0-only
/*
 * The source for a stock kernel: kprobes where only the slow path of a charge
 * passes, and a kretprobe on page_counter_try_charge(), which is passed once in
 * 64 pages and sees each refusal and which counter refused.
 *
 * What one charge passes is put together by the stack pointer that
 * try_charge_memcg() has (flight.c): reclaim and interrupts nest charges, but
 * never with the same one. All sites are found when the module is loaded; what
 * cannot be found, since the compiler inlined or renamed it, is named in
 * /proc/cg_list/status and in the log, and the rest works.
 *
 * Where the end of a failed charge is not found (exits.c), a kretprobe sits on
 * try_charge_memcg() itself, which each charge passes; `status` says so. The
 * parameter `exact` asks for that.
 *
 * A kprobe loses a hit while another one runs on that CPU: `missed` in status
 * counts them.
 *
 * Cost: nothing to a charge that is served from the stock; 5 instructions a
 * page to anonymous memory below its limits.
 */
#define pr_fmt(fmt) "cg_list: " fmt

#include <linux/kprobes.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/oom.h>
#include <linux/page_counter.h>
#include <linux/sched/mm.h>
#include <linux/uaccess.h>

#include "base/compat.h"
#include "base/status_line.h"
#include "charge/table.h"
#include "event/ring.h"
#include "probe/arch/regs.h"
#include "probe/hook.h"
#include "source/flight.h"
#include "source/move.h"
#include "source/source.h"

static bool cgl_at_return;
module_param_named(exact, cgl_at_return, bool, 0444);
MODULE_PARM_DESC(exact, "source=kprobe sees failed charges where try_charge_memcg returns, at a cost to each charge (0: only where they are not seen otherwise)");

/* Why it was set by the module itself; NULL if it was not. */
static const char *cgl_at_return_why;

/* Hits that were lost before the last reset. */
static u64 cgl_missed_before;

static struct cgl_func cgl_try_charge;
/* What stands for the return address of a function that others trace. */
static unsigned long cgl_trampoline, cgl_graph_trampoline;

/* Those that are asked for. */
enum cgl_hook_index {
	CGL_HOOK_LIMIT,
	CGL_HOOK_NOMEM,
	CGL_HOOK_OOM_CONTROL,
};

static struct cgl_hook cgl_charge_hooks[];

/*
 * Refusals: page_counter_try_charge()
 */

/**
 * struct cgl_try - a call of page_counter_try_charge() by try_charge_memcg()
 * @counter: which counter is charged
 * @fail: where the counter that refused is stored
 * @sp: the caller's stack pointer
 * @nr_pages: how much is charged
 */
struct cgl_try {
	struct page_counter *counter;
	struct page_counter **fail;
	unsigned long sp;
	unsigned int nr_pages;
};

/*
 * Which memory cgroup a counter is part of, and as which member. If it is not
 * its member `memory`, then what would be the css lies inside of it too.
 */
static struct mem_cgroup *cgl_counter_memcg(struct page_counter *counter,
					    bool *memsw)
{
	struct mem_cgroup *memcg;

	memcg = container_of(counter, struct mem_cgroup, memory);
	*memsw = memcg->css.ss != &memory_cgrp_subsys;
	if (*memsw)
		memcg = container_of(counter, struct mem_cgroup, memsw);
	return memcg;
}

static bool cgl_is_memcg(const struct mem_cgroup *memcg)
{
	struct cgroup_subsys *ss;

	return !get_kernel_nofault(ss, &memcg->css.ss) &&
	       ss == &memory_cgrp_subsys;
}

/*
 * Whether try_charge_memcg() is the caller. Somebody else's kretprobe, or the
 * function_graph tracer, may have put its trampoline there; then the counter
 * tells, since `memory`, and memsw on v1, are tried by nobody else.
 */
static bool cgl_from_try_charge(const struct pt_regs *regs)
{
	unsigned long caller = cgl_return_address(regs);
	struct page_counter *counter = (struct page_counter *)cgl_arg(regs, 0);

	if (likely(cgl_func_holds(&cgl_try_charge, caller)))
		return true;
	if (likely(caller != cgl_trampoline && caller != cgl_graph_trampoline))
		return false;
	if (cgl_is_memcg(container_of(counter, struct mem_cgroup, memory)))
		return true;
	return !cgroup_subsys_on_dfl(memory_cgrp_subsys) &&
	       cgl_is_memcg(container_of(counter, struct mem_cgroup, memsw));
}

static int cgl_try_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct cgl_try *t = (struct cgl_try *)ri->data;

	if (!cgl_from_try_charge(regs))
		return 1;
	t->counter = (struct page_counter *)cgl_arg(regs, 0);
	t->nr_pages = cgl_arg(regs, 1);
	t->fail = (struct page_counter **)cgl_arg(regs, 2);
	t->sp = cgl_caller_sp(regs);
	return 0;
}

static void cgl_try_refused(const struct cgl_try *t)
{
	struct mem_cgroup *memcg, *limiter;
	bool memsw;

	memcg = cgl_counter_memcg(t->counter, &memsw);
	limiter = cgl_counter_memcg(*t->fail, &memsw);
	cgl_count(memcg, limit);
	cgl_count(limiter, limited);
	if (memsw) {
		cgl_count(memcg, limit_memsw);
		cgl_count(limiter, limited_memsw);
	}
	cgl_flight_refused(t->sp, memcg, limiter, memsw, t->nr_pages);
}

static int cgl_try_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct cgl_try *t = (struct cgl_try *)ri->data;
	struct mem_cgroup *memcg;
	bool memsw;

	if (unlikely(!cgl_returned_bool(regs))) {
		cgl_try_refused(t);
		return 0;
	}
	/*
	 * A charge that asks for a batch has not met a limit before, unless it
	 * needs as much.
	 */
	if (likely(t->nr_pages == MEMCG_CHARGE_BATCH &&
		   !READ_ONCE(cgl_flight_batches)))
		return 0;
	/* After memsw there is memory to be charged. */
	memcg = cgl_counter_memcg(t->counter, &memsw);
	if (!memsw)
		cgl_flight_granted(t->sp, memcg, t->nr_pages);
	return 0;
}

/*
 * The slow path. The stack pointer is that of try_charge_memcg() at each of
 * these sites: it does not move between its prologue and its epilogue.
 */

/* For a charge of which nothing is known: it should have been refused before. */
#define cgl_count_unattributed(name)					\
	this_cpu_inc(cgl_block_of_id(0)->n.counter[CGL_COUNT_##name])

static void cgl_event_from(struct cgl_event *e, const struct cgl_flight *f,
			   struct pt_regs *regs)
{
	e->regs = regs;
	e->memcg = f->memcg;
	e->limiter = f->limiter;
	e->memsw = f->memsw;
	e->nr_pages = f->nr_pages;
	e->reclaimed_pages = f->reclaimed_pages;
	e->has |= CGL_HAS_COUNTER | CGL_HAS_NR_PAGES | CGL_HAS_RECLAIMED;
	if (f->reclaims) {
		e->gfp = f->gfp;
		e->has |= CGL_HAS_GFP;
	}
}

static void cgl_event_end(enum cgl_event_type type, bool force,
			  const struct cgl_flight *f, struct pt_regs *regs)
{
	struct cgl_event e = {
		.type	= type,
		.has	= CGL_HAS_OUTCOME,
		.force	= force,
		.regs	= regs,
	};

	if (f->sp) {
		cgl_event_from(&e, f, regs);
		e.us = div_u64(f->last - f->start, NSEC_PER_USEC);
		e.has |= CGL_HAS_US;
	}
	cgl_event_record(&e);
}

/* A charge failed; @f: what is known of it, if @known. */
static void cgl_count_nomem(const struct cgl_flight *f, bool known)
{
	if (!known) {
		cgl_count_unattributed(nomem);
		return;
	}
	cgl_count(f->memcg, nomem);
	if (!f->reclaims)
		cgl_count(f->limiter, limited_nomem);
}

static int cgl_on_nomem(struct kprobe *kp, struct pt_regs *regs)
{
	const struct cgl_hook *h = &cgl_charge_hooks[CGL_HOOK_NOMEM];
	struct cgl_flight f = { };

	/* Charges that do not fail may come to the same instruction. */
	if (!cgl_exit_fails(&h->exit[kp - h->kp], regs))
		return 0;
	cgl_count_nomem(&f, cgl_flight_end(kernel_stack_pointer(regs), &f));
	cgl_event_end(CGL_EVENT_charge_fail, false, &f, regs);
	return 0;
}

/*
 * The dearer way to the same: try_charge_memcg() returns.
 */

static int cgl_charge_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	*(unsigned long *)ri->data = cgl_caller_sp(regs);
	return 0;
}

/* The stack begins at the caller: nothing else of the charge is on it. */
static int cgl_charge_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	unsigned long sp = *(unsigned long *)ri->data;
	struct cgl_flight f = { };
	struct pt_regs caller;

	if (likely((int)regs_return_value(regs) != -ENOMEM))
		return 0;
	/* Its instruction is right: where the function returns to, past any trampoline. */
	caller = *regs;
	cgl_set_sp(&caller, sp);
	cgl_count_nomem(&f, cgl_flight_end_below(sp, &f));
	cgl_event_end(CGL_EVENT_charge_fail, false, &f, &caller);
	return 0;
}

/* A charge sleeps in reclaim: as many as may do so at once. */
#define CGL_CHARGES_MAX	1024

/* Once for memory and, on v1, once for memsw. */
static int cgl_on_force(struct kprobe *kp, struct pt_regs *regs)
{
	struct cgl_flight f = { };
	struct mem_cgroup *memcg;
	bool memsw;

	memcg = cgl_counter_memcg((struct page_counter *)cgl_arg(regs, 0), &memsw);
	if (memsw)
		return 0;
	cgl_count(memcg, force);
	if (cgl_flight_end(kernel_stack_pointer(regs), &f) && !f.reclaims)
		cgl_count(f.limiter, limited_force);
	cgl_event_end(CGL_EVENT_charge_force, true, &f, regs);
	return 0;
}

static int cgl_on_reclaim(struct kprobe *kp, struct pt_regs *regs)
{
	struct mem_cgroup *limiter = (struct mem_cgroup *)cgl_arg(regs, 0);
	gfp_t gfp = (__force gfp_t)(u32)cgl_arg(regs, 2);
	struct cgl_flight f;

	cgl_count(limiter, limited_reclaim);
	if (cgl_flight_reclaim(kernel_stack_pointer(regs), gfp, &f))
		cgl_count(f.memcg, reclaim);
	else
		cgl_count_unattributed(reclaim);
	return 0;
}

static int cgl_on_reclaimed(struct kprobe *kp, struct pt_regs *regs)
{
	struct cgl_flight f;

	unsigned long nr = regs_return_value(regs);

	if (cgl_flight_reclaimed(kernel_stack_pointer(regs), nr, &f))
		cgl_count_add(f.memcg, reclaimed_pages, nr);
	else
		cgl_count_unattributed(reclaimed_pages);
	return 0;
}

static int cgl_on_oom(struct kprobe *kp, struct pt_regs *regs)
{
	struct mem_cgroup *limiter = (struct mem_cgroup *)cgl_arg(regs, 0);
	struct cgl_flight f = { };
	struct cgl_event e = {
		.type	= CGL_EVENT_oom,
		.has	= CGL_HAS_GFP | CGL_HAS_ORDER,
	};

	cgl_count(limiter, limited_oom);
	if (cgl_flight_get(kernel_stack_pointer(regs), &f)) {
		cgl_count(f.memcg, oom);
		cgl_event_from(&e, &f, regs);
	} else {
		cgl_count_unattributed(oom);
	}
	e.regs = regs;
	e.limiter = limiter;
	e.gfp = (__force gfp_t)(u32)cgl_arg(regs, 1);
	e.order = (int)cgl_arg(regs, 2);
	cgl_event_record(&e);
	return 0;
}

/*
 * OOM kills
 */

/* Whose limit the kill is for, NULL for a global one; under oom_lock. */
static struct mem_cgroup *cgl_oom_limiter;
static int cgl_oom_limiter_id;
static u64 cgl_oom_limiter_serial;
static enum oom_constraint cgl_oom_constraint;
static bool cgl_oom_sysrq;

static int cgl_on_oom_control(struct kprobe *kp, struct pt_regs *regs)
{
	const struct oom_control *oc = (const struct oom_control *)cgl_arg(regs, 0);

	cgl_oom_limiter = oc->memcg;
	cgl_oom_limiter_id = oc->memcg ? oc->memcg->css.id : 0;
	cgl_oom_limiter_serial = oc->memcg ? oc->memcg->css.serial_nr : 0;
	cgl_oom_constraint = oc->constraint;
	/* As is_sysrq_oom(). */
	cgl_oom_sysrq = oc->order == -1;
	return 0;
}

/* After the kill was counted; the victim's task_lock is held, so its mm stays. */
static int cgl_on_kill(struct kprobe *kp, struct pt_regs *regs)
{
	struct task_struct *victim = (struct task_struct *)cgl_arg(regs, 0);
	struct cgl_event e = {
		.type	= CGL_EVENT_oom_kill,
		.victim	= victim,
		.constraint = cgl_oom_constraint,
		.sysrq	= cgl_oom_sysrq,
		.regs	= regs,
	};
	struct mem_cgroup *memcg = NULL;

	if (cgl_charge_hooks[CGL_HOOK_OOM_CONTROL].armed)
		e.has = CGL_HAS_CONSTRAINT;

	rcu_read_lock();
	/* It could be an earlier kill's, had a hit been missed. */
	if (cgl_oom_limiter &&
	    cgl_memcg_alive(cgl_oom_limiter, cgl_oom_limiter_id,
			    cgl_oom_limiter_serial))
		e.limiter = cgl_oom_limiter;
	if (victim->mm)
		memcg = mem_cgroup_from_task(rcu_dereference(victim->mm->owner));
	if (memcg)
		cgl_count(memcg, killed);
	e.victim_memcg = memcg;
	cgl_event_record(&e);
	rcu_read_unlock();
	return 0;
}

/*
 * Throttling for memory.high
 */

static int cgl_on_throttle(struct kprobe *kp, struct pt_regs *regs)
{
	struct mem_cgroup *memcg = NULL;

	rcu_read_lock();
	if (current->mm)
		memcg = mem_cgroup_from_task(rcu_dereference(current->mm->owner));
	if (memcg)
		cgl_flight_throttle(kernel_stack_pointer(regs), memcg);
	rcu_read_unlock();
	return 0;
}

/* The function that sleeps still has a reference on the memory cgroup. */
static int cgl_on_throttled(struct kprobe *kp, struct pt_regs *regs)
{
	struct cgl_flight f;
	struct cgl_event e = {
		.type	= CGL_EVENT_high,
		.has	= CGL_HAS_US,
		.regs	= regs,
	};

	if (!cgl_flight_throttled(kernel_stack_pointer(regs), &f))
		return 0;
	e.memcg = f.memcg;
	e.us = div_u64(f.last - f.start, NSEC_PER_USEC);
	cgl_event_record(&e);
	return 0;
}

/*
 * The hooks
 */

#define CGL_TRY_CHARGE	"try_charge_memcg"

/*
 * Refusals first: they are armed first, and the last to go. A charge of which
 * something is seen without its refusal cannot be attributed. What is left are
 * charges on their way out at that moment.
 */
static struct cgl_hook cgl_charge_hooks[] = {
	[CGL_HOOK_LIMIT] = {
		.name		= "limit",
		.at		= CGL_AT_RETURN,
		.func		= "page_counter_try_charge",
		.entry		= cgl_try_entry,
		.leave		= cgl_try_return,
		.data_size	= sizeof(struct cgl_try),
		.feeds		= CGL_BIT(limit) | CGL_BIT(limit_memsw) |
				  CGL_BIT(limited) | CGL_BIT(limited_memsw),
		.unseen		= "refusals",
	},
	[CGL_HOOK_NOMEM] = {
		.name		= "nomem",
		.at		= CGL_AT_NOMEM,
		.func		= CGL_TRY_CHARGE,
		.handler	= cgl_on_nomem,
		.feeds		= CGL_BIT(nomem) | CGL_BIT(limited_nomem),
		.unseen		= "charges that fail",
	},
	[CGL_HOOK_OOM_CONTROL] = {
		.name		= "oom_control",
		.at		= CGL_AT_ENTRY,
		.func		= "oom_kill_process",
		.handler	= cgl_on_oom_control,
		.unseen		= "the limiter of an OOM kill",
	},
	{
		.name		= "force",
		.at		= CGL_AT_CALL,
		.func		= CGL_TRY_CHARGE,
		.callee		= "page_counter_charge",
		.handler	= cgl_on_force,
		.feeds		= CGL_BIT(force) | CGL_BIT(limited_force),
		.unseen		= "charges that are forced",
	},
	{
		.name		= "reclaim",
		.at		= CGL_AT_CALL,
		.func		= CGL_TRY_CHARGE,
		.callee		= "try_to_free_mem_cgroup_pages",
		.handler	= cgl_on_reclaim,
		.feeds		= CGL_BIT(reclaim) | CGL_BIT(limited_reclaim),
		.unseen		= "reclaim",
	},
	{
		.name		= "reclaimed",
		.at		= CGL_AFTER_CALL,
		.func		= CGL_TRY_CHARGE,
		.callee		= "try_to_free_mem_cgroup_pages",
		.handler	= cgl_on_reclaimed,
		.feeds		= CGL_BIT(reclaimed_pages),
		.unseen		= "what reclaim frees",
	},
	{
		.name		= "oom",
		.at		= CGL_AT_CALL,
		.func		= CGL_TRY_CHARGE,
		.callee		= "mem_cgroup_out_of_memory",
		.handler	= cgl_on_oom,
		.feeds		= CGL_BIT(oom) | CGL_BIT(limited_oom),
		.unseen		= "the OOM path of a charge",
	},
	{
		.name		= "kill",
		.at		= CGL_AT_CALL,
		.func		= "__oom_kill_process",
		.callee		= "mark_oom_victim",
		.handler	= cgl_on_kill,
		.feeds		= CGL_BIT(killed),
		.unseen		= "OOM kills",
	},
	{
		.name		= "throttle",
		.at		= CGL_AT_CALL,
		.func		= CGL_HANDLE_OVER_HIGH,
		.callee		= "schedule_timeout_killable",
		.handler	= cgl_on_throttle,
		.unseen		= "throttling for memory.high",
	},
	{
		.name		= "throttled",
		.at		= CGL_AFTER_CALL,
		.func		= CGL_HANDLE_OVER_HIGH,
		.callee		= "schedule_timeout_killable",
		.handler	= cgl_on_throttled,
		.unseen		= "throttling for memory.high",
	},
};

static_assert(ARRAY_SIZE(cgl_charge_hooks) <= CGL_HOOKS_MAX);

/*
 * Memory cgroups that come and go
 */

static int cgl_on_css_online(struct kprobe *kp, struct pt_regs *regs)
{
	struct cgroup_subsys_state *css = (void *)cgl_arg(regs, 0);

	cgl_charge_online_atomic(mem_cgroup_from_css(css));
	return 0;
}

static int cgl_on_css_free(struct kprobe *kp, struct pt_regs *regs)
{
	struct cgroup_subsys_state *css = (void *)cgl_arg(regs, 0);

	cgl_charge_free(mem_cgroup_from_css(css));
	return 0;
}

static struct kprobe cgl_css_online;
static struct kprobe cgl_css_free;

/* Another way to see failed charges: the parameter `exact`. */
static int __init cgl_hook_nomem_at_return(struct cgl_hook *h)
{
	h->at = CGL_AT_RETURN;
	h->entry = cgl_charge_entry;
	h->leave = cgl_charge_return;
	h->data_size = sizeof(unsigned long);
	h->inside = CGL_CHARGES_MAX;
	return cgl_hooks_find(h, 1);
}

/*
 * Finds all sites. Where none tells failed charges apart, they are seen in the dearer
 * way, never not at all.
 */
static int __init cgl_kprobe_find(void)
{
	struct cgl_hook *nomem = &cgl_charge_hooks[CGL_HOOK_NOMEM];
	int ret;

	ret = cgl_hooks_find(cgl_charge_hooks, ARRAY_SIZE(cgl_charge_hooks));
	if (ret)
		return ret;
	if (!cgl_at_return && nomem->sites <= 0) {
		cgl_at_return_why = nomem->why;
		cgl_at_return = true;
	}
	if (cgl_at_return)
		ret = cgl_hook_nomem_at_return(nomem);
	return ret ?: cgl_moves_find();
}

/* Does nothing, where the compiler cannot see that. */
static noinline void cgl_probe_me(void)
{
	barrier();
}

static bool cgl_probe_hit;

static int cgl_on_probe_me(struct kprobe *kp, struct pt_regs *regs)
{
	cgl_probe_hit = true;
	return 0;
}

/* Kprobes can be registered and not armed, all at once: try one. */
static int __init cgl_kprobe_probe(const char **why)
{
	struct kprobe kp = {
		.addr		= (kprobe_opcode_t *)cgl_probe_me,
		.pre_handler	= cgl_on_probe_me,
	};
	int ret;

	ret = register_kprobe(&kp);
	if (ret) {
		*why = "kprobes cannot be registered";
		return ret;
	}
	cgl_probe_hit = false;
	cgl_probe_me();
	unregister_kprobe(&kp);
	if (!READ_ONCE(cgl_probe_hit)) {
		*why = "kprobes are switched off (debugfs: kprobes/enabled)";
		return -EOPNOTSUPP;
	}

	cgl_trampoline = cgl_text_address(CGL_KRETPROBE_TRAMPOLINE);
	cgl_graph_trampoline = cgl_text_address(CGL_GRAPH_TRAMPOLINE);
	ret = cgl_func_find(CGL_TRY_CHARGE, &cgl_try_charge);
	if (ret == -ENOENT) {
		*why = CGL_TRY_CHARGE " is not a function of this kernel";
		return -EOPNOTSUPP;
	}
	if (!ret)
		ret = cgl_kprobe_find();
	if (ret)
		*why = "there is no memory to look for its sites";
	return ret;
}

static int cgl_kprobe_watch(void)
{
	int ret;

	ret = cgl_charge_pool_start();
	if (ret)
		return ret;
	cgl_css_online = (struct kprobe) {
		.symbol_name	= "mem_cgroup_css_online",
		.pre_handler	= cgl_on_css_online,
	};
	cgl_css_free = (struct kprobe) {
		.symbol_name	= "mem_cgroup_css_free",
		.pre_handler	= cgl_on_css_free,
	};
	ret = register_kprobe(&cgl_css_free);
	if (ret)
		return ret;
	ret = register_kprobe(&cgl_css_online);
	if (ret)
		goto err_free;
	ret = cgl_charge_populate();
	if (ret)
		goto err_online;
	return 0;

err_online:
	unregister_kprobe(&cgl_css_online);
err_free:
	unregister_kprobe(&cgl_css_free);
	return ret;
}

static void cgl_kprobe_unwatch(void)
{
	unregister_kprobe(&cgl_css_online);
	unregister_kprobe(&cgl_css_free);
}

static void cgl_kprobe_detach(void)
{
	cgl_moves_disarm();
	cgl_hooks_disarm(cgl_charge_hooks, ARRAY_SIZE(cgl_charge_hooks));
	cgl_flights_exit();
}

static int cgl_kprobe_attach(void)
{
	unsigned int nr = 0;
	int ret;

	ret = cgl_flights_init();
	if (ret)
		return ret;
	ret = cgl_hooks_arm(cgl_charge_hooks, ARRAY_SIZE(cgl_charge_hooks), &nr);
	if (!ret)
		ret = cgl_moves_arm(&nr);
	if (!ret && !nr)
		ret = -EOPNOTSUPP;
	if (ret) {
		cgl_kprobe_detach();
		return ret;
	}
	if (cgl_at_return_why)
		pr_warn("each charge costs some 450 instructions more: it is not known where try_charge_memcg fails: %s\n",
			cgl_at_return_why);
	cgl_missed_before = 0;
	return 0;
}

/* Not served: cgl_source_set_fast_path() does not ask for more than the most. */
static int cgl_kprobe_set_fast_path(int from, int to)
{
	return -EOPNOTSUPP;
}

static u64 cgl_kprobe_counters(int fast_path)
{
	u64 counters = 0;
	int i;

	for (i = 0; i < ARRAY_SIZE(cgl_charge_hooks); i++) {
		if (cgl_charge_hooks[i].armed)
			counters |= cgl_charge_hooks[i].feeds;
	}
	return counters;
}

static bool cgl_kprobe_slow(void)
{
	return cgl_charge_hooks[CGL_HOOK_LIMIT].armed;
}

static u64 cgl_kprobe_missed_ever(void)
{
	return cgl_flights_lost() + cgl_moves_missed() +
	       cgl_nmissed(&cgl_css_online) + cgl_nmissed(&cgl_css_free) +
	       cgl_hooks_missed(cgl_charge_hooks, ARRAY_SIZE(cgl_charge_hooks));
}

static size_t cgl_kprobe_memory(void)
{
	return cgl_flights_memory() + cgl_moves_memory() +
	       cgl_hooks_memory(cgl_charge_hooks, ARRAY_SIZE(cgl_charge_hooks));
}

static u64 cgl_kprobe_missed(void)
{
	return cgl_kprobe_missed_ever() - READ_ONCE(cgl_missed_before);
}

static void cgl_kprobe_reset(void)
{
	WRITE_ONCE(cgl_missed_before, cgl_kprobe_missed_ever());
	cgl_flights_reset();
}

static void cgl_kprobe_status(struct seq_file *m)
{
	cgl_hooks_status(m, cgl_charge_hooks, ARRAY_SIZE(cgl_charge_hooks));
	cgl_hooks_unseen(m, cgl_charge_hooks, ARRAY_SIZE(cgl_charge_hooks));
	cgl_moves_status(m);
	if (cgl_at_return_why)
		cgl_status_cost(m, "exact: some 450 instructions a charge",
				cgl_at_return_why);
	cgl_status_unseen(m, "charges that meet no limit",
			  "a kprobe on each would cost too much");
	cgl_status_unseen(m, "why a charge failed", "not visible to a kprobe");
	cgl_status_unseen(m, "gfp of a charge that did not reclaim",
			  "not visible to a kprobe");
	cgl_status_unseen(m, "OOMs of an order above 3 or with oom_kill_disable",
			  "nothing is called for them that could be hooked");
}

const struct cgl_source cgl_source_kprobe __refconst = {
	.name		= "kprobe",
	.fast_path_max	= CGL_FAST_NONE,
	.fast_path	= CGL_FAST_NONE,
	.probe		= cgl_kprobe_probe,
	.watch		= cgl_kprobe_watch,
	.unwatch	= cgl_kprobe_unwatch,
	.attach		= cgl_kprobe_attach,
	.detach		= cgl_kprobe_detach,
	.set_fast_path	= cgl_kprobe_set_fast_path,
	.counters	= cgl_kprobe_counters,
	.slow		= cgl_kprobe_slow,
	.missed		= cgl_kprobe_missed,
	.memory		= cgl_kprobe_memory,
	.reset		= cgl_kprobe_reset,
	.status		= cgl_kprobe_status,
};
