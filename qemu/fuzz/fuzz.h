/* SPDX-License-Identifier: GPL-2.0-only */
/* The manager: what its threads share. */
#ifndef FZ_FUZZ_H
#define FZ_FUZZ_H

#include "corpus.h"
#include "cover.h"
#include "signal.h"
#include "sym.h"
#include "vm.h"

#define FZ_MAX_VMS	8
#define FZ_MAX_SAMPLES	4096
#define FZ_MAX_CRASHES	256

/**
 * struct fz_options - what the user said
 * @kernel: the kernel's image
 * @initrd: the guests' initramfs
 * @vmlinux: the kernel with its symbols; NULL: no source lines
 * @ko: the module
 * @work: directory of the corpus, the crashes and the page
 * @append: more for the guests' command line
 * @until: stop when a crash whose title has this was reproduced; NULL
 * @seed: of all random choices
 * @vms: guests
 * @workers: workers a guest
 * @cpus: CPUs a guest
 * @memory: MiB a guest
 * @seconds: how long; 0 for ever
 * @calls: stop after so many; 0 never
 * @port: of the page; 0 for none
 * @cover: run with coverage
 * @guided: keep a corpus; otherwise every program is a new one
 */
struct fz_options {
	const char *kernel;
	const char *initrd;
	const char *vmlinux;
	const char *ko;
	const char *work;
	const char *append;
	const char *until;
	unsigned long seed;
	unsigned long vms;
	unsigned long workers;
	unsigned long cpus;
	unsigned long memory;
	unsigned long seconds;
	unsigned long calls;
	unsigned long port;
	bool cover;
	bool guided;
};

/* How it stands at one moment. */
struct fz_sample {
	double time;
	unsigned long programs;
	unsigned long calls;
	unsigned int corpus;
	unsigned int blocks;
	unsigned int module_blocks;
};

enum fz_crash_state {
	FZ_CRASH_NEW,
	FZ_CRASH_TRYING,
	FZ_CRASH_LOST,		/* no program brings it about again */
	FZ_CRASH_REPRODUCED,	/* a program does */
	FZ_CRASH_C,		/* and so does it as C */
};

/**
 * struct fz_crash - a title, and what is known of it
 * @title: without addresses
 * @dir: where its files are
 * @count: how often it was seen
 * @state: how far its reproduction is
 * @first: when it was first seen, in seconds of guests' time
 * @suspects: programs that may have done it, the most likely first
 * @nr: how many
 * @nr_first: how many of them ran when the guest died
 */
struct fz_crash {
	char title[FZ_TITLE_MAX];
	char *dir;
	unsigned int count;
	_Atomic enum fz_crash_state state;
	double first;
	struct fz_prog *suspects;
	unsigned int nr;
	unsigned int nr_first;
};

/**
 * struct fz_fuzz - a run
 * @opt: what the user said
 * @stop: ends all threads
 * @corpus: programs that are kept
 * @module: the module's blocks
 * @signal: all blocks that ran, under @signal_lock
 * @signal_lock: of @signal, and of adding to the corpus what is new by it
 * @programs: run so far
 * @calls: made so far
 * @candidates: to be run before others: of earlier runs, and from comparisons
 * @vm: the guests
 * @snapshot: the file of a booted guest's state
 * @guest_seconds: how long guests have run programs, all together
 * @crash_lock: of the crashes
 * @crash: one a title
 * @nr_crashes: how many
 * @samples: the curve
 * @nr_samples: how many
 * @begun: when it began
 * @found: @until was reproduced
 */
struct fz_fuzz {
	struct fz_options opt;
	atomic_bool stop;
	struct fz_corpus corpus;
	struct fz_module module;
	struct fz_signal *signal;
	pthread_mutex_t signal_lock;
	atomic_ulong programs;
	atomic_ulong calls;
	struct fz_corpus candidates;
	struct fz_vm vm[FZ_MAX_VMS];
	char *snapshot;
	double guest_seconds;
	pthread_mutex_t crash_lock;
	struct fz_crash crash[FZ_MAX_CRASHES];
	unsigned int nr_crashes;
	struct fz_sample samples[FZ_MAX_SAMPLES];
	unsigned int nr_samples;
	double begun;
	atomic_bool found;
};

/* loop.c */
void fz_loop(struct fz_fuzz *f);
void fz_sample_now(struct fz_fuzz *f, struct fz_sample *s);

/* crash.c */
void fz_crash_seen(struct fz_fuzz *f, struct fz_vm *vm);
void *fz_crash_thread(void *arg);
bool fz_crash_check(const struct fz_options *opt, const char *source, unsigned long seconds,
		    char *title, size_t len, char **log);
const char *fz_crash_word(enum fz_crash_state state);

/* page.c */
void fz_page_start(struct fz_fuzz *f);
void fz_page_write(struct fz_fuzz *f);
void fz_page_stop(struct fz_fuzz *f);

#endif /* FZ_FUZZ_H */
