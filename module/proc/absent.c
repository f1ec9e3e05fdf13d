// SPDX-License-Identifier: GPL-2.0-only
/*
 * cg_list_proc.ko where there is nothing for it to do, or no way to do it, so that
 * packages have the same modules for every kernel: it does not load.
 */
#define pr_fmt(fmt) "cg_list_proc: " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

static int __init cgl_proc_init(void)
{
	if (IS_ENABLED(CONFIG_PROC_PID_CG_LIST))
		pr_err("this kernel is patched and has /proc/PID/cg_list: load cg_list alone\n");
	else
		pr_err("this kernel is built without CONFIG_DYNAMIC_FTRACE_WITH_ARGS: there will be no /proc/PID/cg_list: use /proc/cg_list/task\n");
	return -EOPNOTSUPP;
}

module_init(cgl_proc_init);

MODULE_DESCRIPTION("/proc/PID/cg_list for kernels without the proc patch");
MODULE_AUTHOR("cg_list developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(CGL_VERSION);
