/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of /proc, /sys and /run, of this machine or of a saved tree
 */
#ifndef MEMCGSTAT_ROOT_H
#define MEMCGSTAT_ROOT_H

#include "util.h"

void root_set(const char *dir);
bool root_is_saved(void);
__printf(1, 2)
char *root_path(const char *fmt, ...);
__printf(2, 3)
int root_open(int flags, const char *fmt, ...);
__printf(2, 3)
int root_read(struct str *b, const char *fmt, ...);
int read_fd(int fd, struct str *b);
int pread_fd(int fd, char *buf, size_t size);

#endif
