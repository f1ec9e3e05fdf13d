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
#include "ending.h"
#include "record.h"
#include "root.h"

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
		else if (n <= 0 && !(n < 0 && (errno == EPIPE || errno == EINTR)))
			break;
	}
}

static void write_ending(struct record_writer *w, struct ending_watch *watch)
{
	static const char *const how[] = { "unknown", "exited", "killed" };
	struct ending e;
	struct str b = {};
	const char *s;

	ending_tell(watch, &e);
	str_addf(&b, "ended time=%.6f how=%s", now_monotonic(), how[e.how]);
	if (e.counter)
		str_addf(&b, " counter=%s", e.counter);
	if (e.limiter) {
		str_puts(&b, " limiter=");
		for (s = e.limiter; *s; s++)
			str_addf(&b, (unsigned char)*s <= 0x20 || *s == 0x7f || *s == '\\' ?
				 "\\%03o" : "%c", (unsigned char)*s);
	}
	str_puts(&b, "\n");
	record_note(w, b.s);
	str_free(&b);
	ending_free(&e);
}

/* The process is gone: a last look at its cgroup, if that is still there. */
static void record_after(struct record_writer *w, const struct str *events)
{
	const char *path = w->last.memcgs[0].path;
	struct report r;

	if (path && !find_group(&r, path, CGFS_BASIC)) {
		record_sample(w, now_monotonic(), &r, events);
		report_free(&r);
	} else {
		record_sample(w, now_monotonic(), &w->last, events);
	}
}

/* One reading of what is recorded; false when the process is gone. */
static bool read_once(const struct args *args, struct task_reader *reader, struct report *r)
{
	int ret;

	if (!args->has_pid) {
		if (args->group)
			read_group(r, args->group, CGFS_BASIC);
		else
			read_memcgs(r, CGFS_BASIC, NULL);
		return true;
	}
	ret = task_reader_read(reader, r);
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

static int run(const struct args *args)
{
	double interval = args->interval ? args->interval : 1, next;
	struct ending_watch watch;
	struct task_reader reader;
	struct record_writer w;
	struct str events = {};
	struct report r;
	int fd, pidfd = -1, ret;
	char about[64] = "";
	sigset_t mask;

	if (!args->out)
		die_usage("record: name the file with -o FILE");
	if (args->has_pid && args->group)
		die_usage("give -p PID or -g CGROUP, not both");
	report_init(&r);
	fd = open_events(O_NONBLOCK);
	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	if (args->has_pid) {
		ret = task_reader_open(&reader, args->pid, CGFS_BASIC);
		if (ret)
			die_no_task(args->pid, ret);
		pidfd = root_is_saved() ? -1 : syscall(SYS_pidfd_open, (pid_t)args->pid, 0);
		ending_open(&watch, args->pid);
		snprintf(about, sizeof(about), " pid=%llu", args->pid);
	}
	if (!read_once(args, &reader, &r))
		die_no_task(args->pid, -ESRCH);
	if (fd < 0)
		note_missing(&r, "events and the charge path's counters");
	take_signals(&mask);
	record_create(&w, args->out, about);
	next = now_monotonic();
	for (;;) {
		if (args->has_pid)
			ending_tick(&watch, r.memcgs[0].path);
		read_events(fd, &events);
		record_sample(&w, now_monotonic(), &r, &events);
		if (w.samples == args->count || stop)
			break;
		next += interval;
		if (next < now_monotonic())
			next = now_monotonic();
		ret = ending_wait(pidfd, next, &mask, &stop);
		report_free(&r);
		if (stop)
			break;
		if (ret || !read_once(args, &reader, &r) ||
		    ending_wait(pidfd, 0, &mask, &stop)) {
			read_events(fd, &events);
			record_after(&w, &events);
			write_ending(&w, &watch);
			break;
		}
	}
	record_finish(&w);
	if (args->has_pid) {
		ending_close(&watch);
		task_reader_close(&reader);
	}
	report_free(&r);
	str_free(&events);
	return EXIT_OK;
}

const struct cmd cmd_record = {
	.name = "record",
	.synopsis = "-o FILE [-p PID | -g CGROUP] [-i SEC] [-c COUNT]",
	.help = "samples and events over time into a file, until interrupted",
	.opts = "pgic",
	.file_out = true,
	.run = run,
};
