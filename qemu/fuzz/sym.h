/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses to functions and source lines, from debug information. */
#ifndef FZ_SYM_H
#define FZ_SYM_H

#include "cover.h"
#include "signal.h"

struct fz_sym;

/**
 * struct fz_func - a function of a source file
 * @name: its name
 * @line: where it begins
 * @blocks: basic blocks
 * @hit: those that ran
 */
struct fz_func {
	char *name;
	unsigned int line;
	unsigned int blocks;
	unsigned int hit;
};

/* What is known of a line: no code of its own; code that did not run; that did. */
enum fz_line {
	FZ_LINE_NONE,
	FZ_LINE_MISSED,
	FZ_LINE_RAN,
};

/**
 * struct fz_file - coverage of a source file
 * @path: where the file is
 * @name: for people, below the tree's top
 * @ours: of the module, not of the kernel
 * @nr_lines: entries of @line
 * @line: an enum fz_line for each line, from 1
 * @nr_funcs: entries of @func
 * @func: its functions
 * @lines: lines with code
 * @ran: those that ran
 */
struct fz_file {
	char *path;
	char *name;
	bool ours;
	unsigned int nr_lines;
	unsigned char *line;
	unsigned int nr_funcs;
	struct fz_func *func;
	unsigned int lines;
	unsigned int ran;
};

struct fz_sym *fz_sym_open(const char *vmlinux, const char *ko);
void fz_sym_close(struct fz_sym *s);
char *fz_sym_log(struct fz_sym *s, const char *log);
struct fz_file *fz_sym_files(struct fz_sym *s, const struct fz_module *m,
			     const struct fz_signal *signal, unsigned int *nr);
void fz_sym_free_files(struct fz_file *files, unsigned int nr);

#endif /* FZ_SYM_H */
