/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * JSON, written piece by piece
 */
#ifndef MEMCGSTAT_JSON_H
#define MEMCGSTAT_JSON_H

#include "util.h"

/* Where commas and line breaks are due is known from what was written before. */
struct json {
	struct str text;
	bool lines;		/* each on a line of its own, indented */
	unsigned int depth;
	bool empty;		/* nothing in the innermost list or object yet */
};

void json_open(struct json *j, const char *name, char bracket);
void json_close(struct json *j, char bracket);
void json_string(struct json *j, const char *name, const char *s);
void json_plain(struct json *j, const char *name, const char *s);
void json_print(struct json *j);

void json_quote(struct str *b, const char *s);

#endif
