// SPDX-License-Identifier: GPL-2.0-only
/* Programs from nothing. */
#include <stdio.h>
#include <string.h>

#include "prog.h"

/* Lengths and numbers at which code changes its mind. */
static const uint64_t interesting[] = {
	0, 1, 2, 3, 7, 8, 15, 16, 31, 32, 63, 64, 100, 127, 128, 255, 256, 511, 512, 1000,
	1023, 1024, 2047, 2048, 4095, 4096, 4097, 8192, 65535, 65536, 1 << 20, 1ull << 31,
	(1ull << 32) - 1, 1ull << 32, ~0ull,
};

#define NR(array)	(sizeof(array) / sizeof((array)[0]))

/* A number from @lo to @hi, more often one at which something happens. */
static uint64_t random_int(struct fz_rng *r, uint64_t lo, uint64_t hi)
{
	uint64_t val;

	switch (fz_rng_below(r, 4)) {
	case 0:
		return fz_rng_range(r, lo, hi);
	case 1:
		val = interesting[fz_rng_below(r, NR(interesting))];
		return val >= lo && val <= hi ? val : lo;
	case 2:
		val = hi >> fz_rng_below(r, 64);
		return fz_rng_range(r, lo, val >= lo ? val : hi);
	default:
		return fz_rng_one_in(r, 2) ? lo : hi;
	}
}

/* A few flags, or half of them: what only some together do must be met, too. */
static uint64_t random_flags(struct fz_rng *r, const struct fz_type *t)
{
	uint64_t val = 0;
	unsigned int i;

	if (fz_rng_one_in(r, 3)) {
		for (i = 0; i < t->nr; i++)
			val |= fz_rng_one_in(r, 2) ? t->vals[i] : 0;
		return val;
	}
	do {
		val |= t->vals[fz_rng_below(r, t->nr)];
	} while (!fz_rng_one_in(r, 3));
	return val;
}

/* A resource that a call before @call made; false if there is none. */
static bool random_ref(struct fz_rng *r, const struct fz_prog *p, unsigned int call,
		       const struct fz_type *t, struct fz_arg *a)
{
	unsigned int i, slot, seen = 0;

	for (i = 0; i < call; i++) {
		for (slot = 0; slot < FZ_MAX_OUT; slot++) {
			if (!fz_res_is(fz_desc_makes(p->call[i].desc, slot), t->res))
				continue;
			if (fz_rng_below(r, ++seen) == 0) {
				a->ref = i;
				a->slot = slot;
			}
		}
	}
	return seen;
}

static void random_data(struct fz_rng *r, const struct fz_type *t, struct fz_arg *a)
{
	const char *s = t->strs[fz_rng_below(r, t->nr)];
	unsigned int i;

	switch (t->kind) {
	case FZ_STR:
		a->len = strlen(s) + 1;
		memcpy(a->data, s, a->len);
		break;
	case FZ_BYTES:
		a->len = t->size;
		memcpy(a->data, s, a->len);
		if (fz_rng_one_in(r, 4))
			a->data[fz_rng_below(r, a->len)] = fz_rng_next(r);
		break;
	default:
		switch (fz_rng_below(r, 20)) {
		case 0:
			a->len = fz_rng_below(r, FZ_DATA_MAX + 1);
			for (i = 0; i < a->len; i++)
				a->data[i] = fz_rng_next(r);
			break;
		case 1 ... 9:
			a->len = snprintf((char *)a->data, FZ_DATA_MAX, "%llu",
					  (unsigned long long)random_int(r, t->lo, t->hi));
			break;
		default:
			a->len = strlen(s);
			memcpy(a->data, s, a->len);
		}
	}
}

/**
 * fz_arg_random - a value of a type
 * @r: the generator
 * @p: the program, for the resources that its calls make
 * @call: the index of the call whose argument it is
 * @t: the type
 * @a: set to a valid value; lengths are for fz_call_fix_lens()
 */
void fz_arg_random(struct fz_rng *r, const struct fz_prog *p, unsigned int call,
		   const struct fz_type *t, struct fz_arg *a)
{
	fz_arg_default(t, a);
	switch (t->kind) {
	case FZ_INT:
		a->val = random_int(r, t->lo, t->hi);
		break;
	case FZ_ENUM:
		a->val = t->vals[fz_rng_below(r, t->nr)];
		break;
	case FZ_FLAGS:
		a->val = random_flags(r, t);
		break;
	case FZ_RES:
		if (!fz_rng_one_in(r, 50))
			random_ref(r, p, call, t, a);
		break;
	case FZ_STR:
	case FZ_TEXT:
	case FZ_BYTES:
		random_data(r, t, a);
		break;
	case FZ_LEN:
		a->val = random_int(r, 0, t->hi);
		break;
	case FZ_CONST:
	case FZ_OUT:
	case FZ_OUTRES:
		break;
	}
}

/* A call of the table, the heavier ones more often. */
const struct fz_desc *fz_desc_random(struct fz_rng *r)
{
	uint64_t at, sum = 0;
	unsigned int i;

	for (i = 0; i < fz_nr_descs; i++)
		sum += fz_descs[i].weight;
	at = fz_rng_below(r, sum);
	for (i = 0; at >= fz_descs[i].weight; i++)
		at -= fz_descs[i].weight;
	return &fz_descs[i];
}

/* A call that makes such a resource; NULL if the table has none. */
static const struct fz_desc *random_maker(struct fz_rng *r, enum fz_res wanted)
{
	const struct fz_desc *found = NULL;
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < fz_nr_descs; i++) {
		if (!fz_res_is(fz_desc_makes(&fz_descs[i], 0), wanted) &&
		    !fz_res_is(fz_desc_makes(&fz_descs[i], 1), wanted))
			continue;
		sum += fz_descs[i].weight;
		if (fz_rng_below(r, sum) < fz_descs[i].weight)
			found = &fz_descs[i];
	}
	return found;
}

static bool has_resource(const struct fz_prog *p, unsigned int before, enum fz_res wanted)
{
	unsigned int i, slot;

	for (i = 0; i < before; i++)
		for (slot = 0; slot < FZ_MAX_OUT; slot++)
			if (fz_res_is(fz_desc_makes(p->call[i].desc, slot), wanted))
				return true;
	return false;
}

/**
 * fz_prog_insert - add a call, and before it those that make what it needs
 * @r: the generator
 * @p: the program
 * @at: before which call
 * @d: the call
 *
 * Return: false if there was no room; some of the calls may be in already.
 */
bool fz_prog_insert(struct fz_rng *r, struct fz_prog *p, unsigned int at,
		    const struct fz_desc *d)
{
	const struct fz_desc *maker;
	struct fz_call *c;
	unsigned int i, before;

	for (i = 0; i < d->nr_args; i++) {
		if (d->arg[i].kind != FZ_RES || fz_rng_one_in(r, 30) ||
		    (has_resource(p, at, d->arg[i].res) && !fz_rng_one_in(r, 10)))
			continue;
		maker = random_maker(r, d->arg[i].res);
		before = p->nr;
		if (maker && !fz_prog_insert(r, p, at, maker))
			return false;
		at += p->nr - before;
	}
	if (!fz_prog_make_room(p, at))
		return false;
	c = &p->call[at];
	memset(c, 0, sizeof(*c));
	c->desc = d;
	c->repeat = 1;
	for (i = 0; i < d->nr_args; i++)
		fz_arg_random(r, p, at, &d->arg[i], &c->arg[i]);
	fz_call_fix_lens(c);
	return true;
}

/**
 * fz_prog_generate - a program from nothing
 * @r: the generator
 * @p: set to a valid program of some calls
 */
void fz_prog_generate(struct fz_rng *r, struct fz_prog *p)
{
	unsigned int wanted = fz_rng_range(r, 2, 10);

	p->nr = 0;
	while (p->nr < wanted)
		if (!fz_prog_insert(r, p, p->nr, fz_desc_random(r)))
			break;
}
