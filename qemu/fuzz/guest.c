// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's init: mounts what programs need, loads the module, and starts the
 * workers, or one program that was named on the kernel's command line:
 *
 *	cg=v1		control groups of version 1
 *	run=PROGRAM	run it in a cgroup for seconds=N, no workers
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

/* Seconds between two looks at the guest's memory, and between scans for leaks. */
#define MEMORY_SECONDS	10
#define LEAK_SECONDS	120
/* KiB that the kernel's own memory may grow by from the first minute on. */
#define MEMORY_KIB	(192 << 10)

/**
 * fz_put - write a text into a file
 * @path: the file
 * @text: the text
 *
 * Return: 0 or -1.
 */
int fz_put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, text, strlen(text));
	close(fd);
	return n < 0 ? -1 : 0;
}

/**
 * fz_load_module - load a module
 * @path: its file
 * @params: its parameters
 *
 * Return: whether it is loaded, or was already.
 */
bool fz_load_module(const char *path, const char *params)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	long ret;

	if (fd < 0)
		return false;
	ret = syscall(SYS_finit_module, fd, params, 0);
	close(fd);
	return !ret || errno == EEXIST;
}

static uint32_t section_address(const char *name)
{
	char path[80], text[32] = "";
	int fd;

	snprintf(path, sizeof(path), "/sys/module/cg_list/sections/%s", name);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return 0;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	return strtoull(text, NULL, 16);
}

/**
 * fz_tell_load - tell the host where the module is
 * @shm: the shared memory
 *
 * Context: any worker; two at once may tell the same place twice.
 */
void fz_tell_load(struct fz_shm *shm)
{
	static const char *const names[FZ_SECTIONS] = { ".text", ".init.text", ".exit.text" };
	uint32_t last = __atomic_load_n(&shm->nr_loads, __ATOMIC_ACQUIRE);
	uint32_t at[FZ_SECTIONS];
	unsigned int i;

	for (i = 0; i < FZ_SECTIONS; i++)
		at[i] = section_address(names[i]);
	if (!at[0])
		return;
	if (last && !memcmp(shm->load[(last - 1) % FZ_LOADS], at, sizeof(at)))
		return;
	memcpy(shm->load[last % FZ_LOADS], at, sizeof(at));
	__atomic_store_n(&shm->nr_loads, last + 1, __ATOMIC_RELEASE);
}

static void __attribute__((noreturn)) end(const char *why)
{
	printf("fuzz: %s\n", why);
	fflush(stdout);
	sync();
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

static void mount_at(const char *type, const char *dir, const char *data)
{
	mkdir(dir, 0755);
	if (mount(type, dir, type, 0, data))
		printf("fuzz: %s on %s: %s\n", type, dir, strerror(errno));
}

static void mount_cgroups(void)
{
	const char *cg = getenv("cg");

	if (cg && !strcmp(cg, "v1")) {
		mount_at("tmpfs", "/sys/fs/cgroup", NULL);
		mount_at("cgroup", "/sys/fs/cgroup/memory", "memory");
		mount_at("cgroup", "/sys/fs/cgroup/cpuset", "cpuset");
		return;
	}
	mount_at("cgroup2", "/sys/fs/cgroup", NULL);
	fz_put("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	fz_put("/sys/fs/cgroup/cgroup.subtree_control", "+cpuset");
	fz_put("/sys/fs/cgroup/cgroup.subtree_control", "+pids");
}

/* Allocations fail only for whom fail-nth says, and then without a word. */
static void arm_faults(void)
{
	static const char *const dirs[] = { "failslab", "fail_page_alloc" };
	char path[80];
	unsigned int i;

	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s/ignore-gfp-wait", dirs[i]);
		fz_put(path, "N");
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s/verbose", dirs[i]);
		fz_put(path, "0");
	}
	fz_put("/sys/kernel/debug/fail_page_alloc/ignore-gfp-highmem", "N");
	fz_put("/sys/kernel/debug/fail_page_alloc/min-order", "0");
}

static void set_up(void)
{
	int fd;

	mount_at("devtmpfs", "/dev", NULL);
	fd = open("/dev/console", O_RDWR);
	if (fd >= 0) {
		dup2(fd, 0);
		dup2(fd, 1);
		dup2(fd, 2);
	}
	mount_at("proc", "/proc", NULL);
	mount_at("sysfs", "/sys", NULL);
	mount_at("debugfs", "/sys/kernel/debug", NULL);
	mount_at("tracefs", "/sys/kernel/tracing", NULL);
	mount_at("tmpfs", "/tmp", NULL);
	mount_at("tmpfs", "/mnt", NULL);
	mount_cgroups();
	arm_faults();
	if (!access("/plant.ko", F_OK) && !fz_load_module("/plant.ko", ""))
		end("error: plant.ko does not load");
	if (!access("/cg_list.ko", F_OK) && !fz_load_module("/cg_list.ko", ""))
		end("error: cg_list.ko does not load");
}

static bool file_says(const char *dir, const char *name, const char *text)
{
	char path[128], now[16] = "";
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", dir, name);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return false;
	if (read(fd, now, sizeof(now) - 1) < 0)
		now[0] = '\0';
	close(fd);
	return !strncmp(now, text, strlen(text));
}

/* The shared memory is the second area of QEMU's device. */
static bool map_shm(struct fz_mapped *m)
{
	DIR *d = opendir("/sys/bus/pci/devices");
	struct dirent *e;
	char path[320];
	int fd;

	while (d && (e = readdir(d))) {
		if (!file_says(e->d_name, "vendor", "0x1af4") ||
		    !file_says(e->d_name, "device", "0x1110"))
			continue;
		snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/enable", e->d_name);
		fz_put(path, "1");
		snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource2", e->d_name);
		fd = open(path, O_RDWR | O_CLOEXEC);
		closedir(d);
		if (fd < 0)
			return false;
		m->all = mmap(NULL, FZ_SHM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		m->control = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		return m->all != MAP_FAILED && m->control != MAP_FAILED;
	}
	return false;
}

static void run_one(const char *path)
{
	const char *seconds = getenv("seconds");
	int left = seconds ? atoi(seconds) : 10;
	pid_t pid = fork();

	if (!pid) {
		mkdir("/sys/fs/cgroup/repro", 0755);
		mkdir("/sys/fs/cgroup/memory/repro", 0755);
		if (chdir("/sys/fs/cgroup/memory/repro") && chdir("/sys/fs/cgroup/repro"))
			_exit(1);
		fz_put("cgroup.subtree_control", "+memory");
		fz_put("cgroup.subtree_control", "+cpuset");
		fz_put("cgroup.subtree_control", "+pids");
		execl(path, path, NULL);
		_exit(127);
	}
	printf("fuzz: reproducer runs\n");
	while (left-- > 0 && waitpid(pid, NULL, WNOHANG) != pid)
		sleep(1);
	kill(pid, SIGKILL);
	end("reproducer done");
}

/* KiB of memory that the kernel has for itself and cannot reclaim. */
static long kernel_memory(void)
{
	static const char *const names[] = { "\nSUnreclaim:", "\nVmallocUsed:", "\nPercpu:" };
	char text[4096], *at;
	long sum = 0;
	int fd = open("/proc/meminfo", O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	unsigned int i;

	close(fd);
	text[n > 0 ? n : 0] = '\0';
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		at = strstr(text, names[i]);
		if (at)
			sum += strtol(at + strlen(names[i]), NULL, 10);
	}
	return sum;
}

/* Scan for leaks, where the kernel can (kmemleak=on), and say what is found. */
static void scan_leaks(void)
{
	static const char path[] = "/sys/kernel/debug/kmemleak";
	static char text[1 << 20];
	int fd = open(path, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return;
	/* What two scans find unchanged. */
	if (fz_put(path, "scan") || fz_put(path, "scan")) {
		close(fd);
		return;
	}
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n > 0) {
		text[n] = '\0';
		printf("kmemleak: %s\n", text);
		fflush(stdout);
	}
	fz_put(path, "clear");
}

/* Look after the guest's memory, for ever; a process of its own. */
static void watch_memory(void)
{
	long first = 0, now;
	unsigned int seconds;

	for (seconds = MEMORY_SECONDS;; seconds += MEMORY_SECONDS) {
		sleep(MEMORY_SECONDS);
		now = kernel_memory();
		if (seconds <= 60)
			first = now;
		if (now > first + MEMORY_KIB) {
			printf("fuzz: memory grows: the kernel's own from %ld to %ld KiB\n",
			       first, now);
			fflush(stdout);
			first = now;
		}
		if (seconds % LEAK_SECONDS == 0)
			scan_leaks();
	}
}

static pid_t start_worker(const struct fz_mapped *m, unsigned int i, unsigned int workers)
{
	pid_t pid = fork();

	if (!pid) {
		fz_worker(m, i, workers);
		_exit(1);
	}
	return pid;
}

int main(void)
{
	pid_t worker[FZ_MAX_LANES] = { 0 }, pid;
	struct fz_mapped m;
	struct fz_shm *shm;
	unsigned int i, nr;

	set_up();
	if (getenv("run"))
		run_one(getenv("run"));
	if (!map_shm(&m))
		end("error: there is no shared memory");
	shm = m.all;
	if (shm->magic != FZ_WIRE_MAGIC)
		end("error: the shared memory is of another version");
	fz_tell_load(shm);
	nr = shm->nr_lanes / FZ_WORKER_LANES;
	if (!nr || shm->nr_lanes > FZ_MAX_LANES)
		end("error: the shared memory has a wrong number of lanes");
	for (i = 0; i < nr; i++)
		worker[i] = start_worker(&m, i, nr);
	if (!fork())
		watch_memory();
	printf("fuzz: %u workers\n", nr);
	fflush(stdout);
	__atomic_store_n(&shm->ready, 1, __ATOMIC_RELEASE);
	for (;;) {
		/* A program may have brought its worker down: the OOM killer. */
		pid = waitpid(-1, NULL, __WALL);
		for (i = 0; i < nr; i++)
			if (pid > 0 && worker[i] == pid)
				worker[i] = start_worker(&m, i, nr);
		if (pid < 0)
			sleep(1);
	}
}
