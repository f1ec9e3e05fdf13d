/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An event as a line.
 */
#ifndef CGL_LINE_H
#define CGL_LINE_H

#include "base/cgroup.h"
#include "base/out.h"
#include "event/record.h"

extern const char *const cgl_event_type_name[CGL_NR_EVENT_TYPES];
size_t cgl_symbol(char *buf, size_t size, unsigned long addr);
void cgl_out_event(struct cgl_out *o, const struct cgl_reader *r,
		   const struct cgl_record *rec);

#endif /* CGL_LINE_H */
