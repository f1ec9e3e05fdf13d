// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/cg_list/status: what is being counted, by which hooks, since when, what
 * was lost, and what cannot be seen at all.
 */
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/time64.h>

#include <cg_list/names.h>

#include "base/compat.h"
#include "charge/table.h"
#include "core/reset.h"
#include "core/status.h"
#include "event/ring.h"
#include "source/source.h"

static int cgl_status_show(struct seq_file *m, void *v)
{
	u32 ns;
	u64 since = div_u64_rem(cgl_reset_time(), NSEC_PER_SEC, &ns);

	seq_printf(m, CGL_FORMAT_KEY " %d\n", CGL_FORMAT);
	seq_printf(m, "status source=%s fast_path=%d since=%llu.%09u",
		   cgl_source_name(), cgl_source_fast_path(), since, ns);
	seq_printf(m, " recorded=%llu overwritten=%llu",
		   cgl_events_recorded(), cgl_events_overwritten());
	seq_printf(m, " unattributed=%llu missed=%llu memory=%zu\n",
		   cgl_charge_unattributed(), cgl_source_missed(),
		   cgl_module_size(THIS_MODULE) + cgl_charge_memory() +
		   cgl_events_memory() + cgl_source_memory());
	cgl_source_status(m);
	return 0;
}

static int cgl_status_open(struct inode *inode, struct file *file)
{
	return single_open(file, cgl_status_show, NULL);
}

const struct proc_ops cgl_status_ops = {
	.proc_open	= cgl_status_open,
	.proc_read_iter	= seq_read_iter,
	.proc_lseek	= seq_lseek,
	.proc_release	= single_release,
};
