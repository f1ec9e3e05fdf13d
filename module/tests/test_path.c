// SPDX-License-Identifier: GPL-2.0-only
/* Paths: base/path.c, whose escaping must be that of base/out.c. */
#include "shim.h"

/* What it needs of base/compat.h. */
#define CGL_COMPAT_H

static const char *cgl_kn_name(const struct kernfs_node *kn)
{
	return kn->name;
}

#include "base/out.c"
#include "base/path.c"

struct cgroup_root cgrp_dfl_root;
static struct cgroup_root v1_root;
static bool is_below = true;

bool cgroup_is_descendant(struct cgroup *cgrp, struct cgroup *ancestor)
{
	return is_below;
}

/*
 * A chain of cgroups, the namespace's root first, and the path of the last one,
 * which kernfs would make.
 */
#define DEPTH	(PATH_MAX / 2 + 2)

static struct cgroup chain[DEPTH];
static struct kernfs_node node[DEPTH];
static unsigned int depth;
static char names[4 * PATH_MAX], *name_end;
static char path[4 * PATH_MAX];
static bool asked_kernfs;

struct cgroup *cgl_ns_root(const struct cgl_reader *r, struct cgroup *cgrp,
			   const struct cgroup_subsys_state *ns_css)
{
	return &chain[0];
}

/* As in the kernel: what does not fit is cut off, with a NUL, without a word. */
int kernfs_path_from_node(struct kernfs_node *to, struct kernfs_node *from,
			  char *buf, size_t size)
{
	size_t len = strlen(path);

	asked_kernfs = true;
	if (len >= size)
		len = size - 1;
	memcpy(buf, path, len);
	buf[len] = '\0';
	return len;
}

static void begin(struct cgroup_root *root)
{
	memset(chain, 0, sizeof(chain));
	chain[0].root = root;
	chain[0].kn = &node[0];
	depth = 0;
	name_end = names;
	strcpy(path, "/");
	is_below = true;
	asked_kernfs = false;
}

static void below(const char *name)
{
	struct cgroup *cgrp = &chain[++depth];

	strcpy(name_end, name);
	node[depth].name = name_end;
	name_end += strlen(name) + 1;
	cgrp->kn = &node[depth];
	cgrp->root = chain[0].root;
	cgrp->parent = &chain[depth - 1];
	cgrp->level = depth;
	if (depth > 1)
		strcat(path, "/");
	strcat(path, name);
}

/* One name of @len bytes. */
static void below_long(char c, size_t len)
{
	static char name[2 * PATH_MAX];

	memset(name, c, len);
	name[len] = '\0';
	below(name);
}

static char buf[8 * PATH_MAX], expected[8 * PATH_MAX];
static bool told, full;

static size_t escape(const char *s)
{
	struct cgl_out o;

	cgl_out_init(&o, expected, sizeof(expected));
	cgl_out_lit(&o, " path=");
	cgl_out_escaped(&o, s, strlen(s));
	return o.p - o.start;
}

/*
 * Whether what it writes into @size bytes is the path, or nothing; or the writer is
 * full. Nothing is written outside.
 */
static bool written(size_t size)
{
	size_t len = escape(path);
	struct cgl_out o;

	memset(buf, '#', sizeof(buf));
	cgl_out_init(&o, buf, size);
	told = cgl_out_cgroup(&o, " path=", &chain[depth], &chain[0]);
	full = o.full;
	if (buf[size] != '#' || o.p > o.end)
		return false;
	if (full)
		return true;
	if (!told)
		return o.p == o.start;
	return o.p - o.start == (ssize_t)len && !memcmp(buf, expected, len);
}

#define ROOMY	(sizeof(buf) - 1)

static bool is_told(size_t size)
{
	return written(size) && told && !full;
}

static bool is_absent(size_t size)
{
	return written(size) && !told && !full;
}

static void test_hierarchy(struct cgroup_root *root, const char *of)
{
	char all[256];
	size_t size, len;
	bool good = true;
	int c, n = 0;

	begin(root);
	OK(is_told(ROOMY), "%s: the namespace's root is /", of);
	below("pods");
	below("job");
	below("run");
	OK(is_told(ROOMY) && !strcmp(path, "/pods/job/run"), "%s: three levels down", of);
	OK(asked_kernfs == (root != &cgrp_dfl_root), "%s: kernfs' lock is v1's", of);

	for (c = 1; c < 256; c++)
		if (c != '/')
			all[n++] = c;
	all[n] = '\0';
	below(all);
	OK(is_told(ROOMY), "%s: each byte is escaped as elsewhere", of);
	len = escape(path);
	for (size = 0; size < len + 2; size++) {
		good &= written(size);
		if (size < len)
			good &= full;
	}
	OK(good, "%s: in a buffer of any size it is whole, or the writer is full", of);
	OK(is_told(len + 8), "%s: a few bytes more than needed are enough", of);

	begin(root);
	below_long('a', PATH_MAX - 1);
	OK(strlen(path) == PATH_MAX && is_told(ROOMY), "%s: PATH_MAX bytes are told", of);
	begin(root);
	below_long('a', PATH_MAX + 1);
	OK(is_absent(ROOMY), "%s: a longer path is absent, with its key", of);
	begin(root);
	below_long(' ', PATH_MAX - 1);
	OK(is_told(ROOMY) && escape(path) == 7 + 4 * (PATH_MAX - 1),
	   "%s: PATH_MAX blanks take four times as much", of);
	is_below = false;
	OK(is_absent(ROOMY), "%s: a cgroup outside of the namespace is absent", of);

	begin(root);
	while (depth < PATH_MAX / 2)
		below("d");
	OK(is_told(ROOMY), "%s: as deep as PATH_MAX can name", of);
	below("d");
	asked_kernfs = false;
	OK(is_absent(ROOMY) && !asked_kernfs, "%s: deeper is absent, and costs no lock", of);
}

/* Level @level of a report on @task_path. */
static bool level_is(const char *task_path, int level, const char *its_path)
{
	struct cgl_reader r = { .path = task_path };
	size_t len = escape(its_path);
	struct cgl_out o;

	cgl_out_init(&o, buf, sizeof(buf));
	cgl_out_level_path(&o, &r, level);
	return !o.full && o.p - o.start == (ssize_t)len && !memcmp(buf, expected, len);
}

static void test_levels(void)
{
	OK(level_is("/a b/c/d", 0, "/a b/c/d") && level_is("/a b/c/d", 1, "/a b/c") &&
	   level_is("/a b/c/d", 2, "/a b"), "the path of a level is the beginning of level 0's");
	OK(level_is("/a b/c/d", 3, "/") && level_is("/", 0, "/"), "the root's is /");
}

int main(void)
{
	test_hierarchy(&cgrp_dfl_root, "v2");
	test_hierarchy(&v1_root, "v1");
	test_levels();
	return 0;
}
