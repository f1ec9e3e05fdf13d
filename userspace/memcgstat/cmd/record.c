// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcgstat record: samples and events over time, into a file
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cmd.h"

struct recording {
	struct cgl_report now;
	struct cgl_reader *reader;	/* of the process, or NULL */
	struct cgl_watch *watch;
	struct cgl_writer *writer;
	int pidfd, events_fd;
	struct str events;
	char *own;		/* the cgroup that the process was in last */
	u64 samples;
};

static sig_atomic_t stop;

static void on_signal(int sig)
{
	(void)sig;
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
}

/* Event lines as they are read, whole ones only. */
static void read_events(int fd, struct str *b)
{
	static char buf[CGL_EVENT_MAX];
	ssize_t n;

	str_reset(b);
	while (fd >= 0) {
		n = read(fd, buf, sizeof(buf));
		if (n > 0 && buf[n - 1] == '\n')
			str_add(b, buf, n);
		else if (n < 0 && errno == EPIPE)
			note_once("some events were overwritten before they could be read");
		else if (n <= 0 && !(n < 0 && errno == EINTR))
			break;
	}
}

static void write_sample(struct cgl_writer *w, const struct cgl_report *r,
			 const struct str *events)
{
	if (cgl_writer_sample(w, now_monotonic(), r, events->s))
		die_error();
}

static void write_ending(struct cgl_writer *w, struct cgl_watch *watch)
{
	struct cgl_ending e;

	if (cgl_watch_end(watch, &e) || cgl_writer_ended(w, now_monotonic(), &e))
		die_error();
	cgl_ending_free(&e);
}

/* The process is gone: a last look at its cgroup, if that is still there. */
static void write_last(struct cgl_writer *w, const char *path, const struct str *events)
{
	struct cgl_report r;

	cgl_report_init(&r);
	if (path && !cgl_read_group(files, &r, path, CGL_WANT_BASIC))
		write_sample(w, &r, events);
	else
		write_sample(w, NULL, events);
	cgl_report_free(&r);
}

/* One reading of what is recorded; false when the process is gone. */
static bool read_once(const struct args *args, struct cgl_reader *reader, struct cgl_report *r)
{
	int ret;

	if (!args->has_pid) {
		cgl_report_free(r);
		if (args->group)
			read_group(r, args->group, CGL_WANT_BASIC);
		else
			read_memcgs(r, CGL_WANT_BASIC, NULL);
		return true;
	}
	ret = cgl_reader_read(reader, r);
	if (ret && ret != -ESRCH && ret != -ENODATA)
		die_no_task(args->pid, ret);
	return !ret && r->nr_memcgs;
}

static void take_signals(sigset_t *mask)
{
	struct sigaction sa = { .sa_handler = on_signal };
	sigset_t block;

	/* delivered only while we sleep, so that no sample is torn */
	sigemptyset(&block);
	sigaddset(&block, SIGINT);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGHUP);
	sigprocmask(SIG_BLOCK, &block, mask);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
}

static void begin(struct recording *rec, const struct args *args)
{
	int ret;

	cgl_report_init(&rec->now);
	rec->events_fd = cgl_open_events(files, O_NONBLOCK);
	if (rec->events_fd >= 0)
		lseek(rec->events_fd, 0, SEEK_END);
	rec->pidfd = -1;
	if (args->has_pid) {
		ret = cgl_reader_new(files, &rec->reader, args->pid, CGL_WANT_BASIC);
		if (ret)
			die_no_task(args->pid, ret);
		if (!cgl_is_saved(files))
			rec->pidfd = syscall(SYS_pidfd_open, (pid_t)args->pid, 0);
		rec->watch = cgl_watch_new(files, args->pid);
		if (!rec->watch)
			die("out of memory");
	}
	if (!read_once(args, rec->reader, &rec->now))
		die_no_task(args->pid, -ESRCH);
	check_text(&rec->now);
	if (rec->events_fd < 0)
		note_missing(&rec->now, "events and the charge path's counters");
}

static void end(struct recording *rec)
{
	cgl_watch_free(rec->watch);
	cgl_reader_free(rec->reader);
	cgl_writer_free(rec->writer);
	cgl_report_free(&rec->now);
	str_free(&rec->events);
	free(rec->own);
	if (rec->events_fd >= 0)
		close(rec->events_fd);
	if (rec->pidfd >= 0)
		close(rec->pidfd);
}

/* One sample of what has just been read. */
static void sample(struct recording *rec)
{
	const char *path = rec->now.nr_memcgs ? rec->now.memcgs[0].path : NULL;

	if (rec->watch) {
		cgl_watch_tick(rec->watch, path);
		free(rec->own);
		rec->own = path ? xstrdup(path) : NULL;
	}
	read_events(rec->events_fd, &rec->events);
	write_sample(rec->writer, &rec->now, &rec->events);
	rec->samples++;
}

static int run_recording(const struct args *args)
{
	double interval = args->interval ? args->interval : 1, next;
	struct recording rec = {};
	sigset_t mask;
	bool ended;

	if (!args->out)
		die_usage("record: name the file with -o FILE");
	if (!strcmp(args->out, "-"))
		die_usage("record: -o - would be standard output, but a record has to be a file");
	if (args->has_pid && args->group)
		die_usage("give -p PID or -g CGROUP, not both");
	begin(&rec, args);
	take_signals(&mask);
	if (cgl_writer_new(files, &rec.writer, args->out, args->has_pid ? args->pid : CGL_ABSENT))
		die_error();
	next = now_monotonic();
	for (;;) {
		sample(&rec);
		if (rec.samples == args->count || stop)
			break;
		next += interval;
		if (next < now_monotonic())
			next = now_monotonic();
		ended = wait_until(rec.pidfd, next, &mask, &stop);
		if (stop)
			break;
		if (ended || !read_once(args, rec.reader, &rec.now) ||
		    wait_until(rec.pidfd, 0, &mask, &stop)) {
			read_events(rec.events_fd, &rec.events);
			write_last(rec.writer, rec.own, &rec.events);
			write_ending(rec.writer, rec.watch);
			break;
		}
	}
	if (cgl_writer_finish(rec.writer))
		die_error();
	end(&rec);
	return EXIT_OK;
}

static int run(const struct args *args)
{
	struct args process = *args;

	if (args->has_pid)
		process.pid = process_of(args->pid);
	return run_recording(&process);
}

static const struct opt opts[] = {
	OPT_O("the record; it must be given"),
	OPT_P("a process, until it ends"),
	OPT_G("a memory cgroup and those above it"),
	OPT_I("seconds between samples (1)"),
	OPT_C("stop after so many samples"),
};

const struct cmd cmd_record = {
	.name = "record",
	.synopsis = "-o FILE [-p PID | -g CGROUP] [-i SEC] [-c COUNT]",
	.help = "samples and events over time into a file, until interrupted",
	.opts = opts,
	.nr_opts = ARRAY_SIZE(opts),
	.file_out = true,
	.run = run,
};
