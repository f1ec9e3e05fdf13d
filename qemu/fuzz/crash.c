// SPDX-License-Identifier: GPL-2.0-only
/*
 * Crashes: one a title. A thread of its own takes each new one to a guest of its
 * own, finds the program that brings it about, makes that smaller, writes it as
 * C, and sees the C program do the same in a fresh guest.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "creprod.h"
#include "fuzz.h"
#include "util.h"

/* Seconds that a suspect is run again and again; the first ones, which ran when
 * the guest died, get longer.
 */
#define SUSPECT_SECONDS		3
#define FIRST_SECONDS		20
#define C_SECONDS		60
/* Programs that the minimiser may try on a crash: most cost a boot. */
#define MINIMISE_TRIES		60

const char *fz_crash_word(enum fz_crash_state state)
{
	static const char *const words[] = {
		[FZ_CRASH_NEW]		= "to be reproduced",
		[FZ_CRASH_TRYING]	= "is being reproduced",
		[FZ_CRASH_LOST]		= "not reproduced",
		[FZ_CRASH_REPRODUCED]	= "reproduced by a program, not by C",
		[FZ_CRASH_C]		= "reproduced by C",
	};

	return words[state];
}

/* A directory's name of a title. */
static char *slug(const char *work, const char *title)
{
	char *path = fz_format("%s/crashes/%s", work, title), *at;

	for (at = path + strlen(work) + strlen("/crashes/"); *at; at++)
		if (!isalnum((unsigned char)*at))
			*at = '-';
	return path;
}

static void save(const struct fz_crash *c, const char *name, const char *text)
{
	char *path = fz_format("%s/%s", c->dir, name);

	if (fz_write_file(path, text, strlen(text)))
		fz_say("%s: %s", path, strerror(errno));
	free(path);
}

static void set_state(struct fz_crash *c, enum fz_crash_state state)
{
	char *line = fz_format("%s\n", fz_crash_word(state));

	c->state = state;
	save(c, "state", line);
	free(line);
}

static const struct fz_prog *ran(const struct fz_vm *vm, unsigned int lane, unsigned int back)
{
	const struct fz_vm_lane *l = &vm->lane[lane];

	return &l->ran[(l->nr_ran - 1 - back) % FZ_HISTORY];
}

/* Whether a lane was in the middle of a program. */
static bool in_flight(const struct fz_vm *vm, unsigned int lane)
{
	return vm->lane[lane].nr_ran && vm->shm->control[lane].running;
}

static void suspect(struct fz_crash *c, const struct fz_prog *p, bool first)
{
	c->suspects[c->nr++] = *p;
	c->nr_first += first;
}

/* What ran at once may be to blame only together. */
static void suspect_pairs(struct fz_crash *c, const struct fz_vm *vm)
{
	unsigned int i, j, lanes = vm->config.lanes;
	struct fz_prog p;

	for (i = 0; i < lanes; i++) {
		for (j = 0; j < lanes; j++) {
			if (i == j || !in_flight(vm, i) || !in_flight(vm, j))
				continue;
			p = *ran(vm, i, 0);
			fz_prog_merge(&p, vm->shm->control[i].at % FZ_MAX_CALLS,
				      ran(vm, j, 0), vm->shm->control[j].at);
			suspect(c, &p, true);
		}
	}
}

/* What may have done it: what runs, then what ran, the last first. */
static void collect_suspects(struct fz_crash *c, const struct fz_vm *vm)
{
	unsigned int lanes = vm->config.lanes, i, back;

	c->suspects = calloc(lanes * (FZ_HISTORY + lanes), sizeof(*c->suspects));
	if (!c->suspects)
		fz_die("no memory");
	for (i = 0; i < lanes; i++)
		if (in_flight(vm, i))
			suspect(c, ran(vm, i, 0), true);
	suspect_pairs(c, vm);
	for (back = 0; back < FZ_HISTORY; back++)
		for (i = 0; i < lanes; i++)
			if (back < vm->lane[i].nr_ran && (back || !in_flight(vm, i)))
				suspect(c, ran(vm, i, back), false);
}

static void save_suspects(const struct fz_crash *c)
{
	char *text = NULL, *one;
	unsigned int i;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	for (i = 0; f && i < c->nr; i++) {
		one = fz_prog_text(&c->suspects[i]);
		fprintf(f, "# %u\n%s\n", i, one);
		free(one);
	}
	if (f && !fclose(f))
		save(c, "programs", text);
	free(text);
}

static enum fz_crash_state state_of_word(const char *word)
{
	unsigned int i;

	for (i = FZ_CRASH_LOST; i <= FZ_CRASH_C; i++)
		if (!strncmp(word, fz_crash_word(i), strlen(fz_crash_word(i))))
			return i;
	return FZ_CRASH_NEW;
}

/* Whether an earlier run has reproduced it; then its files stay as they are. */
static bool known(struct fz_crash *c)
{
	char *path = fz_format("%s/state", c->dir), *state = fz_read_file(path, NULL);
	bool done = state && state_of_word(state) >= FZ_CRASH_REPRODUCED;

	if (done)
		c->state = state_of_word(state);
	free(state);
	free(path);
	return done;
}

/**
 * fz_crash_seen - a guest has died
 * @f: the run
 * @vm: the guest, stopped; its title and log are those of the crash
 *
 * The first of a title is kept with its log and programs, for the crash thread.
 */
void fz_crash_seen(struct fz_fuzz *f, struct fz_vm *vm)
{
	struct fz_crash *c = NULL;
	unsigned int i;

	pthread_mutex_lock(&f->crash_lock);
	for (i = 0; i < f->nr_crashes && !c; i++)
		if (!strcmp(f->crash[i].title, vm->title))
			c = &f->crash[i];
	if (c) {
		c->count++;
	} else if (f->nr_crashes < FZ_MAX_CRASHES) {
		c = &f->crash[f->nr_crashes];
		memset(c, 0, sizeof(*c));
		snprintf(c->title, sizeof(c->title), "%s", vm->title);
		c->dir = slug(f->opt.work, c->title);
		c->count = 1;
		c->first = f->guest_seconds;
		fz_make_dir(c->dir);
		if (!known(c)) {
			save(c, "title", c->title);
			save(c, "log", vm->log);
			collect_suspects(c, vm);
			save_suspects(c);
			set_state(c, FZ_CRASH_NEW);
		}
		f->nr_crashes++;
		fz_say("crash after %.0f s of guests' time: %s", c->first, c->title);
	}
	pthread_mutex_unlock(&f->crash_lock);
}

/**
 * struct trial - a guest in which suspects are tried
 * @f: the run
 * @vm: the guest
 * @title: what is wanted
 * @seconds: how long a program is run again and again
 * @result: of the programs
 * @took: how long the last crash took
 */
struct trial {
	struct fz_fuzz *f;
	struct fz_vm vm;
	const char *title;
	double seconds;
	struct fz_wire_result result;
	double took;
};

static void *watch_thread(void *arg)
{
	struct fz_vm *vm = arg;

	while (vm->state == FZ_VM_RUNNING)
		fz_vm_watch(vm, 50);
	/* What made it end may still be on its way. */
	while (vm->reported && fz_vm_watch(vm, 50))
		;
	return NULL;
}

/* Run a program again and again: does the guest die of what is wanted? */
static bool dies(const struct fz_prog *p, void *data)
{
	struct trial *t = data;
	double begin;
	pthread_t watch;
	bool died;

	if (t->f->stop)
		return false;
	if (!t->vm.pid && fz_vm_boot(&t->vm, &t->f->stop))
		return false;
	pthread_create(&watch, NULL, watch_thread, &t->vm);
	begin = fz_now();
	while (!t->f->stop && fz_now() - begin < t->seconds &&
	       !fz_vm_run(&t->vm, 0, p, FZ_RECORD_NONE, &t->result))
		;
	/* A report that is no panic shows a moment later. */
	if (t->vm.state == FZ_VM_RUNNING)
		usleep(200000);
	died = t->vm.state != FZ_VM_RUNNING || t->vm.reported;
	if (!died)
		t->vm.state = FZ_VM_BOOTING;	/* ends the watcher */
	pthread_join(watch, NULL);
	if (!died) {
		t->vm.state = FZ_VM_RUNNING;
		return false;
	}
	t->took = fz_now() - begin;
	fz_vm_stop(&t->vm);
	return !strcmp(t->vm.title, t->title);
}

/* Which suspect does it? -1: none. */
static int find_culprit(struct trial *t, const struct fz_crash *c)
{
	unsigned int i;

	for (i = 0; i < c->nr && !t->f->stop; i++) {
		t->seconds = i < c->nr_first ? FIRST_SECONDS : SUSPECT_SECONDS;
		if (dies(&c->suspects[i], t))
			return i;
	}
	return -1;
}

/* Compile the C program, and append it to the guests' initramfs. */
static char *make_initrd(const struct fz_options *opt, const char *source)
{
	char *dir = fz_format("%s/tmp.XXXXXX", opt->work), *out, *cmd;

	if (!mkdtemp(dir))
		fz_die("%s: %s", dir, strerror(errno));
	out = fz_format("%s/initrd", dir);
	cmd = fz_format("set -e; ${CC:-gcc} -O1 -static -pthread -w -o '%s/repro' '%s'; cd '%s'; "
			"echo repro | cpio -o -H newc -R 0:0 --quiet > add; cat '%s' add > initrd",
			dir, source, dir, opt->initrd);
	if (system(cmd)) {
		fz_say("the reproducer does not compile: %s", source);
		free(out);
		out = NULL;
	}
	free(cmd);
	free(dir);
	return out;
}

static void remove_initrd(char *initrd)
{
	char *cmd;

	if (!initrd)
		return;
	*strrchr(initrd, '/') = '\0';
	cmd = fz_format("rm -rf '%s'", initrd);
	if (system(cmd))
		fz_say("%s is left", initrd);
	free(cmd);
	free(initrd);
}

/**
 * fz_crash_check - run a C program in a fresh guest
 * @opt: the kernel and the initramfs of the guest
 * @source: path of the C program
 * @seconds: how long it runs, in the guest
 * @title: gets the report's title
 * @len: bytes of @title
 * @log: set to the guest's log, to be freed; may be NULL
 *
 * Return: whether the kernel reported anything; if not, @title says how it ended.
 */
bool fz_crash_check(const struct fz_options *opt, const char *source, unsigned long seconds,
		    char *title, size_t len, char **log)
{
	struct fz_vm_config config = {
		.kernel = opt->kernel, .cpus = opt->cpus, .memory = opt->memory,
	};
	atomic_bool stop = false;
	struct fz_vm *vm = calloc(1, sizeof(*vm));
	char *initrd = make_initrd(opt, source);
	char *append = fz_format("%s run=/repro seconds=%lu", opt->append, seconds);
	char *shm = fz_format("/dev/shm/cg_list-fuzz.%d.check", (int)getpid());
	double begin = fz_now();
	bool found;

	if (!vm)
		fz_die("no memory");
	snprintf(title, len, "it does not compile");
	if (log)
		*log = NULL;
	if (!initrd)
		goto out;
	config.initrd = initrd;
	config.append = append;
	config.shm = shm;
	fz_vm_init(vm, &config);
	fz_vm_boot(vm, &stop);
	while (fz_vm_watch(vm, 100) && fz_now() - begin < 300 + 10 * seconds)
		;
	fz_vm_stop(vm);
	snprintf(title, len, "%s", vm->title);
	if (log)
		*log = strdup(vm->log);
	fz_vm_free(vm);
out:
	found = strncmp(title, "it does", 7) && strncmp(title, "the guest ended", 15);
	remove_initrd(initrd);
	free(shm);
	free(append);
	free(vm);
	return found;
}

/* The program as C, and whether that does it, too. */
static void write_c(struct fz_fuzz *f, struct fz_crash *c, const struct fz_prog *p)
{
	char *source = fz_creprod(p, c->title), *path = fz_format("%s/repro.c", c->dir), *log;
	char title[FZ_TITLE_MAX];
	bool same;

	save(c, "repro.c", source);
	same = fz_crash_check(&f->opt, path, C_SECONDS, title, sizeof(title), &log) &&
	       !strcmp(title, c->title);
	if (log)
		save(c, "repro.log", log);
	if (!same && !f->stop)
		fz_say("%s: its C program ends with: %s", c->title, title);
	set_state(c, same ? FZ_CRASH_C : FZ_CRASH_REPRODUCED);
	free(log);
	free(path);
	free(source);
}

static void reproduce(struct fz_fuzz *f, struct fz_crash *c, struct trial *t)
{
	char *path, *text;
	struct fz_prog p;
	int i;

	t->title = c->title;
	set_state(c, FZ_CRASH_TRYING);
	i = find_culprit(t, c);
	if (i < 0) {
		set_state(c, f->stop ? FZ_CRASH_NEW : FZ_CRASH_LOST);
		if (!f->stop)
			fz_say("%s: not reproduced", c->title);
		return;
	}
	p = c->suspects[i];
	/* Three times as long as it took, and time for one that is rare. */
	t->seconds = t->took * 3 + 2;
	fz_prog_minimise(&p, dies, t, MINIMISE_TRIES);
	text = fz_prog_text(&p);
	fz_say("%s: reproduced by\n%s", c->title, text);
	path = fz_format("%s/prog", c->dir);
	fz_corpus_save(path, &p);
	free(path);
	free(text);
	set_state(c, FZ_CRASH_REPRODUCED);
	if (f->stop)
		return;
	write_c(f, c, &p);
	fz_say("%s: %s (%s/repro.c)", c->title, fz_crash_word(c->state), c->dir);
	if (f->opt.until && strstr(c->title, f->opt.until) && c->state == FZ_CRASH_C)
		f->found = true;
}

static void symbolise(struct fz_crash *c, struct fz_sym *sym)
{
	char *path = fz_format("%s/log", c->dir), *log = fz_read_file(path, NULL), *with;

	if (log && sym) {
		with = fz_sym_log(sym, fz_report_start(log) ? : log);
		save(c, "report", with);
		free(with);
	}
	free(log);
	free(path);
}

static struct fz_crash *next_new(struct fz_fuzz *f)
{
	struct fz_crash *c = NULL;
	unsigned int i;

	pthread_mutex_lock(&f->crash_lock);
	for (i = 0; i < f->nr_crashes && !c; i++)
		if (f->crash[i].state == FZ_CRASH_NEW)
			c = &f->crash[i];
	pthread_mutex_unlock(&f->crash_lock);
	return c;
}

/**
 * fz_crash_thread - reproduce crashes, one after the other
 * @arg: the run
 */
void *fz_crash_thread(void *arg)
{
	struct fz_fuzz *f = arg;
	struct fz_vm_config config = f->vm[0].config;
	struct trial *t = calloc(1, sizeof(*t));
	char *shm = fz_format("/dev/shm/cg_list-fuzz.%d.trial", (int)getpid());
	struct fz_sym *sym = NULL;
	struct fz_crash *c;

	if (!t)
		fz_die("no memory");
	config.shm = shm;
	t->f = f;
	fz_vm_init(&t->vm, &config);
	while (!f->stop) {
		c = next_new(f);
		if (!c) {
			/* Its memory is for others meanwhile. */
			fz_vm_stop(&t->vm);
			usleep(300000);
			continue;
		}
		if (!sym && f->opt.vmlinux)
			sym = fz_sym_open(f->opt.vmlinux, f->opt.ko);
		symbolise(c, sym);
		reproduce(f, c, t);
	}
	fz_vm_stop(&t->vm);
	fz_vm_free(&t->vm);
	fz_sym_close(sym);
	free(shm);
	free(t);
	return NULL;
}
