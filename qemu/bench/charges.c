// SPDX-License-Identifier: GPL-2.0-only
/*
 * What work costs that charges memory cgroups, in the memory cgroup that this
 * is started in:
 *
 *	charges SETTING [WORK]...
 *
 * prints a line a work: instructions a page fault, a system call and so on.
 * SETTING only names the lines; qemu/bench/settings.sh makes it true. "warm" is
 * none: all is done once, so that the guest has used its memory.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"

/**
 * struct work - one kind of it
 * @name: in the table
 * @run: does it, and keeps a sample each time
 * @units: how many faults, pages and so on a sample is about
 */
struct work {
	const char *name;
	void (*run)(struct samples *s);
	unsigned int units;
};

#define PAGES_A_CHUNK	(HUGE / PAGE)
#define PASSES		4
/*
 * Far below the median: what interferes, as the tick that a third to a half of
 * the samples see, makes a sample longer, and very few are shorter.
 */
#define QUANTILE	20
#define CHUNKS		32
#define FORKS		300
#define FORKS_A_SAMPLE	30
#define THPS_A_SAMPLE	2
#define TRANSFERS	200
#define TRANSFER	16384
#define PIPES		200
#define PIPE_PAGES	16

/* Room for @size bytes from the beginning of a huge page on. */
static char *map_aligned(size_t size)
{
	char *p = mmap(NULL, size + HUGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		die("mmap");
	return (char *)(((uintptr_t)p + HUGE - 1) & ~(HUGE - 1));
}

/* Touches CHUNKS of memory, a byte each @step; a sample is about @size bytes. */
static void touch_chunks(struct samples *s, char *p, size_t size, size_t step)
{
	char *end = p + CHUNKS * HUGE;
	size_t i;

	for (; p < end; p += size) {
		long long begin = now();

		for (i = 0; i < size; i += step)
			p[i] = 1;
		sample(s, now() - begin);
	}
}

/* A sample is a page table's worth of faults, the page table included. */
static void run_anon(struct samples *s)
{
	char *p = map_aligned(CHUNKS * HUGE);

	if (madvise(p, CHUNKS * HUGE, MADV_NOHUGEPAGE) && errno != EINVAL)
		die("madvise");
	touch_chunks(s, p, HUGE, PAGE);
	munmap(p, CHUNKS * HUGE);
}

/* The page allocator gets them by twos, and looks at each page of both. */
static void run_thp(struct samples *s)
{
	char *p = map_aligned(CHUNKS * HUGE);

	if (madvise(p, CHUNKS * HUGE, MADV_HUGEPAGE))
		die("madvise");
	touch_chunks(s, p, THPS_A_SAMPLE * HUGE, HUGE);
	munmap(p, CHUNKS * HUGE);
}

/* Shared memory: the faults on a file of tmpfs. */
static void run_file(struct samples *s)
{
	int fd = memfd_create("bench", 0);
	char *p;

	if (fd < 0 || ftruncate(fd, CHUNKS * HUGE))
		die("memfd");
	p = mmap((void *)0x200000000000, CHUNKS * HUGE, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0);
	if (p == MAP_FAILED)
		die("mmap of a file");
	touch_chunks(s, p, HUGE, PAGE);
	munmap(p, CHUNKS * HUGE);
	close(fd);
}

/* The page cache proper: ramfs, which every kernel has and never writes back. */
static void run_cache(struct samples *s)
{
	static char page[PAGE];
	const char *dir = "/tmp/ramfs";
	int chunk, i, fd;

	mkdir(dir, 0700);
	if (mount("ramfs", dir, "ramfs", 0, NULL))
		die("mount of ramfs");
	fd = open("/tmp/ramfs/file", O_WRONLY | O_CREAT, 0600);
	if (fd < 0)
		die("/tmp/ramfs/file");
	for (chunk = 0; chunk < CHUNKS; chunk++) {
		long long begin = now();

		for (i = 0; i < (int)PAGES_A_CHUNK; i++)
			if (write(fd, page, sizeof(page)) != sizeof(page))
				die("write");
		sample(s, now() - begin);
	}
	close(fd);
	umount(dir);
}

static void fork_once(void)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		die("fork");
	if (!pid)
		_exit(0);
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
}

static void run_fork(struct samples *s)
{
	int i, j;

	for (i = 0; i < FORKS; i += FORKS_A_SAMPLE) {
		long long begin = now();

		for (j = 0; j < FORKS_A_SAMPLE; j++)
			fork_once();
		sample(s, now() - begin);
	}
}

/* A TCP connection to ourselves: what is sent is charged until it is read. */
static void connect_pair(int fd[2])
{
	struct sockaddr_in addr = {
		.sin_family		= AF_INET,
		.sin_addr.s_addr	= htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(addr);
	int one = 1, size = 1 << 20;
	int l = socket(AF_INET, SOCK_STREAM, 0);

	fd[0] = socket(AF_INET, SOCK_STREAM, 0);
	if (l < 0 || fd[0] < 0)
		die("socket");
	setsockopt(l, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	setsockopt(fd[0], IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (bind(l, (struct sockaddr *)&addr, sizeof(addr)) || listen(l, 1) ||
	    getsockname(l, (struct sockaddr *)&addr, &len) ||
	    connect(fd[0], (struct sockaddr *)&addr, len))
		die("connect");
	fd[1] = accept(l, NULL, NULL);
	if (fd[1] < 0)
		die("accept");
	close(l);
}

static void transfer(int fd[2], char *buf)
{
	size_t got;
	ssize_t n;

	if (write(fd[0], buf, TRANSFER) != TRANSFER)
		die("send");
	for (got = 0; got < TRANSFER; got += n) {
		n = read(fd[1], buf, TRANSFER);
		if (n <= 0)
			die("receive");
	}
}

static void run_sock(struct samples *s)
{
	static char buf[TRANSFER];
	int fd[2], i;

	connect_pair(fd);
	for (i = 0; i < TRANSFERS; i++) {
		long long begin = now();

		transfer(fd, buf);
		sample(s, now() - begin);
	}
	close(fd[0]);
	close(fd[1]);
}

/* A pipe made, filled and closed: pages, an inode, files, all charged. */
static void run_pipe(struct samples *s)
{
	static char buf[PIPE_PAGES * PAGE];
	int fd[2], i;

	for (i = 0; i < PIPES; i++) {
		long long begin = now();

		if (pipe(fd) || write(fd[1], buf, sizeof(buf)) != sizeof(buf))
			die("pipe");
		close(fd[0]);
		close(fd[1]);
		sample(s, now() - begin);
	}
}

static const struct work works[] = {
	{ "anon",	run_anon,	PAGES_A_CHUNK },
	{ "file",	run_file,	PAGES_A_CHUNK },
	{ "thp",	run_thp,	THPS_A_SAMPLE },
	{ "cache",	run_cache,	PAGES_A_CHUNK },
	{ "fork",	run_fork,	FORKS_A_SAMPLE },
	{ "sock",	run_sock,	1 },
	{ "pipe",	run_pipe,	1 },
	{}
};

static bool wanted(const char *name, int argc, char **argv)
{
	int i;

	for (i = 2; i < argc; i++)
		if (!strcmp(argv[i], name))
			return true;
	return argc == 2;
}

/*
 * The first pass fills the caches of pages and objects. What the page allocator
 * has to split and merge differs from pass to pass by a few instructions a
 * fault: the cheapest pass counts.
 */
static double measure(const struct work *w, int passes)
{
	static struct samples s;
	double best = 0;
	int pass;

	for (pass = 0; pass <= passes; pass++) {
		double each;

		s.n = 0;
		w->run(&s);
		each = (double)quantile(&s, QUANTILE) / w->units;
		if (pass == 1 || (pass && each < best))
			best = each;
	}
	return best;
}

int main(int argc, char **argv)
{
	const struct work *w;
	bool warm;

	if (argc < 2) {
		fprintf(stderr, "usage: charges SETTING [WORK]...\n");
		return 2;
	}
	warm = !strcmp(argv[1], "warm");
	for (w = works; w->name; w++) {
		if (!wanted(w->name, argc, argv))
			continue;
		result("charge", w->name, argv[1], measure(w, warm ? 0 : PASSES));
	}
	return 0;
}
