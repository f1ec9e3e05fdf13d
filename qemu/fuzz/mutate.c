// SPDX-License-Identifier: GPL-2.0-only
/* Programs from others, changed a little. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prog.h"

static void mutate_insert(struct fz_rng *r, struct fz_prog *p)
{
	fz_prog_insert(r, p, fz_rng_below(r, p->nr + 1), fz_desc_random(r));
}

static void mutate_remove(struct fz_rng *r, struct fz_prog *p)
{
	if (p->nr > 1)
		fz_prog_remove(p, fz_rng_below(r, p->nr));
}

/* The same call once more, a little later. */
static void mutate_again(struct fz_rng *r, struct fz_prog *p)
{
	unsigned int i = fz_rng_below(r, p->nr);
	unsigned int to = fz_rng_range(r, i + 1, p->nr);
	struct fz_call copy = p->call[i];

	if (fz_prog_make_room(p, to))
		p->call[to] = copy;
}

static void mutate_text(struct fz_rng *r, struct fz_arg *a)
{
	unsigned int at;

	switch (fz_rng_below(r, 3)) {
	case 0:	/* another byte */
		if (a->len)
			a->data[fz_rng_below(r, a->len)] = fz_rng_next(r);
		break;
	case 1:	/* a digit more */
		if (a->len < FZ_DATA_MAX) {
			at = fz_rng_below(r, a->len + 1);
			memmove(a->data + at + 1, a->data + at, a->len - at);
			a->data[at] = '0' + fz_rng_below(r, 10);
			a->len++;
		}
		break;
	default: /* shorter */
		if (a->len)
			a->len--;
	}
}

static void mutate_arg(struct fz_rng *r, struct fz_prog *p)
{
	unsigned int i = fz_rng_below(r, p->nr), tries = 8, j;
	struct fz_call *c = &p->call[i];
	const struct fz_type *t;
	struct fz_arg *a;

	do {
		j = fz_rng_below(r, c->desc->nr_args);
		t = &c->desc->arg[j];
	} while (t->kind == FZ_CONST && --tries);
	a = &c->arg[j];
	if (t->kind == FZ_TEXT && fz_rng_one_in(r, 3))
		mutate_text(r, a);
	else if (t->kind == FZ_FLAGS && fz_rng_one_in(r, 2))
		a->val ^= t->vals[fz_rng_below(r, t->nr)] & ~0ull;
	else if (t->kind == FZ_INT && fz_rng_one_in(r, 3) && a->val > t->lo && a->val < t->hi)
		a->val += fz_rng_one_in(r, 2) ? 1 : -1;
	else
		fz_arg_random(r, p, i, t, a);
	if (t->kind != FZ_LEN)
		fz_call_fix_lens(c);
}

static void mutate_props(struct fz_rng *r, struct fz_prog *p)
{
	struct fz_call *c = &p->call[fz_rng_below(r, p->nr)];

	switch (fz_rng_below(r, 3)) {
	case 0:
		c->async = !c->async;
		break;
	case 1:
		c->repeat = c->repeat > 1 ? 1 : fz_rng_range(r, 2, FZ_MAX_REPEAT);
		break;
	default:
		c->fail = c->fail ? 0 : fz_rng_range(r, 1, FZ_MAX_FAIL);
	}
}

/* The first @n calls of @other behind @p's, as far as there is room. */
static void append(struct fz_prog *p, const struct fz_prog *other, unsigned int n)
{
	unsigned int i, j, before = p->nr;
	struct fz_call *c;

	for (i = 0; i < n && p->nr < FZ_MAX_CALLS; i++) {
		c = &p->call[p->nr++];
		*c = other->call[i];
		for (j = 0; j < c->desc->nr_args; j++)
			if (c->arg[j].ref != FZ_NO_REF)
				c->arg[j].ref += before;
	}
}

static void cut(struct fz_prog *p, unsigned int nr)
{
	while (p->nr > nr)
		fz_prog_remove(p, p->nr - 1);
}

/* Calls of @other behind some of @p's. */
static void mutate_splice(struct fz_rng *r, struct fz_prog *p, const struct fz_prog *other)
{
	if (!other || !other->nr)
		return;
	cut(p, fz_rng_range(r, 1, p->nr));
	append(p, other, other->nr);
}

/**
 * fz_prog_merge - one program of two that ran at the same time
 * @p: the first one; set to the merged one
 * @at: the call that it had come to, which does not wait any more
 * @other: the second one
 * @other_at: the call that it had come to
 *
 * What they made at the same time they make again and again.
 */
void fz_prog_merge(struct fz_prog *p, unsigned int at, const struct fz_prog *other,
		   unsigned int other_at)
{
	unsigned int last;

	cut(p, at + 1);
	while (p->nr > FZ_MAX_CALLS / 2)
		fz_prog_remove(p, 0);
	last = p->nr - 1;
	p->call[last].async = true;
	p->call[last].repeat = FZ_MAX_REPEAT;
	append(p, other, other_at + 1 < other->nr ? other_at + 1 : other->nr);
	p->call[p->nr - 1].repeat = FZ_MAX_REPEAT;
}

/* Two tasks at once: the first of them does not wait. */
static void mutate_race(struct fz_rng *r, struct fz_prog *p)
{
	unsigned int i;

	if (p->nr < 2)
		return;
	i = fz_rng_below(r, p->nr - 1);
	p->call[i].async = true;
	p->call[i].repeat = fz_rng_range(r, 1, FZ_MAX_REPEAT);
	p->call[i + 1].repeat = fz_rng_range(r, 1, FZ_MAX_REPEAT);
}

/**
 * fz_prog_mutate - change a program
 * @r: the generator
 * @p: a valid program, which it stays
 * @other: another one, to take calls from; or NULL
 */
void fz_prog_mutate(struct fz_rng *r, struct fz_prog *p, const struct fz_prog *other)
{
	if (!p->nr) {
		fz_prog_generate(r, p);
		return;
	}
	do {
		switch (fz_rng_below(r, 20)) {
		case 0 ... 6:
			mutate_insert(r, p);
			break;
		case 7 ... 12:
			mutate_arg(r, p);
			break;
		case 13 ... 14:
			mutate_remove(r, p);
			break;
		case 15:
			mutate_again(r, p);
			break;
		case 16:
			mutate_props(r, p);
			break;
		case 17:
			mutate_race(r, p);
			break;
		default:
			mutate_splice(r, p, other);
		}
	} while (!fz_rng_one_in(r, 3));
}
