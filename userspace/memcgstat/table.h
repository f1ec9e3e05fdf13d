/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Columns as data, printed as a table, as JSON or line by line
 */
#ifndef MEMCGSTAT_TABLE_H
#define MEMCGSTAT_TABLE_H

#include "util.h"

enum col_type {
	COL_TEXT,
	COL_COUNT,
	COL_SIZE,		/* bytes; with a unit unless --bytes or --json */
	COL_REAL,
	COL_BOOL,
};

enum col_flags {
	COL_TREE = 1,		/* the tree's lines are drawn in it */
	COL_CUT = 2,		/* may be cut off where the terminal is narrow */
	COL_OFF = 4,		/* shown on request only */
};

struct col {
	const char *name;
	int width;		/* hint, in characters */
	unsigned int flags;
	const char *help;
	enum col_type type;
};

/* What --json and its like ask for, for every table alike. */
struct table_options {
	bool json;
	bool noheadings;
	bool bytes;
	const char *columns;
};

extern struct table_options table_options;

struct table;
struct row;

struct table *table_new(const char *name, const struct col *cols, unsigned int nr);
struct table *table_new_with(const char *name, const struct col *cols, unsigned int nr,
			     unsigned long long also);
struct table *table_part(const char *name, const struct col *cols, unsigned int nr);
struct table *table_stream(const struct col *cols, unsigned int nr);
bool table_has(const struct table *t, unsigned int col);
struct row *table_row(struct table *t, struct row *parent);
void row_text(struct row *row, unsigned int col, const char *s);
void row_num(struct row *row, unsigned int col, u64 v);
void row_real(struct row *row, unsigned int col, double v, int digits);
void row_verbatim(struct row *row, unsigned int col, const char *s);
void row_color(struct row *row, unsigned int col, const char *color);
void table_print(struct table *t);
void table_flush_row(struct table *t);
void table_free(struct table *t);
void output_check(void);
void output_end(void);
void check_columns(const struct col *cols, unsigned int nr);
void print_columns(const char *title, const struct col *cols, unsigned int nr);
bool color_wanted(void);

#endif
