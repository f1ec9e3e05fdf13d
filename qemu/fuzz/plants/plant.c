// SPDX-License-Identifier: GPL-2.0-only
/*
 * A planted bug that proves the fuzzer, loaded into its test guests only: the
 * kernel panics when a task unshares its UTS and PID namespaces in one call.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>

static int plant_unshare(struct kprobe *p, struct pt_regs *regs)
{
	if ((regs->di & CLONE_NEWUTS) && (regs->di & CLONE_NEWPID))
		panic("plant: unshare of UTS and PID namespaces");
	return 0;
}

static struct kprobe plant_probe = {
	.symbol_name	= "ksys_unshare",
	.pre_handler	= plant_unshare,
};

static int __init plant_init(void)
{
	return register_kprobe(&plant_probe);
}

static void __exit plant_exit(void)
{
	unregister_kprobe(&plant_probe);
}

module_init(plant_init);
module_exit(plant_exit);

MODULE_DESCRIPTION("A planted bug for the fuzzer's own test");
MODULE_LICENSE("GPL");
