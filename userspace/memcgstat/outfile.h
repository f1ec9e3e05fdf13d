/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files that are replaced whole or not at all
 */
#ifndef MEMCGSTAT_OUTFILE_H
#define MEMCGSTAT_OUTFILE_H

#include "util.h"

struct outfile {
	const char *path;
	char *tmp;
	int fd;
};

void outfile_open(struct outfile *f, const char *path);
void outfile_write(struct outfile *f, const char *s, size_t len);
void outfile_commit(struct outfile *f);
void outfile_abort(struct outfile *f);

int run_program(char *const argv[], const struct str *in, int out);

#endif
