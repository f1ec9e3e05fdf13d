/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The contract: all that cg_list prints and reads, once, for the module, its
 * readers, the manual pages and the tests. No other header is needed here, so
 * that kernel and user space both include it.
 *
 * Lists are macros that apply another macro to each of their rows. cg_list(5)
 * says in words what each name means.
 *
 * A row of a line's fields is
 *
 *	X(key, name, type, absent)
 *
 * key is the line's first word and name the field's; type is one of
 * CGL_FIELD_TYPES; absent says when a line of that key lacks the field, "" for
 * never. Rows stand in the order of printing. A macro that needs only some of
 * the columns takes the rest as `...`: columns may be added at the end.
 */
#ifndef CG_LIST_NAMES_H
#define CG_LIST_NAMES_H

/* The format's version, the number on the first line: "cg_list 1". */
#define CGL_FORMAT		1
#define CGL_FORMAT_KEY		"cg_list"

/*
 * Bounds.
 */

/* Levels of a memory cgroup's ancestry in a report; then "memcg more=N". */
#define CGL_MAX_LEVELS		32
/* Tasks of one css_set in a report; then "cset_task more=N". */
#define CGL_MAX_MEMBERS		64
/* Events in a report. */
#define CGL_SECTION_EVENTS	8
/*
 * Numbers in hist=: bucket i counts 2^i microseconds and more, less than
 * 2^(i + 1); the first one also less than 1, the last one all above.
 */
#define CGL_SLOW_BUCKETS	24
/* Entries in stack=. */
#define CGL_STACK_ENTRIES	10
/* Nested pid namespaces, the initial one included, that see an event's task. */
#define CGL_PID_LEVELS		3
/* Bytes of a line of `events`, and so of a buffer that is never too short. */
#define CGL_EVENT_MAX		0x10000
/* Bytes of a line of any key; what is longer was not printed by cg_list. */
#define CGL_LINE_MAX		0x100000
/* Fields on a line; what has more was not printed by cg_list. */
#define CGL_MAX_FIELDS		128
/* The parameter events=: a power of two. */
#define CGL_EVENTS_MIN		16
#define CGL_EVENTS_DEFAULT	32
#define CGL_EVENTS_MAX		65536
/* The knob stack_dumps. */
#define CGL_STACK_DUMPS_MAX	10000

/*
 * What a field's value is: X(type, meaning)
 */
#define CGL_FIELD_TYPES(X)						\
	X(COUNT,	"a number of times or things")			\
	X(ID,		"a number that names something")		\
	X(FLAG,		"0 or 1")					\
	X(ERRNO,	"0 or a negative error number")			\
	X(BYTES,	"an amount of memory in bytes")			\
	X(LIMIT,	"an amount of memory in bytes, or max")		\
	X(PAGES,	"an amount of memory in pages")			\
	X(US,		"a time in microseconds")			\
	X(TIME,		"CLOCK_MONOTONIC, seconds.nanoseconds")		\
	X(WORD,		"one word of a list in this header")		\
	X(TEXT,		"a text, escaped")				\
	X(PATH,		"a cgroup's path, escaped")			\
	X(CPULIST,	"numbers of CPUs or nodes: 0-3,8")		\
	X(HIST,		"counts, separated by commas")			\
	X(FLAGS,	"names of bits, separated by |")		\
	X(STACK,	"symbol+offset, separated by <")

/* Why a field may be absent, where that is said of many. */
#define CGL_WITHOUT_PATCH	"on a stock kernel"
#define CGL_NOT_VISIBLE		"outside the reader's namespace"
#define CGL_BY_LEVEL		"in memcgs"
#define CGL_BY_ID		"in a task's report"
#define CGL_ONLY_V1		"on cgroup v2"
#define CGL_ONLY_V2		"on cgroup v1"
#define CGL_NO_TASK		"in interrupt context, or outside the reader's pid namespace"
#define CGL_NOT_ONE		"when many were moved, or none was found; outside the reader's pid namespace"
#define CGL_NOT_SEEN		"where this source does not see it"

/*
 * The lines of a task's report, in order.
 */
#define CGL_TASK_FIELDS(X)						\
	X(task, pid,		ID,	"")				\
	X(task, tgid,		ID,	"")				\
	X(task, state,		TEXT,	"in tasks")			\
	X(task, id,		ID,	"in a task's report; " CGL_NOT_VISIBLE) \
	X(task, usage,		BYTES,	"in a task's report; at the root; " CGL_NOT_VISIBLE) \
	X(task, path,		PATH,	"in a task's report; " CGL_NOT_VISIBLE) \
	X(task, comm,		TEXT,	"")

#define CGL_CSET_FIELDS(X)						\
	X(cset, tasks,		COUNT,	"")				\
	X(cset, refs,		COUNT,	"")				\
	X(cset, links,		COUNT,	CGL_WITHOUT_PATCH)		\
	X(cset, threaded,	FLAG,	"")				\
	X(cset, migrating,	FLAG,	"")				\
	X(cset, dead,		FLAG,	"")

#define CGL_CSET_TASK_FIELDS(X)						\
	X(cset_task, pid,	ID,	"on the line of more")		\
	X(cset_task, comm,	TEXT,	"on the line of more")		\
	X(cset_task, more,	COUNT,	"on the lines of tasks")

#define CGL_CGROUP_FIELDS(X)						\
	X(cgroup, hierarchy,	ID,	"")				\
	X(cgroup, controllers,	TEXT,	"")				\
	X(cgroup, path,		PATH,	CGL_NOT_VISIBLE)

#define CGL_CPUSET_FIELDS(X)						\
	X(cpuset, cpus,		CPULIST, CGL_WITHOUT_PATCH)		\
	X(cpuset, mems,		CPULIST, CGL_WITHOUT_PATCH)		\
	X(cpuset, cpus_allowed,	CPULIST, "")				\
	X(cpuset, mems_allowed,	CPULIST, "")				\
	X(cpuset, path,		PATH,	CGL_NOT_VISIBLE)

#define CGL_NS_GONE		"when the task has exited"

#define CGL_NS_FIELDS(X)						\
	X(ns, cgroup,		ID,	CGL_NS_GONE)			\
	X(ns, ipc,		ID,	CGL_NS_GONE)			\
	X(ns, mnt,		ID,	CGL_NS_GONE "; " CGL_WITHOUT_PATCH) \
	X(ns, net,		ID,	CGL_NS_GONE)			\
	X(ns, pid,		ID,	CGL_NS_GONE)			\
	X(ns, time,		ID,	CGL_NS_GONE)			\
	X(ns, user,		ID,	"")				\
	X(ns, uts,		ID,	CGL_NS_GONE)

/*
 * The lines of a memory cgroup: once a level in a report, once each in memcgs.
 */
#define CGL_MEMCG_FIELDS(X)						\
	X(memcg, level,		ID,	CGL_BY_LEVEL)			\
	X(memcg, id,		ID,	"on the line of more")		\
	X(memcg, hierarchy,	ID,	"on the lines of more and of released") \
	X(memcg, online,	FLAG,	"on the lines of more and of released") \
	X(memcg, swappiness,	COUNT,	"on v2 and at the root of a stock kernel") \
	X(memcg, oom_kill_disable, FLAG, CGL_ONLY_V1)			\
	X(memcg, under_oom,	COUNT,	CGL_ONLY_V1)			\
	X(memcg, oom_group,	FLAG,	CGL_ONLY_V2 "; at the root")	\
	X(memcg, charged_id,	ID,	"where the task's own is charged; above level 0") \
	X(memcg, path,		PATH,	CGL_NOT_VISIBLE)		\
	X(memcg, more,		COUNT,	"where all levels are printed") \
	X(memcg, released,	FLAG,	"on all lines but that of the released, in memcgs")

#define CGL_COUNTER_FIELDS(X)						\
	X(counter, level,	ID,	CGL_BY_LEVEL)			\
	X(counter, id,		ID,	CGL_BY_ID)			\
	X(counter, name,	WORD,	"")				\
	X(counter, usage,	BYTES,	"")				\
	X(counter, max,		LIMIT,	"")				\
	X(counter, high,	LIMIT,	CGL_ONLY_V2)			\
	X(counter, low,		LIMIT,	CGL_ONLY_V2 "; of swap")	\
	X(counter, min,		LIMIT,	CGL_ONLY_V2 "; of swap")	\
	X(counter, soft,	LIMIT,	CGL_ONLY_V1 "; of all but memory") \
	X(counter, peak,	BYTES,	"")				\
	X(counter, failcnt,	COUNT,	"where this kernel does not count it")

/* name= of a counter line, and counter= of an event: the first and the third. */
#define CGL_COUNTER_NAMES(X)						\
	X(memory)							\
	X(swap)								\
	X(memsw)							\
	X(kmem)								\
	X(tcpmem)

#define CGL_LRU_FIELDS(X)						\
	X(lru, level,		ID,	CGL_BY_LEVEL)			\
	X(lru, id,		ID,	CGL_BY_ID)			\
	X(lru, node,		ID,	"")				\
	X(lru, zone,		TEXT,	"")				\
	CGL_LRU_LISTS(X)

#define CGL_LRU_LISTS(X)						\
	X(lru, inactive_anon,	BYTES,	"")				\
	X(lru, active_anon,	BYTES,	"")				\
	X(lru, inactive_file,	BYTES,	"")				\
	X(lru, active_file,	BYTES,	"")				\
	X(lru, unevictable,	BYTES,	"")

/*
 * The counters of the charge path. The laws between them stand in cg_list(5).
 */

/* Counted on the memory cgroup that is being charged. */
#define CGL_CHARGED_COUNTERS(X)						\
	X(charge, stock,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, batch,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, exact,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, limit,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, limit_memsw,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, shrink,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, reclaim,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, reclaimed_pages, PAGES, CGL_NOT_SEEN)			\
	X(charge, retry_margin,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, retry_drain,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, retry_progress, COUNT, CGL_NOT_SEEN)			\
	X(charge, retry_move,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, retry_count,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, oom,		COUNT,	CGL_NOT_SEEN)			\
	X(charge, oom_retry,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, nomem,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, force,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, why_memalloc,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, why_in_oom,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, why_atomic,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, why_victim,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, why_noretry,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, why_mayfail,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, why_dying,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, why_oom,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, high,		COUNT,	CGL_NOT_SEEN)			\
	X(charge, killed,	COUNT,	CGL_NOT_SEEN)

/* Counted on the limiter, the cgroup whose page counter refused. */
#define CGL_LIMITER_COUNTERS(X)						\
	X(charge, limited,	COUNT,	CGL_NOT_SEEN)			\
	X(charge, limited_memsw, COUNT,	CGL_NOT_SEEN)			\
	X(charge, limited_reclaim, COUNT, CGL_NOT_SEEN)			\
	X(charge, limited_force, COUNT,	CGL_NOT_SEEN)			\
	X(charge, limited_nomem, COUNT,	CGL_NOT_SEEN)			\
	X(charge, limited_oom,	COUNT,	CGL_NOT_SEEN)

#define CGL_COUNTERS(X)							\
	CGL_CHARGED_COUNTERS(X)						\
	CGL_LIMITER_COUNTERS(X)

#define CGL_CHARGE_FIELDS(X)						\
	X(charge, level,	ID,	CGL_BY_LEVEL)			\
	X(charge, id,		ID,	CGL_BY_ID)			\
	CGL_COUNTERS(X)

#define CGL_SLOW_FIELDS(X)						\
	X(slow, level,		ID,	CGL_BY_LEVEL)			\
	X(slow, id,		ID,	CGL_BY_ID)			\
	X(slow, count,		COUNT,	"")				\
	X(slow, total_us,	US,	"")				\
	X(slow, max_us,		US,	"")				\
	X(slow, hist,		HIST,	"")

/* What asked for the pages. */
#define CGL_ORIGINS(X)							\
	X(origin, anon,		PAGES,	"")				\
	X(origin, file,		PAGES,	"")				\
	X(origin, shmem,	PAGES,	"")				\
	X(origin, swapin,	PAGES,	"")				\
	X(origin, kmem,		PAGES,	"")				\
	X(origin, sock,		PAGES,	"")				\
	X(origin, hugetlb,	PAGES,	"")				\
	X(origin, other,	PAGES,	"where charges do not move with a task")

#define CGL_ORIGIN_FIELDS(X)						\
	X(origin, level,	ID,	CGL_BY_LEVEL)			\
	X(origin, id,		ID,	CGL_BY_ID)			\
	CGL_ORIGINS(X)

/*
 * Events: the lines of `events`, and the last ones of a report.
 */
#define CGL_EVENT_FIELDS(X)						\
	X(event, seq,		ID,	"")				\
	X(event, time,		TIME,	"")				\
	X(event, cpu,		ID,	"")				\
	X(event, type,		WORD,	"")				\
	X(event, pid,		ID,	CGL_NO_TASK)			\
	X(event, tgid,		ID,	CGL_NO_TASK)			\
	X(event, comm,		TEXT,	CGL_NO_TASK)			\
	X(event, from,		PATH,	"when the cgroup is gone; " CGL_NOT_VISIBLE) \
	X(event, from_id,	ID,	"when unknown; " CGL_NOT_VISIBLE) \
	X(event, to,		PATH,	"when the cgroup is gone; " CGL_NOT_VISIBLE) \
	X(event, to_id,		ID,	CGL_NOT_VISIBLE)		\
	X(event, memcg,		PATH,	"when the cgroup is gone; " CGL_NOT_VISIBLE) \
	X(event, memcg_id,	ID,	"when unknown; " CGL_NOT_VISIBLE) \
	X(event, limiter,	PATH,	"when the cgroup is gone; " CGL_NOT_VISIBLE) \
	X(event, limiter_id,	ID,	"when unknown or none; " CGL_NOT_VISIBLE) \
	X(event, counter,	WORD,	CGL_NOT_SEEN)			\
	X(event, nr_pages,	PAGES,	CGL_NOT_SEEN)			\
	X(event, order,		COUNT,	CGL_NOT_SEEN)			\
	X(event, gfp,		FLAGS,	CGL_NOT_SEEN)			\
	X(event, outcome,	WORD,	"")				\
	X(event, why,		WORD,	CGL_NOT_SEEN)			\
	X(event, retries,	COUNT,	CGL_NOT_SEEN)			\
	X(event, reclaimed_pages, PAGES, CGL_NOT_SEEN)			\
	X(event, us,		US,	"when the time it began is unknown") \
	X(event, victim,	ID,	"outside the reader's pid namespace") \
	X(event, victim_comm,	TEXT,	"outside the reader's pid namespace") \
	X(event, moved,		ID,	CGL_NOT_ONE)			\
	X(event, moved_comm,	TEXT,	CGL_NOT_ONE)			\
	X(event, victim_memcg,	PATH,	"when the cgroup is gone; " CGL_NOT_VISIBLE) \
	X(event, victim_memcg_id, ID,	"when unknown; " CGL_NOT_VISIBLE) \
	X(event, constraint,	WORD,	"of all but oom_kill; " CGL_NOT_SEEN) \
	X(event, limiter_hidden, FLAG,	"where the limiter is none, or visible") \
	X(event, memcg_hidden,	FLAG,	"where the memory cgroup is visible") \
	X(event, victim_memcg_hidden, FLAG, "where the victim's memory cgroup is visible") \
	X(event, sysrq,		FLAG,	"where SysRq did not ask for the kill") \
	X(event, threads,	COUNT,	CGL_NOT_SEEN)			\
	X(event, ret,		ERRNO,	"")				\
	X(event, stack,		STACK,	"in a task's report; without CAP_SYSLOG")

/*
 * The types of events, which type= names: X(type, when)
 */
#define CGL_EVENT_TYPES(X)						\
	X(charge_fail,	"a charge failed")				\
	X(charge_force,	"a charge was forced over the limit")		\
	X(oom,		"a charge ran into the OOM killer")		\
	X(oom_kill,	"a task was killed")				\
	X(high,		"a task was slowed down for memory.high")	\
	X(migrate,	"tasks were moved between cgroups, or refused")

/* The fields that an event of any type can have: X(field) */
#define CGL_EVENT_COMMON(X)						\
	X(seq) X(time) X(cpu) X(type) X(pid) X(tgid) X(comm) X(stack)

/* Those that one of a certain type can have besides: X(type, field) */
#define CGL_EVENT_OF_CHARGE(X, type)					\
	X(type, memcg_hidden) X(type, limiter_hidden)			\
	X(type, memcg) X(type, memcg_id) X(type, limiter)		\
	X(type, limiter_id) X(type, counter) X(type, nr_pages)		\
	X(type, order) X(type, gfp) X(type, outcome) X(type, why)	\
	X(type, retries) X(type, reclaimed_pages) X(type, us)
#define CGL_EVENT_OF_OOM(X, type)					\
	X(type, memcg_hidden) X(type, limiter_hidden)			\
	X(type, memcg) X(type, memcg_id) X(type, limiter)		\
	X(type, limiter_id) X(type, counter) X(type, nr_pages)		\
	X(type, order) X(type, gfp) X(type, reclaimed_pages)
#define CGL_EVENT_OF_OOM_KILL(X, type)					\
	X(type, constraint) X(type, sysrq) X(type, limiter_hidden)	\
	X(type, victim_memcg_hidden)					\
	X(type, limiter) X(type, limiter_id) X(type, victim)		\
	X(type, victim_comm) X(type, victim_memcg)			\
	X(type, victim_memcg_id)
#define CGL_EVENT_OF_HIGH(X, type)					\
	X(type, memcg_hidden)						\
	X(type, memcg) X(type, memcg_id) X(type, nr_pages) X(type, us)
#define CGL_EVENT_OF_MIGRATE(X, type)					\
	X(type, from) X(type, from_id) X(type, to) X(type, to_id)	\
	X(type, moved) X(type, moved_comm) X(type, threads) X(type, ret)

#define CGL_EVENT_TYPE_FIELDS(X)					\
	CGL_EVENT_OF_CHARGE(X, charge_fail)				\
	CGL_EVENT_OF_CHARGE(X, charge_force)				\
	CGL_EVENT_OF_OOM(X, oom)					\
	CGL_EVENT_OF_OOM_KILL(X, oom_kill)				\
	CGL_EVENT_OF_HIGH(X, high)					\
	CGL_EVENT_OF_MIGRATE(X, migrate)

/* What an OOM kill was constrained to, which constraint= names. */
#define CGL_CONSTRAINTS(X)						\
	X(none)								\
	X(cpuset)							\
	X(memory_policy)						\
	X(memcg)

/* How a charge that is an event ended, which outcome= names. */
#define CGL_OUTCOMES(X)							\
	X(nomem)							\
	X(force)

/*
 * Why a charge that failed or was forced left the retry loop, which why= names.
 * The first one is never printed.
 */
#define CGL_WHYS(X)							\
	X(none)								\
	X(memalloc)							\
	X(in_oom)							\
	X(atomic)							\
	X(victim)							\
	X(noretry)							\
	X(mayfail)							\
	X(dying)							\
	X(oom)

/*
 * The lines of `status`.
 */
#define CGL_STATUS_FIELDS(X)						\
	X(status, source,	WORD,	"")				\
	X(status, fast_path,	ID,	"")				\
	X(status, since,	TIME,	"")				\
	X(status, recorded,	COUNT,	"")				\
	X(status, overwritten,	COUNT,	"")				\
	X(status, unattributed,	COUNT,	"")				\
	X(status, missed,	COUNT,	"")				\
	X(status, memory,	BYTES,	"")

#define CGL_HOOK_FIELDS(X)						\
	X(hook, name,		TEXT,	"")				\
	X(hook, armed,		FLAG,	"")

#define CGL_UNSEEN_FIELDS(X)						\
	X(unseen, name,		TEXT,	"")				\
	X(unseen, why,		TEXT,	"")

#define CGL_COST_FIELDS(X)						\
	X(cost, name,		TEXT,	"")				\
	X(cost, why,		TEXT,	"")

/* What sees charges; source= of `status` can be none too, the parameter auto. */
#define CGL_SOURCES(X)							\
	X(tracepoint)							\
	X(kprobe)

/*
 * All keys, in the order in which they are printed: X(key, FIELDS, about)
 */
#define CGL_KEYS(X)							\
	X(task,		CGL_TASK_FIELDS,	"a task")		\
	X(cset,		CGL_CSET_FIELDS,	"the task's css_set")	\
	X(cset_task,	CGL_CSET_TASK_FIELDS,	"a task of the same css_set") \
	X(cgroup,	CGL_CGROUP_FIELDS,	"where the task is in a hierarchy") \
	X(cpuset,	CGL_CPUSET_FIELDS,	"CPUs and nodes of the task") \
	X(ns,		CGL_NS_FIELDS,		"the task's namespaces") \
	X(memcg,	CGL_MEMCG_FIELDS,	"a memory cgroup")	\
	X(counter,	CGL_COUNTER_FIELDS,	"a page counter")	\
	X(lru,		CGL_LRU_FIELDS,		"pages on the LRU lists of a zone") \
	X(charge,	CGL_CHARGE_FIELDS,	"the counters of the charge path") \
	X(slow,		CGL_SLOW_FIELDS,	"time in the slow path of charges") \
	X(origin,	CGL_ORIGIN_FIELDS,	"pages by what asked for them") \
	X(event,	CGL_EVENT_FIELDS,	"an event")		\
	X(status,	CGL_STATUS_FIELDS,	"the module")		\
	X(hook,		CGL_HOOK_FIELDS,	"a hook of the source")	\
	X(unseen,	CGL_UNSEEN_FIELDS,	"what cannot be seen")	\
	X(cost,		CGL_COST_FIELDS,	"what costs more than it should")

/* All fields of all keys: X(key, name, type, absent) */
#define CGL_FIELDS(X)							\
	CGL_TASK_FIELDS(X)						\
	CGL_CSET_FIELDS(X)						\
	CGL_CSET_TASK_FIELDS(X)						\
	CGL_CGROUP_FIELDS(X)						\
	CGL_CPUSET_FIELDS(X)						\
	CGL_NS_FIELDS(X)						\
	CGL_MEMCG_FIELDS(X)						\
	CGL_COUNTER_FIELDS(X)						\
	CGL_LRU_FIELDS(X)						\
	CGL_CHARGE_FIELDS(X)						\
	CGL_SLOW_FIELDS(X)						\
	CGL_ORIGIN_FIELDS(X)						\
	CGL_EVENT_FIELDS(X)						\
	CGL_STATUS_FIELDS(X)						\
	CGL_HOOK_FIELDS(X)						\
	CGL_UNSEEN_FIELDS(X)						\
	CGL_COST_FIELDS(X)

/*
 * What is read: files in /proc/cg_list, X(name, mode, what), and knobs in
 * /proc/sys/cg_list and parameters, X(name, what).
 */
#define CGL_FILES(X)							\
	X(status,	0444,	"the module: source, hooks, losses")	\
	X(task,		0600,	"the report of the task whose number is written") \
	X(tasks,	0400,	"every task, with its memory cgroup")	\
	X(memcgs,	0400,	"every memory cgroup")			\
	X(events,	0400,	"the stream of events")			\
	X(reset,	0200,	"write 1 to zero the counters")

#define CGL_KNOBS(X)							\
	X(stack_dumps,	"events that are still to print their stack to the kernel log") \
	X(fast_path,	"0: charges that meet a limit, 1: every charge, 2: also by origin")

#define CGL_PARAMETERS(X)						\
	X(source,	"what sees charges: auto, tracepoint or kprobe") \
	X(events,	"how many events are kept")			\
	X(exact,	"kprobe: see failed charges where the function returns")

#endif /* CG_LIST_NAMES_H */
