/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * So much of the kernel that the module's pure parts compile and run as a
 * program: its types and macros, with the meaning that they have there. What a
 * test is about, as the time or which cgroups there are, the test defines.
 */
#ifndef CGL_SHIM_H
#define CGL_SHIM_H

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;
typedef unsigned int gfp_t;
typedef struct { s64 counter; } atomic64_t;
typedef struct { int counter; } atomic_t;

#undef __always_inline
#define __always_inline	inline __attribute__((__always_inline__))
#define noinline	__attribute__((noinline))
#define __packed	__attribute__((packed))
#define __percpu
#define __init
#define __force
#define __read_mostly
#define __user
#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define BIT(n)		(1UL << (n))
#define BIT_ULL(n)	(1ULL << (n))
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define PAGE_SHIFT	12
#define PAGE_SIZE	(1UL << PAGE_SHIFT)
#define PAGE_ALIGN(n)	(((n) + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1))
#define TASK_COMM_LEN	16
#define NSEC_PER_USEC	1000L
#define NSEC_PER_SEC	1000000000L
#define min(a, b)	((a) < (b) ? (a) : (b))
#define max(a, b)	((a) > (b) ? (a) : (b))
#define min_t(t, a, b)	min((t)(a), (t)(b))
#define max_t(t, a, b)	max((t)(a), (t)(b))
#define container_of(p, type, member) \
	((type *)((char *)(p) - offsetof(type, member)))
#define module_param_named(name, value, type, mode) \
	struct cgl_shim_param
#define MODULE_PARM_DESC(name, text) \
	struct cgl_shim_param
#define pr_err(...)	fprintf(stderr, __VA_ARGS__)
#define array_size(a, b) ((a) * (b))

#define __LOAD(p)	__atomic_load_n(p, __ATOMIC_SEQ_CST)
#define READ_ONCE(x)	__LOAD(&(x))
#define WRITE_ONCE(x, v) __atomic_store_n(&(x), v, __ATOMIC_SEQ_CST)
#define data_race(x)	(x)
#define smp_rmb()	__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_wmb()	__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_load_acquire(p) __LOAD(p)
#define smp_store_release(p, v) __atomic_store_n(p, v, __ATOMIC_SEQ_CST)
#define atomic64_read(p) __LOAD(&(p)->counter)
#define atomic64_read_acquire(p) atomic64_read(p)
#define atomic64_set(p, v) WRITE_ONCE((p)->counter, v)
#define atomic64_set_release(p, v) atomic64_set(p, v)
#define atomic64_inc(p)	__atomic_fetch_add(&(p)->counter, 1, __ATOMIC_SEQ_CST)

static inline bool atomic64_try_cmpxchg(atomic64_t *p, s64 *old, s64 new)
{
	return __atomic_compare_exchange_n(&p->counter, old, new, false,
					   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static inline u64 div_u64(u64 a, u32 b)
{
	return a / b;
}

static inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

static inline u32 hash_long(unsigned long v, unsigned int bits)
{
	return (v * 0x61c8864680b583ebUL) >> (64 - bits);
}

static inline void *vzalloc(size_t size)
{
	return calloc(1, size);
}

static inline void vfree(void *p)
{
	free(p);
}

#define GFP_KERNEL_ACCOUNT	0
#define kmalloc(size, gfp)	malloc(size)
#define kstrdup(s, gfp)		strdup(s)
#define kmemdup_nul(s, len, gfp) strndup(s, len)
#define kfree(p)		free(p)

/* Contexts: none of them is anything here. */
#define preempt_disable() \
	do { } while (0)
#define preempt_enable() \
	do { } while (0)
#define rcu_read_lock() \
	do { } while (0)
#define rcu_read_unlock() \
	do { } while (0)
#define local_irq_save(flags) ((flags) = 0)
#define local_irq_restore(flags) ((void)(flags))

typedef struct { bool locked; } arch_spinlock_t;
#define __ARCH_SPIN_LOCK_UNLOCKED { false }

static inline void arch_spin_lock(arch_spinlock_t *lock)
{
	/* One thread: a lock that is held already would never be free. */
	assert(!lock->locked);
	lock->locked = true;
}

static inline void arch_spin_unlock(arch_spinlock_t *lock)
{
	assert(lock->locked);
	lock->locked = false;
}

/* Work is done at once, in the test's thread. */
struct work_struct {
	void (*func)(struct work_struct *work);
};

struct irq_work {
	void (*func)(struct irq_work *work);
};

#define DECLARE_WORK(name, f)	struct work_struct name = { f }
#define IRQ_WORK_INIT(f)	((struct irq_work){ f })
#define schedule_work(w)	((w)->func(w))
#define irq_work_queue(w)	((w)->func(w))
#define irq_work_sync(w)	((void)(w))
#define cancel_work_sync(w)	((void)(w))

struct wait_queue_head {
	int unused;
};

#define DECLARE_WAIT_QUEUE_HEAD(name) struct wait_queue_head name
#define wake_up_interruptible_all(q) ((void)(q))
#define wq_has_sleeper(q)	((void)(q), false)

struct pt_regs;

/* As seq_file's buffer: what seq_get_buf() and seq_commit() are about. */
struct seq_file {
	char *buf;
	size_t size;
	size_t count;
};

static inline size_t seq_get_buf(struct seq_file *m, char **buf)
{
	*buf = m->count < m->size ? m->buf + m->count : NULL;
	return m->size - m->count;
}

static inline void seq_commit(struct seq_file *m, int num)
{
	m->count = num < 0 ? m->size : m->count + num;
}

/* Cgroups, as far as anything here looks into them. */
enum { memory_cgrp_id, CGROUP_SUBSYS_COUNT };
enum { CSS_ONLINE = 1, CSS_DYING = 2 };

struct kernfs_node {
	const char *name;
	const char *path;
};

struct cgroup_root;

struct cgroup_subsys {
	struct cgroup_root *root;
	int css_idr;
};

struct cgroup {
	struct kernfs_node *kn;
	struct cgroup_root *root;
	struct cgroup *parent;
	int level;
};

struct cgroup_root {
	struct cgroup cgrp;
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
	struct cgroup_subsys *ss;
	struct cgroup_subsys_state *parent;
	unsigned int flags;
	int id;
	u64 serial_nr;
};

struct css_set {
	struct cgroup_subsys_state *subsys[CGROUP_SUBSYS_COUNT];
	struct cgroup *dfl_cgrp;
};

struct mem_cgroup {
	struct cgroup_subsys_state css;
};

extern struct cgroup_root cgrp_dfl_root;

static inline struct cgroup *cgroup_parent(struct cgroup *cgrp)
{
	return cgrp->parent;
}

bool cgroup_is_descendant(struct cgroup *cgrp, struct cgroup *ancestor);
int kernfs_path_from_node(struct kernfs_node *to, struct kernfs_node *from,
			  char *buf, size_t size);

struct task_struct;

/* A result, in the words of module/tests/run. */
#define OK(condition, ...)						\
	do {								\
		printf("%sok - ", (condition) ? "" : "not ");		\
		printf(__VA_ARGS__);					\
		putchar('\n');						\
	} while (0)

#endif /* CGL_SHIM_H */
