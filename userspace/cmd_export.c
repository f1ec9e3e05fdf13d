// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcgstat export: OpenMetrics text, for a collector
 *
 * Meant for the textfile collector of Prometheus's node exporter: the file is
 * replaced whole. A machine can have any number of cgroups and each is a set of
 * series, so only the largest are told one by one; of the rest, what adds up is summed up.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "outfile.h"

#define DEFAULT_MAX 500

/* The name under which the cgroups beyond the bound are summed up. */
#define REST "(rest)"

enum where { FROM_COUNTER, FROM_CHARGE, FROM_EVENT, FROM_SLOW_COUNT, FROM_SLOW_US };

struct metric {
	const char *name;
	const char *type;
	const char *unit;
	const char *help;
	enum where where;
	int index;		/* of the field, the counter or the event */
	bool sum;		/* adds up: no limit, and descendants not counted */
};

/*
 * One label besides the cgroup: which counter, or which outcome. The sets of
 * values are fixed by the kernel.
 */
static const struct metric metrics[] = {
	{ "memcg_usage_bytes", "gauge", "bytes", "Memory charged, descendants included.",
	  FROM_COUNTER, CF_USAGE, false },
	{ "memcg_limit_bytes", "gauge", "bytes", "Hard limit; +Inf where none is set.",
	  FROM_COUNTER, CF_MAX, false },
	{ "memcg_high_bytes", "gauge", "bytes", "Limit above which tasks are slowed down.",
	  FROM_COUNTER, CF_HIGH, false },
	{ "memcg_peak_bytes", "gauge", "bytes", "Most memory ever charged.",
	  FROM_COUNTER, CF_PEAK, false },
	{ "memcg_limit_failures", "counter", NULL, "Charges that met the limit.",
	  FROM_COUNTER, CF_FAILCNT, true },
	{ "memcg_events", "counter", NULL, "Events that memory.events.local counts.",
	  FROM_EVENT, 0, true },
	{ "memcg_charges", "counter", NULL, "What happened to charges; see cg_list(5).",
	  FROM_CHARGE, 0, true },
	{ "memcg_slow_charges", "counter", NULL, "Charges that took the slow path.",
	  FROM_SLOW_COUNT, 0, true },
	{ "memcg_slow_charge_seconds", "counter", "seconds", "Time spent in the slow path.",
	  FROM_SLOW_US, 0, true },
};

static unsigned int nr_labels(const struct metric *mt)
{
	switch (mt->where) {
	case FROM_COUNTER:
		return NR_CK;
	case FROM_EVENT:
		return NR_ME;
	case FROM_CHARGE:
		return NR_CH;
	default:
		return 1;
	}
}

static const char *label_name(const struct metric *mt)
{
	static const char *const names[] = {
		[FROM_COUNTER] = "counter", [FROM_EVENT] = "event", [FROM_CHARGE] = "what",
		[FROM_SLOW_COUNT] = NULL, [FROM_SLOW_US] = NULL,
	};

	return names[mt->where];
}

static const char *label_value(const struct metric *mt, unsigned int i)
{
	switch (mt->where) {
	case FROM_COUNTER:
		return counter_kind_names[i];
	case FROM_EVENT:
		return memcg_event_names[i];
	default:
		return charge_names[i];
	}
}

static u64 value(const struct metric *mt, unsigned int i, const struct memcg *m)
{
	switch (mt->where) {
	case FROM_COUNTER:
		return m->counter[i][mt->index];
	case FROM_EVENT:
		return m->event[i];
	case FROM_CHARGE:
		return m->charge[i];
	case FROM_SLOW_COUNT:
		return m->slow_count;
	default:
		return m->slow_total_us;
	}
}

/* Label values: text that is safe, with quotes and backslashes escaped. */
static void add_label(struct str *b, const char *name, const char *text)
{
	char *safe = text_safe(text);

	str_addf(b, "%s=", name);
	text_json(b, safe);
	free(safe);
}

static void add_sample(struct str *b, const struct metric *mt, unsigned int i,
		       const char *cgroup, u64 v)
{
	bool counter = !strcmp(mt->type, "counter");

	str_addf(b, "%s%s{", mt->name, counter ? "_total" : "");
	add_label(b, "cgroup", cgroup);
	if (label_name(mt)) {
		str_puts(b, ",");
		add_label(b, label_name(mt), label_value(mt, i));
	}
	if (v == UNLIMITED)
		str_puts(b, "} +Inf\n");
	else if (mt->where == FROM_SLOW_US)
		str_addf(b, "} %llu.%06llu\n", v / 1000000, v % 1000000);
	else
		str_addf(b, "} %llu\n", v);
}

static void add_metric(struct str *b, const struct metric *mt, const struct report *r,
		       const bool *told)
{
	bool headed = false;
	unsigned int i;
	size_t k;

	for (i = 0; i < nr_labels(mt); i++) {
		u64 rest = ABSENT;

		for (k = 0; k < r->nr_memcgs; k++) {
			u64 v = value(mt, i, &r->memcgs[k]);

			if (v == ABSENT)
				continue;
			if (!headed) {
				str_addf(b, "# HELP %s %s\n# TYPE %s %s\n", mt->name, mt->help,
					 mt->name, mt->type);
				if (mt->unit)
					str_addf(b, "# UNIT %s %s\n", mt->name, mt->unit);
				headed = true;
			}
			if (told[k])
				add_sample(b, mt, i, memcg_name(&r->memcgs[k]), v);
			else if (mt->sum && is_number(v))
				rest = number_or_0(rest) + v;
		}
		if (rest != ABSENT)
			add_sample(b, mt, i, REST, rest);
	}
}

struct rank {
	size_t at;
	u64 usage;
};

static int by_usage(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;

	if (x->usage != y->usage)
		return x->usage < y->usage ? 1 : -1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/*
 * Which cgroups are told one by one: the released ones' line, and the @max
 * largest of those that have a name of their own.
 */
static size_t choose(const struct report *r, u64 max, bool *told)
{
	struct rank *ranks = xcalloc(r->nr_memcgs, sizeof(*ranks));
	size_t i, nr = 0, named = 0;

	for (i = 0; i < r->nr_memcgs; i++) {
		const struct memcg *m = &r->memcgs[i];

		told[i] = m->m[MF_RELEASED] == 1;
		/* removed ones can have the name of one that lives */
		if (!m->path || m->m[MF_ONLINE] == 0)
			continue;
		ranks[nr].at = i;
		ranks[nr].usage = number_or_0(m->counter[CK_MEMORY][CF_USAGE]);
		/* the root has no counters, but what is charged to it counts */
		if (!strcmp(m->path, "/"))
			ranks[nr].usage = ABSENT;
		nr++;
	}
	if (nr)
		qsort(ranks, nr, sizeof(*ranks), by_usage);
	for (i = 0; i < nr && i < max; i++, named++)
		told[ranks[i].at] = true;
	free(ranks);
	return r->nr_memcgs - named;
}

static int run(const struct args *args)
{
	u64 max = args->limit == ABSENT ? DEFAULT_MAX : args->limit;
	struct str b = {};
	struct outfile out;
	struct report r;
	unsigned int i;
	size_t rest;
	bool *told;

	read_memcgs(&r, CGFS_BASIC | CGFS_ALL, NULL);
	note_missing(&r, "memcg_charges, memcg_slow_charges");
	told = xcalloc(r.nr_memcgs, sizeof(*told));
	rest = choose(&r, max, told);
	str_addf(&b, "# HELP memcg_export_cgroups Memory cgroups, told one by one or in the rest.\n"
		 "# TYPE memcg_export_cgroups gauge\n"
		 "memcg_export_cgroups{told=\"alone\"} %zu\n"
		 "memcg_export_cgroups{told=\"rest\"} %zu\n", r.nr_memcgs - rest, rest);
	for (i = 0; i < ARRAY_SIZE(metrics); i++)
		add_metric(&b, &metrics[i], &r, told);
	str_puts(&b, "# EOF\n");
	if (args->out) {
		outfile_open(&out, args->out);
		outfile_write(&out, b.s, b.len);
		outfile_commit(&out);
	} else {
		fwrite(b.s, 1, b.len, stdout);
	}
	str_free(&b);
	free(told);
	report_free(&r);
	return EXIT_OK;
}

const struct cmd cmd_export = {
	.name = "export",
	.synopsis = "[-o FILE] [--max N]",
	.help = "OpenMetrics text for a collector: the N largest cgroups and the rest",
	.opts = "M",
	.file_out = true,
	.run = run,
};
