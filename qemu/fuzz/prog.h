/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs: typed calls, whose arguments are numbers, bytes or what an earlier
 * call made. A program has no pointers of its own: assignment copies it.
 */
#ifndef FZ_PROG_H
#define FZ_PROG_H

#include <stddef.h>
#include <stdio.h>

#include "desc.h"
#include "rng.h"

#define FZ_MAX_CALLS	16
#define FZ_NO_REF	0xff

/**
 * struct fz_arg - an argument's value
 * @val: the number; of FZ_RES, what is passed where @ref is FZ_NO_REF; of
 *	FZ_OUT, the buffer's bytes
 * @ref: index of the call that made the resource
 * @slot: which of the resources that it made
 * @len: bytes of @data
 * @data: what the argument points to
 */
struct fz_arg {
	uint64_t val;
	uint8_t ref;
	uint8_t slot;
	uint8_t len;
	uint8_t data[FZ_DATA_MAX];
};

/**
 * struct fz_call - a call of a program
 * @desc: what it calls
 * @async: runs in a thread of its own; the next call does not wait for it
 * @repeat: how many times it is made, from 1
 * @fail: the number of the allocation in it that fails, from 1; 0 for none
 * @arg: its arguments
 */
struct fz_call {
	const struct fz_desc *desc;
	bool async;
	uint8_t repeat;
	uint8_t fail;
	struct fz_arg arg[FZ_MAX_ARGS];
};

#define FZ_MAX_REPEAT	64
#define FZ_MAX_FAIL	32

struct fz_prog {
	unsigned int nr;
	struct fz_call call[FZ_MAX_CALLS];
};

/* prog.c */
bool fz_prog_valid(const struct fz_prog *p, const char **why);
void fz_prog_remove(struct fz_prog *p, unsigned int i);
bool fz_prog_make_room(struct fz_prog *p, unsigned int i);
void fz_arg_default(const struct fz_type *t, struct fz_arg *a);
void fz_call_fix_lens(struct fz_call *c);
uint64_t fz_type_flags(const struct fz_type *t);
bool fz_prog_equal(const struct fz_prog *a, const struct fz_prog *b);

/* text.c */
int fz_prog_print(const struct fz_prog *p, FILE *f);
char *fz_prog_text(const struct fz_prog *p);
int fz_prog_parse(struct fz_prog *p, const char *text, char *err, size_t err_len);

/* gen.c */
void fz_arg_random(struct fz_rng *r, const struct fz_prog *p, unsigned int call,
		   const struct fz_type *t, struct fz_arg *a);
void fz_prog_generate(struct fz_rng *r, struct fz_prog *p);
bool fz_prog_insert(struct fz_rng *r, struct fz_prog *p, unsigned int at,
		    const struct fz_desc *d);
const struct fz_desc *fz_desc_random(struct fz_rng *r);

/* mutate.c */
void fz_prog_mutate(struct fz_rng *r, struct fz_prog *p, const struct fz_prog *other);
void fz_prog_merge(struct fz_prog *p, unsigned int at, const struct fz_prog *other,
		   unsigned int other_at);

/**
 * struct fz_compare - what the kernel compared in a call
 * @call: the call's index
 * @size: bytes of the operands
 * @a: one of them
 * @b: the other one
 */
struct fz_compare {
	unsigned int call;
	unsigned int size;
	uint64_t a;
	uint64_t b;
};

/* hints.c */
typedef void (*fz_hint_t)(const struct fz_prog *p, void *data);
unsigned int fz_prog_hints(const struct fz_prog *p, const struct fz_compare *c, unsigned int n,
			   unsigned int most, fz_hint_t each, void *data);

/* minimise.c */
typedef bool (*fz_still_t)(const struct fz_prog *p, void *data);
unsigned int fz_prog_minimise(struct fz_prog *p, fz_still_t still, void *data,
			      unsigned int budget);

#endif /* FZ_PROG_H */
