/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Readings for the commands: what cannot be read ends the program with a line
 * that says why and what to do about it
 */
#ifndef MEMCGSTAT_SOURCE_H
#define MEMCGSTAT_SOURCE_H

#include "cg_list.h"
#include "util.h"

/* Where files are read; --root chooses. */
extern struct cgl *files;

void source_init(const char *root);
void read_report(struct cgl_report *r, u64 pid, unsigned int want);
void read_memcgs(struct cgl_report *r, unsigned int want, struct cgl_cache *cache);
void read_group(struct cgl_report *r, const char *path, unsigned int want);
u64 process_of(u64 tid);
void check_text(const struct cgl_report *r);

void read_record(struct cgl_record *rec, const char *path, cgl_sample_fn fn, void *arg);

const char *module_why_not(void);
void note_missing(const struct cgl_report *r, const char *what);
__noreturn
void die_no_task(u64 pid, int err);
__noreturn
void die_needs_module(const char *what);
__noreturn
void die_error(void);

const char *memcg_name(const struct cgl_memcg *m);
char *memcg_words(const struct cgl_memcg *m);
char *cgroup_words(const char *path, u64 id, bool hidden);
void add_cause(struct str *b, enum cgl_cause cause, const char *limiter, u64 limiter_id,
	       const char *counter);
void add_kill_cause(struct str *b, const struct cgl_event *kill);
void add_wall_time(struct str *b, double monotonic);
const char *limit_word(enum cgl_limit_kind kind);

#endif
