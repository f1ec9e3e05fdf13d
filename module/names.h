/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The names of the charge path counters and of what an event says, once, for
 * the module, memcgstat and the tests. No kernel header is needed here.
 *
 * The order is the order on a `charge` line. What each counts, and the laws
 * between them, stand in cg_list(5).
 */
#ifndef CGL_NAMES_H
#define CGL_NAMES_H

/* Counted on the memory cgroup that is being charged. */
#define CGL_CHARGED_COUNTERS(X)		\
	X(stock)			\
	X(batch)			\
	X(exact)			\
	X(limit)			\
	X(limit_memsw)			\
	X(shrink)			\
	X(reclaim)			\
	X(reclaimed_pages)		\
	X(retry_margin)			\
	X(retry_drain)			\
	X(retry_progress)		\
	X(retry_move)			\
	X(retry_count)			\
	X(oom)				\
	X(oom_retry)			\
	X(nomem)			\
	X(force)			\
	X(why_memalloc)			\
	X(why_in_oom)			\
	X(why_atomic)			\
	X(why_victim)			\
	X(why_noretry)			\
	X(why_mayfail)			\
	X(why_dying)			\
	X(why_oom)			\
	X(high)				\
	X(killed)

/* Counted on the limiter, the cgroup whose page counter refused. */
#define CGL_LIMITER_COUNTERS(X)		\
	X(limited)			\
	X(limited_memsw)		\
	X(limited_reclaim)		\
	X(limited_force)		\
	X(limited_nomem)		\
	X(limited_oom)

#define CGL_COUNTERS(X)			\
	CGL_CHARGED_COUNTERS(X)		\
	CGL_LIMITER_COUNTERS(X)

/* What asked for the pages, on an `origin` line. */
#define CGL_ORIGINS(X)			\
	X(anon)				\
	X(file)				\
	X(shmem)			\
	X(swapin)			\
	X(kmem)				\
	X(sock)				\
	X(hugetlb)			\
	X(other)

/* The types of events. */
#define CGL_EVENT_TYPES(X)		\
	X(charge_fail)			\
	X(charge_force)			\
	X(oom)				\
	X(oom_kill)			\
	X(high)				\
	X(migrate)

/* Why a charge that failed or was forced left the retry loop: why= */
#define CGL_WHYS(X)			\
	X(none)				\
	X(memalloc)			\
	X(in_oom)			\
	X(atomic)			\
	X(victim)			\
	X(noretry)			\
	X(mayfail)			\
	X(dying)			\
	X(oom)

#endif /* CGL_NAMES_H */
