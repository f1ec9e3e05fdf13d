// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/cg_list/status: what is being counted, by which hooks, since when, what
 * was lost, and what cannot be seen at all.
 */
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/time64.h>

#include "cg_list.h"
#include "charge/table.h"
#include "event/record.h"
#include "source/source.h"

static void cgl_status_escaped(struct seq_file *m, const char *s)
{
	struct cgl_out o;

	cgl_out_begin(&o, m);
	cgl_out_escaped(&o, s, strlen(s));
	cgl_out_commit(&o, m);
}

/**
 * cgl_status_hook - a line: hook name=NAME armed=0|1
 * @m: the seq_file of `status`
 * @name: the function or event that is hooked
 * @armed: whether it is at this moment
 *
 * Context: process context.
 */
void cgl_status_hook(struct seq_file *m, const char *name, bool armed)
{
	seq_puts(m, "hook name=");
	cgl_status_escaped(m, name);
	seq_printf(m, " armed=%d\n", armed);
}

/**
 * cgl_status_unseen - a line: unseen name=WHAT why=WHY
 * @m: the seq_file of `status`
 * @what: what cannot be seen
 * @why: the reason, in words
 *
 * Context: process context.
 */
void cgl_status_unseen(struct seq_file *m, const char *what, const char *why)
{
	seq_puts(m, "unseen name=");
	cgl_status_escaped(m, what);
	seq_puts(m, " why=");
	cgl_status_escaped(m, why);
	seq_putc(m, '\n');
}

/**
 * cgl_status_cost - a line: cost name=WHAT why=WHY
 * @m: the seq_file of `status`
 * @what: what costs more than it should, and how much
 * @why: the reason, in words
 *
 * Context: process context.
 */
void cgl_status_cost(struct seq_file *m, const char *what, const char *why)
{
	seq_puts(m, "cost name=");
	cgl_status_escaped(m, what);
	seq_puts(m, " why=");
	cgl_status_escaped(m, why);
	seq_putc(m, '\n');
}

static int cgl_status_show(struct seq_file *m, void *v)
{
	u32 ns;
	u64 since = div_u64_rem(cgl_charge_since(), NSEC_PER_SEC, &ns);

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
