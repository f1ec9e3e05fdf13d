/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libcg_list: what is known of tasks, memory cgroups and events
 *
 * It reads the files of the module cg_list, and where these are not there the
 * files of cgroup v1 and v2 and of /proc. Every reading becomes the same model,
 * a struct cgl_report. See cg_list(3), and cg_list(5) for what the numbers mean.
 *
 * Units: amounts of memory are bytes; a name that ends in _pages counts pages,
 * one that ends in _us microseconds; times are seconds of CLOCK_MONOTONIC;
 * every other number is a count. A number is %CGL_ABSENT where this kernel or
 * this source cannot tell it, and %CGL_UNLIMITED for a limit that is not set.
 *
 * Errors: a function that can fail returns 0 or a negative errno, unless its
 * comment says otherwise; cgl_error() then says in words what failed and where.
 * Nothing here exits, prints, or keeps anything outside of what it is given.
 *
 * Threads: a struct cgl and everything made from it belong to one thread at a
 * time; different ones are independent of each other.
 */
#ifndef CG_LIST_H
#define CG_LIST_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "cg_list/names.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef unsigned long long cgl_u64;

#define CGL_ABSENT	(~0ULL)	/* nobody knows it */
#define CGL_UNLIMITED	(~1ULL)	/* a limit that is not set: "max" */

/* Whether @v is a number: neither absent nor without a limit. */
static inline bool cgl_is_number(cgl_u64 v)
{
	return v < CGL_UNLIMITED;
}

/* A number to add up or to compare with: 0 where it is not known. */
static inline cgl_u64 cgl_or_0(cgl_u64 v)
{
	return cgl_is_number(v) ? v : 0;
}

bool cgl_parse_number(const char *s, cgl_u64 *v);
bool cgl_parse_amount(const char *s, cgl_u64 *v);
cgl_u64 cgl_delta(cgl_u64 now, cgl_u64 before);

/*
 * The parser of the format: lines of KEY name=value name=value ...
 */

struct cgl_pair {
	const char *name;
	const char *value;		/* unescaped */
};

struct cgl_line {
	const char *key;
	unsigned int nr;
	const struct cgl_pair *pair;
};

/**
 * typedef cgl_fn - what to do with a line
 * @line: valid during the call
 * @arg: as it was given to the parser
 */
typedef void (*cgl_fn)(const struct cgl_line *line, void *arg);

struct cgl_parser;

struct cgl_parser *cgl_parser_new(cgl_fn fn, void *arg);
int cgl_parser_feed(struct cgl_parser *p, const char *text, size_t len);
int cgl_parser_read(struct cgl_parser *p, int fd);
void cgl_parser_end(struct cgl_parser *p);
unsigned int cgl_parser_version(const struct cgl_parser *p);
cgl_u64 cgl_parser_bad(const struct cgl_parser *p);
bool cgl_parser_cut(const struct cgl_parser *p);
void cgl_parser_free(struct cgl_parser *p);

const char *cgl_get(const struct cgl_line *line, const char *name);
cgl_u64 cgl_get_amount(const struct cgl_line *line, const char *name);

/*
 * The model
 */

/*
 * Every list has its names from the contract: CGL_CK_memory, CGL_CF_usage,
 * CGL_CH_stock and so on.
 */
#define CGL_ENUM_COUNTER(name)		CGL_CK_##name,
#define CGL_ENUM_COUNTER_FIELD(key, name, ...)	CGL_CF_##name,
#define CGL_ENUM_LRU(key, name, ...)	CGL_LRU_##name,
#define CGL_ENUM_MEMCG(key, name, ...)	CGL_MF_##name,
#define CGL_ENUM_CHARGE(key, name, ...)	CGL_CH_##name,
#define CGL_ENUM_ORIGIN(key, name, ...)	CGL_OR_##name,
#define CGL_ENUM_NS(key, name, ...)	CGL_NS_##name,
#define CGL_ENUM_CSET(key, name, ...)	CGL_CS_##name,
#define CGL_ENUM_EVENT(key, name, ...)	CGL_EV_##name,

enum cgl_counter { CGL_COUNTER_NAMES(CGL_ENUM_COUNTER) CGL_NR_CK };
enum cgl_counter_field { CGL_COUNTER_FIELDS(CGL_ENUM_COUNTER_FIELD) CGL_NR_CF };
enum cgl_lru_list { CGL_LRU_LISTS(CGL_ENUM_LRU) CGL_NR_LRU };
enum cgl_memcg_field { CGL_MEMCG_FIELDS(CGL_ENUM_MEMCG) CGL_NR_MF };
enum cgl_charge { CGL_COUNTERS(CGL_ENUM_CHARGE) CGL_NR_CH };
enum cgl_origin { CGL_ORIGINS(CGL_ENUM_ORIGIN) CGL_NR_OR };
enum cgl_ns { CGL_NS_FIELDS(CGL_ENUM_NS) CGL_NR_NS };
enum cgl_cset_field { CGL_CSET_FIELDS(CGL_ENUM_CSET) CGL_NR_CS };
enum cgl_event_field { CGL_EVENT_FIELDS(CGL_ENUM_EVENT) CGL_NR_EV };

/* The cgroup's own memory.events, which the cgroup files alone tell. */
enum cgl_memcg_event {
	CGL_ME_low, CGL_ME_high, CGL_ME_max, CGL_ME_oom, CGL_ME_oom_kill, CGL_NR_ME
};

/* What a memory cgroup's memory is, which the cgroup files alone tell: memory.stat. */
enum cgl_part {
	CGL_PART_anon,		/* of processes */
	CGL_PART_file,		/* page cache, but for shmem */
	CGL_PART_shmem,		/* tmpfs, shared memory, memfd */
	CGL_PART_kernel,	/* slab, stacks, page tables */
	CGL_PART_sock,		/* network buffers */
	CGL_NR_PARTS
};

/* The lists of names, as they stand in the format. */
enum cgl_names {
	CGL_NAMES_COUNTER,	/* by &enum cgl_counter */
	CGL_NAMES_COUNTER_FIELD,
	CGL_NAMES_LRU,
	CGL_NAMES_MEMCG_FIELD,
	CGL_NAMES_MEMCG_EVENT,
	CGL_NAMES_CHARGE,
	CGL_NAMES_ORIGIN,
	CGL_NAMES_NS,
	CGL_NAMES_CSET,
	CGL_NAMES_EVENT_FIELD,
	CGL_NAMES_EVENT_TYPE,
};

const char *cgl_name(enum cgl_names list, unsigned int i);
int cgl_name_index(enum cgl_names list, const char *name);

struct cgl_lru {
	cgl_u64 node;		/* CGL_ABSENT: all nodes in one */
	char zone[16];		/* "": all zones in one */
	cgl_u64 bytes[CGL_NR_LRU];
};

struct cgl_memcg {
	cgl_u64 m[CGL_NR_MF];	/* by &enum cgl_memcg_field; what is no number is absent */
	char *path;		/* NULL: not named; see cg_list(5) */
	cgl_u64 counter[CGL_NR_CK][CGL_NR_CF];
	cgl_u64 event[CGL_NR_ME];
	struct cgl_lru *lru;
	unsigned int nr_lru;
	cgl_u64 part[CGL_NR_PARTS];	/* bytes, descendants included; by cgl_read_parts() */
	bool lru_subtree;	/* the lists count the descendants too */
	bool has_charge;
	cgl_u64 charge[CGL_NR_CH];
	cgl_u64 slow_count, slow_total_us, slow_max_us;
	cgl_u64 hist[CGL_SLOW_BUCKETS];	/* charges by power of two of microseconds */
	unsigned int nr_hist;
	bool has_origin;
	cgl_u64 origin[CGL_NR_OR];	/* pages */
	int parent;		/* index in the report, -1 for none */
	unsigned int depth;
};

struct cgl_task {
	cgl_u64 pid, tgid;
	char *state;
	char *comm;
	cgl_u64 memcg_id, usage;	/* from the list of all tasks */
	char *path;
};

struct cgl_place {
	cgl_u64 hierarchy;
	char *controllers;
	char *path;
};

struct cgl_event {
	char *f[CGL_NR_EV];	/* NULL where absent */
};

/* Where a report comes from. */
enum cgl_source {
	CGL_SRC_NONE,
	CGL_SRC_REPORT,		/* /proc/PID/cg_list */
	CGL_SRC_TASKFILE,	/* /proc/cg_list/task, for kernels without the patch */
	CGL_SRC_MODULE,		/* the files of /proc/cg_list */
	CGL_SRC_FILES,		/* the cgroup files alone */
};

/*
 * One task and its memory cgroups, or every memory cgroup, or every task. All
 * that it points to is its own, and lives until cgl_report_free().
 */
struct cgl_report {
	enum cgl_source source;
	unsigned int version;	/* of the text it was read from, 0: the cgroup files */
	bool cut;		/* its last line was cut off, and left out */
	int err;		/* -ENOMEM: lines are missing for want of memory */
	struct cgl_task task;
	cgl_u64 cset[CGL_NR_CS];
	bool has_cset;
	char *cpus, *mems, *cpus_allowed, *mems_allowed, *cpuset_path;
	cgl_u64 ns[CGL_NR_NS];
	cgl_u64 memcg_more, cset_more;

	struct cgl_task *tasks;	/* cset_task lines, or the list of all tasks */
	size_t nr_tasks, cap_tasks;
	struct cgl_place *places;
	size_t nr_places, cap_places;
	struct cgl_memcg *memcgs;	/* the task's own first, or all in pre-order */
	size_t nr_memcgs, cap_memcgs;
	struct cgl_event *events;
	size_t nr_events, cap_events;
};

void cgl_report_init(struct cgl_report *r);
void cgl_report_free(struct cgl_report *r);
void cgl_report_line(const struct cgl_line *line, void *report);
void cgl_report_link(struct cgl_report *r);
void cgl_link_path(struct cgl_report *r, struct cgl_memcg *m);
struct cgl_memcg *cgl_find_id(const struct cgl_report *r, cgl_u64 id);
struct cgl_memcg *cgl_find_path(const struct cgl_report *r, const char *path);

bool cgl_path_matches(const char *path, const char *wanted, bool below);

cgl_u64 cgl_failures(const struct cgl_memcg *m);

/* The limits that a memory cgroup can have. */
enum cgl_limit_kind {
	CGL_LIMIT_MAX,		/* memory.max, memory.limit_in_bytes */
	CGL_LIMIT_MEMSW,	/* v1: memory.memsw.limit_in_bytes */
	CGL_LIMIT_SWAP,		/* v2: memory.swap.max; above it nothing is swapped out */
	CGL_LIMIT_HIGH,		/* v2: memory.high; above it tasks are slowed down */
	CGL_LIMIT_SWAP_HIGH,	/* v2: memory.swap.high; the same */
	CGL_LIMIT_SOFT,		/* v1: memory.soft_limit_in_bytes */
	CGL_NR_LIMITS,
	CGL_LIMIT_HARD = CGL_NR_LIMITS,	/* where charges fail: the tighter of the first two */
};

/* A limit, and how it stands. */
struct cgl_limit {
	const struct cgl_memcg *memcg;	/* whose it is; NULL: none is set */
	enum cgl_limit_kind kind;
	cgl_u64 usage, limit;		/* bytes */
	cgl_u64 left;			/* bytes; 0 above it */
};

bool cgl_limit_of(const struct cgl_memcg *m, enum cgl_limit_kind kind, struct cgl_limit *l);
bool cgl_limit_next(const struct cgl_report *r, const struct cgl_memcg *m,
		    enum cgl_limit_kind kind, struct cgl_limit *l);

int cgl_event_fill(struct cgl_event *ev, const struct cgl_line *line);
void cgl_event_free(struct cgl_event *ev);
cgl_u64 cgl_event_num(const struct cgl_event *ev, enum cgl_event_field field);
bool cgl_event_is(const struct cgl_event *ev, const char *type);

/* What a process that was killed for memory died of. */
enum cgl_cause {
	CGL_CAUSE_UNKNOWN,	/* nothing tells whose limit it was, if any */
	CGL_CAUSE_LIMIT,	/* a memory cgroup's limit */
	CGL_CAUSE_HIDDEN,	/* that of one outside the reader's cgroup namespace */
	CGL_CAUSE_MACHINE,	/* no limit: the machine was out of memory */
	CGL_CAUSE_CPUSET,	/* no limit: the memory nodes of its cpuset were full */
	CGL_CAUSE_POLICY,	/* no limit: those of a memory policy were */
	CGL_CAUSE_SYSRQ,	/* a person asked for it, by SysRq */
};

enum cgl_cause cgl_kill_cause(const struct cgl_event *kill);

/*
 * Where files are read: this machine, or a saved tree. It keeps what was found
 * there and the text of the last error.
 */
struct cgl;

struct cgl *cgl_new(const char *root);
void cgl_free(struct cgl *c);
const char *cgl_error(const struct cgl *c);
bool cgl_is_saved(const struct cgl *c);
bool cgl_is_v2(const struct cgl *c);
int cgl_find(struct cgl *c);
int cgl_open(struct cgl *c, const char *path, int flags);
int cgl_read_text(struct cgl *c, const char *path, char **text);
int cgl_open_events(struct cgl *c, int flags);

/* Why there is nothing of cg_list. */
enum cgl_lack {
	CGL_LACK_SAVED,		/* the saved tree has none of its files */
	CGL_LACK_RIGHT,		/* its files are for root */
	CGL_LACK_MODULE,	/* a patched kernel without the module */
	CGL_LACK_KERNEL,	/* neither */
};

enum cgl_lack cgl_lack(struct cgl *c);

/* What to read of a memory cgroup's files; each costs a few microseconds. */
enum cgl_want {
	CGL_WANT_CORE = 1,	/* memory, and memory and swap: usage, limits, failures */
	CGL_WANT_MORE = 2,	/* the same of swap alone; kills */
	CGL_WANT_BASIC = CGL_WANT_CORE | CGL_WANT_MORE,
	CGL_WANT_ALL = 4,	/* every other number */
	CGL_WANT_LRU = 8,
};

/* What stays open of the cgroups between readings of all of them. */
struct cgl_cache;

struct cgl_cache *cgl_cache_new(void);
void cgl_cache_free(struct cgl_cache *cache);

int cgl_read_task(struct cgl *c, struct cgl_report *r, cgl_u64 pid, unsigned int want);
int cgl_read_memcgs(struct cgl *c, struct cgl_report *r, unsigned int want,
		    struct cgl_cache *cache);
int cgl_read_group(struct cgl *c, struct cgl_report *r, const char *path, unsigned int want);
int cgl_read_tasks(struct cgl *c, struct cgl_report *r);
int cgl_read_parts(struct cgl *c, struct cgl_report *r);

/* A task that is read again and again; what it needs stays open. */
struct cgl_reader;

int cgl_reader_new(struct cgl *c, struct cgl_reader **reader, cgl_u64 pid, unsigned int want);
int cgl_reader_read(struct cgl_reader *t, struct cgl_report *r);
void cgl_reader_free(struct cgl_reader *t);

/* What /proc and cgroup.procs tell. */
typedef int (*cgl_pid_fn)(cgl_u64 pid, void *arg);

int cgl_pids(struct cgl *c, cgl_pid_fn fn, void *arg);
int cgl_procs(struct cgl *c, const char *path, cgl_pid_fn fn, void *arg);
char *cgl_comm(struct cgl *c, cgl_u64 pid);
bool cgl_is_kernel_thread(struct cgl *c, cgl_u64 pid);
cgl_u64 cgl_ns_number(struct cgl *c, cgl_u64 pid, enum cgl_ns type);
int cgl_memory_path(struct cgl *c, cgl_u64 pid, char **path);

/*
 * How a process ends. The watch has to begin before: one that is gone tells
 * nothing any more.
 */
enum cgl_how {
	CGL_ENDED_UNKNOWN,	/* nothing tells */
	CGL_ENDED_EXITED,	/* not killed for memory */
	CGL_ENDED_KILLED,	/* killed for memory */
};

struct cgl_ending {
	enum cgl_how how;
	enum cgl_cause cause;	/* of a kill for memory */
	char *limiter;		/* path of the cgroup whose limit it was; NULL: not named */
	cgl_u64 limiter_id;	/* its id, CGL_ABSENT: unknown */
	const char *counter;	/* the counter that refused, or NULL */
	cgl_u64 by_pid;		/* who caused the kill, CGL_ABSENT: unknown */
	char *by_comm;		/* its name, or NULL */
	bool by_charge;		/* it was seen to charge memory; else perhaps it lowered a limit */
	int status;		/* as from wait(); -1: unknown */
	const char *doubt;	/* why it is not known how the process ended, or NULL */
};

struct cgl_watch;

cgl_u64 cgl_process_of(struct cgl *c, cgl_u64 tid);
int cgl_find_kill(struct cgl *c, cgl_u64 pid, struct cgl_event *kill);

struct cgl_watch *cgl_watch_new(struct cgl *c, cgl_u64 pid);
const struct cgl_event *cgl_watch_next_kill(struct cgl_watch *w);
cgl_u64 cgl_watch_kills(struct cgl_watch *w);
void cgl_watch_tick(struct cgl_watch *w, const char *path);
int cgl_watch_end(struct cgl_watch *w, struct cgl_ending *e);
void cgl_watch_free(struct cgl_watch *w);
void cgl_ending_free(struct cgl_ending *e);

/*
 * Records: samples and events over time, in a file.
 */
#define CGL_RECORD_VERSION 1

struct cgl_writer;

int cgl_writer_new(struct cgl *c, struct cgl_writer **writer, const char *path, cgl_u64 pid);
int cgl_writer_sample(struct cgl_writer *w, double time, const struct cgl_report *now,
		      const char *events);
int cgl_writer_ended(struct cgl_writer *w, double time, const struct cgl_ending *e);
int cgl_writer_finish(struct cgl_writer *w);
void cgl_writer_free(struct cgl_writer *w);

/* A record as it is read: the state after each sample. */
struct cgl_record {
	cgl_u64 version;
	cgl_u64 pid;		/* the process it is about, CGL_ABSENT: none */
	double start;		/* time of the first sample */
	cgl_u64 samples;	/* so far */
	bool cut;		/* the end is missing */
	char *how, *limiter;	/* how the process ended, or NULL */
	double ended;		/* when, not a number: it did not */
	struct cgl_report now;	/* the state; its events are those since the last sample */
	double time;		/* of the state */
};

/**
 * typedef cgl_sample_fn - what to do with a sample
 * @rec: the record as it is then
 * @arg: as it was given to cgl_record_read()
 */
typedef void (*cgl_sample_fn)(struct cgl_record *rec, void *arg);

int cgl_record_read(struct cgl *c, struct cgl_record *rec, const char *path, cgl_sample_fn fn,
		    void *arg);
void cgl_record_free(struct cgl_record *rec);

#ifdef __cplusplus
}
#endif

#endif
