// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the BPF iterators of iter.bpf.c cost a memory cgroup, or a task:
 *
 *	iter OBJECT NAME cgroups|tasks
 *
 * each way to walk them; what this kernel cannot load is a line that says so.
 *
 * A program is loaded and attached beforehand, as a monitor would do once; a
 * sample is one run of it, and a look at each record.
 */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "measure.h"
#include "iter.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define READS	15
#define FEW	5

/**
 * struct way - to walk them
 * @setting: in the table
 * @program: of iter.bpf.c
 */
struct way {
	const char *setting;
	const char *program;
};

/**
 * struct kind - of what is walked
 * @name: as said on the command line, and of the map
 * @record_size: what the map has of each
 * @id_offset: where in it the id is
 * @ways: to walk them
 */
struct kind {
	const char *name;
	size_t record_size;
	size_t id_offset;
	struct way ways[3];
};

static const struct kind kinds[] = {
	{
		"cgroups", sizeof(struct cgroup_record),
		offsetof(struct cgroup_record, id),
		{
			{ "bpf",	"cgroups_probe" },
			{ "bpf-cast",	"cgroups_cast" },
			{ "bpf-loop",	"cgroups_loop" },
		},
	},
	{
		"tasks", sizeof(struct task_record),
		offsetof(struct task_record, id),
		{
			{ "bpf",	"tasks_probe" },
			{ "bpf-cast",	"tasks_cast" },
			{ "bpf-loop",	"tasks_loop" },
		},
	},
};

static const char *what;

/* Whether the kernel has its pages in generations, as a bit of this file says. */
static bool has_generations(void)
{
	FILE *f = fopen("/sys/kernel/mm/lru_gen/enabled", "r");
	unsigned int enabled = 0;

	if (f) {
		if (fscanf(f, "%x", &enabled) != 1)
			enabled = 0;
		fclose(f);
	}
	return enabled & 1;
}

/* The object with only one of its programs loaded; NULL if that cannot be. */
static struct bpf_object *load(const char *file, const char *name)
{
	struct bpf_object *o = bpf_object__open_file(file, NULL);
	struct bpf_program *prog, *wanted;

	if (!o)
		return NULL;
	wanted = bpf_object__find_program_by_name(o, name);
	bpf_object__for_each_program(prog, o)
		bpf_program__set_autoload(prog, prog == wanted);
	return bpf_object__load(o) ? NULL : o;
}

static struct bpf_link *attach(struct bpf_program *prog, const struct kind *kind)
{
	LIBBPF_OPTS(bpf_iter_attach_opts, opts);
	union bpf_iter_link_info info = {};

	if (!strcmp(kind->name, "cgroups")) {
		info.cgroup.order = BPF_CGROUP_ITER_DESCENDANTS_PRE;
		info.cgroup.cgroup_fd = open("/sys/fs/cgroup", O_RDONLY);
		opts.link_info = &info;
		opts.link_info_len = sizeof(info);
	}
	return bpf_program__attach_iter(prog, &opts);
}

/* A map of the program's, mapped; NULL if that cannot be. */
static void *map_of(struct bpf_object *o, const char *name, size_t size, int prot)
{
	struct bpf_map *map = bpf_object__find_map_by_name(o, name);
	void *p = MAP_FAILED;

	if (map)
		p = mmap(NULL, size, prot, MAP_SHARED, bpf_map__fd(map), 0);
	return p == MAP_FAILED ? NULL : p;
}

/* Runs the program for them all; -1 if that went wrong. */
static int run(struct bpf_program *prog, struct bpf_link *link)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	char buf[64];
	ssize_t n;
	int fd;

	if (!link) {
		if (bpf_prog_test_run_opts(bpf_program__fd(prog), &opts))
			return -1;
		return opts.retval ? -1 : 0;
	}
	fd = bpf_iter_create(bpf_link__fd(link));
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		;
	close(fd);
	return n ? -1 : 0;
}

/*
 * All ways must find as many: @seen is what the first found; a few may come and
 * go. NULL, or why there is no number.
 */
static const char *measure(const char *file, const struct kind *kind,
			   const struct way *way, __u64 *seen)
{
	static struct samples s;
	struct bpf_program *prog;
	struct bpf_link *link = NULL;
	struct bpf_object *o;
	const char *records;
	struct iter_state *state;
	__u64 sum, i;
	int n;

	s.n = 0;
	o = load(file, way->program);
	if (!o)
		return "the program does not load here";
	prog = bpf_object__find_program_by_name(o, way->program);
	/* The others are run by a system call. */
	if (bpf_program__type(prog) == BPF_PROG_TYPE_TRACING) {
		link = attach(prog, kind);
		if (!link)
			return "it cannot be attached";
	}
	state = map_of(o, ".bss", sizeof(*state), PROT_READ | PROT_WRITE);
	records = map_of(o, kind->name, kind->record_size * ITER_MAX, PROT_READ);
	if (!state || !records)
		return "it cannot be mapped";
	state->generations = has_generations();

	for (n = 0; n < READS; n++) {
		long long begin = now();

		state->nr = 0;
		if (run(prog, link))
			return "it cannot be run";
		sum = 0;
		for (i = 0; i < state->nr; i++)
			sum += *(__u64 *)(records + i * kind->record_size +
					  kind->id_offset);
		sample(&s, now() - begin);
	}
	if (!state->nr || !sum)
		return "it found none";
	if (!*seen)
		*seen = state->nr;
	if (llabs((long long)(state->nr - *seen)) > FEW)
		return "it found more or less than the first";
	result("read", what, way->setting, (double)median(&s) / state->nr);
	bpf_link__destroy(link);
	bpf_object__close(o);
	return NULL;
}

int main(int argc, char **argv)
{
	const struct kind *kind = NULL;
	__u64 seen = 0;
	size_t i;

	for (i = 0; argc == 4 && i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(argv[3], kinds[i].name))
			kind = &kinds[i];
	if (!kind) {
		fprintf(stderr, "usage: iter OBJECT NAME cgroups|tasks\n");
		return 2;
	}
	what = argv[2];
	for (i = 0; i < ARRAY_SIZE(kind->ways); i++) {
		const struct way *way = &kind->ways[i];
		const char *why = measure(argv[1], kind, way, &seen);

		if (why)
			result_missing("read", what, way->setting, why);
	}
	return 0;
}
