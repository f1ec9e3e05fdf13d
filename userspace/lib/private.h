/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of libcg_list share among themselves
 */
#ifndef CG_LIST_PRIVATE_H
#define CG_LIST_PRIVATE_H

#include <assert.h>
#include <stdint.h>
#include <sys/types.h>

#include "cg_list.h"

typedef cgl_u64 u64;

#define ABSENT		CGL_ABSENT
#define UNLIMITED	CGL_UNLIMITED

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define __printf(a, b)	__attribute__((__format__(printf, a, b)))

/* All bits set is absent in every number. */
#define ALL_ABSENT(numbers)	memset(&(numbers), 0xff, sizeof(numbers))

struct cgl {
	char *root;		/* "": this machine */
	bool found;		/* the memory controller, and then: */
	bool v2;
	char *mount;		/* where it is mounted, the root included */
	char *top;		/* the cgroup that is mounted there */
	char error[768];
};

__printf(3, 4)
int cgl_fail(struct cgl *c, int err, const char *fmt, ...);

/*
 * A text that grows. Once memory was short it stays as it was, and says so at
 * the end: whoever adds to it need not ask each time.
 */
struct text {
	char *s;
	size_t len;
	size_t cap;
	bool nomem;
};

void text_add(struct text *t, const char *s, size_t len);
void text_puts(struct text *t, const char *s);
__printf(2, 3)
void text_addf(struct text *t, const char *fmt, ...);
void text_add_value(struct text *t, const char *s);
void text_reset(struct text *t);
void text_free(struct text *t);

void *grow(void *array, size_t nr, size_t *cap, size_t size);

__printf(2, 3)
char *root_path(struct cgl *c, const char *fmt, ...);
__printf(3, 4)
int root_open(struct cgl *c, int flags, const char *fmt, ...);
__printf(3, 4)
int root_read(struct cgl *c, struct text *t, const char *fmt, ...);
bool root_has(struct cgl *c, const char *path);
ssize_t read_some(int fd, void *buf, size_t size);
int read_fd(int fd, struct text *t);
int pread_fd(int fd, char *buf, size_t size);

double now_monotonic(void);

/* parse.c */
int name_index(const char *const *names, unsigned int nr, const char *name);
void get_all(const struct cgl_line *line, const char *const *names, unsigned int nr, u64 *out);

/* model.c */
extern const char *const lru_names[CGL_NR_LRU];
extern const char *const memcg_event_names[CGL_NR_ME];
extern const char *const ns_names[CGL_NR_NS];
struct cgl_memcg *report_new_memcg(struct cgl_report *r);
struct cgl_task *report_new_task(struct cgl_report *r);
struct cgl_place *report_new_place(struct cgl_report *r);
struct cgl_lru *memcg_new_lru(struct cgl_memcg *m);
void memcg_free(struct cgl_memcg *m);

/* cgfs.c */
#define CGFS_FILES 32

/* A memory cgroup's directory and its files, kept open between readings. */
struct cgdir {
	struct cgl *c;
	char *path;		/* as the reader's cgroup namespace names it */
	int dir;
	int fd[CGFS_FILES];
	bool keep;
	bool leaf;		/* has no cgroups below it */
	u64 id;
};

int cgdir_open(struct cgl *c, struct cgdir *d, const char *path, bool keep);
void cgdir_close(struct cgdir *d);
int cgdir_read(struct cgdir *d, struct cgl_memcg *m, unsigned int want);
int cgfs_memcgs(struct cgl *c, struct cgl_report *r, unsigned int want, struct cgl_cache *cache);
int cgfs_memory_path(struct cgl *c, const char *proc_cgroup, char **path);

/* procfs.c */
bool procfs_is_dying(struct cgl *c, u64 pid);
int procfs_report(struct cgl *c, struct cgl_report *r, u64 pid);

#endif
