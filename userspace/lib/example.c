// SPDX-License-Identifier: GPL-2.0-only
/*
 * An example of libcg_list: what a process may still charge, and whose limit
 * stands in the way.
 *
 *	cc example.c $(pkg-config --cflags --libs libcg_list) && ./a.out PID
 */
#include <stdio.h>
#include <stdlib.h>

#include <cg_list.h>

int main(int argc, char **argv)
{
	struct cgl_report r;
	struct cgl_limit l;
	struct cgl *c;
	cgl_u64 pid;

	if (argc < 2 || argc > 3 || !cgl_parse_number(argv[1], &pid)) {
		fprintf(stderr, "usage: example PID [SAVED_TREE]\n");
		return 2;
	}
	c = cgl_new(argc > 2 ? argv[2] : NULL);
	if (!c) {
		perror("example");
		return 1;
	}
	if (cgl_read_task(c, &r, pid, CGL_WANT_BASIC)) {
		fprintf(stderr, "example: %s\n", cgl_error(c));
		cgl_report_free(&r);
		cgl_free(c);
		return 1;
	}
	if (r.nr_memcgs && cgl_limit_next(&r, &r.memcgs[0], CGL_LIMIT_HARD, &l))
		printf("%llu bytes are left of the limit of %s\n", l.left,
		       l.memcg->path ? l.memcg->path : "a cgroup not named");
	else
		printf("no limit is set\n");
	cgl_report_free(&r);
	cgl_free(c);
	return 0;
}
