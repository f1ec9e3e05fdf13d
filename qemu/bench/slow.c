// SPDX-License-Identifier: GPL-2.0-only
/*
 * What charges cost that meet a limit, in the memory cgroup of cgroup v2 that
 * this is started in, and which it limits:
 *
 *	slow SETTING limit	a limit hit, reclaim from page cache, a retry
 *	slow SETTING fail	a charge that may not wait and fails: one event
 *	slow SETTING kill	a child that is killed by the OOM killer
 *	slow SETTING events N	events written by N processes, read by one: as
 *				fast as they can, and if the reader comes first
 *	slow SETTING burst	how many may come before the reader does
 *
 * Numbers are instructions, where they are not counts of events.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
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
#define FLOOD		20000
#define MAX_BURST	4096

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
	/*
	 * A map is charged to its maker's cgroup: out of there, or our own
	 * memory would be refused too.
	 */
	write_file("/sys/fs/cgroup/cgroup.procs", "0");
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

/**
 * struct stream - what became of events
 * @fd: the open file
 * @map: where charges fail
 * @key: of the next element of it: where there is room, each takes some
 * @written: events that there were, counted by all who write
 * @read: those that the reader got
 * @overtaken: how often it was told that it missed some
 */
struct stream {
	int fd;
	int map;
	int key;
	long *written;
	long read;
	long overtaken;
};

/* @n charges that fail. */
static void write_events(struct stream *s, long n)
{
	int i;

	for (i = 0; i < n; i++) {
		/* After another's charge there may be room for one. */
		if (!add_element(s->map, s->key++))
			__atomic_add_fetch(s->written, 1, __ATOMIC_RELAXED);
	}
}

/* Reads the stream until nothing came for a second. */
static void read_events(struct stream *s)
{
	struct pollfd p = { .fd = s->fd, .events = POLLIN };
	static char line[32768];

	s->read = 0;
	s->overtaken = 0;
	while (poll(&p, 1, 1000) > 0) {
		if (read(s->fd, line, sizeof(line)) > 0)
			s->read++;
		else if (errno == EPIPE)
			s->overtaken++;
		else
			die("events");
	}
}

static int open_events(void)
{
	return open("/proc/cg_list/events", O_RDONLY | O_NONBLOCK);
}

/* Opens them as one who is not shown any stack: those cost the most to read. */
static int open_without_stacks(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct caps[2], all[2];
	int fd;

	if (syscall(__NR_capget, &header, all))
		die("capget");
	memcpy(caps, all, sizeof(caps));
	caps[CAP_SYSLOG / 32].effective &= ~(1U << CAP_SYSLOG % 32);
	if (syscall(__NR_capset, &header, caps))
		die("capset");
	fd = open_events();
	if (syscall(__NR_capset, &header, all))
		die("capset");
	return fd;
}

static bool open_stream(struct stream *s, const char *what)
{
	s->written = mmap(NULL, sizeof(*s->written), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (s->written == MAP_FAILED)
		die("mmap");
	s->fd = open_events();
	s->map = full_map();
	s->key = 30000;
	if (s->fd < 0 || s->map < 0) {
		result_missing("events", what, "any", "no events, or no maps");
		return false;
	}
	return true;
}

static void close_stream(struct stream *s)
{
	set_limit("max");
	close(s->map);
	close(s->fd);
}

/* The reader comes first, as one would have it who must not lose any. */
static void set_realtime(bool realtime)
{
	struct sched_param param = { .sched_priority = realtime };

	if (sched_setscheduler(0, realtime ? SCHED_FIFO : SCHED_OTHER, &param))
		die("sched_setscheduler");
}

/*
 * @n events by @writers, and a reader: on one CPU they take turns. Returns the
 * instructions that all of it took.
 */
static long long run_events(struct stream *s, long writers, long n)
{
	long long begin;
	long i;

	lseek(s->fd, 0, SEEK_END);
	*s->written = 0;
	begin = now();
	for (i = 0; i < writers; i++) {
		if (fork())
			continue;
		set_realtime(false);
		write_events(s, n / writers);
		_exit(0);
	}
	read_events(s);
	while (waitpid(-1, NULL, 0) > 0)
		;
	/* The last second was waiting. */
	return now() - begin - 1000000000;
}

/* Events a second where the reader is told of none that it missed. */
static void run_realtime(struct stream *s, long writers, const char *what,
			 const char *column)
{
	long long took;

	set_realtime(true);
	took = run_events(s, writers, FLOOD);
	set_realtime(false);
	if (s->overtaken)
		result_missing("events", what, column, "some were lost");
	else
		result("events", what, column, s->read * 1e9 / took);
}

static void slow_events(long writers)
{
	struct stream s;
	char what[32];
	long long took;

	snprintf(what, sizeof(what), "%ld-writers", writers);
	if (!open_stream(&s, what))
		return;
	took = run_events(&s, writers, FLOOD);
	result("events", what, "flood", *s.written);
	result("events", what, "read", s.read);
	result("events", what, "overtaken", s.overtaken);
	result("events", what, "each", (double)took / *s.written);
	run_realtime(&s, writers, what, "none-lost");

	close(s.fd);
	s.fd = open_without_stacks();
	if (s.fd < 0)
		die("events");
	run_realtime(&s, writers, what, "no-stacks");
	close_stream(&s);
}

/* The most events that a reader who comes late still finds. */
static void slow_burst(void)
{
	struct stream s;
	long n = 0, good = 0;

	if (!open_stream(&s, "1-writers"))
		return;
	/* What was freed meanwhile is room, and BPF's allocator fills its store. */
	write_events(&s, 1);
	read_events(&s);
	do {
		n++;
		lseek(s.fd, 0, SEEK_END);
		*s.written = 0;
		write_events(&s, n);
		read_events(&s);
		if (!s.overtaken)
			good = s.read;
	} while (!s.overtaken && n < MAX_BURST);
	result("events", "1-writers", "burst", good);
	close_stream(&s);
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
	} else if (!strcmp(what, "burst")) {
		slow_burst();
	} else {
		fprintf(stderr, "usage: slow SETTING limit|fail|kill|burst|events N\n");
		return 2;
	}
	return 0;
}
