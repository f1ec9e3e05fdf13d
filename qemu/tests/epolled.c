// SPDX-License-Identifier: GPL-2.0-only
/*
 * epolled FILE: a file in an epoll, by edge, when the module that serves the
 * file goes away: says what epoll_wait gives, a line each time, until standard
 * input ends; then takes the file out and closes it.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLPRI | EPOLLET };
	struct epoll_event in = { .events = EPOLLIN, .data.u32 = 1 };
	int ep = epoll_create1(0), fd;
	char c;

	if (argc != 2)
		errx(2, "usage: epolled FILE");
	fd = open(argv[1], O_RDONLY | O_NONBLOCK);
	if (fd < 0 || lseek(fd, 0, SEEK_END) < 0)
		err(1, "%s", argv[1]);
	if (ep < 0 || epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev) ||
	    epoll_ctl(ep, EPOLL_CTL_ADD, STDIN_FILENO, &in))
		err(1, "epoll");
	puts("ready");
	fflush(stdout);

	for (;;) {
		struct epoll_event got;

		if (epoll_wait(ep, &got, 1, -1) != 1)
			err(1, "epoll_wait");
		if (got.data.u32 == 1) {
			if (read(STDIN_FILENO, &c, 1) <= 0)
				break;
			continue;
		}
		printf("%s%s%s\n", got.events & EPOLLIN ? "IN " : "",
		       got.events & EPOLLERR ? "ERR " : "",
		       got.events & EPOLLHUP ? "HUP " : "");
		fflush(stdout);
	}
	/* Both must do without the wait queue that was the module's. */
	if (epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL))
		printf("del %s\n", strerror(errno));
	puts("closed");
	return close(fd) && errno != ENODEV;
}
