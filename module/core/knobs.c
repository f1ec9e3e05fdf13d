// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/sys/cg_list: what may be changed while the module runs.
 *
 * The kernel's own handlers take "1 junk" for 1 and a negative number for a
 * huge one; here anything but an allowed number is EINVAL and changes nothing.
 * Writing takes CAP_SYS_ADMIN, as the files of /proc/cg_list do.
 */
#include <linux/capability.h>
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/sysctl.h>

#include <cg_list/names.h>

#include "base/compat.h"
#include "core/knobs.h"
#include "event/dump.h"
#include "source/source.h"

/**
 * struct cgl_knob - what a file stands for
 * @get: the number now
 * @set: changes it; 0 or an error, and then it is as before
 */
struct cgl_knob {
	unsigned int (*get)(void);
	int (*set)(unsigned int value);
};

static unsigned int cgl_get_fast_path(void)
{
	return cgl_source_fast_path();
}

static int cgl_set_fast_path(unsigned int value)
{
	if (value > CGL_FAST_ORIGIN)
		return -EINVAL;
	return cgl_source_set_fast_path(value);
}

static int cgl_set_dumps(unsigned int value)
{
	if (value > CGL_STACK_DUMPS_MAX)
		return -EINVAL;
	return cgl_set_stack_dumps(value);
}

static const struct cgl_knob cgl_knob_stack_dumps = {
	.get	= cgl_stack_dumps,
	.set	= cgl_set_dumps,
};

static const struct cgl_knob cgl_knob_fast_path = {
	.get	= cgl_get_fast_path,
	.set	= cgl_set_fast_path,
};

/* Decimal digits, and at most a newline behind them. */
static int cgl_parse_knob(const char *buf, size_t len, unsigned int *value)
{
	/* sysctl has put a NUL behind what was written. */
	if (!isdigit(buf[0]) || strnlen(buf, len) != len)
		return -EINVAL;
	return kstrtouint(buf, 10, value) ? -EINVAL : 0;
}

static int cgl_knob_handler(cgl_ctl_table *table, int write, void *buffer,
			    size_t *lenp, loff_t *ppos)
{
	const struct cgl_knob *knob = table->extra1;
	unsigned int value;
	struct ctl_table copy = {
		.procname	= table->procname,
		.data		= &value,
		.maxlen		= sizeof(value),
		.mode		= table->mode,
	};
	int ret;

	if (!write) {
		value = knob->get();
		return proc_douintvec(&copy, 0, buffer, lenp, ppos);
	}
	/* Mode bits are root's, whatever root has left of its capabilities. */
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (*ppos || !*lenp)
		return -EINVAL;
	ret = cgl_parse_knob(buffer, *lenp, &value);
	if (ret)
		return ret;
	ret = knob->set(value);
	if (!ret)
		*ppos += *lenp;
	return ret;
}

static struct ctl_table cgl_knobs[] = {
	{
		.procname	= "stack_dumps",
		.mode		= 0644,
		.proc_handler	= cgl_knob_handler,
		.extra1		= (void *)&cgl_knob_stack_dumps,
	},
	{
		.procname	= "fast_path",
		.mode		= 0644,
		.proc_handler	= cgl_knob_handler,
		.extra1		= (void *)&cgl_knob_fast_path,
	},
	CGL_SYSCTL_SENTINEL
};

static struct ctl_table_header *cgl_knobs_header;

/**
 * cgl_knobs_init - make /proc/sys/cg_list
 *
 * Context: process context.
 * Return: 0 or -ENOMEM.
 */
int __init cgl_knobs_init(void)
{
	cgl_knobs_header = register_sysctl("cg_list", cgl_knobs);
	return cgl_knobs_header ? 0 : -ENOMEM;
}

/**
 * cgl_knobs_exit - remove /proc/sys/cg_list
 *
 * Waits for those inside a handler.
 *
 * Context: process context, sleeps.
 */
void cgl_knobs_exit(void)
{
	unregister_sysctl_table(cgl_knobs_header);
}
