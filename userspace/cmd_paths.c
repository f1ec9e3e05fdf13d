// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcgstat paths: the charge path as a graph, with counts on its edges
 *
 * As a table, as the text of a graphviz graph, or as a picture. With --diff
 * two records stand side by side, and what changed beyond chance is marked.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "graph.h"
#include "outfile.h"
#include "record.h"
#include "views.h"

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

/* All that left the node that an edge starts from. */
static u64 left_from(const struct edge *e, const u64 charge[NR_CH])
{
	u64 sum = 0;
	unsigned int i;

	for (i = 0; i < graph_nr_edges; i++)
		if (!strcmp(graph_edges[i].from, e->from))
			sum += number_or_0(edge_count(&graph_edges[i], charge));
	return sum;
}

static double share(const struct edge *e, const u64 charge[NR_CH])
{
	u64 all = left_from(e, charge), n = edge_count(e, charge);

	return all && is_number(n) ? 100.0 * n / all : NAN;
}

static void print_table(const u64 charge[NR_CH])
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
		if (e->kind == EDGE_BAD && number_or_0(n))
			row_color(row, C_COUNT, "red");
	}
	table_print(t);
	table_free(t);
}

/* A string for graphviz; text_safe() has escaped the backslashes. */
static void add_quoted(struct str *b, const char *text)
{
	char *safe = text_safe(text);

	text_json(b, safe);
	free(safe);
}

static void add_edge(struct str *b, const struct edge *e, const u64 charge[NR_CH], u64 most)
{
	static const char *const colors[] = { "#2f9e44", "#495057", "#c00000" };
	u64 n = edge_count(e, charge);
	bool used = number_or_0(n);
	/* 1 to 8 points wide, by the order of magnitude */
	double width = used ? 1 + 7 * log((double)n + 1) / log((double)most + 1) : 0.5;

	str_addf(b, "\t%s -> %s [label=\"%s: ", e->from, e->to, edge_name(e));
	if (n == ABSENT)
		str_puts(b, "not counted");
	else
		str_addf(b, "%llu", n);
	if (used)
		str_addf(b, " (%.1f%%)", share(e, charge));
	str_addf(b, "\\n%s\", penwidth=%.1f, color=\"%s\", fontcolor=\"%s\"%s];\n", e->help,
		 width, used ? colors[e->kind] : "#ced4da", used ? "#212529" : "#adb5bd",
		 used ? "" : ", style=dotted");
}

static void dot_graph(struct str *b, const u64 charge[NR_CH], const char *title)
{
	unsigned int i;
	u64 most = 1;

	for (i = 0; i < graph_nr_edges; i++)
		if (number_or_0(edge_count(&graph_edges[i], charge)) > most)
			most = edge_count(&graph_edges[i], charge);
	str_puts(b, "digraph charge {\n\tlabel=");
	add_quoted(b, title);
	str_puts(b, ";\n\tlabelloc=t;\n\tbgcolor=\"#ffffff\";\n"
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

/* The counters of one cgroup, or of all of them together. */
static void sum_charges(u64 sum[NR_CH], const struct report *r, bool only_first)
{
	size_t i;
	int c;

	for (c = 0; c < NR_CH; c++)
		sum[c] = ABSENT;
	for (i = 0; i < r->nr_memcgs && !(only_first && i); i++)
		for (c = 0; c < NR_CH; c++)
			if (is_number(r->memcgs[i].charge[c]))
				sum[c] = number_or_0(sum[c]) + r->memcgs[i].charge[c];
}

/*
 * The comparison of two records. A record tells the counters at each sample;
 * what is compared is how many of 1000 charges took an edge. The differences
 * between samples say how much that varies by itself: with z = difference over
 * its standard error, what lies beyond 4 is no chance, even though two dozen
 * edges are looked at.
 */
#define BEYOND_CHANCE 4.0

struct side {
	const char *path;
	u64 first[NR_CH], last[NR_CH];
	bool any;
	struct sample {
		u64 charge[NR_CH];
	} *samples;			/* the difference to the sample before */
	size_t nr, cap;
	const char *group;
};

static void take_sample(struct record *rec, void *arg)
{
	struct side *s = arg;
	struct report one = { .memcgs = NULL };
	u64 now[NR_CH];
	int c;

	if (s->group) {
		one.memcgs = report_find_path(&rec->now, s->group);
		one.nr_memcgs = one.memcgs ? 1 : 0;
		sum_charges(now, &one, true);
	} else {
		/* in the record of a process the own cgroup is level 0 */
		sum_charges(now, &rec->now, rec->pid != ABSENT);
	}
	if (!s->any) {
		memcpy(s->first, now, sizeof(now));
	} else {
		s->samples = grow(s->samples, s->nr, &s->cap, sizeof(*s->samples));
		for (c = 0; c < NR_CH; c++)
			s->samples[s->nr].charge[c] = delta(now[c], s->last[c]);
		s->nr++;
	}
	memcpy(s->last, now, sizeof(now));
	s->any = true;
}

static u64 side_total(const struct side *s, int counter_edge, const struct edge *e)
{
	u64 sum = 0;
	size_t i;

	for (i = 0; i < s->nr; i++)
		sum += number_or_0(counter_edge ? edge_count(e, s->samples[i].charge) :
				   charge_calls(s->samples[i].charge));
	return sum;
}

/* How many of 1000 charges took the edge, and the standard error of that. */
static void side_rate(const struct side *s, const struct edge *e, double *rate, double *err)
{
	double n = side_total(s, 0, e), x = side_total(s, 1, e);
	double spread = 0;
	size_t i, used = 0;

	*rate = NAN;
	*err = NAN;
	if (!n)
		return;
	*rate = 1000 * x / n;
	/* what counting alone makes uncertain; for 0 as much as for 1 */
	*err = 1000 * sqrt(fmax(x, 1)) / n;
	/* what the samples show beyond that, as a ratio of sums */
	for (i = 0; i < s->nr; i++) {
		double calls = number_or_0(charge_calls(s->samples[i].charge));
		double took = number_or_0(edge_count(e, s->samples[i].charge));
		double off = took - x / n * calls;

		if (!calls && !took)
			continue;
		spread += off * off;
		used++;
	}
	if (used >= 4)
		*err = fmax(*err, 1000 * sqrt(spread * used / (used - 1)) / n);
}

enum { D_FROM, D_TO, D_NAME, D_A, D_B, D_RATE_A, D_RATE_B, D_Z, D_MARK };

static const struct col diff_cols[] = {
	[D_FROM] = { "FROM", 8, 0, "where the way forks", COL_TEXT },
	[D_TO] = { "TO", 8, 0, "where it goes", COL_TEXT },
	[D_NAME] = { "COUNTER", 14, 0, "the counter of this edge", COL_TEXT },
	[D_A] = { "A", 8, 0, "how often it was taken in A", COL_COUNT },
	[D_B] = { "B", 8, 0, "how often it was taken in B", COL_COUNT },
	[D_RATE_A] = { "A/1000", 8, 0, "the same in 1000 charges, A", COL_REAL },
	[D_RATE_B] = { "B/1000", 8, 0, "the same in 1000 charges, B", COL_REAL },
	[D_Z] = { "Z", 6, 0, "difference over its standard error", COL_REAL },
	[D_MARK] = { "CHANGED", 6, 0, "more or less, where it is beyond chance", COL_TEXT },
};

static void print_diff(const struct side *a, const struct side *b)
{
	struct table *t = table_new("diff", diff_cols, ARRAY_SIZE(diff_cols));
	unsigned int i;

	for (i = 0; i < graph_nr_edges; i++) {
		const struct edge *e = &graph_edges[i];
		struct row *row = table_row(t, NULL);
		double rate_a, rate_b, err_a, err_b, z;

		side_rate(a, e, &rate_a, &err_a);
		side_rate(b, e, &rate_b, &err_b);
		z = (rate_b - rate_a) / sqrt(err_a * err_a + err_b * err_b);
		row_text(row, D_FROM, e->from);
		row_text(row, D_TO, e->to);
		row_text(row, D_NAME, edge_name(e));
		row_num(row, D_A, side_total(a, 1, e));
		row_num(row, D_B, side_total(b, 1, e));
		row_real(row, D_RATE_A, rate_a, 3);
		row_real(row, D_RATE_B, rate_b, 3);
		row_real(row, D_Z, z, 1);
		if (fabs(z) > BEYOND_CHANCE) {
			row_text(row, D_MARK, z > 0 ? "more" : "less");
			row_color(row, D_MARK, "red");
		} else {
			row_text(row, D_MARK, NULL);
		}
	}
	table_print(t);
	table_free(t);
}

static void read_side(struct side *s, const char *path, const char *group)
{
	struct record rec;

	s->path = path;
	s->group = group;
	record_read(&rec, path, take_sample, s);
	record_free(&rec);
	if (!s->nr)
		die("%s: two whole samples are needed", path);
	if (charge_calls(s->last) == ABSENT)
		die("%s: charges were not counted; record with cg_list on a patched kernel", path);
}

static int run_diff(const struct args *args)
{
	struct side a = {}, b = {};

	if (args->nr_arg != 2)
		die_usage("--diff needs two records: memcgstat paths --diff A B");
	if (args->dot || args->svg || args->has_pid)
		die_usage("--diff prints a table of two records; it takes -g CGROUP only");
	read_side(&a, args->arg[0], args->group);
	read_side(&b, args->arg[1], args->group);
	print_diff(&a, &b);
	free(a.samples);
	free(b.samples);
	return EXIT_OK;
}

static int run(const struct args *args)
{
	bool all = !args->has_pid && !args->group;
	struct str dot = {};
	struct report r;
	u64 sum[NR_CH];
	char *title;
	int c;

	if (args->diff)
		return run_diff(args);
	if (all)
		read_memcgs(&r, CGFS_BASIC, NULL);
	else
		read_subject(&r, args, CGFS_BASIC);
	sum_charges(sum, &r, !all);
	for (c = 0; c < NR_CH && sum[c] == ABSENT; c++)
		;
	if (c == NR_CH)
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
	report_free(&r);
	return EXIT_OK;
}

const struct cmd cmd_paths = {
	.name = "paths",
	.synopsis = "[PID | -g CGROUP] [--dot | --svg FILE] | --diff A B",
	.help = "the charge path as a graph, with counts on its edges",
	.opts = "pgDSd",
	.max_arg = 2,
	.pid_arg = true,
	.run = run,
	.cols = cols,
	.nr_cols = &nr_cols,
};
