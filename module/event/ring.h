/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ring of events: where a source puts them, and readers find them.
 */
#ifndef CGL_RING_H
#define CGL_RING_H

#include <linux/types.h>
#include <linux/wait.h>

#include "event/record.h"

/* What cgl_ring_read() finds at a position. */
enum cgl_ring_state {
	CGL_RING_READY,
	CGL_RING_EMPTY,
	CGL_RING_OVERTAKEN,
};

void cgl_event_record(const struct cgl_event *e);

extern struct wait_queue_head cgl_ring_wait;
enum cgl_ring_state cgl_ring_peek(s64 pos);
enum cgl_ring_state cgl_ring_read(s64 pos, struct cgl_record *rec);
const struct cgl_record *cgl_ring_at(s64 pos);
s64 cgl_ring_head(void);
s64 cgl_ring_oldest(void);

u64 cgl_events_recorded(void);
u64 cgl_events_overwritten(void);
size_t cgl_events_memory(void);
int cgl_events_init(void);
void cgl_events_exit(void);

#endif /* CGL_RING_H */
