// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding functions in a kernel whose symbols are not exported, and trying whether
 * a kprobe can sit at an address. What is inside of a function is the
 * architecture's: x86/site.c.
 */
#include <linux/init.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "probe/site.h"

/* Disabled ones, from having been tried. */
static struct kprobe cgl_tried[16] __initdata;
static int cgl_nr_tried __initdata;

/**
 * cgl_sites_done - nothing more is looked for, for now
 *
 * Unregisters what it took to look: all at once, since that takes an RCU grace
 * period.
 *
 * Context: process context, sleeps; while the module is loaded, as all here.
 */
void __init cgl_sites_done(void)
{
	struct kprobe *kps[ARRAY_SIZE(cgl_tried)];
	int i;

	for (i = 0; i < cgl_nr_tried; i++)
		kps[i] = &cgl_tried[i];
	unregister_kprobes(kps, cgl_nr_tried);
	cgl_nr_tried = 0;
}

/**
 * cgl_can_probe - whether a kprobe can be put there; arms nothing
 * @addr: the address
 *
 * Context: process context, sleeps; while the module is loaded, as all here.
 * Return: 1, 0 or -ENOMEM.
 */
int __init cgl_can_probe(unsigned long addr)
{
	struct kprobe *kp;
	int ret;

	if (cgl_nr_tried == ARRAY_SIZE(cgl_tried))
		cgl_sites_done();
	kp = &cgl_tried[cgl_nr_tried];
	*kp = (struct kprobe) {
		.addr	= (kprobe_opcode_t *)addr,
		.flags	= KPROBE_FLAG_DISABLED,
	};
	ret = register_kprobe(kp);
	if (ret)
		return ret == -ENOMEM ? ret : 0;
	cgl_nr_tried++;
	return 1;
}

/**
 * cgl_text_address - the address of a function, also one nobody may probe
 * @name: its symbol
 *
 * kallsyms_lookup_name() is not exported. register_kprobe() looks up the
 * symbol before all else, and leaves the address even if it then refuses: as it
 * does inside of an instruction, which the first one of a function mostly is
 * long enough for. It would take an RCU grace period to unregister it again.
 *
 * Context: process context, sleeps; while the module is loaded, as all here.
 * Return: the address, or 0.
 */
unsigned long __init cgl_text_address(const char *name)
{
	struct kprobe kp = {
		.symbol_name	= name,
		.offset		= 1,
		.flags		= KPROBE_FLAG_DISABLED,
	};

	if (!register_kprobe(&kp))
		unregister_kprobe(&kp);
	return kp.addr ? (unsigned long)kp.addr - kp.offset : 0;
}

/**
 * cgl_func_find - find a function's text
 * @name: its symbol
 * @func: where to put it
 *
 * Context: process context, sleeps; while the module is loaded, as all here.
 * Return: 0, -ENOENT if it was inlined or is called otherwise, or -ENOMEM.
 */
int __init cgl_func_find(const char *name, struct cgl_func *func)
{
	unsigned long addr = cgl_text_address(name), off;
	int ret = -ENOENT;
	char *buf, *p;

	func->size = 0;
	if (!addr)
		return -ENOENT;
	buf = kmalloc(KSYM_SYMBOL_LEN, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;

	/* symbol+offset/size */
	sprint_symbol(buf, addr);
	p = strrchr(buf, '+');
	if (p && sscanf(p, "+%lx/%lx", &off, &func->size) == 2) {
		func->start = addr - off;
		ret = 0;
	}
	kfree(buf);
	return ret;
}
