// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs as text, a line a call:
 *
 *	r0 = openat$events(0xffffffffffffff9c, "/proc/cg_list/events\0", 0x800, 0x0)
 *	async repeat=4 read$events(r0, out[8192], 0x2000)
 *
 * rN is what the call in line N returned, from 0; rN.1 the first number that it
 * stored. In strings, bytes that are not printed are \xHH, and NUL is \0.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "prog.h"

static void print_data(const struct fz_arg *a, FILE *f)
{
	unsigned int i;

	fputc('"', f);
	for (i = 0; i < a->len; i++) {
		if (a->data[i] == '"' || a->data[i] == '\\')
			fprintf(f, "\\%c", a->data[i]);
		else if (a->data[i] >= ' ' && a->data[i] < 0x7f)
			fputc(a->data[i], f);
		else
			fprintf(f, "\\x%02x", a->data[i]);
	}
	fputc('"', f);
}

static void print_arg(const struct fz_type *t, const struct fz_arg *a, FILE *f)
{
	if (t->kind == FZ_RES && a->ref != FZ_NO_REF)
		fprintf(f, a->slot ? "r%u.%u" : "r%u", a->ref, a->slot);
	else if (fz_type_is_data(t))
		print_data(a, f);
	else if (t->kind == FZ_OUT || t->kind == FZ_OUTRES)
		fprintf(f, "out[%" PRIu64 "]", a->val);
	else
		fprintf(f, "0x%" PRIx64, a->val);
}

/**
 * fz_prog_print - write a program as text
 * @p: the program
 * @f: where to
 *
 * Return: 0, or -1 if @f has an error.
 */
int fz_prog_print(const struct fz_prog *p, FILE *f)
{
	const struct fz_call *c;
	unsigned int i, j;

	for (i = 0; i < p->nr; i++) {
		c = &p->call[i];
		if (c->desc->ret != FZ_R_none)
			fprintf(f, "r%u = ", i);
		if (c->async)
			fputs("async ", f);
		if (c->repeat > 1)
			fprintf(f, "repeat=%u ", c->repeat);
		if (c->fail)
			fprintf(f, "fail=%u ", c->fail);
		fprintf(f, "%s(", c->desc->name);
		for (j = 0; j < c->desc->nr_args; j++) {
			if (j)
				fputs(", ", f);
			print_arg(&c->desc->arg[j], &c->arg[j], f);
		}
		fputs(")\n", f);
	}
	return ferror(f) ? -1 : 0;
}

/**
 * fz_prog_text - a program as text, in memory
 * @p: the program
 *
 * Return: the text, to be freed; NULL without memory.
 */
char *fz_prog_text(const struct fz_prog *p)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return NULL;
	fz_prog_print(p, f);
	if (fclose(f)) {
		free(text);
		return NULL;
	}
	return text;
}

/* Where the parser is, and what it says if it goes no further. */
struct parser {
	const char *at;
	unsigned int line;
	char *err;
	size_t err_len;
};

static int __attribute__((format(printf, 2, 3))) fail(struct parser *s, const char *fmt, ...)
{
	va_list args;
	int n;

	n = snprintf(s->err, s->err_len, "line %u: ", s->line);
	va_start(args, fmt);
	if (n >= 0 && (size_t)n < s->err_len)
		vsnprintf(s->err + n, s->err_len - n, fmt, args);
	va_end(args);
	return -1;
}

static bool accept(struct parser *s, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(s->at, word, len))
		return false;
	s->at += len;
	return true;
}

static bool number(struct parser *s, uint64_t *val)
{
	char *end;

	if (!isdigit((unsigned char)*s->at))
		return false;
	*val = strtoull(s->at, &end, 0);
	s->at = end;
	return true;
}

/* One byte of a string; -1 for what is none. */
static int escaped(struct parser *s)
{
	unsigned int byte;

	if (*s->at != '\\')
		return *s->at && *s->at != '\n' ? (unsigned char)*s->at++ : -1;
	s->at++;
	if (*s->at == '"' || *s->at == '\\')
		return *s->at++;
	if (*s->at == '0') {
		s->at++;
		return 0;
	}
	if (*s->at != 'x' || !isxdigit((unsigned char)s->at[1]) ||
	    !isxdigit((unsigned char)s->at[2]))
		return -1;
	sscanf(s->at + 1, "%2x", &byte);
	s->at += 3;
	return byte;
}

static int parse_data(struct parser *s, struct fz_arg *a)
{
	int byte;

	if (!accept(s, "\""))
		return fail(s, "a string is expected");
	while (!accept(s, "\"")) {
		byte = escaped(s);
		if (byte < 0)
			return fail(s, "the string does not end, or an escape is none");
		if (a->len >= FZ_DATA_MAX)
			return fail(s, "a string is longer than %d bytes", FZ_DATA_MAX);
		a->data[a->len++] = byte;
	}
	return 0;
}

static int parse_arg(struct parser *s, const struct fz_type *t, struct fz_arg *a)
{
	uint64_t ref, slot = 0;

	memset(a, 0, sizeof(*a));
	a->ref = FZ_NO_REF;
	if (fz_type_is_data(t))
		return parse_data(s, a);
	if (t->kind == FZ_OUT || t->kind == FZ_OUTRES) {
		if (!accept(s, "out[") || !number(s, &a->val) || !accept(s, "]"))
			return fail(s, "out[BYTES] is expected");
		return 0;
	}
	if (t->kind == FZ_RES && accept(s, "r")) {
		if (!number(s, &ref) || (accept(s, ".") && !number(s, &slot)))
			return fail(s, "a reference is rN or rN.M");
		if (ref >= FZ_MAX_CALLS || slot >= FZ_MAX_OUT)
			return fail(s, "a reference is out of range");
		a->val = t->lo;
		a->ref = ref;
		a->slot = slot;
		return 0;
	}
	return number(s, &a->val) ? 0 : fail(s, "a number is expected");
}

static int parse_props(struct parser *s, struct fz_call *c)
{
	uint64_t val;

	c->async = accept(s, "async ");
	c->repeat = 1;
	if (accept(s, "repeat=")) {
		if (!number(s, &val) || !val || val > FZ_MAX_REPEAT || !accept(s, " "))
			return fail(s, "repeat= takes a number up to %d", FZ_MAX_REPEAT);
		c->repeat = val;
	}
	if (accept(s, "fail=")) {
		if (!number(s, &val) || !val || val > FZ_MAX_FAIL || !accept(s, " "))
			return fail(s, "fail= takes a number up to %d", FZ_MAX_FAIL);
		c->fail = val;
	}
	return 0;
}

static int parse_call(struct parser *s, struct fz_call *c, unsigned int index)
{
	char name[64];
	uint64_t val;
	unsigned int i;
	size_t len;

	if (*s->at == 'r' && isdigit((unsigned char)s->at[1])) {
		s->at++;
		if (!number(s, &val) || val != index || !accept(s, " = "))
			return fail(s, "the result of line %u is r%u", index, index);
	}
	if (parse_props(s, c))
		return -1;
	len = strcspn(s->at, "(\n");
	if (s->at[len] != '(' || len >= sizeof(name))
		return fail(s, "a call is expected");
	memcpy(name, s->at, len);
	name[len] = '\0';
	s->at += len + 1;
	c->desc = fz_desc_find(name);
	if (!c->desc)
		return fail(s, "no call is named %s", name);
	for (i = 0; i < c->desc->nr_args; i++) {
		if (i && !accept(s, ", "))
			return fail(s, "%s has %u arguments", name, c->desc->nr_args);
		if (parse_arg(s, &c->desc->arg[i], &c->arg[i]))
			return -1;
	}
	if (!accept(s, ")") || (*s->at && *s->at != '\n'))
		return fail(s, "%s ends after %u arguments", name, c->desc->nr_args);
	return 0;
}

/**
 * fz_prog_parse - read a program from text
 * @p: set to the program
 * @text: what fz_prog_print() wrote; empty lines and lines with # are skipped
 * @err: gets one line of what is wrong
 * @err_len: bytes of @err
 *
 * Return: 0, or -1 if it is no valid program.
 */
int fz_prog_parse(struct fz_prog *p, const char *text, char *err, size_t err_len)
{
	struct parser s = { .at = text, .err = err, .err_len = err_len };
	const char *why;

	memset(p, 0, sizeof(*p));
	for (; *s.at; s.at += *s.at == '\n') {
		s.line++;
		if (*s.at == '\n')
			continue;
		if (*s.at == '#') {
			s.at += strcspn(s.at, "\n");
			continue;
		}
		if (p->nr == FZ_MAX_CALLS)
			return fail(&s, "a program has at most %d calls", FZ_MAX_CALLS);
		if (parse_call(&s, &p->call[p->nr], p->nr))
			return -1;
		p->nr++;
	}
	if (!fz_prog_valid(p, &why)) {
		snprintf(err, err_len, "not a valid program: %s", why);
		return -1;
	}
	return 0;
}
