// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of this machine or of a saved tree, and texts that grow
 *
 * Every path that the library reads goes through here, so that a saved tree
 * works everywhere. A saved tree is only ever read.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "private.h"

/**
 * cgl_new() - choose where files are read
 * @root: the top of a saved tree, as save-tree makes it; NULL: this machine
 *
 * Return: what every other function wants, to be freed by cgl_free(); NULL
 * with errno set where @root is no directory or memory is short.
 */
struct cgl *cgl_new(const char *root)
{
	struct cgl *c;
	struct stat st;

	if (root && stat(root, &st))
		return NULL;
	if (root && !S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		return NULL;
	}
	c = calloc(1, sizeof(*c));
	if (!c)
		return NULL;
	c->root = strdup(root ? root : "");
	if (!c->root) {
		free(c);
		errno = ENOMEM;
		return NULL;
	}
	return c;
}

/**
 * cgl_free() - the end of it
 * @c: from cgl_new(), or NULL; nothing made from it may be used any more
 */
void cgl_free(struct cgl *c)
{
	if (!c)
		return;
	free(c->root);
	free(c->mount);
	free(c->top);
	free(c);
}

/**
 * cgl_error() - what the last function that failed had to say
 * @c: it was given to that function
 *
 * Return: what failed, where, and why, as a sentence without a stop; "" if
 * nothing has failed yet. Valid until the next call with @c.
 */
const char *cgl_error(const struct cgl *c)
{
	return c->error;
}

/* Keep the words for cgl_error(); returns @err. */
int cgl_fail(struct cgl *c, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->error, sizeof(c->error), fmt, ap);
	va_end(ap);
	return err;
}

/**
 * cgl_is_saved() - whether a saved tree is read instead of this machine
 * @c: from cgl_new()
 */
bool cgl_is_saved(const struct cgl *c)
{
	return *c->root;
}

void text_add(struct text *t, const char *s, size_t len)
{
	if (t->nomem)
		return;
	if (t->len + len + 1 > t->cap) {
		size_t cap = (t->len + len + 1) * 2;
		char *p = realloc(t->s, cap);

		if (!p) {
			t->nomem = true;
			return;
		}
		t->s = p;
		t->cap = cap;
	}
	if (len)
		memcpy(t->s + t->len, s, len);
	t->len += len;
	t->s[t->len] = '\0';
}

void text_puts(struct text *t, const char *s)
{
	text_add(t, s, strlen(s));
}

void text_addf(struct text *t, const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0) {
		t->nomem = true;
		return;
	}
	text_add(t, s, n);
	free(s);
}

/* A value as the format wants it: nothing in it but printable bytes. */
void text_add_value(struct text *t, const char *s)
{
	for (; *s; s++) {
		unsigned char c = *s;

		if (c <= 0x20 || c == 0x7f || c == '\\')
			text_addf(t, "\\%03o", c);
		else
			text_add(t, s, 1);
	}
}

/* Empty, but still a string. */
void text_reset(struct text *t)
{
	t->len = 0;
	text_add(t, "", 0);
}

void text_free(struct text *t)
{
	free(t->s);
	memset(t, 0, sizeof(*t));
}

/* Make room for one more element at the end of an array; NULL without memory. */
void *grow(void *array, size_t nr, size_t *cap, size_t size)
{
	size_t more;
	void *p;

	if (nr < *cap)
		return array;
	more = *cap ? *cap * 2 : 8;
	p = realloc(array, more * size);
	if (p)
		*cap = more;
	return p;
}

/* A path inside the tree; -ENAMETOOLONG where it has no room. */
__printf(3, 0)
static int vpath(struct cgl *c, char path[PATH_MAX], const char *fmt, va_list ap)
{
	size_t len = strlen(c->root);
	int n;

	if (len >= PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(path, c->root, len);
	n = vsnprintf(path + len, PATH_MAX - len, fmt, ap);
	return n < 0 || n >= (int)(PATH_MAX - len) ? -ENAMETOOLONG : 0;
}

/* The same for those who keep it: to free(); NULL without memory. */
char *root_path(struct cgl *c, const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = vpath(c, path, fmt, ap);
	va_end(ap);
	return ret ? NULL : strdup(path);
}

static int vopen(struct cgl *c, int flags, const char *fmt, va_list ap)
{
	char path[PATH_MAX];
	int ret = vpath(c, path, fmt, ap);

	if (ret)
		return ret;
	ret = open(path, flags | O_CLOEXEC);
	return ret < 0 ? -errno : ret;
}

/* Open a file inside the tree: a descriptor or a negative errno. */
int root_open(struct cgl *c, int flags, const char *fmt, ...)
{
	va_list ap;
	int fd;

	va_start(ap, fmt);
	fd = vopen(c, flags, fmt, ap);
	va_end(ap);
	return fd;
}

bool root_has(struct cgl *c, const char *file)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof(path), "%s%s", c->root, file) < (int)sizeof(path) &&
	       !access(path, F_OK);
}

/* As read(), but again where a signal interrupted it, and with a negative errno. */
ssize_t read_some(int fd, void *buf, size_t size)
{
	ssize_t n;

	do {
		n = read(fd, buf, size);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

/* Append the rest of a file: 0 or a negative errno. */
int read_fd(int fd, struct text *t)
{
	char buf[4096];
	ssize_t n;

	/* a string even where the file is empty */
	text_add(t, "", 0);
	while ((n = read_some(fd, buf, sizeof(buf))) > 0)
		text_add(t, buf, n);
	return t->nomem ? -ENOMEM : n;
}

/* Append a whole file inside the tree: 0 or a negative errno. */
int root_read(struct cgl *c, struct text *t, const char *fmt, ...)
{
	va_list ap;
	int fd, ret;

	va_start(ap, fmt);
	fd = vopen(c, O_RDONLY, fmt, ap);
	va_end(ap);
	if (fd < 0)
		return fd;
	ret = read_fd(fd, t);
	close(fd);
	return ret;
}

/* Read a small file again, from its start: its length or a negative errno. */
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

/**
 * cgl_open() - open a file, of this machine or of the saved tree
 * @c: from cgl_new()
 * @path: absolute
 * @flags: as for open(); closed on exec in any case
 *
 * Return: a descriptor or a negative errno.
 */
int cgl_open(struct cgl *c, const char *path, int flags)
{
	int fd = root_open(c, flags, "%s", path);

	return fd < 0 ? cgl_fail(c, fd, "%s: %s", path, strerror(-fd)) : fd;
}

/**
 * cgl_read_text() - read a whole file, of this machine or of the saved tree
 * @c: from cgl_new()
 * @path: absolute
 * @text: gets a string to free()
 *
 * Return: 0 or a negative errno.
 */
int cgl_read_text(struct cgl *c, const char *path, char **text)
{
	struct text t = {};
	int ret = root_read(c, &t, "%s", path);

	if (ret) {
		text_free(&t);
		return cgl_fail(c, ret, "%s: %s", path, strerror(-ret));
	}
	*text = t.s;
	return 0;
}

double now_monotonic(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}
