// SPDX-License-Identifier: GPL-2.0-only
/* What every part that changes programs shares: their rules, and repairs. */
#include <string.h>

#include "prog.h"

/**
 * fz_type_flags - all flags of a type together
 * @t: a type of kind FZ_FLAGS
 */
uint64_t fz_type_flags(const struct fz_type *t)
{
	uint64_t all = 0;
	unsigned int i;

	for (i = 0; i < t->nr; i++)
		all |= t->vals[i];
	return all;
}

static bool in_vals(const struct fz_type *t, uint64_t val)
{
	unsigned int i;

	for (i = 0; i < t->nr; i++)
		if (t->vals[i] == val)
			return true;
	return false;
}

static bool in_strs(const struct fz_type *t, const struct fz_arg *a)
{
	unsigned int i;

	for (i = 0; i < t->nr; i++)
		if (strlen(t->strs[i]) + 1 == a->len && !memcmp(t->strs[i], a->data, a->len))
			return true;
	return false;
}

static const char *arg_wrong(const struct fz_prog *p, unsigned int call,
			     const struct fz_type *t, const struct fz_arg *a)
{
	enum fz_res made;

	if (a->len > FZ_DATA_MAX)
		return "more data than an argument can have";
	if (t->kind != FZ_RES && a->ref != FZ_NO_REF)
		return "a reference where no resource is wanted";
	switch (t->kind) {
	case FZ_CONST:
		return a->val == t->lo ? NULL : "another number than the constant";
	case FZ_INT:
		return a->val >= t->lo && a->val <= t->hi ? NULL : "a number out of range";
	case FZ_ENUM:
		return in_vals(t, a->val) ? NULL : "none of the numbers to choose from";
	case FZ_FLAGS:
		return a->val & ~fz_type_flags(t) ? "a flag that is none" : NULL;
	case FZ_RES:
		if (a->ref == FZ_NO_REF)
			return a->val == t->lo ? NULL : "another number for no resource";
		if (a->ref >= call)
			return "a reference to a call that comes later";
		made = fz_desc_makes(p->call[a->ref].desc, a->slot);
		return fz_res_is(made, t->res) ? NULL : "a resource of the wrong kind";
	case FZ_STR:
		return in_strs(t, a) ? NULL : "none of the strings to choose from";
	case FZ_TEXT:
		return NULL;
	case FZ_BYTES:
		return a->len == t->size ? NULL : "data of the wrong size";
	case FZ_OUT:
	case FZ_OUTRES:
		return a->val == t->hi ? NULL : "a buffer of the wrong size";
	case FZ_LEN:
		return a->val <= t->hi ? NULL : "a length out of range";
	}
	return "an argument of no known kind";
}

/**
 * fz_prog_valid - does a program keep to its types?
 * @p: the program
 * @why: set to what is wrong, if anything is; may be NULL
 */
bool fz_prog_valid(const struct fz_prog *p, const char **why)
{
	const char *wrong = NULL;
	const struct fz_call *c;
	unsigned int i, j;

	if (p->nr > FZ_MAX_CALLS)
		wrong = "too many calls";
	for (i = 0; !wrong && i < p->nr; i++) {
		c = &p->call[i];
		if (c->repeat < 1 || c->repeat > FZ_MAX_REPEAT || c->fail > FZ_MAX_FAIL)
			wrong = "a call's properties are out of range";
		for (j = 0; !wrong && j < c->desc->nr_args; j++)
			wrong = arg_wrong(p, i, &c->desc->arg[j], &c->arg[j]);
	}
	if (why)
		*why = wrong;
	return !wrong;
}

/**
 * fz_arg_default - the plainest value of a type
 * @t: the type
 * @a: set to it
 */
void fz_arg_default(const struct fz_type *t, struct fz_arg *a)
{
	memset(a, 0, sizeof(*a));
	a->ref = FZ_NO_REF;
	switch (t->kind) {
	case FZ_CONST:
	case FZ_INT:
	case FZ_RES:
		a->val = t->lo;
		break;
	case FZ_ENUM:
		a->val = t->vals[0];
		break;
	case FZ_FLAGS:
	case FZ_LEN:
		break;
	case FZ_STR:
		a->len = strlen(t->strs[0]) + 1;
		memcpy(a->data, t->strs[0], a->len);
		break;
	case FZ_TEXT:
		a->len = strlen(t->strs[0]);
		memcpy(a->data, t->strs[0], a->len);
		break;
	case FZ_BYTES:
		a->len = t->size;
		memcpy(a->data, t->strs[0], a->len);
		break;
	case FZ_OUT:
	case FZ_OUTRES:
		a->val = t->hi;
		break;
	}
}

/**
 * fz_call_fix_lens - set the lengths of a call to what they measure
 * @c: the call
 */
void fz_call_fix_lens(struct fz_call *c)
{
	const struct fz_type *t;
	unsigned int i;

	for (i = 0; i < c->desc->nr_args; i++) {
		t = &c->desc->arg[i];
		if (t->kind == FZ_LEN)
			c->arg[i].val = fz_type_is_data(&c->desc->arg[t->of]) ?
					c->arg[t->of].len : c->arg[t->of].val;
	}
}

/* Another resource for argument @a of call @i, made before it; or its default. */
static void rebind(const struct fz_prog *p, unsigned int i, const struct fz_type *t,
		   struct fz_arg *a)
{
	unsigned int j, slot;

	fz_arg_default(t, a);
	for (j = i; j-- > 0;)
		for (slot = 0; slot < FZ_MAX_OUT; slot++)
			if (fz_res_is(fz_desc_makes(p->call[j].desc, slot), t->res)) {
				a->ref = j;
				a->slot = slot;
				return;
			}
}

/**
 * fz_prog_remove - take a call out
 * @p: the program
 * @i: the call's index
 *
 * Who used what the call made gets another such resource, or none.
 */
void fz_prog_remove(struct fz_prog *p, unsigned int i)
{
	bool lost[FZ_MAX_CALLS][FZ_MAX_ARGS] = { 0 };
	struct fz_arg *a;
	unsigned int j, k;

	memmove(&p->call[i], &p->call[i + 1], (p->nr - i - 1) * sizeof(p->call[0]));
	p->nr--;
	for (j = i; j < p->nr; j++) {
		for (k = 0; k < p->call[j].desc->nr_args; k++) {
			a = &p->call[j].arg[k];
			if (a->ref == FZ_NO_REF)
				continue;
			if (a->ref == i)
				lost[j][k] = true;
			else if (a->ref > i)
				a->ref--;
		}
	}
	for (j = i; j < p->nr; j++)
		for (k = 0; k < p->call[j].desc->nr_args; k++)
			if (lost[j][k])
				rebind(p, j, &p->call[j].desc->arg[k], &p->call[j].arg[k]);
}

/**
 * fz_prog_make_room - shift calls up, so that a new one fits in
 * @p: the program
 * @i: where the new call goes; the caller fills it in
 *
 * Return: false if the program is as long as programs get.
 */
bool fz_prog_make_room(struct fz_prog *p, unsigned int i)
{
	unsigned int j, k;

	if (p->nr >= FZ_MAX_CALLS)
		return false;
	memmove(&p->call[i + 1], &p->call[i], (p->nr - i) * sizeof(p->call[0]));
	p->nr++;
	for (j = i + 1; j < p->nr; j++)
		for (k = 0; k < p->call[j].desc->nr_args; k++)
			if (p->call[j].arg[k].ref != FZ_NO_REF && p->call[j].arg[k].ref >= i)
				p->call[j].arg[k].ref++;
	return true;
}

static bool args_equal(const struct fz_arg *a, const struct fz_arg *b)
{
	return a->val == b->val && a->ref == b->ref && a->slot == b->slot &&
	       a->len == b->len && !memcmp(a->data, b->data, a->len);
}

/* Whether two programs are the same. */
bool fz_prog_equal(const struct fz_prog *a, const struct fz_prog *b)
{
	const struct fz_call *c, *d;
	unsigned int i, j;

	if (a->nr != b->nr)
		return false;
	for (i = 0; i < a->nr; i++) {
		c = &a->call[i];
		d = &b->call[i];
		if (c->desc != d->desc || c->async != d->async || c->repeat != d->repeat ||
		    c->fail != d->fail)
			return false;
		for (j = 0; j < c->desc->nr_args; j++)
			if (!args_equal(&c->arg[j], &d->arg[j]))
				return false;
	}
	return true;
}
