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
#include "json.h"
#include "outfile.h"

#define DEFAULT_MAX 500

/* The name under which the cgroups beyond the bound are summed up. */
#define REST "(rest)"

enum where {
	FROM_COUNTER, FROM_CHARGE, FROM_EVENT, FROM_SLOW_COUNT, FROM_SLOW_US, FROM_LIMIT,
};

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
	  FROM_COUNTER, CGL_CF_usage, false },
	{ "memcg_limit_bytes", "gauge", "bytes", "Hard limit; +Inf where none is set.",
	  FROM_COUNTER, CGL_CF_max, false },
	{ "memcg_limit_high_bytes", "gauge", "bytes", "Limit above which tasks are slowed down.",
	  FROM_COUNTER, CGL_CF_high, false },
	{ "memcg_left_bytes", "gauge", "bytes",
	  "What is left until a limit of this cgroup or one above it is met; +Inf without one.",
	  FROM_LIMIT, 0, false },
	{ "memcg_peak_bytes", "gauge", "bytes", "Most memory ever charged.",
	  FROM_COUNTER, CGL_CF_peak, false },
	{ "memcg_limit_failures", "counter", NULL, "Charges that met the limit.",
	  FROM_COUNTER, CGL_CF_failcnt, true },
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
		return CGL_NR_CK;
	case FROM_EVENT:
		return CGL_NR_ME;
	case FROM_CHARGE:
		return CGL_NR_CH;
	case FROM_LIMIT:
		return CGL_NR_LIMITS;
	default:
		return 1;
	}
}

static const char *label_name(const struct metric *mt)
{
	static const char *const names[] = {
		[FROM_COUNTER] = "counter", [FROM_EVENT] = "event", [FROM_CHARGE] = "what",
		[FROM_SLOW_COUNT] = NULL, [FROM_SLOW_US] = NULL, [FROM_LIMIT] = "limit",
	};

	return names[mt->where];
}

static const char *const limit_names[CGL_NR_LIMITS] = {
	[CGL_LIMIT_MAX] = "max", [CGL_LIMIT_MEMSW] = "memsw", [CGL_LIMIT_SWAP] = "swap",
	[CGL_LIMIT_HIGH] = "high", [CGL_LIMIT_SWAP_HIGH] = "swap_high",
	[CGL_LIMIT_SOFT] = "soft",
};

static const char *label_value(const struct metric *mt, unsigned int i)
{
	switch (mt->where) {
	case FROM_COUNTER:
		return cgl_name(CGL_NAMES_COUNTER, i);
	case FROM_EVENT:
		return cgl_name(CGL_NAMES_MEMCG_EVENT, i);
	case FROM_LIMIT:
		return limit_names[i];
	default:
		return cgl_name(CGL_NAMES_CHARGE, i);
	}
}

static u64 value(const struct metric *mt, unsigned int i, const struct cgl_report *r,
		 const struct cgl_memcg *m)
{
	struct cgl_limit l;

	switch (mt->where) {
	case FROM_COUNTER:
		return m->counter[i][mt->index];
	case FROM_EVENT:
		return m->event[i];
	case FROM_CHARGE:
		return m->charge[i];
	case FROM_SLOW_COUNT:
		return m->slow_count;
	case FROM_LIMIT:
		cgl_limit_next(r, m, i, &l);
		return l.left;
	default:
		return m->slow_total_us;
	}
}

/* Label values: text that is safe, with quotes and backslashes escaped. */
static void add_label(struct str *b, const char *name, const char *text)
{
	char *safe = text_safe(text);

	str_addf(b, "%s=", name);
	json_quote(b, safe);
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
	if (v == CGL_UNLIMITED)
		str_puts(b, "} +Inf\n");
	else if (mt->where == FROM_SLOW_US)
		str_addf(b, "} %llu.%06llu\n", v / 1000000, v % 1000000);
	else
		str_addf(b, "} %llu\n", v);
}

static void add_metric(struct str *b, const struct metric *mt, const struct cgl_report *r,
		       const bool *told)
{
	bool headed = false;
	unsigned int i;
	size_t k;

	for (i = 0; i < nr_labels(mt); i++) {
		u64 rest = CGL_ABSENT;

		for (k = 0; k < r->nr_memcgs; k++) {
			u64 v = value(mt, i, r, &r->memcgs[k]);

			if (v == CGL_ABSENT)
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
			else if (mt->sum && cgl_is_number(v))
				rest = cgl_or_0(rest) + v;
		}
		if (rest != CGL_ABSENT)
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
static size_t choose(const struct cgl_report *r, u64 max, bool *told)
{
	struct rank *ranks = xcalloc(r->nr_memcgs, sizeof(*ranks));
	size_t i, nr = 0, named = 0;

	for (i = 0; i < r->nr_memcgs; i++) {
		const struct cgl_memcg *m = &r->memcgs[i];

		told[i] = m->m[CGL_MF_released] == 1;
		/* removed ones can have the name of one that lives */
		if (!m->path || m->m[CGL_MF_online] == 0)
			continue;
		ranks[nr].at = i;
		ranks[nr].usage = cgl_or_0(m->counter[CGL_CK_memory][CGL_CF_usage]);
		/* the root has no counters, but what is charged to it counts */
		if (!strcmp(m->path, "/"))
			ranks[nr].usage = CGL_ABSENT;
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
	u64 max = args->limit == CGL_ABSENT ? DEFAULT_MAX : args->limit;
	struct str b = {};
	struct outfile out;
	struct cgl_report r;
	unsigned int i;
	size_t rest;
	bool *told;

	read_memcgs(&r, CGL_WANT_BASIC | CGL_WANT_ALL, NULL);
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
	if (args->out && strcmp(args->out, "-")) {
		outfile_open(&out, args->out);
		outfile_write(&out, b.s, b.len);
		outfile_commit(&out);
	} else {
		fwrite(b.s, 1, b.len, stdout);
	}
	str_free(&b);
	free(told);
	cgl_report_free(&r);
	return EXIT_OK;
}

static const struct opt opts[] = {
	OPT_O("replace this file whole; else to standard output"),
	{ OPT_MAX, "max", "N", VALUE_NUMBER, "cgroups told one by one (500), the rest summed up" },
};

const struct cmd cmd_export = {
	.name = "export",
	.synopsis = "[-o FILE] [--max N]",
	.help = "OpenMetrics text for a collector: the N largest cgroups and the rest",
	.opts = opts,
	.nr_opts = ARRAY_SIZE(opts),
	.file_out = true,
	.run = run,
};
