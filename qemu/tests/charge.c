// SPDX-License-Identifier: GPL-2.0-only
/*
 * Charges of every kind, for the guest's tests: each command makes one kind, in
 * the memory cgroup that it is started in, says on standard output what became
 * of it, and exits 0 unless it could not do its part at all. Refused charges
 * are what it is for, not failures.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MIB	1048576UL
#define PAGE	4096UL
#define HUGE	(2 * MIB)

static unsigned long number(const char *s)
{
	char *end;
	unsigned long n = strtoul(s, &end, 0);

	if (!*s || *end) {
		fprintf(stderr, "charge: '%s' is not decimal\n", s);
		exit(2);
	}
	return n;
}

static void *map(size_t size)
{
	/* Room to begin at a huge page. */
	char *p = mmap(NULL, size + HUGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED) {
		perror("charge: mmap");
		exit(1);
	}
	return (char *)(((unsigned long)p + HUGE - 1) & ~(HUGE - 1));
}

static void touch(volatile char *p, size_t size)
{
	size_t i;

	for (i = 0; i < size; i += PAGE)
		p[i] = i / PAGE;
}

/* anon MIB [ROUNDS]: small pages, touched in turn. */
static int cmd_anon(int argc, char **argv)
{
	size_t size = number(argv[1]) * MIB;
	unsigned long rounds = argc > 2 ? number(argv[2]) : 1;
	char *p = map(size);

	madvise(p, size, MADV_NOHUGEPAGE);
	while (rounds--)
		touch(p, size);
	printf("anon %zu\n", size);
	return 0;
}

/* thp MIB [madvise]: huge pages, one fault each. */
static int cmd_thp(int argc, char **argv)
{
	size_t size = number(argv[1]) * MIB;
	char *p = map(size);
	size_t i;

	if (argc > 2)
		madvise(p, size, MADV_HUGEPAGE);
	for (i = 0; i < size; i += HUGE)
		*(volatile char *)(p + i) = 1;
	printf("thp %zu\n", size);
	return 0;
}

/* advised MIB: pages as large as there may be, all of them touched. */
static int cmd_advised(int argc, char **argv)
{
	size_t size = number(argv[1]) * MIB;
	char *p = map(size);

	(void)argc;
	madvise(p, size, MADV_HUGEPAGE);
	touch(p, size);
	printf("advised %zu\n", size);
	return 0;
}

/* hold MIB: anonymous memory, until somebody kills it. */
static int cmd_hold(int argc, char **argv)
{
	size_t size = number(argv[1]) * MIB;
	char *p = map(size);

	madvise(p, size, MADV_NOHUGEPAGE);
	touch(p, size);
	printf("hold %zu\n", size);
	fflush(stdout);
	pause();
	return 0;
}

/*
 * shared MIB: anonymous memory, paged out (MADV_PAGEOUT, which passes by what is
 * shared already), shared with a second process, then read again: swap slots
 * with two users, so that swapin reads around them. In between there is a file
 * /tmp/paged-out, and it waits for that to go.
 */
static int cmd_shared(int argc, char **argv)
{
	size_t size = number(argv[1]) * MIB, i;
	char *p = map(size);
	unsigned long sum = 0;
	pid_t child;
	int fd;

	madvise(p, size, MADV_NOHUGEPAGE);
	touch(p, size);
	if (madvise(p, size, 21 /* MADV_PAGEOUT */))
		perror("charge: madvise");
	child = fork();
	if (child < 0) {
		perror("charge: fork");
		return 1;
	}
	if (!child) {
		pause();
		_exit(0);
	}
	fd = open("/tmp/paged-out", O_CREAT | O_WRONLY, 0600);
	close(fd);
	while (!access("/tmp/paged-out", F_OK))
		usleep(20000);
	for (i = 0; i < size; i += PAGE)
		sum += ((volatile char *)p)[i];
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	printf("shared %zu %lu\n", size, sum);
	return 0;
}

/*
 * linger MIB: anonymous memory that outlives its owner's death for a while: the
 * OOM reaper leaves out what is locked, and the owner runs when others do not.
 */
static int cmd_linger(int argc, char **argv)
{
	struct sched_param idle = { 0 };
	size_t size = number(argv[1]) * MIB;
	char *p = map(size);

	madvise(p, size, MADV_NOHUGEPAGE);
	if (mlock(p, size) || sched_setscheduler(0, SCHED_IDLE, &idle)) {
		perror("charge: linger");
		return 1;
	}
	printf("linger %zu\n", size);
	fflush(stdout);
	pause();
	return 0;
}

/* file PATH MIB: page cache. */
static int cmd_file(int argc, char **argv)
{
	static char buf[65536];
	size_t size = number(argv[2]) * MIB, done = 0;
	int fd = open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0600);

	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	while (done < size) {
		ssize_t n = write(fd, buf, sizeof(buf));

		if (n <= 0)
			break;
		done += n;
	}
	printf("file %zu\n", done);
	return 0;
}

/* forks COUNT WIDTH: short-lived children, WIDTH at a time. */
static int cmd_forks(int argc, char **argv)
{
	unsigned long count = number(argv[1]), width = number(argv[2]);
	unsigned long made = 0, refused = 0;

	while (made + refused < count) {
		unsigned long i;

		for (i = 0; i < width && made + refused < count; i++) {
			pid_t pid = fork();

			if (!pid)
				_exit(0);
			if (pid < 0)
				refused++;
			else
				made++;
		}
		while (wait(NULL) > 0)
			;
	}
	printf("forks %lu refused %lu\n", made, refused);
	return 0;
}

/* pipes COUNT: kernel memory, a full pipe each. */
static int cmd_pipes(int argc, char **argv)
{
	static char page[PAGE];
	unsigned long count = number(argv[1]), i, pages = 0, refused = 0;

	for (i = 0; i < count; i++) {
		int fd[2];

		if (pipe2(fd, O_NONBLOCK)) {
			refused++;
			continue;
		}
		while (write(fd[1], page, sizeof(page)) > 0)
			pages++;
		if (errno != EAGAIN)
			refused++;
	}
	printf("pipes %lu pages refused %lu\n", pages, refused);
	return 0;
}

/* dentries DIR COUNT: kernel memory, names that do not exist. */
static int cmd_dentries(int argc, char **argv)
{
	unsigned long count = number(argv[2]), i, refused = 0;
	char path[4096];
	struct stat st;

	for (i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%0200lu", argv[1], i);
		if (stat(path, &st) && errno != ENOENT)
			refused++;
	}
	printf("dentries %lu refused %lu\n", count, refused);
	return 0;
}

/* tcp COUNT KIB: data that is sent to sockets that nobody reads from. */
static int cmd_tcp(int argc, char **argv)
{
	static char buf[16 * 1024];
	unsigned long count = number(argv[1]), kib = number(argv[2]), i;
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(addr);
	int server = socket(AF_INET, SOCK_STREAM, 0);
	unsigned long sent = 0, refused = 0;

	if (server < 0 || bind(server, (struct sockaddr *)&addr, len) ||
	    listen(server, 64) ||
	    getsockname(server, (struct sockaddr *)&addr, &len)) {
		perror("charge: tcp");
		return 1;
	}
	for (i = 0; i < count; i++) {
		int out = socket(AF_INET, SOCK_STREAM, 0);
		unsigned long left = kib * 1024;
		int in;

		if (out < 0 || connect(out, (struct sockaddr *)&addr, len)) {
			refused++;
			continue;
		}
		in = accept(server, NULL, NULL);
		if (in < 0) {
			refused++;
			continue;
		}
		fcntl(out, F_SETFL, O_NONBLOCK);
		while (left) {
			ssize_t n = send(out, buf, sizeof(buf), MSG_NOSIGNAL);

			if (n <= 0) {
				struct pollfd p = { .fd = out,
						    .events = POLLOUT };

				if (errno == EAGAIN && poll(&p, 1, 20) > 0)
					continue;
				refused++;
				break;
			}
			sent += n;
			left -= (size_t)n < left ? (size_t)n : left;
		}
	}
	printf("tcp %lu sent refused %lu\n", sent, refused);
	return 0;
}

/* bpfmap MIB: an array map, whose memory may fail (__GFP_RETRY_MAYFAIL). */
static int cmd_bpfmap(int argc, char **argv)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = 4,
		.value_size = PAGE,
		.max_entries = number(argv[1]) * MIB / PAGE,
	};
	long fd = syscall(__NR_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));

	if (fd < 0 && errno != ENOMEM) {
		perror("charge: bpf");
		return 1;
	}
	printf("bpfmap %s\n", fd < 0 ? "refused" : "made");
	return 0;
}

struct toucher {
	char *p;
	size_t size;
};

static void *toucher(void *arg)
{
	struct toucher *t = arg;

	touch(t->p, t->size);
	return NULL;
}

/* threads MIB COUNT: anonymous memory, touched by many threads at a time. */
static int cmd_threads(int argc, char **argv)
{
	size_t size = number(argv[1]) * MIB;
	unsigned long count = number(argv[2]), i;
	pthread_t thread[64];
	struct toucher t[64];

	if (!count || count > 64)
		return 2;
	for (i = 0; i < count; i++) {
		t[i].size = size / count;
		t[i].p = map(t[i].size);
		madvise(t[i].p, t[i].size, MADV_NOHUGEPAGE);
		if (pthread_create(&thread[i], NULL, toucher, &t[i])) {
			perror("charge: pthread_create");
			return 1;
		}
	}
	for (i = 0; i < count; i++)
		pthread_join(thread[i], NULL);
	printf("threads %zu\n", size);
	return 0;
}

static const struct command {
	const char *name;
	int args;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "anon", 1, cmd_anon },
	{ "thp", 1, cmd_thp },
	{ "advised", 1, cmd_advised },
	{ "hold", 1, cmd_hold },
	{ "shared", 1, cmd_shared },
	{ "linger", 1, cmd_linger },
	{ "file", 2, cmd_file },
	{ "forks", 2, cmd_forks },
	{ "pipes", 1, cmd_pipes },
	{ "dentries", 2, cmd_dentries },
	{ "tcp", 2, cmd_tcp },
	{ "bpfmap", 1, cmd_bpfmap },
	{ "threads", 2, cmd_threads },
};

int main(int argc, char **argv)
{
	const struct command *c;
	size_t i;

	for (i = 0; argc > 1 && i < sizeof(commands) / sizeof(*c); i++) {
		c = &commands[i];
		if (!strcmp(argv[1], c->name) && argc - 2 >= c->args)
			return c->run(argc - 1, argv + 1);
	}
	fprintf(stderr, "usage: charge COMMAND ARGS\n");
	return 2;
}
