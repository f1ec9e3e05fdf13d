/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stacks of the next events to the kernel log.
 */
#ifndef CGL_DUMP_H
#define CGL_DUMP_H

#include "event/record.h"

bool cgl_dumps_wanted(enum cgl_event_type type);
void cgl_dumps_add(const struct cgl_record *rec);
void cgl_dumps_exit(void);
unsigned int cgl_stack_dumps(void);
int cgl_set_stack_dumps(unsigned int nr);

#endif /* CGL_DUMP_H */
