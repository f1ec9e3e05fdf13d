// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcgstat lru: the LRU lists, by NUMA node and zone
 */
#include "cmd.h"
#include "views.h"

static int run(const struct args *args)
{
	struct report r;
	struct table *t;

	read_subject_or_all(&r, args, CGFS_LRU);
	if (r.source == SRC_FILES && cgfs_is_v2())
		note_missing(&r, "zones; these lists count the descendants too");
	else
		note_missing(&r, "nodes and zones");
	t = table_new("lru", lru_cols, nr_lru_cols);
	fill_lru(t, &r, false);
	table_print(t);
	table_free(t);
	report_free(&r);
	return EXIT_OK;
}

const struct cmd cmd_lru = {
	.name = "lru",
	.synopsis = "[PID | -g CGROUP]",
	.help = "the LRU lists of a task's cgroups, a cgroup or all cgroups",
	.opts = "pg",
	.max_arg = 1,
	.pid_arg = true,
	.run = run,
	.cols = lru_cols,
	.nr_cols = &nr_lru_cols,
};
