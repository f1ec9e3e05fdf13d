// SPDX-License-Identifier: GPL-2.0-only
/*
 * An event as a line, for the stream, a report and the kernel log.
 *
 * Nothing of an event is looked up before it is read: cgroups are found by
 * their ids then, and left out if they are gone.
 */
#include <linux/idr.h>
#include <linux/kallsyms.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/oom.h>
#include <linux/pid_namespace.h>
#include <linux/time64.h>

#include "base/compat.h"
#include "base/path.h"
#include "event/line.h"

/* The paths of all its cgroups, each byte escaped, its stack, and all the rest. */
static_assert(CGL_NR_REFS * 4 * PATH_MAX +
	      CGL_STACK_ENTRIES * KSYM_SYMBOL_LEN + 2048 <= CGL_EVENT_MAX);

#define CGL_TYPE_NAME(name, ...)	\
	[CGL_EVENT_##name] = #name,

#define CGL_CONSTRAINT_ENUM(name)	CGL_CONSTRAINT_##name,
enum cgl_constraint {
	CGL_CONSTRAINTS(CGL_CONSTRAINT_ENUM)
};

#define CGL_CONSTRAINT_NAME(name)	\
	[CGL_CONSTRAINT_##name] = #name,

static const char *const cgl_constraint_name[] = {
	CGL_CONSTRAINTS(CGL_CONSTRAINT_NAME)
};

/* The kernel's, as a record has it. */
static_assert((int)CGL_CONSTRAINT_none == CONSTRAINT_NONE &&
	      (int)CGL_CONSTRAINT_cpuset == CONSTRAINT_CPUSET &&
	      (int)CGL_CONSTRAINT_memory_policy == CONSTRAINT_MEMORY_POLICY &&
	      (int)CGL_CONSTRAINT_memcg == CONSTRAINT_MEMCG);

const char *const cgl_event_type_name[CGL_NR_EVENT_TYPES] = {
	CGL_EVENT_TYPES(CGL_TYPE_NAME)
};

#define CGL_WHY_NAME(name)	\
	[CGL_WHY_##name] = #name,

static const char *const cgl_why_name[CGL_NR_WHYS] = {
	CGL_WHYS(CGL_WHY_NAME)
};

/* By @force of a record. */
#define CGL_OUTCOME_NAME(name)	\
	[CGL_OUTCOME_##name] = #name,

static const char *const cgl_outcome_name[] = {
	CGL_OUTCOMES(CGL_OUTCOME_NAME)
};

static void cgl_out_name(struct cgl_out *o, const char *key, const char *name)
{
	cgl_out_str(o, key, strlen(key));
	cgl_out_str(o, name, strlen(name));
}

static void cgl_out_time(struct cgl_out *o, u64 ns)
{
	char digits[9];
	u32 rest;
	int i;

	cgl_out_num(o, " time=", div_u64_rem(ns, NSEC_PER_SEC, &rest));
	for (i = sizeof(digits) - 1; i >= 0; i--) {
		digits[i] = '0' + rest % 10;
		rest /= 10;
	}
	cgl_out_lit(o, ".");
	cgl_out_str(o, digits, sizeof(digits));
}

/*
 * The cgroup of a reference, itself referenced; NULL if the cgroup is gone. On v2
 * cgroup_get_from_id() finds it, if it is in the current cgroup namespace. On v1
 * the hierarchy's root is never returned: it may be gone without a trace.
 */
static struct cgroup *cgl_get_cgroup(const struct cgl_reader *r,
				     const struct cgl_cgroup_ref *ref)
{
	struct cgroup_subsys_state *css;
	struct cgroup *cgrp = NULL;

	if (ref->ssid == CGL_REF_V2) {
		cgrp = cgroup_get_from_id(ref->id);
		return IS_ERR(cgrp) ? NULL : cgrp;
	}
	if (ref->ssid == CGL_REF_NOWHERE)
		return NULL;

	rcu_read_lock();
	css = idr_find(&r->ns_cset->subsys[ref->ssid]->ss->css_idr, ref->css);
	if (css && css->parent && cgl_css_id(css) == ref->id)
		cgrp = cgl_css_get_cgroup(css);
	rcu_read_unlock();
	return cgrp;
}

/* Of the namespace, the css of a controller that the event's hierarchy has. */
static const struct cgroup_subsys_state *
cgl_ref_ns_css(const struct cgl_reader *r, const struct cgl_cgroup_ref *ref)
{
	return ref->ssid < CGROUP_SUBSYS_COUNT ? r->ns_cset->subsys[ref->ssid] :
						 NULL;
}

/* Whether the reader's namespace has all of the event's hierarchy. */
static bool cgl_ref_sees_all(const struct cgl_reader *r,
			     const struct cgl_cgroup_ref *ref)
{
	const struct cgroup_subsys_state *css = cgl_ref_ns_css(r, ref);

	return css ? !css->parent : !cgroup_parent(r->ns_cset->dfl_cgrp);
}

/*
 * A cgroup that is not found may have been outside of the reader's namespace: its
 * id is told only to a reader who sees the whole hierarchy. The root of a v1
 * hierarchy is told in the same way; its css has the id 1 for ever
 * (cgroup_init_subsys()).
 */
static void cgl_out_ref(struct cgl_out *o, const struct cgl_reader *r,
			const char *key, const char *id_key,
			const char *hidden_key,
			const struct cgl_cgroup_ref *ref)
{
	struct cgroup *cgrp, *ns_root;
	bool visible;

	/* Without an id, the other members are an earlier event's. */
	if (!ref->id)
		return;
	cgrp = cgl_get_cgroup(r, ref);
	if (cgrp) {
		ns_root = cgl_ns_root(r, cgrp, cgl_ref_ns_css(r, ref));
		visible = cgroup_is_descendant(cgrp, ns_root);
		if (visible)
			cgl_out_cgroup(o, key, cgrp, ns_root);
		cgroup_put(cgrp);
	} else {
		visible = cgl_ref_sees_all(r, ref);
		if (visible && ref->ssid < CGROUP_SUBSYS_COUNT && ref->css == 1) {
			cgl_out_str(o, key, strlen(key));
			cgl_out_lit(o, "/");
		}
	}
	if (visible) {
		cgl_out_str(o, id_key, strlen(id_key));
		cgl_out_u64(o, ref->id);
	} else if (hidden_key) {
		/* There was one: not to be taken for none. */
		cgl_out_str(o, hidden_key, strlen(hidden_key));
		cgl_out_lit(o, "1");
	}
}

/* The level at which a reader sees a task, or -1. */
static int cgl_task_level(const struct cgl_reader *r,
			  const struct cgl_task_ref *task)
{
	unsigned int level = r->pid_ns->level;

	/* Without the first number, the others are an earlier event's. */
	if (!task->ns[0] || level >= CGL_PID_LEVELS ||
	    task->ns[level] != r->pid_ns->ns.inum)
		return -1;
	return level;
}

/*
 * Whether a reader may be told of a task. A reader who does not see all tasks is
 * told only of the report's own: any other may be gone, and then nothing can tell
 * whether the reader was allowed to see it.
 */
static bool cgl_may_name(const struct cgl_reader *r,
			 const struct cgl_task_ref *task)
{
	const struct task_struct *subject;

	if (r->all)
		return true;
	subject = r->report->task;
	return task->pid[0] == subject->pid || task->pid[0] == subject->tgid;
}

static void cgl_out_current(struct cgl_out *o, const struct cgl_reader *r,
			    const struct cgl_record *rec)
{
	const struct cgl_task_ref *task = &rec->task;
	int level = cgl_task_level(r, task);

	if (level < 0 || !cgl_may_name(r, task))
		return;
	cgl_out_num(o, " pid=", task->pid[level]);
	cgl_out_num(o, " tgid=", rec->tgid[level]);
	cgl_out_lit(o, " comm=");
	cgl_out_escaped(o, task->comm, strnlen(task->comm, TASK_COMM_LEN));
}

/*
 * A process is killed, whichever of its threads still had the memory; and a
 * process is moved, or one thread.
 */
static void cgl_out_victim(struct cgl_out *o, const struct cgl_reader *r,
			   const struct cgl_record *rec)
{
	bool moved = rec->type == CGL_EVENT_migrate;
	int level = cgl_task_level(r, &rec->victim);

	if (level >= 0 && cgl_may_name(r, &rec->victim)) {
		cgl_out_name(o, moved ? " moved" : " victim", "=");
		cgl_out_u64(o, rec->victim.pid[level]);
		cgl_out_name(o, moved ? " moved" : " victim", "_comm=");
		cgl_out_escaped(o, rec->victim.comm,
				strnlen(rec->victim.comm, TASK_COMM_LEN));
	}
	cgl_out_ref(o, r, " victim_memcg=", " victim_memcg_id=",
		    " victim_memcg_hidden=", &rec->cgroup[CGL_REF_VICTIM]);
}

static void cgl_out_gfp(struct cgl_out *o, gfp_t gfp)
{
	size_t room = o->end - o->p, len;

	cgl_out_lit(o, " gfp=");
	room = o->end - o->p;
	len = snprintf(o->p, room, "%pGg", &gfp);
	if (len >= room)
		o->full = true;
	else
		o->p += len;
}

/**
 * cgl_symbol - where in the kernel a return address is
 * @buf: where to write symbol+offset, never an address
 * @size: of @buf; a symbol that does not fit is cut off
 * @addr: the address
 *
 * Context: any.
 * Return: the length of what would have been written in full: not less than
 * @size if it was cut off.
 */
size_t cgl_symbol(char *buf, size_t size, unsigned long addr)
{
	size_t len = snprintf(buf, size, "%pB", (void *)addr);

	if (len >= size)
		return len;
	/* In a module that has gone. */
	if (buf[0] == '0' || buf[0] == '(')
		return scnprintf(buf, size, "?");
	/* Behind it, the length of the function and the name of the module. */
	return strcspn(buf, "/ ");
}

static void cgl_out_stack(struct cgl_out *o, const struct cgl_record *rec)
{
	unsigned int i;

	for (i = 0; i < rec->nr_stack; i++) {
		size_t room, len;

		if (i)
			cgl_out_lit(o, "<");
		else
			cgl_out_lit(o, " stack=");
		room = o->end - o->p;
		len = cgl_symbol(o->p, room, rec->stack[i]);
		if (len >= room) {
			o->full = true;
			return;
		}
		o->p += len;
	}
}

static void cgl_out_charge(struct cgl_out *o, const struct cgl_record *rec)
{
	if (rec->has & CGL_HAS_COUNTER)
		cgl_out_name(o, " counter=", rec->memsw ? "memsw" : "memory");
	if (rec->has & CGL_HAS_NR_PAGES)
		cgl_out_num(o, " nr_pages=", rec->nr_pages);
	if (rec->has & CGL_HAS_ORDER)
		cgl_out_int(o, " order=", rec->order);
	if (rec->has & CGL_HAS_GFP)
		cgl_out_gfp(o, rec->gfp);
	if (rec->has & CGL_HAS_OUTCOME)
		cgl_out_name(o, " outcome=", cgl_outcome_name[rec->force]);
	if ((rec->has & CGL_HAS_WHY) && rec->why != CGL_WHY_none)
		cgl_out_name(o, " why=", cgl_why_name[rec->why]);
	if (rec->has & CGL_HAS_RETRIES)
		cgl_out_num(o, " retries=", rec->retries);
	if (rec->has & CGL_HAS_RECLAIMED)
		cgl_out_num(o, " reclaimed_pages=", rec->reclaimed_pages);
	if (rec->has & CGL_HAS_US)
		cgl_out_num(o, " us=", rec->us);
}

/**
 * cgl_out_event - write an event
 * @o: the writer
 * @r: the reader; its stack is only for one with @syslog
 * @rec: the event, complete
 *
 * Context: process context, may sleep.
 */
void cgl_out_event(struct cgl_out *o, const struct cgl_reader *r,
		   const struct cgl_record *rec)
{
	cgl_out_num(o, "event seq=", rec->seq);
	cgl_out_time(o, rec->time);
	cgl_out_num(o, " cpu=", rec->cpu);
	cgl_out_name(o, " type=", cgl_event_type_name[rec->type]);
	cgl_out_current(o, r, rec);
	if (rec->type == CGL_EVENT_migrate) {
		cgl_out_ref(o, r, " from=", " from_id=", NULL,
			    &rec->cgroup[CGL_REF_FROM]);
		cgl_out_ref(o, r, " to=", " to_id=", NULL,
			    &rec->cgroup[CGL_REF_TO]);
	} else {
		cgl_out_ref(o, r, " memcg=", " memcg_id=", " memcg_hidden=",
			    &rec->cgroup[CGL_REF_MEMCG]);
		cgl_out_ref(o, r, " limiter=", " limiter_id=",
			    " limiter_hidden=", &rec->cgroup[CGL_REF_LIMITER]);
	}
	cgl_out_charge(o, rec);
	cgl_out_victim(o, r, rec);
	if (rec->has & CGL_HAS_CONSTRAINT) {
		cgl_out_name(o, " constraint=",
			     cgl_constraint_name[rec->constraint]);
		if (rec->sysrq)
			cgl_out_lit(o, " sysrq=1");
	}
	if (rec->has & CGL_HAS_THREADS)
		cgl_out_num(o, " threads=", rec->threads);
	if (rec->has & CGL_HAS_RET)
		cgl_out_int(o, " ret=", rec->ret);
	if (r->syslog)
		cgl_out_stack(o, rec);
	cgl_out_eol(o);
}
