// SPDX-License-Identifier: GPL-2.0-only
/*
 * What charges cost that meet a limit, in the memory cgroup of cgroup v2 that
 * this is started in, and which it limits:
 *
 *	slow SETTING limit	a limit hit, reclaim from page cache, a retry
 *	slow SETTING fail	a charge that may not wait and fails: one event
 *	slow SETTING kill	a child that is killed by the OOM killer
 *	slow SETTING events N	events written by N processes, read by one
 *
 * Numbers are instructions, where they are not counts of events.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"

#define FAILURES	1000
#define KILLS		10
#define KILL_LIMIT	(8 * MIB)
#define FILE_SIZE	(32 * MIB)
#define FILE_LIMIT	"8388608"
#define BURST		20000

static const char *setting;

/* The memory cgroup that this was started in, as a path. */
static char cgroup[520];

static void find_cgroup(void)
{
	char line[480];
	FILE *f = fopen("/proc/self/cgroup", "r");

	while (f && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = 0;
		if (!strncmp(line, "0::", 3))
			snprintf(cgroup, sizeof(cgroup), "/sys/fs/cgroup%s",
				 line + 3);
	}
	if (f)
		fclose(f);
}

static char *knob(const char *name)
{
	static char path[600];

	snprintf(path, sizeof(path), "%s/%s", cgroup, name);
	return path;
}

static void set_limit(const char *limit)
{
	write_file(knob("memory.max"), limit);
}

/* The number behind @key in a file of the cgroup's. */
static long long read_knob(const char *name, const char *key)
{
	long long value = 0;
	char line[256];
	FILE *f = fopen(knob(name), "r");
	size_t len = strlen(key);

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, key, len))
			value = atoll(line + len);
	if (f)
		fclose(f);
	return value;
}

/*
 * A file larger than the limit, read from end to end: each time that the limit
 * is met, some of its page cache goes. A sample is a whole reading.
 */
static void slow_limit(void)
{
	static struct samples s;
	static char buf[65536];
	long long hits;
	int i, fd = open("/tmp/disk/file", O_RDONLY);

	if (fd < 0) {
		result_missing("slow", "limit", setting, "no file system");
		return;
	}
	set_limit(FILE_LIMIT);
	hits = read_knob("memory.events", "max ");
	for (i = 0; i < 5; i++) {
		long long begin = now();

		if (lseek(fd, 0, SEEK_SET))
			die("lseek");
		while (read(fd, buf, sizeof(buf)) > 0)
			;
		sample(&s, now() - begin);
	}
	hits = read_knob("memory.events", "max ") - hits;
	if (hits < 5)
		die("the limit was not met");
	result("slow", "limit", setting, (double)median(&s) * 5 / hits);
	result("slow", "limit-page", setting,
	       (double)median(&s) / (FILE_SIZE / PAGE));
	set_limit("max");
}

/* A map whose elements are allocated in a context that may not wait. */
static int make_map(void)
{
	union bpf_attr attr = {
		.map_type	= BPF_MAP_TYPE_HASH,
		.key_size	= sizeof(int),
		.value_size	= 8000,
		.max_entries	= 100000,
		.map_flags	= BPF_F_NO_PREALLOC,
	};

	return syscall(__NR_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
}

static bool add_element(int map, int key)
{
	static char value[8000];
	union bpf_attr attr = {
		.map_fd	= map,
		.key	= (unsigned long)&key,
		.value	= (unsigned long)value,
	};

	return !syscall(__NR_bpf, BPF_MAP_UPDATE_ELEM, &attr, sizeof(attr));
}

/* Fills a map until the limit refuses: then it refuses each. */
static int full_map(void)
{
	char limit[32];
	int key, map = make_map();

	if (map < 0)
		return -1;
	snprintf(limit, sizeof(limit), "%lld",
		 read_knob("memory.current", "") + MIB);
	set_limit(limit);
	for (key = 0; add_element(map, key); key++)
		if (key > 10000)
			die("the limit was not met");
	/* What the failure left over in stocks. */
	for (key = 20000; key < 20100; key++)
		add_element(map, key);
	return map;
}

static void slow_fail(void)
{
	static struct samples s;
	int i, map = full_map();

	if (map < 0) {
		result_missing("slow", "fail", setting, "no BPF maps");
		return;
	}
	for (i = 0; i < FAILURES; i++) {
		long long begin = now();

		if (add_element(map, 30000 + i))
			continue;
		sample(&s, now() - begin);
	}
	result("slow", "fail", setting, median(&s));
	set_limit("max");
	close(map);
}

static void slow_kill(void)
{
	static struct samples s;
	char limit[32];
	int i, status;
	size_t at;

	snprintf(limit, sizeof(limit), "%lu", KILL_LIMIT);
	set_limit(limit);
	for (i = 0; i < KILLS; i++) {
		long long begin = now();
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (!pid) {
			char *p = mmap(NULL, 2 * KILL_LIMIT,
				       PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

			for (at = 0; at < 2 * KILL_LIMIT; at += PAGE)
				p[at] = 1;
			_exit(0);
		}
		if (waitpid(pid, &status, 0) != pid)
			die("waitpid");
		if (!WIFSIGNALED(status))
			die("the child was not killed");
		sample(&s, now() - begin);
	}
	result("slow", "kill", setting, median(&s));
	set_limit("max");
}

/* What `status` says of @name. */
static long long status_of(const char *name)
{
	char buf[4096], *p;
	int fd = open("/proc/cg_list/status", O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, buf, sizeof(buf) - 1);

	if (fd >= 0)
		close(fd);
	buf[n > 0 ? n : 0] = 0;
	p = strstr(buf, name);
	return p ? atoll(p + strlen(name)) : 0;
}

static void write_events(int map, long n)
{
	int i;

	for (i = 0; i < n; i++)
		add_element(map, 30000 + i);
}

/* Reads the stream until nothing came for a second. */
static long read_events(int fd, long *overtaken)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	static char line[32768];
	long n = 0;

	while (poll(&p, 1, 1000) > 0) {
		if (read(fd, line, sizeof(line)) > 0)
			n++;
		else if (errno == EPIPE)
			++*overtaken;
		else
			die("events");
	}
	return n;
}

/*
 * Writers that do nothing else, and a reader: on one CPU they take turns, so
 * what the ring holds must last for the time slices of the writers.
 */
static void slow_events(long writers)
{
	int fd = open("/proc/cg_list/events", O_RDONLY | O_NONBLOCK);
	int map = full_map();
	long long begin, lost;
	long i, n, overtaken = 0;
	char what[32];

	snprintf(what, sizeof(what), "events-%ld", writers);
	if (fd < 0 || map < 0) {
		result_missing("slow", what, setting, "no events, or no maps");
		return;
	}
	/*
	 * A map is charged to its maker's cgroup: out of there, or the writers'
	 * own memory would be refused too.
	 */
	write_file("/sys/fs/cgroup/cgroup.procs", "0");
	lseek(fd, 0, SEEK_END);
	lost = status_of("overwritten=");
	begin = now();
	for (i = 0; i < writers; i++) {
		if (fork())
			continue;
		write_events(map, BURST / writers);
		_exit(0);
	}
	n = read_events(fd, &overtaken);
	/* The last second was waiting. */
	result("slow", what, "each", (double)(now() - begin - 1000000000) / BURST);
	result("slow", what, "read", n);
	result("slow", what, "unread", BURST - n);
	result("slow", what, "overtaken", overtaken);
	result("slow", what, "overwritten", status_of("overwritten=") - lost);
	while (waitpid(-1, NULL, 0) > 0)
		;
	set_limit("max");
	close(map);
	close(fd);
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[2] : "";

	find_cgroup();
	setting = argv[1];
	if (!strcmp(what, "limit")) {
		slow_limit();
	} else if (!strcmp(what, "fail")) {
		slow_fail();
	} else if (!strcmp(what, "kill")) {
		slow_kill();
	} else if (!strcmp(what, "events") && argc > 3) {
		slow_events(number(argv[3]));
	} else {
		fprintf(stderr, "usage: slow SETTING limit|fail|kill|events N\n");
		return 2;
	}
	return 0;
}
