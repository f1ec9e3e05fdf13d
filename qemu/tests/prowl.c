// SPDX-License-Identifier: GPL-2.0-only
/*
 * prowl: go through /proc/PID and /proc/PID/task/TID while processes come and go.
 *
 *	prowl [-n PROCESSES] [-s SECONDS] [-m MODULE]
 *
 * Each of PROCESSES (4) takes a process that is there and looks its files up,
 * lists its directory, opens cg_list, reads some or all of it, holds it by
 * O_PATH, or leaves it open for a while. -m: one more loads and unloads MODULE,
 * the provider of cg_list, again and again.
 *
 * A directory that is listed to its end has one cg_list; a name that is not
 * there is not found; a report that is read to the end is about that process; what
 * fails does so because the process is gone or there is no provider. Else it says
 * what it saw and exits with 1.
 *
 *	prowl -c
 *
 * Measures, and prints, nanoseconds each: a lookup of another name, one of
 * cg_list, a listing, opening and reading cg_list, and the same by
 * /proc/cg_list/task, of a process that sleeps; under qemu's -icount these are
 * instructions.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "crew.h"

enum { LOOKUPS, LISTINGS, READS, HELD, GONE, LOADS };

static const char * const what[] = {
	"lookups", "listings", "reads", "held", "gone", "loads",
};

static bool provided = true;

/* A number of a process that was there a moment ago. */
static int some_process(DIR *proc)
{
	struct dirent *e;
	int pids[512], n = 0;

	rewinddir(proc);
	while (n < 512 && (e = readdir(proc)))
		if (*e->d_name >= '1' && *e->d_name <= '9')
			pids[n++] = atoi(e->d_name);
	return n ? pids[rand() % n] : 1;
}

/* Whether an error is one of a process that is gone. */
static bool gone(void)
{
	if (errno != ENOENT && errno != ESRCH)
		return false;
	count(GONE);
	return true;
}

static void look_up(int dir, const char *path)
{
	static const char * const absent[] = {
		"cg_lis", "cg_list2", "CG_LIST", "attr/cg_list", "net/cg_list",
		"cg_list/x",
	};
	static const char * const present[] = {
		"cg_list", "cgroup", "cmdline", "environ",
	};
	const char *name = absent[rand() % 6];
	struct stat st;

	if (!fstatat(dir, name, &st, 0))
		fail("%s/%s is there", path, name);
	else if (errno != ENOENT && errno != ENOTDIR && errno != ESRCH)
		fail("%s/%s: %s", path, name, strerror(errno));
	name = present[rand() % 4];
	if (fstatat(dir, name, &st, 0) && !gone())
		fail("%s/%s: %s", path, name, strerror(errno));
	count(LOOKUPS);
	count(LOOKUPS);
}

static void list(int dir, const char *path)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ours = 0, all = 0;
	struct dirent *e;
	DIR *d;

	if (fd < 0) {
		if (!gone())
			fail("%s: %s", path, strerror(errno));
		return;
	}
	d = fdopendir(fd);
	errno = 0;
	while ((e = readdir(d))) {
		all++;
		ours += !strcmp(e->d_name, "cg_list");
	}
	/* A process that ends meanwhile has no more entries. */
	if (ours > 1 || (!ours && !errno && all > 2))
		fail("%s: %d entries, %d of them cg_list", path, all, ours);
	closedir(d);
	count(LISTINGS);
}

static void read_one(int dir, const char *path, int pid)
{
	char buf[8192], want[32];
	int fd = openat(dir, "cg_list", O_RDONLY | O_CLOEXEC);
	ssize_t n;
	bool first = true;

	if (fd < 0) {
		if (!gone())
			fail("%s/cg_list: open: %s", path, strerror(errno));
		return;
	}
	snprintf(want, sizeof(want), "task pid=%d ", pid);
	do {
		n = read(fd, buf, sizeof(buf) - 1);
		if (n < 0) {
			/* What was begun under one provider may end without. */
			if (!gone() && (provided || errno != ENODEV))
				fail("%s/cg_list: read: %s", path, strerror(errno));
			break;
		}
		buf[n] = '\0';
		/* One that is reaped meanwhile has no number any more. */
		if (first && n && !strstr(buf, want) && !strstr(buf, "task pid=0 "))
			fail("%s/cg_list is not about it: %.80s", path, buf);
		first = false;
	} while (n > 0 && rand() % 8);
	close(fd);
	count(READS);
}

static void prowler(void)
{
	DIR *proc = opendir("/proc");
	int held[16] = { 0 };
	unsigned int n = 0;

	while (!crew_over()) {
		int pid = some_process(proc), dir, fd, i;
		char path[64];

		if (rand() % 2)
			snprintf(path, sizeof(path), "/proc/%d", pid);
		else
			snprintf(path, sizeof(path), "/proc/%d/task/%d", pid, pid);
		dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (dir < 0) {
			if (!gone())
				fail("%s: %s", path, strerror(errno));
			continue;
		}
		for (i = 0; i < 8; i++) {
			look_up(dir, path);
			read_one(dir, path, pid);
		}
		list(dir, path);
		fd = openat(dir, "cg_list", (n % 2 ? O_PATH : O_RDONLY) | O_CLOEXEC);
		if (fd >= 0) {
			if (held[n % 16])
				close(held[n % 16]);
			held[n++ % 16] = fd;
			count(HELD);
		}
		close(dir);
	}
}

static void forker(void)
{
	while (!crew_over()) {
		pid_t pid = fork();

		if (!pid) {
			usleep(rand() % 20000);
			_exit(0);
		}
		if (pid > 0 && rand() % 4)
			while (waitpid(-1, NULL, WNOHANG) > 0)
				;
	}
}

static void loader(const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die(file);
	while (!crew_over()) {
		if (syscall(SYS_finit_module, fd, "", 0)) {
			fail("loading: %s", strerror(errno));
			break;
		}
		while (syscall(SYS_delete_module, "cg_list", O_NONBLOCK)) {
			if (errno != EAGAIN && errno != EBUSY) {
				fail("unloading: %s", strerror(errno));
				break;
			}
			usleep(100);
		}
		count(LOADS);
	}
}

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	long long x = *(const long long *)a, y = *(const long long *)b;

	return (x > y) - (x < y);
}

static char dir_path[32];
static const char *name;

static void do_lookup(void)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", dir_path, name);
	stat(path, &st);
}

static void do_list(void)
{
	int fd = open(dir_path, O_RDONLY | O_DIRECTORY);
	char buf[16384];

	while (syscall(SYS_getdents64, fd, buf, sizeof(buf)) > 0)
		;
	close(fd);
}

static void do_read(void)
{
	char buf[16384], path[64];
	int fd;

	snprintf(path, sizeof(path), "%s/cg_list", dir_path);
	fd = open(path, O_RDONLY);
	while (read(fd, buf, sizeof(buf)) > 0)
		;
	close(fd);
}

static void do_task(void)
{
	char buf[16384];
	int fd = open("/proc/cg_list/task", O_RDWR);

	dprintf(fd, "%s", dir_path + strlen("/proc/"));
	while (read(fd, buf, sizeof(buf)) > 0)
		;
	close(fd);
}

static void measure(const char *title, void (*work)(void))
{
	static long long took[301];
	int i;

	for (i = 0; i < 301; i++) {
		took[i] = now();
		work();
		took[i] = now() - took[i];
	}
	qsort(took, 301, sizeof(took[0]), by_value);
	printf("%s %lld\n", title, took[150]);
	fflush(stdout);
}

/* Names that nobody has are looked up by the kernel's function each time. */
static void costs(void)
{
	pid_t pid = fork();

	if (!pid) {
		pause();
		_exit(0);
	}
	snprintf(dir_path, sizeof(dir_path), "/proc/%d", pid);
	usleep(100000);
	name = "absent1";	/* as long as "cg_list" */
	measure("lookup_len7", do_lookup);
	name = "absent";
	measure("lookup", do_lookup);
	measure("listing", do_list);
	if (!access("/proc/self/cg_list", F_OK))
		measure("read", do_read);
	if (!access("/proc/cg_list/task", F_OK))
		measure("task", do_task);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
	int n = 4, seconds = 5, opt, i;
	const char *module = NULL;
	pid_t pids[64];
	unsigned int w;

	while ((opt = getopt(argc, argv, "n:s:m:c")) != -1) {
		switch (opt) {
		case 'n':
			n = atoi(optarg);
			break;
		case 's':
			seconds = atoi(optarg);
			break;
		case 'm':
			module = optarg;
			provided = false;
			break;
		case 'c':
			costs();
			return 0;
		default:
			return 2;
		}
	}
	if (n < 1 || n > 60)
		return 2;
	crew_muster(seconds);
	for (i = 0; i < n + 2 + !!module; i++) {
		pids[i] = crew_fork();
		if (pids[i])
			continue;
		if (i < n)
			prowler();
		else if (i < n + 2)
			forker();
		else
			loader(module);
		_exit(0);
	}
	while (i--)
		waitpid(pids[i], NULL, 0);
	for (w = 0; w < sizeof(what) / sizeof(what[0]); w++)
		printf(" %s %ld", what[w], crew->count[w]);
	putchar('\n');
	if (crew->failed)
		printf("%s\n", crew->why);
	return crew->failed;
}
