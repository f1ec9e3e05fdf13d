/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paths of cgroups, as a reader may see them.
 */
#ifndef CGL_PATH_H
#define CGL_PATH_H

#include "base/cgroup.h"
#include "base/out.h"

bool cgl_out_cgroup(struct cgl_out *o, const char *key, struct cgroup *cgrp,
		    struct cgroup *ns_root);
void cgl_out_memcg_path(struct cgl_out *o, const struct cgl_reader *r,
			const struct mem_cgroup *memcg);
char *cgl_memcg_path(const struct cgl_reader *r,
		     const struct mem_cgroup *memcg);
void cgl_out_level_path(struct cgl_out *o, const struct cgl_reader *r,
			int level);

#endif /* CGL_PATH_H */
