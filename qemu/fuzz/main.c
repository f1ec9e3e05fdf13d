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
	"  --lanes N        workers a guest (2)\n"
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

static unsigned long number(const char *what, const char *text, unsigned long max)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 0);
	if (errno || end == text || *end || n > max)
		fz_die("--%s %s: a number up to %lu is wanted", what, text, max);
	return n;
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
	bool crashed = fz_crash_check(opt, source, opt->seconds > 0 ? opt->seconds : 60, title,
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
		.lanes = f->opt.lanes, .cpus = f->opt.cpus, .memory = f->opt.memory,
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
	static const struct option options[] = {
		{ "kernel", 1, NULL, 'k' }, { "initrd", 1, NULL, 'i' }, { "work", 1, NULL, 'w' },
		{ "vmlinux", 1, NULL, 'v' }, { "ko", 1, NULL, 'm' }, { "append", 1, NULL, 'a' },
		{ "seed", 1, NULL, 's' }, { "vms", 1, NULL, 'g' }, { "lanes", 1, NULL, 'l' },
		{ "cpus", 1, NULL, 'c' }, { "memory", 1, NULL, 'M' }, { "time", 1, NULL, 't' },
		{ "calls", 1, NULL, 'n' }, { "until", 1, NULL, 'u' }, { "port", 1, NULL, 'p' },
		{ "no-coverage", 0, NULL, 'N' }, { "random", 0, NULL, 'R' },
		{ "check", 1, NULL, 'C' }, { "print", 1, NULL, 'P' }, { "help", 0, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct fz_options *o = &fuzz.opt;
	struct sigaction sa = { .sa_handler = on_signal };
	const char *source = NULL;
	unsigned long print = 0;
	int c, index;

	*o = (struct fz_options){ .append = "", .seed = 1, .vms = 2, .lanes = 2, .cpus = 1,
				  .memory = 768, .cover = true, .guided = true };
	while ((c = getopt_long(argc, argv, "", options, &index)) != -1) {
		switch (c) {
		case 'k': o->kernel = optarg; break;
		case 'i': o->initrd = optarg; break;
		case 'w': o->work = optarg; break;
		case 'v': o->vmlinux = optarg; break;
		case 'm': o->ko = optarg; break;
		case 'a': o->append = optarg; break;
		case 's': o->seed = number("seed", optarg, -1ul); break;
		case 'g': o->vms = number("vms", optarg, FZ_MAX_VMS); break;
		case 'l': o->lanes = number("lanes", optarg, FZ_MAX_LANES); break;
		case 'c': o->cpus = number("cpus", optarg, 32); break;
		case 'M': o->memory = number("memory", optarg, 1 << 20); break;
		case 't': o->seconds = number("time", optarg, 1 << 30); break;
		case 'n': o->calls = number("calls", optarg, -1ul); break;
		case 'u': o->until = optarg; break;
		case 'p': o->port = number("port", optarg, 65535); break;
		case 'N': o->cover = false; break;
		case 'R': o->guided = false; break;
		case 'C': source = optarg; break;
		case 'P': print = number("print", optarg, -1ul); break;
		case 'h': fputs(usage, stdout); return 0;
		default: fputs(usage, stderr); return 2;
		}
	}
	if (print) {
		print_programs(o->seed, print);
		return 0;
	}
	if (!o->kernel || !o->initrd || !o->work || !o->vms || !o->lanes || !o->cpus ||
	    optind < argc) {
		fputs(usage, stderr);
		return 2;
	}
	if (access(o->kernel, R_OK) || access(o->initrd, R_OK))
		fz_die("no kernel %s, or no initramfs %s", o->kernel, o->initrd);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
	if (source) {
		make_dirs(o);
		return check(o, source);
	}
	set_up(&fuzz);
	fz_page_start(&fuzz);
	fz_loop(&fuzz);
	fz_page_stop(&fuzz);
	conclude(&fuzz);
	tear_down(&fuzz);
	return 0;
}
