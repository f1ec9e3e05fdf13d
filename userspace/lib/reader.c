// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the facts come from: cg_list, or the cgroup files
 *
 * A task's report is /proc/PID/cg_list on a patched kernel, or what
 * /proc/cg_list/task gives for a PID written to it on any other kernel with
 * the module. With neither, the cgroup files tell what they can.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "private.h"

struct cgl_reader {
	struct cgl *c;
	u64 pid;
	enum cgl_source source;
	int fd;				/* the report, or /proc/PID/cgroup */
	struct cgdir dir[CGL_MAX_LEVELS];	/* for CGL_SRC_FILES */
	unsigned int nr_dirs;
	unsigned int want;
};

/**
 * cgl_lack() - why cg_list does not serve us
 * @c: from cgl_new()
 */
enum cgl_lack cgl_lack(struct cgl *c)
{
	if (cgl_is_saved(c))
		return CGL_LACK_SAVED;
	if (root_has(c, "/proc/cg_list"))
		return CGL_LACK_RIGHT;
	return root_has(c, "/proc/self/cg_list") ? CGL_LACK_MODULE : CGL_LACK_KERNEL;
}

/**
 * cgl_open_events() - open the stream of events
 * @c: from cgl_new()
 * @flags: besides O_RDONLY
 *
 * Return: a descriptor or a negative errno.
 */
int cgl_open_events(struct cgl *c, int flags)
{
	return cgl_open(c, "/proc/cg_list/events", O_RDONLY | flags);
}

/* Parse from where @fd stands. The first line must say that it is ours. */
static int parse_fd(int fd, struct cgl_report *r)
{
	struct cgl_parser *p = cgl_parser_new(cgl_report_line, r);
	int ret;

	if (!p)
		return -ENOMEM;
	ret = cgl_parser_read(p, fd);
	cgl_parser_end(p);
	if (!ret)
		ret = r->err;
	if (!ret && !cgl_parser_version(p))
		ret = -EPROTO;
	r->version = cgl_parser_version(p);
	r->cut = cgl_parser_cut(p);
	cgl_parser_free(p);
	return ret;
}

static int parse_file(struct cgl *c, struct cgl_report *r, const char *path)
{
	int fd = root_open(c, O_RDONLY, "%s", path);
	int ret = fd;

	if (fd >= 0) {
		ret = parse_fd(fd, r);
		close(fd);
	}
	if (ret == -EPROTO)
		cgl_fail(c, ret, "%s: what was read is not in the cg_list format", path);
	else if (ret)
		cgl_fail(c, ret, "%s: %s", path, strerror(-ret));
	return ret;
}

/* Is there a task of this number at all? */
static bool task_exists(struct cgl *c, u64 pid)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/%llu", pid);
	return root_has(c, path);
}

static int open_taskfile(struct cgl *c, u64 pid)
{
	char num[24];
	int fd, n;

	if (cgl_is_saved(c))
		return -ENOENT;
	fd = root_open(c, O_RDWR, "/proc/cg_list/task");
	if (fd < 0)
		return fd;
	n = snprintf(num, sizeof(num), "%llu", pid);
	if (write(fd, num, n) == n)
		return fd;
	n = -errno;
	close(fd);
	return n;
}

/* Choose the source, and open it. */
static int choose(struct cgl_reader *t)
{
	struct cgl *c = t->c;
	char byte;
	int ret;

	t->fd = root_open(c, O_RDONLY, "/proc/%llu/cg_list", t->pid);
	if (t->fd >= 0) {
		/* with the patch and without the module: ENODEV */
		if (pread(t->fd, &byte, 1, 0) >= 0) {
			t->source = CGL_SRC_REPORT;
			return 0;
		}
		close(t->fd);
		t->fd = -1;
		if (errno == ESRCH)
			return -ESRCH;
	}
	t->fd = open_taskfile(c, t->pid);
	if (t->fd >= 0) {
		t->source = CGL_SRC_TASKFILE;
		return 0;
	}
	if (t->fd == -ESRCH || !task_exists(c, t->pid))
		return -ESRCH;
	ret = cgl_find(c);
	if (ret)
		return ret == -ENOMEM ? ret : -ENODATA;
	t->fd = root_open(c, O_RDONLY, "/proc/%llu/cgroup", t->pid);
	if (t->fd < 0)
		return t->fd == -ENOENT ? -ESRCH : t->fd;
	t->source = CGL_SRC_FILES;
	return 0;
}

static int task_failed(struct cgl *c, u64 pid, int err)
{
	switch (err) {
	case -ESRCH:
		return cgl_fail(c, err, "no process %llu", pid);
	case -EPROTO:
		return cgl_fail(c, err, "process %llu: what was read is no cg_list report", pid);
	case -ENODATA:
		return cgl_fail(c, err, "process %llu: no memory cgroup of it can be read", pid);
	default:
		return cgl_fail(c, err, "process %llu: %s", pid, strerror(-err));
	}
}

/**
 * cgl_reader_new() - get ready to read a task, from the best source there is
 * @c: from cgl_new()
 * @reader: gets a reader for cgl_reader_free(), NULL after a failure
 * @pid: the task
 * @want: &enum cgl_want, for the cgroup files
 *
 * Return: 0; -ESRCH for no such task; -ENODATA where no memory cgroup can be
 * found; -EACCES and the like where none of the sources can be read; -ENOMEM.
 */
int cgl_reader_new(struct cgl *c, struct cgl_reader **reader, cgl_u64 pid, unsigned int want)
{
	struct cgl_reader *t = calloc(1, sizeof(*t));
	int ret = -ENOMEM;

	*reader = NULL;
	if (t) {
		t->c = c;
		t->pid = pid;
		t->want = want;
		t->fd = -1;
		ret = choose(t);
	}
	if (ret) {
		cgl_reader_free(t);
		return task_failed(c, pid, ret);
	}
	*reader = t;
	return 0;
}

static void close_dirs(struct cgl_reader *t)
{
	while (t->nr_dirs)
		cgdir_close(&t->dir[--t->nr_dirs]);
}

void cgl_reader_free(struct cgl_reader *t)
{
	if (!t)
		return;
	close_dirs(t);
	if (t->fd >= 0)
		close(t->fd);
	free(t);
}

/* Open the task's cgroup and its ancestors, if they are not the open ones. */
static int follow_dirs(struct cgl_reader *t, char *path)
{
	char *slash;

	if (t->nr_dirs && !strcmp(t->dir[0].path, path))
		return 0;
	close_dirs(t);
	for (;;) {
		if (cgdir_open(t->c, &t->dir[t->nr_dirs++], path, true) == -ENOMEM) {
			close_dirs(t);
			return -ENOMEM;
		}
		slash = strrchr(path, '/');
		if (!slash || !path[1] || t->nr_dirs == CGL_MAX_LEVELS)
			return 0;
		slash[slash == path] = '\0';
	}
}

static int read_levels(struct cgl_reader *t, struct cgl_report *r)
{
	unsigned int i;
	int ret;

	for (i = 0; i < t->nr_dirs; i++) {
		struct cgl_memcg *m = report_new_memcg(r);

		if (!m)
			return -ENOMEM;
		m->m[CGL_MF_level] = i;
		if (t->dir[i].dir >= 0) {
			ret = cgdir_read(&t->dir[i], m, t->want);
			if (ret == -ENOMEM)
				return ret;
		} else {
			m->path = strdup(t->dir[i].path);
			if (!m->path)
				return -ENOMEM;
		}
	}
	return 0;
}

static int read_from_files(struct cgl_reader *t, struct cgl_report *r)
{
	struct text text = {};
	char *path = NULL;
	int ret;

	if (lseek(t->fd, 0, SEEK_SET) < 0)
		return -errno;
	ret = read_fd(t->fd, &text);
	if (!ret)
		ret = cgfs_memory_path(t->c, text.s, &path);
	text_free(&text);
	if (ret)
		return ret;
	if (!path)
		return -ENODATA;
	/* on v1 an exiting task is shown in the root, but its memory is not there */
	if (t->c->v2 || path[1] || !t->nr_dirs || !procfs_is_dying(t->c, t->pid))
		ret = follow_dirs(t, path);
	free(path);
	if (!ret)
		ret = read_levels(t, r);
	if (!ret && t->want & CGL_WANT_ALL)
		ret = procfs_report(t->c, r, t->pid);
	return ret;
}

/* Each level hangs on the next one. */
static void link_levels(struct cgl_report *r)
{
	size_t i;

	for (i = 0; i < r->nr_memcgs; i++)
		r->memcgs[i].parent = i + 1 < r->nr_memcgs ? (int)i + 1 : -1;
}

/**
 * cgl_reader_read() - read the task as it is now
 * @t: the reader
 * @r: filled, after being emptied: it must have been initialised
 *
 * Return: 0; -ESRCH when the task is gone; -EPROTO for what is no report;
 * -ENODATA where it has no memory cgroup that can be seen; -ENOMEM.
 */
int cgl_reader_read(struct cgl_reader *t, struct cgl_report *r)
{
	int ret;

	cgl_report_free(r);
	if (t->source == CGL_SRC_FILES)
		ret = read_from_files(t, r);
	else if (lseek(t->fd, 0, SEEK_SET) < 0)
		ret = -errno;
	else
		ret = parse_fd(t->fd, r);
	r->source = t->source;
	link_levels(r);
	return ret ? task_failed(t->c, t->pid, ret) : 0;
}

/**
 * cgl_read_task() - read a task once
 * @c: from cgl_new()
 * @r: filled; free with cgl_report_free(), after a failure as well
 * @pid: the task
 * @want: &enum cgl_want, for the cgroup files
 *
 * Return: 0 or the errors of cgl_reader_new() and cgl_reader_read().
 */
int cgl_read_task(struct cgl *c, struct cgl_report *r, cgl_u64 pid, unsigned int want)
{
	struct cgl_reader *t;
	int ret;

	cgl_report_init(r);
	ret = cgl_reader_new(c, &t, pid, want);
	if (!ret)
		ret = cgl_reader_read(t, r);
	cgl_reader_free(t);
	return ret;
}

/**
 * cgl_read_memcgs() - read every memory cgroup
 * @c: from cgl_new()
 * @r: filled, with parents and depths; free with cgl_report_free(), after a
 * failure as well
 * @want: &enum cgl_want, for the cgroup files
 * @cache: for them too, if they will be read again; or NULL
 *
 * Return: 0 or a negative errno.
 */
int cgl_read_memcgs(struct cgl *c, struct cgl_report *r, unsigned int want,
		    struct cgl_cache *cache)
{
	int ret;

	cgl_report_init(r);
	ret = parse_file(c, r, "/proc/cg_list/memcgs");
	r->source = CGL_SRC_MODULE;
	if (ret == -EPROTO || ret == -ENOMEM)
		return ret;
	if (ret) {
		cgl_report_free(r);
		ret = cgl_find(c);
		if (ret)
			return ret;
		ret = cgfs_memcgs(c, r, want, cache);
		if (ret)
			return cgl_fail(c, ret, "the memory cgroups in %s: %s", c->mount,
					strerror(-ret));
	}
	cgl_report_link(r);
	return 0;
}

/**
 * cgl_read_tasks() - read the list of all tasks, which only cg_list has
 * @c: from cgl_new()
 * @r: filled; free with cgl_report_free(), after a failure as well
 *
 * Return: 0 or a negative errno.
 */
int cgl_read_tasks(struct cgl *c, struct cgl_report *r)
{
	struct cgl_task *first;
	int ret;

	cgl_report_init(r);
	ret = parse_file(c, r, "/proc/cg_list/tasks");
	r->source = CGL_SRC_MODULE;
	if (ret || r->task.pid == ABSENT)
		return ret;
	/* the first one was taken for the task of a report */
	first = report_new_task(r);
	if (!first)
		return cgl_fail(c, -ENOMEM, "out of memory");
	*first = r->task;
	memset(&r->task, 0, sizeof(r->task));
	return 0;
}

/**
 * cgl_read_group() - read one memory cgroup and its ancestors
 * @c: from cgl_new()
 * @r: filled as a task's report is: the cgroup is level 0; free with
 * cgl_report_free(), after a failure as well
 * @path: the cgroup, as a person writes it
 * @want: &enum cgl_want, for the cgroup files
 *
 * Return: 0; -ENXIO where there is no such memory cgroup; another negative
 * errno where memory cgroups cannot be read at all.
 */
int cgl_read_group(struct cgl *c, struct cgl_report *r, const char *path, unsigned int want)
{
	struct cgl_memcg *m, *level;
	struct cgl_report all;
	int at, ret;

	cgl_report_init(r);
	ret = cgl_read_memcgs(c, &all, want, NULL);
	if (ret) {
		cgl_report_free(&all);
		return ret;
	}
	r->source = all.source;
	r->version = all.version;
	r->cut = all.cut;
	m = cgl_find_path(&all, path);
	if (!m)
		ret = cgl_fail(c, -ENXIO, "no memory cgroup %s", path);
	for (at = m ? m - all.memcgs : -1; at >= 0 && !ret; at = all.memcgs[at].parent) {
		level = report_new_memcg(r);
		if (!level) {
			ret = cgl_fail(c, -ENOMEM, "out of memory");
			break;
		}
		*level = all.memcgs[at];
		level->m[CGL_MF_level] = r->nr_memcgs - 1;
		all.memcgs[at].path = NULL;
		all.memcgs[at].lru = NULL;
	}
	cgl_report_free(&all);
	link_levels(r);
	return ret;
}
