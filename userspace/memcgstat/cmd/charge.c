// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcgstat charge: what happened to every charge, cgroup by cgroup
 */
#include <stdio.h>

#include "cmd.h"
#include "view/views.h"

static bool any_charge(const struct cgl_report *r)
{
	size_t i;

	for (i = 0; i < r->nr_memcgs; i++)
		if (r->memcgs[i].has_charge)
			return true;
	return false;
}

static void print_part(const struct cgl_report *r, const char *name, const struct col *cols,
		       unsigned int nr, void (*fill)(struct table *t, const struct cgl_report *r))
{
	struct table *t = table_part(name, cols, nr);

	fill(t, r);
	if (!table_options.json)
		printf("\n");
	table_print(t);
	table_free(t);
}

/* The tables behind the first one, each only if there is something in it. */
static void print_more(const struct cgl_report *r)
{
	bool slow = false, origin = false;
	size_t i;

	for (i = 0; i < r->nr_memcgs; i++) {
		slow |= cgl_or_0(r->memcgs[i].slow_count);
		origin |= r->memcgs[i].has_origin;
	}
	if (slow)
		print_part(r, "slow", slow_cols, nr_slow_cols, fill_slow);
	if (origin)
		print_part(r, "origin", origin_cols, nr_origin_cols, fill_origin);
}

static int run(const struct args *args)
{
	struct cgl_report r;
	struct table *t;

	read_subject_or_all(&r, args, CGL_WANT_BASIC);
	if (!any_charge(&r))
		die_needs_module("what happened to each charge");
	t = table_new("charge", charge_cols, nr_charge_cols);
	fill_charge(t, &r);
	table_print(t);
	table_free(t);
	if (!table_options.columns)
		print_more(&r);
	cgl_report_free(&r);
	return EXIT_OK;
}

static const struct opt opts[] = {
	OPT_P("the task; the same as the argument"),
	OPT_G("a memory cgroup instead of a task"),
};

const struct cmd cmd_charge = {
	.name = "charge",
	.synopsis = "[PID | -g CGROUP]",
	.help = "what happened to the charges of a task, a cgroup or all cgroups",
	.opts = opts,
	.nr_opts = ARRAY_SIZE(opts),
	.max_arg = 1,
	.arg = VALUE_PID,
	.run = run,
	.cols = charge_cols,
	.nr_cols = &nr_charge_cols,
};
