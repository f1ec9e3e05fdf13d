// SPDX-License-Identifier: GPL-2.0-only
/*
 * readers: many processes that read files, again and again.
 *
 *	readers [-n PROCESSES] [-s SECONDS] [-b BUFFER] [-w MS] [-e ERRNO]... FILE...
 *
 * Each of PROCESSES (1) opens, reads to the end and closes every FILE in turn
 * for SECONDS (1) or until SIGTERM, with a buffer of BUFFER bytes (4096), and then waits
 * MS (0). A FILE's * stands for
 * the pid of every process there is, at that time. A file or process that
 * went away (ENOENT, ESRCH) and the ERRNOs named are counted; any other error
 * ends it with status 1. Prints "reads N bytes N refused N".
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct counts {
	long reads, bytes, refused;
	int stop;
};

static struct counts *counts;

static size_t buffer = 4096;
static bool expected[4096];

static void stop(int unused)
{
	__atomic_store_n(&counts->stop, unused, __ATOMIC_RELAXED);
}

static void note(const char *path)
{
	if (errno <= 0 || errno >= 4096 || !expected[errno])
		err(1, "%s", path);
	__atomic_add_fetch(&counts->refused, 1, __ATOMIC_RELAXED);
}

static void read_one(const char *path, char *buf)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0) {
		note(path);
		return;
	}
	while ((n = read(fd, buf, buffer)) > 0)
		__atomic_add_fetch(&counts->bytes, n, __ATOMIC_RELAXED);
	if (n < 0)
		note(path);
	else
		__atomic_add_fetch(&counts->reads, 1, __ATOMIC_RELAXED);
	close(fd);
}

static void read_each(const char *pattern, char *buf)
{
	const char *star = strchr(pattern, '*');
	struct dirent *entry;
	char path[4096];
	DIR *proc;

	if (!star) {
		read_one(pattern, buf);
		return;
	}
	proc = opendir("/proc");
	if (!proc)
		err(1, "/proc");
	while ((entry = readdir(proc))) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
			continue;
		snprintf(path, sizeof(path), "%.*s%s%s", (int)(star - pattern),
			 pattern, entry->d_name, star + 1);
		read_one(path, buf);
	}
	closedir(proc);
}

int main(int argc, char **argv)
{
	long processes = 1, seconds = 1, pause_ms = 0, i;
	int c, status, rc = 0;

	expected[ENOENT] = true;
	expected[ESRCH] = true;
	while ((c = getopt(argc, argv, "n:s:b:w:e:")) != -1) {
		switch (c) {
		case 'n': processes = atol(optarg); break;
		case 's': seconds = atol(optarg); break;
		case 'b': buffer = atol(optarg); break;
		case 'w': pause_ms = atol(optarg); break;
		case 'e': expected[atoi(optarg) & 4095] = true; break;
		default: return 2;
		}
	}
	if (optind == argc)
		errx(2, "no file");
	counts = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (counts == MAP_FAILED)
		err(1, "mmap");
	signal(SIGTERM, stop);
	for (i = 0; i < processes; i++) {
		pid_t pid = fork();
		time_t end = time(NULL) + seconds;

		if (pid < 0)
			err(1, "fork");
		if (pid == 0) {
			char *buf = malloc(buffer);

			if (!buf)
				err(1, "malloc");
			do {
				for (c = optind; c < argc; c++)
					read_each(argv[c], buf);
				usleep(pause_ms * 1000);
			} while (time(NULL) < end &&
				 !__atomic_load_n(&counts->stop, __ATOMIC_RELAXED));
			_exit(0);
		}
	}
	while (wait(&status) > 0 || errno == EINTR)
		if (status)
			rc = 1;
	printf("reads %ld bytes %ld refused %ld\n", counts->reads,
	       counts->bytes, counts->refused);
	return rc;
}
