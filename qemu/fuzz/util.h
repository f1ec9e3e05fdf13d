/* SPDX-License-Identifier: GPL-2.0-only */
/* What the host's side shares: messages, files, time. */
#ifndef FZ_UTIL_H
#define FZ_UTIL_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

void fz_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void fz_die(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
char *fz_read_file(const char *path, size_t *len);
int fz_write_file(const char *path, const char *text, size_t len);
char *fz_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void fz_make_dir(const char *path);
double fz_now(void);
uint32_t fz_crc32(const void *data, size_t len);
void fz_html(FILE *f, const char *text);

#endif /* FZ_UTIL_H */
