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

/**
 * cgl_out_cgroup - write a key and a cgroup's path below another
 * @o: the writer
 * @key: the key, with its white space and sign: " path="
 * @cgrp: the cgroup
 * @ns_root: root of the reader's cgroup namespace in the same hierarchy
 *
 * Writes nothing for a cgroup that is not below @ns_root or whose path is
 * longer than PATH_MAX. From kernfs_path_from_node(), which is quadratic in
 * the depth, with interrupts off.
 *
 * Context: any but NMI; @cgrp and @ns_root stay referenced.
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
	if (cgl_out_no_room(o, 2))
		return false;

	room = min_t(size_t, o->end - o->p, PATH_MAX + 2);
	len = kernfs_path_from_node(cgrp->kn, ns_root->kn, o->p, room);
	/* It cuts off without a word what does not fit. */
	if (len < 0 || len >= (int)room - 1) {
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

/**
 * cgl_memory_ns_root - root of the reader's namespace in the memory hierarchy
 * @r: the reader
 *
 * Context: @r's namespace is the current one.
 * Return: the cgroup, which the namespace keeps referenced.
 */
struct cgroup *cgl_memory_ns_root(const struct cgl_reader *r)
{
	struct cgroup_subsys_state *css = r->ns_cset->subsys[memory_cgrp_id];

	/*
	 * On v2 the css may be an ancestor's, if the controller is not enabled
	 * down here: it is the cgroup that the namespace is about.
	 */
	if (cgl_on_v2(css->cgroup))
		return r->ns_cset->dfl_cgrp;
	return css->cgroup;
}

/**
 * cgl_memcg_visible - whether a reader may see a memory cgroup
 * @r: the reader
 * @memcg: the memory cgroup
 *
 * Context: as cgl_memory_ns_root().
 * Return: true if it is not outside of the reader's cgroup namespace.
 */
bool cgl_memcg_visible(const struct cgl_reader *r, struct mem_cgroup *memcg)
{
	return cgroup_is_descendant(memcg->css.cgroup, cgl_memory_ns_root(r));
}
