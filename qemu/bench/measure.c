// SPDX-License-Identifier: GPL-2.0-only
/* Medians, result lines, and files that are written to at once. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "measure.h"

/* Keeps one more; those that are too many are not looked at. */
void sample(struct samples *s, long long value)
{
	if (s->n < MAX_SAMPLES)
		s->value[s->n++] = value;
}

static int by_value(const void *a, const void *b)
{
	long long x = *(const long long *)a, y = *(const long long *)b;

	return (x > y) - (x < y);
}

/* The sample that @percent of them are below. At least one; sorts them. */
long long quantile(struct samples *s, int percent)
{
	if (!s->n)
		die("no samples");
	qsort(s->value, s->n, sizeof(s->value[0]), by_value);
	return s->value[s->n * percent / 100];
}

/*
 * The median, since a sample that the timer tick falls into is some thousand
 * instructions too long.
 */
long long median(struct samples *s)
{
	return quantile(s, 50);
}

/* One line a number, for scripts/bench. */
void result(const char *group, const char *what, const char *setting,
	    double value)
{
	printf("bench %s %s %s %.2f\n", group, what, setting, value);
	fflush(stdout);
}

/* A line for a number that there is not; @why is a word or several. */
void result_missing(const char *group, const char *what, const char *setting,
		    const char *why)
{
	printf("bench %s %s %s missing %s\n", group, what, setting, why);
	fflush(stdout);
}

void die(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what,
		errno ? strerror(errno) : "failed");
	exit(1);
}

long number(const char *s)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(s, &end, 0);
	if (errno || !*s || *end || n < 0) {
		fprintf(stderr, "bench: what is '%s'\n", s);
		exit(2);
	}
	return n;
}

int try_write_file(const char *path, const char *s)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0644);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, s, strlen(s));
	close(fd);
	return n == (ssize_t)strlen(s) ? 0 : -1;
}

void write_file(const char *path, const char *s)
{
	if (try_write_file(path, s))
		die(path);
}
