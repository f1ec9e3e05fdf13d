// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcgstat tree: memory cgroups as a tree, and who is limited by whom
 */
#include "cmd.h"
#include "view/views.h"

static int run(const struct args *args)
{
	struct cgl_report r;
	struct table *t;

	(void)args;
	read_memcgs(&r, CGL_WANT_BASIC | CGL_WANT_ALL, NULL);
	note_missing(&r, "the cgroups that are removed but still charged");
	t = table_new_with("memcg", memcg_cols, nr_memcg_cols, memcg_columns(&r));
	fill_memcgs(t, &r, true);
	table_print(t);
	table_free(t);
	cgl_report_free(&r);
	return EXIT_OK;
}

const struct cmd cmd_tree = {
	.name = "tree",
	.synopsis = "",
	.help = "memory cgroups as a tree: usage, limit, who is limited by whom",
	.run = run,
	.cols = memcg_cols,
	.nr_cols = &nr_memcg_cols,
};
