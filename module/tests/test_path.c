// SPDX-License-Identifier: GPL-2.0-only
/* Paths: base/path.c, whose escaping must be that of base/out.c. */
#include "shim.h"

#include "base/out.c"
#include "base/path.c"

struct cgroup_root cgrp_dfl_root;
static bool is_below = true;

bool cgroup_is_descendant(struct cgroup *cgrp, struct cgroup *ancestor)
{
	return is_below;
}

struct cgroup *cgl_ns_root(const struct cgl_reader *r, struct cgroup *cgrp,
			   const struct cgroup_subsys_state *ns_css)
{
	return cgrp;
}

/* As in the kernel: what does not fit is cut off, with a NUL, without a word. */
int kernfs_path_from_node(struct kernfs_node *to, struct kernfs_node *from,
			  char *buf, size_t size)
{
	size_t len = strlen(to->path);

	if (len >= size)
		len = size - 1;
	memcpy(buf, to->path, len);
	buf[len] = '\0';
	return len;
}

static char buf[8 * PATH_MAX], expected[8 * PATH_MAX];
static char path[2 * PATH_MAX];
static struct kernfs_node node = { path };
static struct cgroup cgrp = { .kn = &node };
/* Whether the last one was told. */
static bool told;

static size_t escape(const char *s)
{
	struct cgl_out o;

	cgl_out_init(&o, expected, sizeof(expected));
	cgl_out_lit(&o, " path=");
	cgl_out_escaped(&o, s, strlen(s));
	return o.p - o.start;
}

/* What it writes into @size bytes is what is expected, or it is full, or empty. */
static bool written(size_t size, bool *full)
{
	size_t len = escape(path);
	struct cgl_out o;

	memset(buf, '#', sizeof(buf));
	cgl_out_init(&o, buf, size);
	told = cgl_out_cgroup(&o, " path=", &cgrp, &cgrp);
	*full = o.full;
	if (buf[size] != '#' || o.p > o.end)
		return false;
	if (o.full)
		return true;
	if (!told)
		return o.p == o.start;
	return o.p - o.start == (ssize_t)len && !memcmp(buf, expected, len);
}

int main(void)
{
	bool full, good = true;
	size_t size, len;
	int c;

	for (c = 1; c < 256; c++)
		path[c - 1] = c;
	path[255] = '\0';
	OK(written(sizeof(buf) - 1, &full) && told, "each byte is escaped as elsewhere");

	len = escape(path);
	for (size = 0; size < len + 2; size++) {
		good &= written(size, &full);
		/* Full where it does not fit, and never if it does by far. */
		if (size < len)
			good &= full;
	}
	OK(good, "in a buffer of any size it is whole, or the writer is full");
	OK(written(len + 8, &full) && told, "a few bytes more than needed are enough");

	memset(path, 'a', PATH_MAX);
	path[PATH_MAX] = '\0';
	OK(written(sizeof(buf) - 1, &full) && told,
	   "a path of PATH_MAX bytes is told");
	memset(path, 'a', PATH_MAX + 1);
	path[PATH_MAX + 1] = '\0';
	OK(written(sizeof(buf) - 1, &full) && !full && !told,
	   "a longer one is absent, with its key");
	memset(path, ' ', PATH_MAX);
	path[PATH_MAX] = '\0';
	OK(written(sizeof(buf) - 1, &full) && told && escape(path) == 6 + 4 * PATH_MAX,
	   "PATH_MAX blanks take four times as much");

	is_below = false;
	OK(written(sizeof(buf) - 1, &full) && !full && !told,
	   "a cgroup outside of the namespace is absent");
	return 0;
}
