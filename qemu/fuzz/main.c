// SPDX-License-Identifier: GPL-2.0-only
/* The manager's command line; scripts/fuzz calls it. */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "util.h"

static struct fz_fuzz fuzz;

static const char usage[] =
	"usage: cg-fuzz --kernel FILE --initrd FILE --work DIR [option]...\n"
	"  --vmlinux FILE   the kernel with symbols, for source lines\n"
	"  --ko FILE        the module, for its coverage\n"
	"  --append STRING  more for the guests' command line\n"
	"  --seed N         of all random choices (1)\n"
	"  --vms N          guests (2)\n"
	"  --workers N      workers a guest (2)\n"
	"  --cpus N         CPUs a guest (1)\n"
	"  --memory MB      memory a guest (768)\n"
	"  --time SECONDS   how long (until Ctrl-C)\n"
	"  --calls N        stop after so many calls\n"
	"  --until TITLE    stop when a crash whose title has this is reproduced by C\n"
	"  --port N         serve the page on loopback\n"
	"  --no-coverage    run without coverage\n"
	"  --random         keep no corpus: every program is a new one\n"
	"  --check FILE.c   only run this C program in a guest: status 3 if it crashes\n"
	"  --print N        only print N programs\n";

static void on_signal(int sig)
{
	(void)sig;
	fuzz.stop = true;
}

/* Options that are no part of a run. */
static const char *check_source;
static unsigned long nr_print;

/**
 * struct row - an option
 * @name: without the dashes
 * @text: where its text goes; or
 * @number: where its number goes; or
 * @flag: what it sets to @set
 * @max: the greatest number allowed
 * @set: for @flag
 */
struct row {
	const char *name;
	const char **text;
	unsigned long *number;
	bool *flag;
	unsigned long max;
	bool set;
};

#define TEXT(n, to)	{ .name = (n), .text = &(to) }
#define NUMBER(n, to, m) { .name = (n), .number = &(to), .max = (m) }
#define FLAG(n, to, v)	{ .name = (n), .flag = &(to), .set = (v) }

static const struct row rows[] = {
	TEXT("kernel", fuzz.opt.kernel),
	TEXT("initrd", fuzz.opt.initrd),
	TEXT("vmlinux", fuzz.opt.vmlinux),
	TEXT("ko", fuzz.opt.ko),
	TEXT("work", fuzz.opt.work),
	TEXT("append", fuzz.opt.append),
	TEXT("until", fuzz.opt.until),
	TEXT("check", check_source),
	NUMBER("seed", fuzz.opt.seed, ~0ul),
	NUMBER("vms", fuzz.opt.vms, FZ_MAX_VMS),
	NUMBER("workers", fuzz.opt.workers, FZ_MAX_LANES / FZ_WORKER_LANES),
	NUMBER("cpus", fuzz.opt.cpus, 32),
	NUMBER("memory", fuzz.opt.memory, 1 << 20),
	NUMBER("time", fuzz.opt.seconds, 1 << 30),
	NUMBER("calls", fuzz.opt.calls, ~0ul),
	NUMBER("port", fuzz.opt.port, 65535),
	NUMBER("print", nr_print, ~0ul),
	FLAG("no-coverage", fuzz.opt.cover, false),
	FLAG("random", fuzz.opt.guided, false),
};

#define NR_ROWS	(sizeof(rows) / sizeof(rows[0]))

static void take_option(const struct row *row, const char *text)
{
	unsigned long n;
	char *end;

	if (row->flag)
		*row->flag = row->set;
	if (row->text)
		*row->text = text;
	if (!row->number)
		return;
	errno = 0;
	n = strtoul(text, &end, 0);
	if (errno || end == text || *end || n > row->max)
		fz_die("--%s %s: a number up to %lu is wanted", row->name, text, row->max);
	*row->number = n;
}

/* Reads the command line; the exit status if it is to end with one, or -1. */
static int take_options(int argc, char **argv)
{
	struct option options[NR_ROWS + 2] = { { "help", 0, NULL, 1 } };
	unsigned int i;
	int c, index;

	for (i = 0; i < NR_ROWS; i++) {
		options[i + 1].name = rows[i].name;
		options[i + 1].has_arg = !rows[i].flag;
	}
	while ((c = getopt_long(argc, argv, "", options, &index)) != -1) {
		if (c == 1) {
			fputs(usage, stdout);
			return 0;
		}
		if (c) {
			fputs(usage, stderr);
			return 2;
		}
		take_option(&rows[index - 1], optarg);
	}
	if (nr_print)
		return -1;
	if (!fuzz.opt.kernel || !fuzz.opt.initrd || !fuzz.opt.work || !fuzz.opt.vms ||
	    !fuzz.opt.workers || !fuzz.opt.cpus || optind < argc) {
		fputs(usage, stderr);
		return 2;
	}
	if (access(fuzz.opt.kernel, R_OK) || access(fuzz.opt.initrd, R_OK))
		fz_die("no kernel %s, or no initramfs %s", fuzz.opt.kernel, fuzz.opt.initrd);
	return -1;
}

static void print_programs(uint64_t seed, unsigned long n)
{
	struct fz_prog p;
	struct fz_rng r;

	fz_rng_init(&r, seed, 0);
	while (n--) {
		fz_prog_generate(&r, &p);
		fz_prog_print(&p, stdout);
		putchar('\n');
	}
}

/* One C program in a guest; the exit status. */
static int check(const struct fz_options *opt, const char *source)
{
	char title[FZ_TITLE_MAX], *log;
	bool crashed = fz_crash_check(opt, source, opt->seconds ? opt->seconds : 60, title,
				      sizeof(title), &log);
	bool ran = log && strstr(log, "fuzz: reproducer runs");
	bool ended = log && strstr(log, "fuzz: reproducer done");

	free(log);
	if (crashed)
		printf("crash: %s\n", title);
	else if (ended)
		printf("no crash\n");
	else
		fz_say("%s: %s", source, ran ? title : "it did not run");
	return crashed ? 3 : ended ? 0 : 1;
}

static void add_candidate(const struct fz_prog *p, void *data)
{
	fz_corpus_add(data, p);
}

static void make_dirs(const struct fz_options *opt)
{
	char *sub;

	fz_make_dir(opt->work);
	sub = fz_format("%s/crashes", opt->work);
	fz_make_dir(sub);
	free(sub);
}

static void set_up(struct fz_fuzz *f)
{
	struct fz_vm_config config = {
		.kernel = f->opt.kernel, .initrd = f->opt.initrd, .append = f->opt.append,
		.lanes = f->opt.workers * FZ_WORKER_LANES, .cpus = f->opt.cpus, .memory = f->opt.memory,
	};
	char *dir = fz_format("%s/corpus", f->opt.work);
	unsigned int i;

	make_dirs(&f->opt);
	fz_make_dir(dir);
	fz_corpus_init(&f->corpus, dir);
	fz_corpus_init(&f->candidates, NULL);
	if (f->opt.guided && fz_corpus_load(&f->corpus, add_candidate, &f->candidates))
		fz_die("%s: %s", dir, strerror(errno));
	pthread_mutex_init(&f->signal_lock, NULL);
	pthread_mutex_init(&f->crash_lock, NULL);
	f->signal = fz_signal_new();
	if (f->opt.ko && fz_module_load(&f->module, f->opt.ko))
		fz_die("%s: it cannot be read as a module", f->opt.ko);
	f->snapshot = fz_format("%s/snapshot", f->opt.work);
	for (i = 0; i < f->opt.vms; i++) {
		config.shm = fz_format("/dev/shm/cg_list-fuzz.%d.%u", (int)getpid(), i);
		fz_vm_init(&f->vm[i], &config);
	}
}

static void tear_down(struct fz_fuzz *f)
{
	unsigned int i;

	for (i = 0; i < f->opt.vms; i++) {
		fz_vm_free(&f->vm[i]);
		free((void *)f->vm[i].config.shm);
	}
	for (i = 0; i < f->nr_crashes; i++) {
		free(f->crash[i].dir);
		free(f->crash[i].suspects);
	}
	free(f->snapshot);
	fz_corpus_free(&f->candidates);
	free((void *)f->corpus.dir);
	fz_corpus_free(&f->corpus);
	fz_signal_free(f->signal);
	fz_module_free(&f->module);
}

static void conclude(struct fz_fuzz *f)
{
	const struct fz_sample *s = &f->samples[f->nr_samples - 1];
	unsigned int i;

	printf("programs %lu calls %lu corpus %u blocks %u module %u of %u seconds %.0f "
	       "guest_seconds %.0f\n", s->programs, s->calls, s->corpus, s->blocks,
	       s->module_blocks, f->module.nr, s->time, f->guest_seconds);
	for (i = 0; i < f->nr_crashes; i++)
		printf("crash: %s: %s, %u times, first after %.0f s\n", f->crash[i].title,
		       fz_crash_word(f->crash[i].state), f->crash[i].count, f->crash[i].first);
}

int main(int argc, char **argv)
{
	struct fz_options *o = &fuzz.opt;
	struct sigaction sa = { .sa_handler = on_signal };
	int status;

	*o = (struct fz_options){ .append = "", .seed = 1, .vms = 2, .workers = 2, .cpus = 1,
				  .memory = 768, .cover = true, .guided = true };
	status = take_options(argc, argv);
	if (status >= 0)
		return status;
	if (nr_print) {
		print_programs(o->seed, nr_print);
		return 0;
	}
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
	if (check_source) {
		make_dirs(o);
		return check(o, check_source);
	}
	set_up(&fuzz);
	fz_page_start(&fuzz);
	fz_loop(&fuzz);
	fz_page_stop(&fuzz);
	conclude(&fuzz);
	tear_down(&fuzz);
	return 0;
}
