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
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

enum {
	C_WORD = 1,	/* may stand in a key or a name */
	C_VALUE = 2,	/* may stand in a value */
};

static const unsigned char class[256] = {
	[0x21 ... 0x2c] = C_VALUE,
	['-' ... '.'] = C_VALUE | C_WORD,
	['/'] = C_VALUE,
	['0' ... '9'] = C_VALUE | C_WORD,
	[':' ... '@'] = C_VALUE,
	['A' ... 'Z'] = C_VALUE | C_WORD,
	['[' ... '^'] = C_VALUE,
	['_'] = C_VALUE | C_WORD,
	['`'] = C_VALUE,
	['a' ... 'z'] = C_VALUE | C_WORD,
	['{' ... '~'] = C_VALUE,
	[0x80 ... 0xff] = C_VALUE,
};

struct cgl_parser {
	cgl_fn fn;
	void *arg;
	unsigned int version;	/* from the first line; 0: not seen */
	u64 bad;		/* lines and pairs that were dropped */
	bool cut;		/* the text ended inside a line */
	bool skip;
	char *hold;
	size_t held;
	size_t cap;
	struct cgl_line line;
	struct cgl_pair pair[CGL_MAX_FIELDS];
};

/**
 * cgl_parser_new() - make a parser
 * @fn: called for each line but the first one, which names the version
 * @arg: for @fn
 *
 * Return: a parser for cgl_parser_free(), NULL without memory.
 */
struct cgl_parser *cgl_parser_new(cgl_fn fn, void *arg)
{
	struct cgl_parser *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->fn = fn;
	p->arg = arg;
	p->line.pair = p->pair;
	return p;
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
		if (cgl_parse_number(s, &version) && version && version < 1000)
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
			p->pair[line->nr++] = pair;
		else
			p->bad++;
	}
	p->fn(line, p->arg);
}

/**
 * cgl_parser_feed() - parse the next piece of text
 * @p: the parser
 * @text: any number of lines and parts of lines
 * @len: bytes
 *
 * Return: 0, or -ENOMEM where the piece was left out for want of memory.
 */
int cgl_parser_feed(struct cgl_parser *p, const char *text, size_t len)
{
	char *s, *nl, *end;

	if (p->held + len + 1 > p->cap) {
		size_t cap = (p->held + len + 1) * 2;

		s = realloc(p->hold, cap);
		if (!s)
			return -ENOMEM;
		p->hold = s;
		p->cap = cap;
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
	return 0;
}

/**
 * cgl_parser_read() - read and parse to the end of a file
 * @p: the parser; the text may go on afterwards
 * @fd: read from where it stands
 *
 * Return: 0, or a negative errno from read() or for want of memory.
 */
int cgl_parser_read(struct cgl_parser *p, int fd)
{
	char buf[CGL_EVENT_MAX];
	ssize_t n;
	int ret = 0;

	while (!ret && (n = read_some(fd, buf, sizeof(buf))) != 0)
		ret = n < 0 ? (int)n : cgl_parser_feed(p, buf, n);
	return ret;
}

/**
 * cgl_parser_end() - the text has ended
 * @p: the parser; another text may follow
 */
void cgl_parser_end(struct cgl_parser *p)
{
	p->cut = p->held || p->skip;
	p->held = 0;
	p->skip = false;
}

/* The version that the first line named, 0 where there was none. */
unsigned int cgl_parser_version(const struct cgl_parser *p)
{
	return p->version;
}

/* How many lines and pairs were dropped as rubbish. */
cgl_u64 cgl_parser_bad(const struct cgl_parser *p)
{
	return p->bad;
}

/* Whether the text had ended inside a line at cgl_parser_end(). */
bool cgl_parser_cut(const struct cgl_parser *p)
{
	return p->cut;
}

void cgl_parser_free(struct cgl_parser *p)
{
	if (!p)
		return;
	free(p->hold);
	free(p);
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
 * Return: the number, %CGL_UNLIMITED for "max", %CGL_ABSENT where there is none.
 */
u64 cgl_get_amount(const struct cgl_line *line, const char *name)
{
	const char *s = cgl_get(line, name);
	u64 v = ABSENT;

	if (s)
		cgl_parse_amount(s, &v);
	return v;
}

/* Where a name stands in a list, or -1. */
int name_index(const char *const *names, unsigned int nr, const char *name)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

/*
 * Every number of a line whose name is in a list; those that the line does not
 * have are left alone. The kernel writes the names in the order in which we
 * list them, so the next one is nearly always where it is looked for first.
 */
void get_all(const struct cgl_line *line, const char *const *names, unsigned int nr, u64 *out)
{
	unsigned int i, next = 0;
	int at;

	for (i = 0; i < line->nr; i++) {
		if (next < nr && !strcmp(names[next], line->pair[i].name))
			at = next;
		else
			at = name_index(names, nr, line->pair[i].name);
		if (at < 0)
			continue;
		cgl_parse_amount(line->pair[i].value, &out[at]);
		next = at + 1;
	}
}

/**
 * cgl_parse_number() - a decimal number and nothing else
 * @s: the text
 * @v: the number, untouched on failure
 *
 * Return: whether it is one, and below %CGL_UNLIMITED.
 */
bool cgl_parse_number(const char *s, cgl_u64 *v)
{
	u64 n = 0;

	if (!*s)
		return false;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return false;
		if (n > (UNLIMITED - 1 - (*s - '0')) / 10)
			return false;
		n = n * 10 + (*s - '0');
	}
	*v = n;
	return true;
}

/* The same, with "max" for a limit that is not set. */
bool cgl_parse_amount(const char *s, cgl_u64 *v)
{
	if (!strcmp(s, "max")) {
		*v = UNLIMITED;
		return true;
	}
	return cgl_parse_number(s, v);
}

/**
 * cgl_delta() - how far a counter went between two readings
 * @now: the later reading
 * @before: the earlier one
 *
 * A counter that went backwards started again from 0 (the module was loaded
 * anew, or its counters reset), so all that it shows now is new.
 *
 * Return: the difference, %CGL_ABSENT if @now is.
 */
cgl_u64 cgl_delta(cgl_u64 now, cgl_u64 before)
{
	if (!cgl_is_number(now))
		return ABSENT;
	if (!cgl_is_number(before) || before > now)
		return now;
	return now - before;
}
