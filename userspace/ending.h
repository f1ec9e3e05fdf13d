/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a process ended, and whose limit it was
 */
#ifndef MEMCGSTAT_ENDING_H
#define MEMCGSTAT_ENDING_H

#include <signal.h>

#include "reader.h"

enum how {
	ENDED_UNKNOWN,		/* nothing tells */
	ENDED_EXITED,		/* not killed for memory */
	ENDED_KILLED,		/* killed for memory */
};

struct ending {
	enum how how;
	char *limiter;		/* path; NULL: the machine's memory, or unknown */
	bool global;		/* no limit: the machine was out of memory */
	const char *counter;	/* the counter that refused, or NULL */
	char *by;		/* who caused the kill, "PID (comm)", or NULL */
	int status;		/* as from wait(); -1: unknown */
};

struct evidence {
	u64 kills;
	u64 ooms;
	u64 fails;
	u64 memsw_fails;
};

/* What is watched, from before the process ends. */
struct ending_watch {
	u64 pid;
	int events;		/* the stream, -1: may not be read */
	struct cgl_parser *parser;
	bool overtaken;
	struct event kill;
	int stat;		/* /proc/PID/stat */
	struct cgdir dir[MAX_LEVELS];
	struct evidence before[MAX_LEVELS];
	unsigned int nr;
};

bool ending_wait(int pidfd, double until, const sigset_t *mask,
		 const sig_atomic_t *stop);
void ending_open(struct ending_watch *w, u64 pid);
void ending_tick(struct ending_watch *w, const char *path);
void ending_tell(struct ending_watch *w, struct ending *e);
void ending_close(struct ending_watch *w);
void ending_free(struct ending *e);

#endif
