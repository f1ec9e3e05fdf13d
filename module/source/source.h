/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A source feeds the charge counters and the events. Nothing else knows which
 * one runs.
 */
#ifndef CGL_SOURCE_H
#define CGL_SOURCE_H

#include <linux/seq_file.h>
#include <linux/types.h>

/* What fast_path may be: only charges that meet a limit, all, all by origin. */
enum cgl_fast_path {
	CGL_FAST_NONE,
	CGL_FAST_ALL,
	CGL_FAST_ORIGIN,
};

/**
 * struct cgl_source - one way to see charges
 * @name: as in the module parameter `source`
 * @fast_path_max: the highest fast_path that it can serve
 * @fast_path: the one to begin with
 * @probe: whether this kernel can serve it, asked once, while the module is
 *	loaded (it may be __init); finds out what can be hooked and
 *	arms nothing. 0, or an error and in @why what is missing.
 * @watch: begins to tell charge/table.c of memory cgroups: when it returns, those
 *	that exist have their blocks. Before @attach.
 * @unwatch: the reverse, after @detach. No call is running when it returns.
 * @attach: arms the hooks, but those that only a fast_path above 0 needs
 * @detach: the reverse, those of the fast path included; when it returns, no
 *	hook is running on any CPU
 * @set_fast_path: from one enum cgl_fast_path to another, at most
 *	@fast_path_max; on error it stays as it was
 * @counters: those that can be known now: a set of CGL_BIT()
 * @slow: whether the time in the slow path is known
 * @missed: hits that a hook has lost since the last @reset; NULL: it loses none
 * @reset: restarts @missed at 0; NULL if @missed is NULL
 * @memory: bytes that it has allocated, what the kernel takes for its hooks
 *	included; NULL: none
 * @status: lines of /proc/cg_list/status: cgl_status_hook() for each hook,
 *	cgl_status_unseen() for each thing that cannot be seen
 *
 * All in process context, may sleep; but @counters and @slow, which are quick.
 * source.c calls one at a time, but @counters, @slow, @missed, @memory and
 * @status.
 */
struct cgl_source {
	const char *name;
	int fast_path_max;
	int fast_path;
	int (*probe)(const char **why);
	int (*watch)(void);
	void (*unwatch)(void);
	int (*attach)(void);
	void (*detach)(void);
	int (*set_fast_path)(int from, int to);
	u64 (*counters)(int fast_path);
	bool (*slow)(void);
	u64 (*missed)(void);
	void (*reset)(void);
	size_t (*memory)(void);
	void (*status)(struct seq_file *m);
};

/* The sources: tracepoint.c, kprobe.c */
extern const struct cgl_source cgl_source_tracepoint;
extern const struct cgl_source cgl_source_kprobe;

int cgl_source_init(void);
void cgl_source_exit(void);

int cgl_source_set_fast_path(int fast_path);
int cgl_source_fast_path(void);

const char *cgl_source_name(void);
u64 cgl_source_counters(void);
bool cgl_source_slow(void);
void cgl_source_reset(void);
u64 cgl_source_missed(void);
size_t cgl_source_memory(void);
void cgl_source_status(struct seq_file *m);

#endif /* CGL_SOURCE_H */
