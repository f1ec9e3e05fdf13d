// SPDX-License-Identifier: GPL-2.0-only
/*
 * What libcg_list promises: it goes on where memory is short, frees all that it
 * took, and says in words what failed.
 *
 *	library TREES DIR
 *
 * Every reading of the saved trees is done again and again, its n-th allocation
 * failing, until one comes through: it ends in -ENOMEM then, or as it does with
 * memory enough. A sanitizer sees what was not freed. DIR is for records.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cg_list.h"

/* Allocations until one fails, -1: none does. */
static long fail_at = -1;
static long allocations;

static bool fails(void)
{
	allocations++;
	return fail_at >= 0 && allocations > fail_at;
}

/*
 * What the linker calls in their place, by --wrap; it wants both declared.
 */
void *__real_malloc(size_t size);
void *__real_calloc(size_t nr, size_t size);
void *__real_realloc(void *p, size_t size);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);
int __real_vasprintf(char **s, const char *fmt, va_list ap);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t nr, size_t size);
void *__wrap_realloc(void *p, size_t size);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);
int __wrap_vasprintf(char **s, const char *fmt, va_list ap);
int __wrap_asprintf(char **s, const char *fmt, ...);

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t nr, size_t size)
{
	return fails() ? NULL : __real_calloc(nr, size);
}

void *__wrap_realloc(void *p, size_t size)
{
	return fails() ? NULL : __real_realloc(p, size);
}

char *__wrap_strdup(const char *s)
{
	return fails() ? NULL : __real_strdup(s);
}

char *__wrap_strndup(const char *s, size_t n)
{
	return fails() ? NULL : __real_strndup(s, n);
}

int __wrap_vasprintf(char **s, const char *fmt, va_list ap)
{
	return fails() ? -1 : __real_vasprintf(s, fmt, ap);
}

int __wrap_asprintf(char **s, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = __wrap_vasprintf(s, fmt, ap);
	va_end(ap);
	return n;
}

static const char *trees, *dir;

struct job {
	const char *what;
	const char *tree;
	int (*run)(struct cgl *c, const char *arg);
	const char *arg;
};

static int task(struct cgl *c, const char *arg)
{
	struct cgl_report r;
	int ret = cgl_read_task(c, &r, atoi(arg),
				CGL_WANT_BASIC | CGL_WANT_ALL | CGL_WANT_LRU);

	cgl_report_free(&r);
	return ret;
}

static int memcgs(struct cgl *c, const char *arg)
{
	struct cgl_cache *cache = cgl_cache_new();
	struct cgl_report r;
	int ret;

	(void)arg;
	ret = cgl_read_memcgs(c, &r, CGL_WANT_BASIC, cache);
	cgl_report_free(&r);
	if (!ret) {
		ret = cgl_read_memcgs(c, &r, CGL_WANT_BASIC, cache);
		cgl_report_free(&r);
	}
	cgl_cache_free(cache);
	return ret;
}

static int group(struct cgl *c, const char *arg)
{
	struct cgl_report r;
	int ret = cgl_read_group(c, &r, arg, CGL_WANT_BASIC);

	cgl_report_free(&r);
	return ret;
}

static int tasks(struct cgl *c, const char *arg)
{
	struct cgl_report r;
	int ret = cgl_read_tasks(c, &r);

	(void)arg;
	cgl_report_free(&r);
	return ret;
}

static int one_pid(cgl_u64 pid, void *arg)
{
	char *path = NULL;
	int ret;

	free(cgl_comm(arg, pid));
	ret = cgl_memory_path(arg, pid, &path);
	free(path);
	return ret == -ENOMEM ? ret : 0;
}

static int pids(struct cgl *c, const char *arg)
{
	(void)arg;
	return cgl_pids(c, one_pid, c);
}

static int ending(struct cgl *c, const char *arg)
{
	struct cgl_watch *w = cgl_watch_new(c, atoi(arg));
	struct cgl_ending e;
	char *path = NULL;
	int ret;

	if (!w)
		return -ENOMEM;
	ret = cgl_memory_path(c, atoi(arg), &path);
	if (!ret) {
		cgl_watch_tick(w, path);
		cgl_watch_tick(w, path);
		ret = cgl_watch_end(w, &e);
		cgl_ending_free(&e);
	}
	free(path);
	cgl_watch_free(w);
	return ret;
}

static int write_record(struct cgl *c, const char *arg)
{
	struct cgl_ending e = {
		.how = CGL_ENDED_KILLED, .limiter = (char *)"/a b", .counter = "memory",
	};
	struct cgl_writer *w = NULL;
	char path[512], part[520];
	struct cgl_report r;
	int ret;

	snprintf(path, sizeof(path), "%s/%s", dir, arg);
	snprintf(part, sizeof(part), "%s.part", path);
	unlink(part);
	ret = cgl_read_memcgs(c, &r, CGL_WANT_BASIC, NULL);
	if (!ret)
		ret = cgl_writer_new(c, &w, path, CGL_ABSENT);
	if (!ret)
		ret = cgl_writer_sample(w, 1, &r, NULL);
	if (!ret)
		ret = cgl_writer_sample(w, 2, NULL, "event seq=1 type=oom\n");
	if (!ret)
		ret = cgl_writer_ended(w, 2, &e);
	if (!ret)
		ret = cgl_writer_finish(w);
	cgl_writer_free(w);
	cgl_report_free(&r);
	return ret;
}

static void see_sample(struct cgl_record *rec, void *arg)
{
	*(unsigned int *)arg += rec->now.nr_memcgs + rec->now.nr_events;
}

static int read_record(struct cgl *c, const char *arg)
{
	struct cgl_record rec;
	unsigned int seen = 0;
	char path[512];
	int ret;

	snprintf(path, sizeof(path), "%s/%s", dir, arg);
	ret = cgl_record_read(c, &rec, path, see_sample, &seen);
	if (!ret && (rec.cut || rec.samples != 2 || !seen || !rec.limiter ||
		     strcmp(rec.limiter, "/a b")))
		ret = -EBADMSG;
	cgl_record_free(&rec);
	return ret;
}

static const struct job jobs[] = {
	{ "a task's report", "patched-v2", task, "1234" },
	{ "a task by files, v2", "files-v2", task, "42" },
	{ "a task by files, v1", "files-v1", task, "42" },
	{ "a hostile report", "hostile", task, "66" },
	{ "no such task", "files-v2", task, "77" },
	{ "no report", "hostile", task, "68" },
	{ "no memory controller", "nothing", memcgs, NULL },
	{ "memory cgroups", "patched-v2", memcgs, NULL },
	{ "memory cgroups by files", "files-v2", memcgs, NULL },
	{ "a memory cgroup", "patched-v2", group, "/pods/job" },
	{ "no such memory cgroup", "files-v1", group, "/nosuch" },
	{ "all tasks", "patched-v2", tasks, NULL },
	{ "no list of tasks", "files-v2", tasks, NULL },
	{ "processes", "files-v2", pids, NULL },
	{ "an ending", "files-v2", ending, "42" },
	{ "a record written", "patched-v2", write_record, "record" },
	{ "a record read", "patched-v2", read_record, "record" },
	{ "no record", "patched-v2", read_record, "nosuch" },
};

/* Once, with an allocation failing or none; *@said: whether it says why it failed. */
static int run(const struct job *job, bool *said)
{
	char tree[512];
	struct cgl *c;
	int ret;

	snprintf(tree, sizeof(tree), "%s/%s", trees, job->tree);
	allocations = 0;
	*said = true;
	c = cgl_new(tree);
	if (!c)
		return -ENOMEM;
	ret = job->run(c, job->arg);
	*said = !ret || *cgl_error(c) || ret == -ENOMEM;
	if (fail_at < 0)
		printf("# %s: %d %s\n", job->what, ret, ret ? cgl_error(c) : "");
	cgl_free(c);
	return ret;
}

static bool try_job(const struct job *job)
{
	int want, ret;
	bool said;
	long n;

	fail_at = -1;
	want = run(job, &said);
	if (!said || want == -EBADMSG) {
		printf("%s: %s\n", job->what, said ? "wrong" : "fails without a word");
		return false;
	}
	for (n = 0; n < 100000; n++) {
		fail_at = n;
		ret = run(job, &said);
		if (ret != want && ret != -ENOMEM) {
			printf("%s: %d where allocation %ld fails, not %d\n", job->what, ret, n,
			       want);
			return false;
		}
		if (allocations <= n)
			return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	unsigned int i;
	int failed = 0;

	if (argc != 3) {
		fprintf(stderr, "usage: library TREES DIR\n");
		return 2;
	}
	trees = argv[1];
	dir = argv[2];
	for (i = 0; i < sizeof(jobs) / sizeof(*jobs); i++)
		failed |= !try_job(&jobs[i]);
	return failed;
}
