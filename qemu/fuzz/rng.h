/* SPDX-License-Identifier: GPL-2.0-only */
/* Pseudo-random numbers: the same seed gives the same numbers everywhere. */
#ifndef FZ_RNG_H
#define FZ_RNG_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct fz_rng - a generator, splitmix64
 * @state: all that it is; any value is a valid seed
 */
struct fz_rng {
	uint64_t state;
};

/**
 * fz_rng_init - begin a sequence
 * @r: the generator
 * @seed: chosen by the user
 * @stream: sequences of one seed and different streams are independent
 */
static inline void fz_rng_init(struct fz_rng *r, uint64_t seed, uint64_t stream)
{
	r->state = seed * 0xd1342543de82ef95ull + stream * 0x9e3779b97f4a7c15ull;
}

/* The next 64 bits. */
static inline uint64_t fz_rng_next(struct fz_rng *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

/* A number below @n; 0 if that is 0. */
static inline uint64_t fz_rng_below(struct fz_rng *r, uint64_t n)
{
	return n ? fz_rng_next(r) % n : 0;
}

/* A number from @lo to @hi, both included. */
static inline uint64_t fz_rng_range(struct fz_rng *r, uint64_t lo, uint64_t hi)
{
	uint64_t span = hi - lo + 1;

	return span ? lo + fz_rng_below(r, span) : fz_rng_next(r);
}

/* True once in @n times. */
static inline bool fz_rng_one_in(struct fz_rng *r, unsigned int n)
{
	return fz_rng_below(r, n) == 0;
}

#endif /* FZ_RNG_H */
