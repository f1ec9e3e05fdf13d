// SPDX-License-Identifier: GPL-2.0-only
/*
 * hog: allocate memory and touch it, again and again.
 *
 *	hog [-s STEP] [-i SECONDS] [-m MAX] [-d] [-x] [-f FILE] [-t]
 *
 * STEP bytes at a time (1M), SECONDS between two steps (0), up to MAX bytes
 * (until the kernel ends it); at MAX it holds what it has until it is killed,
 * or gives it back and exits at once with -x. -d: first fork, print the
 * child's pid, and return to the caller once MAX is reached. -f: page cache
 * instead, by writing to FILE. -t: ask for transparent huge pages. Sizes
 * take K, M and G.
 */
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static size_t size(const char *s)
{
	char *end;
	double v = strtod(s, &end);

	switch (*end) {
	case 'G': v *= 1024;	/* fall through */
	case 'M': v *= 1024;	/* fall through */
	case 'K': v *= 1024; end++;
	}
	if (*end || end == s || v < 0)
		errx(2, "not a size: %s", s);
	return v;
}

static void nap(double seconds)
{
	struct timespec t = { seconds, (seconds - (long)seconds) * 1e9 };

	nanosleep(&t, NULL);
}

static void step_file(int fd, char *buf, size_t len)
{
	while (len) {
		ssize_t n = write(fd, buf, len);

		if (n < 0)
			err(1, "write");
		len -= n;
	}
}

static void step_memory(size_t len, bool huge)
{
	/* A mapping of its own: what malloc does above 128 KiB. */
	char *p = mmap(NULL, len, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		err(1, "mmap");
	if (huge)
		madvise(p, len, MADV_HUGEPAGE);
	memset(p, 1, len);
}

int main(int argc, char **argv)
{
	size_t step = 1 << 20, max = (size_t)-1, got = 0;
	bool huge = false, leave = false, daemonize = false;
	const char *file = NULL;
	double interval = 0;
	int c, fd = -1, ready[2];
	char *buf = NULL;

	while ((c = getopt(argc, argv, "s:i:m:f:tdx")) != -1) {
		switch (c) {
		case 's': step = size(optarg); break;
		case 'i': interval = atof(optarg); break;
		case 'm': max = size(optarg); break;
		case 'f': file = optarg; break;
		case 't': huge = true; break;
		case 'd': daemonize = true; break;
		case 'x': leave = true; break;
		default: return 2;
		}
	}
	if (!step)
		errx(2, "a step of 0");
	if (daemonize) {
		pid_t pid;
		char b;

		if (pipe(ready))
			err(1, "pipe");
		pid = fork();
		if (pid < 0)
			err(1, "fork");
		if (pid) {
			close(ready[1]);
			printf("%d\n", pid);
			/* 0 bytes: it died on its way. */
			return read(ready[0], &b, 1) != 1;
		}
		close(ready[0]);
		close(STDOUT_FILENO);
		close(STDIN_FILENO);
	}
	if (file) {
		fd = open(file, O_CREAT | O_RDWR | O_APPEND, 0600);
		buf = calloc(1, step);
		if (fd < 0 || !buf)
			err(1, "%s", file);
	}
	while (got < max) {
		size_t now = max - got < step ? max - got : step;

		if (file)
			step_file(fd, buf, now);
		else
			step_memory(now, huge);
		got += now;
		if (interval)
			nap(interval);
	}
	if (leave)
		return 0;
	if (daemonize && write(ready[1], "", 1) != 1)
		err(1, "write");
	for (;;)
		pause();
}
