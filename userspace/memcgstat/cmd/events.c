// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcgstat events: failed and forced charges, OOM kills, migrations
 *
 * Every event that the kernel still keeps, and with -f those to come.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "view/views.h"

struct filter {
	const struct args *args;
	struct table *table;
	/* of -g: ids of the cgroup and those below it, removed ones too */
	u64 *ids;
	size_t nr_ids, cap_ids;
	/* of -p: where the process is, and whether an event told how it came there */
	char *path;
	bool moved;
	u64 first;		/* number of the oldest event kept */
};

static bool has_id(const struct filter *f, u64 id)
{
	size_t i;

	for (i = 0; cgl_is_number(id) && i < f->nr_ids; i++)
		if (f->ids[i] == id)
			return true;
	return false;
}

/* An event knows cgroups by their ids, and by the paths that these have now. */
static bool about_group(const struct filter *f, const struct cgl_event *ev)
{
	static const struct {
		enum cgl_event_field path, id;
	} cgroups[] = {
		{ CGL_EV_memcg, CGL_EV_memcg_id }, { CGL_EV_limiter, CGL_EV_limiter_id },
		{ CGL_EV_victim_memcg, CGL_EV_victim_memcg_id },
		{ CGL_EV_from, CGL_EV_from_id }, { CGL_EV_to, CGL_EV_to_id },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cgroups); i++)
		if (cgl_path_matches(ev->f[cgroups[i].path], f->args->group, true) ||
		    has_id(f, cgl_event_num(ev, cgroups[i].id)))
			return true;
	return false;
}

/* What it did, what was done to it, and whom the OOM killer took beside it. */
static bool about_task(const struct filter *f, const struct cgl_event *ev)
{
	u64 pid = f->args->pid;

	if (cgl_event_num(ev, CGL_EV_pid) == pid || cgl_event_num(ev, CGL_EV_tgid) == pid ||
	    cgl_event_num(ev, CGL_EV_victim) == pid || cgl_event_num(ev, CGL_EV_moved) == pid)
		return true;
	return f->path && ev->f[CGL_EV_victim_memcg] &&
	       !strcmp(f->path, ev->f[CGL_EV_victim_memcg]);
}

static bool wanted(struct filter *f, const struct cgl_event *ev)
{
	const struct args *args = f->args;

	if (args->type && !cgl_event_is(ev, args->type))
		return false;
	if (args->has_pid && !about_task(f, ev))
		return false;
	return !args->group || about_group(f, ev);
}

static void note_ids(struct filter *f)
{
	struct cgl_report all;
	size_t i;

	if (!cgl_read_memcgs(files, &all, 0, NULL)) {
		for (i = 0; i < all.nr_memcgs; i++) {
			const struct cgl_memcg *m = &all.memcgs[i];

			if (!cgl_path_matches(m->path, f->args->group, true))
				continue;
			f->ids = grow(f->ids, f->nr_ids, &f->cap_ids, sizeof(*f->ids));
			f->ids[f->nr_ids++] = m->m[CGL_MF_id];
		}
	}
	cgl_report_free(&all);
}

static void take_event(const struct cgl_line *line, void *arg)
{
	struct filter *f = arg;
	struct cgl_event ev;

	if (strcmp(line->key, "event"))
		return;
	if (cgl_event_fill(&ev, line))
		die("out of memory");
	if (f->first == CGL_ABSENT)
		f->first = cgl_event_num(&ev, CGL_EV_seq);
	f->moved |= cgl_event_is(&ev, "migrate") && f->args->has_pid &&
		    cgl_event_num(&ev, CGL_EV_moved) == f->args->pid;
	if (wanted(f, &ev)) {
		fill_event(f->table, &ev);
		if (f->args->follow || table_options.json)
			table_flush_row(f->table);
	}
	cgl_event_free(&ev);
}

static void check_type(const char *type)
{
	struct str all = {};
	const char *name;
	unsigned int i;
	char *safe;

	if (cgl_name_index(CGL_NAMES_EVENT_TYPE, type) >= 0)
		return;
	for (i = 0; (name = cgl_name(CGL_NAMES_EVENT_TYPE, i)); i++)
		str_addf(&all, "%s%s", i ? ", " : "", name);
	safe = text_safe(type);
	die_usage("-t %s: the types are %s", safe, all.s);
}

/* What the kept events cannot tell, though it was asked for. */
static void print_rest(const struct filter *f)
{
	const struct args *args = f->args;
	char *comm, *safe;

	/* who follows asks for what is to come */
	if (f->first && cgl_is_number(f->first) && !args->follow)
		warn("%llu older event%s overwritten; the module's parameter events= keeps more",
		     f->first, f->first == 1 ? " was" : "s were");
	if (!args->has_pid || args->follow || table_options.json || table_options.noheadings ||
	    !f->path || f->moved || (args->type && strcmp(args->type, "migrate")))
		return;
	comm = cgl_comm(files, args->pid);
	safe = text_safe(comm ? comm : "?");
	free(comm);
	comm = text_safe(f->path);
	printf("%llu (%s) is in %s, and no event tells how it came there: it was born there, %s\n",
	       args->pid, safe, comm, "or the event is overwritten");
	free(comm);
	free(safe);
}

static int run(const struct args *args)
{
	struct filter f = { .args = args, .first = CGL_ABSENT };
	struct cgl_parser *p;
	struct pollfd pfd;
	static char buf[CGL_EVENT_MAX];
	ssize_t n;

	if (args->type)
		check_type(args->type);
	pfd.fd = cgl_open_events(files, O_NONBLOCK);
	pfd.events = POLLIN;
	if (pfd.fd < 0)
		die_needs_module("events");
	if (args->group)
		note_ids(&f);
	if (args->has_pid && cgl_memory_path(files, args->pid, &f.path))
		f.path = NULL;
	/* on a living machine a person asks when it was */
	if (!table_options.columns && !table_options.json && !cgl_is_saved(files))
		table_options.columns = "clock,type,pid,comm,detail";
	/* events can be many and each is an object of its own: a stream in JSON too */
	if (args->follow || table_options.json)
		f.table = table_stream(event_cols, nr_event_cols);
	else
		f.table = table_new("event", event_cols, nr_event_cols);
	p = cgl_parser_new(take_event, &f);
	if (!p)
		die("out of memory");
	for (;;) {
		n = read(pfd.fd, buf, sizeof(buf));
		if (n > 0) {
			if (cgl_parser_feed(p, buf, n))
				die("out of memory");
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
	cgl_parser_free(p);
	close(pfd.fd);
	if (!args->follow && !table_options.json)
		table_print(f.table);
	table_free(f.table);
	print_rest(&f);
	free(f.ids);
	free(f.path);
	return EXIT_OK;
}

static const struct opt opts[] = {
	{ 'f', "follow", NULL, VALUE_NONE, "go on with events as they happen" },
	OPT_P("only what this task did, or what was done to it"),
	OPT_G("only what is about this memory cgroup or one below it"),
	{ 't', "type", "TYPE", VALUE_TYPE, "only events of this type" },
};

const struct cmd cmd_events = {
	.name = "events",
	.synopsis = "[-f] [-p PID] [-g CGROUP] [-t TYPE]",
	.help = "failed and forced charges, OOM kills, throttling, migrations",
	.opts = opts,
	.nr_opts = ARRAY_SIZE(opts),
	.run = run,
	.cols = event_cols,
	.nr_cols = &nr_event_cols,
};
