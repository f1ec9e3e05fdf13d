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

#include "procfs.h"
#include "reader.h"
#include "root.h"

static bool has_proc_cg_list(void)
{
	char *path = root_path("/proc/cg_list");
	bool has = !access(path, F_OK);

	free(path);
	return has;
}

static bool is_patched(void)
{
	char *path = root_path("/proc/self/cg_list");
	bool has = !access(path, F_OK);

	free(path);
	return has;
}

/**
 * module_why_not() - why cg_list does not serve us, and what to do about it
 *
 * Return: half a sentence.
 */
const char *module_why_not(void)
{
	if (root_is_saved())
		return "the saved tree has no cg_list files";
	if (has_proc_cg_list())
		return "/proc/cg_list is for root alone; run memcgstat as root";
	if (is_patched())
		return "the module is not loaded: insmod cg_list.ko";
	return "this kernel has no cg_list: insmod cg_list.ko";
}

/**
 * note_missing() - say once what a report from the cgroup files lacks
 * @r: the report; nothing is said if it came from cg_list
 * @what: what cannot be shown
 */
void note_missing(const struct report *r, const char *what)
{
	if (r->source == SRC_FILES)
		note_once("only the cgroup files are read (%s); not shown: %s",
			  module_why_not(), what);
}

void die_needs_module(const char *what)
{
	die("%s cannot be told from the cgroup files: %s", what, module_why_not());
}

void die_no_task(u64 pid, int err)
{
	if (err == -ESRCH || err == -ENOENT)
		die("no process %llu%s; see ps -e", pid,
		    root_is_saved() ? " in the saved tree" : "");
	if (err == -EACCES || err == -EPERM)
		die("process %llu may not be read: %s; run memcgstat as root", pid,
		    strerror(-err));
	if (err == -EPROTO)
		die("process %llu: what was read is no cg_list report", pid);
	if (err == -ENODATA)
		die("process %llu: no memory cgroup of it can be read (%s)", pid,
		    cgfs_why_not() ? cgfs_why_not() : "it lies outside the mounted ones");
	die("process %llu cannot be read: %s", pid, strerror(-err));
}

/* Parse from the start of @fd. The first line must say that it is ours. */
static int parse_fd(int fd, cgl_fn fn, void *arg)
{
	struct cgl_parser *p = xmalloc(sizeof(*p));
	int ret;

	cgl_init(p, fn, arg);
	ret = cgl_read_fd(p, fd);
	cgl_finish(p);
	if (!ret && !p->version)
		ret = -EPROTO;
	if (!ret && p->version > CGL_FORMAT)
		note_once("format version %u is newer than what this memcgstat knows (%d)",
			  p->version, CGL_FORMAT);
	if (!ret && p->cut)
		note_once("the last line was cut off and is ignored");
	free(p);
	return ret;
}

/**
 * parse_file() - parse a file in the cg_list format
 * @path: the file, below the root in use
 * @fn: called for each line
 * @arg: for @fn
 *
 * Return: 0, a negative errno, -EPROTO where it is something else.
 */
int parse_file(const char *path, cgl_fn fn, void *arg)
{
	int fd = root_open(O_RDONLY, "%s", path);
	int ret;

	if (fd < 0)
		return fd;
	ret = parse_fd(fd, fn, arg);
	close(fd);
	return ret;
}

/* Is there a task of this number at all? */
static bool task_exists(u64 pid)
{
	char *path = root_path("/proc/%llu", pid);
	bool exists = !access(path, F_OK);

	free(path);
	return exists;
}

static int open_taskfile(u64 pid)
{
	char num[24];
	int fd, n;

	if (root_is_saved())
		return -ENOENT;
	fd = root_open(O_RDWR, "/proc/cg_list/task");
	if (fd < 0)
		return fd;
	n = snprintf(num, sizeof(num), "%llu", pid);
	if (write(fd, num, n) == n)
		return fd;
	n = -errno;
	close(fd);
	return n;
}

/**
 * task_reader_open() - get ready to read a task, from the best source there is
 * @t: filled; close with task_reader_close() after success
 * @pid: the task
 * @want: &enum cgfs_want, for the cgroup files
 *
 * Return: 0; -ESRCH for no such task; another negative errno where none of the
 * sources can be read.
 */
int task_reader_open(struct task_reader *t, u64 pid, unsigned int want)
{
	char c;

	memset(t, 0, sizeof(*t));
	t->pid = pid;
	t->want = want;
	t->fd = root_open(O_RDONLY, "/proc/%llu/cg_list", pid);
	if (t->fd >= 0) {
		/* with the patch and without the module: ENODEV */
		if (pread(t->fd, &c, 1, 0) >= 0) {
			t->source = SRC_REPORT;
			return 0;
		}
		if (errno == ESRCH) {
			close(t->fd);
			return -ESRCH;
		}
		close(t->fd);
	}
	t->fd = open_taskfile(pid);
	if (t->fd >= 0) {
		t->source = SRC_TASKFILE;
		return 0;
	}
	if (t->fd == -ESRCH || !task_exists(pid))
		return -ESRCH;
	if (cgfs_find())
		return -ENODATA;
	t->fd = root_open(O_RDONLY, "/proc/%llu/cgroup", pid);
	if (t->fd < 0)
		return t->fd == -ENOENT ? -ESRCH : t->fd;
	t->source = SRC_FILES;
	return 0;
}

static void close_dirs(struct task_reader *t)
{
	while (t->nr_dirs)
		cgdir_close(&t->dir[--t->nr_dirs]);
}

void task_reader_close(struct task_reader *t)
{
	close_dirs(t);
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
}

/* Open the task's cgroup and its ancestors, if they are not the open ones. */
static void follow_dirs(struct task_reader *t, char *path)
{
	char *slash;

	if (t->nr_dirs && !strcmp(t->dir[0].path, path))
		return;
	close_dirs(t);
	for (;;) {
		cgdir_open(&t->dir[t->nr_dirs++], path, true);
		slash = strrchr(path, '/');
		if (!slash || !path[1] || t->nr_dirs == MAX_LEVELS)
			break;
		slash[slash == path] = '\0';
	}
}

static int read_from_files(struct task_reader *t, struct report *r)
{
	struct str b = {};
	unsigned int i;
	char *path;
	int ret;

	if (lseek(t->fd, 0, SEEK_SET) < 0)
		return -errno;
	ret = read_fd(t->fd, &b);
	path = ret || !b.s ? NULL : cgfs_memory_path(b.s);
	str_free(&b);
	if (ret)
		return ret;
	if (!path)
		return -ENODATA;
	/* on v1 an exiting task is shown in the root, but its memory is not there */
	if (cgfs_is_v2() || path[1] || !t->nr_dirs || !procfs_is_dying(t->pid))
		follow_dirs(t, path);
	free(path);
	for (i = 0; i < t->nr_dirs; i++) {
		struct memcg *m = report_new_memcg(r);

		m->m[MF_LEVEL] = i;
		if (t->dir[i].dir >= 0)
			cgdir_read(&t->dir[i], m, t->want);
		else
			m->path = xstrdup(t->dir[i].path);
	}
	if (t->want & CGFS_ALL)
		procfs_report(r, t->pid);
	return 0;
}

/**
 * task_reader_read() - read the task as it is now
 * @t: opened
 * @r: filled, after being emptied
 *
 * Return: 0; -ESRCH when the task is gone; -EPROTO for what is no report.
 */
int task_reader_read(struct task_reader *t, struct report *r)
{
	int ret;

	report_free(r);
	if (t->source == SRC_FILES) {
		ret = read_from_files(t, r);
	} else {
		if (lseek(t->fd, 0, SEEK_SET) < 0)
			return -errno;
		ret = parse_fd(t->fd, report_line, r);
	}
	r->source = t->source;
	return ret;
}

/**
 * read_report() - read a task once, or exit and say why not
 * @r: filled
 * @pid: the task
 * @want: &enum cgfs_want, for the cgroup files
 */
void read_report(struct report *r, u64 pid, unsigned int want)
{
	struct task_reader t;
	int ret;

	report_init(r);
	ret = task_reader_open(&t, pid, want);
	if (!ret) {
		ret = task_reader_read(&t, r);
		task_reader_close(&t);
	}
	if (ret)
		die_no_task(pid, ret);
}

/**
 * read_memcgs() - read every memory cgroup, or exit and say why not
 * @r: filled, with parents and depths
 * @want: &enum cgfs_want, for the cgroup files
 * @cache: for them too, if they will be read again; or NULL
 */
void read_memcgs(struct report *r, unsigned int want, struct cgfs_cache *cache)
{
	int ret;

	report_init(r);
	ret = parse_file("/proc/cg_list/memcgs", report_line, r);
	r->source = SRC_MODULE;
	if (ret == -EPROTO)
		die("/proc/cg_list/memcgs: what was read is not in the cg_list format");
	if (ret) {
		report_free(r);
		if (cgfs_find())
			die("no memory cgroups can be read: %s", cgfs_why_not());
		ret = cgfs_memcgs(r, want, cache);
		if (ret)
			die("the memory cgroups cannot be read: %s", strerror(-ret));
	}
	report_link(r);
}

/**
 * read_tasks() - read the list of all tasks, which only cg_list has
 * @r: filled
 *
 * Return: 0 or a negative errno.
 */
int read_tasks(struct report *r)
{
	int ret;

	report_init(r);
	ret = parse_file("/proc/cg_list/tasks", report_line, r);
	r->source = SRC_MODULE;
	/* the first one was taken for the task of a report */
	if (!ret && r->task.pid != ABSENT) {
		*report_new_task(r) = r->task;
		memset(&r->task, 0, sizeof(r->task));
	}
	return ret;
}

/**
 * find_group() - read one memory cgroup and its ancestors
 * @r: filled as a task's report is: the cgroup is level 0
 * @path: the cgroup
 * @want: &enum cgfs_want, for the cgroup files
 *
 * Return: 0 or -ENOENT. Exits where no memory cgroups can be read at all.
 */
int find_group(struct report *r, const char *path, unsigned int want)
{
	struct memcg *m, *chain;
	struct report all;
	size_t n = 0, i;
	int at;

	read_memcgs(&all, want, NULL);
	m = report_find_path(&all, path);
	report_init(r);
	if (!m) {
		report_free(&all);
		return -ENOENT;
	}
	chain = xcalloc(m->depth + 1, sizeof(*chain));
	for (at = m - all.memcgs; at >= 0; at = all.memcgs[at].parent) {
		chain[n] = all.memcgs[at];
		chain[n].m[MF_LEVEL] = n;
		all.memcgs[at].path = NULL;
		all.memcgs[at].lru = NULL;
		n++;
	}
	for (i = 0; i < n; i++)
		*report_new_memcg(r) = chain[i];
	r->source = all.source;
	free(chain);
	report_free(&all);
	return 0;
}

/* The same, or exit and say why not. */
void read_group(struct report *r, const char *path, unsigned int want)
{
	char *safe;

	if (!find_group(r, path, want))
		return;
	safe = text_safe(path);
	die("no memory cgroup %s; see memcgstat tree", safe);
}

/**
 * open_events() - open the stream of events
 * @flags: besides O_RDONLY
 *
 * Return: a descriptor or a negative errno.
 */
int open_events(int flags)
{
	return root_open(O_RDONLY | flags, "/proc/cg_list/events");
}
