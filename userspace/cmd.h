/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands of memcgstat
 */
#ifndef MEMCGSTAT_CMD_H
#define MEMCGSTAT_CMD_H

#include "model.h"
#include "reader.h"
#include "table.h"

/* What the command line said. */
struct args {
	bool has_pid;
	u64 pid;
	const char *group;
	double interval;	/* seconds; 0: not given */
	u64 count;		/* ABSENT: not given */
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

/**
 * struct cmd - a row of the table of commands
 * @name: its name
 * @synopsis: its own options and arguments
 * @help: what it is for, in a line
 * @opts: the letters of its own options, as in getopt(); long ones in cmd.c
 * @max_arg: how many arguments it takes
 * @pid_arg: whether its one argument is a PID
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
	const char *opts;
	int max_arg;
	bool pid_arg;
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

void read_subject(struct report *r, const struct args *args, unsigned int want);
void read_subject_or_all(struct report *r, const struct args *args, unsigned int want);

#endif
