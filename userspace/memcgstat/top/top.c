// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcgstat top: cgroups and tasks against their limits, live
 *
 * Everything is laid out from the width of the terminal at hand, down to one
 * where only names fit. Nothing is drawn that did not go through text_safe().
 */
#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <ncurses.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "cmd.h"
#include "top/rows.h"
#include "view/views.h"

#define CTRL(key) ((key) & 0x1f)

enum { PAIR_HEAD = 1, PAIR_OK, PAIR_NEAR, PAIR_FULL, PAIR_DIM };

struct screen {
	struct top top;
	size_t selected, scroll;
	u64 sel_pid;			/* what is selected, to find it again */
	char *sel_path;
	bool paused, detail, help, colors;
	bool typing;			/* a filter is being typed */
	double interval, next;
	u64 refreshes;
	double cost;			/* seconds for the last refresh */
};

/* Draw at most @width columns of a text; returns the columns used. */
static int put(int y, int x, int width, const char *text)
{
	char *safe = text_safe(text);
	const char *s = safe;
	mbstate_t st = {};
	int used = 0;

	if (y < 0 || y >= LINES || x >= COLS)
		width = 0;
	if (width > COLS - x)
		width = COLS - x;
	while (*s && used < width) {
		wchar_t wc;
		size_t n = mbrtowc(&wc, s, strlen(s), &st);
		int w;

		if (n == (size_t)-1 || n == (size_t)-2 || !n)
			break;
		w = wcwidth(wc);
		if (w < 0 || used + w > width)
			break;
		mvaddnstr(y, x + used, s, n);
		used += w;
		s += n;
	}
	free(safe);
	return used;
}

static void put_right(int y, int x, int width, const char *text)
{
	int len = strlen(text);

	put(y, x + (len < width ? width - len : 0), width, text);
}

/* Where each column goes, for this width. */
struct layout {
	int name, usage, limit, bar, charges, fails, limiter;	/* widths; 0: not shown */
};

static void lay_out(struct layout *l, int cols)
{
	int left;

	memset(l, 0, sizeof(*l));
	l->name = cols < 12 ? cols : cols * 32 / 100;
	if (l->name < 12 && cols >= 12)
		l->name = 12;
	left = cols - l->name;
	if (left >= 8)
		l->usage = 7, left -= 8;
	if (left >= 8)
		l->limit = 7, left -= 8;
	if (left >= 8)
		l->fails = 7, left -= 8;
	if (left >= 9)
		l->charges = 8, left -= 9;
	if (left >= 12) {
		l->bar = left / 2 > 32 ? 32 : left / 2 < 10 ? 10 : left / 2;
		left -= l->bar + 1;
	}
	if (left >= 8)
		l->limiter = left - 1;
	else
		l->name += left > 0 ? left : 0;
}

static void put_bar(const struct screen *s, int y, int x, int width, const struct cgl_memcg *m)
{
	struct cgl_limit l;
	int inner = width - 2, fill, i, pair;
	double use;

	if (!cgl_limit_of(m, CGL_LIMIT_HARD, &l))
		return;
	use = l.limit ? (double)l.usage / l.limit : 1;
	use = use > 1 ? 1 : use;
	fill = use * inner + 0.5;
	pair = use >= 0.99 ? PAIR_FULL : use >= 0.9 ? PAIR_NEAR : PAIR_OK;
	mvaddch(y, x, '[');
	if (s->colors)
		attron(COLOR_PAIR(pair));
	for (i = 0; i < fill; i++)
		mvaddch(y, x + 1 + i, '#');
	if (s->colors)
		attroff(COLOR_PAIR(pair));
	for (; i < inner; i++)
		mvaddch(y, x + 1 + i, ' ');
	mvaddch(y, x + width - 1, ']');
}

static void put_rate(int y, int x, int width, double rate)
{
	char buf[32];

	if (!isfinite(rate))
		strcpy(buf, "-");
	else if (rate >= 99999.5)
		snprintf(buf, sizeof(buf), "%.0fk", rate / 1000);
	else
		snprintf(buf, sizeof(buf), rate > 0 && rate < 9.95 ? "%.1f" : "%.0f", rate);
	put_right(y, x, width, buf);
}

static const char *read_comm(struct top_row *row)
{
	if (!row->comm)
		row->comm = cgl_comm(files, row->pid);
	if (!row->comm)
		row->comm = xstrdup("?");
	return row->comm;
}

static void put_name(struct top_row *row, int y, int width)
{
	const char *name = memcg_name(row->m), *slash = strrchr(name, '/');
	int x = row->depth * 2;
	char buf[32];

	if (x > width - 8)
		x = width > 8 ? width - 8 : 0;
	if (row->pid) {
		snprintf(buf, sizeof(buf), "%llu ", row->pid);
		x += put(y, x, width - x, buf);
		put(y, x, width - x, read_comm(row));
		return;
	}
	if (row->folded && width > 4)
		x += put(y, x, width - x, "+ ");
	x += put(y, x, width - x, slash && slash[1] ? slash + 1 : name);
	if (row->m->m[CGL_MF_online] == 0)
		put(y, x, width - x, " (removed)");
}

/* Whose limit will be met first; and where it is slowed down already, that. */
static void put_limiter(const struct top_row *row, int y, int x, int width)
{
	const char *word = limit_word(row->limit.kind);
	int used = 0;

	if (row->limit.memcg)
		used = put(y, x, width, row->limit.memcg == row->m ? "itself" :
			   memcg_name(row->limit.memcg));
	if (row->limit.memcg && *word && used + 1 < width)
		used += 1 + put(y, x + used + 1, width - used - 1, word);
	if (row->slowed && used + 1 < width)
		put(y, x + used + !!used, width - used - !!used, "above high");
}

static void draw_row(const struct screen *s, struct top_row *row, int y, const struct layout *l,
		     bool selected)
{
	char buf[HUMAN_LEN];
	int x = l->name + 1;

	if (selected)
		attron(A_REVERSE);
	move(y, 0);
	clrtoeol();
	if (selected)
		mvhline(y, 0, ' ', COLS);
	put_name(row, y, l->name);
	if (row->pid) {
		if (selected)
			attroff(A_REVERSE);
		return;
	}
	if (l->usage) {
		put_right(y, x, l->usage,
			  human_size(row->m->counter[CGL_CK_memory][CGL_CF_usage], buf));
		x += l->usage + 1;
	}
	if (l->limit) {
		put_right(y, x, l->limit,
			  human_size(row->m->counter[CGL_CK_memory][CGL_CF_max], buf));
		x += l->limit + 1;
	}
	if (l->bar) {
		put_bar(s, y, x, l->bar, row->m);
		x += l->bar + 1;
	}
	if (l->charges) {
		put_rate(y, x, l->charges, row->charges);
		x += l->charges + 1;
	}
	if (l->fails) {
		put_rate(y, x, l->fails, row->fails);
		x += l->fails + 1;
	}
	if (l->limiter)
		put_limiter(row, y, x, l->limiter);
	if (selected)
		attroff(A_REVERSE);
}

static void draw_head(const struct screen *s, const struct layout *l)
{
	int x = l->name + 1;
	char buf[160];

	snprintf(buf, sizeof(buf), "memcgstat top: %zu cgroups, by %s%s%s, from %s%s",
		 s->top.now.nr_memcgs, top_sort_names[s->top.sort],
		 *s->top.filter ? ", filter " : "", s->top.filter,
		 s->top.now.source == CGL_SRC_MODULE ? "cg_list" : "the cgroup files",
		 s->paused ? ", PAUSED" : "");
	put(0, 0, COLS, buf);
	attron(s->colors ? COLOR_PAIR(PAIR_HEAD) | A_BOLD : A_BOLD);
	mvhline(1, 0, ' ', COLS);
	put(1, 0, l->name, s->top.show_tasks ? "CGROUP / TASK" : "CGROUP");
	if (l->usage) {
		put_right(1, x, l->usage, "USAGE");
		x += l->usage + 1;
	}
	if (l->limit) {
		put_right(1, x, l->limit, "LIMIT");
		x += l->limit + 1;
	}
	if (l->bar) {
		put(1, x, l->bar, "USE");
		x += l->bar + 1;
	}
	if (l->charges) {
		put_right(1, x, l->charges, "CHARGE/s");
		x += l->charges + 1;
	}
	if (l->fails) {
		put_right(1, x, l->fails, "FAIL/s");
		x += l->fails + 1;
	}
	if (l->limiter)
		put(1, x, l->limiter, "LIMITER");
	attrset(A_NORMAL);
}

static void draw_level(const struct cgl_memcg *m, unsigned int level, int y)
{
	char a[HUMAN_LEN], b[HUMAN_LEN], c[HUMAN_LEN], line[256];
	u64 fails = cgl_failures(m);
	int x;

	snprintf(line, sizeof(line), "%2u %7s of %-7s peak %-7s fails %-8llu", level,
		 human_size(m->counter[CGL_CK_memory][CGL_CF_usage], a),
		 human_size(m->counter[CGL_CK_memory][CGL_CF_max], b),
		 human_size(m->counter[CGL_CK_memory][CGL_CF_peak], c), cgl_or_0(fails));
	x = put(y, 0, COLS, line);
	put(y, x + 1, COLS - x - 1, memcg_name(m));
}

static void draw_charges(const struct cgl_memcg *m, int y)
{
	char line[256];

	if (!m->has_charge)
		return;
	snprintf(line, sizeof(line),
		 "charges: limit %llu reclaim %llu oom %llu nomem %llu force %llu killed %llu",
		 cgl_or_0(m->charge[CGL_CH_limit]), cgl_or_0(m->charge[CGL_CH_reclaim]),
		 cgl_or_0(m->charge[CGL_CH_oom]), cgl_or_0(m->charge[CGL_CH_nomem]),
		 cgl_or_0(m->charge[CGL_CH_force]), cgl_or_0(m->charge[CGL_CH_killed]));
	put(y, 0, COLS, line);
}

/* The lower part: the levels of a task or of a cgroup, its own first. */
static void draw_detail(struct top_row *row, int y, int lines, const struct cgl_report *all)
{
	const struct cgl_memcg *m = row->m;
	struct cgl_reader *reader;
	struct cgl_report r;
	char line[128];
	unsigned int level = 0;
	size_t i;

	mvhline(y, 0, '-', COLS);
	if (!row->pid) {
		put(y++, 2, COLS - 2, memcg_name(m));
		draw_charges(m, y++);
		for (; lines > 2; lines--) {
			draw_level(m, level++, y++);
			if (m->parent < 0)
				break;
			m = &all->memcgs[m->parent];
		}
		return;
	}
	snprintf(line, sizeof(line), " task %llu ", row->pid);
	put(y, 2, COLS - 2, line);
	put(y++, 2 + strlen(line), COLS - 2 - strlen(line), read_comm(row));
	cgl_report_init(&r);
	if (cgl_reader_new(files, &reader, row->pid, CGL_WANT_BASIC | CGL_WANT_ALL)) {
		put(y, 0, COLS, "it has ended");
		return;
	}
	if (cgl_reader_read(reader, &r) || !r.nr_memcgs) {
		put(y, 0, COLS, "it has ended");
	} else {
		draw_charges(&r.memcgs[0], y++);
		for (i = 0; i < r.nr_memcgs && lines > 2; i++, lines--)
			draw_level(&r.memcgs[i], i, y++);
	}
	cgl_reader_free(reader);
	cgl_report_free(&r);
}

static const char *const help_lines[] = {
	"up down j k PgUp PgDn Home End   select",
	"Space left right                 fold and unfold",
	"s or n u l c f                   sort by name, usage, use of limit,",
	"                                 charges a second, failures a second",
	"/                                filter by a part of the path",
	"t                                show tasks",
	"Enter                            details of what is selected",
	"p                                pause",
	"r                                refresh now",
	"Ctrl-L                           draw the screen anew",
	"q                                leave",
};

static void draw_help(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(help_lines); i++)
		put(2 + i, 0, COLS, help_lines[i]);
}

/* Keep the selection on what it was on, though rows come and go. */
static void find_selection(struct screen *s)
{
	size_t i;

	for (i = 0; s->sel_path && i < s->top.nr_rows; i++) {
		const struct top_row *row = &s->top.rows[i];

		if (row->pid == s->sel_pid && !strcmp(memcg_name(row->m), s->sel_path)) {
			s->selected = i;
			return;
		}
	}
	if (s->selected >= s->top.nr_rows)
		s->selected = s->top.nr_rows ? s->top.nr_rows - 1 : 0;
}

static void note_selection(struct screen *s)
{
	const struct top_row *row;

	free(s->sel_path);
	s->sel_path = NULL;
	if (!s->top.nr_rows)
		return;
	if (s->selected >= s->top.nr_rows)
		s->selected = s->top.nr_rows - 1;
	row = &s->top.rows[s->selected];
	s->sel_path = xstrdup(memcg_name(row->m));
	s->sel_pid = row->pid;
}

static int list_lines(const struct screen *s)
{
	int lines = LINES - 3;

	if (s->detail)
		lines -= LINES / 3;
	return lines > 0 ? lines : 0;
}

static void draw(struct screen *s)
{
	int lines = list_lines(s), y;
	struct layout l;
	size_t i;

	erase();
	lay_out(&l, COLS);
	draw_head(s, &l);
	if (s->selected < s->scroll)
		s->scroll = s->selected;
	if (lines && s->selected >= s->scroll + lines)
		s->scroll = s->selected - lines + 1;
	for (y = 0; !s->help && y < lines; y++) {
		i = s->scroll + y;
		if (i >= s->top.nr_rows)
			break;
		draw_row(s, &s->top.rows[i], 2 + y, &l, i == s->selected);
	}
	if (s->help)
		draw_help();
	else if (s->detail && s->selected < s->top.nr_rows && LINES > 6)
		draw_detail(&s->top.rows[s->selected], 2 + lines, LINES - 3 - lines,
			    &s->top.now);
	if (s->typing) {
		y = put(LINES - 1, 0, COLS, "filter: ");
		put(LINES - 1, y, COLS - y, s->top.filter);
	} else if (LINES > 3) {
		put(LINES - 1, 0, COLS, "? help  q quit  s sort  / filter  t tasks  p pause");
	}
	refresh();
}

static void refresh_data(struct screen *s)
{
	double start = now_monotonic();

	top_read(&s->top);
	top_arrange(&s->top);
	find_selection(s);
	s->refreshes++;
	s->cost = now_monotonic() - start;
}

static void rearrange(struct screen *s)
{
	top_arrange(&s->top);
	find_selection(s);
}

static void move_by(struct screen *s, long by)
{
	if (by < 0 && s->selected < (size_t)-by)
		s->selected = 0;
	else
		s->selected += by;
	note_selection(s);
}

/* A key while the filter is being typed. */
static void type_filter(struct screen *s, int key)
{
	size_t len = strlen(s->top.filter);
	char *old = s->top.filter;

	if (key == '\n' || key == '\r' || key == KEY_ENTER) {
		s->typing = false;
		return;
	}
	if (key == 27) {
		s->typing = false;
		s->top.filter = xstrdup("");
		free(old);
	} else if ((key == KEY_BACKSPACE || key == 127 || key == 8) && len) {
		old[len - 1] = '\0';
	} else if (key >= 0x20 && key < 0x7f && len < 100) {
		s->top.filter = xasprintf("%s%c", old, key);
		free(old);
	}
	rearrange(s);
}

static void sort_by(struct screen *s, enum top_sort sort)
{
	s->top.sort = sort;
	rearrange(s);
}

static void fold(struct screen *s, int key)
{
	const struct top_row *row;

	if (s->selected >= s->top.nr_rows)
		return;
	row = &s->top.rows[s->selected];
	if (row->pid || (key == KEY_LEFT && row->folded) || (key == KEY_RIGHT && !row->folded))
		return;
	top_fold(&s->top, row->m);
	rearrange(s);
}

/* Returns false to leave. */
static bool take_key(struct screen *s, int key)
{
	int page = list_lines(s) > 1 ? list_lines(s) - 1 : 1;

	if (s->typing) {
		type_filter(s, key);
		return true;
	}
	switch (key) {
	case 'q':
		return false;
	case '?': case 'h':
		s->help = !s->help;
		break;
	case KEY_UP: case 'k':
		move_by(s, -1);
		break;
	case KEY_DOWN: case 'j':
		move_by(s, 1);
		break;
	case KEY_PPAGE:
		move_by(s, -page);
		break;
	case KEY_NPAGE:
		move_by(s, page);
		break;
	case KEY_HOME: case 'g':
		move_by(s, -(long)s->top.nr_rows);
		break;
	case KEY_END: case 'G':
		move_by(s, s->top.nr_rows);
		break;
	case ' ': case KEY_LEFT: case KEY_RIGHT:
		fold(s, key);
		break;
	case 's':
		sort_by(s, (s->top.sort + 1) % NR_SORT);
		break;
	case 'n':
		sort_by(s, SORT_NAME);
		break;
	case 'u':
		sort_by(s, SORT_USAGE);
		break;
	case 'l':
		sort_by(s, SORT_USE);
		break;
	case 'c':
		sort_by(s, SORT_CHARGES);
		break;
	case 'f':
		sort_by(s, SORT_FAILS);
		break;
	case '/':
		s->typing = true;
		break;
	case 't':
		s->top.show_tasks = !s->top.show_tasks;
		refresh_data(s);
		break;
	case '\n': case '\r': case KEY_ENTER:
		s->detail = !s->detail;
		break;
	case 'p':
		s->paused = !s->paused;
		break;
	case 'r':
		refresh_data(s);
		break;
	case CTRL('L'):
		clearok(stdscr, TRUE);
		break;
	}
	return true;
}

static void leave_screen(void)
{
	before_say = NULL;
	endwin();
}

static void enter_screen(struct screen *s)
{
	const char *term = getenv("TERM");

	if (!newterm(NULL, stdout, stdin))
		die("the terminal %s is not known here; set TERM, or use memcgstat tree",
		    term ? term : "(none)");
	before_say = leave_screen;
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	set_escdelay(25);
	curs_set(0);
	s->colors = color_wanted() && has_colors();
	if (!s->colors)
		return;
	start_color();
	use_default_colors();
	init_pair(PAIR_HEAD, COLOR_CYAN, -1);
	init_pair(PAIR_OK, COLOR_GREEN, -1);
	init_pair(PAIR_NEAR, COLOR_YELLOW, -1);
	init_pair(PAIR_FULL, COLOR_RED, -1);
}

/* Nobody tells us where SIGHUP is ignored, as under nohup. */
static bool terminal_gone(void)
{
	struct pollfd pfd = { .fd = STDIN_FILENO };

	return poll(&pfd, 1, 0) > 0 && pfd.revents & (POLLHUP | POLLERR | POLLNVAL);
}

static int run(const struct args *args)
{
	struct screen s = { .interval = args->interval ? args->interval : 1 };
	int key, wait;

	if (table_options.json)
		die_usage("top has no --json; use memcgstat tree --json");
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		die("top needs a terminal; use memcgstat tree");
	top_init(&s.top);
	refresh_data(&s);
	note_selection(&s);
	note_missing(&s.top.now, "charges a second");
	enter_screen(&s);
	s.next = now_monotonic() + s.interval;
	for (;;) {
		draw(&s);
		if (s.refreshes == args->count)
			break;
		wait = (s.next - now_monotonic()) * 1000;
		timeout(s.paused ? -1 : wait < 0 ? 0 : wait);
		key = getch();
		if (key != ERR && !take_key(&s, key))
			break;
		if (key == ERR && terminal_gone())
			break;
		if (s.paused || now_monotonic() < s.next)
			continue;
		refresh_data(&s);
		s.next = now_monotonic() + s.interval;
	}
	leave_screen();
	/* for the benchmark */
	if (getenv("MEMCGSTAT_COST"))
		fprintf(stderr, "refresh %.3f ms\n", s.cost * 1000);
	top_free(&s.top);
	free(s.sel_path);
	return EXIT_OK;
}

static const struct opt opts[] = {
	OPT_I("seconds between refreshes (1)"),
	OPT_C("leave after so many refreshes"),
};

const struct cmd cmd_top = {
	.name = "top",
	.synopsis = "[-i SEC] [-c COUNT]",
	.help = "cgroups and tasks against their limits, live; ? tells the keys",
	.opts = opts,
	.nr_opts = ARRAY_SIZE(opts),
	.run = run,
};
