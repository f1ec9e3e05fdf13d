/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A crew: processes that are at work at once, each on a thing of its own, until
 * the time is over or one of them has seen what must not be. What they did is
 * counted in memory that they share.
 */
#ifndef CREW_H
#define CREW_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define CREW_COUNTS	16

/**
 * struct crew - what the processes share
 * @count: how often each thing was done
 * @end: when they stop
 * @failed: something did not hold
 * @why: what
 */
struct crew {
	long count[CREW_COUNTS];
	time_t end;
	int failed;
	char why[512];
};

static struct crew *crew;

/* Memory that all processes made from here on share. */
static inline void *crew_share(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	return p;
}

static inline void crew_muster(int seconds)
{
	crew = crew_share(sizeof(*crew));
	crew->end = time(NULL) + seconds;
}

static inline void count(unsigned int what)
{
	__atomic_add_fetch(&crew->count[what], 1, __ATOMIC_RELAXED);
}

__attribute__((format(printf, 1, 2)))
static inline void fail(const char *format, ...)
{
	va_list args;

	/* The first one is told; the rest may follow from it. */
	if (__atomic_exchange_n(&crew->failed, 1, __ATOMIC_RELAXED))
		return;
	va_start(args, format);
	vsnprintf(crew->why, sizeof(crew->why), format, args);
	va_end(args);
}

static inline bool crew_over(void)
{
	return time(NULL) >= crew->end || crew->failed;
}

static inline void die(const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what,
		strerror(errno));
	exit(1);
}

/* As fork(); the child has chances of its own, and ends with its parent. */
static inline pid_t crew_fork(void)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		srand(getpid());
	}
	return pid;
}

/* Writes a text to a small file; what write() returned, or -1. */
static inline int put(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC), ret;

	if (fd < 0)
		return -1;
	ret = write(fd, text, strlen(text));
	close(fd);
	return ret;
}

#endif /* CREW_H */
