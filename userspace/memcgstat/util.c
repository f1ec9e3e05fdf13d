// SPDX-License-Identifier: GPL-2.0-only
/*
 * Errors, memory, text and numbers that every part of memcgstat uses
 *
 * What comes from a kernel file may hold anything: a comm or the name of a
 * cgroup is chosen by whoever made it. Nothing of it reaches the terminal
 * other than through text_safe().
 */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "util.h"

void (*before_say)(void);

static bool utf8;

static void say(const char *fmt, va_list ap)
{
	if (before_say)
		before_say();
	fflush(stdout);
	fputs("memcgstat: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

/**
 * die() - one line on standard error, and exit status 1
 * @fmt: says what failed and what to do about it
 */
void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	exit(EXIT_FAIL);
}

/**
 * die_usage() - one line on standard error, and exit status 2
 * @fmt: says what is wrong with the command line
 */
void die_usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	exit(EXIT_USAGE);
}

/**
 * warn() - one line on standard error
 * @fmt: the line
 */
void warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

/**
 * note_once() - say what cannot be shown and why, the first time only
 * @fmt: the line; the format itself is what is remembered
 */
void note_once(const char *fmt, ...)
{
	static const char *said[16];
	unsigned int i;
	va_list ap;

	for (i = 0; i < ARRAY_SIZE(said) && said[i]; i++)
		if (said[i] == fmt)
			return;
	if (i < ARRAY_SIZE(said))
		said[i] = fmt;
	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

void *xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		die("out of memory");
	return p;
}

void *xcalloc(size_t nr, size_t size)
{
	void *p = calloc(nr ? nr : 1, size);

	if (!p)
		die("out of memory");
	return p;
}

void *xrealloc(void *p, size_t size)
{
	p = realloc(p, size ? size : 1);
	if (!p)
		die("out of memory");
	return p;
}

char *xstrdup(const char *s)
{
	size_t len = strlen(s) + 1;

	return memcpy(xmalloc(len), s, len);
}

char *xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0)
		die("out of memory");
	return s;
}

/**
 * grow() - make room for one more element at the end of an array
 * @array: the array, or NULL
 * @nr: elements in use
 * @cap: elements there is room for, updated
 * @size: bytes an element
 *
 * Return: the array, perhaps elsewhere.
 */
void *grow(void *array, size_t nr, size_t *cap, size_t size)
{
	if (nr < *cap)
		return array;
	*cap = *cap ? *cap * 2 : 8;
	return xrealloc(array, *cap * size);
}

void str_add(struct str *b, const char *s, size_t len)
{
	if (b->len + len + 1 > b->cap) {
		b->cap = (b->len + len + 1) * 2;
		b->s = xrealloc(b->s, b->cap);
	}
	if (len)
		memcpy(b->s + b->len, s, len);
	b->len += len;
	b->s[b->len] = '\0';
}

void str_puts(struct str *b, const char *s)
{
	str_add(b, s, strlen(s));
}

void str_addf(struct str *b, const char *fmt, ...)
{
	char tmp[256];
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(tmp, sizeof(tmp), fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof(tmp)) {
		str_add(b, tmp, n);
		return;
	}
	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0)
		die("out of memory");
	str_add(b, s, n);
	free(s);
}

/* Empty, but still a string. */
void str_reset(struct str *b)
{
	b->len = 0;
	str_add(b, "", 0);
}

void str_free(struct str *b)
{
	free(b->s);
	memset(b, 0, sizeof(*b));
}

/**
 * text_init() - take the user's locale, and learn whether it is UTF-8
 *
 * Numbers stay as in the C locale: they are for machines too.
 */
void text_init(void)
{
	setlocale(LC_CTYPE, "");
	utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
}

bool text_is_utf8(void)
{
	return utf8;
}

/*
 * The length of the printable UTF-8 sequence at @s, 0 where there is none:
 * overlong forms, surrogates, C1 controls and what cuts off early included.
 */
static unsigned int utf8_len(const unsigned char *s)
{
	unsigned int c, len, i;

	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		len = 2;
	else if (s[0] >= 0xe0 && s[0] <= 0xef)
		len = 3;
	else if (s[0] >= 0xf0 && s[0] <= 0xf4)
		len = 4;
	else
		return 0;
	c = s[0] & (0x7f >> len);
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < 0xa0 || (c >= 0xd800 && c <= 0xdfff) || c > 0x10ffff)
		return 0;
	if ((len == 3 && c < 0x800) || (len == 4 && c < 0x10000))
		return 0;
	/* marks that turn the direction of the text, and line separators */
	if ((c >= 0x200e && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2066 && c <= 0x2069))
		return 0;
	return len;
}

/**
 * text_safe() - a text from a kernel file, fit for a terminal
 * @s: the text, unescaped
 *
 * Control bytes, backslashes and what is not printable in this locale become
 * a backslash and three octal digits, as the kernel writes them.
 *
 * Return: a string to free().
 */
char *text_safe(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	struct str b = {};
	unsigned int len;

	str_reset(&b);
	while (*p) {
		len = 1;
		if (*p >= 0x80)
			len = utf8 ? utf8_len(p) : 0;
		else if (*p < 0x20 || *p == 0x7f || *p == '\\')
			len = 0;
		if (len) {
			str_add(&b, (const char *)p, len);
			p += len;
		} else {
			str_addf(&b, "\\%03o", *p++);
		}
	}
	return b.s;
}

/**
 * human_size() - an amount of memory for a person: 3 digits and a unit
 * @n: bytes, or %CGL_UNLIMITED or %CGL_ABSENT
 * @buf: where to write
 *
 * Return: @buf
 */
const char *human_size(u64 n, char buf[HUMAN_LEN])
{
	static const char unit[] = "BKMGTPE";
	unsigned int u = 0;
	double d = n;

	if (n == CGL_ABSENT)
		return strcpy(buf, "-");
	if (n == CGL_UNLIMITED)
		return strcpy(buf, "max");
	while (d >= 1023.5 && u < sizeof(unit) - 2) {
		d /= 1024;
		u++;
	}
	if (!u)
		snprintf(buf, HUMAN_LEN, "%uB", (unsigned int)n);
	else if (d < 99.95 && (u64)(d * 10 + 0.5) % 10)
		snprintf(buf, HUMAN_LEN, "%.1f%c", d, unit[u]);
	else
		snprintf(buf, HUMAN_LEN, "%.0f%c", d, unit[u]);
	return buf;
}

double now_monotonic(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/**
 * wait_until() - sleep until a time, or until a process has ended
 * @pidfd: the process; -1: only until the time
 * @until: the time, as now_monotonic() has it
 * @mask: signals to block meanwhile, as in ppoll(); NULL: as they are
 * @stop: a signal that sets it ends the sleep; NULL: none does
 *
 * Return: true when the process has ended.
 */
bool wait_until(int pidfd, double until, const sigset_t *mask, const sig_atomic_t *stop)
{
	struct pollfd pfd = { .fd = pidfd, .events = POLLIN };
	struct timespec ts;
	double left;
	int n;

	do {
		left = until - now_monotonic();
		if (left < 0)
			left = 0;
		ts.tv_sec = left;
		ts.tv_nsec = (left - ts.tv_sec) * 1e9;
		n = ppoll(&pfd, pidfd >= 0, &ts, mask);
	} while (n < 0 && errno == EINTR &&
		 !(stop && __atomic_load_n(stop, __ATOMIC_RELAXED)));
	return n > 0;
}

/**
 * write_all() - write() until all is written or it fails
 * @fd: where to
 * @s: what
 * @len: bytes
 * @err: set to the errno of a failure, and then nothing more is written
 */
void write_all(int fd, const char *s, size_t len, int *err)
{
	ssize_t n;

	while (len && !*err) {
		n = write(fd, s, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			*err = n ? errno : EIO;
			return;
		}
		s += n;
		len -= n;
	}
}
