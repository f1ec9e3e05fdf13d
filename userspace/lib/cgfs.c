// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the cgroup files tell, v1 and v2
 *
 * For kernels without cg_list, and for what happened to a task that is gone.
 * One table says which file holds which number; libmount says where the
 * memory controller is mounted, on v1, v2 or a hybrid of both.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libmount.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "private.h"

/* The cgroups of the last walk, for those who walk again and again. */
struct cgl_cache {
	struct cgdir *dirs;
	size_t nr, cap;
	size_t max_files;
	/* while a walk goes on: those of the walk before */
	struct cgdir *old;
	size_t nr_old, next;
};

/* A file with one number in it. */
static const struct {
	const char *v1, *v2;
	enum cgl_counter kind;
	enum cgl_counter_field field;
	enum cgl_want want;
} files[] = {
	{ "memory.usage_in_bytes", "memory.current", CGL_CK_memory, CGL_CF_usage, CGL_WANT_CORE },
	{ "memory.limit_in_bytes", "memory.max", CGL_CK_memory, CGL_CF_max, CGL_WANT_CORE },
	{ "memory.failcnt", NULL, CGL_CK_memory, CGL_CF_failcnt, CGL_WANT_CORE },
	{ NULL, "memory.high", CGL_CK_memory, CGL_CF_high, CGL_WANT_CORE },
	{ "memory.memsw.usage_in_bytes", NULL, CGL_CK_memsw, CGL_CF_usage, CGL_WANT_CORE },
	{ "memory.memsw.limit_in_bytes", NULL, CGL_CK_memsw, CGL_CF_max, CGL_WANT_CORE },
	{ "memory.memsw.failcnt", NULL, CGL_CK_memsw, CGL_CF_failcnt, CGL_WANT_CORE },
	{ NULL, "memory.swap.current", CGL_CK_swap, CGL_CF_usage, CGL_WANT_MORE },
	{ NULL, "memory.swap.max", CGL_CK_swap, CGL_CF_max, CGL_WANT_MORE },
	{ "memory.max_usage_in_bytes", "memory.peak", CGL_CK_memory, CGL_CF_peak, CGL_WANT_ALL },
	{ NULL, "memory.low", CGL_CK_memory, CGL_CF_low, CGL_WANT_ALL },
	{ NULL, "memory.min", CGL_CK_memory, CGL_CF_min, CGL_WANT_ALL },
	{ "memory.soft_limit_in_bytes", NULL, CGL_CK_memory, CGL_CF_soft, CGL_WANT_ALL },
	{ "memory.memsw.max_usage_in_bytes", NULL, CGL_CK_memsw, CGL_CF_peak, CGL_WANT_ALL },
	{ NULL, "memory.swap.high", CGL_CK_swap, CGL_CF_high, CGL_WANT_ALL },
	{ NULL, "memory.swap.peak", CGL_CK_swap, CGL_CF_peak, CGL_WANT_ALL },
	{ "memory.kmem.usage_in_bytes", NULL, CGL_CK_kmem, CGL_CF_usage, CGL_WANT_ALL },
	{ "memory.kmem.limit_in_bytes", NULL, CGL_CK_kmem, CGL_CF_max, CGL_WANT_ALL },
	{ "memory.kmem.max_usage_in_bytes", NULL, CGL_CK_kmem, CGL_CF_peak, CGL_WANT_ALL },
	{ "memory.kmem.failcnt", NULL, CGL_CK_kmem, CGL_CF_failcnt, CGL_WANT_ALL },
	{ "memory.kmem.tcp.usage_in_bytes", NULL, CGL_CK_tcpmem, CGL_CF_usage, CGL_WANT_ALL },
	{ "memory.kmem.tcp.limit_in_bytes", NULL, CGL_CK_tcpmem, CGL_CF_max, CGL_WANT_ALL },
	{ "memory.kmem.tcp.max_usage_in_bytes", NULL, CGL_CK_tcpmem, CGL_CF_peak, CGL_WANT_ALL },
	{ "memory.kmem.tcp.failcnt", NULL, CGL_CK_tcpmem, CGL_CF_failcnt, CGL_WANT_ALL },
};

/* Files with more than one number come behind those in the table. */
enum {
	F_EVENTS = ARRAY_SIZE(files),	/* v2 memory.events.local, v1 memory.oom_control */
	F_SWAPPINESS,			/* v1 memory.swappiness, v2 memory.oom.group */
	F_LRU,				/* v2 memory.numa_stat, v1 memory.stat */
	F_STAT,				/* memory.stat */
	F_NR
};

static_assert(F_NR <= CGFS_FILES, "struct cgdir has too few descriptors");

static bool has_option(const char *options, const char *name)
{
	size_t len = strlen(name);
	const char *s;

	for (s = options; s && *s; s += strcspn(s, ",")) {
		s += *s == ',';
		if (!strncmp(s, name, len) && (!s[len] || s[len] == ','))
			return true;
	}
	return false;
}

static int take_mount(struct cgl *c, struct libmnt_fs *mnt, bool v2)
{
	const char *target = mnt_fs_get_target(mnt);
	const char *top = mnt_fs_get_root(mnt);

	free(c->mount);
	free(c->top);
	c->mount = root_path(c, "%s", target);
	c->top = strdup(top ? top : "/");
	if (!c->mount || !c->top)
		return -ENOMEM;
	c->v2 = v2;
	c->found = true;
	return 0;
}

/* A mount of v2 counts only where its root offers the memory controller: 1, or 0. */
static int v2_has_memory(struct cgl *c, const char *target)
{
	struct text t = {};
	char *s, *save;
	int ret;

	ret = root_read(c, &t, "%s/cgroup.controllers", target);
	if (!ret)
		for (s = strtok_r(t.s, "\n ", &save); s && !ret;
		     s = strtok_r(NULL, "\n ", &save))
			ret = !strcmp(s, "memory");
	text_free(&t);
	return ret < 0 && ret != -ENOMEM ? 0 : ret;
}

static int look_at_mount(struct cgl *c, struct libmnt_fs *mnt)
{
	const char *type = mnt_fs_get_fstype(mnt);
	const char *target = mnt_fs_get_target(mnt);
	int ret;

	if (!type || !target)
		return 0;
	if (!strcmp(type, "cgroup") && has_option(mnt_fs_get_fs_options(mnt), "memory"))
		return take_mount(c, mnt, false);
	if (strcmp(type, "cgroup2") || c->found)
		return 0;
	ret = v2_has_memory(c, target);
	return ret > 0 ? take_mount(c, mnt, true) : ret;
}

/**
 * cgl_find() - find where the memory controller is mounted
 * @c: from cgl_new(); remembers it
 *
 * The functions that read cgroup files call it themselves.
 *
 * Return: 0; -ENOENT where it is mounted nowhere; -ENOMEM.
 */
int cgl_find(struct cgl *c)
{
	struct libmnt_iter *it;
	struct libmnt_table *tb;
	struct libmnt_fs *mnt;
	char *path;
	int ret = 0;

	if (c->found)
		return 0;
	path = root_path(c, "/proc/self/mountinfo");
	if (!path)
		return cgl_fail(c, -ENOMEM, "out of memory");
	tb = mnt_new_table_from_file(path);
	free(path);
	if (!tb)
		return cgl_fail(c, -ENOENT,
				"/proc/self/mountinfo cannot be read; mount /proc");
	it = mnt_new_iter(MNT_ITER_FORWARD);
	if (!it)
		ret = -ENOMEM;
	while (!ret && mnt_table_next_fs(tb, it, &mnt) == 0)
		ret = look_at_mount(c, mnt);
	mnt_free_iter(it);
	mnt_unref_table(tb);
	if (ret) {
		c->found = false;
		return cgl_fail(c, ret, "out of memory");
	}
	if (c->found)
		return 0;
	return cgl_fail(c, -ENOENT,
			"no memory controller is mounted: mount -t cgroup2 none /sys/fs/cgroup");
}

/**
 * cgl_is_v2() - whether the memory controller is on cgroup v2
 * @c: from cgl_new(), after cgl_find() or a function that reads cgroup files
 */
bool cgl_is_v2(const struct cgl *c)
{
	return c->v2;
}

/* Whether the path at @s, of @len bytes, lies outside the reader's cgroup namespace. */
static bool is_outside(const char *s, size_t len)
{
	return len >= 3 && !strncmp(s, "/..", 3) && (len == 3 || s[3] == '/');
}

/* Whether a list of controllers of @len bytes has the memory controller. */
static bool has_memory(const char *s, size_t len)
{
	static const char memory[] = "memory";
	size_t n = sizeof(memory) - 1, word;

	for (; len; s += word, len -= word) {
		word = strcspn(s, ",:");
		if (word == n && !strncmp(s, memory, n))
			return true;
		word += word < len;
	}
	return false;
}

/*
 * The memory cgroup that the text of /proc/PID/cgroup names: *@path to free(),
 * NULL where there is none, or where it is outside the reader's cgroup
 * namespace. Returns 0 or -ENOMEM.
 */
int cgfs_memory_path(struct cgl *c, const char *proc_cgroup, char **path)
{
	static const char deleted[] = " (deleted)";
	size_t n = sizeof(deleted) - 1, len;
	const char *s, *nl, *ctrl, *at;

	*path = NULL;
	for (s = proc_cgroup; *s; s = nl + 1) {
		nl = strchr(s, '\n');
		ctrl = strchr(s, ':');
		if (!nl || !ctrl || ctrl > nl)
			return 0;
		at = strchr(++ctrl, ':');
		if (!at || at > nl)
			continue;
		if (c->v2 ? at != ctrl : !has_memory(ctrl, at - ctrl))
			continue;
		at++;
		len = nl - at;
		if (len > n && !strncmp(nl - n, deleted, n))
			len -= n;
		if (is_outside(at, len))
			return 0;
		*path = strndup(at, len);
		return *path ? 0 : -ENOMEM;
	}
	return 0;
}

/**
 * cgl_memory_path() - the memory cgroup of a process
 * @c: from cgl_new()
 * @pid: the process
 * @path: gets its path, to free(); NULL where it has none, or one outside of
 * the reader's cgroup namespace
 *
 * Return: 0 or a negative errno.
 */
int cgl_memory_path(struct cgl *c, cgl_u64 pid, char **path)
{
	struct text t = {};
	int ret = cgl_find(c);

	*path = NULL;
	if (ret)
		return ret;
	ret = root_read(c, &t, "/proc/%llu/cgroup", pid);
	if (!ret)
		ret = cgfs_memory_path(c, t.s, path);
	text_free(&t);
	return ret ? cgl_fail(c, ret, "/proc/%llu/cgroup: %s", pid, strerror(-ret)) : 0;
}

/* What may have changed of a cgroup that stayed open. */
static void cgdir_update(struct cgdir *d)
{
	struct stat st;

	if (d->dir < 0 || fstat(d->dir, &st))
		return;
	/* two links to a directory: its name, and its own "." */
	d->leaf = !cgl_is_saved(d->c) && st.st_nlink == 2;
	/* in a saved tree the inode number is the copy's, not the cgroup's id */
	if (!cgl_is_saved(d->c))
		d->id = st.st_ino;
}

/* The number of the first cgroup namespace, for all time. */
#define FIRST_CGROUP_NS	0xeffffffbULL

/*
 * Whether a cgroup is the root of its hierarchy, whose counters mean nothing.
 * "/" can be the root of a namespace as well, which is a cgroup like others.
 */
static bool is_root(struct cgdir *d)
{
	u64 ns;

	if (strcmp(d->path, "/"))
		return false;
	ns = cgl_ns_number(d->c, 0, CGL_NS_cgroup);
	return ns == ABSENT || ns == FIRST_CGROUP_NS;
}

/*
 * Open a memory cgroup; @keep: its files stay open, to be read again. It has
 * to be closed after a failure as well. Returns 0 or a negative errno; -ENOENT
 * where it lies outside the mount.
 */
int cgdir_open(struct cgl *c, struct cgdir *d, const char *path, bool keep)
{
	size_t len = strcmp(c->top, "/") ? strlen(c->top) : 0;
	unsigned int i;
	char *full;

	d->c = c;
	d->path = strdup(path);
	d->keep = keep;
	d->dir = -1;
	d->id = ABSENT;
	d->leaf = false;
	for (i = 0; i < CGFS_FILES; i++)
		d->fd[i] = -1;
	if (!d->path)
		return -ENOMEM;
	if (strncmp(path, c->top, len) || (len && path[len] && path[len] != '/'))
		return -ENOENT;
	if (asprintf(&full, "%s%s", c->mount, path + len) < 0)
		return -ENOMEM;
	d->dir = open(full, O_PATH | O_DIRECTORY | O_CLOEXEC);
	free(full);
	if (d->dir < 0)
		return -errno;
	cgdir_update(d);
	return 0;
}

void cgdir_close(struct cgdir *d)
{
	unsigned int i;

	for (i = 0; i < CGFS_FILES; i++)
		if (d->fd[i] >= 0)
			close(d->fd[i]);
	if (d->dir >= 0)
		close(d->dir);
	free(d->path);
	d->path = NULL;
	d->dir = -1;
}

#define NO_SUCH_FILE (-2)

/* Read one file of the cgroup; a negative errno where it is not there. */
static int cgdir_file(struct cgdir *d, unsigned int which, const char *name, char *buf,
		      size_t size)
{
	int fd = d->fd[which];
	int ret;

	if (fd == NO_SUCH_FILE)
		return -ENOENT;
	if (fd < 0) {
		fd = openat(d->dir, name, O_RDONLY | O_CLOEXEC);
		if (fd < 0) {
			ret = -errno;
			if (d->keep && ret == -ENOENT)
				d->fd[which] = NO_SUCH_FILE;
			return ret;
		}
	}
	ret = pread_fd(fd, buf, size);
	if (d->keep)
		d->fd[which] = fd;
	else
		close(fd);
	return ret;
}

/* On v1 a limit that is not set is the largest number of whole pages. */
static u64 v1_amount(u64 v)
{
	return v >= (u64)INT64_MAX / 65536 * 65536 ? UNLIMITED : v;
}

/* The number behind @key in a file of "key number" lines. */
static u64 keyed(const char *text, const char *key)
{
	size_t len = strlen(key);
	const char *s = text;
	char num[24];
	u64 v = ABSENT;

	while (s && *s) {
		if (!strncmp(s, key, len) && s[len] == ' ') {
			s += len + 1;
			len = strcspn(s, "\n ");
			if (len < sizeof(num)) {
				memcpy(num, s, len);
				num[len] = '\0';
				cgl_parse_amount(num, &v);
			}
			return v;
		}
		s = strchr(s, '\n');
		s += s ? 1 : 0;
	}
	return v;
}

static void read_events(struct cgdir *d, struct cgl_memcg *m)
{
	char buf[512];
	unsigned int i;

	if (!d->c->v2) {
		if (cgdir_file(d, F_EVENTS, "memory.oom_control", buf, sizeof(buf)) < 0)
			return;
		m->m[CGL_MF_oom_kill_disable] = keyed(buf, "oom_kill_disable");
		m->m[CGL_MF_under_oom] = keyed(buf, "under_oom");
		m->event[CGL_ME_oom_kill] = keyed(buf, "oom_kill");
		return;
	}
	if (cgdir_file(d, F_EVENTS, "memory.events.local", buf, sizeof(buf)) < 0)
		return;
	for (i = 0; i < CGL_NR_ME; i++)
		m->event[i] = keyed(buf, memcg_event_names[i]);
}

static void read_misc(struct cgdir *d, struct cgl_memcg *m)
{
	const char *name = d->c->v2 ? "memory.oom.group" : "memory.swappiness";
	enum cgl_memcg_field field = d->c->v2 ? CGL_MF_oom_group : CGL_MF_swappiness;
	char buf[32];

	if (cgdir_file(d, F_SWAPPINESS, name, buf, sizeof(buf)) < 0)
		return;
	buf[strcspn(buf, "\n")] = '\0';
	cgl_parse_number(buf, &m->m[field]);
}

/* v2: one line a list, one word a node. These sums count the children too. */
/* The row of a node, a new one if need be; NULL without memory. */
static struct cgl_lru *lru_of_node(struct cgl_memcg *m, u64 node)
{
	struct cgl_lru *row;
	unsigned int i;

	for (i = 0; i < m->nr_lru; i++)
		if (m->lru[i].node == node)
			return &m->lru[i];
	row = memcg_new_lru(m);
	if (row)
		row->node = node;
	return row;
}

/* v2: one line a list, one word a node. These sums count the children too. */
static int read_lru_v2(struct cgl_memcg *m, char *text)
{
	char *line, *word, *save, *save2;
	struct cgl_lru *row;
	u64 node, bytes;
	int list;

	m->lru_subtree = true;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		word = strtok_r(line, " ", &save2);
		list = word ? name_index(lru_names, CGL_NR_LRU, word) : -1;
		if (list < 0)
			continue;
		while ((word = strtok_r(NULL, " ", &save2))) {
			char *eq = strchr(word, '=');

			if (*word != 'N' || !eq)
				continue;
			*eq = '\0';
			if (!cgl_parse_number(word + 1, &node) ||
			    !cgl_parse_number(eq + 1, &bytes))
				continue;
			row = lru_of_node(m, node);
			if (!row)
				return -ENOMEM;
			row->bytes[list] = bytes;
		}
	}
	return 0;
}

static int read_lru(struct cgdir *d, struct cgl_memcg *m)
{
	const char *name = d->c->v2 ? "memory.numa_stat" : "memory.stat";
	size_t size = 64 << 10;
	struct cgl_lru *row;
	char *buf;
	int i, ret = 0;

	buf = malloc(size);
	if (!buf)
		return -ENOMEM;
	if (cgdir_file(d, F_LRU, name, buf, size) < 0) {
		free(buf);
		return 0;
	}
	if (d->c->v2) {
		ret = read_lru_v2(m, buf);
	} else {
		row = memcg_new_lru(m);
		for (i = 0; row && i < CGL_NR_LRU; i++)
			row->bytes[i] = keyed(buf, lru_names[i]);
		ret = row ? 0 : -ENOMEM;
	}
	free(buf);
	return ret;
}

/* What the memory of a cgroup is, from its memory.stat. */
static void read_parts(struct cgdir *d, struct cgl_memcg *m, char *buf, size_t size)
{
	u64 file, shmem;

	if (cgdir_file(d, F_STAT, "memory.stat", buf, size) < 0)
		return;
	/* v1 has sums over the descendants under names of their own */
	file = keyed(buf, d->c->v2 ? "file" : "total_cache");
	shmem = keyed(buf, d->c->v2 ? "shmem" : "total_shmem");
	m->part[CGL_PART_anon] = keyed(buf, d->c->v2 ? "anon" : "total_rss");
	m->part[CGL_PART_shmem] = shmem;
	if (cgl_is_number(file) && cgl_is_number(shmem) && file >= shmem)
		m->part[CGL_PART_file] = file - shmem;
	if (!d->c->v2)
		return;
	m->part[CGL_PART_kernel] = keyed(buf, "kernel");
	m->part[CGL_PART_sock] = keyed(buf, "sock");
}

/**
 * cgl_read_parts() - what the memory of each memory cgroup is
 * @c: from cgl_new()
 * @r: the report; those that are not removed are filled, as far as their files are there
 *
 * Return: 0, also where there is nothing to read; -ENOMEM.
 */
int cgl_read_parts(struct cgl *c, struct cgl_report *r)
{
	const size_t size = 64 << 10;
	struct cgdir d;
	char *buf;
	size_t i;
	int ret = cgl_find(c);

	if (ret)
		return ret == -ENOMEM ? ret : 0;
	buf = malloc(size);
	for (i = 0; buf && i < r->nr_memcgs && ret != -ENOMEM; i++) {
		struct cgl_memcg *m = &r->memcgs[i];

		if (!m->path || m->m[CGL_MF_online] == 0)
			continue;
		ret = cgdir_open(c, &d, m->path, false);
		if (!ret)
			read_parts(&d, m, buf, size);
		cgdir_close(&d);
		if (m->part[CGL_PART_kernel] == ABSENT)
			m->part[CGL_PART_kernel] = m->counter[CGL_CK_kmem][CGL_CF_usage];
		if (m->part[CGL_PART_sock] == ABSENT)
			m->part[CGL_PART_sock] = m->counter[CGL_CK_tcpmem][CGL_CF_usage];
	}
	if (!buf)
		ret = -ENOMEM;
	free(buf);
	return ret == -ENOMEM ? cgl_fail(c, ret, "out of memory") : 0;
}

/*
 * Read what a memory cgroup's files say. The root has no counters, as in
 * cg_list itself. Returns 0, -ENOENT when the cgroup is gone, or -ENOMEM.
 */
int cgdir_read(struct cgdir *d, struct cgl_memcg *m, unsigned int want)
{
	bool root = is_root(d);
	int seen = 0, missing = 0;
	unsigned int i;
	char buf[64];
	u64 v;
	int ret;

	free(m->path);
	m->path = strdup(d->path);
	if (!m->path)
		return -ENOMEM;
	m->m[CGL_MF_id] = d->id;
	m->m[CGL_MF_online] = 1;
	for (i = 0; i < ARRAY_SIZE(files) && !root; i++) {
		const char *name = d->c->v2 ? files[i].v2 : files[i].v1;

		if (!name || !(files[i].want & want))
			continue;
		ret = cgdir_file(d, i, name, buf, sizeof(buf));
		if (ret == -ENODEV || ret == -ENOENT)
			missing++;
		if (ret < 0)
			continue;
		seen++;
		buf[strcspn(buf, "\n")] = '\0';
		if (cgl_parse_amount(buf, &v))
			m->counter[files[i].kind][files[i].field] =
				d->c->v2 ? v : v1_amount(v);
	}
	/* v1 has the failures in files of their own */
	if (!root && want & (d->c->v2 ? CGL_WANT_BASIC : CGL_WANT_MORE))
		read_events(d, m);
	if (want & CGL_WANT_ALL)
		read_misc(d, m);
	if (want & CGL_WANT_LRU && read_lru(d, m))
		return -ENOMEM;
	return !root && !seen && missing ? -ENOENT : 0;
}

static void drop_last_memcg(struct cgl_report *r, size_t at)
{
	while (r->nr_memcgs > at)
		memcg_free(&r->memcgs[--r->nr_memcgs]);
}

/* As many open files as we may have, less some for everything else. */
static size_t raise_file_limit(void)
{
	struct rlimit rl;

	if (getrlimit(RLIMIT_NOFILE, &rl))
		return 1;
	rl.rlim_cur = rl.rlim_max;
	setrlimit(RLIMIT_NOFILE, &rl);
	getrlimit(RLIMIT_NOFILE, &rl);
	return rl.rlim_cur > 200 ? rl.rlim_cur - 100 : 1;
}

static void drop_old(struct cgl_cache *cache)
{
	size_t i;

	for (i = 0; i < cache->nr_old; i++)
		if (cache->old[i].path)
			cgdir_close(&cache->old[i]);
	free(cache->old);
	cache->old = NULL;
	cache->nr_old = 0;
}

/* What the last walk left open is the old now. */
static void make_old(struct cgl_cache *cache)
{
	cache->old = cache->dirs;
	cache->nr_old = cache->nr;
	cache->dirs = NULL;
	cache->nr = 0;
	cache->cap = 0;
	cache->next = 0;
}

/**
 * cgl_cache_new() - for reading all memory cgroups again and again
 *
 * Their files stay open in it, as many as the limit on open files allows.
 *
 * Return: a cache for cgl_cache_free(), NULL without memory.
 */
struct cgl_cache *cgl_cache_new(void)
{
	return calloc(1, sizeof(struct cgl_cache));
}

void cgl_cache_free(struct cgl_cache *cache)
{
	if (!cache)
		return;
	make_old(cache);
	drop_old(cache);
	free(cache);
}

/* The cgroup of the last walk that this path names, or a new one. */
static int take_dir(struct cgl *c, struct cgl_cache *cache, struct cgdir *d, const char *path)
{
	size_t i, at;

	/* cgroups keep their order, so the next one is nearly always it */
	for (i = 0; cache && i < cache->nr_old; i++) {
		at = (cache->next + i) % cache->nr_old;
		if (!cache->old[at].path || strcmp(cache->old[at].path, path))
			continue;
		*d = cache->old[at];
		cache->old[at].path = NULL;
		cache->next = at + 1;
		cgdir_update(d);
		return 0;
	}
	return cgdir_open(c, d, path, cache && cache->nr * (F_NR / 2) < cache->max_files);
}

static void leave_dir(struct cgl_cache *cache, struct cgdir *d)
{
	struct cgdir *dirs = NULL;

	if (cache && d->keep)
		dirs = grow(cache->dirs, cache->nr, &cache->cap, sizeof(*cache->dirs));
	if (!dirs) {
		cgdir_close(d);
		return;
	}
	cache->dirs = dirs;
	cache->dirs[cache->nr++] = *d;
}

/* One more memory cgroup in the report, read from @d. */
static int add_memcg(struct cgl_report *r, struct cgdir *d, unsigned int want)
{
	struct cgl_memcg *m = report_new_memcg(r);

	return m ? cgdir_read(d, m, want) : -ENOMEM;
}

/* Read the cgroup; returns a descriptor to list what is below it, or a negative errno. */
static int read_dir(struct cgl *c, struct cgl_report *r, struct cgl_cache *cache,
		    const char *path, unsigned int want)
{
	size_t at = r->nr_memcgs;
	struct cgdir d;
	int fd = -ENOENT, ret;

	ret = take_dir(c, cache, &d, path);
	if (!ret)
		ret = add_memcg(r, &d, want);
	if (ret == -ENOENT && d.dir >= 0 && d.keep) {
		/* removed since, and perhaps made again */
		cgdir_close(&d);
		drop_last_memcg(r, at);
		ret = cgdir_open(c, &d, path, true);
		if (!ret)
			ret = add_memcg(r, &d, want);
	}
	if (d.dir >= 0 && !d.leaf) {
		fd = openat(d.dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			fd = -errno;
	}
	leave_dir(cache, &d);
	if (ret == -ENOMEM && fd >= 0) {
		close(fd);
		fd = ret;
	}
	return ret == -ENOMEM ? ret : fd;
}

static int walk(struct cgl *c, struct cgl_report *r, struct cgl_cache *cache, const char *path,
		unsigned int want, unsigned int depth)
{
	int fd = read_dir(c, r, cache, path, want), ret = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *de;
	char *child;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return fd == -ENOMEM ? fd : 0;
	}
	/* deeper than any cgroup: a saved tree can hold a loop of links */
	while (!ret && depth < 512 && (de = readdir(dir))) {
		if (de->d_type != DT_DIR || *de->d_name == '.')
			continue;
		if (asprintf(&child, "%s/%s", path[1] ? path : "", de->d_name) < 0) {
			ret = -ENOMEM;
			break;
		}
		ret = walk(c, r, cache, child, want, depth + 1);
		free(child);
	}
	closedir(dir);
	return ret;
}

/*
 * Every memory cgroup below the mount, in pre-order; @cache: what stays open
 * for the next time, or NULL. Returns 0 or a negative errno.
 */
int cgfs_memcgs(struct cgl *c, struct cgl_report *r, unsigned int want, struct cgl_cache *cache)
{
	int ret;

	if (cache) {
		if (!cache->max_files)
			cache->max_files = raise_file_limit();
		make_old(cache);
	}
	ret = walk(c, r, cache, c->top, want, 0);
	if (cache)
		drop_old(cache);
	r->source = CGL_SRC_FILES;
	return ret ? ret : r->nr_memcgs ? 0 : -ENOENT;
}

/**
 * cgl_procs() - the processes of a cgroup
 * @c: from cgl_new()
 * @path: the cgroup
 * @fn: called for each; a negative value ends the walk
 * @arg: for @fn
 *
 * Return: 0, a negative errno, or what @fn returned.
 */
int cgl_procs(struct cgl *c, const char *path, cgl_pid_fn fn, void *arg)
{
	struct text t = {};
	char *s, *save;
	struct cgdir d;
	int ret, fd;
	u64 pid;

	ret = cgl_find(c);
	if (ret)
		return ret;
	ret = cgdir_open(c, &d, path, false);
	if (!ret) {
		fd = openat(d.dir, "cgroup.procs", O_RDONLY | O_CLOEXEC);
		ret = fd < 0 ? -errno : read_fd(fd, &t);
		if (fd >= 0)
			close(fd);
	}
	cgdir_close(&d);
	if (ret)
		cgl_fail(c, ret, "cgroup.procs of %s: %s", path, strerror(-ret));
	for (s = t.s ? strtok_r(t.s, "\n", &save) : NULL; s && ret >= 0;
	     s = strtok_r(NULL, "\n", &save))
		if (cgl_parse_number(s, &pid))
			ret = fn(pid, arg);
	text_free(&t);
	return ret;
}
