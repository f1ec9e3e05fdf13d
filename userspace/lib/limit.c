// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose limit: of a memory cgroup and those above it, which one will be met
 * first. Every view asks here.
 */
#include "private.h"

/* Where a limit of each kind stands, and what it is on. */
static const struct {
	enum cgl_counter counter;
	enum cgl_counter_field field;
} limits[CGL_NR_LIMITS] = {
	[CGL_LIMIT_MAX] = { CGL_CK_memory, CGL_CF_max },
	[CGL_LIMIT_MEMSW] = { CGL_CK_memsw, CGL_CF_max },
	[CGL_LIMIT_SWAP] = { CGL_CK_swap, CGL_CF_max },
	[CGL_LIMIT_HIGH] = { CGL_CK_memory, CGL_CF_high },
	[CGL_LIMIT_SWAP_HIGH] = { CGL_CK_swap, CGL_CF_high },
	[CGL_LIMIT_SOFT] = { CGL_CK_memory, CGL_CF_soft },
};

static bool limit_of_one_kind(const struct cgl_memcg *m, enum cgl_limit_kind kind,
			      struct cgl_limit *l)
{
	u64 limit = m->counter[limits[kind].counter][limits[kind].field];
	u64 usage = m->counter[limits[kind].counter][CGL_CF_usage];

	if (!cgl_is_number(limit) || !cgl_is_number(usage))
		return false;
	l->memcg = m;
	l->kind = kind;
	l->limit = limit;
	l->usage = usage;
	l->left = usage < limit ? limit - usage : 0;
	return true;
}

/**
 * cgl_limit_of() - a limit of a memory cgroup's own
 * @m: the memory cgroup
 * @kind: which limit; %CGL_LIMIT_HARD: the one that will be met first of those
 * at which charges fail
 * @l: filled; without a limit @memcg is NULL and @left is %CGL_UNLIMITED, or
 * %CGL_ABSENT where it is not known whether there is one
 *
 * Return: whether it is set, and its usage known.
 */
bool cgl_limit_of(const struct cgl_memcg *m, enum cgl_limit_kind kind, struct cgl_limit *l)
{
	enum cgl_limit_kind one = kind == CGL_LIMIT_HARD ? CGL_LIMIT_MAX : kind;
	u64 max = m->counter[limits[one].counter][limits[one].field];
	struct cgl_limit memsw;

	l->memcg = NULL;
	l->kind = one;
	l->usage = m->counter[limits[one].counter][CGL_CF_usage];
	l->limit = max;
	l->left = max == UNLIMITED ? UNLIMITED : ABSENT;
	limit_of_one_kind(m, one, l);
	if (kind == CGL_LIMIT_HARD && limit_of_one_kind(m, CGL_LIMIT_MEMSW, &memsw) &&
	    (!l->memcg || memsw.left < l->left))
		*l = memsw;
	return l->memcg;
}

/**
 * cgl_limit_next() - which limit of a memory cgroup and those above it will be met first
 * @r: the report that it is in: a task's, or all memory cgroups, linked
 * @m: the memory cgroup
 * @kind: as for cgl_limit_of()
 * @l: filled, as by cgl_limit_of()
 *
 * Return: whether there is one; the nearest of equals is taken.
 */
bool cgl_limit_next(const struct cgl_report *r, const struct cgl_memcg *m,
		    enum cgl_limit_kind kind, struct cgl_limit *l)
{
	struct cgl_limit one;

	cgl_limit_of(m, kind, l);
	while (m->parent >= 0) {
		m = &r->memcgs[m->parent];
		if (cgl_limit_of(m, kind, &one)) {
			if (!l->memcg || one.left < l->left)
				*l = one;
		} else if (l->left == ABSENT) {
			l->left = one.left;
		}
	}
	return l->memcg;
}
