// SPDX-License-Identifier: GPL-2.0-only
/*
 * How fast the parser is, alone and with the model behind it
 *
 * The text is what a machine with 1000 memory cgroups would give.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cg_list.h"
#include "util.h"

static void ignore(const struct cgl_line *line, void *arg)
{
	(void)line;
	(void)arg;
}

static void add_memcg(struct str *b, unsigned int id)
{
	unsigned int i;

	str_addf(b, "memcg id=%u hierarchy=0 online=1 swappiness=60 oom_group=0 path=/pods/p%u\n",
		 id, id);
	str_addf(b, "counter id=%u name=memory usage=%u max=max high=max low=0 min=0", id,
		 id * 4096);
	str_addf(b, " peak=%u failcnt=0\n", id * 8192);
	str_addf(b, "counter id=%u name=swap usage=0 max=max high=max peak=0 failcnt=0\n", id);
	str_addf(b, "lru id=%u node=0 zone=Normal inactive_anon=%u active_anon=%u", id, id * 7,
		 id * 4096);
	str_puts(b, " inactive_file=8192 active_file=12288 unevictable=0\n");
	str_addf(b, "charge id=%u", id);
	for (i = 0; i < CGL_NR_CH; i++)
		str_addf(b, " %s=%u", cgl_name(CGL_NAMES_CHARGE, i), id * i);
	str_puts(b, "\n");
}

/* Our own time: other work on the machine must not count. */
static double cpu_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static double run(const struct str *text, cgl_fn fn, unsigned int rounds)
{
	double start = cpu_seconds();
	unsigned int i;

	for (i = 0; i < rounds; i++) {
		struct cgl_parser *p;
		struct cgl_report r;

		cgl_report_init(&r);
		p = cgl_parser_new(fn, &r);
		if (!p || cgl_parser_feed(p, text->s, text->len))
			die("out of memory");
		cgl_parser_end(p);
		cgl_parser_free(p);
		cgl_report_link(&r);
		cgl_report_free(&r);
	}
	return (double)text->len * rounds / 1e6 / (cpu_seconds() - start);
}

int main(void)
{
	struct str text = {};
	unsigned int i;

	str_puts(&text, "cg_list 1\n");
	for (i = 1; i <= 1000; i++)
		add_memcg(&text, i);
	printf("parser %.0f\n", run(&text, ignore, 60));
	printf("model %.0f\n", run(&text, cgl_report_line, 60));
	str_free(&text);
	return 0;
}
