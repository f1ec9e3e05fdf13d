// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcgstat lru: the LRU lists, by NUMA node and zone
 */
#include "cmd.h"
#include "view/views.h"

static int run(const struct args *args)
{
	struct cgl_report r;
	struct table *t;

	read_subject_or_all(&r, args, CGL_WANT_LRU);
	if (r.source == CGL_SRC_FILES && cgl_is_v2(files))
		note_missing(&r, "zones; these lists count the descendants too");
	else
		note_missing(&r, "nodes and zones");
	t = table_new("lru", lru_cols, nr_lru_cols);
	fill_lru(t, &r, false);
	table_print(t);
	table_free(t);
	cgl_report_free(&r);
	return EXIT_OK;
}

static const struct opt opts[] = {
	OPT_P("the task; the same as the argument"),
	OPT_G("a memory cgroup instead of a task"),
};

const struct cmd cmd_lru = {
	.name = "lru",
	.synopsis = "[PID | -g CGROUP]",
	.help = "the LRU lists of a task's cgroups, a cgroup or all cgroups",
	.opts = opts,
	.nr_opts = ARRAY_SIZE(opts),
	.max_arg = 1,
	.arg = VALUE_PID,
	.run = run,
	.cols = lru_cols,
	.nr_cols = &nr_lru_cols,
};
