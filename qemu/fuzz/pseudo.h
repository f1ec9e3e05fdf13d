/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls of the table that are not one system call, because what they do needs
 * a path made of a number, or a second task. pseudo.c has them; a reproducer
 * gets their source.
 */
#ifndef FZ_PSEUDO_H
#define FZ_PSEUDO_H

/* Above every system call's number. */
#define FZ_PSEUDO	0x8000

#define FZ_P_FORK	(FZ_PSEUDO + 0)
#define FZ_P_TASKFILE	(FZ_PSEUDO + 1)
#define FZ_P_PUTPID	(FZ_PSEUDO + 2)
#define FZ_P_PUTFILE	(FZ_PSEUDO + 3)
#define FZ_P_GETFILE	(FZ_PSEUDO + 4)
#define FZ_P_TOUCH	(FZ_PSEUDO + 5)

long fz_fork(unsigned long flags, unsigned long action, unsigned long amount);
long fz_taskfile(long pid, unsigned long which, unsigned long flags);
long fz_putpid(const char *path, long pid);
long fz_putfile(const char *path, const char *text, unsigned long len);
long fz_getfile(const char *path, unsigned long chunk);
long fz_touch(unsigned long addr, unsigned long pages);

#endif /* FZ_PSEUDO_H */
