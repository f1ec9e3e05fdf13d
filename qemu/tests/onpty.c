// SPDX-License-Identifier: GPL-2.0-only
/*
 * onpty: run a program on a terminal, and type.
 *
 *	onpty ROWSxCOLUMNS KEYS COMMAND [ARGUMENT]...
 *
 * One key of KEYS every half second, the first after as long; what the program
 * writes goes to standard output. The exit status is the program's, 125 where
 * it has not ended two seconds after the last key.
 */
#include <err.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KEY_MS	500
#define LAST_MS	2000

/* Copy for so long; false when the other end has closed. */
static int copy(int fd, int ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	struct timespec now, end;
	char buf[4096];
	ssize_t n;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += ms / 1000;
	end.tv_nsec += ms % 1000 * 1000000;
	for (;;) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		ms = (end.tv_sec - now.tv_sec) * 1000 + (end.tv_nsec - now.tv_nsec) / 1000000;
		if (ms <= 0)
			return 1;
		if (poll(&pfd, 1, ms) <= 0)
			continue;
		n = read(fd, buf, sizeof(buf));
		if (n <= 0)
			return 0;
		if (write(STDOUT_FILENO, buf, n) != n)
			err(126, "write");
	}
}

int main(int argc, char **argv)
{
	struct winsize size = {};
	int fd, status, open = 1;
	const char *key;
	pid_t pid;

	if (argc < 4 || sscanf(argv[1], "%hux%hu", &size.ws_row, &size.ws_col) != 2)
		errx(126, "usage: onpty ROWSxCOLUMNS KEYS COMMAND...");
	pid = forkpty(&fd, NULL, NULL, &size);
	if (pid < 0)
		err(126, "forkpty");
	if (!pid) {
		execvp(argv[3], argv + 3);
		err(126, "%s", argv[3]);
	}
	for (key = argv[2]; *key && open; key++) {
		open = copy(fd, KEY_MS);
		if (open && write(fd, key, 1) != 1)
			err(126, "write");
	}
	if (open && copy(fd, LAST_MS)) {
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		return 125;
	}
	if (waitpid(pid, &status, 0) < 0)
		err(126, "wait");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 124;
}
