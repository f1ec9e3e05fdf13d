// SPDX-License-Identifier: GPL-2.0-only
/* Charges in flight, put together by their stack pointer: source/flight.c. */
#include "shim.h"

/* What it needs of charge/table.h. */
#define CGL_TABLE_H
#define MEMCG_CHARGE_BATCH	64U

static u64 now = 1000;
static u64 slow_us;
static unsigned int nr_slow;
static const struct mem_cgroup *slow_memcg;

static u64 ktime_get_mono_fast_ns(void)
{
	return now;
}

static void cgl_count_slow(const struct mem_cgroup *memcg, u64 us)
{
	slow_memcg = memcg;
	slow_us = us;
	nr_slow++;
}

static struct cgroup_subsys memory_cgrp_subsys;
static struct mem_cgroup group[4];

/* By css.id; a test that frees one takes its id away. */
static const struct cgroup_subsys_state *idr_find(const int *idr, int id)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(group); i++)
		if (id && group[i].css.id == id)
			return &group[i].css;
	return NULL;
}

#include "source/flight.c"

#define SP	0xffffc90000123450UL

static void begin(void)
{
	unsigned int i;

	cgl_flights_exit();
	for (i = 0; i < ARRAY_SIZE(group); i++) {
		group[i].css.id = i + 1;
		group[i].css.serial_nr = 100 + i;
	}
	atomic64_set(&cgl_lost, 0);
	cgl_flight_batches = false;
	cgl_reset_time = 0;
	nr_slow = 0;
	now += NSEC_PER_SEC;
	if (cgl_flights_init())
		abort();
}

static void refused(unsigned long sp, unsigned int memcg, unsigned int nr_pages)
{
	now += 10 * NSEC_PER_USEC;
	cgl_flight_refused(sp, &group[memcg], &group[0], false, nr_pages);
}

static void test_life(void)
{
	struct cgl_flight f;

	begin();
	OK(!cgl_flight_get(SP, &f) && !cgl_flight_reclaim(SP, 1, &f) &&
	   !cgl_flight_end(SP, &f), "of a charge that was not refused nothing is known");

	refused(SP, 1, MEMCG_CHARGE_BATCH);
	refused(SP, 1, 1);
	OK(cgl_flight_get(SP, &f) && f.memcg == &group[1] && f.limiter == &group[0] &&
	   f.nr_pages == 1 && f.last - f.start == 10 * NSEC_PER_USEC,
	   "refused as a batch and then as what it needs, it is one charge");
	OK(!cgl_flight_get(SP - 8, &f) && !cgl_flight_get(SP + 8, &f),
	   "with no other stack pointer");

	OK(cgl_flight_reclaim(SP, 0x42, &f) && f.reclaims == 1 && f.gfp == 0x42 &&
	   cgl_flight_reclaimed(SP, 5, &f) && f.reclaimed_pages == 5 && !f.reclaiming,
	   "what its reclaim frees is added up");
	refused(SP, 1, 1);
	OK(cgl_flight_reclaim(SP, 0x42, &f) && cgl_flight_reclaimed(SP, 6, &f) &&
	   f.reclaims == 2 && f.reclaimed_pages == 11, "over all its runs");

	now += 80 * NSEC_PER_USEC;
	OK(cgl_flight_end(SP, &f) && nr_slow == 1 && slow_us == 100 && slow_memcg == &group[1],
	   "when it ends, its time is counted");
	OK(!cgl_flight_get(SP, &f) && !cgl_flight_end(SP, &f) && nr_slow == 1,
	   "and nothing is left of it");
}

static void test_another(void)
{
	struct cgl_flight f;

	begin();
	refused(SP, 1, 1);
	refused(SP, 2, 1);
	OK(cgl_flight_get(SP, &f) && f.memcg == &group[2] && nr_slow == 1 &&
	   slow_memcg == &group[1], "another cgroup's charge ends what was left there");
	refused(SP, 2, 4);
	OK(cgl_flight_get(SP, &f) && f.start == now && nr_slow == 2,
	   "so does one that needs another number of pages");
	cgl_flight_granted(SP, &group[2], 4);
	OK(!cgl_flight_get(SP, &f) && nr_slow == 3, "granted, it is over");

	refused(SP, 1, MEMCG_CHARGE_BATCH);
	cgl_flight_reclaim(SP, 0, &f);
	OK(cgl_flight_batches, "a charge that reclaims for as much as a batch is noted");
	cgl_flight_reclaimed(SP, 1, &f);
	refused(SP, 1, MEMCG_CHARGE_BATCH);
	OK(cgl_flight_get(SP, &f) && f.reclaims == 1, "refused once more, it is the same");
	refused(SP, 1, 2);
	OK(cgl_flight_get(SP, &f) && !f.reclaims, "a smaller one is not, after a reclaim");
}

static void test_gone(void)
{
	struct cgl_flight f;

	begin();
	refused(SP, 3, 1);
	group[3].css.serial_nr = 999;
	OK(!cgl_flight_get(SP, &f), "a charge to a cgroup that is gone is not known any more");
	refused(SP, 3, 1);
	group[3].css.id = 0;
	refused(SP, 1, 1);
	OK(!nr_slow && cgl_flight_get(SP, &f) && f.memcg == &group[1],
	   "nor is its time counted when its entry is used again");
}

static void test_throttle(void)
{
	struct cgl_flight f;

	begin();
	cgl_flight_throttle(SP, &group[1]);
	OK(!cgl_flight_get(SP, &f), "who is throttled is no charge");
	cgl_flight_throttle(SP, &group[2]);
	now += 3 * NSEC_PER_USEC;
	OK(cgl_flight_throttled(SP, &f) && f.memcg == &group[2] &&
	   f.last - f.start == 3 * NSEC_PER_USEC && !nr_slow,
	   "throttled again with the same stack pointer, it is the later one");
	refused(SP, 1, 1);
	OK(!cgl_flight_throttled(SP, &f), "and a charge is nobody who is throttled");
}

static void test_below(void)
{
	struct cgl_flight f;

	begin();
	refused(SP - 64, 1, 1);
	refused(SP - 160, 2, 1);
	refused(SP - CGL_FRAME_MAX, 3, 1);
	OK(cgl_flight_end_below(SP, &f) && f.memcg == &group[2],
	   "of those below a stack pointer the one that was seen last ends");
	OK(cgl_flight_end_below(SP, &f) && f.memcg == &group[1], "then the one before");
	OK(!cgl_flight_end_below(SP, &f), "none that is farther than a frame");
}

static void test_reset(void)
{
	begin();
	refused(SP, 1, 1);
	now++;
	cgl_flights_reset();
	refused(SP, 2, 1);
	OK(!nr_slow, "what was seen last before a reset is not counted after it");
	refused(SP, 1, 1);
	OK(nr_slow == 1, "what was seen after it is");
}

/* Many at once: all in a row of one hash value, then all over. */
static void test_many(void)
{
	unsigned long sp[CGL_TABLES * CGL_ROW_ENTRIES + 4], at;
	const unsigned int full = CGL_TABLES * CGL_ROW_ENTRIES;
	unsigned int n = 0, i, row = hash_long(SP >> 3, CGL_ROW_BITS);
	struct cgl_flight f;
	bool good = true;

	begin();
	for (at = SP; n < ARRAY_SIZE(sp); at += 4096)
		if (hash_long(at >> 3, CGL_ROW_BITS) == row)
			sp[n++] = at;
	for (i = 0; i < full; i++)
		refused(sp[i], 1, 1);
	for (i = 0; i < full; i++)
		good &= cgl_flight_get(sp[i], &f) && f.sp == sp[i];
	OK(good && !cgl_flights_lost(), "tables are added for as many as there are");
	OK(cgl_flights_memory() == CGL_TABLES * PAGE_ALIGN(CGL_ROWS * sizeof(struct cgl_row)),
	   "and counted");

	cgl_flight_reclaim(sp[full - 1], 0, &f);
	refused(sp[full], 1, 1);
	OK(cgl_flights_lost() == 1 && cgl_flight_get(sp[full], &f) &&
	   cgl_flight_get(sp[full - 1], &f) && nr_slow == 1,
	   "where all are full one is lost, counted, and none that reclaims");

	now += CGL_FLIGHT_OLD + NSEC_PER_SEC;
	for (i = full + 1; i < n; i++)
		refused(sp[i], 1, 1);
	OK(cgl_flights_lost() == 1 && cgl_flight_get(sp[n - 1], &f),
	   "entries of which nothing was seen for long are not lost");
}

int main(void)
{
	test_life();
	test_another();
	test_gone();
	test_throttle();
	test_below();
	test_reset();
	test_many();
	cgl_flights_exit();
	return 0;
}
