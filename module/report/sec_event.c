// SPDX-License-Identifier: GPL-2.0-only
/*
 * Section `event`: the last events of a task or its memory cgroup.
 */
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "event/line.h"
#include "event/ring.h"
#include "report/section.h"

/*
 * What it did, or was done to it or its process. An event older than the task is
 * of another one that had its number, or of the process before it was there.
 */
static bool cgl_event_of_task(const struct cgl_record *rec,
			      const struct task_struct *task)
{
	u32 victim = rec->victim.ns[0] ? rec->victim.pid[0] : 0;

	return rec->time >= task->start_time &&
	       ((rec->task.ns[0] && rec->task.pid[0] == task->pid) ||
		(victim && (victim == task->pid || victim == task->tgid)));
}

static bool cgl_event_of_memcg(const struct cgl_record *rec,
			       const struct cgl_reader *r,
			       const struct mem_cgroup *memcg)
{
	const struct cgroup_subsys_state *css = &memcg->css;
	unsigned int ssid = rec->cgroup[CGL_REF_TO].ssid;
	u64 id = cgl_css_id(css);
	bool v2 = cgl_css_on_v2(css);
	int i;

	/* Ids of another hierarchy mean something else. */
	if (rec->type == CGL_EVENT_migrate && v2 && ssid != CGL_REF_V2)
		return false;
	if (rec->type == CGL_EVENT_migrate && !v2 &&
	    (ssid >= CGROUP_SUBSYS_COUNT ||
	     cgl_css_root(r->ns_cset->subsys[ssid]) != cgl_css_root(css)))
		return false;
	for (i = 0; i < CGL_NR_REFS; i++) {
		if (rec->cgroup[i].id == id)
			return true;
	}
	return false;
}

static bool cgl_event_matches(const struct cgl_record *rec,
			      const struct cgl_reader *r,
			      const struct cgl_subject *s)
{
	return cgl_event_of_task(rec, s->task) ||
	       (s->memcg && cgl_event_of_memcg(rec, r, s->memcg));
}

/* Positions of the last events about @s, the latest first; how many. */
static unsigned int cgl_find_last(const struct cgl_reader *r,
				  const struct cgl_subject *s, s64 *found)
{
	s64 oldest = cgl_ring_oldest(), pos = cgl_ring_head();
	unsigned int nr = 0;

	rcu_read_lock();
	while (pos-- > oldest && nr < CGL_SECTION_EVENTS) {
		if (cgl_ring_peek(pos) != CGL_RING_READY)
			continue;
		/* It may be overwritten meanwhile: the copy will tell. */
		if (data_race(cgl_event_matches(cgl_ring_at(pos), r, s)))
			found[nr++] = pos;
	}
	rcu_read_unlock();
	return nr;
}

/*
 * Without the stack, which the stream has: its symbols would cost more than all
 * the rest of the report. A part an event, the oldest first. If there are new
 * ones in between, some of the older ones are left out, and none is printed
 * twice.
 */
static bool cgl_show_event(struct cgl_out *o, const struct cgl_reader *r,
			   const struct cgl_subject *s, unsigned int part)
{
	struct cgl_reader no_stack = *r;
	s64 found[CGL_SECTION_EVENTS];
	struct cgl_record rec;
	unsigned int nr = cgl_find_last(r, s, found);

	if (part >= nr)
		return false;
	no_stack.syslog = false;
	if (cgl_ring_read(found[nr - 1 - part], &rec) == CGL_RING_READY)
		cgl_out_event(o, &no_stack, &rec);
	return part + 1 < nr;
}

const struct cgl_section cgl_section_event = {
	.name	= "event",
	.ptrace	= true,
	.show	= cgl_show_event,
};
