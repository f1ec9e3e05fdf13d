/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is known of tasks, memory cgroups and events
 *
 * Every view works on this model, whether it was filled from cg_list or from
 * the cgroup files. Numbers are %ABSENT until somebody knows them.
 */
#ifndef MEMCGSTAT_MODEL_H
#define MEMCGSTAT_MODEL_H

#include <cg_list/names.h>

#include "parse.h"

enum counter_kind { CK_MEMORY, CK_SWAP, CK_MEMSW, CK_KMEM, CK_TCPMEM, NR_CK };

enum counter_field {
	CF_USAGE, CF_MAX, CF_HIGH, CF_LOW, CF_MIN, CF_SOFT, CF_PEAK, CF_FAILCNT, NR_CF
};

enum lru_list {
	LRU_INACTIVE_ANON, LRU_ACTIVE_ANON, LRU_INACTIVE_FILE, LRU_ACTIVE_FILE,
	LRU_UNEVICTABLE, NR_LRU
};

/* Numbers of a memcg line. */
enum memcg_field {
	MF_LEVEL, MF_ID, MF_HIERARCHY, MF_ONLINE, MF_SWAPPINESS, MF_OOM_GROUP,
	MF_OOM_KILL_DISABLE, MF_UNDER_OOM, MF_CHARGED_ID, MF_RELEASED, NR_MF
};

/* The cgroup's own memory.events, which only the cgroup files tell. */
enum memcg_event {
	ME_LOW, ME_HIGH, ME_MAX, ME_OOM, ME_OOM_KILL, NR_ME
};

/* Charge path counters: one list for the kernel side and for us. */
enum charge_counter {
#define X(key, name, ...) CH_##name,
	CGL_COUNTERS(X)
#undef X
	NR_CH
};

/* What asked for the pages, from the same list. */
enum origin {
#define X(key, name, ...) OR_##name,
	CGL_ORIGINS(X)
#undef X
	NR_OR
};

extern const char *const counter_kind_names[NR_CK];
extern const char *const counter_field_names[NR_CF];
extern const char *const lru_names[NR_LRU];
extern const char *const memcg_field_names[NR_MF];
extern const char *const memcg_event_names[NR_ME];
extern const char *const charge_names[NR_CH];
extern const char *const origin_names[NR_OR];

struct lru_row {
	u64 node;		/* ABSENT: all nodes in one */
	char zone[16];		/* "": all zones in one */
	u64 bytes[NR_LRU];
};

struct memcg {
	u64 m[NR_MF];
	char *path;		/* NULL: not named; see cg_list(5) */
	u64 counter[NR_CK][NR_CF];
	u64 event[NR_ME];
	struct lru_row *lru;
	unsigned int nr_lru;
	bool lru_subtree;	/* the lists count the children too */
	bool has_charge;
	u64 charge[NR_CH];
	u64 slow_count, slow_total_us, slow_max_us;
	u64 hist[CGL_SLOW_BUCKETS];
	unsigned int nr_hist;
	bool has_origin;
	u64 origin[NR_OR];
	int parent;		/* index in the report, -1 for none */
	unsigned int depth;
};

struct task {
	u64 pid, tgid;
	char *state;
	char *comm;
	u64 memcg_id, usage;	/* from the list of all tasks */
	char *path;
};

struct cgroup_place {
	u64 hierarchy;
	char *controllers;
	char *path;
};

enum ns_type {
	NS_CGROUP, NS_IPC, NS_MNT, NS_NET, NS_PID, NS_TIME, NS_USER, NS_UTS, NR_NS
};

extern const char *const ns_names[NR_NS];

enum cset_field {
	CS_TASKS, CS_REFS, CS_LINKS, CS_THREADED, CS_MIGRATING, CS_DEAD, NR_CS
};

extern const char *const cset_names[NR_CS];

/* Everything that an event line can name. */
enum event_field {
#define X(key, name, ...) EV_##name,
	CGL_EVENT_FIELDS(X)
#undef X
	NR_EV
};

extern const char *const event_names[NR_EV];

struct event {
	char *f[NR_EV];		/* NULL where absent */
};

enum source {
	SRC_NONE,
	SRC_REPORT,		/* /proc/PID/cg_list */
	SRC_TASKFILE,		/* /proc/cg_list/task, for kernels without the patch */
	SRC_MODULE,		/* the files of /proc/cg_list */
	SRC_FILES,		/* the cgroup files alone */
};

/* One task and its memory cgroups, or every memory cgroup, or every task. */
struct report {
	enum source source;
	struct task task;
	u64 cset[NR_CS];
	bool has_cset;
	char *cpus, *mems, *cpus_allowed, *mems_allowed, *cpuset_path;
	u64 ns[NR_NS];
	u64 memcg_more, cset_more;

	struct task *tasks;	/* cset_task lines, or the list of all tasks */
	size_t nr_tasks, cap_tasks;
	struct cgroup_place *places;
	size_t nr_places, cap_places;
	struct memcg *memcgs;
	size_t nr_memcgs, cap_memcgs;
	struct event *events;
	size_t nr_events, cap_events;
};

void report_init(struct report *r);
void report_free(struct report *r);
void report_line(const struct cgl_line *line, void *report);
struct memcg *report_new_memcg(struct report *r);
struct task *report_new_task(struct report *r);
struct cgroup_place *report_new_place(struct report *r);
void report_link(struct report *r);
struct memcg *report_find_id(const struct report *r, u64 id);
struct memcg *report_find_path(const struct report *r, const char *path);

struct lru_row *memcg_new_lru(struct memcg *m);
u64 memcg_failures(const struct memcg *m);
u64 memcg_left(const struct memcg *m, enum counter_kind kind);
struct memcg *tightest(struct memcg *first, size_t nr, enum counter_kind kind);
const char *memcg_name(const struct memcg *m);

void event_fill(struct event *ev, const struct cgl_line *line);
void event_free(struct event *ev);
u64 event_num(const struct event *ev, enum event_field field);
bool event_is(const struct event *ev, const char *type);

#endif
