/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the module know of each other: the sections of a report,
 * who asks for it and about what, and the order in which the parts come up.
 */
#ifndef CGL_CG_LIST_H
#define CGL_CG_LIST_H

#include <linux/cgroup.h>
#include <linux/init.h>
#include <linux/memcontrol.h>
#include <linux/proc_fs.h>

#include <cg_list/names.h>

#include "base/compat.h"
#include "base/out.h"

/**
 * struct cgl_reader - who asks, for the length of one read
 * @pid_ns: in which task numbers are printed
 * @cgroup_ns: in which cgroups are named
 * @ns_cset: its root, in each hierarchy
 * @report: the report that is read; NULL in a file for those who may see all
 * @path: the path of its memory cgroup, not escaped; NULL if that is not known
 * @ptrace: may see what only PTRACE_MODE_READ_FSCREDS on the task may
 * @all: may be told of every task there is or has been: no hidepid= is in the way
 * @syslog: had CAP_SYSLOG at open: may see symbols of the kernel
 */
struct cgl_reader {
	struct pid_namespace *pid_ns;
	struct cgroup_namespace *cgroup_ns;
	struct css_set *ns_cset;
	const struct cg_list_report *report;
	const char *path;
	bool ptrace;
	bool all;
	bool syslog;
};

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

/* task.c, cset.c, place.c, cpuset.c, ns.c: a task */
extern const struct cgl_section cgl_section_task;
extern const struct cgl_section cgl_section_cset;
extern const struct cgl_section cgl_section_cset_task;
extern const struct cgl_section cgl_section_cgroup;
extern const struct cgl_section cgl_section_cpuset;
extern const struct cgl_section cgl_section_ns;
/* chain.c, lru.c: a memory cgroup */
extern const struct cgl_section cgl_section_memcg;
extern const struct cgl_section cgl_section_counter;
extern const struct cgl_section cgl_section_lru;
/* counts.c: a memory cgroup */
extern const struct cgl_section cgl_section_charge;
extern const struct cgl_section cgl_section_slow;
extern const struct cgl_section cgl_section_origin;
/* stream.c: a task and its memory cgroup */
extern const struct cgl_section cgl_section_event;

/* As cgroup_on_dfl(), which is private to kernel/cgroup. */
static inline bool cgl_on_v2(const struct cgroup *cgrp)
{
	return cgrp->root == &cgrp_dfl_root;
}

/* Which hierarchy a css is in: to be compared, not to be followed. */
static inline const struct cgroup_root *
cgl_css_root(const struct cgroup_subsys_state *css)
{
	/* Changed under cgroup_mutex: it was so a moment ago. */
	return data_race(READ_ONCE(css->ss->root));
}

static inline bool cgl_css_on_v2(const struct cgroup_subsys_state *css)
{
	return cgl_css_root(css) == &cgrp_dfl_root;
}

/* From a css to its cgroup (path.c) */
u64 cgl_css_id(const struct cgroup_subsys_state *css);
int cgl_css_hierarchy(const struct cgroup_subsys_state *css);
struct cgroup *cgl_css_get_cgroup(const struct cgroup_subsys_state *css);
struct cgroup *cgl_ns_root(const struct cgl_reader *r, struct cgroup *cgrp,
			   const struct cgroup_subsys_state *ns_css);

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

/*
 * Whether a css has ever been online. One that failed to come online is freed
 * whoever has a reference (the end of css_create()).
 */
static inline bool cgl_css_was_online(const struct cgroup_subsys_state *css)
{
	/* Changed under cgroup_mutex: it was so a moment ago. */
	return data_race(READ_ONCE(css->flags)) & (CSS_ONLINE | CSS_DYING);
}

/* path.c */
bool cgl_out_cgroup(struct cgl_out *o, const char *key, struct cgroup *cgrp,
		    struct cgroup *ns_root);
bool cgl_memcg_visible(const struct cgl_reader *r,
		       const struct mem_cgroup *memcg);
void cgl_out_memcg_path(struct cgl_out *o, const struct cgl_reader *r,
			const struct mem_cgroup *memcg);
char *cgl_memcg_path(const struct cgl_reader *r,
		     const struct mem_cgroup *memcg);
void cgl_out_level_path(struct cgl_out *o, const struct cgl_reader *r,
			const struct cgl_subject *s);

/* report.c: the table of sections; registers as the provider */
int cgl_report_init(void);
void cgl_report_exit(void);
extern const struct proc_ops cgl_task_ops;
bool cgl_show_memcg(struct cgl_out *o, const struct cgl_reader *r,
		    struct mem_cgroup *memcg, unsigned int *section,
		    unsigned int *part);

/* files.c: /proc/cg_list */
int cgl_files_init(void);
void cgl_files_exit(void);
extern const struct proc_ops cgl_tasks_ops;	/* tasks.c */
extern const struct proc_ops cgl_memcgs_ops;	/* memcgs.c */
extern const struct proc_ops cgl_status_ops;	/* status.c */
extern const struct proc_ops cgl_reset_ops;	/* charge.c */
extern const struct proc_ops cgl_events_ops;	/* stream.c */
int cgl_open_admin(void);

/* charge.c: the counters */
int cgl_charge_init(void);
void cgl_charge_exit(void);
void cgl_charge_show_released(struct cgl_out *o);

/* events.c: the ring; stream.c: dying wakes every reader, before the files go */
int cgl_events_init(void);
void cgl_events_dying(void);
void cgl_events_exit(void);

/* source.c: the table of sources, one of which feeds charge.c and events.c */
int cgl_source_init(void);
void cgl_source_exit(void);

/* knobs.c: /proc/sys/cg_list */
int cgl_knobs_init(void);
void cgl_knobs_exit(void);

#endif /* CGL_CG_LIST_H */
