// SPDX-License-Identifier: GPL-2.0-only
/*
 * cost: what reading files costs, by the guest's clock. Where that counts
 * instructions (# guest: icount=1) a nanosecond is one.
 *
 *	cost [-n ROUNDS] [-b BUFFER] FILE...
 *
 * Opens, reads to the end and closes all the FILEs, ROUNDS times (200), with a
 * buffer of BUFFER bytes (65536). Prints the smallest and the median time of a
 * round, in ns.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000L + t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

static void read_all(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		err(1, "%s", path);
	do {
		n = read(fd, buf, size);
		if (n < 0)
			err(1, "%s", path);
	} while (n > 0);
	close(fd);
}

int main(int argc, char **argv)
{
	long rounds = 200, *times, i;
	size_t size = 65536;
	char *buf;
	int c;

	while ((c = getopt(argc, argv, "n:b:")) != -1) {
		switch (c) {
		case 'n':
			rounds = atol(optarg);
			break;
		case 'b':
			size = atol(optarg);
			break;
		default:
			return 2;
		}
	}
	buf = malloc(size);
	times = calloc(rounds, sizeof(*times));
	if (!buf || !times || rounds < 1 || optind == argc)
		errx(2, "usage: cost [-n ROUNDS] [-b BUFFER] FILE...");
	/* Once before it counts: pages are touched, caches are filled. */
	for (c = optind; c < argc; c++)
		read_all(argv[c], buf, size);
	for (i = 0; i < rounds; i++) {
		long begin = now();

		for (c = optind; c < argc; c++)
			read_all(argv[c], buf, size);
		times[i] = now() - begin;
	}
	qsort(times, rounds, sizeof(*times), compare);
	printf("%ld %ld\n", times[0], times[rounds / 2]);
	return 0;
}
