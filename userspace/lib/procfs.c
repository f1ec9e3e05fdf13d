// SPDX-License-Identifier: GPL-2.0-only
/*
 * What /proc tells of a task without cg_list: name, state, cgroups, namespaces,
 * the CPUs and memory nodes that it may use
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "private.h"

/**
 * cgl_comm() - the name of a task
 * @c: from cgl_new()
 * @pid: the task
 *
 * Return: a string to free(), NULL where it cannot be read.
 */
char *cgl_comm(struct cgl *c, cgl_u64 pid)
{
	struct text t = {};

	if (root_read(c, &t, "/proc/%llu/comm", pid) || !t.len) {
		text_free(&t);
		return NULL;
	}
	if (t.s[t.len - 1] == '\n')
		t.s[t.len - 1] = '\0';
	return t.s;
}

/**
 * cgl_ns_number() - a namespace of a task
 * @c: from cgl_new()
 * @pid: the task; 0: the reader itself
 * @type: which
 *
 * Return: its inode number, %CGL_ABSENT where it may not be read.
 */
cgl_u64 cgl_ns_number(struct cgl *c, cgl_u64 pid, enum cgl_ns type)
{
	char *path, buf[64], *s;
	u64 v = ABSENT;
	ssize_t n;

	path = pid ? root_path(c, "/proc/%llu/ns/%s", pid, ns_names[type]) :
		     root_path(c, "/proc/self/ns/%s", ns_names[type]);
	n = path ? readlink(path, buf, sizeof(buf) - 1) : -1;
	free(path);
	if (n <= 0)
		return ABSENT;
	buf[n] = '\0';
	/* "mnt:[4026531840]" */
	s = strchr(buf, '[');
	if (s) {
		s[1 + strcspn(s + 1, "]")] = '\0';
		cgl_parse_number(s + 1, &v);
	}
	return v;
}

static int by_number(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/* The numbers in the names of /proc; returns how many, or a negative errno. */
static ssize_t read_pids(struct cgl *c, u64 **pids)
{
	char *path = root_path(c, "/proc");
	size_t nr = 0, cap = 0;
	struct dirent *de;
	u64 *more, pid;
	DIR *dir;

	*pids = NULL;
	if (!path)
		return -ENOMEM;
	dir = opendir(path);
	free(path);
	if (!dir)
		return -errno;
	while ((de = readdir(dir))) {
		if (!cgl_parse_number(de->d_name, &pid))
			continue;
		more = grow(*pids, nr, &cap, sizeof(**pids));
		if (!more) {
			closedir(dir);
			return -ENOMEM;
		}
		*pids = more;
		(*pids)[nr++] = pid;
	}
	closedir(dir);
	if (nr)
		qsort(*pids, nr, sizeof(**pids), by_number);
	return nr;
}

/**
 * cgl_pids() - every process of /proc, in the order of their numbers
 * @c: from cgl_new()
 * @fn: called for each; a negative value ends the walk
 * @arg: for @fn
 *
 * Return: 0, a negative errno, or what @fn returned.
 */
int cgl_pids(struct cgl *c, cgl_pid_fn fn, void *arg)
{
	ssize_t nr, i;
	u64 *pids;
	int ret = 0;

	nr = read_pids(c, &pids);
	if (nr < 0)
		ret = cgl_fail(c, nr, "/proc: %s", strerror(-nr));
	for (i = 0; i < nr && ret >= 0; i++)
		ret = fn(pids[i], arg);
	free(pids);
	return ret;
}

/*
 * What stands behind a key in /proc/PID/status: a string to free(), or NULL.
 * The only text that a task chooses there, its name, has no newlines.
 */
static char *status_value(const char *status, const char *key)
{
	size_t len = strlen(key);
	const char *s;

	for (s = status; s; s = strchr(s, '\n')) {
		s += *s == '\n';
		if (strncmp(s, key, len) || s[len] != ':')
			continue;
		s += len + 1;
		s += strspn(s, "\t ");
		len = strcspn(s, "\n");
		return strndup(s, len);
	}
	return NULL;
}

#define PF_EXITING 0x4
#define PF_KTHREAD 0x200000

/* The flags of a task, from its stat; 0 where it cannot be read. */
static unsigned long long read_flags(struct cgl *c, u64 pid)
{
	unsigned long long flags = 0;
	struct text t = {};
	unsigned int i;
	char *s;

	if (!root_read(c, &t, "/proc/%llu/stat", pid)) {
		/* they stand 7 fields behind the name */
		s = strrchr(t.s, ')');
		for (i = 0; s && i < 7; i++)
			s = strchr(s + 1, ' ');
		flags = s ? strtoull(s, NULL, 10) : 0;
	}
	text_free(&t);
	return flags;
}

/**
 * cgl_is_kernel_thread() - whether a task is a thread of the kernel's
 * @c: from cgl_new()
 * @pid: the task
 */
bool cgl_is_kernel_thread(struct cgl *c, cgl_u64 pid)
{
	return read_flags(c, pid) & PF_KTHREAD;
}

/* Whether a SIGKILL waits for a process, or it exits, or is gone. */
bool procfs_is_dying(struct cgl *c, u64 pid)
{
	struct text t = {};
	bool dying = true;
	char *s;

	if (!root_read(c, &t, "/proc/%llu/status", pid)) {
		s = status_value(t.s, "ShdPnd");
		dying = s && strtoull(s, NULL, 16) & 1ULL << (SIGKILL - 1);
		free(s);
	}
	text_free(&t);
	return dying || read_flags(c, pid) & PF_EXITING;
}

static int set_copy(char **to, const char *s)
{
	free(*to);
	*to = strdup(s);
	return *to ? 0 : -ENOMEM;
}

/* The name, state and numbers. */
static int read_stat(struct cgl *c, struct cgl_report *r, u64 pid)
{
	struct text t = {};
	char *open, *close;
	int ret;

	r->task.pid = pid;
	ret = root_read(c, &t, "/proc/%llu/stat", pid);
	open = ret ? NULL : strchr(t.s, '(');
	close = ret ? NULL : strrchr(t.s, ')');
	if (open && close && close > open && close[1] == ' ' && close[2]) {
		*close = '\0';
		close[3] = '\0';
		ret = set_copy(&r->task.comm, open + 1);
		if (!ret)
			ret = set_copy(&r->task.state, close + 2);
	}
	text_free(&t);
	return ret == -ENOMEM ? ret : 0;
}

static int read_status(struct cgl *c, struct cgl_report *r, u64 pid)
{
	struct text t = {};
	char *tgid;
	int ret;

	ret = root_read(c, &t, "/proc/%llu/status", pid);
	if (!ret) {
		r->cpus_allowed = status_value(t.s, "Cpus_allowed_list");
		r->mems_allowed = status_value(t.s, "Mems_allowed_list");
		tgid = status_value(t.s, "Tgid");
		if (tgid)
			cgl_parse_number(tgid, &r->task.tgid);
		free(tgid);
	}
	text_free(&t);
	return ret == -ENOMEM ? ret : 0;
}

/* HIERARCHY:CONTROLLERS:PATH, and nothing of a line that is something else. */
static int add_place(struct cgl_report *r, char *line)
{
	char *controllers = strchr(line, ':'), *path;
	struct cgl_place *p;
	u64 hierarchy;
	int ret = 0;

	path = controllers ? strchr(controllers + 1, ':') : NULL;
	if (!path)
		return 0;
	*controllers++ = '\0';
	*path++ = '\0';
	if (!cgl_parse_number(line, &hierarchy))
		return 0;
	p = report_new_place(r);
	if (!p)
		return -ENOMEM;
	p->hierarchy = hierarchy;
	if (*controllers)
		ret = set_copy(&p->controllers, controllers);
	/* outside the reader's cgroup namespace it has no name */
	if (!ret && strcmp(path, "/..") && strncmp(path, "/../", 4))
		ret = set_copy(&p->path, path);
	return ret;
}

static int read_places(struct cgl *c, struct cgl_report *r, u64 pid)
{
	struct text t = {};
	char *line, *save;
	int ret;

	ret = root_read(c, &t, "/proc/%llu/cgroup", pid);
	for (line = ret ? NULL : strtok_r(t.s, "\n", &save); line && !ret;
	     line = strtok_r(NULL, "\n", &save))
		ret = add_place(r, line);
	text_free(&t);
	return ret == -ENOMEM ? ret : 0;
}

/* The part of a report that is not about memory, as far as /proc tells it. */
int procfs_report(struct cgl *c, struct cgl_report *r, u64 pid)
{
	unsigned int i;
	int ret;

	ret = read_stat(c, r, pid);
	if (!ret)
		ret = read_status(c, r, pid);
	if (!ret)
		ret = read_places(c, r, pid);
	for (i = 0; i < CGL_NR_NS; i++)
		r->ns[i] = cgl_ns_number(c, pid, i);
	return ret;
}
