/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Errors, memory, text and numbers that every part of memcgstat uses
 */
#ifndef MEMCGSTAT_UTIL_H
#define MEMCGSTAT_UTIL_H

#include <assert.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "cg_list.h"

typedef cgl_u64 u64;

#define __noreturn	__attribute__((__noreturn__))
#define __printf(a, b)	__attribute__((__format__(printf, a, b)))

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Exit statuses. */
enum {
	EXIT_OK = 0,
	EXIT_FAIL = 1,
	EXIT_USAGE = 2,
};

/* Called before anything is said: a full screen has to be left first. */
extern void (*before_say)(void);

__noreturn __printf(1, 2)
void die(const char *fmt, ...);
__noreturn __printf(1, 2)
void die_usage(const char *fmt, ...);
__printf(1, 2)
void warn(const char *fmt, ...);
__printf(1, 2)
void note_once(const char *fmt, ...);

void *xmalloc(size_t size);
void *xcalloc(size_t nr, size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);
__printf(1, 2)
char *xasprintf(const char *fmt, ...);
void *grow(void *array, size_t nr, size_t *cap, size_t size);

/* A string that grows. */
struct str {
	char *s;
	size_t len;
	size_t cap;
};

void str_add(struct str *b, const char *s, size_t len);
void str_puts(struct str *b, const char *s);
__printf(2, 3)
void str_addf(struct str *b, const char *fmt, ...);
void str_reset(struct str *b);
void str_free(struct str *b);

void text_init(void);
bool text_is_utf8(void);
char *text_safe(const char *s);

#define HUMAN_LEN 16
const char *human_size(u64 n, char buf[HUMAN_LEN]);

double now_monotonic(void);
bool wait_until(int pidfd, double until, const sigset_t *mask, const sig_atomic_t *stop);
void write_all(int fd, const char *s, size_t len, int *err);

#endif
