// SPDX-License-Identifier: GPL-2.0-only
/*
 * cgns: run a program in a new cgroup namespace, whose root is the cgroups
 * that it is in now.
 *
 *	cgns [-N] [-u UID] [-n NAME] PROGRAM [ARGUMENT]...
 *
 * -u: as this user. -N: no new namespace. -n: sleep under this comm in place
 * of a program (\n and other escapes as in printf(1)).
 */
#define _GNU_SOURCE
#include <err.h>
#include <grp.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* The escapes \n, \t, \e, \\ and \ooo, in place. */
static void unescape(char *s)
{
	char *out = s;

	for (; *s; s++) {
		if (*s != '\\' || !s[1]) {
			*out++ = *s;
			continue;
		}
		s++;
		switch (*s) {
		case 'n': *out++ = '\n'; break;
		case 't': *out++ = '\t'; break;
		case 'e': *out++ = 033; break;
		case '0' ... '7': {
			int i, v = 0;

			for (i = 0; i < 3 && *s >= '0' && *s <= '7'; i++)
				v = v * 8 + *s++ - '0';
			s--;
			*out++ = v;
			break;
		}
		default: *out++ = *s;
		}
	}
	*out = 0;
}

int main(int argc, char **argv)
{
	bool new_namespace = true;
	char *name = NULL;
	long uid = -1;
	int c;

	while ((c = getopt(argc, argv, "+u:n:N")) != -1) {
		switch (c) {
		case 'u': uid = atol(optarg); break;
		case 'n': name = optarg; break;
		case 'N': new_namespace = false; break;
		default: return 2;
		}
	}
	if (new_namespace && unshare(CLONE_NEWCGROUP))
		err(1, "unshare");
	if (uid >= 0 && (setgroups(0, NULL) || setgid(uid) || setuid(uid)))
		err(1, "user %ld", uid);
	if (name) {
		unescape(name);
		if (prctl(PR_SET_NAME, name))
			err(1, "prctl");
		for (;;)
			pause();
	}
	if (optind == argc)
		errx(2, "no program");
	execvp(argv[optind], argv + optind);
	err(127, "%s", argv[optind]);
}
