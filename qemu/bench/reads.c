// SPDX-License-Identifier: GPL-2.0-only
/*
 * What reading costs, cg_list's files against those that tell the same without
 * it:
 *
 *	reads report NAME	 the report on this process, where it is
 *	reads memcgs N		 all memory cgroups, with N more of them made
 *	reads tasks N		 all tasks, with N more of them
 *	reads make N, remove N	 N cgroups
 *	reads timed GROUP WHAT SETTING COMMAND...  what a command costs
 *
 * Numbers are instructions a report, a cgroup and a task.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"

#define ROOT		"/sys/fs/cgroup"
#define READS		31
#define BULK_READS	3
/* Cgroups below one parent, and with it. */
#define FANOUT		100
/* The files are read of at most so many: of more, each costs the same. */
#define MAX_BY_FILES	1000
/* Levels that a report is asked for, the root's included. */
#define MAX_DEPTH	16

static char buf[1 << 17];

/* What of cgroup v2 tells what the report does, at each level. */
#define NR_FILES	11
static const char *const files[NR_FILES] = {
	"memory.current", "memory.max", "memory.high", "memory.low",
	"memory.min", "memory.peak", "memory.events", "memory.stat",
	"memory.numa_stat", "memory.swap.current", "memory.swap.max",
};

static bool exists(const char *path)
{
	return !access(path, F_OK);
}

/* Reads to the end, in pieces of @piece bytes. Returns the bytes. */
static long read_all(int fd, size_t piece)
{
	long bytes = 0;
	ssize_t n;

	while ((n = read(fd, buf, piece)) > 0)
		bytes += n;
	return n < 0 ? -1 : bytes;
}

static long cat(const char *path, const char *written)
{
	int fd = open(path, written ? O_RDWR : O_RDONLY);
	long bytes;

	if (fd < 0)
		return -1;
	if (written && write(fd, written, strlen(written)) < 0)
		die(path);
	bytes = read_all(fd, sizeof(buf));
	close(fd);
	return bytes;
}

/* The files of a cgroup that there are; not all kernels have all. */
static void cat_files(const char *cgroup)
{
	char path[640];
	size_t i;

	for (i = 0; i < NR_FILES; i++) {
		snprintf(path, sizeof(path), "%s/%s", cgroup, files[i]);
		cat(path, NULL);
	}
}

static size_t open_files(const char *cgroup, int *fd)
{
	char path[640];
	size_t i, n = 0;

	for (i = 0; i < NR_FILES; i++) {
		snprintf(path, sizeof(path), "%s/%s", cgroup, files[i]);
		fd[n] = open(path, O_RDONLY);
		if (fd[n] >= 0)
			n++;
	}
	return n;
}

/* This process's cgroup on v2, as a path of the file system. */
static void own_cgroup(char *path, size_t size)
{
	char line[480], *p;
	FILE *f = fopen("/proc/self/cgroup", "r");

	*path = 0;
	while (f && fgets(line, sizeof(line), f)) {
		if (strncmp(line, "0::", 3))
			continue;
		p = strchr(line, '\n');
		if (p)
			*p = 0;
		snprintf(path, size, ROOT "%s", line + 3);
	}
	if (f)
		fclose(f);
	if (!*path)
		die("no cgroup v2");
}

/* Makes @path that of the level above; false if there is none. */
static bool level_up(char *path)
{
	if (strlen(path) <= strlen(ROOT))
		return false;
	*strrchr(path, '/') = 0;
	return true;
}

/* All levels, the root's included, which has few of the files. */
static void cat_levels(const char *cgroup)
{
	char path[512];

	snprintf(path, sizeof(path), "%s", cgroup);
	do {
		cat_files(path);
	} while (level_up(path));
}

/* The same, and proc's cgroup, opened. */
static size_t open_levels(const char *cgroup, int *fd)
{
	char path[512];
	size_t n = 0;

	fd[n++] = open("/proc/self/cgroup", O_RDONLY);
	if (fd[0] < 0)
		die("/proc/self/cgroup");
	snprintf(path, sizeof(path), "%s", cgroup);
	do {
		n += open_files(path, fd + n);
	} while (level_up(path));
	return n;
}

static void measure_report(const char *what, const char *path,
			   const char *written)
{
	static struct samples s;
	long bytes = 0;
	char name[64];
	int i;

	if (!exists(path)) {
		result_missing("read", what, "cg_list", "no such file");
		return;
	}
	s.n = 0;
	for (i = 0; i < READS; i++) {
		long long begin = now();

		bytes = cat(path, written);
		sample(&s, now() - begin);
	}
	if (bytes <= 0) {
		result_missing("read", what, "cg_list", strerror(errno));
		return;
	}
	result("read", what, "cg_list", median(&s));
	snprintf(name, sizeof(name), "%s-bytes", what);
	result("read", name, "cg_list", bytes);
}

static void reads_report(const char *what)
{
	static struct samples s;
	char cgroup[512], pid[16];
	int fd[1 + MAX_DEPTH * NR_FILES];
	size_t n, j;
	int i;

	own_cgroup(cgroup, sizeof(cgroup));
	snprintf(pid, sizeof(pid), "%d", getpid());
	if (exists("/proc/self/cg_list"))
		measure_report(what, "/proc/self/cg_list", NULL);
	else
		measure_report(what, "/proc/cg_list/task", pid);

	s.n = 0;
	for (i = 0; i < READS; i++) {
		long long begin = now();

		cat("/proc/self/cgroup", NULL);
		cat_levels(cgroup);
		sample(&s, now() - begin);
	}
	result("read", what, "files", median(&s));

	n = open_levels(cgroup, fd);
	s.n = 0;
	for (i = 0; i < READS; i++) {
		long long begin = now();

		for (j = 0; j < n; j++)
			if (pread(fd[j], buf, sizeof(buf), 0) < 0)
				die("pread");
		sample(&s, now() - begin);
	}
	result("read", what, "files-kept", median(&s));
	while (n--)
		close(fd[n]);
}

/* Cgroup number @i of many. */
static void many_path(char *path, size_t size, long i)
{
	if (i % FANOUT)
		snprintf(path, size, ROOT "/many%ld/c%ld", i / FANOUT, i % FANOUT);
	else
		snprintf(path, size, ROOT "/many%ld", i / FANOUT);
}

static void make_many(long n)
{
	char path[256], control[300];
	long i;

	for (i = 0; i < n; i++) {
		many_path(path, sizeof(path), i);
		if (mkdir(path, 0755))
			die(path);
		if (i % FANOUT)
			continue;
		snprintf(control, sizeof(control), "%s/cgroup.subtree_control",
			 path);
		write_file(control, "+memory");
	}
}

static void remove_many(long n)
{
	char path[256];

	while (n--) {
		many_path(path, sizeof(path), n);
		if (rmdir(path))
			die(path);
	}
}

/* Lines that begin with @key, in what @path tells. */
static long count_lines(const char *path, const char *key)
{
	char *line = NULL;
	size_t size = 0;
	long n = 0;
	FILE *f = fopen(path, "r");

	if (!f)
		return 0;
	while (getline(&line, &size, f) > 0)
		n += !strncmp(line, key, strlen(key));
	free(line);
	fclose(f);
	return n;
}

/* A file with a group of lines each: instructions each. */
static void measure_bulk(const char *what, const char *path, const char *key)
{
	static struct samples s;
	long n = count_lines(path, key), bytes = 0;
	char name[64];
	int i;

	if (!n) {
		result_missing("read", what, "cg_list", "no such file or lines");
		return;
	}
	s.n = 0;
	for (i = 0; i < BULK_READS; i++) {
		long long begin = now();

		bytes = cat(path, NULL);
		sample(&s, now() - begin);
	}
	result("read", what, "cg_list", (double)median(&s) / n);
	snprintf(name, sizeof(name), "%s-bytes", what);
	result("read", name, "cg_list", (double)bytes / n);
}

/* By the BPF iterators of @kind, where the host could build them. */
static void iterate(const char *what, const char *kind)
{
	const char *why = !exists("/bench/iter") ? "it was not built" :
			  !exists("/sys/kernel/btf/vmlinux") ?
			  "this kernel has no type information" : NULL;
	int status;
	pid_t pid;

	if (why) {
		result_missing("read", what, "bpf", why);
		return;
	}
	pid = fork();
	if (!pid) {
		close(STDERR_FILENO);
		execl("/bench/iter", "iter", "/bench/iter.bpf.o", what, kind,
		      NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		result_missing("read", what, "bpf", "the iterator failed");
}

static void reads_memcgs(long n)
{
	long by_files = n < MAX_BY_FILES ? n : MAX_BY_FILES;
	char what[64], path[256];
	struct rlimit limit = { 65536, 65536 };
	long long begin;
	int (*fd)[NR_FILES];
	size_t *nr, j;
	long i;

	snprintf(what, sizeof(what), "memcgs-%ld", n);
	begin = now();
	make_many(n);
	result("read", what, "mkdir", (double)(now() - begin) / n);
	measure_bulk(what, "/proc/cg_list/memcgs", "memcg ");

	iterate(what, "cgroups");

	begin = now();
	for (i = 0; i < by_files; i++) {
		many_path(path, sizeof(path), i);
		cat_files(path);
	}
	result("read", what, "files", (double)(now() - begin) / by_files);

	fd = calloc(by_files, sizeof(*fd));
	nr = calloc(by_files, sizeof(*nr));
	if (!fd || !nr || setrlimit(RLIMIT_NOFILE, &limit))
		die("files kept open");
	for (i = 0; i < by_files; i++) {
		many_path(path, sizeof(path), i);
		nr[i] = open_files(path, fd[i]);
	}
	begin = now();
	for (i = 0; i < by_files; i++)
		for (j = 0; j < nr[i]; j++)
			if (pread(fd[i][j], buf, sizeof(buf), 0) < 0)
				die("pread");
	result("read", what, "files-kept", (double)(now() - begin) / by_files);
	for (i = 0; i < by_files; i++)
		while (nr[i])
			close(fd[i][--nr[i]]);
	free(fd);
	free(nr);

	begin = now();
	remove_many(n);
	result("read", what, "rmdir", (double)(now() - begin) / n);
}

/* What ps and the like do: each number in /proc, and its cgroup and stat. */
static long walk_proc(void)
{
	char path[64];
	struct dirent *d;
	DIR *dir = opendir("/proc");
	long n = 0;

	if (!dir)
		die("/proc");
	while ((d = readdir(dir))) {
		if (d->d_name[0] < '0' || d->d_name[0] > '9')
			continue;
		snprintf(path, sizeof(path), "/proc/%.16s/cgroup", d->d_name);
		cat(path, NULL);
		snprintf(path, sizeof(path), "/proc/%.16s/stat", d->d_name);
		cat(path, NULL);
		n++;
	}
	closedir(dir);
	return n;
}

static void reads_tasks(long n)
{
	pid_t *pid = calloc(n, sizeof(*pid));
	long long begin;
	char what[64];
	long i, seen;

	snprintf(what, sizeof(what), "tasks-%ld", n);
	for (i = 0; i < n; i++) {
		pid[i] = fork();
		if (pid[i] < 0)
			break;
		if (!pid[i]) {
			for (;;)
				pause();
		}
	}
	if (i < n) {
		fprintf(stderr, "bench: %ld of %ld tasks: %m\n", i, n);
		n = i;
		result_missing("read", what, "cg_list", "too few can be had");
	}
	/* Let them come to rest. */
	sleep(1);
	measure_bulk(what, "/proc/cg_list/tasks", "task ");
	iterate(what, "tasks");
	begin = now();
	seen = walk_proc();
	result("read", what, "files", (double)(now() - begin) / seen);

	for (i = 0; i < n; i++)
		kill(pid[i], SIGKILL);
	for (i = 0; i < n; i++)
		waitpid(pid[i], NULL, 0);
	free(pid);
}

/* What children that have ended ran for, in nanoseconds. */
static long long children_ran(void)
{
	struct rusage r;

	getrusage(RUSAGE_CHILDREN, &r);
	return (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1000000000LL +
	       (r.ru_utime.tv_usec + r.ru_stime.tv_usec) * 1000LL;
}

/*
 * A command, its starting and ending included: what it ran, and how long it
 * took, most of which is waiting where that is for a grace period.
 */
static void reads_timed(char **argv)
{
	long long begin = now();
	char name[64];
	pid_t pid = fork();
	int status;

	if (!pid) {
		execvp(argv[3], argv + 3);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		die("fork");
	if (status) {
		result_missing(argv[0], argv[1], argv[2], "the command failed");
		return;
	}
	result(argv[0], argv[1], argv[2], children_ran());
	snprintf(name, sizeof(name), "%s-took", argv[2]);
	result(argv[0], argv[1], name, now() - begin);
}

int main(int argc, char **argv)
{
	const char *command = argc > 2 ? argv[1] : "";

	if (!strcmp(command, "report")) {
		reads_report(argv[2]);
	} else if (!strcmp(command, "memcgs")) {
		reads_memcgs(number(argv[2]));
	} else if (!strcmp(command, "tasks")) {
		reads_tasks(number(argv[2]));
	} else if (!strcmp(command, "make")) {
		make_many(number(argv[2]));
	} else if (!strcmp(command, "timed") && argc > 5) {
		reads_timed(argv + 2);
	} else if (!strcmp(command, "remove")) {
		remove_many(number(argv[2]));
	} else {
		fprintf(stderr, "usage: see the head of reads.c\n");
		return 2;
	}
	return 0;
}
