// SPDX-License-Identifier: GPL-2.0-only
/*
 * failnth: let every allocation and every copy from and to user space that an
 * operation makes fail once, in turn (/proc/self/task/TID/fail-nth, on a kernel
 * with FAULT_INJECTION).
 *
 *	failnth [-s SECONDS] [-b] OPERATION ARGUMENT...
 *
 *	insmod KO PARAMETERS	load the module; then it is unloaded
 *	rmmod KO PARAMETERS	unload the module, which was loaded before
 *	read FILE		open, read to the end, close: a report
 *	ask FILE PID		the same of FILE's report on PID, see cg_list/task
 *	event FILE		open, one event without waiting for it, close
 *	poll FILE		open, poll, put it into an epoll, close
 *	write FILE TEXT		open, write, close
 *	mkdir DIR		make a cgroup; then it is removed
 *	move DIR OTHER		put this process into DIR; then into OTHER
 *
 * An operation is done first as it is, to count how often it could fail; then
 * once for each of these, until it is through or SECONDS have passed. -b begins
 * at the last one: what a module allocates comes after what loading it takes.
 *
 * Each time it has to succeed, whole, or to end with ENOMEM or EFAULT, and to
 * leave nothing half done; and it has to work afterwards. Prints what
 * became of it; the exit status is 1 if anything else did.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define FAR	1000000		/* further than any operation goes */
#define BUF	(1 << 20)

/**
 * struct operation - what is done again and again
 * @name: on the command line
 * @args: how many arguments it needs
 * @before: brings about what it needs; may be NULL
 * @run: does it; 0 or a negative errno
 * @after: undoes it, given what it returned; may be NULL
 */
struct operation {
	const char *name;
	int args;
	void (*before)(char **argv);
	int (*run)(char **argv);
	void (*after)(char **argv, int ret);
};

static char *buf;
static int fail_nth;

/* The module, and what it leaves when it is gone. */

static int load(char **argv)
{
	int fd = open(argv[0], O_RDONLY | O_CLOEXEC), ret = 0;

	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, argv[1], 0))
		ret = -errno;
	close(fd);
	return ret;
}

static int unload(char **argv)
{
	return syscall(SYS_delete_module, "cg_list", O_NONBLOCK) ? -errno : 0;
}

static void nothing_left(const char *when)
{
	static const char *const traces[] = {
		"/proc/cg_list", "/proc/sys/cg_list", "/sys/module/cg_list",
	};
	size_t i;

	for (i = 0; i < sizeof(traces) / sizeof(*traces); i++)
		if (!access(traces[i], F_OK))
			errx(1, "%s is there %s", traces[i], when);
}

static void after_load(char **argv, int ret)
{
	if (!ret && unload(argv))
		err(1, "it cannot be unloaded");
	nothing_left(ret ? "after loading failed" : "after unloading");
}

static void before_unload(char **argv)
{
	int ret = load(argv);

	if (ret)
		errx(1, "it cannot be loaded: %s", strerror(-ret));
}

static void after_unload(char **argv, int ret)
{
	if (ret && unload(argv))
		err(1, "it cannot be unloaded");
	nothing_left("after unloading");
}

/* Files. */

/* A report is whole: from its first line to a newline. */
static int slurp(int fd)
{
	size_t len = 0;
	ssize_t n;

	while ((n = read(fd, buf + len, BUF - len)) > 0)
		len += n;
	if (n < 0)
		return -errno;
	if (len < 11 || memcmp(buf, "cg_list 1\n", 10) || buf[len - 1] != '\n')
		errx(1, "cut off: %zu bytes, '%.20s'", len, buf);
	return 0;
}

static int run_read(char **argv)
{
	int fd = open(argv[0], O_RDONLY | O_CLOEXEC), ret;

	if (fd < 0)
		return -errno;
	ret = slurp(fd);
	close(fd);
	return ret;
}

static int run_ask(char **argv)
{
	int fd = open(argv[0], O_RDWR | O_CLOEXEC), ret;

	if (fd < 0)
		return -errno;
	ret = write(fd, argv[1], strlen(argv[1])) < 0 ? -errno : slurp(fd);
	close(fd);
	return ret;
}

static int run_event(char **argv)
{
	int fd = open(argv[0], O_RDONLY | O_CLOEXEC | O_NONBLOCK), ret = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, buf, BUF);
	if (n < 0)
		ret = -errno;
	else if (n < 7 || memcmp(buf, "event ", 6) || buf[n - 1] != '\n')
		errx(1, "no event: '%.20s'", buf);
	close(fd);
	return ret;
}

static int run_poll(char **argv)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int fd = open(argv[0], O_RDONLY | O_CLOEXEC | O_NONBLOCK), ep, ret = 0;
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (fd < 0)
		return -errno;
	ep = epoll_create1(EPOLL_CLOEXEC);
	if (ep < 0 || epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev) ||
	    poll(&p, 1, 0) < 0 || epoll_wait(ep, &ev, 1, 0) < 0)
		ret = -errno;
	if (ep >= 0)
		close(ep);
	close(fd);
	return ret;
}

static int put(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC), ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static int run_write(char **argv)
{
	return put(argv[0], argv[1]);
}

/* Control groups. */

static int run_mkdir(char **argv)
{
	return mkdir(argv[0], 0755) ? -errno : 0;
}

static void after_mkdir(char **argv, int ret)
{
	if (!ret && rmdir(argv[0]))
		err(1, "rmdir %s", argv[0]);
}

static int enter(const char *dir)
{
	char file[4096];

	snprintf(file, sizeof(file), "%s/cgroup.procs", dir);
	return put(file, "0");
}

static int run_move(char **argv)
{
	return enter(argv[0]);
}

static void after_move(char **argv, int ret)
{
	if (!ret && enter(argv[1]))
		err(1, "%s", argv[1]);
}

static const struct operation operations[] = {
	{ "insmod", 2, NULL, load, after_load },
	{ "rmmod", 2, before_unload, unload, after_unload },
	{ "read", 1, NULL, run_read, NULL },
	{ "ask", 2, NULL, run_ask, NULL },
	{ "event", 1, NULL, run_event, NULL },
	{ "poll", 1, NULL, run_poll, NULL },
	{ "write", 2, NULL, run_write, NULL },
	{ "mkdir", 1, NULL, run_mkdir, after_mkdir },
	{ "move", 2, NULL, run_move, after_move },
};

/*
 * What is left of the countdown; 0: it came to its end, something has failed.
 * Reading it counts down too, and is what fails if there is one left.
 */
static unsigned long countdown(void)
{
	char text[16] = "";

	if (pread(fail_nth, text, sizeof(text) - 1, 0) < 0)
		return 1;
	return strtoul(text, NULL, 10);
}

static void set_countdown(unsigned long nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%lu", nth);

	/* The copy of a 0 may be what fails; then there is no more to come. */
	if (pwrite(fail_nth, text, len, 0) < 0 && nth)
		err(1, "fail-nth");
}

/* One time, with failure @nth; whether it got that far. */
static bool once(const struct operation *op, char **argv, unsigned long nth,
		 int *ret, unsigned long *steps)
{
	unsigned long left;

	if (op->before)
		op->before(argv);
	set_countdown(nth);
	*ret = op->run(argv);
	left = countdown();
	set_countdown(0);
	if (op->after)
		op->after(argv, *ret);
	*steps = nth - left;
	return !left;
}

static const struct operation *find(int argc, char **argv)
{
	size_t i;

	for (i = 0; argc > 0 && i < sizeof(operations) / sizeof(*operations); i++)
		if (!strcmp(argv[0], operations[i].name) &&
		    argc - 1 == operations[i].args)
			return &operations[i];
	errx(2, "no such operation, or not its arguments");
}

int main(int argc, char **argv)
{
	unsigned long steps, total, nth, tried = 0, nomem = 0, fault = 0, fine = 0;
	const struct operation *op;
	bool backwards = false;
	long seconds = 3600;
	time_t end;
	int c, ret;

	while ((c = getopt(argc, argv, "+s:b")) != -1) {
		switch (c) {
		case 's':
			seconds = atol(optarg);
			break;
		case 'b':
			backwards = true;
			break;
		default:
			return 2;
		}
	}
	op = find(argc - optind, argv + optind);
	argv += optind + 1;
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_nth < 0)
		err(2, "fail-nth");
	buf = malloc(BUF);
	/* A page fault of our own is not what is to fail. */
	if (!buf || mlockall(MCL_CURRENT | MCL_FUTURE))
		err(1, "mlockall");
	memset(buf, 0, BUF);

	/* The second time it takes fewer: what the first left is there. */
	for (c = 0; c < 2; c++)
		if (once(op, argv, FAR, &ret, &total) || ret)
			errx(1, "%s: fails as it is: %s", op->name,
			     strerror(-ret));
	end = time(NULL) + seconds;
	for (nth = backwards ? total : 1; nth && nth < FAR && time(NULL) < end;
	     nth += backwards ? -1 : 1) {
		bool reached = once(op, argv, nth, &ret, &steps);

		if (!reached && ret)
			errx(1, "%s: nothing failed, and %s", op->name,
			     strerror(-ret));
		if (!reached && !backwards)
			break;
		if (!reached) {
			/* It took fewer steps: on with those. */
			if (steps < nth)
				nth = steps + 1;
			continue;
		}
		tried++;
		switch (ret) {
		case 0:
			fine++;
			break;
		case -EFAULT:
			fault++;
			break;
		case -ENOMEM:
			nomem++;
			break;
		default:
			errx(1, "%s: step %lu of %lu fails: %s", op->name, nth,
			     total, strerror(-ret));
		}
	}
	if (once(op, argv, FAR, &ret, &steps) || ret)
		errx(1, "%s: does not work afterwards: %s", op->name,
		     strerror(-ret));
	printf("%s: %lu of %lu steps failed: %lu ENOMEM, %lu EFAULT, %lu did without\n",
	       op->name, tried, total, nomem, fault, fine);
	/* Not one: then nothing was tested. */
	return !tried;
}
