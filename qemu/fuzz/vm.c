// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest is a QEMU process whose console is a pipe and whose programs go
 * through shared memory. Whoever booted it watches it; other threads run
 * programs in its lanes meanwhile.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util.h"
#include "vm.h"

/* Seconds: to boot; for a report to be complete. */
#define BOOT_SECONDS	300
#define REPORT_SECONDS	4
#define LOG_MAX		(4 << 20)

/**
 * fz_vm_init - prepare a guest
 * @vm: the guest
 * @config: what it is made of; the strings must outlive it
 *
 * The program ends if there is no shared memory to be had.
 */
void fz_vm_init(struct fz_vm *vm, const struct fz_vm_config *config)
{
	int fd;

	memset(vm, 0, sizeof(*vm));
	vm->config = *config;
	vm->console = -1;
	vm->deaf = 120;
	vm->log = malloc(LOG_MAX);
	fd = open(config->shm, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, FZ_SHM_SIZE))
		fz_die("cannot make the shared memory %s: %s", config->shm, strerror(errno));
	vm->shm = mmap(NULL, FZ_SHM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (vm->shm == MAP_FAILED || !vm->log)
		fz_die("no memory for a guest");
}

/* Give all back; the guest is stopped. */
void fz_vm_free(struct fz_vm *vm)
{
	char *monitor = fz_format("%s.monitor", vm->config.shm);

	unlink(monitor);
	free(monitor);
	munmap(vm->shm, FZ_SHM_SIZE);
	unlink(vm->config.shm);
	free(vm->log);
}

static void exec_qemu(const struct fz_vm_config *c)
{
	const char *accel = getenv("ACCEL");
	bool kvm = accel && !strcmp(accel, "kvm");
	char *memory = fz_format("%u", c->memory), *cpus = fz_format("%u", c->cpus);
	char *shm = fz_format("memory-backend-file,id=shm,share=on,mem-path=%s,size=%d",
			      c->shm, FZ_SHM_SIZE);
	/* Levels below 5: what is wrong, not what is told for information. */
	char *append = fz_format("console=ttyS0 loglevel=5 panic=-1 oops=panic panic_on_warn=1 "
		"no_timer_check hung_task_panic=1 watchdog_thresh=30 "
		"rcupdate.rcu_cpu_stall_timeout=100 %s", c->append);

	char *monitor = fz_format("unix:%s.monitor,server=on,wait=off", c->shm);
	char *state = c->snapshot ? fz_format("exec:cat '%s'", c->snapshot) : NULL;

	execlp("qemu-system-x86_64", "qemu-system-x86_64", "-M", "pc", "-display", "none",
	       "-nodefaults", "-no-user-config", "-no-reboot", "-monitor", monitor,
	       "-accel", kvm ? "kvm" : "tcg,thread=single",
	       "-cpu", kvm ? "host" : "max,-erms,-fsrm,-xsave",
	       "-m", memory, "-smp", cpus, "-kernel", c->kernel, "-initrd", c->initrd,
	       "-object", shm, "-device", "ivshmem-plain,memdev=shm,master=on",
	       "-serial", "stdio", "-append", append, state ? "-incoming" : NULL, state, NULL);
	perror("qemu-system-x86_64");
	_exit(127);
}

static void start_qemu(struct fz_vm *vm)
{
	int fds[2], null;

	if (pipe2(fds, O_CLOEXEC))
		fz_die("no pipe: %s", strerror(errno));
	vm->pid = fork();
	if (vm->pid < 0)
		fz_die("no process: %s", strerror(errno));
	if (!vm->pid) {
		/* QEMU must not outlive us; a signal at the terminal is ours. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setpgid(0, 0);
		null = open("/dev/null", O_RDONLY);
		dup2(null, 0);
		dup2(fds[1], 1);
		exec_qemu(&vm->config);
	}
	close(fds[1]);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	vm->console = fds[0];
}

/* Read what the console has; false at its end. */
static bool read_console(struct fz_vm *vm)
{
	ssize_t n;

	for (;;) {
		if (vm->log_len > LOG_MAX / 2 + 65536 && !vm->reported) {
			/* Only the last half of a long log is kept. */
			memmove(vm->log, vm->log + vm->log_len - LOG_MAX / 2, LOG_MAX / 2);
			vm->scanned -= vm->log_len - LOG_MAX / 2 < vm->scanned ?
				       vm->log_len - LOG_MAX / 2 : vm->scanned;
			vm->log_len = LOG_MAX / 2;
		}
		if (vm->log_len >= LOG_MAX - 1)
			return true;
		n = read(vm->console, vm->log + vm->log_len, LOG_MAX - 1 - vm->log_len);
		if (n == 0)
			return false;
		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		vm->log_len += n;
		vm->log[vm->log_len] = '\0';
	}
}

/* Look for a report in the lines that are complete. */
static void scan(struct fz_vm *vm)
{
	char *end = memrchr(vm->log + vm->scanned, '\n', vm->log_len - vm->scanned), kept;
	bool found;

	if (!end || vm->reported)
		return;
	kept = end[1];
	end[1] = '\0';
	found = fz_report_start(vm->log + vm->scanned);
	end[1] = kept;
	if (found)
		vm->reported = fz_now();
	else
		vm->scanned = end + 1 - vm->log;
}

/**
 * fz_vm_watch - see what a guest says
 * @vm: the guest
 * @ms: how long to wait for it to say something
 *
 * Return: whether it lives. If not, its state is FZ_VM_DEAD, vm->title says why
 * and the log is complete; it is to be stopped.
 */
bool fz_vm_watch(struct fz_vm *vm, int ms)
{
	struct pollfd p = { .fd = vm->console, .events = POLLIN };
	bool open;

	poll(&p, 1, ms);
	open = read_console(vm);
	scan(vm);
	if (open && (!vm->reported || fz_now() - vm->reported < REPORT_SECONDS))
		return true;
	if (!fz_report_title(vm->log + vm->scanned, vm->title, sizeof(vm->title)))
		snprintf(vm->title, sizeof(vm->title), "the guest ended without a report");
	vm->state = FZ_VM_DEAD;
	return false;
}

/* Nobody may be in the shared memory when it is made new. */
static void wait_for_lanes(struct fz_vm *vm)
{
	unsigned int i;

	for (i = 0; i < FZ_MAX_LANES; i++)
		while (vm->lane[i].busy)
			usleep(1000);
}

/**
 * fz_vm_boot - boot a guest and wait until its workers are there
 * @vm: the guest, which is off
 * @stop: set by another thread to give up
 *
 * A guest without lanes is only started.
 *
 * Return: 0; -1 if it did not get so far: it is stopped, vm->title says why.
 */
int fz_vm_boot(struct fz_vm *vm, const atomic_bool *stop)
{
	vm->state = FZ_VM_BOOTING;
	wait_for_lanes(vm);
	memset(vm->shm, 0, sizeof(*vm->shm));
	vm->shm->magic = FZ_WIRE_MAGIC;
	vm->shm->nr_lanes = vm->config.lanes;
	vm->log_len = 0;
	vm->log[0] = '\0';
	vm->scanned = 0;
	vm->reported = 0;
	vm->title[0] = '\0';
	vm->booted = fz_now();
	start_qemu(vm);
	while (vm->config.lanes && !__atomic_load_n(&vm->shm->ready, __ATOMIC_ACQUIRE)) {
		if (fz_now() - vm->booted > BOOT_SECONDS)
			snprintf(vm->title, sizeof(vm->title), "not booted after %d s",
				 BOOT_SECONDS);
		if (*stop || !fz_vm_watch(vm, 50) || vm->title[0]) {
			fz_vm_stop(vm);
			return -1;
		}
	}
	vm->booted = fz_now();
	vm->state = FZ_VM_RUNNING;
	return 0;
}

/* Say something to QEMU's monitor. */
static int tell_monitor(const struct fz_vm *vm, const char *text)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ssize_t n = -1;
	char said[4096];

	snprintf(at.sun_path, sizeof(at.sun_path), "%s.monitor", vm->config.shm);
	if (fd >= 0 && !connect(fd, (struct sockaddr *)&at, sizeof(at)))
		n = write(fd, text, strlen(text));
	/* What it answers is read, or QEMU would wait; it hangs up at the end. */
	while (n > 0 && read(fd, said, sizeof(said)) > 0)
		;
	if (fd >= 0)
		close(fd);
	return n == (ssize_t)strlen(text) ? 0 : -1;
}

/**
 * fz_vm_snapshot - keep the state of a booted guest, and end the guest
 * @vm: the guest, which runs no program
 * @path: the file
 * @stop: set by another thread to give up
 *
 * Return: 0; -1 if it could not be kept.
 */
int fz_vm_snapshot(struct fz_vm *vm, const char *path, const atomic_bool *stop)
{
	char *text = fz_format("migrate \"exec:cat > '%s.new' && mv '%s.new' '%s'\"\nquit\n",
			       path, path, path);
	int ret = *stop ? -1 : tell_monitor(vm, text);

	free(text);
	fz_vm_stop(vm);
	return ret || access(path, R_OK) ? -1 : 0;
}

/**
 * fz_vm_stop - end a guest
 * @vm: the guest; nothing happens if it is off
 *
 * Programs that run end with -1. What it said is kept.
 */
void fz_vm_stop(struct fz_vm *vm)
{
	if (!vm->pid)
		return;
	vm->state = FZ_VM_DEAD;
	kill(vm->pid, SIGKILL);
	waitpid(vm->pid, NULL, 0);
	vm->pid = 0;
	close(vm->console);
	vm->console = -1;
	wait_for_lanes(vm);
	vm->state = FZ_VM_OFF;
}

/**
 * fz_vm_run - run a program
 * @vm: the guest
 * @number: the lane, in which this thread is alone
 * @p: the program
 * @record: what is wanted in @result
 * @result: set to what became of it, the coverage as far as it goes
 *
 * Return: 0; -1 if the guest is not there, died, or hung meanwhile.
 */
int fz_vm_run(struct fz_vm *vm, unsigned int number, const struct fz_prog *p,
	      enum fz_record record, struct fz_wire_result *result)
{
	struct fz_vm_lane *host = &vm->lane[number];
	struct fz_control *control = &vm->shm->control[number];
	struct fz_lane *lane = &vm->shm->lane[number];
	unsigned int polls = 0;
	uint32_t request;
	double begin;
	int ret = -1;

	host->busy = true;
	if (vm->state != FZ_VM_RUNNING)
		goto out;
	host->ran[host->nr_ran++ % FZ_HISTORY] = *p;
	fz_wire_encode(p, &lane->prog);
	control->record = record;
	request = control->request + 1;
	__atomic_store_n(&control->request, request, __ATOMIC_RELEASE);
	begin = fz_now();
	while (__atomic_load_n(&control->done, __ATOMIC_ACQUIRE) != request) {
		if (vm->state != FZ_VM_RUNNING)
			goto out;
		usleep(polls++ < 20 ? 50 : 300);
		if (polls % 1000 == 0 && fz_now() - begin > vm->deaf) {
			snprintf(vm->title, sizeof(vm->title), "no progress");
			vm->state = FZ_VM_DEAD;
			goto out;
		}
	}
	memcpy(result, &lane->result, offsetof(struct fz_wire_result, pcs));
	if (result->nr_pcs > FZ_WIRE_PCS)
		result->nr_pcs = 0;
	memcpy(result->pcs, lane->result.pcs, result->nr_pcs * sizeof(result->pcs[0]));
	ret = 0;
out:
	host->busy = false;
	return ret;
}
