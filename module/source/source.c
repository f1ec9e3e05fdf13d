// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which source feeds the counters and the events: the first one in the table
 * that this kernel can serve, or the one that the user insists on. Without any,
 * the module still tells what a task and its memory cgroups are.
 */
#define pr_fmt(fmt) "cg_list: " fmt

#include <linux/memcontrol.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>

#include "base/status_line.h"
#include "source/source.h"

static char *cgl_source_wanted = "auto";
module_param_named(source, cgl_source_wanted, charp, 0444);
MODULE_PARM_DESC(source, "what sees charges: auto, tracepoint (needs the patched kernel) or kprobe");

/* The better one first. */
static const struct cgl_source *const cgl_sources[] = {
	&cgl_source_tracepoint,
	&cgl_source_kprobe,
};

/* Why each of them is not the one, NULL if it was not asked. */
static const char *cgl_why_not[ARRAY_SIZE(cgl_sources)];

/* One change at a time. The pointer is set before and cleared after all use. */
static DEFINE_MUTEX(cgl_source_mutex);
static const struct cgl_source *cgl_source;
static int cgl_fast_path;

static int __init cgl_source_start(const struct cgl_source *source, const char **why)
{
	int ret;

	ret = source->probe(why);
	if (ret)
		return ret;
	ret = source->watch();
	if (ret) {
		*why = "memory cgroups cannot be watched coming and going";
		return ret;
	}
	ret = source->attach();
	if (ret) {
		*why = "its hooks cannot be armed";
		goto err_unwatch;
	}
	if (source->fast_path) {
		ret = source->set_fast_path(CGL_FAST_NONE, source->fast_path);
		if (ret) {
			*why = "its hooks on the fast path cannot be armed";
			goto err_detach;
		}
	}
	WRITE_ONCE(cgl_fast_path, source->fast_path);
	WRITE_ONCE(cgl_source, source);
	return 0;

err_detach:
	source->detach();
err_unwatch:
	source->unwatch();
	return ret;
}

static bool __init cgl_source_is_wanted(const char *name)
{
	return !strcmp(cgl_source_wanted, name);
}

static bool __init cgl_source_wanted_valid(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cgl_sources); i++)
		if (cgl_source_is_wanted(cgl_sources[i]->name))
			return true;
	return cgl_source_is_wanted("auto");
}

/**
 * cgl_source_init - begin to count
 *
 * Context: process context, may sleep; after cgl_charge_init() and cgl_events_init().
 * Return: 0, also if nothing can be seen and the user did not insist; -EINVAL
 * for a name that is none; what a source that the user insists on says.
 */
int __init cgl_source_init(void)
{
	bool any = cgl_source_is_wanted("auto");
	unsigned int i;
	int ret;

	if (!cgl_source_wanted_valid()) {
		pr_err("source=%s: must be auto, tracepoint or kprobe\n",
		       cgl_source_wanted);
		return -EINVAL;
	}

	for (i = 0; i < ARRAY_SIZE(cgl_sources); i++) {
		const struct cgl_source *source = cgl_sources[i];

		if (!any && !cgl_source_is_wanted(source->name))
			continue;
		if (mem_cgroup_disabled()) {
			cgl_why_not[i] = "the memory controller is disabled";
			ret = -EOPNOTSUPP;
		} else {
			ret = cgl_source_start(source, &cgl_why_not[i]);
		}
		if (!ret)
			return 0;
		if (!any) {
			pr_err("source=%s: this kernel cannot serve it: %s (%d)\n",
			       source->name, cgl_why_not[i], ret);
			return ret;
		}
		if (ret == -ENOMEM)
			return ret;
	}

	for (i = 0; i < ARRAY_SIZE(cgl_sources); i++)
		pr_warn("charges are not counted: source %s: %s\n",
			cgl_sources[i]->name, cgl_why_not[i]);
	return 0;
}

/**
 * cgl_source_exit - stop counting
 *
 * When it returns nothing runs any more that counts or records.
 *
 * Context: process context, sleeps.
 */
void cgl_source_exit(void)
{
	const struct cgl_source *source = cgl_source;

	if (!source)
		return;
	WRITE_ONCE(cgl_source, NULL);
	WRITE_ONCE(cgl_fast_path, CGL_FAST_NONE);
	source->detach();
	source->unwatch();
}

/**
 * cgl_source_set_fast_path - which charges are counted besides the slow ones
 * @fast_path: an enum cgl_fast_path
 *
 * Context: process context, may sleep.
 * Return: 0; -EINVAL for what the source in use cannot do; -ENOMEM.
 */
int cgl_source_set_fast_path(int fast_path)
{
	const struct cgl_source *source = READ_ONCE(cgl_source);
	int max = source ? source->fast_path_max : CGL_FAST_NONE;
	int ret = 0;

	if (fast_path < CGL_FAST_NONE || fast_path > max)
		return -EINVAL;

	mutex_lock(&cgl_source_mutex);
	if (fast_path != cgl_fast_path)
		ret = source->set_fast_path(cgl_fast_path, fast_path);
	if (!ret)
		WRITE_ONCE(cgl_fast_path, fast_path);
	mutex_unlock(&cgl_source_mutex);
	return ret;
}

/**
 * cgl_source_fast_path - which charges are counted now
 *
 * Return: an enum cgl_fast_path.
 */
int cgl_source_fast_path(void)
{
	return READ_ONCE(cgl_fast_path);
}

/**
 * cgl_source_counters - which counters can be known now
 *
 * Return: a set of CGL_BIT(), empty if nothing counts.
 */
u64 cgl_source_counters(void)
{
	const struct cgl_source *source = READ_ONCE(cgl_source);

	return source ? source->counters(READ_ONCE(cgl_fast_path)) : 0;
}

/**
 * cgl_source_slow - whether the time in the slow path is known
 *
 * Return: true or false.
 */
bool cgl_source_slow(void)
{
	const struct cgl_source *source = READ_ONCE(cgl_source);

	return source && source->slow();
}

/**
 * cgl_source_reset - the counters were reset: count missed hits from 0 again
 *
 * Context: process context.
 */
void cgl_source_reset(void)
{
	const struct cgl_source *source = READ_ONCE(cgl_source);

	if (source && source->reset)
		source->reset();
}

/**
 * cgl_source_missed - hits that a hook has lost since loading or the last reset
 *
 * Return: a number of hits.
 */
u64 cgl_source_missed(void)
{
	const struct cgl_source *source = READ_ONCE(cgl_source);

	return source && source->missed ? source->missed() : 0;
}

/**
 * cgl_source_memory - what the source has allocated
 *
 * Return: bytes.
 */
size_t cgl_source_memory(void)
{
	const struct cgl_source *source = READ_ONCE(cgl_source);

	return source && source->memory ? source->memory() : 0;
}

/**
 * cgl_source_name - the source in use
 *
 * Return: its name, "none" if there is none.
 */
const char *cgl_source_name(void)
{
	const struct cgl_source *source = READ_ONCE(cgl_source);

	return source ? source->name : "none";
}

/**
 * cgl_source_status - lines about the sources, and the hooks of the one in use
 * @m: the seq_file of `status`
 *
 * Context: process context, may sleep.
 */
void cgl_source_status(struct seq_file *m)
{
	const struct cgl_source *source = READ_ONCE(cgl_source);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cgl_sources); i++)
		if (cgl_why_not[i])
			cgl_status_unseen(m, cgl_sources[i]->name,
					  cgl_why_not[i]);
	if (source)
		source->status(m);
	else
		cgl_status_unseen(m, "charges", "no source can be had");
}
