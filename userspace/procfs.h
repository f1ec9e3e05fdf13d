/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What /proc tells of a task without cg_list
 */
#ifndef MEMCGSTAT_PROCFS_H
#define MEMCGSTAT_PROCFS_H

#include "model.h"

char *procfs_comm(u64 pid);
u64 procfs_ns(u64 pid, enum ns_type type);
bool procfs_is_dying(u64 pid);
void procfs_report(struct report *r, u64 pid);

#endif
