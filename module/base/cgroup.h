/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cgroups, their controllers' states (css), and who asks about them.
 */
#ifndef CGL_CGROUP_H
#define CGL_CGROUP_H

#include <linux/cgroup.h>
#include <linux/memcontrol.h>

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

/* The css of a hierarchy's root: see cgroup.c. */
static inline bool cgl_css_is_root(const struct cgroup_subsys_state *css)
{
	return !css->parent;
}

/*
 * Whether a css has ever been online. A css that failed to come online is freed
 * even while there are references to it (the end of css_create()).
 */
static inline bool cgl_css_was_online(const struct cgroup_subsys_state *css)
{
	/* Changed under cgroup_mutex: it was so a moment ago. */
	return data_race(READ_ONCE(css->flags)) & (CSS_ONLINE | CSS_DYING);
}

u64 cgl_css_id(const struct cgroup_subsys_state *css);
int cgl_css_hierarchy(const struct cgroup_subsys_state *css);
struct cgroup *cgl_css_get_cgroup(const struct cgroup_subsys_state *css);
struct cgroup *cgl_ns_root(const struct cgl_reader *r, struct cgroup *cgrp,
			   const struct cgroup_subsys_state *ns_css);
bool cgl_memcg_visible(const struct cgl_reader *r,
		       const struct mem_cgroup *memcg);

#endif /* CGL_CGROUP_H */
