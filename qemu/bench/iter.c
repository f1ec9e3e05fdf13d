// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the BPF iterator of iter.bpf.c costs a memory cgroup:
 *
 *	iter OBJECT NAME
 *
 * by each of the object's two programs, of which only the first runs on 6.1.
 *
 * The program is loaded and attached beforehand, as a monitor would do once; a
 * sample is one read of it, and a look at each record.
 */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "measure.h"
#include "iter.h"

#define READS	5

static const char *group_what;
static const char *setting;

static void missing(const char *why)
{
	result_missing("read", group_what, setting, why);
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

static struct bpf_link *attach(struct bpf_object *o, const char *name)
{
	struct bpf_program *prog = bpf_object__find_program_by_name(o, name);
	union bpf_iter_link_info info = {
		.cgroup.order		= BPF_CGROUP_ITER_DESCENDANTS_PRE,
		.cgroup.cgroup_fd	= open("/sys/fs/cgroup", O_RDONLY),
	};
	LIBBPF_OPTS(bpf_iter_attach_opts, opts,
		    .link_info = &info, .link_info_len = sizeof(info));

	return prog ? bpf_program__attach_iter(prog, &opts) : NULL;
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

static void measure(const char *file, const char *name)
{
	static struct samples s;
	struct bpf_object *o;
	struct bpf_link *link;
	struct record *records;
	__u64 *nr, sum = 0, i;
	char buf[64];
	int n;

	s.n = 0;
	o = load(file, name);
	if (!o) {
		missing("the program does not load here");
		return;
	}
	link = attach(o, name);
	nr = map_of(o, ".bss", sizeof(*nr), PROT_READ | PROT_WRITE);
	records = map_of(o, "records", sizeof(*records) * ITER_MAX, PROT_READ);
	if (!link || !nr || !records) {
		missing("it cannot be attached or mapped");
		return;
	}

	for (n = 0; n < READS; n++) {
		long long begin = now();
		int fd;

		*nr = 0;
		fd = bpf_iter_create(bpf_link__fd(link));
		while (read(fd, buf, sizeof(buf)) > 0)
			;
		close(fd);
		for (i = 0; i < *nr; i++)
			sum += records[i].id;
		sample(&s, now() - begin);
	}
	if (!*nr || !sum) {
		missing("it found no cgroups");
		return;
	}
	result("read", group_what, setting, (double)median(&s) / *nr);
	bpf_link__destroy(link);
	bpf_object__close(o);
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: iter OBJECT NAME\n");
		return 2;
	}
	group_what = argv[2];
	setting = "bpf";
	measure(argv[1], "collect");
	setting = "bpf-cast";
	measure(argv[1], "collect_cast");
	return 0;
}
