// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcgstat plot: usage, limit and events of a record over time, as SVG
 *
 * Drawn by gnuplot: the climb to the limit, the refusals on the way, the drop
 * at the kill with its time beside it.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "outfile.h"
#include "record.h"

#define MAX_LINES 6
#define MAX_TOLD 8	/* kills told one by one */
#define RED "#c00000"

/* A cgroup to draw. */
struct line {
	char *path;
	u64 peak;
};

struct mark {
	double time;
	char *text;
};

struct plot {
	struct line *lines;
	size_t nr_lines, cap_lines;
	/* the second time through */
	const char *group;
	struct str usage[MAX_LINES];	/* "time MiB" a line */
	struct str limit;
	struct str fails;
	struct mark *marks;
	size_t nr_marks, cap_marks;
	double start, last;
	u64 fail_before;
	bool has_fail;
	u64 fail_sum;
	double top;			/* MiB */
};

#define MIB (1024.0 * 1024.0)

/* First, which cgroups are there and how large do they get? */
static void see_sample(struct record *rec, void *arg)
{
	struct plot *p = arg;
	size_t i, k;

	for (i = 0; i < rec->now.nr_memcgs; i++) {
		const struct memcg *m = &rec->now.memcgs[i];
		u64 usage = m->counter[CK_MEMORY][CF_USAGE];

		if (!m->path || !is_number(usage))
			continue;
		for (k = 0; k < p->nr_lines && strcmp(p->lines[k].path, m->path); k++)
			;
		if (k == p->nr_lines) {
			p->lines = grow(p->lines, k, &p->cap_lines, sizeof(*p->lines));
			p->lines[k].path = xstrdup(m->path);
			p->lines[k].peak = 0;
			p->nr_lines++;
		}
		if (usage > p->lines[k].peak)
			p->lines[k].peak = usage;
	}
}

static void add_mark(struct plot *p, double time, char *text)
{
	p->marks = grow(p->marks, p->nr_marks, &p->cap_marks, sizeof(*p->marks));
	p->marks[p->nr_marks].time = time;
	p->marks[p->nr_marks++].text = text;
}

static void see_events(struct plot *p, const struct report *r)
{
	size_t i;

	for (i = 0; i < r->nr_events; i++) {
		const struct event *ev = &r->events[i];
		double time = ev->f[EV_time] ? atof(ev->f[EV_time]) : NAN;

		if (event_is(ev, "oom_kill") && isfinite(time))
			add_mark(p, time, xasprintf("%s killed", ev->f[EV_victim_comm] ?
						    ev->f[EV_victim_comm] : "task"));
	}
}

static void draw_fails(struct plot *p, const struct memcg *m, double time)
{
	u64 fails = memcg_failures(m);

	if (!is_number(fails))
		return;
	if (p->has_fail) {
		str_addf(&p->fails, "%.6f %llu\n", time, delta(fails, p->fail_before));
		p->fail_sum += delta(fails, p->fail_before);
	}
	p->fail_before = fails;
	p->has_fail = true;
}

/* Then, draw them. */
static void draw_sample(struct record *rec, void *arg)
{
	struct plot *p = arg;
	double time = rec->time - rec->start, mib;
	struct memcg *m, *tight = NULL;
	size_t k;

	p->start = rec->start;
	p->last = time;
	see_events(p, &rec->now);
	for (k = 0; k < p->nr_lines; k++) {
		m = report_find_path(&rec->now, p->lines[k].path);
		if (!m || !is_number(m->counter[CK_MEMORY][CF_USAGE]))
			continue;
		mib = m->counter[CK_MEMORY][CF_USAGE] / MIB;
		str_addf(&p->usage[k], "%.6f %.6f\n", time, mib);
		p->top = fmax(p->top, mib);
		if (k)
			continue;
		/* the limit that counts for the first one */
		if (m->m[MF_LEVEL] != ABSENT)
			tight = tightest(rec->now.memcgs, rec->now.nr_memcgs, CK_MEMORY);
		else if (is_number(m->counter[CK_MEMORY][CF_MAX]))
			tight = m;
		draw_fails(p, tight ? tight : m, time);
	}
	if (tight) {
		mib = tight->counter[CK_MEMORY][CF_MAX] / MIB;
		str_addf(&p->limit, "%.6f %.6f\n", time, mib);
	}
}

static int by_peak(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->peak != y->peak)
		return x->peak < y->peak ? 1 : -1;
	return strcmp(x->path, y->path);
}

/* Which lines: the cgroup asked for, the process's own, or the largest. */
static void choose(struct plot *p, const struct record *rec, const char *own)
{
	const char *want = p->group ? p->group : rec->pid != ABSENT ? own : NULL;
	size_t i;

	if (want) {
		while (*want == '/' && want[1])
			want++;
		for (i = 0; i < p->nr_lines; i++) {
			struct line tmp = p->lines[0];

			if (strcmp(p->lines[i].path + 1, want) && strcmp(p->lines[i].path, want))
				continue;
			p->lines[0] = p->lines[i];
			p->lines[i] = tmp;
			break;
		}
		if (i == p->nr_lines)
			die("no cgroup %s in the record", want);
		i = 1;
	} else {
		qsort(p->lines, p->nr_lines, sizeof(*p->lines), by_peak);
		i = p->nr_lines < MAX_LINES ? p->nr_lines : MAX_LINES;
	}
	while (p->nr_lines > i)
		free(p->lines[--p->nr_lines].path);
}

/* A string for gnuplot: in single quotes nothing is special but the quote. */
static void add_quoted(struct str *b, const char *text)
{
	char *safe = text_safe(text), *s;

	str_puts(b, "'");
	for (s = safe; *s; s++)
		str_puts(b, *s == '\'' ? "''" : (char []){ *s, '\0' });
	str_puts(b, "'");
	free(safe);
}

static void add_block(struct str *b, const char *name, unsigned int nr, const struct str *data)
{
	str_addf(b, "$%s%u << EOD\n%sEOD\n", name, nr, data->s ? data->s : "");
}

static void add_line_at(struct str *b, double at, double width, const char *color)
{
	str_addf(b, "set arrow from %.6f, graph 0 to %.6f, graph 1 nohead lw %.1f dt 2", at, at,
		 width);
	str_addf(b, " lc rgb '%s'\n", color);
}

/* Beside its line, on the side where there is room. */
static const char *side(const struct plot *p, double at)
{
	return at < p->last / 3 ? "left offset 0.5,0" : "right offset -0.5,0";
}

static void add_marks(struct str *b, const struct plot *p, const struct record *rec)
{
	bool killed = rec->how && !strcmp(rec->how, "killed");
	bool all = p->nr_marks <= MAX_TOLD;	/* or their names would hide the rest */
	char when[64];
	size_t i;

	for (i = 0; i < p->nr_marks; i++) {
		double at = p->marks[i].time - p->start;

		add_line_at(b, at, all ? 1.5 : 0.5, RED);
		if (!all)
			continue;
		snprintf(when, sizeof(when), " at %.3f s", at);
		str_puts(b, "set label ");
		add_quoted(b, p->marks[i].text);
		str_addf(b, ".'%s' at %.6f, graph %.2f %s tc rgb '%s'\n", when, at,
			 0.95 - 0.05 * i, side(p, at), RED);
	}
	if (!all)
		str_addf(b, "set label '%zu killed' at graph 0.99, graph 0.95 right tc rgb '%s'\n",
			 p->nr_marks, RED);
	if (p->nr_marks || !isfinite(rec->ended))
		return;
	add_line_at(b, rec->ended - p->start, 1.5, killed ? RED : "#606060");
	str_addf(b, "set label '%s at %.3f s' at %.6f, graph 0.95 %s\n",
		 killed ? "killed for memory" : "ended", rec->ended - p->start,
		 rec->ended - p->start, side(p, rec->ended - p->start));
}

static void script(struct str *b, const struct plot *p, const struct record *rec,
		   const char *title)
{
	static const char *const colors[MAX_LINES] = {
		"#1f6fb4", "#2f9e44", "#e67700", "#7048a8", "#0b7285", "#868e96",
	};
	size_t i;

	str_puts(b, "set terminal svg noenhanced size 1000,520 font 'sans,13'");
	str_puts(b, " background '#ffffff'\n");
	for (i = 0; i < p->nr_lines; i++)
		add_block(b, "usage", i, &p->usage[i]);
	add_block(b, "limit", 0, &p->limit);
	add_block(b, "fails", 0, &p->fails);
	str_puts(b, "set title ");
	add_quoted(b, title);
	str_puts(b, "\nset xlabel 'seconds'\nset ylabel 'MiB'\nset grid ytics lc rgb '#dddddd'\n"
		 "set key outside above center horizontal\nset border 3\n"
		 "set xtics nomirror\nset ytics nomirror\n");
	str_addf(b, "set xrange [0:%.6f]\nset yrange [0:%.3f]\n", p->last > 0 ? p->last * 1.02 : 1,
		 (p->top > 0 ? p->top : 1) * 1.15);
	if (p->fail_sum)
		str_puts(b, "set y2label 'refusals in an interval'\nset y2tics nomirror\n"
			 "set y2range [0:*]\n");
	add_marks(b, p, rec);
	str_puts(b, "plot ");
	if (p->fail_sum) {
		str_puts(b, "$fails0 using 1:2 axes x1y2 with impulses lc rgb '#f0a0a0'");
		str_puts(b, " title 'refusals', ");
	}
	for (i = 0; i < p->nr_lines; i++) {
		str_addf(b, "%s$usage%zu using 1:2 with lines lw 2 lc rgb '%s' title ",
			 i ? ", " : "", i, colors[i]);
		add_quoted(b, p->lines[i].path);
	}
	if (p->limit.len)
		str_puts(b, ", $limit0 using 1:2 with steps lw 1.5 lc rgb '#c00000' title 'limit'");
	str_puts(b, "\n");
}

/* The cgroup of the process that the record is about: level 0. */
static void see_own(struct record *rec, void *arg)
{
	char **own = arg;
	size_t i;

	for (i = 0; i < rec->now.nr_memcgs && !*own; i++)
		if (rec->now.memcgs[i].m[MF_LEVEL] == 0 && rec->now.memcgs[i].path)
			*own = xstrdup(rec->now.memcgs[i].path);
}

static void see_both(struct record *rec, void *arg)
{
	void **both = arg;

	see_sample(rec, both[0]);
	see_own(rec, both[1]);
}

static int run(const struct args *args)
{
	char *const gnuplot[] = { "gnuplot", "-", NULL };
	struct plot p = { .group = args->group };
	struct str b = {};
	struct outfile out;
	struct record rec;
	char *own = NULL;
	size_t i;
	int ret;

	if (!args->nr_arg || !args->out)
		die_usage("plot: name the record and the picture: memcgstat plot FILE -o OUT.svg");
	record_read(&rec, args->arg[0], see_both, (void *[]){ &p, &own });
	if (!rec.samples || !p.nr_lines)
		die("%s: there is no whole sample in it", args->arg[0]);
	choose(&p, &rec, own ? own : "/");
	record_free(&rec);
	record_read(&rec, args->arg[0], draw_sample, &p);
	script(&b, &p, &rec, p.nr_lines == 1 ? p.lines[0].path : "memory cgroups");

	outfile_open(&out, args->out);
	ret = run_program(gnuplot, &b, out.fd);
	if (ret) {
		outfile_abort(&out);
		if (ret == -ENOENT)
			die("gnuplot is not installed: apt-get install gnuplot-nox");
		die("gnuplot failed with status %d; %s is as it was before", ret, args->out);
	}
	outfile_commit(&out);
	for (i = 0; i < p.nr_lines; i++) {
		free(p.lines[i].path);
		str_free(&p.usage[i]);
	}
	for (i = 0; i < p.nr_marks; i++)
		free(p.marks[i].text);
	free(p.lines);
	free(p.marks);
	str_free(&p.limit);
	str_free(&p.fails);
	str_free(&b);
	record_free(&rec);
	free(own);
	return EXIT_OK;
}

const struct cmd cmd_plot = {
	.name = "plot",
	.synopsis = "FILE -o OUT.svg [-g CGROUP]",
	.help = "draw a record: usage, limit and kills over time, as SVG",
	.opts = "g",
	.max_arg = 1,
	.file_out = true,
	.run = run,
};
