// SPDX-License-Identifier: GPL-2.0-only
/*
 * rawread: one open file, and system calls on it as told.
 *
 *	rawread [-w] FILE STEP...
 *
 *	read:N		read N bytes, print them to standard output
 *	all:N		read to the end with a buffer of N bytes, print
 *	pread:N@OFF	pread N bytes at OFF, print
 *	seek:OFF	lseek, SEEK_SET		end:OFF  cur:OFF  likewise
 *	nonblock	set O_NONBLOCK
 *	poll:MS		poll for MS milliseconds, print the events' names
 *	pri:MS		the same, for POLLPRI alone
 *	except:MS	select for exceptional conditions alone, print how many
 *	exclusive:MS	so long in an epoll, by edge and EPOLLEXCLUSIVE: told or not
 *	write:TEXT	write TEXT
 *	sleep:MS	wait
 *	line		wait for a line on standard input (another's turn)
 *	say:TEXT	print a line, at once
 *	dup:N		open FILE N more times, keep them open
 *
 * -w opens it for reading and writing. A step that fails prints
 * "STEP: errno NAME" to standard output and the next one follows; the exit
 * status is 1 if any has failed.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

static int status;

static void failed(const char *step)
{
	printf("%s: errno %s\n", step, strerrorname_np(errno));
	fflush(stdout);
	status = 1;
}

static void out(const char *buf, size_t n)
{
	fwrite(buf, 1, n, stdout);
	fflush(stdout);
}

static void do_poll(int fd, const char *step, short events, int ms)
{
	static const struct { short bit; const char *name; } names[] = {
		{ POLLIN, "IN" }, { POLLPRI, "PRI" }, { POLLOUT, "OUT" },
		{ POLLERR, "ERR" }, { POLLHUP, "HUP" }, { POLLNVAL, "NVAL" },
	};
	struct pollfd p = { .fd = fd, .events = events };
	size_t i;

	if (poll(&p, 1, ms) < 0) {
		failed(step);
		return;
	}
	printf("poll");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (p.revents & names[i].bit)
			printf(" %s", names[i].name);
	putchar('\n');
	fflush(stdout);
}

static void do_select(int fd, const char *step, long ms)
{
	struct timeval tv = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };
	fd_set set;
	int n;

	FD_ZERO(&set);
	FD_SET(fd, &set);
	n = select(fd + 1, NULL, NULL, &set, &tv);
	if (n < 0) {
		failed(step);
		return;
	}
	printf("select %d\n", n);
	fflush(stdout);
}

/* Back to waiting as soon as it is told. */
static void do_exclusive(int fd, const char *step, int ms)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET | EPOLLEXCLUSIVE };
	int ep = epoll_create1(0), told = 0;

	if (ep < 0 || epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev)) {
		failed(step);
		return;
	}
	for (; ms > 0; ms -= 100)
		told |= epoll_wait(ep, &ev, 1, 100) == 1;
	puts(told ? "epoll told" : "epoll not told");
	fflush(stdout);
	close(ep);
}

static void do_read(int fd, const char *step, size_t n, int all, off_t at)
{
	char *buf = malloc(n ? n : 1);
	ssize_t got;

	if (!buf)
		err(1, "malloc");
	do {
		got = at >= 0 ? pread(fd, buf, n, at) : read(fd, buf, n);
		if (got < 0)
			failed(step);
		else
			out(buf, got);
	} while (all && got > 0);
	free(buf);
}

int main(int argc, char **argv)
{
	int mode = O_RDONLY, i = 1, fd;
	const char *file;
	char line[256];

	if (argc > 1 && !strcmp(argv[1], "-w")) {
		mode = O_RDWR;
		i++;
	}
	if (i >= argc)
		errx(2, "no file");
	file = argv[i++];
	fd = open(file, mode);
	if (fd < 0) {
		failed("open");
		return status;
	}
	for (; i < argc; i++) {
		char *step = argv[i], *arg = strchr(step, ':');
		size_t len = arg ? (size_t)(arg - step) : strlen(step);
		long n = arg ? strtol(arg + 1, NULL, 0) : 0;

#define IS(name) (len == strlen(name) && !strncmp(step, name, len))
		arg = arg ? arg + 1 : "";
		if (IS("read")) {
			do_read(fd, step, n, 0, -1);
		} else if (IS("all")) {
			do_read(fd, step, n, 1, -1);
		} else if (IS("pread")) {
			char *at = strchr(arg, '@');

			do_read(fd, step, n, 0, at ? strtol(at + 1, NULL, 0) : 0);
		} else if (IS("seek")) {
			if (lseek(fd, n, SEEK_SET) < 0)
				failed(step);
		} else if (IS("cur")) {
			if (lseek(fd, n, SEEK_CUR) < 0)
				failed(step);
		} else if (IS("end")) {
			if (lseek(fd, n, SEEK_END) < 0)
				failed(step);
		} else if (IS("nonblock")) {
			if (fcntl(fd, F_SETFL, O_NONBLOCK))
				failed(step);
		} else if (IS("poll")) {
			do_poll(fd, step, POLLIN | POLLPRI, n);
		} else if (IS("pri")) {
			do_poll(fd, step, POLLPRI, n);
		} else if (IS("except")) {
			do_select(fd, step, n);
		} else if (IS("exclusive")) {
			do_exclusive(fd, step, n);
		} else if (IS("write")) {
			if (write(fd, arg, strlen(arg)) < 0)
				failed(step);
		} else if (IS("sleep")) {
			usleep(n * 1000);
		} else if (IS("line")) {
			if (!fgets(line, sizeof(line), stdin))
				return 1;
		} else if (IS("say")) {
			puts(arg);
			fflush(stdout);
		} else if (IS("dup")) {
			while (n-- > 0)
				if (open(file, mode) < 0) {
					failed(step);
					break;
				}
		} else {
			errx(2, "unknown step %s", step);
		}
	}
	return status;
}
