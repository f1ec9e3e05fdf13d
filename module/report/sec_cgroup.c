// SPDX-License-Identifier: GPL-2.0-only
/*
 * Section `cgroup`: where the task is, a line a hierarchy, in the order of
 * /proc/PID/cgroup: the newest first, cgroup v2 last.
 *
 * A named hierarchy has no controller that would lead from the task to it: only
 * the patches' accessor finds it. On a stock kernel the hierarchies are those
 * of the controllers' states in the task's css_set.
 */
#include <linux/cgroup.h>
#include <linux/nsproxy.h>

#include "base/compat.h"
#include "base/path.h"
#include "report/section.h"

/* A controller's name, as cgroup.controllers (v2) and /proc/PID/cgroup have it. */
static const char *cgl_subsys_name(const struct cgroup_subsys *ss, bool v2)
{
	return !v2 && ss->legacy_name ? ss->legacy_name : ss->name;
}

/* Whether a controller is there for a cgroup's use, as in cgroup_control(). */
static bool cgl_controls(struct cgroup *cgrp, const struct cgroup_subsys *ss)
{
	struct cgroup *parent;

	if (!(cgrp->root->subsys_mask & (1U << ss->id)))
		return false;
	if (!cgl_on_v2(cgrp))
		return true;
	/* On v2 always, or never, on and not to be switched. */
	if (ss->implicit_on_dfl || !ss->dfl_cftypes)
		return false;
	parent = cgroup_parent(cgrp);
	if (!parent)
		return true;
	/* A threaded cgroup. */
	if (cgrp->dom_cgrp != cgrp && !ss->threaded)
		return false;
	/* Changed under cgroup_mutex: it was so a moment ago. */
	return data_race(parent->subtree_control) & (1U << ss->id);
}

static void cgl_out_controllers(struct cgl_out *o, struct css_set *cset,
				struct cgroup *cgrp)
{
	const char *sep = "";
	int i;

	for (i = 0; i < CGROUP_SUBSYS_COUNT; i++) {
		const struct cgroup_subsys *ss;
		const char *name;

		if (!cset->subsys[i])
			continue;
		ss = cset->subsys[i]->ss;
		if (!cgl_controls(cgrp, ss))
			continue;
		name = cgl_subsys_name(ss, cgl_on_v2(cgrp));
		cgl_out_str(o, sep, strlen(sep));
		cgl_out_str(o, name, strlen(name));
		sep = ",";
	}
	if (cgrp->root->name[0]) {
		cgl_out_str(o, sep, strlen(sep));
		cgl_out_lit(o, "name=");
		cgl_out_escaped(o, cgrp->root->name,
				strnlen(cgrp->root->name,
					MAX_CGROUP_ROOT_NAMELEN));
	}
}

/* @cgrp is referenced. */
static void cgl_show_hierarchy(struct cgl_out *o, struct task_struct *task,
			       struct cgroup *cgrp, struct cgroup *ns_root)
{
	cgl_out_num(o, "cgroup hierarchy=", cgrp->root->hierarchy_id);
	cgl_out_lit(o, " controllers=");
	rcu_read_lock();
	cgl_out_controllers(o, task_css_set(task), cgrp);
	rcu_read_unlock();
	cgl_out_cgroup(o, " path=", cgrp, ns_root);
	cgl_out_eol(o);
}

#if CGL_HAVE_ACCESS

static bool cgl_show_cgroup(struct cgl_out *o, const struct cgl_reader *r,
			    const struct cgl_subject *s, unsigned int part)
{
	struct cgroup *cgrp, *ns_root;
	int ret;

	ret = cg_list_task_cgroup(s->task, r->cgroup_ns, part, &cgrp, &ns_root);
	if (ret)
		return ret == -EAGAIN;
	cgl_show_hierarchy(o, s->task, cgrp, ns_root);
	cgroup_put(cgrp);
	return true;
}

#else /* !CGL_HAVE_ACCESS */

/*
 * The subsystem whose hierarchy has the highest number below @below, or -1.
 * What is being unmounted has lost its number, or is about to.
 */
static int cgl_next_hierarchy(struct css_set *cset, int below)
{
	int i, id, best = -1, best_id = 0;

	for (i = 0; i < CGROUP_SUBSYS_COUNT; i++) {
		if (!cset->subsys[i])
			continue;
		id = cgl_css_hierarchy(cset->subsys[i]);
		if (id < below && id > best_id) {
			best = i;
			best_id = id;
		}
	}
	return best;
}

/* The v1 hierarchies with controllers, from the newest back; v2 comes last. */
static bool cgl_show_cgroup(struct cgl_out *o, const struct cgl_reader *r,
			    const struct cgl_subject *s, unsigned int part)
{
	struct cgroup *cgrp, *ns_root = NULL;
	struct css_set *cset;
	int below = INT_MAX;
	int ssid;

	rcu_read_lock();
	cset = task_css_set(s->task);
	do {
		ssid = cgl_next_hierarchy(cset, below);
		if (ssid < 0)
			break;
		below = cgl_css_hierarchy(cset->subsys[ssid]);
	} while (part--);

	if (ssid >= 0) {
		cgrp = cgl_css_get_cgroup(cset->subsys[ssid]);
		if (cgrp)
			ns_root = cgl_ns_root(r, cgrp, r->ns_cset->subsys[ssid]);
	} else {
		/* A css on v2 can be an ancestor's; the css_set knows the cgroup. */
		cgrp = cgroup_tryget(cset->dfl_cgrp) ? cset->dfl_cgrp : NULL;
		ns_root = r->ns_cset->dfl_cgrp;
	}
	rcu_read_unlock();
	if (cgrp) {
		/* The controller can have been unmounted since: then v2 has it. */
		if (ssid < 0 || !cgl_on_v2(cgrp))
			cgl_show_hierarchy(o, s->task, cgrp, ns_root);
		cgroup_put(cgrp);
	}
	return ssid >= 0;
}

#endif

const struct cgl_section cgl_section_cgroup = {
	.name	= "cgroup",
	.show	= cgl_show_cgroup,
};
