// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report on a task: a table of sections, and the walk over it that serves
 * /proc/PID/cg_list (patched kernels) and /proc/cg_list/task (all).
 *
 * A step prints one part of one section and is named by a number, so that a
 * report which does not fit into one read goes on where it was. Sections about
 * the memory cgroup come once a level, level by level.
 */
#include <linux/nsproxy.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "base/path.h"
#include "report/report.h"
#include "report/section.h"

static bool cgl_show_header(struct cgl_out *o, const struct cgl_reader *r,
			    const struct cgl_subject *s, unsigned int part)
{
	cgl_out_num(o, CGL_FORMAT_KEY " ", CGL_FORMAT);
	cgl_out_eol(o);
	return false;
}

static const struct cgl_section cgl_section_header = {
	.name	= "header",
	.show	= cgl_show_header,
};

/* The last line of the chain, where there are more levels than are printed. */
static bool cgl_show_more(struct cgl_out *o, const struct cgl_reader *r,
			  const struct cgl_subject *s, unsigned int part)
{
	unsigned int n = 0;
	struct mem_cgroup *memcg;

	for (memcg = s->memcg; memcg && cgl_memcg_visible(r, memcg);
	     memcg = parent_mem_cgroup(memcg))
		n++;
	if (n > CGL_MAX_LEVELS) {
		cgl_out_num(o, "memcg more=", n - CGL_MAX_LEVELS);
		cgl_out_eol(o);
	}
	return false;
}

static const struct cgl_section cgl_section_more = {
	.name	= "more",
	.show	= cgl_show_more,
};

/* The order of a report: a new section is one file and one row. */
static const struct cgl_section *const cgl_head[] = {
	&cgl_section_header,
	&cgl_section_task,
	&cgl_section_cset,
	&cgl_section_cset_task,
	&cgl_section_cgroup,
	&cgl_section_cpuset,
	&cgl_section_ns,
};

static const struct cgl_section *const cgl_level[] = {
	&cgl_section_memcg,
	&cgl_section_counter,
	&cgl_section_lru,
	&cgl_section_charge,
	&cgl_section_slow,
	&cgl_section_origin,
};

static const struct cgl_section *const cgl_tail[] = {
	&cgl_section_more,
	&cgl_section_event,
};

#define CGL_NR_HEAD	((unsigned int)ARRAY_SIZE(cgl_head))
#define CGL_NR_LEVEL	((unsigned int)ARRAY_SIZE(cgl_level))
#define CGL_NR_TAIL	((unsigned int)ARRAY_SIZE(cgl_tail))

/* A step: which section, in the order of printing, and which part of it. */
#define CGL_PART_BITS	16
#define CGL_PART(step)	((unsigned int)(step) & ((1U << CGL_PART_BITS) - 1))
#define CGL_INDEX(step)	((unsigned int)((step) >> CGL_PART_BITS))

/* report->state: how many levels there are, and the step to go on with. */
#define CGL_STATE_BITS	8
#define CGL_STATE_LEVELS(state)	((unsigned int)(state) & ((1U << CGL_STATE_BITS) - 1))
#define CGL_STATE_NEXT(state)	((loff_t)((state) >> CGL_STATE_BITS))

static_assert(CGL_MAX_LEVELS < 1 << CGL_STATE_BITS);

static void cgl_reader_init(struct cgl_reader *r,
			    const struct cg_list_report *report)
{
	r->pid_ns = report->pid_ns;
	r->cgroup_ns = current->nsproxy->cgroup_ns;
	r->ns_cset = r->cgroup_ns->root_cset;
	r->report = report;
	r->path = report->data;
	r->ptrace = report->ptrace;
	r->all = cg_list_may_name(report, NULL);
	r->syslog = false;
}

/* The task's memory cgroup, referenced, or NULL. */
static struct mem_cgroup *cgl_get_memcg(struct task_struct *task)
{
	struct mem_cgroup *memcg;

	if (mem_cgroup_disabled())
		return NULL;
	rcu_read_lock();
	do {
		memcg = mem_cgroup_from_task(task);
		/* A memory cgroup is freed only after its tasks have left it: look again. */
	} while (memcg && !css_tryget(&memcg->css));
	rcu_read_unlock();
	return memcg;
}

static struct mem_cgroup *cgl_report_memcg(const struct cg_list_report *report)
{
	return report->css ? mem_cgroup_from_css(report->css) : NULL;
}

static unsigned int cgl_count_levels(const struct cg_list_report *report)
{
	struct mem_cgroup *memcg = cgl_report_memcg(report);
	struct cgl_reader r;
	unsigned int n;

	cgl_reader_init(&r, report);
	for (n = 0; n < CGL_MAX_LEVELS && memcg; n++) {
		if (!cgl_memcg_visible(&r, memcg))
			break;
		memcg = parent_mem_cgroup(memcg);
	}
	return n;
}

static char *cgl_find_path(const struct cg_list_report *report)
{
	struct cgl_reader r;

	cgl_reader_init(&r, report);
	return cgl_memcg_path(&r, cgl_report_memcg(report));
}

static bool cgl_step_exists(const struct cg_list_report *report, loff_t step)
{
	return CGL_INDEX(step) < CGL_NR_HEAD + CGL_NR_TAIL +
		CGL_STATE_LEVELS(report->state) * CGL_NR_LEVEL;
}

/**
 * cgl_report_start - begin a report, or go on with it
 * @report: the report; its task is referenced
 * @step: 0, or where the last read ended
 *
 * A whole report is about one memory cgroup, even if the task moves meanwhile:
 * the report holds a reference to its css until the next one begins.
 *
 * Context: process context.
 * Return: 1 if there is such a step, 0 at the end.
 */
int cgl_report_start(struct cg_list_report *report, loff_t *step)
{
	unsigned int levels;

	if (!*step) {
		struct mem_cgroup *memcg = cgl_get_memcg(report->task);

		if (report->css)
			css_put(report->css);
		report->css = memcg ? &memcg->css : NULL;
		kfree(report->data);
		report->data = NULL;
	}
	levels = cgl_count_levels(report);
	if (!*step && levels)
		report->data = cgl_find_path(report);
	report->state = levels;
	return cgl_step_exists(report, *step);
}

/**
 * cgl_report_next - go to the step behind those that were shown
 * @report: the report
 * @step: the step
 *
 * Context: process context.
 * Return: whether there is such a step.
 */
bool cgl_report_next(struct cg_list_report *report, loff_t *step)
{
	*step = CGL_STATE_NEXT(report->state);
	return cgl_step_exists(report, *step);
}

/* Which section a step is, and what it is about. */
static const struct cgl_section *
cgl_report_find(const struct cg_list_report *report, loff_t step,
		struct cgl_subject *s)
{
	unsigned int levels = CGL_STATE_LEVELS(report->state);
	unsigned int i = CGL_INDEX(step);
	int n;

	s->task = report->task;
	s->memcg = NULL;
	s->level = 0;
	if (i < CGL_NR_HEAD)
		return cgl_head[i];

	/* With no level to see, it is as if there were no memory cgroup. */
	if (levels)
		s->memcg = cgl_report_memcg(report);
	i -= CGL_NR_HEAD;
	if (i >= levels * CGL_NR_LEVEL)
		return cgl_tail[i - levels * CGL_NR_LEVEL];

	s->level = i / CGL_NR_LEVEL;
	for (n = 0; n < s->level; n++)
		s->memcg = parent_mem_cgroup(s->memcg);
	return cgl_level[i % CGL_NR_LEVEL];
}

/* Writes one step; the step after it. */
static loff_t cgl_show_step(struct cgl_out *o, const struct cgl_reader *r,
			    const struct cg_list_report *report, loff_t step)
{
	const struct cgl_section *section;
	struct cgl_subject s;

	section = cgl_report_find(report, step, &s);
	if ((!section->ptrace || report->ptrace) &&
	    section->show(o, r, &s, CGL_PART(step)))
		return step + 1;
	return (loff_t)(CGL_INDEX(step) + 1) << CGL_PART_BITS;
}

/**
 * cgl_report_show - write as many steps as fit
 * @m: the seq_file
 * @report: the report
 * @step: the first of them
 *
 * To seq_file they are one record, since each record costs as much as two or
 * three short lines. If not even the first fits, it comes again with a larger
 * buffer.
 *
 * Context: process context, may sleep.
 * Return: 0.
 */
int cgl_report_show(struct seq_file *m, struct cg_list_report *report,
		    loff_t step)
{
	struct cgl_reader r;
	struct cgl_out o;

	cgl_reader_init(&r, report);
	cgl_out_begin(&o, m);
	do {
		char *before = o.p;
		loff_t next = cgl_show_step(&o, &r, report, step);

		if (o.full) {
			if (before != o.start) {
				o.p = before;
				o.full = false;
			}
			break;
		}
		step = next;
	} while (cgl_step_exists(report, step));
	report->state = CGL_STATE_LEVELS(report->state) |
			(unsigned long)step << CGL_STATE_BITS;
	cgl_out_commit(&o, m);
	return 0;
}

/**
 * cgl_show_memcg - write the sections of a memory cgroup, for `memcgs`
 * @o: the writer
 * @r: the reader
 * @memcg: the memory cgroup, referenced
 * @section: in and out: the section to go on at, 0 at first
 * @part: in and out: the part of it, 0 at first
 *
 * Writes as many parts as fit, and at least one unless @o is full.
 *
 * Context: process context, may sleep.
 * Return: true if all is written; else @o ends behind the last whole part, and
 * @section and @part say what comes next.
 */
bool cgl_show_memcg(struct cgl_out *o, const struct cgl_reader *r,
		    struct mem_cgroup *memcg, unsigned int *section,
		    unsigned int *part)
{
	const struct cgl_subject s = {
		.memcg	= memcg,
		.level	= CGL_NO_LEVEL,
	};

	while (*section < CGL_NR_LEVEL) {
		char *before = o->p;
		bool more = cgl_level[*section]->show(o, r, &s, *part);

		if (o->full) {
			/* The first part of all has to have a larger buffer. */
			if (before != o->start) {
				o->p = before;
				o->full = false;
			}
			return false;
		}
		if (more) {
			++*part;
			continue;
		}
		*part = 0;
		++*section;
	}
	return true;
}
