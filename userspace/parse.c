// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parser of the cg_list format
 *
 * One fact group a line: KEY name=value name=value ...; see cg_list(5). It
 * takes text in pieces of any size, from the kernel, from a saved tree or from
 * a record, and hands on whole lines. Keys and names that nobody knows are
 * handed on too: that is for the caller to ignore. Rubbish is dropped and
 * counted, never guessed at; a last line without its newline was cut off, and
 * half a number is a wrong number, so it is dropped as well.
 */
#include <stdlib.h>
#include <string.h>

#include "parse.h"

enum {
	C_WORD = 1,	/* may stand in a key or a name */
	C_VALUE = 2,	/* may stand in a value */
};

static unsigned char class[256];

static void class_init(void)
{
	int c;

	for (c = 0x21; c < 256; c++)
		if (c != 0x7f)
			class[c] = C_VALUE;
	for (c = '0'; c <= '9'; c++)
		class[c] |= C_WORD;
	for (c = 'a'; c <= 'z'; c++)
		class[c] |= C_WORD;
	for (c = 'A'; c <= 'Z'; c++)
		class[c] |= C_WORD;
	class['_'] |= C_WORD;
	class['-'] |= C_WORD;
	class['.'] |= C_WORD;
}

/**
 * cgl_init() - make a parser ready
 * @p: the parser
 * @fn: called for each line but the first one, which names the version
 * @arg: for @fn
 */
void cgl_init(struct cgl_parser *p, cgl_fn fn, void *arg)
{
	memset(p, 0, offsetof(struct cgl_parser, line));
	p->fn = fn;
	p->arg = arg;
	if (!class[' ' + 1])
		class_init();
}

/* \ooo becomes the byte; what is no such escape, or would be a NUL, stays. */
static void unescape(char *s)
{
	char *to = s;
	unsigned int c;

	while (*s) {
		if (s[0] == '\\' && s[1] >= '0' && s[1] <= '3' &&
		    s[2] >= '0' && s[2] <= '7' && s[3] >= '0' && s[3] <= '7') {
			c = (s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0');
			if (c) {
				*to++ = c;
				s += 4;
				continue;
			}
		}
		*to++ = *s++;
	}
	*to = '\0';
}

/*
 * One pair, in place. Returns what follows it; *@pair is filled if it is one.
 */
static char *parse_pair(char *s, char *end, struct cgl_pair *pair)
{
	bool escaped = false;
	char *name = s;
	char *value;

	pair->name = NULL;
	while (s < end && class[(unsigned char)*s] & C_WORD)
		s++;
	if (s == name || s == end || *s != '=')
		goto rubbish;
	*s++ = '\0';
	value = s;
	while (s < end && class[(unsigned char)*s] & C_VALUE) {
		escaped |= *s == '\\';
		s++;
	}
	if (s < end && *s != ' ')
		goto rubbish;
	if (s < end)
		*s++ = '\0';
	if (escaped)
		unescape(value);
	pair->name = name;
	pair->value = value;
	return s;
rubbish:
	while (s < end && *s != ' ')
		s++;
	return s;
}

/* One line without its newline; *@end is writable and becomes a NUL. */
static void parse_line(struct cgl_parser *p, char *s, char *end)
{
	struct cgl_line *line = &p->line;
	struct cgl_pair pair;
	u64 version;

	*end = '\0';
	line->nr = 0;
	line->key = s;
	while (s < end && class[(unsigned char)*s] & C_WORD)
		s++;
	if (s == line->key || (s < end && *s != ' ')) {
		p->bad++;
		return;
	}
	if (s < end)
		*s++ = '\0';

	if (!strcmp(line->key, "cg_list")) {
		s[strcspn(s, " ")] = '\0';
		if (read_u64(s, &version) && version && version < 1000)
			p->version = version;
		else
			p->bad++;
		return;
	}
	while (s < end) {
		if (*s == ' ') {
			s++;
			continue;
		}
		s = parse_pair(s, end, &pair);
		if (pair.name && line->nr < CGL_MAX_FIELDS)
			line->pair[line->nr++] = pair;
		else
			p->bad++;
	}
	p->lines++;
	p->fn(line, p->arg);
}

/**
 * cgl_feed() - parse the next piece of text
 * @p: the parser
 * @text: any number of lines and parts of lines
 * @len: bytes
 */
void cgl_feed(struct cgl_parser *p, const char *text, size_t len)
{
	char *s, *nl, *end;

	if (p->held + len + 1 > p->cap) {
		p->cap = (p->held + len + 1) * 2;
		p->hold = xrealloc(p->hold, p->cap);
	}
	if (len)
		memcpy(p->hold + p->held, text, len);
	s = p->hold;
	end = s + p->held + len;
	/* what was held already has no newline in it */
	nl = memchr(s + p->held, '\n', len);
	while (nl) {
		if (p->skip)
			p->skip = false;
		else if (nl != s)
			parse_line(p, s, nl);
		s = nl + 1;
		nl = memchr(s, '\n', end - s);
	}
	p->held = end - s;
	if (p->held > CGL_LINE_MAX) {
		if (!p->skip)
			p->bad++;
		p->skip = true;
	}
	if (p->skip)
		p->held = 0;
	memmove(p->hold, s, p->held);
}

/**
 * cgl_finish() - the text has ended
 * @p: the parser; its counts stay, what it held is freed
 */
void cgl_finish(struct cgl_parser *p)
{
	p->cut = p->held || p->skip;
	free(p->hold);
	p->hold = NULL;
	p->held = 0;
	p->cap = 0;
	p->skip = false;
}

/**
 * cgl_read_fd() - read and parse to the end of a file
 * @p: the parser, not finished afterwards
 * @fd: read from where it stands
 *
 * Return: 0, or a negative errno from read().
 */
int cgl_read_fd(struct cgl_parser *p, int fd)
{
	static char buf[64 << 10];
	ssize_t n;

	while ((n = read_some(fd, buf, sizeof(buf))) > 0)
		cgl_feed(p, buf, n);
	return n;
}

/**
 * cgl_get() - a value by its name
 * @line: the line
 * @name: which
 *
 * Return: the value, NULL where the line has none.
 */
const char *cgl_get(const struct cgl_line *line, const char *name)
{
	unsigned int i;

	for (i = 0; i < line->nr; i++)
		if (!strcmp(line->pair[i].name, name))
			return line->pair[i].value;
	return NULL;
}

/**
 * cgl_get_amount() - a number, or a limit, by its name
 * @line: the line
 * @name: which
 *
 * Return: the number, %UNLIMITED for "max", %ABSENT where there is none.
 */
u64 cgl_get_amount(const struct cgl_line *line, const char *name)
{
	const char *s = cgl_get(line, name);
	u64 v = ABSENT;

	if (s)
		read_amount(s, &v);
	return v;
}

/**
 * cgl_index() - where a name stands in a list
 * @names: the list
 * @nr: its length
 * @name: what to look for
 *
 * Return: the index, or -1.
 */
int cgl_index(const char *const *names, unsigned int nr, const char *name)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

/**
 * cgl_get_all() - every number of a line whose name is in a list
 * @line: the line
 * @names: the names
 * @nr: how many
 * @out: a number a name; those that the line does not have are left alone
 *
 * The kernel writes the names in the order in which we list them, so the next
 * one is nearly always where it is looked for first.
 */
void cgl_get_all(const struct cgl_line *line, const char *const *names,
		 unsigned int nr, u64 *out)
{
	unsigned int i, next = 0;
	int at;

	for (i = 0; i < line->nr; i++) {
		if (next < nr && !strcmp(names[next], line->pair[i].name))
			at = next;
		else
			at = cgl_index(names, nr, line->pair[i].name);
		if (at < 0)
			continue;
		read_amount(line->pair[i].value, &out[at]);
		next = at + 1;
	}
}
