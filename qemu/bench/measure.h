/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Measuring, for the guest's bench programs. Under -icount shift=0 a nanosecond
 * of CLOCK_MONOTONIC is an instruction of the guest's, and all numbers here are
 * such nanoseconds.
 */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define PAGE	4096UL
#define MIB	1048576UL
#define HUGE	(2 * MIB)

/* Instructions since the guest booted. */
static inline long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* Most samples that a median is made of. */
#define MAX_SAMPLES	4096

/**
 * struct samples - instructions that the same work took, again and again
 * @n: how many
 * @value: each
 */
struct samples {
	size_t n;
	long long value[MAX_SAMPLES];
};

void sample(struct samples *s, long long value);
long long quantile(struct samples *s, int percent);
long long median(struct samples *s);

/* What a result line says: the group, what was done, in which setting. */
void result(const char *group, const char *what, const char *setting,
	    double value);
void result_missing(const char *group, const char *what, const char *setting,
		    const char *why);

void die(const char *what);
long number(const char *s);
void write_file(const char *path, const char *s);
int try_write_file(const char *path, const char *s);

#endif /* BENCH_MEASURE_H */
