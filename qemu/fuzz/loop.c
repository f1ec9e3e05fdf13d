// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loop: a thread a worker makes programs, has them run, and keeps those that
 * run new basic blocks; a thread a guest boots it again when it has died.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "util.h"

/* Runs that the minimisation of a program for the corpus may take. */
#define MINIMISE_RUNS	24
/* A new block must show again in so many runs. */
#define CONFIRM_RUNS	2
/* Programs from the comparisons of one that is kept. */
#define MOST_HINTS	12

/**
 * struct worker - a thread's own
 * @f: the run
 * @vm: the guest
 * @lane: the lane
 * @rng: for its choices
 * @result: of the program that ran last, its blocks canonical
 * @fresh: the blocks for which a program is kept
 * @nr_fresh: how many
 */
struct worker {
	struct fz_fuzz *f;
	struct fz_vm *vm;
	unsigned int lane;
	struct fz_rng rng;
	struct fz_wire_result result;
	uint32_t fresh[FZ_WIRE_PCS];
	unsigned int nr_fresh;
};

/* Run a program and count it; false if the guest is gone. */
static bool run(struct worker *w, const struct fz_prog *p)
{
	if (fz_vm_run(w->vm, w->lane, p, w->f->opt.cover ? FZ_RECORD_BLOCKS : FZ_RECORD_NONE,
		      &w->result))
		return false;
	w->f->programs++;
	w->f->calls += w->result.called;
	w->result.nr_pcs = fz_module_canonical(&w->f->module, w->vm->shm, w->result.pcs,
					       w->result.nr_pcs);
	return true;
}

static bool has(const struct fz_wire_result *r, uint32_t pc)
{
	unsigned int i;

	for (i = 0; i < r->nr_pcs; i++)
		if (r->pcs[i] == pc)
			return true;
	return false;
}

/* Keep of @fresh only what the last run has, too. */
static void intersect(struct worker *w)
{
	unsigned int i, to = 0;

	for (i = 0; i < w->nr_fresh; i++)
		if (has(&w->result, w->fresh[i]))
			w->fresh[to++] = w->fresh[i];
	w->nr_fresh = to;
}

static bool still_fresh(const struct fz_prog *p, void *data)
{
	struct worker *w = data;
	unsigned int i;

	if (!run(w, p))
		return false;
	for (i = 0; i < w->nr_fresh; i++)
		if (!has(&w->result, w->fresh[i]))
			return false;
	return true;
}

/* Which blocks of the last run nobody has seen; they are seen from now on. */
static void take_fresh(struct worker *w)
{
	struct fz_fuzz *f = w->f;
	unsigned int i;

	w->nr_fresh = 0;
	pthread_mutex_lock(&f->signal_lock);
	for (i = 0; i < w->result.nr_pcs; i++)
		if (fz_signal_add(f->signal, &w->result.pcs[i], 1))
			w->fresh[w->nr_fresh++] = w->result.pcs[i];
	pthread_mutex_unlock(&f->signal_lock);
}

static void add_hint(const struct fz_prog *p, void *data)
{
	struct fz_fuzz *f = data;

	fz_corpus_add(&f->candidates, p);
}

/* Programs that have what the kernel compared their numbers with are tried soon. */
static void take_hints(struct worker *w, const struct fz_prog *p)
{
	static const unsigned int bytes[] = { 1, 2, 4, 8 };
	const uint32_t *at = w->result.pcs;
	struct fz_compare *c;
	unsigned int i, n;

	if (fz_vm_run(w->vm, w->lane, p, FZ_RECORD_COMPARES, &w->result))
		return;
	w->f->programs++;
	w->f->calls += w->result.called;
	n = w->result.nr_pcs / FZ_COMPARE_WORDS;
	c = malloc((n + 1) * sizeof(*c));
	if (!c)
		fz_die("no memory");
	for (i = 0; i < n; i++, at += FZ_COMPARE_WORDS) {
		c[i].call = at[0];
		c[i].size = bytes[FZ_COMPARE_SIZE(at[1])];
		memcpy(&c[i].a, &at[2], sizeof(c[i].a));
		memcpy(&c[i].b, &at[4], sizeof(c[i].b));
	}
	fz_prog_hints(p, c, n, MOST_HINTS, add_hint, w->f);
	free(c);
}

/* A program ran something new: is it worth keeping? */
static void triage(struct worker *w, struct fz_prog *p)
{
	unsigned int i;

	take_fresh(w);
	for (i = 0; i < CONFIRM_RUNS && w->nr_fresh; i++) {
		if (!run(w, p))
			return;
		intersect(w);
	}
	if (!w->nr_fresh)
		return;
	fz_prog_minimise(p, still_fresh, w, MINIMISE_RUNS);
	if (fz_corpus_add(&w->f->corpus, p) && !w->f->stop) {
		static atomic_flag said = ATOMIC_FLAG_INIT;

		if (!atomic_flag_test_and_set(&said))
			fz_say("%s: %s; programs are kept in memory only", w->f->corpus.dir,
			       strerror(errno));
	}
	take_hints(w, p);
}

static bool next_candidate(struct fz_fuzz *f, struct fz_prog *p)
{
	bool any;

	pthread_mutex_lock(&f->candidates.lock);
	any = f->candidates.nr;
	if (any)
		*p = f->candidates.prog[--f->candidates.nr];
	pthread_mutex_unlock(&f->candidates.lock);
	return any;
}

static void make_program(struct worker *w, struct fz_prog *p)
{
	struct fz_prog other;

	if (!fz_rng_one_in(&w->rng, 2) && next_candidate(w->f, p))
		return;
	if (!w->f->opt.guided || fz_rng_one_in(&w->rng, 20) ||
	    !fz_corpus_pick(&w->f->corpus, &w->rng, p)) {
		fz_prog_generate(&w->rng, p);
		return;
	}
	if (!fz_corpus_pick(&w->f->corpus, &w->rng, &other))
		return;
	fz_prog_mutate(&w->rng, p, &other);
}

static void *worker_thread(void *arg)
{
	struct worker *w = arg;
	struct fz_fuzz *f = w->f;
	struct fz_prog p;
	bool new;

	while (!f->stop) {
		if (w->vm->state != FZ_VM_RUNNING) {
			usleep(10000);
			continue;
		}
		make_program(w, &p);
		if (!run(w, &p))
			continue;
		pthread_mutex_lock(&f->signal_lock);
		new = fz_signal_new_in(f->signal, w->result.pcs, w->result.nr_pcs);
		if (new && !f->opt.guided)
			fz_signal_add(f->signal, w->result.pcs, w->result.nr_pcs);
		pthread_mutex_unlock(&f->signal_lock);
		if (new && f->opt.guided)
			triage(w, &p);
	}
	free(w);
	return NULL;
}

/* What the thread that keeps a guest alive is given. */
struct keeper {
	struct fz_fuzz *f;
	struct fz_vm *vm;
};

static void count_time(struct fz_fuzz *f, struct fz_vm *vm)
{
	pthread_mutex_lock(&f->crash_lock);
	f->guest_seconds += fz_now() - vm->booted;
	vm->booted = fz_now();
	pthread_mutex_unlock(&f->crash_lock);
}

/* What is looked for was seen: its reproduction gets the CPU. */
static bool waits_for_reproduction(struct fz_fuzz *f)
{
	bool wait = false;
	unsigned int i;

	pthread_mutex_lock(&f->crash_lock);
	for (i = 0; f->opt.until && i < f->nr_crashes; i++)
		wait |= f->crash[i].state <= FZ_CRASH_TRYING &&
			strstr(f->crash[i].title, f->opt.until);
	pthread_mutex_unlock(&f->crash_lock);
	return wait;
}

static void *keeper_thread(void *arg)
{
	struct keeper *k = arg;
	struct fz_fuzz *f = k->f;
	struct fz_vm *vm = k->vm;
	unsigned int failures = 0;

	while (!f->stop) {
		if (waits_for_reproduction(f)) {
			usleep(100000);
			continue;
		}
		if (fz_vm_boot(vm, &f->stop)) {
			if (f->stop)
				break;
			fz_say("a guest does not boot: %s", vm->title);
			if (vm->log_len > 400)
				fz_say("it said: ...%s", vm->log + vm->log_len - 400);
			if (++failures == 3) {
				fz_say("error: no guest boots; giving up");
				f->stop = true;
			}
			continue;
		}
		failures = 0;
		while (!f->stop && vm->state == FZ_VM_RUNNING && fz_vm_watch(vm, 100))
			count_time(f, vm);
		if (!f->stop) {
			fz_vm_stop(vm);
			fz_crash_seen(f, vm);
		}
	}
	fz_vm_stop(vm);
	free(k);
	return NULL;
}

/**
 * fz_sample_now - how it stands
 * @f: the run
 * @s: set to it
 */
void fz_sample_now(struct fz_fuzz *f, struct fz_sample *s)
{
	s->time = fz_now() - f->begun;
	s->programs = f->programs;
	s->calls = f->calls;
	s->corpus = fz_corpus_size(&f->corpus);
	pthread_mutex_lock(&f->signal_lock);
	s->blocks = fz_signal_count(f->signal);
	s->module_blocks = 0;
	for (unsigned int i = 0; i < f->module.nr; i++)
		s->module_blocks += !fz_signal_new_in(f->signal, &f->module.pc[i], 1);
	pthread_mutex_unlock(&f->signal_lock);
}

/* Keep the curve's samples; when there is no more room, every second of them. */
static void sample(struct fz_fuzz *f)
{
	unsigned int i;

	if (f->nr_samples == FZ_MAX_SAMPLES) {
		for (i = 0; i < FZ_MAX_SAMPLES / 2; i++)
			f->samples[i] = f->samples[2 * i];
		f->nr_samples = FZ_MAX_SAMPLES / 2;
	}
	fz_sample_now(f, &f->samples[f->nr_samples++]);
}

static void say_how(struct fz_fuzz *f)
{
	const struct fz_sample *s = &f->samples[f->nr_samples - 1];
	double seconds = s->time > 1 ? s->time : 1;

	fz_say("%.0f s: %lu programs (%.0f/s), %lu calls (%.0f/s), corpus %u, blocks %u, "
	       "of the module's %u/%u, crashes %u", s->time, s->programs, s->programs / seconds,
	       s->calls, s->calls / seconds, s->corpus, s->blocks, s->module_blocks,
	       f->module.nr, f->nr_crashes);
}

static bool over(struct fz_fuzz *f)
{
	return (f->opt.seconds && fz_now() - f->begun >= f->opt.seconds) ||
	       (f->opt.calls && f->calls >= f->opt.calls) || f->found;
}

/* Start a guest's threads: its keeper first, then its workers. */
static unsigned int start_vm(struct fz_fuzz *f, unsigned int n, pthread_t *threads)
{
	struct fz_vm *vm = &f->vm[n];
	struct keeper *k = malloc(sizeof(*k));
	struct worker *w;
	unsigned int i, nr = 0;

	if (!k)
		fz_die("no memory");
	*k = (struct keeper){ f, vm };
	pthread_create(&threads[nr++], NULL, keeper_thread, k);
	for (i = 0; i < vm->config.lanes; i++) {
		w = calloc(1, sizeof(*w));
		if (!w)
			fz_die("no memory");
		w->f = f;
		w->vm = vm;
		w->lane = i;
		fz_rng_init(&w->rng, f->opt.seed, n * FZ_MAX_LANES + i);
		pthread_create(&threads[nr++], NULL, worker_thread, w);
	}
	return nr;
}

/*
 * Boot one guest, and let all others go on from its state. Where that does not
 * work, or is no quicker, each boots.
 */
static void make_snapshot(struct fz_fuzz *f)
{
	struct fz_vm *vm = &f->vm[0];
	double begin = fz_now(), booted, back;
	unsigned int i;

	unlink(f->snapshot);
	if (fz_vm_boot(vm, &f->stop))
		return;
	booted = fz_now() - begin;
	if (fz_vm_snapshot(vm, f->snapshot, &f->stop)) {
		if (!f->stop)
			fz_say("%s cannot be made: each guest boots", f->snapshot);
		return;
	}
	vm->config.snapshot = f->snapshot;
	begin = fz_now();
	if (fz_vm_boot(vm, &f->stop))
		vm->config.snapshot = NULL;
	back = fz_now() - begin;
	fz_vm_stop(vm);
	if (f->stop)
		return;
	fz_say("a boot takes %.1f s, a snapshot %.1f s%s", booted, back,
	       vm->config.snapshot ? "" : ", and does not work");
	for (i = 0; i < f->opt.vms; i++)
		f->vm[i].config.snapshot = back < booted ? vm->config.snapshot : NULL;
}

/**
 * fz_loop - fuzz until it is over
 * @f: the run, set up
 */
void fz_loop(struct fz_fuzz *f)
{
	pthread_t threads[FZ_MAX_VMS * (1 + FZ_MAX_LANES) + 1];
	unsigned int i, nr = 0;
	double said = 0;

	make_snapshot(f);
	f->begun = fz_now();
	pthread_create(&threads[nr++], NULL, fz_crash_thread, f);
	for (i = 0; i < f->opt.vms; i++)
		nr += start_vm(f, i, &threads[nr]);
	while (!f->stop) {
		usleep(500000);
		if (over(f))
			f->stop = true;
		if (fz_now() - said < 5 && !f->stop)
			continue;
		said = fz_now();
		sample(f);
		say_how(f);
		fz_page_write(f);
	}
	for (i = 0; i < nr; i++)
		pthread_join(threads[i], NULL);
	/* Unless a guest died with programs of an earlier run. */
	if (f->opt.guided && f->opt.cover && !f->candidates.nr && f->corpus.nr &&
	    !f->nr_crashes)
		fz_corpus_prune(&f->corpus);
	unlink(f->snapshot);
	sample(f);
	say_how(f);
	fz_page_write(f);
}
