// SPDX-License-Identifier: GPL-2.0-only
/*
 * remount: readers of every file of the module while cgroup v1 hierarchies are
 * mounted and unmounted.
 *
 *	remount [-s SECONDS] [-n READERS] OPTIONS...
 *
 * One process a set of mount OPTIONS ("memory", "none,name=x") mounts that
 * hierarchy, moves itself into its root, in every second round makes a cgroup
 * there, moves in and out and removes it, and unmounts. Nothing holds the root
 * then: it is freed under the READERS (4), who read reports, lists and events
 * all the while. What they read must be text of the format, without the bytes
 * that the kernel puts into freed memory (slub_debug=P).
 *
 * Prints how often each thing was done; 1 if something did not hold, or was not
 * done at all.
 */
#define _GNU_SOURCE
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "crew.h"

#define BUF	1048576

enum what { READS, CYCLES, BUSY, NR_COUNTS };

static const char *const names[NR_COUNTS] = { "reads", "cycles", "busy" };

/* 0x6b6b... as the numbers and the strings that could be printed of it. */
static const char *const poison[] = {
	"7740398493674204011", "1802201963", "kkkkkkkk",
};

static void look(const char *file, char *buf)
{
	bool task = !strcmp(file, "/proc/cg_list/task");
	int fd = open(file, (task ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK);
	size_t i, length = 0;
	ssize_t n;

	if (fd < 0) {
		if (errno != ENOENT)
			fail("%s: %s", file, strerror(errno));
		return;
	}
	if (task && write(fd, "1", 1) != 1)
		fail("%s: write: %s", file, strerror(errno));
	while (length < BUF - 1 &&
	       (n = read(fd, buf + length, BUF - 1 - length)) > 0)
		length += n;
	close(fd);
	buf[length] = 0;
	for (i = 0; i < sizeof(poison) / sizeof(*poison); i++) {
		char *at = strstr(buf, poison[i]);

		if (at)
			fail("%s: of freed memory: %.100s", file,
			     at - buf > 40 ? at - 40 : buf);
	}
	count(READS);
}

static void reader(void)
{
	static const char *const files[] = {
		"/proc/cg_list/task", "/proc/1/cg_list", "/proc/cg_list/memcgs",
		"/proc/cg_list/tasks", "/proc/cg_list/events",
		"/proc/cg_list/status", "/proc/1/task/1/cg_list",
	};
	char *buf = malloc(BUF);
	unsigned int i = getpid();

	if (!buf)
		die("malloc");
	while (!crew_over())
		look(files[i++ % (sizeof(files) / sizeof(*files))], buf);
	exit(0);
}

static void cycle(const char *options, const char *dir, bool child)
{
	char procs[64], inner[64], inner_procs[80];

	/* The root that was unmounted before may not be gone yet. */
	if (mount("none", dir, "cgroup", 0, options)) {
		if (errno != EBUSY)
			fail("mount %s: %s", options, strerror(errno));
		count(BUSY);
		usleep(10000);
		return;
	}
	snprintf(procs, sizeof(procs), "%s/cgroup.procs", dir);
	put(procs, "0");
	if (child) {
		snprintf(inner, sizeof(inner), "%s/inner", dir);
		snprintf(inner_procs, sizeof(inner_procs), "%s/cgroup.procs",
			 inner);
		if (mkdir(inner, 0755))
			fail("mkdir: %s", strerror(errno));
		put(inner_procs, "0");
		put(procs, "0");
		rmdir(inner);
	}
	usleep(rand() % 10000);
	if (umount(dir))
		fail("umount: %s", strerror(errno));
	count(CYCLES);
	usleep(rand() % 5000);
}

static void mounter(const char *options, int number)
{
	char dir[32];
	bool child = false;

	snprintf(dir, sizeof(dir), "/tmp/remount%d", number);
	mkdir(dir, 0755);
	while (!crew_over()) {
		cycle(options, dir, child);
		child = !child;
	}
	rmdir(dir);
	exit(0);
}

int main(int argc, char **argv)
{
	int seconds = 8, readers = 4, opt, i, status;

	while ((opt = getopt(argc, argv, "s:n:")) != -1) {
		if (opt == 's')
			seconds = atoi(optarg);
		else if (opt == 'n')
			readers = atoi(optarg);
		else
			return 2;
	}
	if (optind == argc)
		return 2;
	crew_muster(seconds);
	for (i = 0; i < readers; i++) {
		if (!crew_fork())
			reader();
	}
	for (i = optind; i < argc; i++) {
		if (!crew_fork())
			mounter(argv[i], i - optind);
	}
	while (wait(&status) > 0) {
		if (status)
			fail("a process ended with status %d", status);
	}
	for (i = 0; i < NR_COUNTS; i++)
		printf(" %s %ld", names[i], crew->count[i]);
	printf("\n");
	if (crew->failed) {
		printf("%s\n", crew->why);
		return 1;
	}
	return !crew->count[READS] || !crew->count[CYCLES];
}
