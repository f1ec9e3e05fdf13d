// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine's own tests, on the host: no kernel, no guest. TAP.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../corpus.h"
#include "../creprod.h"
#include "../prog.h"
#include "../pseudo.h"
#include "../report.h"
#include "../signal.h"
#include "../util.h"
#include "../wire.h"

static unsigned int nr, failed;

static void result(bool ok, const char *what)
{
	failed += !ok;
	printf("%sok %u - %s\n", ok ? "" : "not ", ++nr, what);
	fflush(stdout);
}

/* Each row is one that generation can fill and validation accepts. */
static void test_table(void)
{
	unsigned int i, j, bad = 0;
	struct fz_prog p;
	struct fz_rng r;
	const char *why;

	fz_rng_init(&r, 1, 0);
	for (i = 0; i < fz_nr_descs; i++) {
		if (fz_desc_find(fz_descs[i].name) != &fz_descs[i]) {
			printf("# %s: two rows of this name\n", fz_descs[i].name);
			bad++;
		}
		for (j = 0; j < fz_descs[i].nr_args; j++) {
			const struct fz_type *t = &fz_descs[i].arg[j];
			unsigned int k;

			if (t->kind == FZ_LEN && t->of >= fz_descs[i].nr_args)
				bad++;
			for (k = 0; t->strs && k < t->nr; k++)
				if (t->kind != FZ_BYTES && strlen(t->strs[k]) >= FZ_DATA_MAX) {
					printf("# %s: a long string\n", fz_descs[i].name);
					bad++;
				}
		}
		p.nr = 0;
		if (!fz_prog_insert(&r, &p, 0, &fz_descs[i]) || !fz_prog_valid(&p, &why)) {
			printf("# %s: %s\n", fz_descs[i].name, why);
			bad++;
		}
	}
	result(!bad, "table: every call can be generated");
}

/* Every resource that is wanted is made by some call. */
static void test_makers(void)
{
	unsigned int i, j, k, bad = 0;

	for (i = 0; i < fz_nr_descs; i++) {
		for (j = 0; j < fz_descs[i].nr_args; j++) {
			bool made = fz_descs[i].arg[j].kind != FZ_RES;

			for (k = 0; k < fz_nr_descs && !made; k++)
				made = fz_res_is(fz_desc_makes(&fz_descs[k], 0),
						 fz_descs[i].arg[j].res) ||
				       fz_res_is(fz_desc_makes(&fz_descs[k], 1),
						 fz_descs[i].arg[j].res);
			if (!made) {
				printf("# %s: nothing makes argument %u\n", fz_descs[i].name, j);
				bad++;
			}
		}
	}
	result(!bad, "table: every resource is made by some call");
}

static void test_generate(void)
{
	unsigned int i, bad = 0, refs = 0, j, k;
	struct fz_prog p;
	struct fz_rng r;
	const char *why;

	fz_rng_init(&r, 2, 0);
	for (i = 0; i < 20000; i++) {
		fz_prog_generate(&r, &p);
		if (!fz_prog_valid(&p, &why) || !p.nr) {
			printf("# %s\n", why);
			bad++;
		}
		for (j = 0; j < p.nr; j++)
			for (k = 0; k < p.call[j].desc->nr_args; k++)
				refs += p.call[j].arg[k].ref != FZ_NO_REF;
	}
	result(!bad, "generation: 20,000 programs keep to their types");
	result(refs > 20000, "generation: resources flow from call to call");
}

static void test_mutate(void)
{
	unsigned int i, bad = 0, same = 0;
	struct fz_prog p, other, before;
	struct fz_rng r;
	const char *why;

	fz_rng_init(&r, 3, 0);
	fz_prog_generate(&r, &p);
	for (i = 0; i < 100000; i++) {
		if (i % 50 == 0)
			fz_prog_generate(&r, &p);
		fz_prog_generate(&r, &other);
		before = p;
		fz_prog_mutate(&r, &p, &other);
		same += fz_prog_equal(&before, &p);
		if (!fz_prog_valid(&p, &why)) {
			printf("# %s\n", why);
			bad++;
		}
	}
	result(!bad, "mutation: 100,000 programs keep to their types");
	result(same < 20000, "mutation: most of them differ from what they were");
}

static void test_merge(void)
{
	struct fz_prog p, q;
	struct fz_rng r;
	unsigned int i, bad = 0;

	fz_rng_init(&r, 13, 0);
	for (i = 0; i < 20000; i++) {
		fz_prog_generate(&r, &p);
		fz_prog_generate(&r, &q);
		fz_prog_merge(&p, fz_rng_below(&r, p.nr), &q, fz_rng_below(&r, FZ_MAX_CALLS));
		bad += !fz_prog_valid(&p, NULL) || p.nr < 2;
	}
	result(!bad, "merging: two programs at once keep to their types");
}

static void test_text(void)
{
	unsigned int i, bad = 0;
	struct fz_prog p, q;
	struct fz_rng r;
	char err[256] = "", *text;

	fz_rng_init(&r, 4, 0);
	fz_prog_generate(&r, &p);
	for (i = 0; i < 20000; i++) {
		fz_prog_mutate(&r, &p, NULL);
		text = fz_prog_text(&p);
		if (fz_prog_parse(&q, text, err, sizeof(err)) || !fz_prog_equal(&p, &q)) {
			printf("# %s\n%s", err, text);
			bad++;
		}
		free(text);
		if (i % 20 == 0)
			fz_prog_generate(&r, &p);
	}
	result(!bad, "text: 20,000 programs come back as they were");
}

/* Text that is no program: an error with a line, never a crash. */
static void test_bad_text(void)
{
	static const char *const bad[] = {
		"nonsense\n", "nonsense(0x0)\n", "getpid()\n", "r1 = getpid(0x0)\n",
		"unshare(0x1)\n", "close(r0)\n", "r0 = getpid(0x0)\nclose(r0)\n",
		"close(r\n", "async repeat=0 sched_yield(0x0)\n", "sched_yield(0x0\n",
		"chroot(\"/mnt)\n", "chroot(\"\\q\")\n", "sched_yield(0x0) x\n", "fail=33 sched_yield(0x0)\n",
	};
	unsigned int i, wrong = 0;
	struct fz_prog p;
	struct fz_rng r;
	char err[256], *text;
	size_t len;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		err[0] = '\0';
		if (!fz_prog_parse(&p, bad[i], err, sizeof(err)) || !err[0]) {
			printf("# accepted: %s", bad[i]);
			wrong++;
		}
	}
	result(!wrong, "text: what is no program is refused with a line");

	fz_rng_init(&r, 5, 0);
	for (i = 0; i < 20000; i++) {
		fz_prog_generate(&r, &p);
		text = fz_prog_text(&p);
		len = strlen(text);
		text[fz_rng_below(&r, len)] = fz_rng_next(&r);
		if (!fz_prog_parse(&p, text, err, sizeof(err)) && !fz_prog_valid(&p, NULL))
			wrong++;
		free(text);
	}
	result(!wrong, "text: one wrong byte is refused, or makes another valid program");
}

static void test_remove(void)
{
	unsigned int i, bad = 0;
	struct fz_prog p;
	struct fz_rng r;
	const char *why;

	fz_rng_init(&r, 6, 0);
	for (i = 0; i < 20000; i++) {
		fz_prog_generate(&r, &p);
		while (p.nr > 1) {
			fz_prog_remove(&p, fz_rng_below(&r, p.nr));
			if (!fz_prog_valid(&p, &why)) {
				printf("# %s\n", why);
				bad++;
			}
		}
	}
	result(!bad, "removal: what is left keeps to its types");
}

struct hints {
	unsigned int nr;
	unsigned int bad;
	bool found;
};

static void take_hint(const struct fz_prog *p, void *data)
{
	struct hints *h = data;
	const struct fz_arg *a = &p->call[0].arg[1];

	h->nr++;
	h->bad += !fz_prog_valid(p, NULL);
	h->found |= a->len == 4 && !memcmp(a->data, "1313", 4) && p->call[0].arg[2].val == 4;
}

/* A number that the kernel compared with another becomes that one. */
static void test_hints(void)
{
	static const struct fz_compare c[] = {
		{ 0, 4, 77, 1313 }, { 0, 8, 5, 6 }, { 1, 4, 1024, 8192 }, { 1, 4, 1, 1024 },
	};
	struct hints h = { 0 };
	struct fz_prog p;
	char err[200];

	if (fz_prog_parse(&p, "fz_putfile$knob(\"/proc/sys/cg_list/stack_dumps\\x00\", \"77\", 0x2)\n"
			  "r1 = fz_touch(0x1, 0x400)\n", err, sizeof(err)))
		fz_die("%s", err);
	fz_prog_hints(&p, c, 4, 100, take_hint, &h);
	result(h.found && !h.bad && h.nr == 2,
	       "hints: the numbers that were compared, where they are allowed");
	h.nr = 0;
	fz_prog_hints(&p, c, 4, 1, take_hint, &h);
	result(h.nr == 1, "hints: no more than are wanted");
}

/* Still "crashes": unshare with two flags, after two mkdirs. */
static bool crashes(const struct fz_prog *p, void *data)
{
	unsigned int i, mkdirs = 0;

	(*(unsigned int *)data)++;
	for (i = 0; i < p->nr; i++) {
		if (!strcmp(p->call[i].desc->name, "mkdirat$cg"))
			mkdirs++;
		if (!strcmp(p->call[i].desc->name, "unshare") && mkdirs >= 2 &&
		    (p->call[i].arg[0].val & 0x24000000) == 0x24000000)
			return true;
	}
	return false;
}

static void test_minimise(void)
{
	unsigned int i, found = 0, bad = 0, asked, calls;
	struct fz_prog p;
	struct fz_rng r;

	fz_rng_init(&r, 7, 0);
	for (i = 0; i < 2000000 && found < 20; i++) {
		fz_prog_generate(&r, &p);
		fz_prog_mutate(&r, &p, NULL);
		calls = 0;
		if (!crashes(&p, &calls))
			continue;
		found++;
		calls = 0;
		asked = fz_prog_minimise(&p, crashes, &calls, 1000);
		if (asked != calls || !crashes(&p, &calls) || p.nr != 3 ||
		    p.call[2].arg[0].val != 0x24000000 || p.call[2].repeat != 1 ||
		    p.call[2].async || p.call[2].fail) {
			char *text = fz_prog_text(&p);

			printf("# left:\n%s", text);
			free(text);
			bad++;
		}
	}
	result(found == 20 && !bad, "minimiser: three calls and two flags are left, 20 times");
	calls = 0;
	fz_prog_generate(&r, &p);
	fz_prog_minimise(&p, crashes, &calls, 3);
	result(calls <= 3, "minimiser: it keeps to its budget");
}

static void test_seed(void)
{
	struct fz_prog p, q;
	struct fz_rng a, b, c;
	unsigned int i, differ = 0, same = 0;

	fz_rng_init(&a, 8, 1);
	fz_rng_init(&b, 8, 1);
	fz_rng_init(&c, 9, 1);
	for (i = 0; i < 1000; i++) {
		fz_prog_generate(&a, &p);
		fz_prog_generate(&b, &q);
		fz_prog_mutate(&a, &p, NULL);
		fz_prog_mutate(&b, &q, NULL);
		differ += !fz_prog_equal(&p, &q);
		fz_prog_generate(&c, &q);
		same += fz_prog_equal(&p, &q);
	}
	result(!differ, "seed: the same one gives the same programs");
	result(same < 10, "seed: another one gives others");
}

static void count_prog(const struct fz_prog *p, void *data)
{
	(void)p;
	(*(unsigned int *)data)++;
}

static void test_corpus(void)
{
	char dir[] = "/tmp/cg_list-fuzz-unit.XXXXXX", *cmd, *path, err[256];
	struct fz_corpus c;
	struct fz_prog p, q;
	struct fz_rng r;
	unsigned int i, seen = 0;

	if (!mkdtemp(dir))
		fz_die("no directory for the test");
	fz_corpus_init(&c, dir);
	fz_rng_init(&r, 10, 0);
	for (i = 0; i < 100; i++) {
		fz_prog_generate(&r, &p);
		fz_corpus_add(&c, &p);
	}
	result(fz_corpus_size(&c) == 100 && fz_corpus_pick(&c, &r, &q) && fz_prog_valid(&q, NULL),
	       "corpus: 100 programs are kept and handed out");
	fz_corpus_free(&c);
	path = fz_format("%s/0.prog", dir);
	fz_corpus_save(path, &p);
	result(!fz_corpus_read(path, &q, err, sizeof(err)) && fz_prog_equal(&p, &q),
	       "corpus: a file comes back as it was");
	if (truncate(path, 40))
		fz_die("truncate");
	cmd = fz_format("head -c 50 /dev/zero > %s/1.prog; : > %s/2.prog", dir, dir);
	if (system(cmd))
		fz_die("sh");
	free(cmd);
	fz_corpus_init(&c, dir);
	fz_corpus_load(&c, count_prog, &seen);
	result(seen == 100 && c.damaged == 3, "corpus: damaged files are counted and ignored");
	fz_corpus_add(&c, &p);
	result(fz_corpus_prune(&c) == 99, "corpus: what was not kept again goes, damaged files stay");
	fz_corpus_free(&c);
	free(path);
	fz_corpus_init(&c, "/nonexistent");
	result(fz_corpus_add(&c, &p) == -1 && fz_corpus_size(&c) == 1,
	       "corpus: what cannot be written is kept in memory, with an error");
	fz_corpus_free(&c);
	cmd = fz_format("rm -r %s", dir);
	if (system(cmd))
		fz_die("rm");
	free(cmd);
}

static void test_wire(void)
{
	static struct fz_wire w;
	unsigned int i, j, k, bad = 0;
	struct fz_prog p;
	struct fz_rng r;

	fz_rng_init(&r, 11, 0);
	for (i = 0; i < 20000; i++) {
		fz_prog_generate(&r, &p);
		fz_prog_mutate(&r, &p, NULL);
		fz_wire_encode(&p, &w);
		bad += w.nr != p.nr;
		for (j = 0; j < w.nr; j++) {
			for (k = 0; k < w.call[j].nr_args; k++) {
				const struct fz_wire_arg *a = &w.call[j].arg[k];
				const struct fz_arg *from = &p.call[j].arg[k];

				if (a->kind == FZ_WIRE_DATA && from->len &&
				    (a->val + from->len > FZ_WIRE_DATA_MAX ||
				     memcmp(w.data + a->val, from->data, from->len)))
					bad++;
				if (a->kind == FZ_WIRE_RESULT && a->index >= j)
					bad++;
			}
		}
	}
	result(!bad, "wire: data and references are where the executor looks for them");
}

static void test_signal(void)
{
	struct fz_signal *s = fz_signal_new();
	static const uint32_t pcs[] = { 0x81000000, 0x81000010, 0x81000000, 0xc0000000 };

	result(fz_signal_new_in(s, pcs, 4) == 3, "signal: new blocks are counted once");
	result(fz_signal_add(s, pcs, 2) == 2 && fz_signal_new_in(s, pcs, 4) == 1 &&
	       fz_signal_count(s) == 2, "signal: what was added is not new");
	fz_signal_free(s);
}

static void test_titles(void)
{
	static const struct {
		const char *log, *title;
	} tests[] = {
		{ "[    3.1] BUG: KASAN: slab-use-after-free in cgl_read+0x1b/0x90 [cg_list]\n",
		  "KASAN: slab-use-after-free in cgl_read" },
		{ "[    3.1] BUG: KASAN: use-after-free in cgl_read.constprop.0+0x1b/0x90\n",
		  "KASAN: use-after-free in cgl_read" },
		{ "[ 12.0] WARNING: CPU: 0 PID: 70 at kernel/fork.c:12 copy_process+0x10/0x20\n",
		  "WARNING in copy_process" },
		{ "[ 12.0] WARNING: possible circular locking dependency detected\n"
		  "[ 12.0] 6.12.0 #1 Not tainted\n"
		  "[ 12.0] fz/70 is trying to acquire lock:\n"
		  "[ 12.0] ffff8880 (&x->lock){+.+.}-{3:3}, at: cgl_lock+0x12/0x30\n",
		  "possible deadlock in cgl_lock" },
		{ "[ 1.0] INFO: task fz:81 blocked for more than 60 seconds.\n",
		  "INFO: task hung" },
		{ "[ 1.0] Kernel panic - not syncing: plant: unshare\n",
		  "kernel panic: plant: unshare" },
		{ "[ 1.0] general protection fault, probably for non-canonical address 0xdffffc0000000001: 0000\n"
		  "[ 1.0] CPU: 0 PID: 7 Comm: x\n"
		  "[ 1.0] RIP: 0010:cgl_walk+0x44/0x100 [cg_list]\n",
		  "general protection fault in cgl_walk" },
		{ "[ 1.0] BUG: kernel NULL pointer dereference, address: 0000000000000008\n"
		  "[ 1.0] RIP: 0010:cgl_walk+0x44/0x100\n",
		  "BUG: unable to handle kernel access in cgl_walk" },
		{ "[ 1.0] list_del corruption. prev->next should be ffff, but was ffff\n"
		  "[ 1.0] kernel BUG at lib/list_debug.c:62!\n",
		  "list corruption" },
		{ "[ 1.0] BUG: sleeping function called from invalid context at x.c:1\n"
		  "[ 1.0] Call Trace:\n[ 1.0]  dump_stack_lvl+0x1/0x2\n[ 1.0]  __might_resched+0x1/0x2\n"
		  "[ 1.0]  cgl_sleeps+0x1/0x2\n",
		  "BUG: sleeping function called from invalid context in cgl_sleeps" },
		{ "[ 1.0] rcu: INFO: rcu_preempt self-detected stall on CPU\n", "INFO: rcu stall" },
		{ "[ 1.0] watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [fz:1]\n",
		  "BUG: soft lockup" },
		{ "[ 1.0] UBSAN: array-index-out-of-bounds in module/knobs.c:70:12\n",
		  "UBSAN: array-index-out-of-bounds in module/knobs.c" },
		{ "[ 1.0] refcount_t: underflow; use-after-free.\n"
		  "[ 1.0] WARNING: CPU: 0 PID: 7 at lib/refcount.c:28 refcount_warn_saturate+0x1/0x2\n",
		  "WARNING in refcount_warn_saturate" },
		{ "kmemleak: unreferenced object 0xffff888004c0b4c0 (size 64):\n"
		  "  comm \"fz\", pid 70, jiffies 4294893000\n  backtrace (crc 1f):\n"
		  "    [<00000000a1>] kmalloc_trace+0x26/0x90\n"
		  "    [<00000000a2>] cgl_stream_open+0x5c/0x150 [cg_list]\n",
		  "memory leak in cgl_stream_open" },
		{ "[ 1.0] cg_list: loading out-of-tree module taints kernel.\n", NULL },
		{ "[ 1.0] Memory cgroup out of memory: Killed process 7 (x)\n", NULL },
	};
	unsigned int i, bad = 0;
	char title[FZ_TITLE_MAX];

	for (i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		bool found = fz_report_title(tests[i].log, title, sizeof(title));

		if (found != !!tests[i].title || (found && strcmp(title, tests[i].title))) {
			printf("# wanted: %s\n# got:    %s\n", tests[i].title ?: "nothing",
			       found ? title : "nothing");
			bad++;
		}
	}
	result(!bad, "reports: titles of 17 logs");
}

/* What is written as C compiles, without a warning. */
static void test_creprod(void)
{
	char path[] = "/tmp/cg_list-fuzz-unit.XXXXXX.c", *cmd, *text;
	unsigned int i, bad = 0;
	struct fz_prog p;
	struct fz_rng r;
	int fd = mkstemps(path, 2);

	if (fd < 0)
		fz_die("no file for the test");
	close(fd);
	fz_rng_init(&r, 12, 0);
	for (i = 0; i < 12; i++) {
		fz_prog_generate(&r, &p);
		fz_prog_mutate(&r, &p, NULL);
		fz_prog_mutate(&r, &p, NULL);
		text = fz_creprod(&p, "a test");
		fz_write_file(path, text, strlen(text));
		free(text);
		cmd = fz_format("${CC:-gcc} -O1 -Wall -Wextra -Werror -pthread -o /dev/null %s", path);
		bad += system(cmd) != 0;
		free(cmd);
		if (bad)
			break;
	}
	if (!bad)
		unlink(path);
	else
		printf("# see %s\n", path);
	result(!bad, "reproducers: 12 programs compile as C without a warning");
}

int main(void)
{
	test_table();
	test_makers();
	test_generate();
	test_mutate();
	test_merge();
	test_text();
	test_bad_text();
	test_remove();
	test_hints();
	test_minimise();
	test_seed();
	test_corpus();
	test_wire();
	test_signal();
	test_titles();
	test_creprod();
	printf("1..%u\n", nr);
	return failed ? 1 : 0;
}
