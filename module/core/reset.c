// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/cg_list/reset: the counters begin anew.
 *
 * A reset is about what was counted and about what the source has lost, so it
 * stands above both.
 */
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>

#include "base/admin.h"
#include "charge/table.h"
#include "core/reset.h"
#include "source/source.h"

/* One at a time. */
static DEFINE_MUTEX(cgl_reset_mutex);
static u64 cgl_since;

static void cgl_reset(void)
{
	mutex_lock(&cgl_reset_mutex);
	cgl_charge_zero();
	cgl_source_reset();
	WRITE_ONCE(cgl_since, ktime_get_ns());
	mutex_unlock(&cgl_reset_mutex);
}

static int cgl_reset_open(struct inode *inode, struct file *file)
{
	return cgl_open_admin();
}

static ssize_t cgl_reset_write(struct file *file, const char __user *ubuf,
			       size_t count, loff_t *pos)
{
	char buf[2];

	if (!count || count > sizeof(buf))
		return -EINVAL;
	if (copy_from_user(buf, ubuf, count))
		return -EFAULT;
	if (buf[0] != '1' || (count == 2 && buf[1] != '\n'))
		return -EINVAL;
	cgl_reset();
	return count;
}

const struct proc_ops cgl_reset_ops = {
	.proc_open	= cgl_reset_open,
	.proc_write	= cgl_reset_write,
	.proc_lseek	= noop_llseek,
};

/**
 * cgl_reset_time - when counting began: at loading, or the last reset
 *
 * Context: any.
 * Return: CLOCK_MONOTONIC, in nanoseconds.
 */
u64 cgl_reset_time(void)
{
	return READ_ONCE(cgl_since);
}

/**
 * cgl_reset_init - counting is about to begin
 *
 * Context: process context; before any source.
 */
void __init cgl_reset_init(void)
{
	cgl_since = ktime_get_ns();
}
