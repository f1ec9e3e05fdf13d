/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Moves of tasks between cgroups, seen with kprobes: a part of that source, for
 * a kernel without the trace event that tells them.
 */
#ifndef CGL_MOVES_H
#define CGL_MOVES_H

#include <linux/seq_file.h>

int cgl_moves_find(void);
int cgl_moves_arm(unsigned int *armed);
void cgl_moves_disarm(void);
u64 cgl_moves_missed(void);
size_t cgl_moves_memory(void);
void cgl_moves_status(struct seq_file *m);

#endif /* CGL_MOVES_H */
