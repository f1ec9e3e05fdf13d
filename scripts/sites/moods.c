// SPDX-License-Identifier: GPL-2.0-only
/*
 * The decoder against compilers: functions that end as try_charge_memcg() does, in
 * several ways of writing it, are compiled with this file, searched where they lie in
 * memory, and run one instruction at a time. Each call that returns -ENOMEM must pass
 * exactly one of the places with its condition met, each other call none.
 *
 *	moods HOW [MOOD]...
 *
 * TAP. HOW is what the results are called. That nothing is found is an answer, too,
 * since the module has a dearer way; but not for a MOOD that is named.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/x86/exits.h"

#define MAX_EXITS	8
#define NOFAIL		0x8000
#define HIGH		0x20
#define NORETRY		0x10000

/* What the functions call: each returns what a bit of the input says. */
static unsigned int input;
static volatile unsigned int sink;

static unsigned int __attribute__((noinline)) next_bit(void)
{
	unsigned int bit = input & 1;

	input = input >> 1 | input << 31;
	__asm__ volatile("" : : "r" (bit) : "memory");
	return bit;
}

static void __attribute__((noinline)) count(unsigned int what)
{
	sink += what;
}

#define MOOD __attribute__((noinline, section("mood_text")))

/* Two returns of their own, as up to 6.12.117. */
MOOD int mood_return(unsigned int gfp, unsigned int nr)
{
	int retries = 4;

retry:
	if (next_bit())
		goto done;
	if (gfp & NORETRY)
		goto nomem;
	count(nr);
	if (next_bit() && retries--)
		goto retry;
nomem:
	if (!(gfp & (NOFAIL | HIGH)))
		return -ENOMEM;
	count(1);
	return 0;
done:
	count(nr);
	return 0;
}

/* One end for all, as from 6.12.118 on. */
MOOD int mood_out(unsigned int gfp, unsigned int nr)
{
	int ret = 0, retries = 4, raised = 0;

retry:
	if (next_bit())
		goto out;
	if (next_bit())
		goto nomem;
	raised = 1;
	count(nr);
	if (next_bit() && retries--)
		goto retry;
nomem:
	if (!(gfp & (NOFAIL | HIGH))) {
		ret = -ENOMEM;
		goto out_raise;
	}
	count(1);
out_raise:
	if (!raised)
		count(2);
out:
	return ret;
}

/* Set in advance. */
MOOD int mood_before(unsigned int gfp, unsigned int nr)
{
	int ret = -ENOMEM;

	if (gfp & NORETRY)
		goto out;
	while (nr--) {
		if (next_bit()) {
			ret = 0;
			goto out;
		}
		count(nr);
	}
	if (gfp & NOFAIL)
		ret = 0;
out:
	count(gfp);
	return ret;
}

/* A choice of two values. */
MOOD int mood_choice(unsigned int gfp, unsigned int nr)
{
	count(nr);
	return gfp & (NOFAIL | HIGH) && nr > 2 ? 0 : -ENOMEM;
}

/* Another error besides. */
MOOD int mood_errors(unsigned int gfp, unsigned int nr)
{
	if (next_bit())
		return -EINTR;
	if (gfp & NOFAIL) {
		count(nr);
		return 0;
	}
	if (next_bit())
		return -EAGAIN;
	return nr & 1 ? -ENOMEM : 0;
}

/* More than one place, and a loop behind them. */
MOOD int mood_places(unsigned int gfp, unsigned int nr)
{
	int ret;

	if (gfp & HIGH) {
		ret = -ENOMEM;
		if (next_bit())
			goto out;
	}
	if (next_bit()) {
		ret = -ENOMEM;
		count(3);
		goto out;
	}
	ret = gfp & NORETRY ? -ENOMEM : 0;
	if (gfp & NOFAIL)
		ret = 0;
out:
	while (nr--)
		count(nr);
	return ret;
}

/* What another one returns: nothing may be found. */
static int __attribute__((noinline)) other(unsigned int gfp)
{
	return gfp & HIGH ? -ENOMEM : 0;
}

MOOD int mood_callee(unsigned int gfp, unsigned int nr)
{
	int ret = other(gfp);

	count(nr);
	return ret;
}

extern const u8 __start_mood_text[], __stop_mood_text[];

static const struct mood {
	const char *name;
	int (*run)(unsigned int gfp, unsigned int nr);
} moods[] = {
	{ "return", mood_return },
	{ "out", mood_out },
	{ "before", mood_before },
	{ "choice", mood_choice },
	{ "errors", mood_errors },
	{ "places", mood_places },
	{ "callee", mood_callee },
};

#define NR_MOODS (sizeof(moods) / sizeof(*moods))

static unsigned long reg_of(const struct user_regs_struct *r, unsigned int reg)
{
	const unsigned long values[] = {
		r->rax, r->rcx, r->rdx, r->rbx, r->rsp, r->rbp, r->rsi, r->rdi,
		r->r8, r->r9, r->r10, r->r11, r->r12, r->r13, r->r14, r->r15,
	};

	return values[reg];
}

static int met(const struct cgl_exit *exits, int nr,
	       const struct user_regs_struct *r)
{
	int n = 0;

	for (; nr--; exits++) {
		if (exits->addr == r->rip && cgl_cond_holds(exits->cond, r->eflags) &&
		    (exits->reg == CGL_NO_REG || (int)reg_of(r, exits->reg) == -ENOMEM))
			n++;
	}
	return n;
}

/* The child: the same calls again and again, a trap before and after each. */
static void __attribute__((noreturn))
child(const struct mood *m, unsigned int seed, unsigned int calls)
{
	static const unsigned int bits[] = { NOFAIL, HIGH, NORETRY };

	srandom(seed);
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	raise(SIGSTOP);
	while (calls--) {
		unsigned int gfp = 0, i;
		long r = random();

		for (i = 0; i < 3; i++)
			gfp |= r >> i & 1 ? bits[i] : 0;
		input = (unsigned int)random();
		m->run(gfp, (unsigned int)(r >> 8) & 3);
	}
	_exit(0);
}

/* Steps through @calls calls: how many failed; -1 if a place was wrong. */
static int step(const struct mood *m, const struct cgl_exit *exits, int nr,
		unsigned int calls, int *passed)
{
	unsigned long entry = (unsigned long)m->run, back = 0;
	struct user_regs_struct r;
	int status, hits = 0, failed = 0;
	bool wrong = false;
	pid_t pid = fork();

	*passed = 0;
	if (!pid)
		child(m, 42, calls);
	waitpid(pid, &status, 0);
	while (!ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) &&
	       waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		ptrace(PTRACE_GETREGS, pid, NULL, &r);
		if (r.rip == entry) {
			back = (unsigned long)ptrace(PTRACE_PEEKDATA, pid, r.rsp, NULL);
			hits = 0;
		}
		if (!back)
			continue;
		if (r.rip == back) {
			bool fails = (int)r.rax == -ENOMEM;

			wrong |= hits != fails;
			failed += fails;
			*passed += !fails;
			back = 0;
		} else {
			hits += met(exits, nr, &r);
		}
	}
	return wrong ? -1 : failed;
}

/* Up to the next function of the section. */
static unsigned long size_of(const struct mood *m)
{
	unsigned long start = (unsigned long)m->run;
	unsigned long end = (unsigned long)__stop_mood_text;
	size_t i;

	for (i = 0; i < NR_MOODS; i++) {
		unsigned long other_start = (unsigned long)moods[i].run;

		if (other_start > start && other_start < end)
			end = other_start;
	}
	return end - start;
}

static bool named(int argc, char **argv, const char *name)
{
	while (--argc > 1) {
		if (!strcmp(argv[argc], name))
			return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";
	struct cgl_walk *walk = malloc(cgl_walk_size());
	int nr_failed = 0;
	size_t i;

	if (!walk)
		return 2;
	for (i = 0; i < NR_MOODS; i++) {
		const struct mood *m = &moods[i];
		const struct cgl_text text = {
			.bytes	= (const u8 *)m->run,
			.start	= (unsigned long)m->run,
			.size	= size_of(m),
		};
		struct cgl_exit exits[MAX_EXITS];
		unsigned long where;
		const char *why;
		int nr, failed, passed;

		nr = cgl_find_exits(&text, exits, MAX_EXITS, walk, &why, &where);
		if (nr <= 0) {
			bool must = named(argc, argv, m->name);

			printf("%sok %zu - %s %s: not found: %s (+0x%lx)\n",
			       must ? "not " : "", i + 1, how, m->name, why,
			       where - text.start);
			nr_failed += must;
			continue;
		}
		failed = step(m, exits, nr, 80, &passed);
		printf("%sok %zu - %s %s: %d places, %d calls failed, %d did not\n",
		       failed > 0 && passed > 0 ? "" : "not ",
		       i + 1, how, m->name, nr, failed, passed);
		nr_failed += failed <= 0 || passed <= 0;
	}
	printf("1..%zu\n", NR_MOODS);
	free(walk);
	return nr_failed ? 1 : 0;
}
