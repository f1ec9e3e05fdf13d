// SPDX-License-Identifier: GPL-2.0-only
/* The directory /proc/cg_list: which files it has. */
#include <linux/proc_fs.h>

#include <cg_list/names.h>

#include "core/files.h"
#include "core/reset.h"
#include "core/status.h"
#include "event/stream.h"
#include "report/memcgs.h"
#include "report/task_file.h"
#include "report/tasks.h"

static struct proc_dir_entry *cgl_dir;

static const struct cgl_file {
	const char *name;
	umode_t mode;
	const struct proc_ops *ops;
} cgl_files[] = {
#define CGL_FILE(name, mode, ...)	{ #name, mode, &cgl_##name##_ops },
	CGL_FILES(CGL_FILE)
};

/**
 * cgl_files_init - make /proc/cg_list
 *
 * Context: process context.
 * Return: 0 or -ENOMEM.
 */
int __init cgl_files_init(void)
{
	size_t i;

	cgl_dir = proc_mkdir("cg_list", NULL);
	if (!cgl_dir)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(cgl_files); i++) {
		if (proc_create(cgl_files[i].name, cgl_files[i].mode, cgl_dir,
				cgl_files[i].ops))
			continue;
		cgl_files_exit();
		return -ENOMEM;
	}
	return 0;
}

/**
 * cgl_files_exit - remove /proc/cg_list
 *
 * Sends readers of events away, waits for those inside a file's method, and
 * closes what is still open.
 *
 * Context: process context, sleeps.
 */
void cgl_files_exit(void)
{
	cgl_events_dying();
	proc_remove(cgl_dir);
}
