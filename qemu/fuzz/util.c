// SPDX-License-Identifier: GPL-2.0-only
/* What the host's side shares: messages, files, time. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "util.h"

/* fz_say - a line on standard error. */
void fz_say(const char *fmt, ...)
{
	char line[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	fprintf(stderr, "fuzz: %s\n", line);
}

/* fz_die - a line on standard error, and the end, with status 1. */
void fz_die(const char *fmt, ...)
{
	char line[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	fprintf(stderr, "fuzz: error: %s\n", line);
	exit(1);
}

/**
 * fz_format - printf into memory
 * @fmt: as printf's
 *
 * Return: the text, to be freed; without memory the program ends.
 */
char *fz_format(const char *fmt, ...)
{
	va_list args;
	char *s;

	va_start(args, fmt);
	if (vasprintf(&s, fmt, args) < 0)
		fz_die("no memory");
	va_end(args);
	return s;
}

/**
 * fz_read_file - a whole file
 * @path: its path
 * @len: set to its bytes; may be NULL
 *
 * Return: what is in it and a NUL, to be freed; NULL with errno set.
 */
char *fz_read_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "re");
	size_t room = 1 << 16, n = 0;
	char *buf = NULL, *more;

	if (!f)
		return NULL;
	for (;; room *= 2) {
		more = realloc(buf, room);
		if (!more)
			fz_die("no memory to read %s", path);
		buf = more;
		n += fread(buf + n, 1, room - n - 1, f);
		if (n < room - 1)
			break;
	}
	buf[n] = '\0';
	fclose(f);
	if (len)
		*len = n;
	return buf;
}

/**
 * fz_write_file - write a file, all of it or nothing
 * @path: its path; the file of that name is replaced
 * @text: what to write
 * @len: bytes of it
 *
 * Return: 0; -1 with errno set, and the file is as before.
 */
int fz_write_file(const char *path, const char *text, size_t len)
{
	char *tmp = fz_format("%s.%d.new", path, (int)gettid());
	FILE *f = fopen(tmp, "we");
	int err = 0;

	if (!f) {
		err = errno;
	} else {
		if (fwrite(text, 1, len, f) != len)
			err = errno ? errno : EIO;
		if (fclose(f) && !err)
			err = errno;
		if (!err && rename(tmp, path))
			err = errno;
		if (err)
			unlink(tmp);
	}
	free(tmp);
	errno = err;
	return err ? -1 : 0;
}

/* fz_make_dir - a directory, if it is not there; else the program ends. */
void fz_make_dir(const char *path)
{
	if (mkdir(path, 0755) && errno != EEXIST)
		fz_die("cannot make %s: %s", path, strerror(errno));
}

/* fz_now - seconds of a clock that only goes forward. */
double fz_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* fz_crc32 - the checksum of zlib and gzip. */
uint32_t fz_crc32(const void *data, size_t len)
{
	const uint8_t *at = data;
	uint32_t crc = ~0u;
	int bit;

	while (len--) {
		crc ^= *at++;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

/* fz_html - write text so that HTML shows it as it is. */
void fz_html(FILE *f, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '<':
			fputs("&lt;", f);
			break;
		case '>':
			fputs("&gt;", f);
			break;
		case '&':
			fputs("&amp;", f);
			break;
		case '"':
			fputs("&quot;", f);
			break;
		default:
			fputc(*text, f);
		}
	}
}
