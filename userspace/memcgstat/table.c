// SPDX-License-Identifier: GPL-2.0-only
/*
 * Columns as data, printed as a table, as JSON or line by line
 *
 * A command says which columns it has and fills rows; what -o, --json,
 * --noheadings and --bytes mean is decided here, once. Tables are printed by
 * libsmartcols. A stream, which must show each row at once, is printed at the
 * columns' own widths, or as one JSON object a line.
 */
#include <errno.h>
#include <libsmartcols.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "table.h"

struct table_options table_options;

#define MAX_COLS 64

struct table {
	const char *name;
	const struct col *cols;
	unsigned int nr;
	int at[MAX_COLS];		/* position of a column, -1: not shown */
	unsigned int pick[MAX_COLS];	/* the columns shown, in order */
	unsigned int nr_pick;
	unsigned long long also;	/* columns shown besides the usual ones, a bit each */
	struct libscols_table *scols;	/* NULL for a stream, and for JSON */
	bool headed;
	struct row *rows, **tail;	/* in the order in which they were made */
};

/* A row that libsmartcols does not keep has its cells itself. */
struct row {
	struct table *t;
	struct libscols_line *line;
	char **cell;
	struct row *next;
	struct row *child, **last_child, *sibling;
	bool has_parent;
};

/* Tables as JSON, to be printed as one object at the end. */
static struct json json = { .lines = true };

bool color_wanted(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no && *no) && term && strcmp(term, "dumb") && isatty(STDOUT_FILENO);
}

/**
 * print_columns() - the part of a --help text that tells a table's columns
 * @title: what they are
 * @cols: the columns
 * @nr: how many
 */
void print_columns(const char *title, const struct col *cols, unsigned int nr)
{
	unsigned int i;

	printf("\n%s (* by default):\n", title);
	for (i = 0; i < nr; i++)
		printf(" %c %-12s  %s\n", cols[i].flags & COL_OFF ? ' ' : '*', cols[i].name,
		       cols[i].help);
}

static void pick(struct table *t, unsigned int col)
{
	if (t->at[col] >= 0)
		return;
	t->at[col] = t->nr_pick;
	t->pick[t->nr_pick++] = col;
}

/* A person gets what fits the screen, a machine everything. */
static void pick_defaults(struct table *t)
{
	unsigned int i;

	for (i = 0; i < t->nr; i++)
		if (!(t->cols[i].flags & COL_OFF) || table_options.json || t->also >> i & 1)
			pick(t, i);
}

/* LIST is NAME,NAME... or +NAME,... to add to the usual ones; or "all". */
static void pick_list(struct table *t, const char *list)
{
	char *copy = xstrdup(list), *s, *save;
	unsigned int i;

	s = copy;
	if (*s == '+') {
		pick_defaults(t);
		s++;
	}
	for (s = strtok_r(s, ",", &save); s; s = strtok_r(NULL, ",", &save)) {
		bool all = !strcasecmp(s, "all"), found = all;

		for (i = 0; i < t->nr; i++) {
			if (all || !strcasecmp(s, t->cols[i].name)) {
				pick(t, i);
				found = true;
			}
		}
		if (!found) {
			char *safe = text_safe(s);

			die_usage("-o: no column %s; --help lists them", safe);
		}
	}
	free(copy);
	if (!t->nr_pick)
		die_usage("-o: no column named; --help lists them");
}

static struct table *new_table(const char *name, const struct col *cols, unsigned int nr,
			       unsigned long long also, const char *columns)
{
	struct table *t = xcalloc(1, sizeof(*t));
	unsigned int i;

	t->name = name;
	t->cols = cols;
	t->nr = nr;
	t->tail = &t->rows;
	t->also = also;
	for (i = 0; i < nr; i++)
		t->at[i] = -1;
	if (columns)
		pick_list(t, columns);
	else
		pick_defaults(t);
	return t;
}

static void add_scols(struct table *t)
{
	unsigned int i;

	if (table_options.json)
		return;
	t->scols = scols_new_table();
	if (!t->scols)
		die("out of memory");
	scols_table_enable_noheadings(t->scols, table_options.noheadings);
	scols_table_enable_colors(t->scols, color_wanted());
	if (!text_is_utf8())
		scols_table_enable_ascii(t->scols, 1);
	for (i = 0; i < t->nr_pick; i++) {
		const struct col *c = &t->cols[t->pick[i]];
		struct libscols_column *sc;
		int flags = 0;

		if (c->type != COL_TEXT)
			flags |= SCOLS_FL_RIGHT;
		if (c->flags & COL_TREE)
			flags |= SCOLS_FL_TREE;
		if (c->flags & COL_CUT)
			flags |= SCOLS_FL_TRUNC;
		sc = scols_table_new_column(t->scols, c->name, c->width, flags);
		if (!sc)
			die("out of memory");
	}
}

/**
 * check_columns() - exit with 2 where -o names a column that is not there
 * @cols: the columns
 * @nr: how many
 */
void check_columns(const struct col *cols, unsigned int nr)
{
	table_free(new_table(NULL, cols, nr, 0, table_options.columns));
}

/**
 * table_new() - a table whose columns -o chooses
 * @name: what it is called in JSON
 * @cols: its columns
 * @nr: how many
 *
 * Return: the table; exits with 2 where -o names a column that is not there.
 */
struct table *table_new(const char *name, const struct col *cols, unsigned int nr)
{
	return table_new_with(name, cols, nr, 0);
}

/* The same, with more columns by default: @also has a bit for each. */
struct table *table_new_with(const char *name, const struct col *cols, unsigned int nr,
			     unsigned long long also)
{
	struct table *t = new_table(name, cols, nr, also, table_options.columns);

	add_scols(t);
	return t;
}

/* The same for one of several tables of a command: -o is about another one. */
struct table *table_part(const char *name, const struct col *cols, unsigned int nr)
{
	struct table *t = new_table(name, cols, nr, 0, NULL);

	add_scols(t);
	return t;
}

/* The same, each row printed as soon as it is flushed. */
struct table *table_stream(const struct col *cols, unsigned int nr)
{
	return new_table(NULL, cols, nr, 0, table_options.columns);
}

bool table_has(const struct table *t, unsigned int col)
{
	return t->at[col] >= 0;
}

/**
 * table_row() - a new row, empty
 * @t: the table
 * @parent: the row above it in a tree, or NULL
 *
 * Return: the row, which lives as long as the table.
 */
struct row *table_row(struct table *t, struct row *parent)
{
	struct row *row = xcalloc(1, sizeof(*row));

	row->t = t;
	row->last_child = &row->child;
	*t->tail = row;
	t->tail = &row->next;
	if (t->scols) {
		row->line = scols_table_new_line(t->scols, parent ? parent->line : NULL);
		if (!row->line)
			die("out of memory");
		return row;
	}
	row->cell = xcalloc(t->nr_pick, sizeof(*row->cell));
	if (parent) {
		row->has_parent = true;
		*parent->last_child = row;
		parent->last_child = &row->sibling;
	}
	return row;
}

/* Takes @s over. */
static void row_set(struct row *row, unsigned int col, char *s)
{
	struct table *t = row->t;

	if (!t->scols) {
		free(row->cell[t->at[col]]);
		row->cell[t->at[col]] = s;
	} else if (scols_line_refer_data(row->line, t->at[col], s)) {
		die("out of memory");
	}
}

/**
 * row_text() - fill a cell with a text from anywhere
 * @row: the row
 * @col: the column; nothing happens if it is not shown
 * @s: the text, not yet safe to print; NULL: not known
 */
void row_text(struct row *row, unsigned int col, const char *s)
{
	if (!table_has(row->t, col))
		return;
	if (s)
		row_set(row, col, text_safe(s));
	else if (!table_options.json)
		row_set(row, col, xstrdup("-"));
}

/**
 * row_num() - fill a cell with a number
 * @row: the row
 * @col: the column, of any type but %COL_TEXT
 * @v: the number; %CGL_UNLIMITED shows "max", %CGL_ABSENT "-", or null in JSON
 */
void row_num(struct row *row, unsigned int col, u64 v)
{
	const struct col *c = &row->t->cols[col];
	char buf[HUMAN_LEN];

	if (!table_has(row->t, col))
		return;
	if (v == CGL_ABSENT && table_options.json)
		return;
	if (v == CGL_UNLIMITED && table_options.json)
		row_set(row, col, xstrdup("\"max\""));
	else if (v == CGL_ABSENT || v == CGL_UNLIMITED)
		row_set(row, col, xstrdup(human_size(v, buf)));
	else if (c->type == COL_SIZE && !table_options.bytes && !table_options.json)
		row_set(row, col, xstrdup(human_size(v, buf)));
	else
		row_set(row, col, xasprintf("%llu", v));
}

/**
 * row_real() - fill a cell with a number that has a fraction
 * @row: the row
 * @col: the column
 * @v: the number; not a number: not known
 * @digits: behind the point
 */
void row_real(struct row *row, unsigned int col, double v, int digits)
{
	if (!table_has(row->t, col))
		return;
	if (!isfinite(v))
		row_num(row, col, CGL_ABSENT);
	else
		row_set(row, col, xasprintf("%.*f", digits, v));
}

/* A number that the caller has checked already: it keeps all its digits. */
void row_verbatim(struct row *row, unsigned int col, const char *s)
{
	if (table_has(row->t, col))
		row_set(row, col, xstrdup(s));
}

/* Colour a filled cell, where colour is wanted. */
void row_color(struct row *row, unsigned int col, const char *color)
{
	struct table *t = row->t;
	struct libscols_cell *cell;

	if (!table_has(t, col) || !t->scols || !color_wanted())
		return;
	cell = scols_line_get_cell(row->line, t->at[col]);
	if (cell)
		scols_cell_set_color(cell, color);
}

static void json_row(struct json *j, const struct row *row, bool tree)
{
	const struct table *t = row->t;
	const struct row *child;
	unsigned int i;

	json_open(j, NULL, '{');
	for (i = 0; i < t->nr_pick; i++) {
		const struct col *c = &t->cols[t->pick[i]];

		if (c->type == COL_TEXT)
			json_string(j, c->name, row->cell[i]);
		else
			json_plain(j, c->name, row->cell[i]);
	}
	if (tree && row->child) {
		json_open(j, "children", '[');
		for (child = row->child; child; child = child->sibling)
			json_row(j, child, tree);
		json_close(j, ']');
	}
	json_close(j, '}');
}

/* Without the column that draws the tree a table is a list, in JSON too. */
static bool draws_tree(const struct table *t)
{
	unsigned int i;

	for (i = 0; i < t->nr_pick; i++)
		if (t->cols[t->pick[i]].flags & COL_TREE)
			return true;
	return false;
}

static void keep_json(const struct table *t)
{
	bool tree = draws_tree(t);
	const struct row *row;

	if (!json.depth)
		json_open(&json, NULL, '{');
	json_open(&json, t->name, '[');
	for (row = t->rows; row; row = row->next)
		if (!tree || !row->has_parent)
			json_row(&json, row, tree);
	json_close(&json, ']');
}

/**
 * table_print() - print the table, or keep it for the one JSON object
 * @t: the table
 */
void table_print(struct table *t)
{
	if (table_options.json) {
		keep_json(t);
		return;
	}
	if (scols_table_is_empty(t->scols) && !table_options.noheadings) {
		unsigned int i;

		for (i = 0; i < t->nr_pick; i++)
			printf("%s%s", i ? " " : "", t->cols[t->pick[i]].name);
		printf("\n");
	}
	scols_print_table(t->scols);
}

/**
 * output_check() - write out what is buffered, or exit with status 1
 */
void output_check(void)
{
	errno = 0;
	if (fflush(stdout) || ferror(stdout))
		die("standard output: %s", errno ? strerror(errno) : "could not be written");
}

/* Print what table_print() kept. */
void output_end(void)
{
	if (json.depth)
		json_close(&json, '}');
	json_print(&json);
	str_free(&json.text);
	output_check();
}

static void free_rows(struct table *t)
{
	struct row *row, *next;
	unsigned int i;

	for (row = t->rows; row; row = next) {
		next = row->next;
		for (i = 0; row->cell && i < t->nr_pick; i++)
			free(row->cell[i]);
		free(row->cell);
		free(row);
	}
	t->rows = NULL;
	t->tail = &t->rows;
}

static void print_cell(const struct table *t, unsigned int i, const char *s)
{
	const struct col *c = &t->cols[t->pick[i]];
	bool last = i == t->nr_pick - 1;

	if (c->type == COL_TEXT)
		printf("%s%-*s", i ? " " : "", last ? 0 : c->width, s);
	else
		printf("%s%*s", i ? " " : "", c->width, s);
}

/**
 * table_flush_row() - print the row of a stream now
 * @t: from table_stream(), with one row
 */
void table_flush_row(struct table *t)
{
	struct json j = {};
	unsigned int i;

	if (table_options.json) {
		json_row(&j, t->rows, false);
		json_print(&j);
		str_free(&j.text);
	} else {
		if (!t->headed && !table_options.noheadings) {
			for (i = 0; i < t->nr_pick; i++)
				print_cell(t, i, t->cols[t->pick[i]].name);
			printf("\n");
		}
		t->headed = true;
		for (i = 0; i < t->nr_pick; i++)
			print_cell(t, i, t->rows->cell[i] ? t->rows->cell[i] : "-");
		printf("\n");
	}
	free_rows(t);
	output_check();
}

void table_free(struct table *t)
{
	free_rows(t);
	scols_unref_table(t->scols);
	free(t);
}
