// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hints: what the kernel compared in a call tells which numbers it looks for. An
 * argument that is one operand becomes the other one.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "prog.h"

static uint64_t cut(uint64_t val, unsigned int size)
{
	return size >= 8 ? val : val & ((1ull << 8 * size) - 1);
}

/* The decimal number that a text is, with at most a newline behind it. */
static bool text_number(const struct fz_arg *a, uint64_t *val)
{
	char text[FZ_DATA_MAX + 1], *end;

	if (!a->len || a->data[0] < '0' || a->data[0] > '9')
		return false;
	memcpy(text, a->data, a->len);
	text[a->len] = '\0';
	*val = strtoull(text, &end, 10);
	return !*end || !strcmp(end, "\n");
}

/* @a with the number @val; false if its type does not allow that. */
static bool set_number(const struct fz_type *t, struct fz_arg *a, uint64_t val)
{
	unsigned int i;

	switch (t->kind) {
	case FZ_INT:
		a->val = val;
		return val >= t->lo && val <= t->hi;
	case FZ_ENUM:
		a->val = val;
		for (i = 0; i < t->nr; i++)
			if (t->vals[i] == val)
				return true;
		return false;
	case FZ_TEXT:
		a->len = snprintf((char *)a->data, sizeof(a->data), "%" PRIu64, val);
		return true;
	default:
		return false;
	}
}

static bool get_number(const struct fz_type *t, const struct fz_arg *a, uint64_t *val)
{
	if (t->kind == FZ_TEXT)
		return text_number(a, val);
	*val = a->val;
	return t->kind == FZ_INT || t->kind == FZ_ENUM;
}

/**
 * fz_prog_hints - make the programs that comparisons suggest
 * @p: the program
 * @c: what was compared when it ran
 * @n: how many
 * @most: how many programs at most
 * @each: called for each
 * @data: for @each
 *
 * Return: how many there were.
 */
unsigned int fz_prog_hints(const struct fz_prog *p, const struct fz_compare *c, unsigned int n,
			   unsigned int most, fz_hint_t each, void *data)
{
	const struct fz_desc *d;
	unsigned int i, j, nr = 0;
	uint64_t val, other;
	struct fz_prog q;

	for (i = 0; i < n && nr < most; i++) {
		if (c[i].call >= p->nr)
			continue;
		d = p->call[c[i].call].desc;
		for (j = 0; j < d->nr_args && nr < most; j++) {
			if (!get_number(&d->arg[j], &p->call[c[i].call].arg[j], &val))
				continue;
			if (cut(val, c[i].size) == cut(c[i].a, c[i].size))
				other = c[i].b;
			else if (cut(val, c[i].size) == cut(c[i].b, c[i].size))
				other = c[i].a;
			else
				continue;
			q = *p;
			if (!set_number(&d->arg[j], &q.call[c[i].call].arg[j],
					cut(other, c[i].size)))
				continue;
			fz_call_fix_lens(&q.call[c[i].call]);
			each(&q, data);
			nr++;
		}
	}
	return nr;
}
