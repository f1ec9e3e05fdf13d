// SPDX-License-Identifier: GPL-2.0-only
/*
 * Paths of cgroups, and which cgroups a reader may see at all.
 *
 * Not cgroup_path_ns(), which takes cgroup_mutex: the root of the reader's
 * namespace is known for the length of a read, and from there kernfs needs no
 * more than its own short lock.
 */
#include <linux/kernfs.h>
#include <linux/limits.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "cg_list.h"

static bool cgl_must_escape(unsigned char c)
{
	return c <= ' ' || c == '\\' || c == 0x7f;
}

/* Turns the @len bytes at o->p into their escaped form, from the end back. */
static void cgl_escape_in_place(struct cgl_out *o, size_t len, size_t nr)
{
	unsigned char *from = (unsigned char *)o->p + len;
	char *to = (char *)from + 3 * nr;

	if (cgl_out_no_room(o, len + 3 * nr))
		return;
	o->p = to;
	while (to != (char *)from) {
		unsigned char c = *--from;

		if (!cgl_must_escape(c)) {
			*--to = c;
			continue;
		}
		*--to = '0' + (c & 7);
		*--to = '0' + ((c >> 3) & 7);
		*--to = '0' + (c >> 6);
		*--to = '\\';
	}
}

/*
 * On cgroup v2 no node is ever renamed, and a cgroup holds those above it: the way
 * up takes no lock. From the end of @buf back; the length, or -ENAMETOOLONG. A
 * name has at least one byte, so that no more than PATH_MAX / 2 levels are walked.
 */
static int cgl_path_v2(const struct cgroup *cgrp, const struct cgroup *ns_root,
		       char *buf, size_t size)
{
	const struct cgroup *c;
	size_t len = 0, n;
	const char *name;
	char *p;

	for (c = cgrp; c != ns_root; c = cgroup_parent((struct cgroup *)c)) {
		len += 1 + strlen(cgl_kn_name(c->kn));
		if (len >= size)
			return -ENAMETOOLONG;
	}
	p = buf + len;
	for (c = cgrp; c != ns_root; c = cgroup_parent((struct cgroup *)c)) {
		name = cgl_kn_name(c->kn);
		n = strlen(name);
		p -= n;
		memcpy(p, name, n);
		*--p = '/';
	}
	if (!len)
		buf[len++] = '/';
	return len;
}

/*
 * On v1 nodes can be renamed, and kernfs has the lock. It keeps interrupts off for
 * as long as the square of the depth takes: too deep is refused before it is asked.
 */
static int cgl_path_v1(const struct cgroup *cgrp, const struct cgroup *ns_root,
		       char *buf, size_t size)
{
	int len;

	if (cgrp->level - ns_root->level > PATH_MAX / 2)
		return -ENAMETOOLONG;
	len = kernfs_path_from_node(cgrp->kn, ns_root->kn, buf, size);
	/* It cuts off without a word what does not fit. */
	return len < 0 || len >= (int)size - 1 ? -ENAMETOOLONG : len;
}

/**
 * cgl_path - a cgroup's path below another
 * @cgrp: the cgroup
 * @ns_root: root of the reader's cgroup namespace in the same hierarchy, or above
 *	@cgrp in any case
 * @buf: where to put it, without a NUL
 * @size: of @buf, at least 3
 *
 * Context: any but NMI; @cgrp and @ns_root are referenced, or held by a css that
 * is. On v1 it takes kernfs' lock with interrupts off, for a time quadratic in the
 * depth, as /proc/PID/cgroup does; on v2 no lock.
 * Return: its length, or -ENAMETOOLONG if it is as long as @size, or longer.
 */
static int cgl_path(const struct cgroup *cgrp, const struct cgroup *ns_root,
		    char *buf, size_t size)
{
	return cgl_on_v2(cgrp) ? cgl_path_v2(cgrp, ns_root, buf, size) :
				 cgl_path_v1(cgrp, ns_root, buf, size);
}

/**
 * cgl_out_cgroup - write a key and a cgroup's path below another
 * @o: the writer
 * @key: the key, with its white space and sign: " path="
 * @cgrp: the cgroup
 * @ns_root: root of the reader's cgroup namespace in the same hierarchy
 *
 * Writes nothing for a cgroup that is not below @ns_root or whose path is
 * longer than PATH_MAX.
 *
 * Context: any but NMI; @cgrp and @ns_root stay referenced. See cgl_path().
 * Return: whether there was a path to write.
 */
bool cgl_out_cgroup(struct cgl_out *o, const char *key, struct cgroup *cgrp,
		    struct cgroup *ns_root)
{
	char *before = o->p;
	size_t room, i, nr = 0;
	int len;

	if (!cgroup_is_descendant(cgrp, ns_root))
		return false;

	cgl_out_str(o, key, strlen(key));
	if (cgl_out_no_room(o, 3))
		return false;

	room = min_t(size_t, o->end - o->p, PATH_MAX + 2);
	len = cgl_path(cgrp, ns_root, o->p, room);
	if (len < 0) {
		if (room < PATH_MAX + 2) {
			o->full = true;
			return false;
		}
		o->p = before;
		return false;
	}

	for (i = 0; i < len; i++)
		nr += cgl_must_escape(o->p[i]);
	if (nr)
		cgl_escape_in_place(o, len, nr);
	else
		o->p += len;
	return true;
}

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

static bool cgl_css_is_root(const struct cgroup_subsys_state *css)
{
	return !css->parent;
}

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

/* Of a memory cgroup that is visible, and not a root. */
static struct cgroup *cgl_memcg_ns_root(const struct cgl_reader *r,
					const struct mem_cgroup *memcg)
{
	return cgl_ns_root(r, memcg->css.cgroup,
			   r->ns_cset->subsys[memory_cgrp_id]);
}

/**
 * cgl_out_memcg_path - write " path=" and a memory cgroup's path, if it has one
 * @o: the writer
 * @r: the reader
 * @memcg: a memory cgroup that is visible to @r
 *
 * Context: as cgl_memcg_visible().
 */
void cgl_out_memcg_path(struct cgl_out *o, const struct cgl_reader *r,
			const struct mem_cgroup *memcg)
{
	if (cgl_css_is_root(&memcg->css))
		cgl_out_lit(o, " path=/");
	else
		cgl_out_cgroup(o, " path=", memcg->css.cgroup,
			       cgl_memcg_ns_root(r, memcg));
}

/**
 * cgl_memcg_path - a memory cgroup's path, for cgl_out_level_path()
 * @r: the reader
 * @memcg: a memory cgroup that is visible to @r, referenced
 *
 * Context: process context, may sleep.
 * Return: a string for kfree(), not escaped, charged to the current task; NULL if
 * the path is longer than PATH_MAX, or for want of memory.
 */
char *cgl_memcg_path(const struct cgl_reader *r, const struct mem_cgroup *memcg)
{
	char *buf, *path;
	int len;

	if (cgl_css_is_root(&memcg->css))
		return kstrdup("/", GFP_KERNEL_ACCOUNT);
	buf = kmalloc(PATH_MAX + 2, GFP_KERNEL_ACCOUNT);
	if (!buf)
		return NULL;
	len = cgl_path(memcg->css.cgroup, cgl_memcg_ns_root(r, memcg), buf,
		       PATH_MAX + 2);
	path = len < 0 ? NULL : kmemdup_nul(buf, len, GFP_KERNEL_ACCOUNT);
	kfree(buf);
	return path;
}

/**
 * cgl_out_level_path - write " path=" and the path of a level of a report
 * @o: the writer
 * @r: the reader, who knows the path of level 0: the others' are its beginnings
 * @s: the level
 *
 * Context: process context.
 */
void cgl_out_level_path(struct cgl_out *o, const struct cgl_reader *r,
			const struct cgl_subject *s)
{
	size_t len = strlen(r->path);
	int n;

	for (n = 0; n < s->level && len; n++) {
		while (len && r->path[--len] != '/')
			;
	}
	cgl_out_lit(o, " path=");
	cgl_out_escaped(o, len ? r->path : "/", len ?: 1);
}
