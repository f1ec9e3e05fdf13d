// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcgstat paths: the charge path as a graph, with counts on its edges
 *
 * As a table, as the text of a graphviz graph, or as a picture.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "graph.h"
#include "json.h"
#include "outfile.h"
#include "view/views.h"

enum { C_FROM, C_TO, C_NAME, C_COUNT, C_SHARE, C_HELP };

static const struct col cols[] = {
	[C_FROM] = { "FROM", 8, 0, "where the way forks", COL_TEXT },
	[C_TO] = { "TO", 8, 0, "where it goes", COL_TEXT },
	[C_NAME] = { "COUNTER", 14, 0, "the counter of this edge", COL_TEXT },
	[C_COUNT] = { "COUNT", 10, 0, "how often it was taken", COL_COUNT },
	[C_SHARE] = { "SHARE", 6, 0, "in percent of all that left FROM", COL_REAL },
	[C_HELP] = { "WHEN", 20, 0, "what it means", COL_TEXT },
};

static const unsigned int nr_cols = ARRAY_SIZE(cols);

static double share(const struct edge *e, const u64 charge[CGL_NR_CH])
{
	u64 all = node_count(e->from, charge), n = edge_count(e, charge);

	return all && cgl_is_number(all) && cgl_is_number(n) ? 100.0 * n / all : NAN;
}

static void print_table(const u64 charge[CGL_NR_CH])
{
	struct table *t = table_new("paths", cols, nr_cols);
	unsigned int i;

	for (i = 0; i < graph_nr_edges; i++) {
		const struct edge *e = &graph_edges[i];
		struct row *row = table_row(t, NULL);
		u64 n = edge_count(e, charge);

		row_text(row, C_FROM, e->from);
		row_text(row, C_TO, e->to);
		row_text(row, C_NAME, edge_name(e));
		row_num(row, C_COUNT, n);
		row_real(row, C_SHARE, share(e, charge), 1);
		row_text(row, C_HELP, e->help);
		if (e->kind == EDGE_BAD && cgl_or_0(n))
			row_color(row, C_COUNT, "red");
	}
	table_print(t);
	table_free(t);
}

/* A string for graphviz; text_safe() has escaped the backslashes. */
static void add_quoted(struct str *b, const char *text)
{
	char *safe = text_safe(text);

	json_quote(b, safe);
	free(safe);
}

static void add_edge(struct str *b, const struct edge *e, const u64 charge[CGL_NR_CH], u64 most)
{
	static const char *const colors[] = { "#2f9e44", "#495057", "#c00000" };
	u64 n = edge_count(e, charge);
	bool used = cgl_or_0(n);
	/* 1 to 8 points wide, by the order of magnitude */
	double width = used ? 1 + 7 * log((double)n + 1) / log((double)most + 1) : 0.5;

	/* spaces keep the text off the edge that it stands beside */
	str_addf(b, "\t%s -> %s [label=\"  %s: ", e->from, e->to, edge_name(e));
	if (n == CGL_ABSENT)
		str_puts(b, "not counted");
	else
		str_addf(b, "%llu", n);
	if (used && isfinite(share(e, charge)))
		str_addf(b, " (%.1f%%)", share(e, charge));
	str_addf(b, "  \\n  %s  \", penwidth=%.1f, color=\"%s\", fontcolor=\"%s\"%s];\n", e->help,
		 width, used ? colors[e->kind] : "#adb5bd", used ? "#212529" : "#868e96",
		 used ? "" : ", style=dotted");
}

static void dot_graph(struct str *b, const u64 charge[CGL_NR_CH], const char *title)
{
	unsigned int i;
	u64 most = 1;

	for (i = 0; i < graph_nr_edges; i++)
		if (cgl_or_0(edge_count(&graph_edges[i], charge)) > most)
			most = edge_count(&graph_edges[i], charge);
	str_puts(b, "digraph charge {\n\tlabel=");
	add_quoted(b, title);
	str_puts(b, ";\n\tlabelloc=t;\n\tfontname=\"sans\";\n\tbgcolor=\"#ffffff\";\n"
		 "\tnode [fontname=\"sans\", style=filled, fillcolor=\"#f1f3f5\"];\n"
		 "\tedge [fontname=\"sans\", fontsize=10];\n");
	for (i = 0; i < graph_nr_nodes; i++)
		str_addf(b, "\t%s [label=\"%s\", shape=%s];\n", graph_nodes[i].name,
			 graph_nodes[i].label, graph_nodes[i].shape);
	for (i = 0; i < graph_nr_edges; i++)
		add_edge(b, &graph_edges[i], charge, most);
	str_puts(b, "}\n");
}

static void write_svg(const struct str *dot, const char *path)
{
	char *const argv[] = { "dot", "-Tsvg", NULL };
	struct outfile out;
	int ret;

	if (!strcmp(path, "-")) {
		ret = run_program(argv, dot, STDOUT_FILENO);
		if (ret)
			die(ret == -ENOENT ? "dot is not installed: apt-get install graphviz" :
			    "dot failed");
		return;
	}
	outfile_open(&out, path);
	ret = run_program(argv, dot, out.fd);
	if (ret) {
		outfile_abort(&out);
		if (ret == -ENOENT)
			die("dot is not installed: apt-get install graphviz");
		die("dot failed with status %d; %s is as it was before", ret, path);
	}
	outfile_commit(&out);
}

static int run(const struct args *args)
{
	bool all = !args->has_pid && !args->group;
	struct str dot = {};
	struct cgl_report r;
	u64 sum[CGL_NR_CH];
	char *title;
	int c;

	read_subject_or_all(&r, args, CGL_WANT_BASIC);
	sum_charges(sum, &r, !all);
	for (c = 0; c < CGL_NR_CH && sum[c] == CGL_ABSENT; c++)
		;
	if (c == CGL_NR_CH)
		die_needs_module("the charge path");
	title = xstrdup(all ? "all memory cgroups" : memcg_name(&r.memcgs[0]));
	if (args->dot || args->svg)
		dot_graph(&dot, sum, title);
	if (args->dot)
		fwrite(dot.s, 1, dot.len, stdout);
	if (args->svg)
		write_svg(&dot, args->svg);
	if (!args->dot && !args->svg)
		print_table(sum);
	free(title);
	str_free(&dot);
	cgl_report_free(&r);
	return EXIT_OK;
}

static const struct opt opts[] = {
	OPT_P("the task; the same as the argument"),
	OPT_G("a memory cgroup instead of a task"),
	{ OPT_DOT, "dot", NULL, VALUE_NONE, "the graph as text for graphviz" },
	{ OPT_SVG, "svg", "FILE", VALUE_FILE, "the graph as a picture (needs dot)" },
	{ OPT_DIFF, "diff", NULL, VALUE_NONE, "compare two records, A and B" },
};

const struct cmd cmd_paths = {
	.name = "paths",
	.synopsis = "[PID | -g CGROUP] [--dot | --svg FILE] | --diff A B",
	.help = "the charge path as a graph, with counts on its edges",
	.opts = opts,
	.nr_opts = ARRAY_SIZE(opts),
	.max_arg = 1,
	.arg = VALUE_PID,
	.run = run,
	.cols = cols,
	.nr_cols = &nr_cols,
	.diff = &cmd_diff,
};
