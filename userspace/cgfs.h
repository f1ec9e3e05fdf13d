/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the cgroup files tell, v1 and v2
 */
#ifndef MEMCGSTAT_CGFS_H
#define MEMCGSTAT_CGFS_H

#include "model.h"

/* What to read of a memory cgroup; each file costs a few microseconds. */
enum cgfs_want {
	CGFS_CORE = 1,		/* memory: usage, limit, failures */
	CGFS_MORE = 2,		/* the same of swap; memory.high; kills */
	CGFS_BASIC = CGFS_CORE | CGFS_MORE,
	CGFS_ALL = 4,		/* every other number */
	CGFS_LRU = 8,
};

#define CGFS_FILES 32

/* A memory cgroup's directory and its files, kept open between readings. */
struct cgdir {
	char *path;		/* as the reader's cgroup namespace names it */
	int dir;
	int fd[CGFS_FILES];
	bool keep;
	bool leaf;		/* has no cgroups below it */
	u64 id;
};

/* The cgroups of the last walk, for those who walk again and again. */
struct cgfs_cache {
	struct cgdir *dirs;
	size_t nr, cap;
	size_t max_files;
	/* private */
	struct cgdir *old;
	size_t nr_old, next;
};

int cgfs_find(void);
bool cgfs_is_v2(void);
const char *cgfs_why_not(void);
char *cgfs_memory_path(const char *proc_cgroup);

int cgdir_open(struct cgdir *d, const char *path, bool keep);
void cgdir_close(struct cgdir *d);
int cgdir_read(struct cgdir *d, struct memcg *m, unsigned int want);

int cgfs_report(struct report *r, u64 pid, unsigned int want);
int cgfs_memcgs(struct report *r, unsigned int want, struct cgfs_cache *c);
void cgfs_cache_close(struct cgfs_cache *c);
int cgfs_procs(const char *path, int (*fn)(u64 pid, void *arg), void *arg);

#endif
