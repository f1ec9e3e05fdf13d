/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The report on a task, and the sections of a memory cgroup.
 */
#ifndef CGL_REPORT_H
#define CGL_REPORT_H

#include <linux/seq_file.h>

#include "base/cgroup.h"
#include "base/compat.h"
#include "base/out.h"

int cgl_report_start(struct cg_list_report *report, loff_t *step);
bool cgl_report_next(struct cg_list_report *report, loff_t *step);
int cgl_report_show(struct seq_file *m, struct cg_list_report *report,
		    loff_t step);
bool cgl_show_memcg(struct cgl_out *o, const struct cgl_reader *r,
		    struct mem_cgroup *memcg, unsigned int *section,
		    unsigned int *part);

#endif /* CGL_REPORT_H */
