// SPDX-License-Identifier: GPL-2.0-only
/*
 * What /proc tells of a task without cg_list: name, state, cgroups, namespaces,
 * the CPUs and memory nodes that it may use
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "procfs.h"
#include "root.h"

/**
 * procfs_comm() - the name of a task
 * @pid: the task
 *
 * Return: a string to free(), NULL where it cannot be read.
 */
char *procfs_comm(u64 pid)
{
	struct str b = {};

	if (root_read(&b, "/proc/%llu/comm", pid) || !b.len) {
		str_free(&b);
		return NULL;
	}
	if (b.s[b.len - 1] == '\n')
		b.s[b.len - 1] = '\0';
	return b.s;
}

/**
 * procfs_ns() - a namespace of a task
 * @pid: the task
 * @type: which
 *
 * Return: its inode number, %ABSENT where it may not be read.
 */
u64 procfs_ns(u64 pid, enum ns_type type)
{
	char *path = root_path("/proc/%llu/ns/%s", pid, ns_names[type]);
	char buf[64], *s;
	u64 v = ABSENT;
	ssize_t n;

	n = readlink(path, buf, sizeof(buf) - 1);
	free(path);
	if (n <= 0)
		return ABSENT;
	buf[n] = '\0';
	/* "mnt:[4026531840]" */
	s = strchr(buf, '[');
	if (s) {
		s[1 + strcspn(s + 1, "]")] = '\0';
		read_u64(s + 1, &v);
	}
	return v;
}

/*
 * What stands behind a key in /proc/PID/status: a string to free(), or NULL.
 * The only text that a task chooses there, its name, has no newlines.
 */
static char *status_value(const char *status, const char *key)
{
	size_t len = strlen(key);
	const char *s;
	char *value;

	for (s = status; s; s = strchr(s, '\n')) {
		s += *s == '\n';
		if (strncmp(s, key, len) || s[len] != ':')
			continue;
		s += len + 1;
		s += strspn(s, "\t ");
		len = strcspn(s, "\n");
		value = xmalloc(len + 1);
		memcpy(value, s, len);
		value[len] = '\0';
		return value;
	}
	return NULL;
}

#define PF_EXITING 0x4

/**
 * procfs_is_dying() - is a process on its way out?
 * @pid: the process
 *
 * Return: true if a SIGKILL waits for it, it exits, or it is gone.
 */
bool procfs_is_dying(u64 pid)
{
	struct str b = {};
	bool dying = true;
	unsigned int i;
	char *s;

	if (!root_read(&b, "/proc/%llu/status", pid) && b.s) {
		s = status_value(b.s, "ShdPnd");
		dying = s && strtoull(s, NULL, 16) & 1ULL << (SIGKILL - 1);
		free(s);
	}
	str_reset(&b);
	if (!dying && !root_read(&b, "/proc/%llu/stat", pid) && b.s) {
		/* the flags stand 7 fields behind the name */
		s = strrchr(b.s, ')');
		for (i = 0; s && i < 7; i++)
			s = strchr(s + 1, ' ');
		dying = s && strtoull(s, NULL, 10) & PF_EXITING;
	}
	str_free(&b);
	return dying;
}

/* The name, state and numbers. */
static void read_stat(struct report *r, u64 pid)
{
	struct str b = {};
	char *open, *close;

	if (!root_read(&b, "/proc/%llu/stat", pid) && b.s) {
		open = strchr(b.s, '(');
		close = strrchr(b.s, ')');
		if (open && close && close > open && close[1] == ' ' && close[2]) {
			*close = '\0';
			close[3] = '\0';
			r->task.comm = xstrdup(open + 1);
			r->task.state = xstrdup(close + 2);
		}
	}
	str_free(&b);
	r->task.pid = pid;
}

static void read_status(struct report *r, u64 pid)
{
	struct str b = {};
	char *tgid;

	if (!root_read(&b, "/proc/%llu/status", pid) && b.s) {
		r->cpus_allowed = status_value(b.s, "Cpus_allowed_list");
		r->mems_allowed = status_value(b.s, "Mems_allowed_list");
		tgid = status_value(b.s, "Tgid");
		if (tgid)
			read_u64(tgid, &r->task.tgid);
		free(tgid);
	}
	str_free(&b);
}

/* HIERARCHY:CONTROLLERS:PATH, and nothing of a line that is something else. */
static void add_place(struct report *r, char *line)
{
	char *controllers = strchr(line, ':'), *path;
	struct cgroup_place *p;
	u64 hierarchy;

	path = controllers ? strchr(controllers + 1, ':') : NULL;
	if (!path)
		return;
	*controllers++ = '\0';
	*path++ = '\0';
	if (!read_u64(line, &hierarchy))
		return;
	p = report_new_place(r);
	p->hierarchy = hierarchy;
	if (*controllers)
		p->controllers = xstrdup(controllers);
	/* outside the reader's cgroup namespace it has no name */
	if (strcmp(path, "/..") && strncmp(path, "/../", 4))
		p->path = xstrdup(path);
}

static void read_places(struct report *r, u64 pid)
{
	struct str b = {};
	char *line, *save;

	if (!root_read(&b, "/proc/%llu/cgroup", pid) && b.s)
		for (line = strtok_r(b.s, "\n", &save); line;
		     line = strtok_r(NULL, "\n", &save))
			add_place(r, line);
	str_free(&b);
}

/**
 * procfs_report() - the part of a report that is not about memory
 * @r: filled as far as /proc tells
 * @pid: the task
 */
void procfs_report(struct report *r, u64 pid)
{
	unsigned int i;

	read_stat(r, pid);
	read_status(r, pid);
	read_places(r, pid);
	for (i = 0; i < NR_NS; i++)
		r->ns[i] = procfs_ns(pid, i);
}
