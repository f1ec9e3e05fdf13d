// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a css to its cgroup.
 *
 * A css below its hierarchy's root has one cgroup all its life and holds a
 * reference to it until the css is freed, a grace period after nobody can find
 * it any more (css_create(), css_free_rwork_fn()); that cgroup holds its
 * hierarchy's root. So whoever has a reference to the css, or found it in a
 * css_set under RCU, can follow css->cgroup.
 *
 * The css of a hierarchy's root is otherwise: there is one a controller, for
 * ever, and its css->cgroup changes as the controller is mounted on v1 and
 * unmounted (rebind_subsystems()). No css, css_set or namespace holds the root
 * of a v1 hierarchy. While the hierarchy is being unmounted, css->cgroup still
 * leads to a root whose reference counter is torn down already: cgroup_tryget()
 * would follow a NULL pointer in it. css_tryget_online() does not, since the
 * counter stays marked dead; and under RCU the root's memory is there, as
 * cgroup_free_root() frees it by kfree_rcu().
 */
#include <linux/rcupdate.h>

#include "base/cgroup.h"

/* The first node of a kernfs has this id: kernfs_create_root(). */
#define CGL_ROOT_ID	(sizeof(ino_t) >= sizeof(u64) ? 1ULL : BIT_ULL(32) | 1)

/**
 * cgl_css_id - the id of a css's cgroup, as cgroup_id() has it
 * @css: the css
 *
 * Context: any; @css is referenced, or was found in a css_set under RCU.
 */
u64 cgl_css_id(const struct cgroup_subsys_state *css)
{
	return cgl_css_is_root(css) ? CGL_ROOT_ID : cgroup_id(css->cgroup);
}

/**
 * cgl_css_hierarchy - the number of a css's hierarchy
 * @css: the css
 *
 * Context: as cgl_css_id().
 * Return: the number, 0 for cgroup v2 and for what is being unmounted.
 */
int cgl_css_hierarchy(const struct cgroup_subsys_state *css)
{
	int id;

	rcu_read_lock();
	/* Changed under cgroup_mutex: it was so a moment ago. */
	id = data_race(READ_ONCE(READ_ONCE(css->cgroup)->root->hierarchy_id));
	rcu_read_unlock();
	return id;
}

/**
 * cgl_css_get_cgroup - a css's cgroup, referenced
 * @css: the css
 *
 * Context: RCU; @css is referenced, or was found in a css_set in the same read
 * section.
 * Return: the cgroup, for cgroup_put(); NULL if it is being freed, or is the
 * root of a hierarchy that is being unmounted.
 */
struct cgroup *cgl_css_get_cgroup(const struct cgroup_subsys_state *css)
{
	struct cgroup *cgrp = READ_ONCE(css->cgroup);
	bool held;

	held = cgl_css_is_root(css) ? css_tryget_online(&cgrp->self) :
				      cgroup_tryget(cgrp);
	return held ? cgrp : NULL;
}

/**
 * cgl_ns_root - the root of the reader's namespace in a cgroup's hierarchy
 * @r: the reader
 * @cgrp: the cgroup
 * @ns_css: of the namespace, the css of a controller that @cgrp's hierarchy had
 *	when the caller found @cgrp
 *
 * Context: @cgrp is referenced, or held by a css that is.
 * Return: a cgroup that stays as long as @cgrp and the namespace do. It is in
 * another hierarchy if the controller has moved: then @cgrp is not below it.
 */
struct cgroup *cgl_ns_root(const struct cgl_reader *r, struct cgroup *cgrp,
			   const struct cgroup_subsys_state *ns_css)
{
	if (cgl_on_v2(cgrp))
		return r->ns_cset->dfl_cgrp;
	return cgl_css_is_root(ns_css) ? &cgrp->root->cgrp : ns_css->cgroup;
}

/**
 * cgl_memcg_visible - whether a reader may see a memory cgroup
 * @r: the reader
 * @memcg: the memory cgroup
 *
 * Context: @memcg is referenced, or was found under RCU; @r's namespace is the
 * current one.
 * Return: true if it is not outside of the reader's cgroup namespace.
 */
bool cgl_memcg_visible(const struct cgl_reader *r,
		       const struct mem_cgroup *memcg)
{
	const struct cgroup_subsys_state *ns_css =
		r->ns_cset->subsys[memory_cgrp_id];
	struct cgroup *cgrp;

	if (!cgl_css_is_root(&memcg->css)) {
		cgrp = memcg->css.cgroup;
		return cgroup_is_descendant(cgrp, cgl_ns_root(r, cgrp, ns_css));
	}
	/*
	 * On v2 a namespace's css can be an ancestor's, where the controller is
	 * not enabled down there: dfl_cgrp is what the namespace is about.
	 */
	return cgl_css_is_root(ns_css) && !(cgl_css_on_v2(&memcg->css) &&
					    cgroup_parent(r->ns_cset->dfl_cgrp));
}
