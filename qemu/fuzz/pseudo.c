// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pseudo calls. A line "pseudo: NAME" begins the part that a reproducer
 * which calls NAME needs; the parts use nothing of each other.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pseudo.h"

/* pseudo: fz_fork */
/*
 * Makes a child by clone() with namespace flags. The child waits (action 0),
 * touches and drops amount pages again and again (1), ends at once (2), or
 * reads its own report again and again (3).
 */
long fz_fork(unsigned long flags, unsigned long action, unsigned long amount)
{
	unsigned long size = (amount % 4096 + 1) * 4096, i;
	long pid = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
	char buf[4096], *p;
	int fd;

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (action == 1) {
		p = mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (p == MAP_FAILED)
			break;
		for (i = 0; i < size; i += 4096)
			p[i] = 1;
		munmap(p, size);
	}
	while (action == 3) {
		fd = open("/proc/self/cg_list", O_RDONLY);
		if (fd < 0)
			break;
		while (read(fd, buf, sizeof(buf)) > 0)
			;
		close(fd);
	}
	if (action != 2)
		pause();
	_exit(0);
}

/* pseudo: fz_taskfile */
/* Opens a file of a task: /proc/PID/FILE. */
long fz_taskfile(long pid, unsigned long which, unsigned long flags)
{
	static const char *const files[] = {
		"cg_list", "task/%ld/cg_list", "cgroup", "ns/cgroup", "ns/pid",
		"ns/uts", "ns/mnt", "ns/user", "status", "oom_score_adj",
	};
	char name[32], path[64];

	snprintf(name, sizeof(name), files[which % (sizeof(files) / sizeof(*files))], pid);
	snprintf(path, sizeof(path), "/proc/%ld/%s", pid, name);
	return open(path, flags);
}

/* pseudo: fz_putpid */
/* Writes a task's number into a file: moves it to a cgroup, asks about it. */
long fz_putpid(const char *path, long pid)
{
	int fd = open(path, O_RDWR);
	char text[32], buf[512];
	long ret;

	if (fd < 0)
		return -1;
	ret = write(fd, text, snprintf(text, sizeof(text), "%ld", pid));
	while (ret > 0 && read(fd, buf, sizeof(buf)) > 0)
		;
	close(fd);
	return ret;
}

/* pseudo: fz_putfile */
/* Writes text into a file. */
long fz_putfile(const char *path, const char *text, unsigned long len)
{
	int fd = open(path, O_WRONLY);
	long ret;

	if (fd < 0)
		return -1;
	ret = write(fd, text, len);
	close(fd);
	return ret;
}

/* pseudo: fz_getfile */
/* Reads a file to its end, or 64 times, chunk bytes a time. */
long fz_getfile(const char *path, unsigned long chunk)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK), i;
	static char buf[16384];
	long ret = 0, n;

	if (fd < 0)
		return -1;
	if (!chunk || chunk > sizeof(buf))
		chunk = sizeof(buf);
	for (i = 0; i < 64; i++) {
		n = read(fd, buf, chunk);
		if (n <= 0)
			break;
		ret += n;
	}
	close(fd);
	return ret;
}

/* pseudo: fz_touch */
/* Maps private memory, touches its pages, and takes it away again. */
long fz_touch(unsigned long keep, unsigned long pages)
{
	unsigned long size = (pages % 16384 + 1) * 4096, i;
	volatile char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return -1;
	for (i = 0; i < size; i += 4096)
		p[i] = 1;
	return keep ? (long)p : munmap((void *)p, size);
}
