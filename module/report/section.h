/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sections: a report is made of them, each a file sec_*.c and a row of the
 * tables in report.c.
 */
#ifndef CGL_SECTION_H
#define CGL_SECTION_H

#include <cg_list/names.h>

#include "base/cgroup.h"
#include "base/out.h"

/**
 * struct cgl_subject - what a section prints lines about
 * @task: the task; NULL in `memcgs`, which is about cgroups
 * @memcg: the memory cgroup; NULL for a section about the task itself, and
 *	where there is none. For the sections after the chain, the task's own.
 * @level: how far @memcg is above the task's own; CGL_NO_LEVEL in `memcgs`
 */
struct cgl_subject {
	struct task_struct *task;
	struct mem_cgroup *memcg;
	int level;
};

#define CGL_NO_LEVEL		(-1)

/**
 * struct cgl_section - one group of lines
 * @name: for people
 * @ptrace: only for a reader with PTRACE_MODE_READ_FSCREDS on the task
 * @show: writes part @part of the section, less than a page where that can be,
 *	or nothing; returns whether there is a part @part + 1. Process context,
 *	may sleep; what @s points to stays referenced.
 */
struct cgl_section {
	const char *name;
	bool ptrace;
	bool (*show)(struct cgl_out *o, const struct cgl_reader *r,
		     const struct cgl_subject *s, unsigned int part);
};

/* About a task. */
extern const struct cgl_section cgl_section_task;
extern const struct cgl_section cgl_section_cset;
extern const struct cgl_section cgl_section_cset_task;
extern const struct cgl_section cgl_section_cgroup;
extern const struct cgl_section cgl_section_cpuset;
extern const struct cgl_section cgl_section_ns;
/* About a memory cgroup. */
extern const struct cgl_section cgl_section_memcg;
extern const struct cgl_section cgl_section_counter;
extern const struct cgl_section cgl_section_lru;
extern const struct cgl_section cgl_section_charge;
extern const struct cgl_section cgl_section_slow;
extern const struct cgl_section cgl_section_origin;
/* About a task and its memory cgroup. */
extern const struct cgl_section cgl_section_event;

/* The first words of a line about a memory cgroup: "KEY level=N" or "KEY id=N". */
static __always_inline void cgl_out_memcg_key(struct cgl_out *o,
					      const char *key,
					      const struct cgl_subject *s)
{
	cgl_out_lit(o, key);
	if (s->level == CGL_NO_LEVEL)
		cgl_out_num(o, " id=", cgl_css_id(&s->memcg->css));
	else
		cgl_out_num(o, " level=", s->level);
}

#endif /* CGL_SECTION_H */
