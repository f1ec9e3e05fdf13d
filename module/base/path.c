// SPDX-License-Identifier: GPL-2.0-only
/*
 * Paths of cgroups, relative to the root of the reader's cgroup namespace.
 *
 * Not cgroup_path_ns(), which takes cgroup_mutex: the root of the reader's
 * namespace is known for the length of a read, and from there kernfs needs no
 * more than its own short lock.
 */
#include <linux/kernfs.h>
#include <linux/limits.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "base/compat.h"
#include "base/path.h"

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
	size_t room;
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

	cgl_out_escape(o, len);
	return true;
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
 * the path does not fit into PATH_MAX bytes, hence into a page, or for want of
 * memory.
 */
char *cgl_memcg_path(const struct cgl_reader *r, const struct mem_cgroup *memcg)
{
	char *buf, *path;
	int len;

	if (cgl_css_is_root(&memcg->css))
		return kstrdup("/", GFP_KERNEL_ACCOUNT);
	buf = kmalloc(PATH_MAX, GFP_KERNEL_ACCOUNT);
	if (!buf)
		return NULL;
	len = cgl_path(memcg->css.cgroup, cgl_memcg_ns_root(r, memcg), buf,
		       PATH_MAX);
	path = len < 0 ? NULL : kmemdup_nul(buf, len, GFP_KERNEL_ACCOUNT);
	kfree(buf);
	return path;
}

/**
 * cgl_out_level_path - write " path=" and the path of a level of a report
 * @o: the writer
 * @r: the reader, who knows the path of level 0: the others' are its beginnings
 * @level: which of them
 *
 * Context: process context.
 */
void cgl_out_level_path(struct cgl_out *o, const struct cgl_reader *r,
			int level)
{
	size_t len = strlen(r->path);
	int n;

	for (n = 0; n < level && len; n++) {
		while (len && r->path[--len] != '/')
			;
	}
	cgl_out_lit(o, " path=");
	cgl_out_escaped(o, len ? r->path : "/", len ?: 1);
}
