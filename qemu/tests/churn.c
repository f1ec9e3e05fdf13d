// SPDX-License-Identifier: GPL-2.0-only
/*
 * churn: readers of every file that reports, while all that they tell of
 * changes.
 *
 *	churn [-s SECONDS] [-n READERS] [-m CG_LIST.KO] DIR
 *
 * In the memory cgroup DIR (empty, of v2, with the controller for its children)
 * tasks fork, execute, exit, move, change their namespaces and make threads;
 * cgroups come and go; the last CPU goes off- and online. What must hold
 * whenever it is read: each text is whole and well formed; a report is about
 * the task that was asked for, its levels are numbered from 0; `tasks` is in
 * the order of numbers and has each task that is there throughout; `memcgs` has
 * each such cgroup, none twice, parents first; the usage of a cgroup in which
 * nothing happens is what its file says. -m: and the module is loaded and
 * unloaded all the while.
 *
 * Prints what was done, and how often; 1 if something did not hold, or was not
 * done at all.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "crew.h"

#define NR_FIXED	8	/* cgroups, and tasks in them, that stay */
#define NR_ROVERS	4	/* tasks that stay, and move */
#define NR_PASSING	16	/* names of cgroups that come and go */
#define MAX_IDS		4096
#define BUF		(4 << 20)

enum what {
	READ_PID, READ_TID, READ_TASK, READ_TASKS, READ_MEMCGS, READ_STATUS,
	NR_FILES,
	GONE = NR_FILES, FORKS, MOVES, CGROUPS, HOTPLUGS, MODULES, NR_COUNTS,
};

static const char *const names[NR_COUNTS] = {
	"pid", "tid", "task", "tasks", "memcgs", "status",
	"gone", "forks", "moves", "cgroups", "hotplugs", "modules",
};

static struct shared {
	pid_t fixed[NR_FIXED], rover[NR_ROVERS];
	unsigned long id[NR_FIXED];
} *shared;

static const char *module, *self;
static int seconds = 8, nr_readers = 50;
static bool patched;
static char *buf;
static size_t length;

/* A small file's number, or -1. */
static long get(const char *file)
{
	char text[64] = "";
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	long ret = -1;

	if (fd >= 0 && read(fd, text, sizeof(text) - 1) > 0)
		ret = atol(text);
	if (fd >= 0)
		close(fd);
	return ret;
}

/* A place at random, by name below DIR. */
static void random_cgroup(char *name, size_t size)
{
	if (rand() % 2)
		snprintf(name, size, "fixed%d", 1 + rand() % (NR_FIXED - 1));
	else
		snprintf(name, size, "passing%d", rand() % NR_PASSING);
}

static void move(pid_t pid)
{
	char name[32], file[64], text[16];

	random_cgroup(name, sizeof(name));
	snprintf(file, sizeof(file), "%s/cgroup.procs", name);
	snprintf(text, sizeof(text), "%d", pid);
	if (put(file, text) > 0)
		count(MOVES);
}

/* What happens. */

static void *nothing(void *arg)
{
	return arg;
}

/* Into namespaces of a task that stays, after some of its own. */
static void join(void)
{
	static const char *const ns[] = { "cgroup", "uts", "ipc", "net" };
	size_t i;

	if (unshare(CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC))
		return;
	for (i = 0; i < sizeof(ns) / sizeof(*ns); i++) {
		char file[64];
		int fd;

		snprintf(file, sizeof(file), "/proc/%d/ns/%s",
			 shared->fixed[0], ns[i]);
		fd = open(file, O_RDONLY | O_CLOEXEC);
		if (fd >= 0 && setns(fd, 0) && !crew_over())
			fail("setns: %s: %s", ns[i], strerror(errno));
		close(fd);
	}
}

static void live_a_little(void)
{
	pthread_t thread;

	switch (rand() % 6) {
	case 0:
		execl(self, self, "-x", NULL);
		break;
	case 1:
		move(0);
		break;
	case 2:
		if (unshare(CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC))
			break;
		move(0);
		break;
	case 3:
		if (!pthread_create(&thread, NULL, nothing, NULL))
			pthread_join(thread, NULL);
		break;
	case 4:
		prctl(PR_SET_NAME, "a\nb c\\d\033");
		usleep(rand() % 2000);
		break;
	case 5:
		join();
		break;
	}
	_exit(0);
}

static void forker(void)
{
	while (!crew_over()) {
		int i;

		for (i = 0; i < 8; i++) {
			pid_t pid = fork();

			if (!pid) {
				srand(getpid());
				live_a_little();
			}
			if (pid > 0)
				count(FORKS);
		}
		while (wait(NULL) > 0)
			;
	}
}

static void mover(void)
{
	while (!crew_over()) {
		move(shared->rover[rand() % NR_ROVERS]);
		usleep(500);
	}
}

static void maker(void)
{
	while (!crew_over()) {
		char name[32], below[64];

		snprintf(name, sizeof(name), "passing%d", rand() % NR_PASSING);
		snprintf(below, sizeof(below), "%s/below", name);
		if (!mkdir(name, 0755)) {
			snprintf(below, sizeof(below), "%s/cgroup.subtree_control",
				 name);
			put(below, "+memory");
			snprintf(below, sizeof(below), "%s/below", name);
			mkdir(below, 0755);
			count(CGROUPS);
		} else {
			rmdir(below);
			rmdir(name);
		}
		usleep(1000);
	}
}

static void hotplugger(void)
{
	char file[64];

	snprintf(file, sizeof(file), "/sys/devices/system/cpu/cpu%ld/online",
		 sysconf(_SC_NPROCESSORS_CONF) - 1);
	while (!crew_over()) {
		if (put(file, "0") > 0)
			count(HOTPLUGS);
		usleep(100000);
		put(file, "1");
		usleep(100000);
	}
	put(file, "1");
}

static void loader(void)
{
	int fd = open(module, O_RDONLY);

	while (!crew_over()) {
		if (syscall(SYS_delete_module, "cg_list", O_NONBLOCK))
			fail("rmmod: %s", strerror(errno));
		usleep(rand() % 20000);
		if (syscall(SYS_finit_module, fd, "", 0)) {
			fail("insmod: %s", strerror(errno));
			break;
		}
		count(MODULES);
		usleep(rand() % 200000);
	}
}

/* What must hold. */

/* A key, and names with values, without a byte that does not print. */
static bool well_formed(const char *line, size_t len)
{
	const char *p = line, *stop = line + len;

	while (p < stop && ((*p >= 'a' && *p <= 'z') || *p == '_'))
		p++;
	if (p == line)
		return false;
	while (p < stop) {
		const char *name = ++p;

		if (p[-1] != ' ')
			return false;
		while (p < stop && *p != '=' && *p > ' ')
			p++;
		if (p == name || p >= stop || *p != '=')
			return false;
		while (p < stop && *p > ' ' && *p < 0x7f)
			p++;
	}
	return true;
}

/* The next line, ended with a 0 for us; NULL at the end, or after a failure. */
static char *next_line(char **at, const char *file)
{
	char *line = *at, *eol = strchr(line, '\n');

	if (!*line)
		return NULL;
	if (!eol) {
		fail("%s: no newline at the end of '%.100s'", file, line);
		return NULL;
	}
	*eol = 0;
	*at = eol + 1;
	if (!well_formed(line, eol - line)) {
		fail("%s: '%.200s'", file, line);
		return NULL;
	}
	return line;
}

static bool after_header(char **at, const char *file)
{
	if (strncmp(*at, "cg_list 1\n", 10)) {
		fail("%s: begins with '%.40s'", file, *at);
		return false;
	}
	*at += 10;
	return true;
}

/* Whether an error is one that may come, with the task or the module gone. */
static bool may_fail(const char *file, const char *how)
{
	if (errno == ESRCH || errno == ENOENT ||
	    (module && (errno == ENODEV || errno == EIO || errno == EINVAL))) {
		count(GONE);
		return false;
	}
	fail("%s: %s: %s", file, how, strerror(errno));
	return false;
}

/* All of it, in pieces of a size at random. */
static bool slurp(const char *file, pid_t pid)
{
	size_t piece = 1 + (rand() % 4 ? rand() % 8192 : rand() % 64), len = 0;
	int fd = open(file, (pid ? O_RDWR : O_RDONLY) | O_CLOEXEC), err;
	char text[16];
	ssize_t n = 0;

	if (fd < 0)
		return may_fail(file, "open");
	snprintf(text, sizeof(text), "%d", pid);
	if (pid && write(fd, text, strlen(text)) < 0) {
		err = errno;
		close(fd);
		errno = err;
		return may_fail(file, "write");
	}
	while (len < BUF - 1) {
		n = read(fd, buf + len, piece < BUF - 1 - len ? piece : BUF - 1 - len);
		if (n <= 0)
			break;
		len += n;
	}
	err = errno;
	close(fd);
	errno = err;
	if (n < 0)
		return may_fail(file, "read");
	buf[len] = 0;
	length = len;
	return true;
}

static bool stays(pid_t pid)
{
	int i;

	for (i = 0; i < NR_FIXED; i++)
		if (pid == shared->fixed[i])
			return true;
	return false;
}

static void check_report(const char *file, pid_t pid)
{
	int levels = 0, tasks = 0, level, nr;
	char *at = buf, *line;

	if (!after_header(&at, file))
		return;
	while ((line = next_line(&at, file))) {
		if (sscanf(line, "task pid=%d ", &nr) == 1) {
			tasks++;
			if (nr != pid)
				fail("%s: is about %d", file, nr);
		} else if (sscanf(line, "memcg level=%d ", &level) == 1 &&
			   level != levels++) {
			fail("%s: level %d comes after %d", file, level,
			     levels - 2);
		}
	}
	/* Those that stay are below DIR, which is below the root. */
	if (tasks != 1 || levels < (stays(pid) ? 3 : 1))
		fail("%s: %d task lines, %d levels", file, tasks, levels);
}

/* fixed0 is left alone: its usage is known, to the byte. */
static void check_usage(const char *file, long before)
{
	static const char key[] = "counter level=0 name=memory usage=";
	long after = get("fixed0/memory.current"), usage = -1;
	char *counter = memmem(buf, length, key, sizeof(key) - 1);

	if (counter)
		usage = atol(counter + sizeof(key) - 1);
	if (before == after && usage != before)
		fail("%s: usage %ld, its file says %ld", file, usage, before);
}

static void check_tasks(const char *file)
{
	bool seen[NR_FIXED + NR_ROVERS] = { false };
	int last = 0, pid, i;
	char *at = buf, *line;

	if (!after_header(&at, file))
		return;
	while ((line = next_line(&at, file))) {
		if (sscanf(line, "task pid=%d ", &pid) != 1 || pid <= last) {
			fail("%s: after %d comes '%.80s'", file, last, line);
			return;
		}
		last = pid;
		for (i = 0; i < NR_FIXED; i++)
			seen[i] |= pid == shared->fixed[i];
		for (i = 0; i < NR_ROVERS; i++)
			seen[NR_FIXED + i] |= pid == shared->rover[i];
	}
	for (i = 0; i < NR_FIXED + NR_ROVERS; i++)
		if (!seen[i] && !crew->failed)
			fail("%s: a task that stays is missing", file);
}

static void check_memcgs(const char *file)
{
	static unsigned long ids[MAX_IDS];
	bool seen[NR_FIXED] = { false };
	int nr = 0, i, depth = 0;
	char *at = buf, *line, *last = "";
	char *stack[64];

	if (!after_header(&at, file))
		return;
	while ((line = next_line(&at, file))) {
		char *path, *slash;
		unsigned long id;

		if (sscanf(line, "memcg id=%lu ", &id) != 1 || !id)
			continue;
		for (i = 0; i < nr; i++)
			if (ids[i] == id)
				fail("%s: cgroup %lu comes twice", file, id);
		if (nr < MAX_IDS)
			ids[nr++] = id;
		for (i = 0; i < NR_FIXED; i++)
			seen[i] |= id == shared->id[i];

		path = strstr(line, " path=/");
		if (!path) {
			fail("%s: no path: '%.80s'", file, line);
			return;
		}
		path += 6;
		slash = strrchr(path, '/');
		while (depth > 1 &&
		       (strncmp(stack[depth - 1], path, slash - path) ||
			stack[depth - 1][slash - path]))
			depth--;
		if (depth && slash != path && depth < 2)
			fail("%s: not after its parent: '%.160s', but after '%.160s'",
			     file, line, last);
		if (depth < 64)
			stack[depth++] = path;
		last = line;
	}
	for (i = 0; i < NR_FIXED; i++)
		if (!seen[i] && !crew->failed)
			fail("%s: a cgroup that stays is missing", file);
}

static void read_one(void)
{
	enum what what = rand() % NR_FILES;
	char file[64] = "/proc/cg_list/";
	pid_t pid;
	long before;
	int i;

	i = rand() % (NR_FIXED + NR_ROVERS + 4);
	pid = i < NR_FIXED ? shared->fixed[i] :
	      i < NR_FIXED + NR_ROVERS ? shared->rover[i - NR_FIXED] :
	      getpid() + 1 + rand() % 200;
	if (!patched && what <= READ_TID)
		what = READ_TASK;

	switch (what) {
	case READ_PID:
	case READ_TID:
		snprintf(file, sizeof(file), what == READ_PID ?
			 "/proc/%d/cg_list" : "/proc/%d/task/%d/cg_list", pid, pid);
		before = get("fixed0/memory.current");
		if (!slurp(file, 0))
			return;
		check_report(file, pid);
		if (pid == shared->fixed[0])
			check_usage(file, before);
		break;
	case READ_TASK:
		strcat(file, "task");
		if (!slurp(file, pid))
			return;
		check_report(file, pid);
		break;
	case READ_TASKS:
		strcat(file, "tasks");
		if (!slurp(file, 0))
			return;
		check_tasks(file);
		break;
	case READ_MEMCGS:
		strcat(file, "memcgs");
		if (!slurp(file, 0))
			return;
		check_memcgs(file);
		break;
	default:
		strcat(file, "status");
		if (!slurp(file, 0))
			return;
		what = READ_STATUS;
	}
	count(what);
}

static void reader(void)
{
	srand(getpid());
	buf = malloc(BUF);
	while (!crew_over())
		read_one();
}

/* Putting it up. */

static pid_t spawn(void (*run)(void))
{
	pid_t pid = crew_fork();

	if (pid)
		return pid;
	run();
	_exit(0);
}

static void stay(void)
{
	for (;;)
		pause();
}

static pid_t inhabitant(const char *name)
{
	pid_t pid = spawn(stay);
	char file[80], text[16];

	snprintf(file, sizeof(file), "%s/cgroup.procs", name);
	snprintf(text, sizeof(text), "%d", pid);
	if (put(file, text) < 0)
		die(file);
	return pid;
}

static void settle(void)
{
	struct stat st;
	char name[64];
	int i;

	for (i = 0; i < NR_FIXED; i++) {
		snprintf(name, sizeof(name), "fixed%d", i);
		if (mkdir(name, 0755) || stat(name, &st))
			die(name);
		shared->id[i] = st.st_ino;
		shared->fixed[i] = inhabitant(name);
	}
	for (i = 0; i < NR_ROVERS; i++)
		shared->rover[i] = inhabitant("fixed1");
}

static int verdict(void)
{
	int i, ret = crew->failed;

	for (i = 0; i < NR_COUNTS; i++) {
		printf("%s %ld ", names[i], crew->count[i]);
		/* The module may hardly ever have been there. */
		if (!crew->count[i] && i < NR_FILES && !module &&
		    (patched || i > READ_TID))
			ret = 1;
	}
	puts("");
	if (crew->failed)
		printf("%s\n", crew->why);
	if (ret && !crew->failed)
		puts("something was never read");
	return ret;
}

int main(int argc, char **argv)
{
	pid_t pid[1024];
	int c, i, n = 0;

	self = argv[0];
	while ((c = getopt(argc, argv, "s:n:m:x")) != -1) {
		switch (c) {
		case 's':
			seconds = atoi(optarg);
			break;
		case 'n':
			nr_readers = atoi(optarg);
			break;
		case 'm':
			module = optarg;
			break;
		case 'x':
			return 0;
		default:
			return 2;
		}
	}
	if (optind + 1 != argc || nr_readers > 1000)
		return 2;
	if (!strchr(self, '/'))
		self = "/proc/self/exe";
	if (chdir(argv[optind]))
		die(argv[optind]);
	crew_muster(seconds);
	shared = crew_share(sizeof(*shared));
	patched = !access("/proc/self/cg_list", F_OK);
	settle();
	crew->end = time(NULL) + seconds;

	pid[n++] = spawn(forker);
	pid[n++] = spawn(forker);
	pid[n++] = spawn(mover);
	pid[n++] = spawn(maker);
	pid[n++] = spawn(hotplugger);
	if (module)
		pid[n++] = spawn(loader);
	for (i = 0; i < nr_readers; i++)
		pid[n++] = spawn(reader);
	for (i = 0; i < n; i++)
		waitpid(pid[i], NULL, 0);

	for (i = 0; i < NR_FIXED; i++)
		kill(shared->fixed[i], SIGKILL);
	for (i = 0; i < NR_ROVERS; i++)
		kill(shared->rover[i], SIGKILL);
	while (wait(NULL) > 0)
		;
	return verdict();
}
