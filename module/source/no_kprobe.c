// SPDX-License-Identifier: GPL-2.0-only
/* The source for a stock kernel, where there is none. */
#include <linux/errno.h>
#include <linux/init.h>

#include "source/source.h"

/* source.c goes no further with a source that says no here. */
static int __init cgl_kprobe_probe(const char **why)
{
	*why = "it needs CONFIG_KPROBES and CONFIG_KRETPROBES, on x86-64";
	return -EOPNOTSUPP;
}

const struct cgl_source cgl_source_kprobe __refconst = {
	.name		= "kprobe",
	.probe		= cgl_kprobe_probe,
};
