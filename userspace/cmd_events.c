// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcgstat events: failed and forced charges, OOM kills, migrations
 *
 * Every event that the kernel still keeps, and with -f those to come.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "root.h"
#include "views.h"

struct filter {
	const struct args *args;
	struct table *table;
};

/* Does a path name @group or something below it? */
static bool in_group(const char *path, const char *group)
{
	size_t len;

	while (*group == '/')
		group++;
	len = strlen(group);
	while (len && group[len - 1] == '/')
		len--;
	if (!len)
		return path;
	return path && *path == '/' && !strncmp(path + 1, group, len) &&
	       (!path[1 + len] || path[1 + len] == '/');
}

static bool wanted(const struct args *args, const struct event *ev)
{
	static const enum event_field paths[] = {
		EV_memcg, EV_limiter, EV_victim_memcg, EV_from, EV_to,
	};
	unsigned int i;

	if (args->type && !event_is(ev, args->type))
		return false;
	if (args->has_pid && event_num(ev, EV_pid) != args->pid &&
	    event_num(ev, EV_tgid) != args->pid && event_num(ev, EV_victim) != args->pid &&
	    event_num(ev, EV_moved) != args->pid)
		return false;
	if (!args->group)
		return true;
	for (i = 0; i < ARRAY_SIZE(paths); i++)
		if (in_group(ev->f[paths[i]], args->group))
			return true;
	return false;
}

static void take_event(const struct cgl_line *line, void *arg)
{
	struct filter *f = arg;
	struct event ev;

	if (strcmp(line->key, "event"))
		return;
	event_fill(&ev, line);
	if (wanted(f->args, &ev)) {
		fill_event(f->table, &ev);
		if (f->args->follow || table_options.json)
			table_flush_row(f->table);
	}
	event_free(&ev);
}

static void check_type(const char *type)
{
	static const char *const types[] = {
#define X(name, ...) #name,
		CGL_EVENT_TYPES(X)
#undef X
	};
	char *safe;

	if (cgl_index(types, ARRAY_SIZE(types), type) >= 0)
		return;
	safe = text_safe(type);
	die_usage("-t %s: the types are charge_fail, charge_force, oom, oom_kill, high, migrate",
		  safe);
}

static int run(const struct args *args)
{
	struct cgl_parser *p = xmalloc(sizeof(*p));
	struct filter f = { .args = args };
	struct pollfd pfd;
	static char buf[CGL_EVENT_MAX];
	ssize_t n;

	if (args->type)
		check_type(args->type);
	pfd.fd = open_events(O_NONBLOCK);
	pfd.events = POLLIN;
	if (pfd.fd < 0)
		die_needs_module("events");
	/* events can be many and each is an object of its own: a stream in JSON too */
	if (args->follow || table_options.json)
		f.table = table_stream(event_cols, nr_event_cols);
	else
		f.table = table_new("event", event_cols, nr_event_cols);
	cgl_init(p, take_event, &f);
	for (;;) {
		n = read(pfd.fd, buf, sizeof(buf));
		if (n > 0) {
			cgl_feed(p, buf, n);
		} else if (n < 0 && errno == EPIPE) {
			warn("some events were overwritten before they could be read");
		} else if (n < 0 && errno == EAGAIN) {
			if (!args->follow)
				break;
			poll(&pfd, 1, -1);
		} else if (n < 0 && errno == ENODEV) {
			warn("the module has been unloaded: no more events");
			break;
		} else if (n < 0 && errno != EINTR) {
			die("/proc/cg_list/events: %s", strerror(errno));
		} else if (!n) {
			/* a saved stream has an end */
			break;
		}
	}
	cgl_finish(p);
	free(p);
	close(pfd.fd);
	if (!args->follow && !table_options.json)
		table_print(f.table);
	table_free(f.table);
	return EXIT_OK;
}

const struct cmd cmd_events = {
	.name = "events",
	.synopsis = "[-f] [-p PID] [-g CGROUP] [-t TYPE]",
	.help = "failed and forced charges, OOM kills, throttling, migrations",
	.opts = "fpgt",
	.run = run,
	.cols = event_cols,
	.nr_cols = &nr_event_cols,
};
