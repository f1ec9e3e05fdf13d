// SPDX-License-Identifier: GPL-2.0-only
/*
 * forker: make processes or threads.
 *
 *	forker [-n AT_ONCE] [-c COUNT] [-s SECONDS] [-h] [-t] [-z]
 *
 * Fork and reap COUNT children (for ever, unless said), AT_ONCE at a time (1),
 * for at most SECONDS. -h: make AT_ONCE children, say "ready", and hold them
 * until killed. -t: threads in place of processes. -z: the children held are
 * zombies.
 */
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static bool threads;
static long failed;

static void *hold(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void *leave(void *unused)
{
	return unused;
}

/* Returns whether it was made; a refused one is counted. */
static bool make_one(bool holding, bool zombie)
{
	if (threads) {
		pthread_attr_t attr;
		pthread_t thread;
		int ret;

		pthread_attr_init(&attr);
		pthread_attr_setstacksize(&attr, 65536);
		ret = pthread_create(&thread, &attr, holding ? hold : leave, NULL);
		pthread_attr_destroy(&attr);
		if (ret) {
			failed++;
			return false;
		}
		if (!holding)
			pthread_join(thread, NULL);
		return true;
	}

	switch (fork()) {
	case -1:
		failed++;
		return false;
	case 0:
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (holding && !zombie)
			hold(NULL);
		_exit(0);
	}
	return true;
}

int main(int argc, char **argv)
{
	long at_once = 1, count = -1, made = 0, i;
	bool holding = false, zombie = false;
	time_t end = 0;
	int c;

	while ((c = getopt(argc, argv, "n:c:s:htz")) != -1) {
		switch (c) {
		case 'n': at_once = atol(optarg); break;
		case 'c': count = atol(optarg); break;
		case 's': end = time(NULL) + atol(optarg); break;
		case 'h': holding = true; break;
		case 't': threads = true; break;
		case 'z': zombie = true; break;
		default: return 2;
		}
	}
	if (holding) {
		for (i = 0; i < at_once; i++)
			if (!make_one(true, zombie))
				err(1, "after %ld", i);
		puts("ready");
		fflush(stdout);
		hold(NULL);
	}
	while ((count < 0 || made < count) && (!end || time(NULL) < end)) {
		for (i = 0; i < at_once; i++)
			made += make_one(false, false);
		while (!threads && wait(NULL) > 0)
			;
		if (failed && !made)
			errx(1, "nothing can be made");
	}
	printf("made %ld failed %ld\n", made, failed);
	return 0;
}
