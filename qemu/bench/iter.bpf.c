// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fastest that can be had without cg_list: BPF programs that walk the
 * cgroups, or the tasks, and write a record about each into an array which the
 * reader has mapped. CO-RE: only the names of what is read are given here, where
 * it is the kernel's type information tells.
 *
 * Of each there are three. A mem_cgroup is reached by a cast, which 6.1 does not
 * let a program read through: *_probe have the helper that probes, a structure
 * at a time, and run on every kernel that has the iterator (6.1). *_cast read
 * through a cast that the kernel trusts (6.2). *_loop are not called for each,
 * but walk by themselves, with the kernel's open-coded iterators (6.7), under RCU
 * and without cgroup_mutex; they are run by a system call.
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

/* The kernel's, where they are not in a header for programs. */
enum {
	BPF_TASK_ITER_ALL_THREADS = 1,
};

#define ROOT_ID	1

struct cgroup_subsys_state {
	struct cgroup *cgroup;
} RELOCATED;

struct kernfs_node {
	__u64 id;
} RELOCATED;

struct cgroup {
	struct cgroup_subsys_state self;
	struct kernfs_node *kn;
	struct cgroup_subsys_state *subsys[16];
} RELOCATED;

struct css_set {
	struct cgroup *dfl_cgrp;
} RELOCATED;

struct task_struct {
	int pid;
	int tgid;
	char comm[16];
	struct css_set *cgroups;
} RELOCATED;

/*
 * The multi-gen LRU: what a cgroup has in each generation, of anonymous and file
 * memory, in each zone. 6.1 has another name for the structure; the fields count.
 */
struct lru_gen_folio {
	unsigned long max_seq;
	unsigned long nr_pages[NR_GENERATIONS * 2 * NR_ZONES];
} RELOCATED;

struct lruvec {
	struct lru_gen_folio lrugen;
} RELOCATED;

/* Arrays of arrays to the compiler are long ones in the type information. */
struct mem_cgroup_per_node {
	struct mem_cgroup *memcg;
	struct lruvec lruvec;
	unsigned long lru_zone_size[NR_LIST_ZONES * NR_LISTS];
} RELOCATED;

#define NODE_OFFSET(field)	\
	bpf_core_field_offset(struct mem_cgroup_per_node, field)

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

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} RELOCATED;

/* Their size is all that is known of them. */
struct bpf_iter_css {
	__u64 opaque[3];
};

struct bpf_iter_task {
	__u64 opaque[3];
};

/* A pointer that may be read through, as one to a structure of that type. */
void *bpf_rdonly_cast(const void *obj, __u32 type) __ksym __weak;

void bpf_rcu_read_lock(void)
	__ksym __weak;
void bpf_rcu_read_unlock(void)
	__ksym __weak;

struct cgroup *bpf_cgroup_from_id(__u64 id) __ksym __weak;
void bpf_cgroup_release(struct cgroup *cgrp) __ksym __weak;

int bpf_iter_css_new(struct bpf_iter_css *it, struct cgroup_subsys_state *start,
		     unsigned int flags) __ksym __weak;
struct cgroup_subsys_state *bpf_iter_css_next(struct bpf_iter_css *it) __ksym __weak;
void bpf_iter_css_destroy(struct bpf_iter_css *it) __ksym __weak;

int bpf_iter_task_new(struct bpf_iter_task *it, struct task_struct *task,
		      unsigned int flags) __ksym __weak;
struct task_struct *bpf_iter_task_next(struct bpf_iter_task *it) __ksym __weak;
void bpf_iter_task_destroy(struct bpf_iter_task *it) __ksym __weak;

#define CAST(p, type)	\
	((type *)bpf_rdonly_cast(p, bpf_core_type_id_kernel(type)))

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, ITER_MAX);
	__type(key, __u32);
	__type(value, struct cgroup_record);
} cgroups SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, ITER_MAX);
	__type(key, __u32);
	__type(value, struct task_record);
} tasks SEC(".maps");

struct iter_state state;

/* The next record of @map to be filled; NULL if there is none left. */
static __always_inline void *next_record(void *map)
{
	__u32 key = state.nr;

	return bpf_map_lookup_elem(map, &key);
}

static __always_inline int has_generations(void)
{
	return bpf_core_field_exists(struct mem_cgroup_per_node, lruvec.lrugen) &&
	       state.generations;
}

/* The cgroup itself may be read through, without a helper. Can be NULL. */
static __always_inline struct mem_cgroup *memcg_of(struct cgroup *cgrp)
{
	return (void *)cgrp->subsys[memory_cgrp_id];
}

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

SEC("?iter/cgroup")
int cgroups_probe(struct bpf_iter__cgroup *ctx)
{
	struct cgroup *cgrp = ctx->cgroup;
	struct mem_cgroup_per_node *node;
	struct cgroup_record *r;
	struct mem_cgroup *memcg;

	if (!cgrp)
		return 0;
	memcg = memcg_of(cgrp);
	r = next_record(&cgroups);
	if (!r || !memcg)
		return 0;
	r->id = cgrp->kn->id;
	read_counter(&r->memory, &memcg->memory);
	read_counter(&r->swap, &memcg->swap);
	node = BPF_CORE_READ(memcg, nodeinfo[0]);
	bpf_core_read(r->lists, sizeof(r->lists), &node->lru_zone_size);
	if (has_generations()) {
		r->max_seq = BPF_CORE_READ(node, lruvec.lrugen.max_seq);
		bpf_core_read(r->generations, sizeof(r->generations),
			      &node->lruvec.lrugen.nr_pages);
	}
	state.nr++;
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

/* Word @i of an array that is @offset bytes into a node. */
#define WORD(node, offset, i)	(((__u64 *)((void *)(node) + (offset)))[i])

/* With generations, of the lists only the unevictable one is not empty. */
static __always_inline void copy_lists(struct cgroup_record *r,
				       struct mem_cgroup_per_node *node)
{
	__u64 offset = NODE_OFFSET(lru_zone_size);
	int generations = has_generations();
	int i;

	/* A load of the first would be taken for one of the whole array. */
	asm volatile("" : "+r"(offset));
#pragma unroll
	for (i = 0; i < NR_LIST_ZONES * NR_LISTS; i++)
		if (!generations || i % NR_LISTS == NR_LISTS - 1)
			r->lists[i / NR_LISTS][i % NR_LISTS] =
				WORD(node, offset, i);
	if (!generations)
		return;
	r->max_seq = node->lruvec.lrugen.max_seq;
	offset = NODE_OFFSET(lruvec.lrugen.nr_pages);
	asm volatile("" : "+r"(offset));
#pragma unroll
	for (i = 0; i < NR_GENERATIONS * 2 * NR_ZONES; i++)
		((__u64 *)r->generations)[i] = WORD(node, offset, i);
}

static __always_inline void copy_cgroup(struct cgroup *cgrp)
{
	struct mem_cgroup *memcg = memcg_of(cgrp);
	struct cgroup_record *r = next_record(&cgroups);
	struct mem_cgroup_per_node *node;
	__u64 offset;

	if (!r || !memcg)
		return;
	memcg = CAST(memcg, struct mem_cgroup);
	r->id = cgrp->kn->id;
	copy_counter(&r->memory, &memcg->memory);
	copy_counter(&r->swap, &memcg->swap);
	/*
	 * The array at the end has no length to the verifier, which lets nothing
	 * be read of it: its first pointer is read as that of another structure
	 * which begins with one.
	 */
	offset = bpf_core_field_offset(struct mem_cgroup, nodeinfo);
	node = CAST((void *)memcg + offset, struct mem_cgroup_per_node);
	node = CAST(node->memcg, struct mem_cgroup_per_node);
	copy_lists(r, node);
	state.nr++;
}

SEC("?iter/cgroup")
int cgroups_cast(struct bpf_iter__cgroup *ctx)
{
	struct cgroup *cgrp = ctx->cgroup;

	if (cgrp)
		copy_cgroup(cgrp);
	return 0;
}

SEC("?syscall")
int cgroups_loop(void *ctx)
{
	struct cgroup *root = bpf_cgroup_from_id(ROOT_ID);
	struct cgroup_subsys_state *css;
	struct bpf_iter_css it;

	if (!root)
		return 1;
	bpf_rcu_read_lock();
	bpf_iter_css_new(&it, &root->self, BPF_CGROUP_ITER_DESCENDANTS_PRE);
	while ((css = bpf_iter_css_next(&it)))
		copy_cgroup(css->cgroup);
	bpf_iter_css_destroy(&it);
	bpf_rcu_read_unlock();
	bpf_cgroup_release(root);
	return 0;
}

/* What of a task can be read without a helper. Its memory cgroup; can be NULL. */
static __always_inline struct mem_cgroup *copy_task(struct task_record *r,
						    struct task_struct *task)
{
	struct cgroup *cgrp = task->cgroups->dfl_cgrp;

	r->pid = task->pid;
	r->tgid = task->tgid;
	r->id = cgrp->kn->id;
	__builtin_memcpy(r->comm, task->comm, sizeof(r->comm));
	return memcg_of(cgrp);
}

SEC("?iter/task")
int tasks_probe(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct task_record *r = next_record(&tasks);
	struct mem_cgroup *memcg;

	if (!task || !r)
		return 0;
	memcg = copy_task(r, task);
	if (memcg)
		r->usage = BPF_CORE_READ(memcg, memory.usage.counter);
	state.nr++;
	return 0;
}

static __always_inline void cast_task(struct task_struct *task)
{
	struct task_record *r = next_record(&tasks);
	struct mem_cgroup *memcg;

	if (!r)
		return;
	memcg = copy_task(r, task);
	if (memcg)
		r->usage = CAST(memcg, struct mem_cgroup)->memory.usage.counter;
	state.nr++;
}

SEC("?iter/task")
int tasks_cast(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	if (task)
		cast_task(task);
	return 0;
}

SEC("?syscall")
int tasks_loop(void *ctx)
{
	struct task_struct *task;
	struct bpf_iter_task it;

	bpf_rcu_read_lock();
	bpf_iter_task_new(&it, (void *)0, BPF_TASK_ITER_ALL_THREADS);
	while ((task = bpf_iter_task_next(&it)))
		/* The idle task is no task to the others. */
		if (task->pid)
			cast_task(task);
	bpf_iter_task_destroy(&it);
	bpf_rcu_read_unlock();
	return 0;
}

char _license[] SEC("license") = "GPL";
