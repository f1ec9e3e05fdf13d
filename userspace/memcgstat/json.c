// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON, written piece by piece: the one place that knows its punctuation
 */
#include <stdio.h>

#include "json.h"

/**
 * json_quote() - append a JSON string, quotes included
 * @b: where to
 * @s: a text that went through text_safe()
 *
 * Strings for graphviz and for OpenMetrics are the same.
 */
void json_quote(struct str *b, const char *s)
{
	str_puts(b, "\"");
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			str_puts(b, "\\");
		str_add(b, s, 1);
	}
	str_puts(b, "\"");
}

static void new_line(struct json *j)
{
	unsigned int i;

	if (!j->lines)
		return;
	str_puts(&j->text, "\n");
	for (i = 0; i < j->depth; i++)
		str_puts(&j->text, "   ");
}

/* What stands before a value: a comma, a line break, its name in lower case. */
static void begin(struct json *j, const char *name, bool object)
{
	if (j->depth && !j->empty)
		str_puts(&j->text, ",");
	/* objects of a list follow each other on one line: },{ */
	if (j->depth && (j->empty || name || !object))
		new_line(j);
	j->empty = false;
	if (!name)
		return;
	str_puts(&j->text, "\"");
	for (; *name; name++) {
		char lower = *name >= 'A' && *name <= 'Z' ? *name + 32 : *name;

		str_add(&j->text, &lower, 1);
	}
	str_puts(&j->text, j->lines ? "\": " : "\":");
}

/**
 * json_open() - begin an object or a list
 * @j: all zero at first; with @lines set it is written for people as well
 * @name: its name in the object around it, or NULL
 * @bracket: which of "{["
 */
void json_open(struct json *j, const char *name, char bracket)
{
	begin(j, name, bracket == '{');
	str_add(&j->text, &bracket, 1);
	j->depth++;
	j->empty = true;
}

/**
 * json_close() - end the innermost object or list
 * @j: the text
 * @bracket: which of "}]"
 */
void json_close(struct json *j, char bracket)
{
	j->depth--;
	if (!j->empty)
		new_line(j);
	str_add(&j->text, &bracket, 1);
	j->empty = false;
}

/* A string that went through text_safe(); NULL is null. */
void json_string(struct json *j, const char *name, const char *s)
{
	begin(j, name, false);
	if (s)
		json_quote(&j->text, s);
	else
		str_puts(&j->text, "null");
}

/* A number, or true or false; NULL is null. */
void json_plain(struct json *j, const char *name, const char *s)
{
	begin(j, name, false);
	str_puts(&j->text, s ? s : "null");
}

/* Print what is written, if anything is, and begin anew. */
void json_print(struct json *j)
{
	if (!j->text.len)
		return;
	str_puts(&j->text, "\n");
	fwrite(j->text.s, 1, j->text.len, stdout);
	str_reset(&j->text);
	j->empty = false;
}
