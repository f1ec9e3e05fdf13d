/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parser of the cg_list format
 */
#ifndef MEMCGSTAT_PARSE_H
#define MEMCGSTAT_PARSE_H

#include <cg_list/names.h>

#include "util.h"

struct cgl_pair {
	const char *name;
	const char *value;		/* unescaped */
};

struct cgl_line {
	const char *key;
	unsigned int nr;
	struct cgl_pair pair[CGL_MAX_FIELDS];
};

/**
 * typedef cgl_fn - what to do with a line
 * @line: valid during the call
 * @arg: from the parser
 */
typedef void (*cgl_fn)(const struct cgl_line *line, void *arg);

struct cgl_parser {
	cgl_fn fn;
	void *arg;
	unsigned int version;	/* from the first line; 0: not seen */
	u64 lines;		/* handed to @fn */
	u64 bad;		/* lines and pairs that were dropped */
	bool cut;		/* the text ended inside a line */
	/* private */
	bool skip;
	char *hold;
	size_t held;
	size_t cap;
	struct cgl_line line;
};

void cgl_init(struct cgl_parser *p, cgl_fn fn, void *arg);
void cgl_feed(struct cgl_parser *p, const char *text, size_t len);
void cgl_finish(struct cgl_parser *p);
int cgl_read_fd(struct cgl_parser *p, int fd);

const char *cgl_get(const struct cgl_line *line, const char *name);
u64 cgl_get_amount(const struct cgl_line *line, const char *name);
void cgl_get_all(const struct cgl_line *line, const char *const *names,
		 unsigned int nr, u64 *out);
int cgl_index(const char *const *names, unsigned int nr, const char *name);

#endif
