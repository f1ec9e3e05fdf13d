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
	struct str limit, high;
	struct str swap;		/* of the first line */
	struct str slowed;		/* times of throttling */
	struct str fails;
	struct mark *marks;
	size_t nr_marks, cap_marks;
	struct mark *counted;		/* kills that only the counters show */
	size_t nr_counted, cap_counted;
	u64 kills_before;
	bool has_kills, has_swap;
	double start, last;
	u64 fail_before;
	bool has_fail;
	u64 fail_sum;
	double top;			/* MiB */
};

#define MIB (1024.0 * 1024.0)

/* First, which cgroups are there and how large do they get? */
static void see_sample(struct cgl_record *rec, void *arg)
{
	struct plot *p = arg;
	size_t i, k;

	for (i = 0; i < rec->now.nr_memcgs; i++) {
		const struct cgl_memcg *m = &rec->now.memcgs[i];
		u64 usage = m->counter[CGL_CK_memory][CGL_CF_usage];

		if (!m->path || !cgl_is_number(usage))
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

static void add_counted(struct plot *p, double time, char *text)
{
	p->counted = grow(p->counted, p->nr_counted, &p->cap_counted, sizeof(*p->counted));
	p->counted[p->nr_counted].time = time;
	p->counted[p->nr_counted++].text = text;
}

/* The path of a cgroup that an event names, if only by its id. */
static const char *event_path(const struct cgl_record *rec, const struct cgl_event *ev,
			      enum cgl_event_field path, enum cgl_event_field id)
{
	const struct cgl_memcg *m;
	u64 number = cgl_event_num(ev, id);

	if (ev->f[path])
		return ev->f[path];
	m = cgl_is_number(number) ? cgl_find_id(&rec->now, number) : NULL;
	return m ? m->path : NULL;
}

/* Whether an event is about a cgroup that is drawn, or about one below it. */
static bool is_drawn(const struct plot *p, const struct cgl_record *rec,
		     const struct cgl_event *ev)
{
	const char *victim = event_path(rec, ev, CGL_EV_victim_memcg, CGL_EV_victim_memcg_id);
	const char *limiter = event_path(rec, ev, CGL_EV_limiter, CGL_EV_limiter_id);
	const char *memcg = event_path(rec, ev, CGL_EV_memcg, CGL_EV_memcg_id);
	size_t i;

	if (cgl_is_number(rec->pid) && (cgl_event_num(ev, CGL_EV_victim) == rec->pid ||
					cgl_event_num(ev, CGL_EV_tgid) == rec->pid))
		return true;
	/* no cgroup was asked for: all of them are meant */
	if (!p->group && !cgl_is_number(rec->pid))
		return true;
	for (i = 0; i < p->nr_lines; i++)
		if (cgl_path_matches(victim, p->lines[i].path, true) ||
		    cgl_path_matches(memcg, p->lines[i].path, true) ||
		    cgl_path_matches(limiter, p->lines[i].path, false))
			return true;
	return false;
}

static void see_events(struct plot *p, const struct cgl_record *rec)
{
	const struct cgl_report *r = &rec->now;
	size_t i;

	for (i = 0; i < r->nr_events; i++) {
		const struct cgl_event *ev = &r->events[i];
		double time = ev->f[CGL_EV_time] ? atof(ev->f[CGL_EV_time]) : NAN;

		if (!isfinite(time) || !is_drawn(p, rec, ev))
			continue;
		if (cgl_event_is(ev, "oom_kill"))
			add_mark(p, time, xasprintf("%s killed", ev->f[CGL_EV_victim_comm] ?
						    ev->f[CGL_EV_victim_comm] : "task"));
		else if (cgl_event_is(ev, "high"))
			str_addf(&p->slowed, "%.6f 0\n", time - rec->start);
	}
}

/* Kills that the cgroup counted since the last sample, for records without events. */
static void count_kills(struct plot *p, const struct cgl_memcg *m, double time)
{
	u64 kills = m->event[CGL_ME_oom_kill], more;

	if (!cgl_is_number(kills))
		kills = m->charge[CGL_CH_killed];
	if (!cgl_is_number(kills))
		return;
	more = p->has_kills ? cgl_or_0(cgl_delta(kills, p->kills_before)) : 0;
	if (more)
		add_counted(p, time, more == 1 ? xstrdup("a task killed") :
			    xasprintf("%llu tasks killed", more));
	p->kills_before = kills;
	p->has_kills = true;
}

static void draw_fails(struct plot *p, const struct cgl_memcg *m, double time)
{
	u64 fails = cgl_failures(m);

	if (!cgl_is_number(fails))
		return;
	if (p->has_fail) {
		str_addf(&p->fails, "%.6f %llu\n", time, cgl_delta(fails, p->fail_before));
		p->fail_sum += cgl_delta(fails, p->fail_before);
	}
	p->fail_before = fails;
	p->has_fail = true;
}

/* The limits of the first line, and what happened at them. */
static void draw_limits(struct plot *p, struct cgl_report *r, struct cgl_memcg *m, double time)
{
	u64 swap = m->counter[CGL_CK_swap][CGL_CF_usage];
	struct cgl_limit l;

	if (m->m[CGL_MF_level] != CGL_ABSENT || p->group)
		cgl_link_path(r, m);
	if (cgl_is_number(swap)) {
		str_addf(&p->swap, "%.6f %.6f\n", time, swap / MIB);
		p->has_swap |= swap;
	}
	if (cgl_limit_next(r, m, CGL_LIMIT_HIGH, &l))
		str_addf(&p->high, "%.6f %.6f\n", time, l.limit / MIB);
	if (cgl_limit_next(r, m, CGL_LIMIT_HARD, &l))
		str_addf(&p->limit, "%.6f %.6f\n", time, l.limit / MIB);
	draw_fails(p, l.memcg ? l.memcg : m, time);
	count_kills(p, m, time + p->start);
}

/* Then, draw them. */
static void draw_sample(struct cgl_record *rec, void *arg)
{
	struct plot *p = arg;
	double time = rec->time - rec->start, mib;
	struct cgl_memcg *m;
	size_t k;

	p->start = rec->start;
	p->last = time;
	see_events(p, rec);
	for (k = 0; k < p->nr_lines; k++) {
		m = cgl_find_path(&rec->now, p->lines[k].path);
		if (!m || !cgl_is_number(m->counter[CGL_CK_memory][CGL_CF_usage]))
			continue;
		mib = m->counter[CGL_CK_memory][CGL_CF_usage] / MIB;
		str_addf(&p->usage[k], "%.6f %.6f\n", time, mib);
		p->top = fmax(p->top, mib);
		if (!k)
			draw_limits(p, &rec->now, m, time);
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
static void choose(struct plot *p, const struct cgl_record *rec, const char *own)
{
	const char *want = p->group ? p->group : rec->pid != CGL_ABSENT ? own : NULL;
	size_t i;

	if (want) {
		for (i = 0; i < p->nr_lines; i++) {
			struct line tmp = p->lines[0];

			if (!cgl_path_matches(p->lines[i].path, want, false))
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

static void add_marks(struct str *b, const struct plot *p, const struct cgl_record *rec,
		      const struct mark *marks, size_t nr)
{
	bool killed = rec->how && !strcmp(rec->how, "killed");
	bool all = nr <= MAX_TOLD;	/* or their names would hide the rest */
	char when[64];
	size_t i;

	for (i = 0; i < nr; i++) {
		double at = marks[i].time - p->start;

		add_line_at(b, at, all ? 1.5 : 0.5, RED);
		if (!all)
			continue;
		snprintf(when, sizeof(when), " at %.3f s", at);
		str_puts(b, "set label ");
		add_quoted(b, marks[i].text);
		str_addf(b, ".'%s' at %.6f, graph %.2f %s tc rgb '%s'\n", when, at,
			 0.95 - 0.05 * i, side(p, at), RED);
	}
	if (!all)
		str_addf(b, "set label '%zu killed' at graph 0.99, graph 0.95 right tc rgb '%s'\n",
			 nr, RED);
	if (nr || !isfinite(rec->ended))
		return;
	add_line_at(b, rec->ended - p->start, 1.5, killed ? RED : "#606060");
	str_addf(b, "set label '%s at %.3f s' at %.6f, graph 0.95 %s\n",
		 killed ? "killed for memory" : "ended", rec->ended - p->start,
		 rec->ended - p->start, side(p, rec->ended - p->start));
}

static void script(struct str *b, const struct plot *p, const struct cgl_record *rec,
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
	add_block(b, "high", 0, &p->high);
	add_block(b, "swap", 0, &p->swap);
	add_block(b, "slowed", 0, &p->slowed);
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
	/* the events tell who was killed and when, the counters only that somebody was */
	if (p->nr_marks)
		add_marks(b, p, rec, p->marks, p->nr_marks);
	else
		add_marks(b, p, rec, p->counted, p->nr_counted);
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
	if (p->high.len) {
		str_puts(b, ", $high0 using 1:2 with steps lw 1.5 lc rgb '#e67700'");
		str_puts(b, " title 'memory.high'");
	}
	if (p->has_swap)
		str_puts(b, ", $swap0 using 1:2 with lines lw 1.5 lc rgb '#868e96' title 'swap'");
	if (p->slowed.len) {
		str_puts(b, ", $slowed0 using 1:2 with points pt 2 lc rgb '#e67700'");
		str_puts(b, " title 'slowed down'");
	}
	str_puts(b, "\n");
}

/* The cgroup of the process that the record is about: level 0. */
static void see_own(struct cgl_record *rec, void *arg)
{
	char **own = arg;
	size_t i;

	for (i = 0; i < rec->now.nr_memcgs && !*own; i++)
		if (rec->now.memcgs[i].m[CGL_MF_level] == 0 && rec->now.memcgs[i].path)
			*own = xstrdup(rec->now.memcgs[i].path);
}

static void see_both(struct cgl_record *rec, void *arg)
{
	void **both = arg;

	see_sample(rec, both[0]);
	see_own(rec, both[1]);
}

/* Let gnuplot draw, into a file that is replaced whole; "-": standard output. */
static void draw(const struct str *b, const char *path)
{
	char *const gnuplot[] = { "gnuplot", "-", NULL };
	bool to_file = strcmp(path, "-");
	struct outfile out;
	int ret;

	if (to_file)
		outfile_open(&out, path);
	ret = run_program(gnuplot, b, to_file ? out.fd : STDOUT_FILENO);
	if (ret && to_file)
		outfile_abort(&out);
	if (ret == -ENOENT)
		die("gnuplot is not installed: apt-get install gnuplot-nox");
	if (ret)
		die("gnuplot failed with status %d%s%s", ret, to_file ? "; " : "",
		    to_file ? xasprintf("%s is as it was before", path) : "");
	if (to_file)
		outfile_commit(&out);
}

static int run(const struct args *args)
{
	struct plot p = { .group = args->group };
	struct str b = {};
	struct cgl_record rec;
	char *own = NULL;
	size_t i;

	if (!args->nr_arg || !args->out)
		die_usage("plot: name the record and the picture: memcgstat plot FILE -o OUT.svg");
	read_record(&rec, args->arg[0], see_both, (void *[]){ &p, &own });
	if (!rec.samples || !p.nr_lines)
		die("%s: there is no whole sample in it", args->arg[0]);
	choose(&p, &rec, own ? own : "/");
	cgl_record_free(&rec);
	read_record(&rec, args->arg[0], draw_sample, &p);
	script(&b, &p, &rec, p.nr_lines == 1 ? p.lines[0].path : "memory cgroups");

	draw(&b, args->out);
	for (i = 0; i < p.nr_lines; i++) {
		free(p.lines[i].path);
		str_free(&p.usage[i]);
	}
	for (i = 0; i < p.nr_marks; i++)
		free(p.marks[i].text);
	for (i = 0; i < p.nr_counted; i++)
		free(p.counted[i].text);
	free(p.counted);
	str_free(&p.high);
	str_free(&p.swap);
	str_free(&p.slowed);
	str_free(&p.fails);
	free(p.lines);
	free(p.marks);
	str_free(&p.limit);
	str_free(&p.fails);
	str_free(&b);
	cgl_record_free(&rec);
	free(own);
	return EXIT_OK;
}

static const struct opt opts[] = {
	OPT_O("the picture; it must be given"),
	OPT_G("this memory cgroup of the record"),
};

const struct cmd cmd_plot = {
	.name = "plot",
	.synopsis = "FILE -o OUT.svg [-g CGROUP]",
	.help = "draw a record: usage, limit and kills over time, as SVG",
	.opts = opts,
	.nr_opts = ARRAY_SIZE(opts),
	.max_arg = 1,
	.arg = VALUE_FILE,
	.file_out = true,
	.run = run,
};
