// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sections `charge`, `slow` and `origin`: what was counted of a memory cgroup,
 * added up over the CPUs.
 */
#include <linux/cpumask.h>

#include <cg_list/names.h>

#include "base/out.h"
#include "charge/table.h"
#include "report/sec_charge.h"
#include "report/section.h"
#include "source/source.h"

static const struct cgl_key cgl_counter_keys[CGL_NR_COUNTERS] = {
	CGL_COUNTERS(CGL_KEY)
};

static const struct cgl_key cgl_origin_keys[CGL_NR_ORIGINS] = {
	CGL_ORIGINS(CGL_KEY)
};

static void cgl_show_numbers(struct cgl_out *o, const struct cgl_key *keys,
			     const u64 *n, unsigned int count, u64 known)
{
	for (; count--; known >>= 1, keys++, n++) {
		if (!(known & 1))
			continue;
		cgl_out_keyed(o, keys, *n);
	}
	cgl_out_eol(o);
}

static void cgl_show_counters(struct cgl_out *o, const u64 *n)
{
	cgl_show_numbers(o, cgl_counter_keys, n, CGL_NR_COUNTERS,
			 cgl_source_counters());
}

static void cgl_show_slow_counts(struct cgl_out *o, const struct cgl_counts *n)
{
	unsigned int i, last = CGL_SLOW_BUCKETS - 1;

	while (last && !n->slow_hist[last])
		last--;
	cgl_out_num(o, " count=", n->slow);
	cgl_out_num(o, " total_us=", n->slow_us);
	cgl_out_num(o, " max_us=", n->slow_max_us);
	cgl_out_num(o, " hist=", n->slow_hist[0]);
	for (i = 1; i <= last; i++)
		cgl_out_num(o, ",", n->slow_hist[i]);
	cgl_out_eol(o);
}

/* What is none of the others are charges that move in with a task. */
static void cgl_show_origins(struct cgl_out *o, const u64 *n)
{
	u64 known = BIT_ULL(CGL_NR_ORIGINS) - 1;

	if (!CGL_HAVE_CHARGE_MOVES)
		known &= ~BIT_ULL(CGL_ORIGIN_other);
	cgl_show_numbers(o, cgl_origin_keys, n, CGL_NR_ORIGINS, known);
}

/* The block of what a section is to print about, or NULL. */
static struct cgl_block __percpu *cgl_subject_block(const struct cgl_subject *s)
{
	if (!s->memcg || !cgl_source_counters())
		return NULL;
	return cgl_charge_block(s->memcg);
}

static bool cgl_show_charge(struct cgl_out *o, const struct cgl_reader *r,
			    const struct cgl_subject *s, unsigned int part)
{
	struct cgl_block __percpu *block = cgl_subject_block(s);
	u64 n[CGL_NR_COUNTERS] = {};
	int cpu;

	if (!block)
		return false;
	for_each_cpu(cpu, &cgl_cpus)
		cgl_counts_sum(n, per_cpu_ptr(block, cpu)->n.counter, CGL_NR_COUNTERS);
	cgl_out_memcg_key(o, "charge", s);
	cgl_show_counters(o, n);
	return false;
}

const struct cgl_section cgl_section_charge = {
	.name	= "charge",
	.show	= cgl_show_charge,
};

/* Most cgroups have met no limit: no need to add up the rest. */
static bool cgl_any_slow(struct cgl_block __percpu *block)
{
	int cpu;

	for_each_cpu(cpu, &cgl_cpus)
		if (READ_ONCE(per_cpu_ptr(block, cpu)->n.slow))
			return true;
	return false;
}

static bool cgl_show_slow(struct cgl_out *o, const struct cgl_reader *r,
			  const struct cgl_subject *s, unsigned int part)
{
	struct cgl_block __percpu *block = cgl_subject_block(s);
	struct cgl_counts n;

	if (!block || !cgl_source_slow())
		return false;
	cgl_out_memcg_key(o, "slow", s);
	if (!cgl_any_slow(block)) {
		cgl_out_lit(o, " count=0 total_us=0 max_us=0 hist=0\n");
		return false;
	}
	memset(&n, 0, sizeof(n));
	cgl_counts_add_block(&n, block);
	cgl_show_slow_counts(o, &n);
	return false;
}

const struct cgl_section cgl_section_slow = {
	.name	= "slow",
	.ptrace	= true,
	.show	= cgl_show_slow,
};

static bool cgl_show_origin(struct cgl_out *o, const struct cgl_reader *r,
			    const struct cgl_subject *s, unsigned int part)
{
	struct cgl_block __percpu *block;
	u64 n[CGL_NR_ORIGINS] = {};
	int cpu;

	if (cgl_source_fast_path() < CGL_FAST_ORIGIN)
		return false;
	block = cgl_subject_block(s);
	if (!block)
		return false;
	for_each_cpu(cpu, &cgl_cpus)
		cgl_counts_sum(n, per_cpu_ptr(block, cpu)->n.origin, CGL_NR_ORIGINS);
	cgl_out_memcg_key(o, "origin", s);
	cgl_show_origins(o, n);
	return false;
}

const struct cgl_section cgl_section_origin = {
	.name	= "origin",
	.show	= cgl_show_origin,
};

/**
 * cgl_charge_show_released - what cgroups counted that are gone, for `memcgs`
 * @o: the writer
 *
 * Context: process context.
 */
void cgl_charge_show_released(struct cgl_out *o)
{
	struct cgl_counts n;

	if (!cgl_source_counters())
		return;
	cgl_charge_released(&n);
	cgl_out_lit(o, "memcg id=0 released=1\ncharge id=0");
	cgl_show_counters(o, n.counter);
	if (cgl_source_slow()) {
		cgl_out_lit(o, "slow id=0");
		cgl_show_slow_counts(o, &n);
	}
	if (cgl_source_fast_path() == CGL_FAST_ORIGIN) {
		cgl_out_lit(o, "origin id=0");
		cgl_show_origins(o, n.origin);
	}
}
