/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A record: samples and events over time, in a file
 */
#ifndef MEMCGSTAT_RECORD_H
#define MEMCGSTAT_RECORD_H

#include "model.h"

#define RECORD_VERSION 1

struct record_writer {
	int fd;
	char *part;		/* what is written to, until it is whole */
	const char *path;
	struct report last;	/* what the file says so far */
	u64 samples;
	u64 size;		/* bytes of whole samples */
};

void record_create(struct record_writer *w, const char *path, const char *about);
void record_sample(struct record_writer *w, double time, const struct report *now,
		   const struct str *events);
void record_note(struct record_writer *w, const char *line);
void record_finish(struct record_writer *w);

/* A record as it is read: the state after each sample. */
struct record {
	u64 version;
	u64 pid;		/* the process it is about, ABSENT: none */
	double start;		/* CLOCK_MONOTONIC of the first sample */
	u64 samples;
	bool cut;		/* the end is missing */
	char *how, *limiter;	/* how the process ended */
	double ended;
	/* the state; its events are those since the sample before */
	struct report now;
	double time;
	void (*sample)(struct record *rec, void *arg);
	void *arg;
	bool in_sample;
	bool finished;
};

void record_read(struct record *rec, const char *path,
		 void (*sample)(struct record *rec, void *arg), void *arg);
void record_free(struct record *rec);

#endif
