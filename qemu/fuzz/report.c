// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a kernel's log to a title: the kind of report and the function, without
 * addresses, so that the same bug has the same title each time.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "report.h"

/**
 * struct kind - a kind of report
 * @mark: what its first line has
 * @title: the title; a %s in it is the function
 * @where: what stands before the function, on this or a later line; NULL for
 *	what is left of the first line
 */
struct kind {
	const char *mark;
	const char *title;
	const char *where;
};

#define REST	NULL
#define NOTHING	""
#define TRACE	"Call Trace:"

/* The first one that fits the earliest line is taken. */
static const struct kind kinds[] = {
	{ "BUG: KASAN: ",		"KASAN: %s",				REST },
	{ "UBSAN: ",			"UBSAN: %s",				REST },
	{ "WARNING: possible circular locking", "possible deadlock in %s",	"at: " },
	{ "WARNING: possible recursive locking", "possible deadlock in %s",	"at: " },
	{ "possible irq lock inversion", "possible deadlock in %s",		"at: " },
	{ "WARNING: inconsistent lock state", "inconsistent lock state in %s",	"at: " },
	{ "WARNING: suspicious RCU usage", "suspicious RCU usage%s",		NOTHING },
	{ "WARNING: bad unlock balance", "bad unlock balance%s",		NOTHING },
	{ "WARNING: held lock freed",	"held lock freed%s",			NOTHING },
	{ "DEBUG_LOCKS_WARN_ON",	"DEBUG_LOCKS_WARN_ON%s",		NOTHING },
	{ "list_add corruption",	"list corruption%s",			NOTHING },
	{ "list_del corruption",	"list corruption%s",			NOTHING },
	{ "BUG: sleeping function called from invalid context",
		"BUG: sleeping function called from invalid context in %s",	TRACE },
	{ "BUG: scheduling while atomic", "BUG: scheduling while atomic%s",	NOTHING },
	{ "BUG: workqueue lockup",	"BUG: workqueue lockup%s",		NOTHING },
	{ "BUG: soft lockup",		"BUG: soft lockup%s",			NOTHING },
	{ "detected stall",		"INFO: rcu stall%s",			NOTHING },
	{ "self-detected stall",	"INFO: rcu stall%s",			NOTHING },
	{ "blocked for more than",	"INFO: task hung%s",			NOTHING },
	{ "WARNING: CPU: ",		"WARNING in %s",			" at " },
	{ "kernel BUG at ",		"kernel BUG at %s",			REST },
	{ "general protection fault",	"general protection fault in %s",	"RIP: 0010:" },
	{ "BUG: kernel NULL pointer",	"BUG: unable to handle kernel access in %s", "RIP: 0010:" },
	{ "BUG: unable to handle",	"BUG: unable to handle kernel access in %s", "RIP: 0010:" },
	{ "divide error: ",		"divide error in %s",			"RIP: 0010:" },
	{ "invalid opcode: ",		"invalid opcode in %s",			"RIP: 0010:" },
	{ "stack-protector: ",		"stack-protector: %s",			REST },
	{ "kmemleak: unreferenced",	"memory leak in %s",			"backtrace" },
	{ "fuzz: memory grows",		"memory grows%s",			NOTHING },
	{ "Kernel panic - not syncing: ", "kernel panic: %s",			REST },
};

#define NR(array)	(sizeof(array) / sizeof((array)[0]))

/* What is no function of interest in a trace: the reporters themselves. */
static const char *const reporters[] = {
	"dump_stack", "__dump_stack", "show_stack", "__might_", "print_", "panic", "<TASK>",
	"kasan_", "check_", "__warn", "report_bug", "kmemleak_", "__kmalloc", "kmalloc",
	"__kmem_cache", "kmem_cache_", "slab_", "__slab", "___slab", "__alloc", "pcpu_alloc",
	"__vmalloc", "vmalloc", "__do_kmalloc", "kvmalloc", "__kvmalloc",
};

static const char *find_in_line(const char *line, const char *what)
{
	const char *end = strchrnul(line, '\n');

	return memmem(line, end - line, what, strlen(what));
}

/* Copy a name, as far as it is one: no offset, no suffix of the compiler. */
static void copy_name(char *to, size_t len, const char *from)
{
	size_t n = strspn(from, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	snprintf(to, len, "%.*s", (int)n, from);
}

static bool is_reporter(const char *name)
{
	unsigned int i;

	for (i = 0; i < NR(reporters); i++)
		if (!strncmp(name, reporters[i], strlen(reporters[i])))
			return true;
	return false;
}

/* The first function of a trace that is no reporter's. */
static void from_trace(const char *line, char *name, size_t len)
{
	const char *at;

	for (name[0] = '\0'; (line = strchr(line, '\n')) && *++line;) {
		at = find_in_line(line, "] ");
		at = at ? at + 2 : line;
		at += strspn(at, " ?");
		if (is_reporter(at) || !find_in_line(at, "+0x"))
			continue;
		copy_name(name, len, at);
		return;
	}
}

/* The rest of the first line: "slab-use-after-free in f+0x1/0x2 [m]". */
static void from_rest(const char *rest, char *name, size_t len)
{
	const char *end = strchrnul(rest, '\n'), *cut;
	size_t n;

	while (end > rest && isspace((unsigned char)end[-1]))
		end--;
	cut = memmem(rest, end - rest, "+0x", 3);
	if (cut)
		end = cut;
	cut = memmem(rest, end - rest, ".constprop", 10);
	if (cut)
		end = cut;
	cut = memmem(rest, end - rest, ".isra", 5);
	if (cut)
		end = cut;
	cut = memmem(rest, end - rest, ".c:", 3);	/* file.c:LINE:COLUMN */
	if (cut)
		end = cut + 2;
	n = end - rest;
	snprintf(name, len, "%.*s", (int)(n < len ? n : len - 1), rest);
}

static void fill(const struct kind *k, const char *line, char *name, size_t len)
{
	const char *mark = find_in_line(line, k->mark), *at = NULL, *l;

	name[0] = '\0';
	if (k->where == REST) {
		from_rest(mark + strlen(k->mark), name, len);
		return;
	}
	if (!*k->where)
		return;
	for (l = line; l && *l && !at; l = strchr(l, '\n'), l = l ? l + 1 : NULL)
		at = find_in_line(l, k->where);
	if (!at)
		return;
	if (!strcmp(k->where, TRACE) || !strcmp(k->where, "backtrace")) {
		from_trace(at, name, len);
		return;
	}
	at += strlen(k->where);
	if (!strcmp(k->where, " at ")) {	/* WARNING: ... at FILE:LINE FUNCTION */
		at += strcspn(at, " \n");
		at += *at == ' ';
	}
	copy_name(name, len, at);
}

static const struct kind *kind_of(const char *line)
{
	unsigned int i;

	for (i = 0; i < NR(kinds); i++)
		if (find_in_line(line, kinds[i].mark))
			return &kinds[i];
	return NULL;
}

/**
 * fz_report_start - where a report begins
 * @log: a kernel's log
 *
 * Return: its first line in @log; NULL if there is none.
 */
const char *fz_report_start(const char *log)
{
	for (; log && *log; log = strchr(log, '\n'), log = log ? log + 1 : NULL)
		if (kind_of(log))
			return log;
	return NULL;
}

/**
 * fz_report_title - name the first report of a log
 * @log: a kernel's log
 * @title: gets the title
 * @len: bytes of @title
 *
 * Return: false if there is no report.
 */
bool fz_report_title(const char *log, char *title, size_t len)
{
	const char *line = fz_report_start(log);
	const struct kind *k;
	char name[80];

	if (!line)
		return false;
	k = kind_of(line);
	fill(k, line, name, sizeof(name));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(title, len, k->title, name);
#pragma GCC diagnostic pop
	return true;
}
