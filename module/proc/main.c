// SPDX-License-Identifier: GPL-2.0-only
/*
 * cg_list_proc.ko: /proc/PID/cg_list and /proc/PID/task/TID/cg_list for kernels
 * without the proc patch.
 *
 * The kernel keeps the files of a task in two constant tables, and hands them to
 * two functions, one that looks a name up and one that lists. Hooks at the entry
 * of these two hand them other tables: for a lookup of "cg_list" one with our
 * row alone, for a listing a copy of the kernel's with our row behind the
 * others. All else is the kernel's own code: which task it is, who may enter the
 * directory (hidepid), the inode and its owner, what becomes of it when the task
 * is gone.
 *
 * The module cannot be unloaded, so it has no exit: /proc keeps inodes as long
 * as it likes, the kernel reads inode->i_fop before it can take a reference to
 * the module that i_fop is in, and nothing exported finds those inodes or gets
 * rid of them. cg_list.ko, which prints the file, comes and goes.
 */
#define pr_fmt(fmt) "cg_list_proc: " fmt

#include <linux/fs.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/path.h>

#include "proc/hook.h"
#include "proc/table.h"

/*
 * All that can fail is done in a mount of proc that nobody else sees, while the
 * hooks answer this task alone.
 */
static int __init cgl_proc_init(void)
{
	struct file_system_type *type = get_fs_type("proc");
	struct vfsmount *mnt;
	struct path proc;
	const char *why = "no memory";
	int ret;

	mnt = type ? kern_mount(type) : ERR_PTR(-ENODEV);
	if (IS_ERR(mnt)) {
		why = "proc cannot be mounted";
		ret = PTR_ERR(mnt);
		goto err;
	}
	proc = (struct path) { .mnt = mnt, .dentry = mnt->mnt_root };
	ret = cgl_hooks_init(&why);
	if (ret)
		goto err_mount;
	ret = cgl_tables_init(&proc, &why);
	if (ret)
		goto err_hooks;
	ret = cgl_tables_try(&proc, &why);
	if (ret)
		goto err_hooks;

	cgl_hooks_release();
	kern_unmount(mnt);
	return 0;

err_hooks:
	cgl_hooks_exit();
err_mount:
	kern_unmount(mnt);
err:
	pr_err("%s: there will be no /proc/PID/cg_list: use /proc/cg_list/task\n",
	       why);
	return ret;
}

module_init(cgl_proc_init);

MODULE_DESCRIPTION("/proc/PID/cg_list for kernels without the proc patch");
MODULE_AUTHOR("cg_list developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(CGL_VERSION);
