// SPDX-License-Identifier: GPL-2.0-only
/* Lines of /proc/cg_list/status that every floor may add. */
#include <linux/seq_file.h>

#include "base/out.h"
#include "base/status_line.h"

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
