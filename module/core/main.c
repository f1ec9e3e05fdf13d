// SPDX-License-Identifier: GPL-2.0-only
/* How the parts of cg_list come up and, backwards, go down. */
#define pr_fmt(fmt) "cg_list: " fmt

#include <linux/init.h>
#include <linux/module.h>

#include "charge/table.h"
#include "core/files.h"
#include "core/knobs.h"
#include "core/reset.h"
#include "event/ring.h"
#include "report/provide.h"
#include "source/source.h"

static int __init cgl_init(void)
{
	int ret;

	/*
	 * Where a probe is hit nobody may sleep, and with PREEMPT_RT an allocation
	 * does, as do most locks.
	 */
	if (IS_ENABLED(CONFIG_PREEMPT_RT)) {
		pr_err("not for a kernel with PREEMPT_RT, where locks sleep that are taken by probes: boot another one\n");
		return -EOPNOTSUPP;
	}
	ret = cgl_charge_init();
	if (ret)
		return ret;
	ret = cgl_events_init();
	if (ret)
		goto err_charge;
	cgl_reset_init();
	ret = cgl_source_init();
	if (ret)
		goto err_events;
	ret = cgl_knobs_init();
	if (ret)
		goto err_source;
	ret = cgl_files_init();
	if (ret)
		goto err_knobs;
	ret = cgl_provide_init();
	if (ret)
		goto err_files;
	return 0;

err_files:
	cgl_files_exit();
err_knobs:
	cgl_knobs_exit();
err_source:
	cgl_source_exit();
err_events:
	cgl_events_exit();
err_charge:
	cgl_charge_exit();
	return ret;
}

static void __exit cgl_exit(void)
{
	cgl_provide_exit();
	cgl_files_exit();
	cgl_knobs_exit();
	cgl_source_exit();
	cgl_events_exit();
	cgl_charge_exit();
}

module_init(cgl_init);
module_exit(cgl_exit);

MODULE_DESCRIPTION("Everything about a task's control groups, in one read");
MODULE_AUTHOR("cg_list developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(CGL_VERSION);
