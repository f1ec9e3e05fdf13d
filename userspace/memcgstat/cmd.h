/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands of memcgstat, and their options
 */
#ifndef MEMCGSTAT_CMD_H
#define MEMCGSTAT_CMD_H

#include "source.h"
#include "table.h"

/* What the command line said. */
struct args {
	bool has_pid;
	u64 pid;
	const char *group;
	double interval;	/* seconds; 0: not given */
	u64 count;		/* CGL_ABSENT: not given */
	bool follow;
	const char *type;
	const char *out;	/* -o FILE, where a command writes a file */
	bool dot;
	const char *svg;
	bool diff;
	u64 limit;		/* --max N */
	char **arg;		/* what is left */
	int nr_arg;
};

/* What a value is: for the completions, and for --help's reader. */
enum value {
	VALUE_NONE,
	VALUE_PID,
	VALUE_SECONDS,
	VALUE_NUMBER,
	VALUE_CGROUP,
	VALUE_TYPE,
	VALUE_COLUMNS,
	VALUE_FILE,
	VALUE_DIR,
};

/* Options without a letter. */
enum {
	OPT_DOT = 256, OPT_SVG, OPT_DIFF, OPT_MAX, OPT_JSON, OPT_NOHEADINGS, OPT_BYTES,
	OPT_ROOT, OPT_VERSION, OPT_TABLES,
};

/**
 * struct opt - a row of a command's table of options
 * @c: its letter, or one of OPT_
 * @name: its long name
 * @word: what its value is called, NULL for none
 * @value: what its value is
 * @help: what it does
 */
struct opt {
	int c;
	const char *name;
	const char *word;
	enum value value;
	const char *help;
};

#define OPT_P(what)	{ 'p', "pid", "PID", VALUE_PID, what }
#define OPT_G(what)	{ 'g', "cgroup", "CGROUP", VALUE_CGROUP, what }
#define OPT_I(what)	{ 'i', "interval", "SEC", VALUE_SECONDS, what }
#define OPT_C(what)	{ 'c', "count", "COUNT", VALUE_NUMBER, what }
#define OPT_O(what)	{ 'o', "output", "FILE", VALUE_FILE, what }

/**
 * struct cmd - a row of the table of commands
 * @name: its name
 * @synopsis: its own options and arguments
 * @help: what it is for, in a line
 * @opts: its own options
 * @nr_opts: how many
 * @max_arg: how many arguments it takes
 * @arg: what its arguments are
 * @file_out: -o names a file, not columns
 * @run: does it; returns the exit status
 * @cols: the columns that -o chooses from, or NULL
 * @nr_cols: points at how many
 * @diff: the command that --diff makes of it, or NULL
 */
struct cmd {
	const char *name;
	const char *synopsis;
	const char *help;
	const struct opt *opts;
	unsigned int nr_opts;
	int max_arg;
	enum value arg;
	bool file_out;
	int (*run)(const struct args *args);
	const struct col *cols;
	const unsigned int *nr_cols;
	const struct cmd *diff;
};

extern const struct cmd cmd_watch;
extern const struct cmd cmd_show;
extern const struct cmd cmd_top;
extern const struct cmd cmd_tree;
extern const struct cmd cmd_lru;
extern const struct cmd cmd_charge;
extern const struct cmd cmd_paths;
extern const struct cmd cmd_diff;
extern const struct cmd cmd_events;
extern const struct cmd cmd_ns;
extern const struct cmd cmd_record;
extern const struct cmd cmd_plot;
extern const struct cmd cmd_export;

/* Every command; the first one has no name, it is -p. */
extern const struct cmd *const commands[];
extern const unsigned int nr_commands;

const struct cmd *parse_args(struct args *args, int argc, char **argv, bool *done);
void print_help(const struct cmd *cmd);

void read_subject(struct cgl_report *r, const struct args *args, unsigned int want);
void read_subject_or_all(struct cgl_report *r, const struct args *args, unsigned int want);

#endif
