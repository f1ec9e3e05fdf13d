// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that are replaced whole or not at all
 *
 * What is written goes to a file beside the one meant, which takes its name
 * once everything is on the disk. A full disk leaves the old file as it was.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "outfile.h"

extern char **environ;

/**
 * outfile_open() - begin to replace a file, or exit and say why not
 * @f: filled
 * @path: the file; must stay valid
 */
void outfile_open(struct outfile *f, const char *path)
{
	mode_t mask = umask(0);

	umask(mask);
	f->path = path;
	f->tmp = xasprintf("%s.XXXXXX", path);
	f->fd = mkostemp(f->tmp, O_CLOEXEC);
	if (f->fd < 0)
		die("%s: %s", path, strerror(errno));
	/* mkstemp() lets nobody else read it: a collector runs as another user */
	fchmod(f->fd, 0666 & ~mask);
}

/* Give up: the old file stays. */
void outfile_abort(struct outfile *f)
{
	if (f->fd >= 0)
		close(f->fd);
	unlink(f->tmp);
	free(f->tmp);
	f->fd = -1;
}

static void fail(struct outfile *f, int err)
{
	outfile_abort(f);
	die("%s: %s; the file is as it was before", f->path, strerror(err));
}

void outfile_write(struct outfile *f, const char *s, size_t len)
{
	int err = 0;

	write_all(f->fd, s, len, &err);
	if (err)
		fail(f, err);
}

/* Put the new file in the old one's place. */
void outfile_commit(struct outfile *f)
{
	if (fsync(f->fd) && errno != EINVAL && errno != EROFS)
		fail(f, errno);
	if (close(f->fd)) {
		f->fd = -1;
		fail(f, errno);
	}
	f->fd = -1;
	if (rename(f->tmp, f->path))
		fail(f, errno);
	free(f->tmp);
}

static void feed(int fd, const struct str *in)
{
	sighandler_t before;
	int err = 0;

	before = signal(SIGPIPE, SIG_IGN);
	/* a program that ends early says why on its own standard error */
	write_all(fd, in->s, in->len, &err);
	close(fd);
	signal(SIGPIPE, before);
}

/**
 * run_program() - run a program with a text as its input
 * @argv: the program, found along PATH, and its arguments
 * @in: its standard input
 * @out: its standard output
 *
 * The program must read its input before it fills a pipe at @out.
 *
 * Return: its exit status, 128 and more for a signal, or a negative errno where
 * it could not be started.
 */
int run_program(char *const argv[], const struct str *in, int out)
{
	posix_spawn_file_actions_t fa;
	int pipes[2], status, err;
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC))
		return -errno;
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, pipes[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&fa, out, STDOUT_FILENO);
	err = posix_spawnp(&pid, argv[0], &fa, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&fa);
	close(pipes[0]);
	if (err) {
		close(pipes[1]);
		return -err;
	}
	feed(pipes[1], in);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
