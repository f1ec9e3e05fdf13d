// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/cg_list/memcgs: every memory cgroup in pre-order, from the root of the
 * reader's cgroup namespace down, with the sections that a report has for it.
 *
 * The cursor is a reference to a cgroup's state: css_next_descendant_pre() goes
 * on from one even if it has been removed since, and finds each state that was
 * there throughout. Offline ones that still hold charges are among them.
 */
#include <linux/nsproxy.h>
#include <linux/rcupdate.h>

#include <cg_list/names.h>

#include "base/admin.h"
#include "base/cgroup.h"
#include "base/out.h"
#include "report/memcgs.h"
#include "report/report.h"
#include "report/sec_charge.h"

/**
 * struct cgl_memcgs_file - an open file of /proc/cg_list/memcgs
 * @css: the cursor, referenced, or NULL before the first and after the last
 * @section: the section of @css that comes next
 * @part: the part of @section that comes next
 * @pos: the seq_file's position that belongs to the cursor
 * @done: @css is written whole
 * @end: nothing comes any more but the line of the released
 */
struct cgl_memcgs_file {
	struct cgroup_subsys_state *css;
	unsigned int section;
	unsigned int part;
	loff_t pos;
	bool done;
	bool end;
};

static void cgl_memcgs_reader(struct cgl_reader *r)
{
	memset(r, 0, sizeof(*r));
	r->cgroup_ns = current->nsproxy->cgroup_ns;
	r->ns_cset = r->cgroup_ns->root_cset;
	r->ptrace = true;
	r->all = true;
}

static void cgl_memcgs_rewind(struct cgl_memcgs_file *f)
{
	if (f->css)
		css_put(f->css);
	memset(f, 0, sizeof(*f));
}

/*
 * The state to begin with, under RCU; NULL if the namespace's root has none of
 * its own. The one that its css_set knows may be an older one of that cgroup,
 * or an ancestor's, if the controller was switched on since.
 */
static struct cgroup_subsys_state *cgl_memcgs_root(void)
{
	struct cgroup_subsys_state *css;
	struct cgl_reader r;

	cgl_memcgs_reader(&r);
	css = r.ns_cset->subsys[memory_cgrp_id];
	/* On v2 the namespace is about a cgroup; v1's root is kept by nobody. */
	if (cgl_css_on_v2(css) && cgroup_parent(r.ns_cset->dfl_cgrp))
		return rcu_dereference(r.ns_cset->dfl_cgrp->subsys[memory_cgrp_id]);
	if (css->parent)
		return rcu_dereference(css->cgroup->subsys[memory_cgrp_id]);
	return css;
}

/* A state keeps those above it. */
static bool cgl_css_is_below(const struct cgroup_subsys_state *css,
			     const struct cgroup_subsys_state *root)
{
	while (css && css != root)
		css = css->parent;
	return css;
}

/* Moves the cursor to the next state that is not being freed. */
static void cgl_memcgs_advance(struct cgl_memcgs_file *f)
{
	struct cgroup_subsys_state *css = f->css, *root;

	rcu_read_lock();
	root = cgl_memcgs_root();
	/* The root may have changed since the last read: the reader's namespace can. */
	if (root && css && !cgl_css_is_below(css, root))
		root = NULL;
	if (root) {
		do {
			css = css_next_descendant_pre(css, root);
		} while (css && !(cgl_css_was_online(css) && css_tryget(css)));
	}
	rcu_read_unlock();

	if (f->css)
		css_put(f->css);
	f->css = root ? css : NULL;
	f->end = !f->css;
	f->section = 0;
	f->part = 0;
	f->done = false;
}

/*
 * Positions: 0 is the header; each further one is a piece of a cgroup, as much
 * as fitted; the last is the line of the released ones.
 */
static void *cgl_memcgs_start(struct seq_file *m, loff_t *pos)
{
	struct cgl_memcgs_file *f = m->private;

	if (!*pos) {
		cgl_memcgs_rewind(f);
		return SEQ_START_TOKEN;
	}
	/* A seek walks from 0 on, so this is where the last read ended. */
	if (*pos != f->pos || (f->end && f->done))
		return NULL;
	return f;
}

static void *cgl_memcgs_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct cgl_memcgs_file *f = m->private;

	f->pos = ++*pos;
	if (f->end) {
		f->done = true;
		return NULL;
	}
	if (v == SEQ_START_TOKEN || f->done)
		cgl_memcgs_advance(f);
	return f;
}

static void cgl_memcgs_stop(struct seq_file *m, void *v)
{
}

static int cgl_memcgs_show(struct seq_file *m, void *v)
{
	struct cgl_memcgs_file *f = m->private;
	unsigned int section = f->section, part = f->part;
	struct cgl_reader r;
	struct cgl_out o;

	cgl_out_begin(&o, m);
	if (v == SEQ_START_TOKEN) {
		cgl_out_num(&o, CGL_FORMAT_KEY " ", CGL_FORMAT);
		cgl_out_eol(&o);
	} else if (f->end) {
		cgl_charge_show_released(&o);
	} else {
		cgl_memcgs_reader(&r);
		f->done = cgl_show_memcg(&o, &r, mem_cgroup_from_css(f->css),
					 &section, &part);
		if (!o.full) {
			f->section = section;
			f->part = part;
		}
	}
	cgl_out_commit(&o, m);
	return 0;
}

static const struct seq_operations cgl_memcgs_seq_ops = {
	.start	= cgl_memcgs_start,
	.next	= cgl_memcgs_next,
	.stop	= cgl_memcgs_stop,
	.show	= cgl_memcgs_show,
};

static int cgl_memcgs_open(struct inode *inode, struct file *file)
{
	int ret = cgl_open_admin();

	if (ret)
		return ret;
	if (mem_cgroup_disabled())
		return -EOPNOTSUPP;
	if (!__seq_open_private(file, &cgl_memcgs_seq_ops,
				sizeof(struct cgl_memcgs_file)))
		return -ENOMEM;
	return 0;
}

static int cgl_memcgs_release(struct inode *inode, struct file *file)
{
	cgl_memcgs_rewind(((struct seq_file *)file->private_data)->private);
	return seq_release_private(inode, file);
}

const struct proc_ops cgl_memcgs_ops = {
	.proc_open	= cgl_memcgs_open,
	.proc_read	= seq_read,
	.proc_lseek	= seq_lseek,
	.proc_release	= cgl_memcgs_release,
};
