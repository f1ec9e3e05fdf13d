// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's two tables of a task's files, tgid_base_stuff and tid_base_stuff,
 * which nothing exported leads to. What the kernel's own functions are called
 * with, in a lookup and a listing that are made here, is where they are and how
 * many rows they have. All that is relied on is then compared with what is known:
 * the order of the arguments, the size of a row, each name and its length, the
 * row of "cgroup" and its operations. If anything differs, nothing is changed.
 *
 * Our row is the one of "cgroup" with another name, and with file operations of
 * ours.
 */
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/kallsyms.h>
#include <linux/module.h>
#include <linux/path.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "proc/ask.h"
#include "proc/file.h"
#include "proc/hook.h"
#include "proc/table.h"

typedef void (*cgl_func_t)(void);

/* A name is short. */
#define CGL_ROW_NAME_MAX	32

/**
 * struct cgl_listing - a listing of a directory
 * @ctx: what the kernel fills in
 * @all: entries in it
 * @ours: of them, those with our name
 */
struct cgl_listing {
	struct dir_context ctx;
	unsigned int all;
	unsigned int ours;
};

static bool cgl_list_entry(struct dir_context *ctx, const char *name, int len,
			   loff_t pos, u64 ino, unsigned int type)
{
	struct cgl_listing *l = container_of(ctx, struct cgl_listing, ctx);

	l->all++;
	l->ours += len == CGL_NAME_LEN && !memcmp(name, CGL_NAME, CGL_NAME_LEN);
	return true;
}

/* Opens what is below another open file, or the root of a mount. */
static struct file *__init cgl_open(const struct path *at, const char *name,
				    int flags)
{
	return file_open_root(at, name, flags, 0);
}

static int __init cgl_list(struct file *dir, struct cgl_listing *l)
{
	*l = (struct cgl_listing) { .ctx.actor = cgl_list_entry };
	cgl_hooks_watch(dir);
	return iterate_dir(dir, &l->ctx);
}

/* Lists the directory, for what the kernel lists it with. */
static int __init cgl_list_watched(struct file *dir, struct cgl_listing *l)
{
	int ret = cgl_list(dir, l);

	if (ret)
		return ret;
	if (cgl_seen_list.calls != 1 ||
	    cgl_seen_list.arg[0] != (unsigned long)dir ||
	    cgl_seen_list.arg[1] != (unsigned long)&l->ctx)
		return -ENXIO;
	return 0;
}

/* Looks "cg_list" up, which is not there yet, for what the kernel does it with. */
static int __init cgl_look_watched(struct file *dir)
{
	struct file *file;

	cgl_hooks_watch(file_inode(dir));
	file = cgl_open(&dir->f_path, CGL_NAME, O_PATH);
	if (!IS_ERR(file)) {
		fput(file);
		return -EEXIST;
	}
	if (PTR_ERR(file) != -ENOENT)
		return PTR_ERR(file);
	if (!cgl_seen_lookup.calls)
		return -ENODATA;
	if (cgl_seen_lookup.calls != 1 ||
	    cgl_seen_lookup.parent != dir->f_path.dentry ||
	    cgl_seen_lookup.len != CGL_NAME_LEN)
		return -ENXIO;
	return 0;
}

/* A name and its length agree, and it is one. */
static bool __init cgl_row_named(const struct cgl_row *row)
{
	char name[CGL_ROW_NAME_MAX];

	if (!row->len || row->len >= sizeof(name) ||
	    copy_from_kernel_nofault(name, row->name, row->len + 1))
		return false;
	return strnlen(name, row->len + 1) == row->len;
}

static struct cgl_row *__init cgl_row_find(struct cgl_table *t, const char *name)
{
	size_t len = strlen(name);
	unsigned int i;

	for (i = 0; i < t->nr; i++) {
		if (t->copy[i].len == len && !memcmp(t->copy[i].name, name, len))
			return &t->copy[i];
	}
	return NULL;
}

/* Whether it is the address of that function. */
static bool __init cgl_is_func(cgl_func_t func, const char *name)
{
	size_t len = strlen(name);
	bool same;
	char *buf;

	buf = kmalloc(KSYM_SYMBOL_LEN, GFP_KERNEL);
	if (!buf)
		return false;
	/* symbol+offset/size */
	sprint_symbol(buf, (unsigned long)func);
	same = !strncmp(buf, name, len) && !strncmp(buf + len, "+0x0/", 5);
	kfree(buf);
	return same;
}

/*
 * The row of "cgroup": a file for all to read, whose operations are those of
 * single_open(), and its show function.
 */
static int __init cgl_template_check(const struct cgl_row *row)
{
	const struct file_operations *fop = row->fop;
	int (*release)(struct inode *inode, struct file *file);
	loff_t (*llseek)(struct file *file, loff_t offset, int whence);

	if (row->mode != (S_IFREG | 0444) || row->iop ||
	    !cgl_is_func((cgl_func_t)row->show, "proc_cgroup_show"))
		return -ENXIO;
	if (get_kernel_nofault(release, &fop->release) ||
	    get_kernel_nofault(llseek, &fop->llseek) ||
	    release != single_release || llseek != seq_lseek)
		return -ENXIO;
	return 0;
}

/* Takes over what the hooks have seen, if it is all as it is known to be. */
static int __init cgl_table_check(struct cgl_table *t, unsigned int listed)
{
	const struct cgl_row *first = (const struct cgl_row *)cgl_seen_list.arg[2];
	unsigned int nr = cgl_seen_list.arg[3], i;

	/* "." and ".." are in the listing, not in the table. */
	if (!nr || nr > CGL_ROWS_MAX || listed != nr + 2)
		return -ENXIO;
	if (copy_from_kernel_nofault(t->copy, first, nr * sizeof(*first)))
		return -ENXIO;
	t->nr = nr;
	for (i = 0; i < nr; i++) {
		if (!cgl_row_named(&t->copy[i]))
			return -ENXIO;
	}
	if (cgl_row_find(t, CGL_NAME))
		return -EEXIST;
	return 0;
}

static int __init cgl_table_learn(struct cgl_table *t, const struct path *proc,
				  const struct cgl_row **rows)
{
	struct file *dir = cgl_open(proc, t->dir, O_RDONLY | O_DIRECTORY);
	unsigned long first, end;
	struct cgl_listing l;
	int ret;

	if (IS_ERR(dir))
		return PTR_ERR(dir);
	ret = cgl_look_watched(dir);
	if (ret)
		goto out;
	first = cgl_seen_lookup.arg[2];
	end = cgl_seen_lookup.arg[3];
	ret = cgl_list_watched(dir, &l);
	if (ret)
		goto out;
	/* The same table, by its end here and by its number of rows there. */
	ret = -ENXIO;
	if (cgl_seen_list.arg[2] == first &&
	    cgl_seen_list.arg[3] * sizeof(struct cgl_row) == end - first)
		ret = cgl_table_check(t, l.all);
	*rows = (const struct cgl_row *)first;
out:
	fput(dir);
	return ret;
}

/*
 * What prints a file like "cgroup": it finds the task of the inode that it is
 * given, and calls the show function that the inode has from its row.
 */
static int __init cgl_single_learn(const struct path *proc)
{
	struct file *file = cgl_open(proc, "self/cgroup", O_RDONLY);
	struct seq_file *m;
	int ret = -ENXIO;

	if (IS_ERR(file))
		return PTR_ERR(file);
	m = file->private_data;
	if (cgl_is_func((cgl_func_t)m->op->show, "proc_single_show")) {
		cgl_file_init(m->op->show);
		ret = 0;
	}
	fput(file);
	return ret;
}

/* What answers whether a task may be looked at, if this kernel has it. */
static int __init cgl_ask_learn(const struct file_operations *single)
{
	const struct cgl_row *io = cgl_row_find(&cgl_tid, "io");

	if (io && (io->fop != single || !S_ISREG(io->mode) ||
		   !cgl_is_func((cgl_func_t)io->show, "proc_tid_io_accounting")))
		io = NULL;
	return cgl_ask_init(io ? io->show : NULL);
}

/**
 * cgl_tables_init - find the kernel's tables and make ours
 * @proc: the root of a mount of proc that nobody else sees
 * @why: where to say why not
 *
 * Context: process context, sleeps; after cgl_hooks_init(), in the same task.
 * Return: 0, -EOPNOTSUPP if this kernel is not as known, or -ENOMEM.
 */
int __init cgl_tables_init(const struct path *proc, const char **why)
{
	const struct cgl_row *tgid_rows, *tid_rows, *cgroup, *thread_cgroup;
	int ret;

	ret = cgl_table_learn(&cgl_tgid, proc, &tgid_rows);
	if (!ret)
		ret = cgl_table_learn(&cgl_tid, proc, &tid_rows);
	if (ret == -ENOMEM)
		return ret;
	if (ret) {
		*why = ret == -EEXIST ? "there is a cg_list in /proc/PID already" :
		       ret == -ENODATA ? "ftrace is switched off (sysctl kernel.ftrace_enabled)" :
		       "this kernel's tables of /proc/PID are not as known";
		return -EOPNOTSUPP;
	}

	cgroup = cgl_row_find(&cgl_tgid, "cgroup");
	thread_cgroup = cgl_row_find(&cgl_tid, "cgroup");
	if (!cgroup || !thread_cgroup || cgl_template_check(cgroup) ||
	    thread_cgroup->fop != cgroup->fop ||
	    thread_cgroup->show != cgroup->show || cgl_single_learn(proc)) {
		*why = "this kernel's /proc/PID/cgroup is not as known";
		return -EOPNOTSUPP;
	}
	ret = cgl_ask_learn(cgroup->fop);
	if (ret)
		return ret;

	cgl_row = *cgroup;
	cgl_row.name = CGL_NAME;
	cgl_row.len = CGL_NAME_LEN;
	cgl_row.fop = &cgl_file_ops;
	cgl_row.show = cgl_file_tell;
	cgl_tgid.copy[cgl_tgid.nr] = cgl_row;
	cgl_tid.copy[cgl_tid.nr] = cgl_row;
	/* Pairs with cgl_table_at(): the rows are complete. */
	smp_store_release(&cgl_tgid.rows, tgid_rows);
	/* Likewise. */
	smp_store_release(&cgl_tid.rows, tid_rows);
	return 0;
}

static int __init cgl_table_try(const struct cgl_table *t,
				const struct path *proc,
				const struct task_struct *task)
{
	struct file *dir = cgl_open(proc, t->dir, O_RDONLY | O_DIRECTORY);
	struct cgl_listing l;
	struct file *file;
	int ret = -ENXIO;

	if (IS_ERR(dir))
		return PTR_ERR(dir);
	/* O_PATH: it holds the inode and calls nothing of ours. */
	file = cgl_open(&dir->f_path, CGL_NAME, O_PATH);
	if (!IS_ERR(file)) {
		if (cgl_file_is(file_inode(file), task) &&
		    !cgl_list(dir, &l) && l.ours == 1 && l.all == t->nr + 3)
			ret = 0;
		fput(file);
	}
	fput(dir);
	return ret;
}

/**
 * cgl_tables_try - see whether the file is there, and whose it is
 * @proc: the root of a mount of proc that nobody else sees
 * @why: where to say why not
 *
 * Context: process context, sleeps; after cgl_tables_init(), in the same task.
 * Return: 0 or -EOPNOTSUPP.
 */
int __init cgl_tables_try(const struct path *proc, const char **why)
{
	int ret;

	ret = cgl_table_try(&cgl_tgid, proc, current->group_leader);
	if (!ret)
		ret = cgl_table_try(&cgl_tid, proc, current);
	if (!ret)
		return 0;
	*why = "this kernel does not take another table";
	return -EOPNOTSUPP;
}
