// SPDX-License-Identifier: GPL-2.0-only
/*
 * Readings for the commands: what cannot be read ends the program with a line
 * that says why and what to do about it
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "source.h"

struct cgl *files;

/**
 * source_init() - choose where files are read, or exit and say why not
 * @root: the top of a saved tree; NULL: this machine
 */
void source_init(const char *root)
{
	cgl_free(files);
	files = cgl_new(root);
	if (files)
		return;
	if (root && errno == ENOTDIR)
		die("--root %s: not a directory; name the top of a saved tree", root);
	if (root)
		die("--root %s: %s", root, strerror(errno));
	die("out of memory");
}

/**
 * module_why_not() - why cg_list does not serve us, and what to do about it
 *
 * Return: half a sentence.
 */
const char *module_why_not(void)
{
	switch (cgl_lack(files)) {
	case CGL_LACK_SAVED:
		return "the saved tree has no cg_list files";
	case CGL_LACK_RIGHT:
		return "/proc/cg_list is for root alone; run memcgstat as root";
	case CGL_LACK_MODULE:
		return "the module is not loaded: insmod cg_list.ko";
	default:
		return "this kernel has no cg_list: insmod cg_list.ko";
	}
}

/**
 * note_missing() - say once what a report from the cgroup files lacks
 * @r: the report; nothing is said if it came from cg_list
 * @what: what cannot be shown
 */
void note_missing(const struct cgl_report *r, const char *what)
{
	if (r->source == CGL_SRC_FILES)
		note_once("only the cgroup files are read (%s); not shown: %s",
			  module_why_not(), what);
}

void die_needs_module(const char *what)
{
	die("%s cannot be told from the cgroup files: %s", what, module_why_not());
}

void die_error(void)
{
	char *safe = text_safe(cgl_error(files));

	die("%s", safe);
}

/* A process that is gone: what killed it, if that is kept. */
static void die_if_killed(u64 pid)
{
	struct cgl_event kill;
	struct str b = {};

	if (!cgl_find_kill(files, pid, &kill)) {
		str_addf(&b, "no process %llu any more: it was killed for memory", pid);
		if (kill.f[CGL_EV_time] && !cgl_is_saved(files)) {
			str_puts(&b, " at ");
			add_wall_time(&b, atof(kill.f[CGL_EV_time]));
		}
		str_puts(&b, ", ");
		add_kill_cause(&b, &kill);
		die("%s", b.s);
	}
	cgl_event_free(&kill);
}

void die_no_task(u64 pid, int err)
{
	if (err == -ESRCH || err == -ENOENT)
		die_if_killed(pid);
	if (err == -ESRCH || err == -ENOENT)
		die("no process %llu%s; see ps -e", pid,
		    cgl_is_saved(files) ? " in the saved tree" : "");
	if (err == -EACCES || err == -EPERM)
		die("process %llu may not be read: %s; run memcgstat as root", pid,
		    strerror(-err));
	if (err == -EPROTO)
		die("process %llu: what was read is no cg_list report", pid);
	if (err == -ENODATA)
		die("process %llu: no memory cgroup of it can be read (%s)", pid,
		    cgl_find(files) ? cgl_error(files) : "it lies outside the mounted ones");
	die("process %llu cannot be read: %s", pid, strerror(-err));
}

/**
 * process_of() - the process to watch where a person names a thread
 * @tid: what was named
 *
 * A thread ends for itself, but killed for memory are processes.
 *
 * Return: the process; what it is instead is said once.
 */
u64 process_of(u64 tid)
{
	u64 pid = cgl_process_of(files, tid);

	if (pid != tid)
		note_once("%llu is a thread of process %llu, which is watched", tid, pid);
	return pid;
}

/* Say once what is odd about a text that was read. */
void check_text(const struct cgl_report *r)
{
	if (r->version > CGL_FORMAT)
		note_once("format version %u is newer than what this memcgstat knows (%d)",
			  r->version, CGL_FORMAT);
	if (r->cut)
		note_once("the last line was cut off and is ignored");
}

/**
 * read_report() - read a task once, or exit and say why not
 * @r: filled
 * @pid: the task
 * @want: &enum cgl_want, for the cgroup files
 */
void read_report(struct cgl_report *r, u64 pid, unsigned int want)
{
	int ret = cgl_read_task(files, r, pid, want);

	if (ret)
		die_no_task(pid, ret);
	check_text(r);
}

/**
 * read_memcgs() - read every memory cgroup, or exit and say why not
 * @r: filled, with parents and depths
 * @want: &enum cgl_want, for the cgroup files
 * @cache: for them too, if they will be read again; or NULL
 */
void read_memcgs(struct cgl_report *r, unsigned int want, struct cgl_cache *cache)
{
	int ret = cgl_read_memcgs(files, r, want, cache);

	if (ret == -ENOENT || ret == -EACCES)
		die("no memory cgroups can be read: %s", cgl_error(files));
	if (ret)
		die_error();
	check_text(r);
}

/**
 * read_group() - read one memory cgroup and its ancestors, or exit and say why not
 * @r: filled as a task's report is: the cgroup is level 0
 * @path: the cgroup
 * @want: &enum cgl_want, for the cgroup files
 */
void read_group(struct cgl_report *r, const char *path, unsigned int want)
{
	int ret = cgl_read_group(files, r, path, want);
	char *safe;

	if (ret == -ENXIO) {
		safe = text_safe(path);
		die("no memory cgroup %s; see memcgstat tree", safe);
	}
	if (ret == -ENOENT || ret == -EACCES)
		die("no memory cgroups can be read: %s", cgl_error(files));
	if (ret)
		die_error();
	check_text(r);
}

/**
 * read_record() - read a record, or exit and say why not
 * @rec: filled
 * @path: the file
 * @fn: called after each sample
 * @arg: for @fn
 */
void read_record(struct cgl_record *rec, const char *path, cgl_sample_fn fn, void *arg)
{
	if (cgl_record_read(files, rec, path, fn, arg))
		die_error();
	if (rec->cut)
		warn("%s: the end is missing; using the %llu samples that are whole", path,
		     rec->samples);
}

/**
 * add_wall_time() - append the date and time of day of an event
 * @b: where to
 * @monotonic: seconds of CLOCK_MONOTONIC, which stands still while the machine sleeps
 */
void add_wall_time(struct str *b, double monotonic)
{
	struct timespec ts;
	struct tm tm;
	time_t sec;
	double at;

	clock_gettime(CLOCK_REALTIME, &ts);
	at = ts.tv_sec + ts.tv_nsec / 1e9 - now_monotonic() + monotonic;
	sec = at;
	localtime_r(&sec, &tm);
	str_addf(b, "%04d-%02d-%02d %02d:%02d:%02d.%03d", tm.tm_year + 1900, tm.tm_mon + 1,
		 tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (int)((at - sec) * 1000));
}

/* The memory cgroup with an id, by a list that is read once a second at most. */
static const struct cgl_memcg *memcg_of_id(u64 id)
{
	static struct cgl_report all;
	static double when = -INFINITY;

	if (now_monotonic() > when + 1) {
		cgl_report_free(&all);
		if (cgl_read_memcgs(files, &all, 0, NULL))
			cgl_report_free(&all);
		when = now_monotonic();
	}
	return cgl_find_id(&all, id);
}

/**
 * cgroup_words() - a cgroup that an event names, for a person
 * @path: its path, NULL where the event has none
 * @id: its id, %CGL_ABSENT where the event has none
 * @hidden: the event says that it is outside the reader's cgroup namespace
 *
 * Return: a string to free(), not yet safe to print.
 */
char *cgroup_words(const char *path, u64 id, bool hidden)
{
	const struct cgl_memcg *m;

	if (path)
		return xstrdup(path);
	if (hidden)
		return xstrdup("a cgroup that cannot be seen here");
	if (!cgl_is_number(id))
		return xstrdup("a cgroup not named");
	m = memcg_of_id(id);
	if (m && m->path)
		return memcg_words(m);
	return xasprintf("a removed cgroup (id %llu)", id);
}

/* What is said of a limit besides whose it is, "" for the usual one. */
const char *limit_word(enum cgl_limit_kind kind)
{
	static const char *const words[CGL_NR_LIMITS] = {
		[CGL_LIMIT_MAX] = "", [CGL_LIMIT_MEMSW] = "memsw", [CGL_LIMIT_SWAP] = "swap",
		[CGL_LIMIT_HIGH] = "high", [CGL_LIMIT_SWAP_HIGH] = "swap high",
		[CGL_LIMIT_SOFT] = "soft",
	};

	return kind < CGL_NR_LIMITS ? words[kind] : "";
}

/**
 * add_cause() - append what a process died of, in words
 * @b: where to; what is appended is safe to print
 * @cause: of the kill
 * @limiter: path of the cgroup whose limit it was, or NULL
 * @limiter_id: its id, or %CGL_ABSENT
 * @counter: the counter that refused, or NULL
 */
void add_cause(struct str *b, enum cgl_cause cause, const char *limiter, u64 limiter_id,
	       const char *counter)
{
	char *words, *safe;

	switch (cause) {
	case CGL_CAUSE_LIMIT:
		words = cgroup_words(limiter, limiter_id, false);
		safe = text_safe(words);
		str_addf(b, "by the %s%slimit of %s", counter ? counter : "", counter ? " " : "",
			 safe);
		free(words);
		free(safe);
		break;
	case CGL_CAUSE_HIDDEN:
		str_puts(b, "by the limit of a cgroup that cannot be seen here");
		break;
	case CGL_CAUSE_MACHINE:
		str_puts(b, "by no cgroup's limit: the machine was out of memory");
		break;
	case CGL_CAUSE_CPUSET:
		str_puts(b, "by no cgroup's limit: its cpuset's memory nodes were full");
		break;
	case CGL_CAUSE_POLICY:
		str_puts(b, "by no cgroup's limit: its memory policy's nodes were full");
		break;
	case CGL_CAUSE_SYSRQ:
		str_puts(b, "by no cgroup's limit: SysRq asked for it");
		break;
	default:
		str_puts(b, "by a limit or a shortage that is not told here");
		break;
	}
}

/* The same of an event. */
void add_kill_cause(struct str *b, const struct cgl_event *kill)
{
	const char *counter = kill->f[CGL_EV_counter];

	add_cause(b, cgl_kill_cause(kill), kill->f[CGL_EV_limiter],
		  cgl_event_num(kill, CGL_EV_limiter_id),
		  counter && cgl_name_index(CGL_NAMES_COUNTER, counter) >= 0 ? counter : NULL);
}

/* A memory cgroup's name that says if it is removed: a string to free(). */
char *memcg_words(const struct cgl_memcg *m)
{
	return xasprintf("%s%s", memcg_name(m), m->m[CGL_MF_online] == 0 ? " (removed)" : "");
}

/* What a memory cgroup is called, for a person. */
const char *memcg_name(const struct cgl_memcg *m)
{
	if (m->m[CGL_MF_released] == 1)
		return "(released)";
	return m->path ? m->path : "(not named)";
}
