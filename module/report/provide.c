// SPDX-License-Identifier: GPL-2.0-only
/*
 * Becoming the provider of /proc/PID/cg_list: of the proc patch, or of
 * cg_list_proc.ko on a kernel without it. That module can be there before this
 * one, come later, or be missing; /proc/cg_list/task is there in any case.
 */
#define pr_fmt(fmt) "cg_list: " fmt

#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/string.h>

#include "base/compat.h"
#include "report/provide.h"
#include "report/report.h"

static const struct cg_list_provider cgl_provider = {
	.version	= CG_LIST_VERSION,
	.start		= cgl_report_start,
	.next		= cgl_report_next,
	.show		= cgl_report_show,
};

static int cgl_registered(int ret)
{
	if (ret == -EBUSY)
		pr_err("another module serves /proc/PID/cg_list: unload it first\n");
	return ret;
}

#if CGL_HAVE_PROC

/**
 * cgl_provide_init - serve /proc/PID/cg_list, where the kernel has it
 *
 * Context: process context, sleeps.
 * Return: 0 or a negative errno.
 */
int __init cgl_provide_init(void)
{
	return cgl_registered(cg_list_register(&cgl_provider));
}

/**
 * cgl_provide_exit - stop serving; waits for readers
 *
 * Context: process context, sleeps.
 */
void cgl_provide_exit(void)
{
	cg_list_unregister(&cgl_provider);
}

#else /* !CGL_HAVE_PROC */

#define CGL_PROC_MODULE		"cg_list_proc"

static bool cgl_proc_file = true;
module_param_named(proc_file, cgl_proc_file, bool, 0444);
MODULE_PARM_DESC(proc_file, "load cg_list_proc, for /proc/PID/cg_list (default 1)");

static DEFINE_MUTEX(cgl_provide_mutex);
/* What ends it; NULL while this module is not the provider. */
static void (*cgl_unregister)(const struct cg_list_provider *provider);

/* Becomes the provider; -ENOENT if there is nothing to be provider of. */
static int cgl_provide(void)
{
	void (*unregister_from)(const struct cg_list_provider *provider);
	int (*register_with)(const struct cg_list_provider *provider);
	int ret = 0;

	mutex_lock(&cgl_provide_mutex);
	if (cgl_unregister)
		goto out;
	ret = -ENOENT;
	register_with = symbol_get(cg_list_register);
	if (!register_with)
		goto out;
	unregister_from = symbol_get(cg_list_unregister);
	if (unregister_from) {
		ret = register_with(&cgl_provider);
		if (ret)
			symbol_put(cg_list_unregister);
		else
			cgl_unregister = unregister_from;
	}
	symbol_put(cg_list_register);
out:
	mutex_unlock(&cgl_provide_mutex);
	/* That one is from another version: this one still has `task`. */
	return ret == -EPROTO ? 0 : cgl_registered(ret);
}

static int cgl_module_event(struct notifier_block *nb, unsigned long event,
			    void *data)
{
	const struct module *mod = data;

	if (event == MODULE_STATE_LIVE && !strcmp(mod->name, CGL_PROC_MODULE))
		cgl_provide();
	return NOTIFY_OK;
}

static struct notifier_block cgl_module_nb = {
	.notifier_call	= cgl_module_event,
};

int __init cgl_provide_init(void)
{
	int ret;

	ret = register_module_notifier(&cgl_module_nb);
	if (ret)
		return ret;
	ret = cgl_provide();
	if (ret == -ENOENT) {
		/* That module says itself why it cannot be had. */
		if (cgl_proc_file)
			request_module(CGL_PROC_MODULE);
		return 0;
	}
	if (ret)
		unregister_module_notifier(&cgl_module_nb);
	return ret;
}

void cgl_provide_exit(void)
{
	unregister_module_notifier(&cgl_module_nb);
	if (!cgl_unregister)
		return;
	cgl_unregister(&cgl_provider);
	symbol_put(cg_list_unregister);
}

#endif
