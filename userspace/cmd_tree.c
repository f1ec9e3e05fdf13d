// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcgstat tree: memory cgroups as a tree, and who is limited by whom
 */
#include "cmd.h"
#include "views.h"

static int run(const struct args *args)
{
	struct report r;
	struct table *t;

	(void)args;
	read_memcgs(&r, CGFS_BASIC | CGFS_ALL, NULL);
	note_missing(&r, "the cgroups that are removed but still charged");
	t = table_new("memcg", memcg_cols, nr_memcg_cols);
	fill_memcgs(t, &r, true);
	table_print(t);
	table_free(t);
	report_free(&r);
	return EXIT_OK;
}

const struct cmd cmd_tree = {
	.name = "tree",
	.synopsis = "",
	.help = "memory cgroups as a tree: usage, limit, who is limited by whom",
	.opts = "",
	.run = run,
	.cols = memcg_cols,
	.nr_cols = &nr_memcg_cols,
};
