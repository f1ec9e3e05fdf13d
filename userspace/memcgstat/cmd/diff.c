// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcgstat paths --diff: the charge path in two records, side by side
 *
 * Two kernels, or before and after a change: what changed beyond chance is
 * marked.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "graph.h"
#include "view/views.h"

/*
 * The comparison of two records. A record tells the counters at each sample;
 * what is compared is how many of 1000 charges took an edge. How much that
 * varies by itself is told by the blocks of samples that a record is cut into:
 * blocks, since a load with a rhythm makes neighbouring samples differ or agree
 * more than chance would. Z is the difference over its standard error, as the
 * normal distribution would have it: few blocks know their own spread badly,
 * which Student's distribution allows for. What lies beyond 4 is no chance,
 * even though two dozen edges are looked at.
 */
#define BEYONC_CHANCE	4.0
#define FEWEST_BLOCKS	4
#define MOST_BLOCKS	20

struct side {
	const char *path;
	u64 first[CGL_NR_CH], last[CGL_NR_CH];
	bool any;
	struct sample {
		u64 charge[CGL_NR_CH];
	} *samples;			/* the difference to the sample before */
	size_t nr, cap;
	const char *group;
};

static void take_sample(struct cgl_record *rec, void *arg)
{
	struct side *s = arg;
	struct cgl_report one = { .memcgs = NULL };
	u64 now[CGL_NR_CH];
	int c;

	if (s->group) {
		one.memcgs = cgl_find_path(&rec->now, s->group);
		one.nr_memcgs = one.memcgs ? 1 : 0;
		sum_charges(now, &one, true);
	} else {
		/* in the record of a process the own cgroup is level 0 */
		sum_charges(now, &rec->now, rec->pid != CGL_ABSENT);
	}
	if (!s->any) {
		memcpy(s->first, now, sizeof(now));
	} else {
		s->samples = grow(s->samples, s->nr, &s->cap, sizeof(*s->samples));
		for (c = 0; c < CGL_NR_CH; c++)
			s->samples[s->nr].charge[c] = cgl_delta(now[c], s->last[c]);
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
		sum += cgl_or_0(counter_edge ? edge_count(e, s->samples[i].charge) :
				   charge_calls(s->samples[i].charge));
	return sum;
}

/* How many of 1000 charges took an edge, and how well that is known. */
struct rate {
	double value;
	double err;		/* standard error */
	double freedom;		/* degrees of it; infinite where counting decides */
};

static size_t nr_blocks(size_t nr_samples)
{
	size_t nr = nr_samples / 2;

	if (nr < FEWEST_BLOCKS)
		nr = FEWEST_BLOCKS;
	return nr > MOST_BLOCKS ? MOST_BLOCKS : nr;
}

/* The error that the blocks show, as that of a ratio of sums; 0 if there are too few. */
static double spread_of_blocks(const struct side *s, const struct edge *e, double ratio,
			       double calls, size_t *used)
{
	size_t nr = nr_blocks(s->nr), k, i;
	double sum = 0;

	*used = 0;
	if (s->nr < nr)
		return 0;
	for (k = 0; k < nr; k++) {
		double n = 0, x = 0;

		for (i = k * s->nr / nr; i < (k + 1) * s->nr / nr; i++) {
			n += cgl_or_0(charge_calls(s->samples[i].charge));
			x += cgl_or_0(edge_count(e, s->samples[i].charge));
		}
		if (!n && !x)
			continue;
		sum += (x - ratio * n) * (x - ratio * n);
		++*used;
	}
	if (*used < FEWEST_BLOCKS)
		return 0;
	return 1000 * sqrt(sum * *used / (*used - 1)) / calls;
}

static struct rate side_rate(const struct side *s, const struct edge *e)
{
	double n = side_total(s, 0, e), x = side_total(s, 1, e), spread;
	struct rate r = { NAN, NAN, INFINITY };
	size_t used;

	if (!n)
		return r;
	r.value = 1000 * x / n;
	/* what counting alone makes uncertain; for 0 as much as for 1 */
	r.err = 1000 * sqrt(fmax(x, 1)) / n;
	spread = spread_of_blocks(s, e, x / n, n, &used);
	if (spread > r.err) {
		r.err = spread;
		r.freedom = used - 1;
	}
	return r;
}

/*
 * The difference in standard errors: Welch's t, with Satterthwaite's degrees of
 * freedom, as the normal deviate that is as unlikely (Wallace's approximation).
 */
static double deviate(const struct rate *a, const struct rate *b)
{
	double va = a->err * a->err, vb = b->err * b->err;
	double t = (b->value - a->value) / sqrt(va + vb);
	double nu = (va + vb) * (va + vb) / (va * va / a->freedom + vb * vb / b->freedom);

	if (!isfinite(nu))
		return t;
	return copysign((8 * nu + 1) / (8 * nu + 3) * sqrt(nu * log1p(t * t / nu)), t);
}

enum { C_FROM, C_TO, C_NAME, C_A, C_B, C_RATE_A, C_RATE_B, C_Z, C_MARK };

static const struct col cols[] = {
	[C_FROM] = { "FROM", 8, 0, "where the way forks", COL_TEXT },
	[C_TO] = { "TO", 8, 0, "where it goes", COL_TEXT },
	[C_NAME] = { "COUNTER", 14, 0, "the counter of this edge", COL_TEXT },
	[C_A] = { "A", 8, 0, "how often it was taken in A", COL_COUNT },
	[C_B] = { "B", 8, 0, "how often it was taken in B", COL_COUNT },
	[C_RATE_A] = { "A/1000", 8, 0, "the same in 1000 charges, A", COL_REAL },
	[C_RATE_B] = { "B/1000", 8, 0, "the same in 1000 charges, B", COL_REAL },
	[C_Z] = { "Z", 6, 0, "difference over its standard error", COL_REAL },
	[C_MARK] = { "CHANGED", 6, 0, "more or less, where it is beyond chance", COL_TEXT },
};

static const unsigned int nr_cols = ARRAY_SIZE(cols);

static void print_diff(const struct side *a, const struct side *b)
{
	struct table *t = table_new("diff", cols, nr_cols);
	unsigned int i;

	for (i = 0; i < graph_nr_edges; i++) {
		const struct edge *e = &graph_edges[i];
		struct row *row = table_row(t, NULL);
		struct rate rate_a = side_rate(a, e), rate_b = side_rate(b, e);
		double z = deviate(&rate_a, &rate_b);

		row_text(row, C_FROM, e->from);
		row_text(row, C_TO, e->to);
		row_text(row, C_NAME, edge_name(e));
		row_num(row, C_A, side_total(a, 1, e));
		row_num(row, C_B, side_total(b, 1, e));
		row_real(row, C_RATE_A, rate_a.value, 3);
		row_real(row, C_RATE_B, rate_b.value, 3);
		row_real(row, C_Z, z, 1);
		if (fabs(z) > BEYONC_CHANCE) {
			row_text(row, C_MARK, z > 0 ? "more" : "less");
			row_color(row, C_MARK, "red");
		} else {
			row_text(row, C_MARK, NULL);
		}
	}
	table_print(t);
	table_free(t);
}

static void read_side(struct side *s, const char *path, const char *group)
{
	struct cgl_record rec;

	s->path = path;
	s->group = group;
	read_record(&rec, path, take_sample, s);
	cgl_record_free(&rec);
	if (!s->nr)
		die("%s: two whole samples are needed", path);
	if (charge_calls(s->last) == CGL_ABSENT)
		die("%s: charges were not counted; record with cg_list on a patched kernel", path);
}

static int run(const struct args *args)
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

static const struct opt opts[] = {
	OPT_G("of the records, this memory cgroup"),
	{ OPT_DIFF, "diff", NULL, VALUE_NONE, "compare two records, A and B" },
};

const struct cmd cmd_diff = {
	.name = "paths",
	.synopsis = "--diff A B [-g CGROUP]",
	.help = "the charge path in two records, what changed beyond chance marked",
	.opts = opts,
	.nr_opts = ARRAY_SIZE(opts),
	.max_arg = 2,
	.arg = VALUE_FILE,
	.run = run,
	.cols = cols,
	.nr_cols = &nr_cols,
};
