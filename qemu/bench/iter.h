/* SPDX-License-Identifier: GPL-2.0-only */
/* The records that the BPF iterators write: 608 bytes a memory cgroup, 40 a task. */
#ifndef BENCH_ITER_H
#define BENCH_ITER_H

#define ITER_MAX	16384

/* As Debian's kernels have them. The last zone, of devices, is on no list. */
#define NR_ZONES	5
#define NR_LIST_ZONES	4
#define NR_LISTS	5
#define NR_GENERATIONS	4

struct counter {
	__u64 usage;
	__u64 min;
	__u64 low;
	__u64 high;
	__u64 max;
	__u64 watermark;
	__u64 failcnt;
};

struct cgroup_record {
	__u64 id;
	struct counter memory;
	struct counter swap;
	__u64 lists[NR_LIST_ZONES][NR_LISTS];
	/* The multi-gen LRU's, where that is on; or 0. */
	__u64 max_seq;
	__u64 generations[NR_GENERATIONS][2][NR_ZONES];
};

struct task_record {
	__u32 pid;
	__u32 tgid;
	__u64 id;
	__u64 usage;
	char comm[16];
};

/**
 * struct iter_state - what reader and programs tell each other
 * @nr: records written; the reader sets it to 0 and runs a program
 * @generations: the multi-gen LRU is on
 */
struct iter_state {
	__u64 nr;
	__u64 generations;
};

#endif /* BENCH_ITER_H */
