// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fastest that can be had without cg_list: a BPF program that walks the
 * cgroups and writes a record about each into an array which the reader has
 * mapped. CO-RE: only the names of what is read are given here, where it is the
 * kernel's type information tells.
 *
 * A mem_cgroup is reached by a cast, which 6.1 does not let a program read
 * through: hence the helper that probes, a structure at a time. Where there is
 * a cast that the kernel trusts (6.2), the second program reads through that.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "iter.h"

#define RELOCATED	__attribute__((preserve_access_index))

struct cgroup;

enum cgroup_subsys_id {
	memory_cgrp_id = 4,
};

struct page_counter {
	struct {
		long counter;
	} usage;
	unsigned long min;
	unsigned long low;
	unsigned long high;
	unsigned long max;
	unsigned long watermark;
	unsigned long failcnt;
} RELOCATED;

struct cgroup_subsys_state {
	struct cgroup *cgroup;
} RELOCATED;

struct kernfs_node {
	__u64 id;
} RELOCATED;

struct cgroup {
	struct kernfs_node *kn;
	struct cgroup_subsys_state *subsys[16];
} RELOCATED;

/* Two dimensions to the compiler, one in the kernel's type information. */
struct mem_cgroup_per_node {
	unsigned long lru_zone_size[20];
} RELOCATED;

struct mem_cgroup {
	struct page_counter memory;
	struct page_counter swap;
	struct mem_cgroup_per_node *nodeinfo[1];
} RELOCATED;

struct bpf_iter_meta {
	__u64 seq_num;
} RELOCATED;

struct bpf_iter__cgroup {
	struct bpf_iter_meta *meta;
	struct cgroup *cgroup;
} RELOCATED;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, ITER_MAX);
	__type(key, __u32);
	__type(value, struct record);
} records SEC(".maps");

__u64 nr;

/* At least as large as a page counter on any kernel that has these names. */
#define COUNTER_SIZE	384

#define FIELD(raw, name)	\
	(*(__u64 *)((char *)(raw) + \
		     bpf_core_field_offset(struct page_counter, name)))

/* All of a counter in one go; what is where in it is filled in at loading. */
static __always_inline void read_counter(struct counter *to,
					 struct page_counter *from)
{
	__u64 raw[COUNTER_SIZE / sizeof(__u64)];

	bpf_probe_read_kernel(raw, bpf_core_type_size(struct page_counter), from);
	to->usage = FIELD(raw, usage.counter);
	to->min = FIELD(raw, min);
	to->low = FIELD(raw, low);
	to->high = FIELD(raw, high);
	to->max = FIELD(raw, max);
	to->watermark = FIELD(raw, watermark);
	to->failcnt = FIELD(raw, failcnt);
}

SEC("iter/cgroup")
int collect(struct bpf_iter__cgroup *ctx)
{
	struct cgroup *cgrp = ctx->cgroup;
	struct mem_cgroup_per_node *node;
	struct mem_cgroup *memcg;
	struct record *r;
	__u32 key = nr;

	if (!cgrp)
		return 0;
	/* The cgroup itself may be read through, without a helper. */
	memcg = (void *)cgrp->subsys[memory_cgrp_id];
	r = bpf_map_lookup_elem(&records, &key);
	if (!r || !memcg)
		return 0;
	r->id = cgrp->kn->id;
	read_counter(&r->memory, &memcg->memory);
	read_counter(&r->swap, &memcg->swap);
	node = BPF_CORE_READ(memcg, nodeinfo[0]);
	bpf_core_read(r->lru, sizeof(r->lru), &node->lru_zone_size);
	nr++;
	return 0;
}

static __always_inline void copy_counter(struct counter *to,
					 struct page_counter *from)
{
	to->usage = from->usage.counter;
	to->min = from->min;
	to->low = from->low;
	to->high = from->high;
	to->max = from->max;
	to->watermark = from->watermark;
	to->failcnt = from->failcnt;
}

SEC("?iter/cgroup")
int collect_cast(struct bpf_iter__cgroup *ctx)
{
	struct cgroup *cgrp = ctx->cgroup;
	struct mem_cgroup_per_node *node;
	struct mem_cgroup *memcg;
	struct record *r;
	__u64 *size, offset;
	__u32 key = nr;
	int i;

	if (!cgrp)
		return 0;
	memcg = (void *)cgrp->subsys[memory_cgrp_id];
	r = bpf_map_lookup_elem(&records, &key);
	if (!r || !memcg)
		return 0;
	memcg = bpf_rdonly_cast(memcg, bpf_core_type_id_kernel(struct mem_cgroup));
	r->id = cgrp->kn->id;
	copy_counter(&r->memory, &memcg->memory);
	copy_counter(&r->swap, &memcg->swap);
	/* The array at the end has no length to the verifier. */
	node = bpf_rdonly_cast(BPF_CORE_READ(memcg, nodeinfo[0]),
			       bpf_core_type_id_kernel(struct mem_cgroup_per_node));
	/* A load of the first would be taken for one of the whole array. */
	offset = bpf_core_field_offset(struct mem_cgroup_per_node, lru_zone_size);
	asm volatile("" : "+r"(offset));
	size = (void *)node + offset;
#pragma unroll
	for (i = 0; i < 20; i++)
		r->lru[i / 5][i % 5] = size[i];
	nr++;
	return 0;
}

char _license[] SEC("license") = "GPL";
