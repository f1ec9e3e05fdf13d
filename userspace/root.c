// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of /proc, /sys and /run, of this machine or of a saved tree
 *
 * Every path that memcgstat reads goes through here, so that --root works
 * everywhere. A saved tree is only ever read.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "root.h"

static const char *root = "";

/**
 * root_set() - take files from a saved tree
 * @dir: the tree's top; exits if it is no directory
 */
void root_set(const char *dir)
{
	struct stat st;

	if (stat(dir, &st))
		die("--root %s: %s", dir, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		die("--root %s: not a directory; name the top of a saved tree", dir);
	root = dir;
}

bool root_is_saved(void)
{
	return *root;
}

static char *vpath(const char *fmt, va_list ap)
{
	struct str b = {};
	char *tail;

	if (vasprintf(&tail, fmt, ap) < 0)
		die("out of memory");
	str_puts(&b, root);
	str_puts(&b, tail);
	free(tail);
	return b.s;
}

/**
 * root_path() - a path inside the tree
 * @fmt: the absolute path
 *
 * Return: a string to free().
 */
char *root_path(const char *fmt, ...)
{
	va_list ap;
	char *path;

	va_start(ap, fmt);
	path = vpath(fmt, ap);
	va_end(ap);
	return path;
}

/**
 * root_open() - open a file inside the tree
 * @flags: as for open(); closed on exec in any case
 * @fmt: the absolute path
 *
 * Return: a descriptor or a negative errno.
 */
int root_open(int flags, const char *fmt, ...)
{
	va_list ap;
	char *path;
	int fd;

	va_start(ap, fmt);
	path = vpath(fmt, ap);
	va_end(ap);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	free(path);
	return fd;
}

/**
 * read_fd() - read to the end of a file
 * @fd: read from where it stands
 * @b: appended to
 *
 * Return: 0 or a negative errno.
 */
int read_fd(int fd, struct str *b)
{
	char buf[4096];
	ssize_t n;

	/* a string even where the file is empty */
	str_add(b, "", 0);
	while ((n = read_some(fd, buf, sizeof(buf))) > 0)
		str_add(b, buf, n);
	return n;
}

/**
 * root_read() - read a whole file inside the tree
 * @b: appended to
 * @fmt: the absolute path
 *
 * Return: 0 or a negative errno.
 */
int root_read(struct str *b, const char *fmt, ...)
{
	va_list ap;
	char *path;
	int fd, ret;

	va_start(ap, fmt);
	path = vpath(fmt, ap);
	va_end(ap);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ret = fd < 0 ? -errno : 0;
	free(path);
	if (fd < 0)
		return ret;
	ret = read_fd(fd, b);
	close(fd);
	return ret;
}

/**
 * pread_fd() - read a small file again, from its start
 * @fd: kept open between calls
 * @buf: gets a string
 * @size: of @buf
 *
 * Return: the length or a negative errno.
 */
int pread_fd(int fd, char *buf, size_t size)
{
	ssize_t n;

	do {
		n = pread(fd, buf, size - 1, 0);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	buf[n] = '\0';
	return n;
}
