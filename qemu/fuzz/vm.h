/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest: booted, given programs, watched, ended. */
#ifndef FZ_VM_H
#define FZ_VM_H

#include <pthread.h>
#include <stdatomic.h>

#include "prog.h"
#include "report.h"
#include "wire.h"

/**
 * struct fz_vm_config - what a guest is made of
 * @kernel: the kernel's image
 * @initrd: its initramfs
 * @append: more for the kernel's command line
 * @shm: path of the file that is its shared memory; one a guest
 * @snapshot: path of a booted guest's state, to go on from; NULL to boot
 * @lanes: FZ_WORKER_LANES a worker; 0 for a guest that runs one program by itself
 * @cpus: CPUs
 * @memory: MiB
 */
struct fz_vm_config {
	const char *kernel;
	const char *initrd;
	const char *append;
	const char *shm;
	const char *snapshot;
	unsigned int lanes;
	unsigned int cpus;
	unsigned int memory;
};

enum fz_vm_state {
	FZ_VM_OFF,
	FZ_VM_BOOTING,
	FZ_VM_RUNNING,
	FZ_VM_DEAD,
};

/* Programs that a lane remembers, to be tried when the guest has died. */
#define FZ_HISTORY	16

/**
 * struct fz_vm_lane - what the host knows of a worker
 * @ran: the programs that it ran last, in a ring
 * @nr_ran: programs that it ran
 * @busy: its thread uses the shared memory
 */
struct fz_vm_lane {
	struct fz_prog ran[FZ_HISTORY];
	unsigned long nr_ran;
	atomic_bool busy;
};

/**
 * struct fz_vm - a guest
 * @config: what it is made of
 * @state: what it does
 * @pid: QEMU; 0 if it does not run
 * @console: what the kernel says
 * @log: what it said since it was booted
 * @log_len: bytes of @log
 * @scanned: bytes of @log without a report
 * @reported: when a report was seen; 0
 * @booted: when it was booted
 * @title: of the report, or why the guest is dead
 * @shm: the shared memory
 * @lane: its workers
 * @deaf: seconds that a program may take before the guest counts as hung
 */
struct fz_vm {
	struct fz_vm_config config;
	_Atomic enum fz_vm_state state;
	pid_t pid;
	int console;
	char *log;
	size_t log_len;
	size_t scanned;
	double reported;
	double booted;
	char title[FZ_TITLE_MAX];
	struct fz_shm *shm;
	struct fz_vm_lane lane[FZ_MAX_LANES];
	double deaf;
};

void fz_vm_init(struct fz_vm *vm, const struct fz_vm_config *config);
int fz_vm_boot(struct fz_vm *vm, const atomic_bool *stop);
int fz_vm_snapshot(struct fz_vm *vm, const char *path, const atomic_bool *stop);
bool fz_vm_watch(struct fz_vm *vm, int ms);
void fz_vm_stop(struct fz_vm *vm);
void fz_vm_free(struct fz_vm *vm);
int fz_vm_run(struct fz_vm *vm, unsigned int lane, const struct fz_prog *p,
	      enum fz_record record, struct fz_wire_result *result);

#endif /* FZ_VM_H */
