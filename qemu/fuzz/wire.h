/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory that host and guest share (QEMU's ivshmem): lanes, in which the host
 * puts a program and a worker what became of it. The worker needs no table: a
 * program is numbers and offsets here.
 *
 * Because a program is in this memory before it runs, and so is how far it
 * got, a guest that dies loses nothing.
 */
#ifndef FZ_WIRE_H
#define FZ_WIRE_H

#include <stdint.h>

#define FZ_WIRE_MAGIC		0x63676c31
#define FZ_SHM_SIZE		(4 << 20)
#define FZ_MAX_LANES		8
/* Lanes a worker: it runs a program of one while the host looks at the other's. */
#define FZ_WORKER_LANES		2
#define FZ_WIRE_CALLS		16
#define FZ_WIRE_ARGS		6
#define FZ_WIRE_DATA_MAX	9216
#define FZ_WIRE_PCS		49152
#define FZ_WIRE_OUT_SIZE	65536
#define FZ_WIRE_NONE		0xffff

enum fz_wire_kind {
	FZ_WIRE_VALUE,		/* val */
	FZ_WIRE_RESULT,		/* result slot of call index; val where that failed */
	FZ_WIRE_DATA,		/* address of data + val */
	FZ_WIRE_OUT,		/* address of the area that results are read into */
};

struct fz_wire_arg {
	uint8_t kind;
	uint8_t index;
	uint8_t slot;
	uint8_t pad[5];
	uint64_t val;
};

/**
 * struct fz_wire_call - a call
 * @nr: number of the system call or pseudo call
 * @nr_args: arguments
 * @async: runs in a thread of its own
 * @repeat: how many times
 * @fail: the allocation that fails; 0 for none
 * @nr_out: ints that the call stores
 * @out: where in the data it stores them; FZ_WIRE_NONE
 * @arg: the arguments
 */
struct fz_wire_call {
	uint16_t nr;
	uint8_t nr_args;
	uint8_t async;
	uint8_t repeat;
	uint8_t fail;
	uint8_t nr_out;
	uint8_t pad;
	uint16_t out;
	uint16_t pad2[3];
	struct fz_wire_arg arg[FZ_WIRE_ARGS];
};

/* fz_wire.flags: what has to be done before and after the program. */
#define FZ_WIRE_MOUNTS	1	/* give it a mount namespace of its own */
#define FZ_WIRE_MODULE	2	/* see that the module is there again */
#define FZ_WIRE_FILES	4	/* remove the files that it may have made */
#define FZ_WIRE_STATE	8	/* set the knobs and trace events as they were */
#define FZ_WIRE_CGROUPS	16	/* remove its cgroups */

/**
 * struct fz_wire - a program
 * @nr: calls
 * @flags: FZ_WIRE_*
 * @data_len: bytes of @data that are used
 * @call: the calls
 * @data: what their arguments point to
 */
struct fz_wire {
	uint32_t nr;
	uint32_t flags;
	uint32_t data_len;
	uint32_t pad;
	struct fz_wire_call call[FZ_WIRE_CALLS];
	uint8_t data[FZ_WIRE_DATA_MAX];
};

/* What is recorded of a program. */
enum fz_record {
	FZ_RECORD_NONE,
	FZ_RECORD_BLOCKS,
	FZ_RECORD_COMPARES,
};

/* Words of fz_wire_result.pcs that a comparison takes: call, type, operands. */
#define FZ_COMPARE_WORDS	6
/* As linux/kcov.h: the size is 1 << (type >> 1 & 3) bytes. */
#define FZ_COMPARE_SIZE(type)	((type) >> 1 & 3)

/**
 * struct fz_wire_result - what became of a program
 * @called: calls made, repetitions counted
 * @ret: what each call returned, or its negative errno
 * @nr_pcs: entries of @pcs
 * @pcs: low halves of the addresses of basic blocks that ran, each at least once;
 *	or comparisons, FZ_COMPARE_WORDS each
 */
struct fz_wire_result {
	uint32_t called;
	uint32_t pad;
	int64_t ret[FZ_WIRE_CALLS];
	uint32_t nr_pcs;
	uint32_t pcs[FZ_WIRE_PCS];
};

/**
 * struct fz_control - what is asked of a lane, and how far it is
 * @request: the host adds one to have the program run
 * @done: the guest sets it to @request when it has
 * @running: the program runs
 * @record: what the host wants, an enum fz_record
 * @at: the call that runs, or ran last
 */
struct fz_control {
	uint32_t request;
	uint32_t done;
	uint32_t running;
	uint32_t record;
	uint32_t at;
	uint32_t pad[3];
};

/**
 * struct fz_lane - a place for a program
 * @prog: the program
 * @result: what became of it
 */
struct fz_lane {
	struct fz_wire prog;
	struct fz_wire_result result;
};

#define FZ_SECTIONS	3	/* .text, .init.text, .exit.text */
#define FZ_LOADS	64

/**
 * struct fz_shm - all of it
 * @magic: FZ_WIRE_MAGIC, from the host
 * @nr_lanes: from the host; lane i is worker i modulo the workers' number
 * @ready: the guest sets it when its workers are there
 * @nr_loads: times that the module was seen at a new place, from the guest
 * @load: low halves of where its sections were, by @nr_loads modulo FZ_LOADS
 * @control: of the lanes; all before @lane is one page, which is all that the
 *	process of a program maps: fork() copies what is mapped of a device
 * @lane: the lanes
 */
struct fz_shm {
	uint32_t magic;
	uint32_t nr_lanes;
	uint32_t ready;
	uint32_t nr_loads;
	uint32_t load[FZ_LOADS][FZ_SECTIONS];
	struct fz_control control[FZ_MAX_LANES];
	struct fz_lane lane[FZ_MAX_LANES] __attribute__((aligned(4096)));
};

_Static_assert(sizeof(struct fz_shm) <= FZ_SHM_SIZE, "the shared memory is too small");
_Static_assert(__builtin_offsetof(struct fz_shm, lane) == 4096, "control must fit a page");

struct fz_prog;
void fz_wire_encode(const struct fz_prog *p, struct fz_wire *w);

#endif /* FZ_WIRE_H */
