// SPDX-License-Identifier: GPL-2.0-only
/* Programs made as small as they can be and still do what they are kept for. */
#include <string.h>

#include "prog.h"

/**
 * struct search - a minimisation under way
 * @best: the smallest program so far that still does it
 * @still: asks whether one does
 * @data: for @still
 * @left: times that @still may be asked
 * @asked: times that it was
 */
struct search {
	struct fz_prog best;
	fz_still_t still;
	void *data;
	unsigned int left;
	unsigned int asked;
};

/* Take @p for the best if it is another one that still does it. */
static bool try(struct search *s, const struct fz_prog *p)
{
	if (!s->left || fz_prog_equal(p, &s->best))
		return false;
	s->left--;
	s->asked++;
	if (!s->still(p, s->data))
		return false;
	s->best = *p;
	return true;
}

/*
 * Without runs of @size calls, from the end on: the less that is asked the
 * better, since a program that still crashes costs a boot.
 */
static void without_runs(struct search *s, unsigned int size)
{
	struct fz_prog p;
	unsigned int end, n;

	for (end = s->best.nr; end >= size; end -= size) {
		if (s->best.nr <= size)
			return;
		p = s->best;
		for (n = 0; n < size; n++)
			fz_prog_remove(&p, end - 1 - n);
		try(s, &p);
	}
}

static void fewer_calls(struct search *s)
{
	unsigned int size;

	for (size = s->best.nr / 2; size; size /= 2)
		without_runs(s, size);
	/* A call that could not go alone may go after others. */
	without_runs(s, 1);
}

static void plainer_calls(struct search *s)
{
	struct fz_prog p;
	unsigned int i;

	for (i = 0; i < s->best.nr; i++) {
		p = s->best;
		p.call[i].fail = 0;
		try(s, &p);
		p = s->best;
		p.call[i].async = false;
		try(s, &p);
		p = s->best;
		p.call[i].repeat = 1;
		try(s, &p);
	}
}

/* Without runs of @n of the flags that are set. */
static void without_flags(struct search *s, unsigned int i, unsigned int j, unsigned int n)
{
	uint64_t left = s->best.call[i].arg[j].val, some;
	struct fz_prog p;
	unsigned int k;

	while (left) {
		for (some = 0, k = 0; left && k < n; k++) {
			some |= left & -left;
			left &= left - 1;
		}
		p = s->best;
		p.call[i].arg[j].val &= ~some;
		if (p.call[i].arg[j].val)	/* none at all was tried before */
			try(s, &p);
	}
}

static void fewer_flags(struct search *s, unsigned int i, unsigned int j)
{
	unsigned int n = __builtin_popcountll(s->best.call[i].arg[j].val) / 2;

	for (; n; n /= 2)
		without_flags(s, i, j, n);
}

static void plainer_args(struct search *s)
{
	const struct fz_type *t;
	struct fz_prog p;
	unsigned int i, j;

	for (i = 0; i < s->best.nr; i++) {
		for (j = 0; j < s->best.call[i].desc->nr_args; j++) {
			t = &s->best.call[i].desc->arg[j];
			if (t->kind == FZ_CONST || t->kind == FZ_LEN || t->kind == FZ_OUT)
				continue;
			p = s->best;
			fz_arg_default(t, &p.call[i].arg[j]);
			fz_call_fix_lens(&p.call[i]);
			if (!try(s, &p) && t->kind == FZ_FLAGS)
				fewer_flags(s, i, j);
		}
	}
}

/**
 * fz_prog_minimise - make a program smaller: calls, then their properties, then
 * their arguments
 * @p: the program, which does what it is kept for; set to the smallest found
 * @still: asks whether a program still does it
 * @data: for @still
 * @budget: how many times @still may be asked at most
 *
 * Return: how many times @still was asked.
 */
unsigned int fz_prog_minimise(struct fz_prog *p, fz_still_t still, void *data,
			      unsigned int budget)
{
	struct search s = { .best = *p, .still = still, .data = data, .left = budget };

	fewer_calls(&s);
	plainer_calls(&s);
	plainer_args(&s);
	*p = s.best;
	return s.asked;
}
