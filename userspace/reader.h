/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the facts come from: cg_list, or the cgroup files
 */
#ifndef MEMCGSTAT_READER_H
#define MEMCGSTAT_READER_H

#include "cgfs.h"
#include "model.h"

#define MAX_LEVELS 32

/* A task that is read again and again; what it needs stays open. */
struct task_reader {
	u64 pid;
	enum source source;
	int fd;				/* the report, or /proc/PID/cgroup */
	struct cgdir dir[MAX_LEVELS];	/* for SRC_FILES */
	unsigned int nr_dirs;
	unsigned int want;
};

int task_reader_open(struct task_reader *t, u64 pid, unsigned int want);
int task_reader_read(struct task_reader *t, struct report *r);
void task_reader_close(struct task_reader *t);

void read_report(struct report *r, u64 pid, unsigned int want);
void read_memcgs(struct report *r, unsigned int want, struct cgfs_cache *cache);
int read_tasks(struct report *r);
int find_group(struct report *r, const char *path, unsigned int want);
void read_group(struct report *r, const char *path, unsigned int want);
int parse_file(const char *path, cgl_fn fn, void *arg);
int open_events(int flags);

const char *module_why_not(void);
void note_missing(const struct report *r, const char *what);
__noreturn
void die_no_task(u64 pid, int err);
__noreturn
void die_needs_module(const char *what);

#endif
