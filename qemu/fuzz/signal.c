// SPDX-License-Identifier: GPL-2.0-only
/*
 * A set of basic blocks is an open hash table of the low halves of addresses,
 * of a fixed size: the instrumented objects have some ten thousand blocks.
 */
#include <stdlib.h>
#include <string.h>

#include "signal.h"
#include "util.h"

#define SIZE	(1u << 19)

struct fz_signal {
	unsigned int count;
	uint32_t pc[SIZE];
};

/* An empty set, to be freed; without memory the program ends. */
struct fz_signal *fz_signal_new(void)
{
	struct fz_signal *s = calloc(1, sizeof(*s));

	if (!s)
		fz_die("no memory");
	return s;
}

void fz_signal_free(struct fz_signal *s)
{
	free(s);
}

/* Where @pc is, or the free place where it belongs. */
static uint32_t place(const struct fz_signal *s, uint32_t pc)
{
	uint32_t i = (pc * 2654435761u) >> 13;

	while (s->pc[i] && s->pc[i] != pc)
		i = (i + 1) & (SIZE - 1);
	return i;
}

/**
 * fz_signal_add - put blocks into a set
 * @s: the set
 * @pcs: the blocks, none of them 0
 * @n: how many
 *
 * Return: how many of them were new. A set that is nearly full takes no more.
 */
unsigned int fz_signal_add(struct fz_signal *s, const uint32_t *pcs, unsigned int n)
{
	unsigned int new = 0, i;
	uint32_t at;

	for (i = 0; i < n && s->count < SIZE - SIZE / 8; i++) {
		at = place(s, pcs[i]);
		if (s->pc[at])
			continue;
		s->pc[at] = pcs[i];
		s->count++;
		new++;
	}
	return new;
}

/**
 * fz_signal_new_in - count blocks that a set has not
 * @s: the set
 * @pcs: the blocks
 * @n: how many
 *
 * Return: how many of them, each counted once unless more than 4096 are new.
 */
unsigned int fz_signal_new_in(const struct fz_signal *s, const uint32_t *pcs, unsigned int n)
{
	unsigned int new = 0, i, j;
	uint32_t seen[4096];

	for (i = 0; i < n; i++) {
		if (s->pc[place(s, pcs[i])])
			continue;
		for (j = 0; j < new && j < 4096; j++)
			if (seen[j] == pcs[i])
				break;
		if (j < new && j < 4096)
			continue;
		if (new < 4096)
			seen[new] = pcs[i];
		new++;
	}
	return new;
}

/* How many blocks a set has. */
unsigned int fz_signal_count(const struct fz_signal *s)
{
	return s->count;
}

/**
 * fz_signal_each - look at all blocks of a set
 * @s: the set
 * @each: called for each, in no order
 * @data: for @each
 */
void fz_signal_each(const struct fz_signal *s, void (*each)(uint32_t pc, void *data), void *data)
{
	uint32_t i;

	for (i = 0; i < SIZE; i++)
		if (s->pc[i])
			each(s->pc[i], data);
}
