/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines of /proc/cg_list/status that every floor may add. */
#ifndef CGL_STATUS_LINE_H
#define CGL_STATUS_LINE_H

#include <linux/seq_file.h>

void cgl_status_hook(struct seq_file *m, const char *name, bool armed);
void cgl_status_unseen(struct seq_file *m, const char *what, const char *why);
void cgl_status_cost(struct seq_file *m, const char *what, const char *why);

#endif /* CGL_STATUS_LINE_H */
