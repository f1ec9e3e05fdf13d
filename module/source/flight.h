/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Charges in flight: what was seen of a charge so far, between the moments at which
 * a kprobe sees it.
 */
#ifndef CGL_FLIGHTS_H
#define CGL_FLIGHTS_H

#include <linux/memcontrol.h>
#include <linux/types.h>

/**
 * struct cgl_flight - one charge that met a limit
 * @sp: the stack pointer in try_charge_memcg(): no two charges under way have
 *	the same; 0: this entry is free
 * @memcg: who is charged; as long as the charge is under way, it is there
 * @limiter: whose counter refused last, likewise
 * @start: of the first refusal: CLOCK_MONOTONIC, in nanoseconds
 * @last: when something was seen of it, likewise
 * @reclaimed_pages: what its reclaim runs freed
 * @reclaims: how many there were
 * @nr_pages: what was asked of the counter last
 * @gfp: flags of the allocation, if there was a reclaim run
 * @serial: @memcg's css.serial_nr, which no other cgroup will ever have
 * @css_id: @memcg's css.id
 * @memsw: it was memsw that refused last
 * @throttle: no charge, but a task that is throttled for memory.high
 * @reclaiming: it is inside of a reclaim run
 */
struct cgl_flight {
	unsigned long sp;
	struct mem_cgroup *memcg;
	struct mem_cgroup *limiter;
	u64 start;
	u64 last;
	u64 serial;
	u32 reclaimed_pages;
	u32 reclaims;
	u32 nr_pages;
	gfp_t gfp;
	int css_id;
	bool memsw;
	bool throttle;
	bool reclaiming;
};

/* A charge has reclaimed for as much as a batch: there are such charges here. */
extern bool cgl_flight_batches;

void cgl_flight_refused(unsigned long sp, struct mem_cgroup *memcg,
			struct mem_cgroup *limiter, bool memsw,
			unsigned int nr_pages);
void cgl_flight_throttle(unsigned long sp, struct mem_cgroup *memcg);
bool cgl_flight_reclaim(unsigned long sp, gfp_t gfp, struct cgl_flight *copy);
bool cgl_flight_reclaimed(unsigned long sp, unsigned long nr_reclaimed,
			  struct cgl_flight *copy);
bool cgl_flight_get(unsigned long sp, struct cgl_flight *copy);
void cgl_flight_granted(unsigned long sp, struct mem_cgroup *memcg,
			unsigned int nr_pages);
bool cgl_flight_end(unsigned long sp, struct cgl_flight *copy);
bool cgl_flight_end_below(unsigned long sp, struct cgl_flight *copy);
bool cgl_flight_throttled(unsigned long sp, struct cgl_flight *copy);
bool cgl_memcg_alive(const struct mem_cgroup *memcg, int css_id, u64 serial);
void cgl_flights_reset(void);
u64 cgl_flights_lost(void);
size_t cgl_flights_memory(void);
int cgl_flights_init(void);
void cgl_flights_exit(void);

#endif /* CGL_FLIGHTS_H */
