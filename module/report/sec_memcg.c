// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sections `memcg` and `counter`: what a memory cgroup is, and its page
 * counters. Numbers come from struct mem_cgroup itself, as mem_cgroup_read_u64()
 * (v1) and page_counter_read() (v2) have them, not from its files.
 */
#include <linux/page_counter.h>
#include <linux/rcupdate.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>

#include "base/compat.h"
#include "base/path.h"
#include "report/section.h"

static bool cgl_memcg_is_v2(void)
{
	return cgroup_subsys_on_dfl(memory_cgrp_subsys);
}

/*
 * The cgroup that the task's pages are charged to, where that is another: its
 * mm's owner can be elsewhere. As get_mem_cgroup_from_mm() finds it.
 */
static void cgl_out_charged_id(struct cgl_out *o, const struct cgl_reader *r,
			       const struct cgl_subject *s)
{
	struct mem_cgroup *memcg;
	u64 id = 0;

	task_lock(s->task);
	if (s->task->mm) {
		rcu_read_lock();
		memcg = mem_cgroup_from_task(rcu_dereference(s->task->mm->owner));
		if (memcg && memcg != s->memcg && cgl_memcg_visible(r, memcg))
			id = cgl_css_id(&memcg->css);
		rcu_read_unlock();
	}
	task_unlock(s->task);
	if (id)
		cgl_out_num(o, " charged_id=", id);
}

#if CGL_HAVE_ACCESS
static void cgl_out_swappiness(struct cgl_out *o, struct mem_cgroup *memcg)
{
	cgl_out_int(o, " swappiness=", cg_list_memcg_swappiness(memcg));
}
#else
/* vm_swappiness, which counts on v2 and at the root, is not exported. */
static void cgl_out_swappiness(struct cgl_out *o, struct mem_cgroup *memcg)
{
	if (!cgl_memcg_is_v2() && parent_mem_cgroup(memcg))
		cgl_out_int(o, " swappiness=", cgl_v1_swappiness(memcg));
}
#endif

static bool cgl_show_chain(struct cgl_out *o, const struct cgl_reader *r,
			   const struct cgl_subject *s, unsigned int part)
{
	struct mem_cgroup *memcg = s->memcg;
	bool v2 = cgl_memcg_is_v2();

	cgl_out_memcg_key(o, "memcg", s);
	if (s->level != CGL_NO_LEVEL)
		cgl_out_num(o, " id=", cgl_css_id(&memcg->css));
	cgl_out_num(o, " hierarchy=", cgl_css_hierarchy(&memcg->css));
	/* Changed under cgroup_mutex: it was so a moment ago. */
	cgl_out_num(o, " online=", !!(data_race(memcg->css.flags) & CSS_ONLINE));
	cgl_out_swappiness(o, memcg);
	if (!v2) {
		cgl_out_num(o, " oom_kill_disable=",
			    cgl_oom_kill_disable(memcg));
		cgl_out_num(o, " under_oom=", cgl_under_oom(memcg));
	} else if (parent_mem_cgroup(memcg)) {
		cgl_out_num(o, " oom_group=", READ_ONCE(memcg->oom_group));
	}
	if (s->task && s->level == 0)
		cgl_out_charged_id(o, r, s);
	if (r->path)
		cgl_out_level_path(o, r, s->level);
	else
		cgl_out_memcg_path(o, r, memcg);
	cgl_out_eol(o);
	return false;
}

const struct cgl_section cgl_section_memcg = {
	.name	= "memcg",
	.show	= cgl_show_chain,
};

/* A limit in bytes, or max. */
static __always_inline void cgl_out_limit(struct cgl_out *o, const char *key,
					  unsigned long pages)
{
	cgl_out_lit(o, key);
	if (pages >= PAGE_COUNTER_MAX)
		cgl_out_lit(o, "max");
	else
		cgl_out_u64(o, (u64)pages << PAGE_SHIFT);
}

static void cgl_out_usage(struct cgl_out *o, struct page_counter *counter)
{
	cgl_out_pages(o, " usage=", page_counter_read(counter));
	cgl_out_limit(o, " max=", READ_ONCE(counter->max));
}

static void cgl_out_past(struct cgl_out *o, struct page_counter *counter)
{
	cgl_out_pages(o, " peak=", READ_ONCE(counter->watermark));
	if (cgl_counts_failures(counter))
		cgl_out_num(o, " failcnt=", READ_ONCE(counter->failcnt));
	cgl_out_eol(o);
}

static void cgl_show_counters_v2(struct cgl_out *o, const struct cgl_subject *s)
{
	struct page_counter *memory = &s->memcg->memory;
	struct page_counter *swap = &s->memcg->swap;

	cgl_out_memcg_key(o, "counter", s);
	cgl_out_lit(o, " name=memory");
	cgl_out_usage(o, memory);
	cgl_out_limit(o, " high=", READ_ONCE(memory->high));
	cgl_out_limit(o, " low=", READ_ONCE(memory->low));
	cgl_out_limit(o, " min=", READ_ONCE(memory->min));
	cgl_out_past(o, memory);

	cgl_out_memcg_key(o, "counter", s);
	cgl_out_lit(o, " name=swap");
	cgl_out_usage(o, swap);
	cgl_out_limit(o, " high=", READ_ONCE(swap->high));
	cgl_out_past(o, swap);
}

#if CGL_HAVE_MEMCG_V1
/* A counter that has no more than usage, limit, peak and failures. */
static void cgl_out_plain(struct cgl_out *o, const struct cgl_subject *s,
			  const char *name, struct page_counter *counter)
{
	cgl_out_memcg_key(o, "counter", s);
	cgl_out_str(o, name, strlen(name));
	cgl_out_usage(o, counter);
	cgl_out_past(o, counter);
}

static void cgl_show_counters_v1(struct cgl_out *o, const struct cgl_subject *s)
{
	struct page_counter *memory = &s->memcg->memory;

	cgl_out_memcg_key(o, "counter", s);
	cgl_out_lit(o, " name=memory");
	cgl_out_usage(o, memory);
	cgl_out_limit(o, " soft=", cgl_soft_limit(s->memcg));
	cgl_out_past(o, memory);

	cgl_out_plain(o, s, " name=memsw", &s->memcg->memsw);
	cgl_out_plain(o, s, " name=kmem", &s->memcg->kmem);
	cgl_out_plain(o, s, " name=tcpmem", &s->memcg->tcpmem);
}
#else
static void cgl_show_counters_v1(struct cgl_out *o, const struct cgl_subject *s)
{
}
#endif

static bool cgl_show_counter(struct cgl_out *o, const struct cgl_reader *r,
			     const struct cgl_subject *s, unsigned int part)
{
	/* The root's are not kept: try_charge() passes it by. */
	if (!parent_mem_cgroup(s->memcg))
		return false;
	if (cgl_memcg_is_v2())
		cgl_show_counters_v2(o, s);
	else
		cgl_show_counters_v1(o, s);
	return false;
}

const struct cgl_section cgl_section_counter = {
	.name	= "counter",
	.show	= cgl_show_counter,
};
