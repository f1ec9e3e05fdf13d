/* SPDX-License-Identifier: GPL-2.0-only */
/* The record that the BPF iterator writes a memory cgroup: 280 bytes. */
#ifndef BENCH_ITER_H
#define BENCH_ITER_H

#define ITER_MAX	16384

struct counter {
	__u64 usage;
	__u64 min;
	__u64 low;
	__u64 high;
	__u64 max;
	__u64 watermark;
	__u64 failcnt;
};

struct record {
	__u64 id;
	struct counter memory;
	struct counter swap;
	__u64 lru[4][5];
};

#ifdef __bpf__
/* A pointer that may be read through, as one to a structure of that type. */
void *bpf_rdonly_cast(const void *obj, __u32 type) __ksym __weak;
#endif

#endif /* BENCH_ITER_H */
