// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the guest's tests of the report need and busybox does not have: reading
 * cg_list's files in odd ways, and tasks of every kind to be reported on. Each
 * command says on standard output what became of it; an error number by name.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MIB	1048576UL
#define PAGE	4096UL
#define BIG	(16 * MIB)

static void die(const char *what)
{
	fprintf(stderr, "cgl: %s: %s\n", what, strerror(errno));
	exit(1);
}

static unsigned long number(const char *s)
{
	char *end;
	unsigned long n = strtoul(s, &end, 0);

	if (!*s || *end) {
		fprintf(stderr, "cgl: '%s' is not a number\n", s);
		exit(2);
	}
	return n;
}

/* The parent goes on once it reads the line; we wait to be killed. */
static _Noreturn void wait_for_end(void)
{
	fflush(stdout);
	for (;;)
		pause();
}

/* Opens FILE, '-' is standard input; with a PID it is /proc/cg_list/task, which wants to be told. */
static int open_file(const char *file, const char *pid)
{
	int fd;

	if (!strcmp(file, "-"))
		return STDIN_FILENO;
	fd = open(file, pid ? O_RDWR : O_RDONLY);
	if (fd < 0) {
		printf("open %s\n", strerrorname_np(errno));
		exit(1);
	}
	if (pid && write(fd, pid, strlen(pid)) < 0) {
		printf("write %s\n", strerrorname_np(errno));
		exit(1);
	}
	return fd;
}

/* All of the file, from its start, with reads of @size bytes. */
static ssize_t slurp(int fd, char *buf, size_t size)
{
	size_t done = 0;

	while (done < BIG) {
		size_t room = BIG - done < size ? BIG - done : size;
		ssize_t n = pread(fd, buf + done, room, done);

		if (n < 0)
			return -1;
		if (!n)
			break;
		done += n;
	}
	return done;
}

/* read FILE [PID]: "ok BYTES", or what failed and how. */
static int cmd_read(int argc, char **argv)
{
	char *buf = malloc(BIG);
	int fd = open_file(argv[1], argc > 2 ? argv[2] : NULL);
	ssize_t n = slurp(fd, buf, BIG);

	if (n < 0) {
		printf("read %s\n", strerrorname_np(errno));
		return 1;
	}
	printf("ok %zd\n", n);
	return 0;
}

/* await FILE TEXT SECONDS: FILE as it is when TEXT is in it, or at the end. */
static int cmd_await(int argc, char **argv)
{
	time_t end = time(NULL) + atoi(argv[3]);
	char *buf = malloc(BIG + 1), *found = NULL;
	ssize_t n;
	int fd;

	(void)argc;
	do {
		fd = open(argv[1], O_RDONLY);
		n = fd < 0 ? -1 : slurp(fd, buf, BIG);
		if (n < 0) {
			printf("await %s\n", strerrorname_np(errno));
			return 2;
		}
		close(fd);
		buf[n] = 0;
		found = strstr(buf, argv[2]);
	} while (!found && time(NULL) < end);
	fputs(buf, stdout);
	return !found;
}

/* show FILE PID: the text of /proc/cg_list/task about PID. */
static int cmd_show(int argc, char **argv)
{
	char *buf = malloc(BIG);
	int fd = open_file(argv[1], argc > 2 ? argv[2] : NULL);
	ssize_t n = slurp(fd, buf, BIG);

	if (n < 0) {
		printf("read %s\n", strerrorname_np(errno));
		return 1;
	}
	fwrite(buf, 1, n, stdout);
	return 0;
}

/* write FILE [TEXT]: one write of TEXT, or of no bytes; "ok" or the error. */
static int cmd_write(int argc, char **argv)
{
	const char *text = argc > 2 ? argv[2] : "";
	int fd = open(argv[1], O_WRONLY);

	if (fd < 0) {
		printf("open %s\n", strerrorname_np(errno));
		return 1;
	}
	if (write(fd, text, strlen(text)) < 0) {
		printf("%s\n", strerrorname_np(errno));
		return 1;
	}
	puts("ok");
	return 0;
}

static bool same_text(const char *how, const char *want, ssize_t len,
		      const char *got, ssize_t n)
{
	ssize_t i;

	if (n == len && !memcmp(want, got, len))
		return true;
	for (i = 0; i < n && i < len && want[i] == got[i]; i++)
		;
	printf("%s: %zd of %zd bytes, differs at %zd: '%.40s' is '%.40s'\n",
	       how, n, len, i, want + i, n < 0 ? "" : got + i);
	return false;
}

/*
 * same FILE [PID]: the text does not depend on how it is read: in one big read,
 * a byte at a time, with odd sizes, at random places, and with lseek().
 */
static int cmd_same(int argc, char **argv)
{
	static const size_t sizes[] = { 1, 7, 61, 509, 4095, 4096, 4097 };
	char *want = calloc(1, BIG + 1), *got = calloc(1, BIG + 1);
	int fd = open_file(argv[1], argc > 2 ? argv[2] : NULL);
	ssize_t len = slurp(fd, want, BIG), n;
	bool good = true;
	char how[64];
	size_t i;

	if (len <= 0) {
		printf("read %s\n", strerrorname_np(errno));
		return 1;
	}
	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		n = slurp(fd, got, sizes[i]);
		snprintf(how, sizeof(how), "reads of %zu", sizes[i]);
		good &= same_text(how, want, len, got, n);
	}
	srand(1);
	for (i = 0; i < 60; i++) {
		off_t at = rand() % len;
		size_t size = 1 + rand() % 300;

		n = pread(fd, got, size, at);
		if (n <= 0 || memcmp(got, want + at, n)) {
			printf("pread of %zu at %ld: %zd bytes, other text\n",
			       size, (long)at, n);
			good = false;
		}
		if (lseek(fd, at, SEEK_SET) != at || read(fd, got, 20) <= 0 ||
		    *got != want[at]) {
			printf("lseek to %ld, read: other text\n", (long)at);
			good = false;
		}
	}
	if (pread(fd, got, 1, len) || pread(fd, got, 1, len + 100000)) {
		puts("read something beyond the end");
		good = false;
	}
	if (good)
		printf("same %zd\n", len);
	return !good;
}

/* many FILE COUNT [PID]: as many open at a time, each begun, then ended. */
static int cmd_many(int argc, char **argv)
{
	unsigned long count = number(argv[2]), i, good = 0;
	char *want = calloc(1, BIG), *got = calloc(1, BIG);
	struct rlimit limit = { count + 64, count + 64 };
	int *fd = calloc(count, sizeof(*fd));
	ssize_t len = 0, n;

	if (setrlimit(RLIMIT_NOFILE, &limit))
		die("RLIMIT_NOFILE");
	for (i = 0; i < count; i++) {
		fd[i] = open_file(argv[1], argc > 3 ? argv[3] : NULL);
		if (read(fd[i], got, 30) <= 0) {
			printf("read %s\n", strerrorname_np(errno));
			return 1;
		}
	}
	for (i = 0; i < count; i++) {
		n = slurp(fd[i], i ? got : want, BIG);
		if (!i)
			len = n;
		/* Counts may move on meanwhile; the text must be whole. */
		good += n > 0 && (i ? got : want)[n - 1] == '\n' &&
			!memcmp(i ? got : want, want, 20);
	}
	printf("good %lu length %zd\n", good, len);
	return good != count;
}

/* Prints a file, or the error that reading it gives. */
static int cat(int fd)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		fwrite(buf, 1, n, stdout);
	return n < 0 ? errno : 0;
}

/* dying: what reading an open report gives once its task is gone. */
static int cmd_dying(int argc, char **argv)
{
	char name[64], byte[100];
	int fd[2], i, status;
	pid_t pid = fork();

	(void)argc;
	(void)argv;
	if (!pid)
		wait_for_end();
	snprintf(name, sizeof(name), "/proc/%d/cg_list", pid);
	for (i = 0; i < 2; i++) {
		fd[i] = open(name, O_RDONLY);
		if (fd[i] < 0)
			die(name);
	}
	if (read(fd[1], byte, sizeof(byte)) != sizeof(byte))
		die("the first read");
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	for (i = 0; i < 2; i++) {
		ssize_t n, more = 0;

		/* What one read had rendered already may still come. */
		while ((n = read(fd[i], byte, sizeof(byte))) > 0)
			more += n;
		printf("%s ", n < 0 ? strerrorname_np(errno) : "end");
		if (!i && more)
			printf("(after %zd bytes) ", more);
	}
	printf("%s\n", open(name, O_RDONLY) < 0 ? strerrorname_np(errno) : "ok");
	return 0;
}

/* zombie: a child that has exited and stays; its number. */
static int cmd_zombie(int argc, char **argv)
{
	siginfo_t info;
	pid_t pid = fork();

	(void)argc;
	(void)argv;
	if (!pid)
		_exit(0);
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	printf("%d\n", pid);
	wait_for_end();
	return 0;
}

static void *idle(void *tid)
{
	*(volatile pid_t *)tid = syscall(SYS_gettid);
	wait_for_end();
}

static void make_threads(unsigned long count)
{
	volatile pid_t *tid = calloc(count, sizeof(*tid));
	unsigned long i;

	for (i = 0; i < count; i++) {
		pthread_attr_t attr;
		pthread_t thread;

		pthread_attr_init(&attr);
		pthread_attr_setstacksize(&attr, 65536);
		if (pthread_create(&thread, &attr, idle, (void *)&tid[i]))
			die("pthread_create");
	}
	for (i = 0; i < count; i++) {
		while (!tid[i])
			usleep(1000);
		printf(" %d", tid[i]);
	}
	puts("");
	fflush(stdout);
}

/* threads COUNT: so many besides the first; their numbers. */
static int cmd_threads(int argc, char **argv)
{
	(void)argc;
	printf("%d", getpid());
	make_threads(number(argv[1]));
	wait_for_end();
	return 0;
}

/* deadleader: a process whose first thread has exited; all numbers. */
static int cmd_deadleader(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	printf("%d", getpid());
	make_threads(1);
	syscall(SYS_exit, 0);
	return 0;
}

static int sharer(void *arg)
{
	(void)arg;
	wait_for_end();
}

/* sharevm: a child that shares our memory, so that we own it; its number. */
static int cmd_sharevm(int argc, char **argv)
{
	char *stack = malloc(65536);
	int pid = clone(sharer, stack + 65536, CLONE_VM | SIGCHLD, NULL);

	(void)argc;
	(void)argv;
	if (pid < 0)
		die("clone");
	/* Both have stdio's buffer: either might write it out. */
	dprintf(STDOUT_FILENO, "%d\n", pid);
	wait_for_end();
	return 0;
}

/* comm NAME: a task of that name. */
static int cmd_comm(int argc, char **argv)
{
	(void)argc;
	prctl(PR_SET_NAME, argv[1]);
	puts("ready");
	wait_for_end();
	return 0;
}

/* tasks COUNT: as many children that do nothing. */
static int cmd_tasks(int argc, char **argv)
{
	unsigned long i, count = number(argv[1]);

	(void)argc;
	prctl(PR_SET_NAME, "idle");
	for (i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (!pid) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (;;)
				pause();
		}
	}
	puts("ready");
	wait_for_end();
	return 0;
}

/* mkdirs DIR COUNT [sub]: cgroups DIR/0 .. DIR/COUNT-1; sub: nested. */
static int cmd_mkdirs(int argc, char **argv)
{
	unsigned long i, count = number(argv[2]);
	char name[64];

	if (chdir(argv[1]))
		die(argv[1]);
	for (i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "%lu", i);
		if (mkdir(name, 0755)) {
			printf("made %lu %s\n", i, strerrorname_np(errno));
			return 1;
		}
		if (argc > 3 && chdir(name))
			die(name);
	}
	printf("made %lu\n", i);
	return 0;
}

/* Removes what is below, a name at a time: paths can be too long to be one. */
static void remove_below(int at, const char *name)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY), tries = 500;
	struct dirent *entry;
	DIR *dir;

	if (fd < 0)
		die(name);
	dir = fdopendir(fd);
	while ((entry = readdir(dir)))
		if (entry->d_type == DT_DIR && *entry->d_name != '.')
			remove_below(fd, entry->d_name);
	closedir(dir);
	/* Those inside may still be on their way out. */
	while (unlinkat(at, name, AT_REMOVEDIR)) {
		if (errno != EBUSY || !tries--)
			die(name);
		usleep(10000);
	}
}

/* rmtree DIR: a tree of cgroups of any depth, whose tasks are gone. */
static int cmd_rmtree(int argc, char **argv)
{
	struct rlimit limit = { 4096, 4096 };

	(void)argc;
	setrlimit(RLIMIT_NOFILE, &limit);
	remove_below(AT_FDCWD, argv[1]);
	return 0;
}

/*
 * mem KIND MIB [NODE]: memory, held. KIND: anon, thp, mlock, shm, hugetlb, or
 * a file's name for page cache; NODE: taken from that NUMA node alone.
 */
static int cmd_mem(int argc, char **argv)
{
	size_t size = number(argv[2]) * MIB, i;
	int flags = MAP_PRIVATE | MAP_ANONYMOUS, fd = -1;
	const char *kind = argv[1];
	volatile char *p;

	if (argc > 3) {
		unsigned long mask = 1UL << number(argv[3]);

		/* MPOL_BIND */
		if (syscall(SYS_set_mempolicy, 2, &mask, 64))
			die("set_mempolicy");
	}
	if (!strcmp(kind, "shm"))
		flags = MAP_SHARED | MAP_ANONYMOUS;
	if (!strcmp(kind, "hugetlb"))
		flags |= MAP_HUGETLB;
	if (*kind == '/') {
		static char buf[65536];

		fd = open(kind, O_RDWR | O_CREAT | O_TRUNC, 0600);
		if (fd < 0)
			die(kind);
		for (i = 0; i < size; i += sizeof(buf))
			if (write(fd, buf, sizeof(buf)) != sizeof(buf))
				die(kind);
		fsync(fd);
		puts("ready");
		wait_for_end();
	}
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
	if (p == MAP_FAILED)
		die("mmap");
	if (strcmp(kind, "hugetlb"))
		madvise((void *)p, size, strcmp(kind, "thp") ?
			MADV_NOHUGEPAGE : MADV_HUGEPAGE);
	for (i = 0; i < size; i += PAGE)
		p[i] = i / PAGE;
	if (!strcmp(kind, "mlock") && mlock((void *)p, size))
		die("mlock");
	puts("ready");
	wait_for_end();
	return 0;
}

/* pageout MIB: anonymous memory, all of it swapped out, held. */
static int cmd_pageout(int argc, char **argv)
{
	size_t size = number(argv[1]) * MIB, i;
	volatile char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)argc;
	madvise((void *)p, size, MADV_NOHUGEPAGE);
	for (i = 0; i < size; i += PAGE)
		p[i] = i / PAGE;
	if (madvise((void *)p, size, 21 /* MADV_PAGEOUT */))
		die("madvise");
	puts("ready");
	wait_for_end();
	return 0;
}

/* tcp COUNT KIB: bytes that are sent to sockets that nobody reads from, held. */
static int cmd_tcp(int argc, char **argv)
{
	unsigned long count = number(argv[1]), size = number(argv[2]) * 1024;
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int server = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t len = sizeof(addr);
	char *buf = calloc(1, size);

	(void)argc;
	if (server < 0 || bind(server, (struct sockaddr *)&addr, len) ||
	    listen(server, 64) ||
	    getsockname(server, (struct sockaddr *)&addr, &len))
		die("tcp");
	while (count--) {
		int out = socket(AF_INET, SOCK_STREAM, 0);

		if (out < 0 || connect(out, (struct sockaddr *)&addr, len) ||
		    accept(server, NULL, NULL) < 0)
			die("connect");
		if (send(out, buf, size, MSG_DONTWAIT) <= 0)
			die("send");
	}
	puts("ready");
	wait_for_end();
	return 0;
}

static void put(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die(file);
	close(fd);
}

/*
 * unshare LETTERS COMMAND...: in new namespaces: c(group) i(pc) m(nt) n(et)
 * p(id) t(ime) u(ts) U(ser, mapped to uid 0); P: with a /proc of its own.
 */
static int cmd_unshare(int argc, char **argv)
{
	static const struct { char letter; int flag; } flags[] = {
		{ 'c', CLONE_NEWCGROUP }, { 'i', CLONE_NEWIPC },
		{ 'm', CLONE_NEWNS }, { 'n', CLONE_NEWNET },
		{ 'p', CLONE_NEWPID }, { 't', 0x80 /* CLONE_NEWTIME */ },
		{ 'u', CLONE_NEWUTS }, { 'U', CLONE_NEWUSER },
		{ 'P', CLONE_NEWNS },
	};
	int flag = 0, status;
	char map[64];
	size_t i;

	(void)argc;
	for (i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (strchr(argv[1], flags[i].letter))
			flag |= flags[i].flag;
	snprintf(map, sizeof(map), "0 %d 1\n", geteuid());
	if (unshare(flag))
		die("unshare");
	if (flag & CLONE_NEWUSER) {
		put("/proc/self/setgroups", "deny");
		put("/proc/self/uid_map", map);
		put("/proc/self/gid_map", map);
	}
	if (flag & (CLONE_NEWPID | 0x80)) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (pid) {
			waitpid(pid, &status, 0);
			return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
		}
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	}
	if (strchr(argv[1], 'P')) {
		if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		    mount("proc", "/proc", "proc", 0, NULL))
			die("mount /proc");
	}
	execvp(argv[2], argv + 2);
	die(argv[2]);
	return 1;
}

/* join PID COMMAND...: in the cgroup namespace of PID. */
static int cmd_join(int argc, char **argv)
{
	char name[64];
	int fd;

	(void)argc;
	snprintf(name, sizeof(name), "/proc/%lu/ns/cgroup", number(argv[1]));
	fd = open(name, O_RDONLY);
	if (fd < 0 || setns(fd, CLONE_NEWCGROUP))
		die(name);
	execvp(argv[2], argv + 2);
	die(argv[2]);
	return 1;
}

/* as UID COMMAND...: as an ordinary user. */
static int cmd_as(int argc, char **argv)
{
	unsigned long uid = number(argv[1]);

	(void)argc;
	if (setgroups(0, NULL) || setgid(uid) || setuid(uid))
		die("setuid");
	execvp(argv[2], argv + 2);
	die(argv[2]);
	return 1;
}

/*
 * nocap CAP,CAP...|all COMMAND...: without those capabilities (numbers), uid 0
 * still: the root of a container without a user namespace.
 */
static int cmd_nocap(int argc, char **argv)
{
	char *caps = argv[1], *cap;
	int i;

	(void)argc;
	if (!strcmp(caps, "all")) {
		for (i = 0; i <= CAP_LAST_CAP; i++)
			prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
	} else {
		for (cap = strtok(caps, ","); cap; cap = strtok(NULL, ","))
			if (prctl(PR_CAPBSET_DROP, number(cap), 0, 0, 0))
				die("PR_CAPBSET_DROP");
	}
	/* exec() gives root all that the bounding set has left. */
	execvp(argv[2], argv + 2);
	die(argv[2]);
	return 1;
}

/* self FILE...: our own report, then those files, all read by one task. */
static int cmd_self(int argc, char **argv)
{
	int i;

	for (i = 0; i < argc; i++) {
		int fd = open(i ? argv[i] : "/proc/thread-self/cg_list", O_RDONLY);
		int err = fd < 0 ? errno : cat(fd);

		if (err)
			printf("%s: %s\n", argv[i], strerrorname_np(err));
		if (fd >= 0)
			close(fd);
		puts("--");
	}
	return 0;
}

/* fds FILE COMMAND...: hands on an open FILE, as descriptor 9. */
static int cmd_fd(int argc, char **argv)
{
	int fd = open(argv[1], O_RDONLY);

	(void)argc;
	if (fd < 0)
		die(argv[1]);
	dup2(fd, 9);
	execvp(argv[2], argv + 2);
	die(argv[2]);
	return 1;
}

static bool line_has(const char *line, const char *word)
{
	size_t len = strlen(word);
	const char *p = line;

	while ((p = strstr(p, word))) {
		if (p > line && p[-1] == ' ' && (p[len] == ' ' || !p[len]))
			return true;
		p++;
	}
	return false;
}

/*
 * get FILE KEY[,NAME=VALUE...] NAME...: those values in the lines of that key,
 * a line each; '-' for one that is absent.
 */
static int cmd_get(int argc, char **argv)
{
	char *line = NULL, *save, *word, *filter[16];
	FILE *f = strcmp(argv[1], "-") ? fopen(argv[1], "r") : stdin;
	int nr = 0, i, found = 0;
	size_t size = 0;
	ssize_t n;

	if (!f)
		die(argv[1]);
	for (word = strtok_r(argv[2], ",", &save); word && nr < 16;
	     word = strtok_r(NULL, ",", &save))
		filter[nr++] = word;
	while ((n = getline(&line, &size, f)) > 0) {
		size_t len = strlen(filter[0]);

		if (line[n - 1] == '\n')
			line[n - 1] = 0;
		if (strncmp(line, filter[0], len) ||
		    (line[len] != ' ' && line[len]))
			continue;
		for (i = 1; i < nr && line_has(line, filter[i]); i++)
			;
		if (i < nr)
			continue;
		found++;
		for (i = 3; i < argc; i++) {
			char name[64];
			const char *p;

			snprintf(name, sizeof(name), " %s=", argv[i]);
			p = strstr(line, name);
			if (!p)
				printf("-");
			else
				printf("%.*s", (int)strcspn(p + strlen(name), " "),
				       p + strlen(name));
			putchar(i + 1 < argc ? ' ' : '\n');
		}
	}
	return !found;
}

static const struct command {
	const char *name;
	int args;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "get", 3, cmd_get },
	{ "read", 1, cmd_read },
	{ "show", 1, cmd_show },
	{ "await", 3, cmd_await },
	{ "write", 1, cmd_write },
	{ "same", 1, cmd_same },
	{ "many", 2, cmd_many },
	{ "self", 0, cmd_self },
	{ "dying", 0, cmd_dying },
	{ "zombie", 0, cmd_zombie },
	{ "threads", 1, cmd_threads },
	{ "deadleader", 0, cmd_deadleader },
	{ "sharevm", 0, cmd_sharevm },
	{ "comm", 1, cmd_comm },
	{ "tasks", 1, cmd_tasks },
	{ "mkdirs", 2, cmd_mkdirs },
	{ "rmtree", 1, cmd_rmtree },
	{ "mem", 2, cmd_mem },
	{ "pageout", 1, cmd_pageout },
	{ "tcp", 2, cmd_tcp },
	{ "unshare", 2, cmd_unshare },
	{ "join", 2, cmd_join },
	{ "as", 2, cmd_as },
	{ "nocap", 2, cmd_nocap },
	{ "fd", 2, cmd_fd },
};

int main(int argc, char **argv)
{
	size_t i;

	for (i = 0; argc > 1 && i < sizeof(commands) / sizeof(*commands); i++) {
		const struct command *c = &commands[i];

		if (!strcmp(argv[1], c->name) && argc - 2 >= c->args)
			return c->run(argc - 1, argv + 1);
	}
	fprintf(stderr, "usage: cgl COMMAND ARGS\n");
	return 2;
}
