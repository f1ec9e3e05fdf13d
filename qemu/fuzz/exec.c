// SPDX-License-Identifier: GPL-2.0-only
/*
 * A worker of the guest: it waits for programs in its lane, runs each in a fresh
 * process with coverage, and undoes what the program did.
 *
 * What costs time under emulation is left out where a program cannot need it:
 * a mount namespace, looking for cgroups, files and the module afterwards.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"
#include "pseudo.h"

/* As linux/kcov.h: the sizes are in words. */
#define KCOV_INIT_TRACE	_IOR('c', 1, unsigned long)
#define KCOV_ENABLE	_IO('c', 100)
#define KCOV_TRACE_PC	0
#define KCOV_TRACE_CMP	1

#define COVER_WORDS	(16 << 10)
#define MAX_THREADS	4	/* a program's async calls; more are made in order */

/* A call that waits is interrupted after this many us, and then again. */
#define WAIT_US		60000
#define WAIT_AGAIN_US	10000
/* Seconds after which a process that does not end is killed. */
#define PROGRAM_SECONDS	2

/* Blocks that this call's record has already, to record each about once. */
#define SEEN		4096

struct cover {
	int fd;
	unsigned long *area;	/* the number of entries, then the entries */
};

struct result_of {
	bool ok;
	long value[3];
};

/* Of the worker; the process of a program has them as copies or shared. @lane is
 * the worker's copy of the lane whose turn it is.
 */
static struct fz_control *control;
static struct fz_lane *lane;
static struct cover cover[1 + MAX_THREADS];
static uint64_t *seen;		/* shared by all processes of a worker, as is @epoch */
static uint32_t *epoch;

/* Of the process of a program. */
static _Alignas(4096) unsigned char data[FZ_WIRE_DATA_MAX];
static _Alignas(4096) unsigned char out[FZ_WIRE_OUT_SIZE];
static struct result_of results[FZ_WIRE_CALLS];
static unsigned int nr_threads;
static unsigned int thread_call[MAX_THREADS];
static unsigned int threads_done;

static int cover_open(struct cover *c)
{
	c->fd = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);
	if (c->fd < 0)
		return -1;
	if (ioctl(c->fd, KCOV_INIT_TRACE, COVER_WORDS))
		return -1;
	c->area = mmap(NULL, COVER_WORDS * sizeof(long), PROT_READ | PROT_WRITE,
		       MAP_SHARED, c->fd, 0);
	return c->area == MAP_FAILED ? -1 : 0;
}

/* fork() copies the page table of each area that is to be there afterwards. */
static void share_thread_cover(bool share)
{
	static bool shared = true;
	unsigned int i;

	if (share == shared)
		return;
	shared = share;
	for (i = 1; i < 1 + MAX_THREADS; i++)
		if (cover[i].area)
			madvise(cover[i].area, COVER_WORDS * sizeof(long),
				share ? MADV_DOFORK : MADV_DONTFORK);
}

static void cover_start(struct cover *c)
{
	if (c->area && control->record)
		ioctl(c->fd, KCOV_ENABLE, control->record == FZ_RECORD_COMPARES ?
		      KCOV_TRACE_CMP : KCOV_TRACE_PC);
}

static void cover_reset(struct cover *c)
{
	if (c->area)
		__atomic_store_n(&c->area[0], 0, __ATOMIC_RELAXED);
}

/* Append what a call compared, unless the operands are the same. */
static void compares_collect(struct cover *c, unsigned int call)
{
	struct fz_wire_result *r = &lane->result;
	unsigned long i, n, *at;
	uint64_t key;
	uint32_t *to;

	n = __atomic_load_n(&c->area[0], __ATOMIC_RELAXED);
	for (i = 0; i < n && r->nr_pcs + FZ_COMPARE_WORDS <= FZ_WIRE_PCS; i++) {
		at = &c->area[1 + 4 * i];	/* type, operands, place */
		if (at[1] == at[2])
			continue;
		key = (at[1] * 0x9e3779b97f4a7c15ull ^ at[2]) + *epoch;
		if (seen[key >> 52] == key)
			continue;
		seen[key >> 52] = key;
		to = &r->pcs[r->nr_pcs];
		to[0] = call;
		to[1] = at[0];
		memcpy(&to[2], &at[1], 16);
		r->nr_pcs += FZ_COMPARE_WORDS;
	}
	cover_reset(c);
}

/* Append what a call ran to the program's result. */
static void cover_collect(struct cover *c, unsigned int call)
{
	struct fz_wire_result *r = &lane->result;
	unsigned long i, n;
	uint64_t key;
	uint32_t pc, at, to;

	if (!c->area || !control->record)
		return;
	if (control->record == FZ_RECORD_COMPARES) {
		compares_collect(c, call);
		return;
	}
	n = __atomic_load_n(&c->area[0], __ATOMIC_RELAXED);
	to = r->nr_pcs;
	for (i = 1; i <= n && to < FZ_WIRE_PCS; i++) {
		pc = c->area[i];
		at = (pc ^ pc >> 12) % SEEN;
		key = (uint64_t)*epoch << 32 | pc;
		if (seen[at] == key)
			continue;
		seen[at] = key;
		r->pcs[to++] = pc;
	}
	r->nr_pcs = to;
	cover_reset(c);
}

static void fail_nth(unsigned int n)
{
	int fd = open("/proc/thread-self/fail-nth", O_RDWR);
	char text[16];

	if (fd < 0)
		return;
	if (write(fd, text, sprintf(text, "%u", n)) < 0)
		perror("fail-nth");
	close(fd);
}

static unsigned long arg_value(const struct fz_wire_arg *a)
{
	const struct result_of *r = &results[a->index % FZ_WIRE_CALLS];

	switch (a->kind) {
	case FZ_WIRE_RESULT:
		return r->ok && a->slot < 3 ? (unsigned long)r->value[a->slot] : a->val;
	case FZ_WIRE_DATA:
		return (unsigned long)data + a->val % FZ_WIRE_DATA_MAX;
	case FZ_WIRE_OUT:
		return (unsigned long)out;
	default:
		return a->val;
	}
}

static long invoke(unsigned int nr, const unsigned long *a)
{
	switch (nr) {
	case FZ_P_FORK:
		return fz_fork(a[0], a[1], a[2]);
	case FZ_P_TASKFILE:
		return fz_taskfile(a[0], a[1], a[2]);
	case FZ_P_PUTPID:
		return fz_putpid((const char *)a[0], a[1]);
	case FZ_P_PUTFILE:
		return fz_putfile((const char *)a[0], (const char *)a[1], a[2]);
	case FZ_P_GETFILE:
		return fz_getfile((const char *)a[0], a[1]);
	case FZ_P_TOUCH:
		return fz_touch(a[0], a[1]);
	default:
		return syscall(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
	}
}

/* One call with its repetitions. */
static void make_call(unsigned int i, struct cover *c)
{
	const struct fz_wire_call *call = &lane->prog.call[i];
	struct result_of *r = &results[i];
	unsigned long a[FZ_WIRE_ARGS] = { 0 };
	unsigned int j, n;
	long ret = 0;

	for (j = 0; j < call->nr_args && j < FZ_WIRE_ARGS; j++)
		a[j] = arg_value(&call->arg[j]);
	if (call->fail)
		fail_nth(call->fail);
	cover_reset(c);
	for (n = 0; n < call->repeat; n++)
		ret = invoke(call->nr, a);
	lane->result.ret[i] = ret == -1 ? -errno : ret;
	if (call->fail)
		fail_nth(0);
	__atomic_fetch_add(&lane->result.called, call->repeat, __ATOMIC_RELAXED);
	r->value[0] = ret;
	for (j = 0; j < call->nr_out && j < 2; j++) {
		int stored;

		memcpy(&stored, data + (call->out % FZ_WIRE_DATA_MAX) + 4 * j, sizeof(stored));
		r->value[1 + j] = stored;
	}
	__atomic_store_n(&r->ok, ret != -1, __ATOMIC_RELEASE);
}

/* What a thread needs to know: the call, and which coverage is its own. */
static void *thread(void *arg)
{
	unsigned long i = (unsigned long)arg;
	struct cover *c = &cover[1 + i / FZ_WIRE_CALLS];

	cover_start(c);
	make_call(i % FZ_WIRE_CALLS, c);
	__atomic_fetch_add(&threads_done, 1, __ATOMIC_RELEASE);
	return NULL;
}

static bool start_thread(unsigned int i)
{
	pthread_attr_t attr;
	pthread_t t;
	bool ok;

	if (nr_threads == MAX_THREADS)
		return false;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 65536);
	cover_reset(&cover[1 + nr_threads]);
	thread_call[nr_threads] = i;
	ok = !pthread_create(&t, &attr, thread,
			     (void *)(unsigned long)(nr_threads * FZ_WIRE_CALLS + i));
	pthread_attr_destroy(&attr);
	nr_threads += ok;
	return ok;
}

/* Wait for the threads, but no longer than waiting calls may take. */
static void finish_threads(void)
{
	unsigned int i;

	for (i = 0; i < 40 &&
	     __atomic_load_n(&threads_done, __ATOMIC_ACQUIRE) < nr_threads; i++)
		usleep(2500);
	for (i = 0; i < nr_threads; i++)
		cover_collect(&cover[1 + i], thread_call[i]);
}

static void on_alarm(int sig)
{
	(void)sig;
}

static void interrupt_waits(void)
{
	struct itimerval t = { { 0, WAIT_AGAIN_US }, { 0, WAIT_US } };
	struct sigaction sa = { .sa_handler = on_alarm };

	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &t, NULL);
}

/* The process of a program. */
static void __attribute__((noreturn)) run_program(void)
{
	const struct fz_wire *p = &lane->prog;
	unsigned int i;

	setsid();
	interrupt_waits();
	if (p->flags & FZ_WIRE_MOUNTS) {
		if (unshare(CLONE_NEWNS) ||
		    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
			_exit(1);
	}
	memcpy(data, p->data, p->data_len % (FZ_WIRE_DATA_MAX + 1));
	cover_start(&cover[0]);
	for (i = 0; i < p->nr && i < FZ_WIRE_CALLS; i++) {
		control->at = i;
		if (p->call[i].async && start_thread(i))
			continue;
		make_call(i, &cover[0]);
		cover_collect(&cover[0], i);
	}
	if (nr_threads)
		finish_threads();
	_exit(0);
}

/* Kill what a program left, which are children now: the worker is a subreaper. */
static void kill_children(void)
{
	static char path[64], text[4096];
	char *at;
	int fd, pid, n;

	for (;;) {
		pid = waitpid(-1, NULL, WNOHANG | __WALL);
		if (pid > 0)
			continue;
		if (pid < 0)
			return;
		snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
		fd = open(path, O_RDONLY);
		n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
		close(fd);
		text[n > 0 ? n : 0] = '\0';
		for (at = text; (pid = strtol(at, &at, 10)) > 0;)
			kill(pid, SIGKILL);
		waitpid(-1, NULL, __WALL);
	}
}

static void remove_cgroups(void)
{
	static const char *const names[] = { "a/c", "a/d", "b/c", "a", "b" };
	struct stat st;
	unsigned int i, tries;

	for (tries = 0; tries < 100; tries++) {
		if (stat(".", &st) || st.st_nlink <= 2)
			return;
		for (i = 0; i < sizeof(names) / sizeof(*names); i++)
			rmdir(names[i]);
		if (tries)
			usleep(1000);
	}
}

static void remove_files(void)
{
	static const char *const names[] = { "/tmp/a", "/tmp/b" };
	static const char *const dirs[] = { "/mnt/a/a", "/mnt/a", "/mnt/b", "/tmp/a" };
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlink(names[i]);
	for (i = 0; i < sizeof(dirs) / sizeof(*dirs); i++)
		rmdir(dirs[i]);
}

/* Set back what programs may switch, where it differs. */
static void restore_state(void)
{
	static const struct {
		const char *path, *value;
	} states[] = {
		{ "/proc/sys/cg_list/fast_path", "1" },
		{ "/proc/sys/cg_list/stack_dumps", "0" },
		{ "/sys/kernel/tracing/events/memcg_charge/enable", "0" },
		{ "/sys/kernel/tracing/events/cgroup/cgroup_move/enable", "0" },
	};
	char now[2];
	unsigned int i;
	int fd;

	for (i = 0; i < sizeof(states) / sizeof(*states); i++) {
		fd = open(states[i].path, O_RDWR);
		if (fd < 0)
			continue;
		if (read(fd, now, 2) != 2 || now[0] != states[i].value[0] || now[1] != '\n')
			fz_put(states[i].path, states[i].value);
		close(fd);
	}
}

static void undo(struct fz_shm *shm, uint32_t flags)
{
	kill_children();
	if (flags & FZ_WIRE_CGROUPS)
		remove_cgroups();
	if (flags & FZ_WIRE_FILES)
		remove_files();
	if (flags & FZ_WIRE_MODULE) {
		if (access("/proc/cg_list", F_OK))
			fz_load_module("/cg_list.ko", "");
		fz_tell_load(shm);
	}
	if (flags & (FZ_WIRE_STATE | FZ_WIRE_MODULE))
		restore_state();
}

/* Wait for the process to end, or end it. */
static void wait_for(pid_t pid, const sigset_t *child)
{
	struct timespec limit = { .tv_sec = PROGRAM_SECONDS };
	pid_t got;

	for (;;) {
		got = waitpid(pid, NULL, WNOHANG);
		if (got)
			return;
		if (sigtimedwait(child, NULL, &limit) < 0 && errno == EAGAIN) {
			kill(-pid, SIGKILL);
			kill(pid, SIGKILL);
			waitpid(pid, NULL, 0);
			return;
		}
	}
}

/* Wait for a request in one of a worker's lanes, in turn; which one it is in. */
static unsigned int next_request(const struct fz_shm *shm, unsigned int number,
				 unsigned int workers, unsigned int at, const uint32_t *last)
{
	unsigned int spins = 0;

	for (;;) {
		at += workers;
		if (at >= shm->nr_lanes) {
			at = number;
			if (++spins < 100)
				sched_yield();
			else
				usleep(200);
		}
		if (__atomic_load_n(&shm->control[at].request, __ATOMIC_ACQUIRE) != last[at])
			return at;
	}
}

/* Make a cgroup for the programs of a worker to work in, and go there. */
static void enter_cgroup(unsigned int number)
{
	static const char *const roots[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/memory" };
	char path[64];
	bool v1 = !access(roots[1], F_OK);

	snprintf(path, sizeof(path), "%s/f%u", roots[v1], number);
	mkdir(path, 0755);
	if (chdir(path))
		perror(path);
	if (!v1) {
		fz_put("cgroup.subtree_control", "+memory");
		fz_put("cgroup.subtree_control", "+cpuset");
		fz_put("cgroup.subtree_control", "+pids");
	}
}

/* From the shared memory, which the process of a program does not have. */
static void take_program(const struct fz_lane *from)
{
	uint32_t len = from->prog.data_len % (FZ_WIRE_DATA_MAX + 1);
	unsigned int i;

	memcpy(&lane->prog, &from->prog, offsetof(struct fz_wire, data));
	memcpy(lane->prog.data, from->prog.data, len);
	/* Coverage of threads is mapped into a process that has some. */
	for (i = 0; i < lane->prog.nr % (FZ_WIRE_CALLS + 1); i++)
		if (lane->prog.call[i].async)
			break;
	share_thread_cover(i < lane->prog.nr);
}

static void give_result(struct fz_lane *to)
{
	uint32_t nr = lane->result.nr_pcs % (FZ_WIRE_PCS + 1);

	memcpy(&to->result, &lane->result, offsetof(struct fz_wire_result, pcs));
	memcpy(to->result.pcs, lane->result.pcs, nr * sizeof(lane->result.pcs[0]));
}

/**
 * fz_worker - run programs, for ever
 * @shm: the shared memory
 * @number: the worker's
 * @workers: how many there are
 */
void fz_worker(const struct fz_mapped *m, unsigned int number, unsigned int workers)
{
	struct fz_shm *shm = m->control;
	char *shared = mmap(NULL, 4096 + SEEN * sizeof(*seen) + sizeof(*lane),
			    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	sigset_t child;
	uint32_t last[FZ_MAX_LANES];
	unsigned int i, at = number;
	pid_t pid;

	if (shared == MAP_FAILED)
		_exit(1);
	epoch = (uint32_t *)shared;
	seen = (uint64_t *)(shared + 4096);
	lane = (struct fz_lane *)(seen + SEEN);
	madvise(m->all, FZ_SHM_SIZE, MADV_DONTFORK);
	for (i = 0; i < 1 + MAX_THREADS; i++)
		if (cover_open(&cover[i]))
			cover[i].area = NULL;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	enter_cgroup(number);

	/* A request that an earlier worker died of is not tried again. */
	for (i = number; i < shm->nr_lanes; i += workers) {
		control = &shm->control[i];
		last[i] = control->running ? control->request : control->done;
		control->running = 0;
		__atomic_store_n(&control->done, last[i], __ATOMIC_RELEASE);
	}
	for (;;) {
		at = next_request(shm, number, workers, at, last);
		control = &shm->control[at];
		control->running = 1;
		take_program(&m->all->lane[at]);
		lane->result.nr_pcs = 0;
		lane->result.called = 0;
		control->at = 0;
		++*epoch;
		pid = fork();
		if (!pid) {
			sigprocmask(SIG_UNBLOCK, &child, NULL);
			run_program();
		}
		if (pid > 0)
			wait_for(pid, &child);
		undo(m->all, lane->prog.flags);
		give_result(&m->all->lane[at]);
		control->running = 0;
		__atomic_store_n(&control->done, ++last[at], __ATOMIC_RELEASE);
	}
}
