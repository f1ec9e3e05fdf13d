// SPDX-License-Identifier: GPL-2.0-only
/*
 * storm: all that the module hooks into at full speed, on every CPU, while
 * readers of the events come, wait, sleep, stand still and are killed.
 *
 *	storm [-s SECONDS] [-n READERS] [-c COUNT] DIR
 *
 * In the memory cgroup DIR (empty, of v2, with the memory and pids controllers
 * for its children): cgroups are made and removed, tasks are moved to and fro,
 * processes are killed for memory, fork bombs go off inside pids.max, CPUs go
 * off- and online. READERS of /proc/cg_list/events wait in read, poll and
 * epoll, never read at all, are stopped, read everything else; and at moments at
 * random one of them is killed, stopped or continued, or all are killed. -c:
 * nothing but cgroups that come and go, and readers, until there were COUNT.
 *
 * What a reader sees must be whole, and its numbers must grow. Prints how often
 * each thing was done; 1 if something did not hold, or was not done at all.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "crew.h"

#define EVENTS	"/proc/cg_list/events"
#define MIB	1048576
#define PATIENCE	30	/* seconds */

enum what {
	CGROUPS, MOVES, KILLS, BOMBS, HOTPLUGS, EVENTS_READ, OVERTAKEN, REPORTS,
	STOPPED, READERS_KILLED, NR_COUNTS,
};

static const char *const names[NR_COUNTS] = {
	"cgroups", "moves", "kills", "bombs", "hotplugs", "events",
	"overtaken", "reports", "stopped", "readers_killed",
};

static int seconds = 8, nr_readers = 40;
static long nr_cgroups;

/* Whether each thing was done; a reader need not be overtaken. */
static bool all_done(void)
{
	int i;

	for (i = 0; i < NR_COUNTS; i++)
		if (!crew->count[i] && i != OVERTAKEN)
			return false;
	return true;
}

/* On a machine that is busy, each thing gets some more time to be done once. */
static bool over(void)
{
	if (nr_cgroups)
		return crew_over() || crew->count[CGROUPS] >= nr_cgroups;
	return crew_over() && (crew->failed || all_done() ||
			       time(NULL) >= crew->end + PATIENCE);
}

static int put_in(const char *dir, const char *file, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	return put(path, text);
}

static void make(const char *dir)
{
	if (mkdir(dir, 0755))
		die(dir);
}

/* A cgroup's tasks can take a moment to be gone. */
static void unmake(const char *dir)
{
	int tries = 3000;

	while (rmdir(dir) && errno == EBUSY && tries--) {
		put_in(dir, "cgroup.kill", "1");
		usleep(10000);
	}
	if (tries < 0)
		fail("%s cannot be removed", dir);
}

/* What happens. Each gets a number, for a place of its own. */

static void maker(int nr)
{
	char name[32];

	snprintf(name, sizeof(name), "made%d", nr);
	while (!over()) {
		if (mkdir(name, 0755) || rmdir(name)) {
			fail("mkdir or rmdir %s: %s", name, strerror(errno));
			break;
		}
		count(CGROUPS);
	}
}

static void mover(int nr)
{
	static const char *const places[] = { "ping", "pong" };
	pid_t pid = fork();
	char text[16];
	int i;

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			usleep(1000);
	}
	snprintf(text, sizeof(text), "%d", pid);
	for (i = nr; !over(); i++) {
		if (put_in(places[i % 2], "cgroup.procs", text) < 0)
			fail("move: %s", strerror(errno));
		else
			count(MOVES);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* More than the cgroup may have: it is killed on its way. */
static void gobble(void)
{
	size_t i;
	char *p = mmap(NULL, 16 * MIB, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	put("oom/cgroup.procs", "0");
	for (i = 0; p != MAP_FAILED && i < 16 * MIB; i += 4096)
		((volatile char *)p)[i] = 1;
	_exit(0);
}

static void gobbler(int nr)
{
	while (!over()) {
		int status = 0;
		pid_t pid = fork();

		if (!pid)
			gobble();
		if (pid > 0 && waitpid(pid, &status, 0) == pid &&
		    WIFSIGNALED(status))
			count(KILLS);
	}
}

static void bomb(void)
{
	for (;;)
		if (fork() < 0)
			usleep(1000);
}

/* It goes off, burns a while, and is put out. */
static void bomber(int nr)
{
	char name[32];

	snprintf(name, sizeof(name), "bomb%d", nr);
	make(name);
	put_in(name, "pids.max", "40");
	/* Its orphans are ours. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	while (!over()) {
		pid_t pid = fork();

		if (!pid) {
			if (put_in(name, "cgroup.procs", "0") > 0)
				bomb();
			_exit(0);
		}
		usleep(200000);
		/* Also what is only on its way into the cgroup. */
		do {
			put_in(name, "cgroup.kill", "1");
			usleep(10000);
			while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
				;
		} while (!pid);
		count(BOMBS);
	}
	unmake(name);
}

static void hotplugger(int nr)
{
	long cpu, cpus = sysconf(_SC_NPROCESSORS_CONF);
	char file[64];

	while (!over()) {
		cpu = 1 + rand() % (cpus > 1 ? cpus - 1 : 1);
		snprintf(file, sizeof(file),
			 "/sys/devices/system/cpu/cpu%ld/online", cpu);
		if (put(file, rand() % 3 ? "1" : "0") > 0)
			count(HOTPLUGS);
		usleep(20000);
	}
	for (cpu = 1; cpu < cpus; cpu++) {
		snprintf(file, sizeof(file),
			 "/sys/devices/system/cpu/cpu%ld/online", cpu);
		put(file, "1");
	}
}

/* Readers. */

static int open_events(int flags)
{
	int fd = open(EVENTS, O_RDONLY | O_CLOEXEC | flags);

	if (fd < 0) {
		fail("%s: %s", EVENTS, strerror(errno));
		_exit(1);
	}
	return fd;
}

/* One event, if there is one; whether there may be more. */
static bool read_event(int fd, long *last)
{
	char line[8192];
	ssize_t n = read(fd, line, sizeof(line) - 1);
	long seq;

	if (n < 0 && errno == EPIPE) {
		count(OVERTAKEN);
		return true;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0) {
		fail("%s: read: %zd %s", EVENTS, n, strerror(errno));
		return false;
	}
	line[n] = 0;
	if (sscanf(line, "event seq=%ld ", &seq) != 1 || line[n - 1] != '\n')
		fail("%s: '%.80s'", EVENTS, line);
	else if (seq <= *last)
		fail("%s: %ld comes after %ld", EVENTS, seq, *last);
	*last = seq;
	count(EVENTS_READ);
	return true;
}

static void reader_blocked(void)
{
	int fd = open_events(0);
	long last = -1;

	while (!over())
		read_event(fd, &last);
}

static void reader_polling(void)
{
	int fd = open_events(O_NONBLOCK);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	long last = -1;

	while (!over()) {
		poll(&p, 1, 100);
		while (!over() && read_event(fd, &last))
			;
	}
}

static void reader_epolling(void)
{
	int fd = open_events(O_NONBLOCK), ep = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET };
	long last = -1;

	if (ep < 0 || epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev))
		fail("epoll: %s", strerror(errno));
	while (!over()) {
		epoll_wait(ep, &ev, 1, 100);
		while (!over() && read_event(fd, &last))
			;
	}
}

static void reader_asleep(void)
{
	open_events(0);
	for (;;)
		pause();
}

static void reader_of_all(void)
{
	static const char *const files[] = {
		"/proc/self/cg_list", "/proc/cg_list/memcgs",
		"/proc/cg_list/tasks", "/proc/cg_list/status",
	};
	static char buf[65536];

	while (!over()) {
		const char *file = files[rand() % 4];
		int fd = open(file, O_RDONLY | O_CLOEXEC);
		char last = '\n';
		ssize_t n;

		if (fd < 0) {
			/* A stock kernel has not the first one. */
			if (errno != ENOENT || file != files[0])
				fail("%s: %s", file, strerror(errno));
			continue;
		}
		while ((n = read(fd, buf, sizeof(buf))) > 0)
			last = buf[n - 1];
		if (n < 0 || last != '\n')
			fail("%s: read: %s", file, strerror(errno));
		close(fd);
		count(REPORTS);
		/* One core of the host is not all theirs, however many they are. */
		usleep(500 * nr_readers);
	}
}

static pid_t spawn(void (*run)(int nr), int nr)
{
	pid_t pid = crew_fork();

	if (pid)
		return pid;
	run(nr);
	_exit(0);
}

static void read_somehow(int nr)
{
	static void (*const ways[])(void) = {
		reader_blocked, reader_polling, reader_epolling, reader_asleep,
		reader_of_all,
	};

	ways[nr % 5]();
}

static void replace(pid_t *pid, int nr)
{
	kill(*pid, SIGKILL);
	waitpid(*pid, NULL, 0);
	count(READERS_KILLED);
	*pid = spawn(read_somehow, nr);
}

static void trouble_readers(pid_t *pid)
{
	int i, nr;

	while (!over()) {
		nr = rand() % nr_readers;
		switch (rand() % 8) {
		case 0:
			for (i = 0; i < nr_readers; i++)
				kill(pid[i], SIGKILL);
			for (i = 0; i < nr_readers; i++)
				replace(&pid[i], i);
			break;
		case 1:
		case 2:
			replace(&pid[nr], nr);
			break;
		case 3:
			kill(pid[nr], SIGCONT);
			break;
		default:
			/* In the midst of whatever it does. */
			kill(pid[nr], SIGSTOP);
			count(STOPPED);
		}
		usleep(rand() % 50000);
	}
	for (i = 0; i < nr_readers; i++) {
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
}

static int verdict(void)
{
	int i, ret = crew->failed;

	for (i = 0; i < NR_COUNTS; i++)
		printf("%s %ld ", names[i], crew->count[i]);
	puts("");
	if (!nr_cgroups && !all_done())
		ret = 1;
	if (crew->count[CGROUPS] < nr_cgroups)
		printf("not %ld cgroups in %d s\n", nr_cgroups, seconds);
	if (crew->failed)
		printf("%s\n", crew->why);
	else if (ret)
		puts("something was never done");
	return ret;
}

int main(int argc, char **argv)
{
	static void (*const weather[])(int nr) = {
		maker, maker, maker, mover, mover, gobbler, gobbler, bomber,
		bomber, hotplugger,
	};
	pid_t pid[sizeof(weather) / sizeof(*weather)], *readers;
	struct rlimit unlimited = { 8192, 8192 };
	int c, i, n = sizeof(weather) / sizeof(*weather);

	while ((c = getopt(argc, argv, "s:n:c:")) != -1) {
		switch (c) {
		case 's':
			seconds = atoi(optarg);
			break;
		case 'n':
			nr_readers = atoi(optarg);
			break;
		case 'c':
			/* The makers alone. */
			nr_cgroups = atol(optarg);
			n = 3;
			break;
		default:
			return 2;
		}
	}
	if (optind + 1 != argc || nr_readers < 1)
		return 2;
	setrlimit(RLIMIT_NPROC, &unlimited);
	if (chdir(argv[optind]))
		die(argv[optind]);
	readers = calloc(nr_readers, sizeof(*readers));
	if (!readers)
		die("calloc");
	/* A thousand readers take their time: it counts from when all are there. */
	crew_muster(seconds + 600);
	make("ping");
	make("pong");
	make("oom");
	put("oom/memory.max", "4194304");
	put("oom/memory.swap.max", "0");

	for (i = 0; i < n; i++)
		pid[i] = spawn(weather[i], i);
	for (i = 0; i < nr_readers; i++)
		readers[i] = spawn(read_somehow, i);
	crew->end = time(NULL) + seconds;
	trouble_readers(readers);
	free(readers);
	for (i = 0; i < n; i++)
		waitpid(pid[i], NULL, 0);
	unmake("ping");
	unmake("pong");
	unmake("oom");
	return verdict();
}
