// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where does a charge fail, in this kernel's machine code? The module's own decoder,
 * built for the host and asked about kernel images and about recorded code.
 *
 *	sites check NAME VMLINUX	one line: what it finds
 *	sites record NAME VMLINUX	the code with what it finds, a shape
 *	sites test SHAPE...		is it still found? TAP
 *
 * A shape is text: lines of "start", "thunk" and "noreturn" with addresses, an
 * "exit" with the offset, the condition and the register of each place, or "none",
 * and lines of "code" in hexadecimal.
 *
 * The exit status is 1 if something is not found, 2 if a file cannot be read.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/x86/exits.h"
#include "image.h"

#define FUNCTION	"try_charge_memcg"
#define MAX_EXITS	8

struct shape {
	u8 code[CGL_TEXT_MAX];
	unsigned long thunk[CGL_NAMES_MAX];
	unsigned long noreturn[CGL_NAMES_MAX];
	struct cgl_text text;
	struct cgl_exit expect[MAX_EXITS];
	int nr_expect;
};

/* What was found. */
struct found {
	struct cgl_exit exits[MAX_EXITS];
	int nr;
	const char *why;
	unsigned long where;
};

static void __attribute__((noreturn, format(printf, 1, 2)))
die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("sites: error: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(2);
}

static void find(const struct cgl_text *text, struct found *found)
{
	struct cgl_walk *walk = malloc(cgl_walk_size());

	if (!walk)
		die("no memory");
	found->nr = cgl_find_exits(text, found->exits, MAX_EXITS, walk,
				     &found->why, &found->where);
	free(walk);
}

static void init_text(struct shape *s)
{
	s->text.bytes = s->code;
	s->text.thunk = s->thunk;
	s->text.noreturn = s->noreturn;
}

/*
 * Images
 */

static unsigned int addresses(const struct image *image,
			      const char * const *names, unsigned long *addrs)
{
	unsigned int n = 0;

	for (; *names; names++) {
		const struct image_sym *sym = image_sym(image, *names);

		if (sym)
			addrs[n++] = (unsigned long)sym->addr;
	}
	return n;
}

static void load(const char *name, const char *path, struct shape *s)
{
	struct image image = { 0 };
	const struct image_sym *sym;
	const char *wrong = image_open(&image, path);
	const u8 *bytes;

	if (wrong)
		die("%s: %s: %s", name, path, wrong);
	sym = image_sym(&image, FUNCTION);
	if (!sym)
		die("%s: %s is not a function of this kernel", name, FUNCTION);
	init_text(s);
	s->text.start = (unsigned long)sym->addr;
	s->text.size = (unsigned long)image_sym_size(&image, sym);
	bytes = image_bytes(&image, sym->addr, s->text.size);
	if (!bytes || s->text.size > sizeof(s->code))
		die("%s: %s has no code, or too much", name, FUNCTION);
	memcpy(s->code, bytes, s->text.size);
	s->text.nr_thunk = addresses(&image, cgl_return_thunks, s->thunk);
	s->text.nr_noreturn = addresses(&image, cgl_noreturns, s->noreturn);
	image_close(&image);
}

static const char *condition(const struct cgl_exit *e)
{
	static const char * const names[] = {
		"o", "no", "b", "ae", "e", "ne", "be", "a",
		"s", "ns", "p", "np", "l", "ge", "le", "g", "always",
	};

	return names[e->cond];
}

static int check(const char *name, const struct shape *s)
{
	struct found found;
	int i;

	find(&s->text, &found);
	if (found.nr <= 0) {
		printf("%s: not found: %s (+0x%lx)\n", name, found.why,
		       found.where - s->text.start);
		return 1;
	}
	printf("%s: found:", name);
	for (i = 0; i < found.nr; i++)
		printf(" +0x%lx if %s", found.exits[i].addr - s->text.start,
		       condition(&found.exits[i]));
	putchar('\n');
	return 0;
}

static void print_addresses(const char *key, const unsigned long *addrs,
			    unsigned int nr)
{
	while (nr--)
		printf("%s %lx\n", key, *addrs++);
}

static int record(const char *name, const struct shape *s)
{
	struct found found;
	unsigned long i;
	int k;

	find(&s->text, &found);
	printf("# %s of Debian's kernel %s\n", FUNCTION, name);
	printf("start %lx\n", s->text.start);
	print_addresses("thunk", s->thunk, s->text.nr_thunk);
	print_addresses("noreturn", s->noreturn, s->text.nr_noreturn);
	for (k = 0; k < found.nr; k++)
		printf("exit %lx %u %u\n", found.exits[k].addr - s->text.start,
		       found.exits[k].cond, found.exits[k].reg);
	if (found.nr <= 0)
		puts("none");
	for (i = 0; i < s->text.size; i++)
		printf("%s%02x%s", i % 32 ? "" : "code ", s->code[i],
		       i % 32 == 31 || i == s->text.size - 1 ? "\n" : "");
	return found.nr <= 0;
}

/*
 * Recorded code
 */

static int nr_tests, nr_failed;

static void __attribute__((format(printf, 2, 3)))
result(bool good, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("%sok %d - ", good ? "" : "not ", ++nr_tests);
	vprintf(format, args);
	putchar('\n');
	va_end(args);
	nr_failed += !good;
}

static void read_shape(const char *path, struct shape *s)
{
	FILE *f = fopen(path, "r");
	char line[256];

	memset(s, 0, sizeof(*s));
	init_text(s);
	if (!f)
		die("%s cannot be read", path);
	while (fgets(line, sizeof(line), f)) {
		unsigned int cond, reg, byte, n = 0;
		unsigned long addr;

		if (sscanf(line, "start %lx", &addr) == 1) {
			s->text.start = addr;
		} else if (sscanf(line, "thunk %lx", &addr) == 1) {
			if (s->text.nr_thunk < CGL_NAMES_MAX)
				s->thunk[s->text.nr_thunk++] = addr;
		} else if (sscanf(line, "noreturn %lx", &addr) == 1) {
			if (s->text.nr_noreturn < CGL_NAMES_MAX)
				s->noreturn[s->text.nr_noreturn++] = addr;
		} else if (sscanf(line, "exit %lx %u %u", &addr, &cond, &reg) == 3) {
			if (s->nr_expect == MAX_EXITS)
				die("%s: too many exits", path);
			s->expect[s->nr_expect++] = (struct cgl_exit) {
				.addr	= s->text.start + addr,
				.cond	= (u8)cond,
				.reg	= (u8)reg,
			};
		} else if (!strncmp(line, "code ", 5)) {
			while (sscanf(line + 5 + 2UL * n, "%2x", &byte) == 1) {
				if (s->text.size == sizeof(s->code))
					die("%s: too long", path);
				s->code[s->text.size++] = (u8)byte;
				n++;
			}
		} else if (*line != '#' && *line != '\n' && strcmp(line, "none\n")) {
			die("%s: what is \"%s\"?", path, line);
		}
	}
	fclose(f);
	if (!s->text.size)
		die("%s: no code", path);
}

static bool as_expected(const struct shape *s, struct found *found)
{
	int i;

	find(&s->text, found);
	if (!s->nr_expect)
		return found->nr < 0;
	if (found->nr != s->nr_expect)
		return false;
	for (i = 0; i < found->nr; i++) {
		if (found->exits[i].addr != s->expect[i].addr ||
		    found->exits[i].cond != s->expect[i].cond ||
		    found->exits[i].reg != s->expect[i].reg)
			return false;
	}
	return true;
}

static unsigned long target(const struct shape *s, unsigned long off)
{
	s32 rel;

	memcpy(&rel, s->code + off + 1, sizeof(rel));
	return s->text.start + off + 5 + (unsigned long)(long)rel;
}

/* As the running kernel has it: `ret` for jumps to a thunk, no call of fentry. */
static void patch_as_running(struct shape *s)
{
	static const u8 nop[] = { 0x0f, 0x1f, 0x44, 0x00, 0x00 };
	unsigned long off;
	unsigned int i;

	if (s->code[0] == 0xe8)
		memcpy(s->code, nop, sizeof(nop));
	for (off = 0; off + 5 <= s->text.size; off++) {
		for (i = 0; i < s->text.nr_thunk; i++) {
			if (s->code[off] == 0xe9 && target(s, off) == s->thunk[i]) {
				memset(s->code + off, 0xcc, 5);
				s->code[off] = 0xc3;
			}
		}
	}
}

/*
 * With a breakpoint of someone else's at each byte in turn: what was an instruction is
 * not known any more. The same is found, or nothing, but never something else. Inside
 * of an instruction it is another operand, which may be another answer.
 */
static bool breakpoints_hide(struct shape *s)
{
	struct found found;
	unsigned int same = 0, none = 0;
	int i;

	for (i = 0; i < s->nr_expect; i++) {
		unsigned long off = s->expect[i].addr - s->text.start;
		u8 was = s->code[off];

		s->code[off] = 0xcc;
		find(&s->text, &found);
		s->code[off] = was;
		if (found.nr > 0)
			same++;
		else
			none++;
	}
	return !same && none == (unsigned int)s->nr_expect;
}

static void test(const char *path)
{
	const char *name = strrchr(path, '/');
	static struct shape s;
	struct found found;

	name = name ? name + 1 : path;
	read_shape(path, &s);
	result(as_expected(&s, &found), "%s: %s", name,
	       s.nr_expect ? "found where a charge fails" : "not found, as expected");
	if (found.nr < 0)
		printf("# %s (+0x%lx)\n", found.why, found.where - s.text.start);
	if (!s.nr_expect)
		return;
	patch_as_running(&s);
	result(as_expected(&s, &found), "%s: the same as the running kernel has it",
	       name);
	result(breakpoints_hide(&s), "%s: not with a breakpoint in the place", name);
}

int main(int argc, char **argv)
{
	static struct shape s;
	int i;

	if (argc >= 3 && !strcmp(argv[1], "test")) {
		for (i = 2; i < argc; i++)
			test(argv[i]);
		printf("1..%d\n", nr_tests);
		return nr_failed ? 1 : 0;
	}
	if (argc == 4 && !strcmp(argv[1], "check")) {
		load(argv[2], argv[3], &s);
		return check(argv[2], &s);
	}
	if (argc == 4 && !strcmp(argv[1], "record")) {
		load(argv[2], argv[3], &s);
		return record(argv[2], &s);
	}
	die("usage: sites check|record NAME VMLINUX, or sites test SHAPE...");
}
