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

#include "cgfs.h"
#include "root.h"

static struct {
	bool found;
	bool v2;
	char *mount;		/* where it is mounted, the saved tree's top included */
	char *top;		/* the cgroup that is mounted there */
	const char *why_not;
} fs;

/* A file with one number in it. */
static const struct {
	const char *v1, *v2;
	enum counter_kind kind;
	enum counter_field field;
	enum cgfs_want want;
} files[] = {
	{ "memory.usage_in_bytes", "memory.current", CK_MEMORY, CF_USAGE, CGFS_CORE },
	{ "memory.limit_in_bytes", "memory.max", CK_MEMORY, CF_MAX, CGFS_CORE },
	{ "memory.failcnt", NULL, CK_MEMORY, CF_FAILCNT, CGFS_CORE },
	{ NULL, "memory.high", CK_MEMORY, CF_HIGH, CGFS_MORE },
	{ "memory.memsw.usage_in_bytes", NULL, CK_MEMSW, CF_USAGE, CGFS_MORE },
	{ "memory.memsw.limit_in_bytes", NULL, CK_MEMSW, CF_MAX, CGFS_MORE },
	{ "memory.memsw.failcnt", NULL, CK_MEMSW, CF_FAILCNT, CGFS_CORE },
	{ NULL, "memory.swap.current", CK_SWAP, CF_USAGE, CGFS_MORE },
	{ NULL, "memory.swap.max", CK_SWAP, CF_MAX, CGFS_MORE },
	{ "memory.max_usage_in_bytes", "memory.peak", CK_MEMORY, CF_PEAK, CGFS_ALL },
	{ NULL, "memory.low", CK_MEMORY, CF_LOW, CGFS_ALL },
	{ NULL, "memory.min", CK_MEMORY, CF_MIN, CGFS_ALL },
	{ "memory.soft_limit_in_bytes", NULL, CK_MEMORY, CF_SOFT, CGFS_ALL },
	{ "memory.memsw.max_usage_in_bytes", NULL, CK_MEMSW, CF_PEAK, CGFS_ALL },
	{ NULL, "memory.swap.high", CK_SWAP, CF_HIGH, CGFS_ALL },
	{ NULL, "memory.swap.peak", CK_SWAP, CF_PEAK, CGFS_ALL },
	{ "memory.kmem.usage_in_bytes", NULL, CK_KMEM, CF_USAGE, CGFS_ALL },
	{ "memory.kmem.limit_in_bytes", NULL, CK_KMEM, CF_MAX, CGFS_ALL },
	{ "memory.kmem.max_usage_in_bytes", NULL, CK_KMEM, CF_PEAK, CGFS_ALL },
	{ "memory.kmem.failcnt", NULL, CK_KMEM, CF_FAILCNT, CGFS_ALL },
	{ "memory.kmem.tcp.usage_in_bytes", NULL, CK_TCPMEM, CF_USAGE, CGFS_ALL },
	{ "memory.kmem.tcp.limit_in_bytes", NULL, CK_TCPMEM, CF_MAX, CGFS_ALL },
	{ "memory.kmem.tcp.max_usage_in_bytes", NULL, CK_TCPMEM, CF_PEAK, CGFS_ALL },
	{ "memory.kmem.tcp.failcnt", NULL, CK_TCPMEM, CF_FAILCNT, CGFS_ALL },
};

/* Files with more than one number come behind those in the table. */
enum {
	F_EVENTS = ARRAY_SIZE(files),	/* v2 memory.events.local, v1 memory.oom_control */
	F_SWAPPINESS,			/* v1 memory.swappiness, v2 memory.oom.group */
	F_LRU,				/* v2 memory.numa_stat, v1 memory.stat */
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

static void take_mount(struct libmnt_fs *mnt, bool v2)
{
	const char *target = mnt_fs_get_target(mnt);
	const char *top = mnt_fs_get_root(mnt);

	if (!target)
		return;
	free(fs.mount);
	free(fs.top);
	fs.mount = root_path("%s", target);
	fs.top = xstrdup(top ? top : "/");
	fs.v2 = v2;
	fs.found = true;
}

/* A mount of v2 counts only where its root offers the memory controller. */
static bool v2_has_memory(const char *target)
{
	struct str b = {};
	char *s, *save;
	bool has = false;

	if (root_read(&b, "%s/cgroup.controllers", target) == 0 && b.s)
		for (s = strtok_r(b.s, "\n ", &save); s && !has;
		     s = strtok_r(NULL, "\n ", &save))
			has = !strcmp(s, "memory");
	str_free(&b);
	return has;
}

/**
 * cgfs_find() - find where the memory controller is mounted
 *
 * Return: 0, or -ENOENT; cgfs_why_not() then says why.
 */
int cgfs_find(void)
{
	struct libmnt_iter *it;
	struct libmnt_table *tb;
	struct libmnt_fs *mnt;
	char *path;

	if (fs.found)
		return 0;
	path = root_path("/proc/self/mountinfo");
	tb = mnt_new_table_from_file(path);
	free(path);
	if (!tb) {
		fs.why_not = "/proc/self/mountinfo cannot be read; mount /proc";
		return -ENOENT;
	}
	it = mnt_new_iter(MNT_ITER_FORWARD);
	while (it && mnt_table_next_fs(tb, it, &mnt) == 0) {
		const char *type = mnt_fs_get_fstype(mnt);
		const char *target = mnt_fs_get_target(mnt);

		if (!type || !target)
			continue;
		if (!strcmp(type, "cgroup") &&
		    has_option(mnt_fs_get_fs_options(mnt), "memory"))
			take_mount(mnt, false);
		else if (!strcmp(type, "cgroup2") && !fs.found && v2_has_memory(target))
			take_mount(mnt, true);
	}
	mnt_free_iter(it);
	mnt_unref_table(tb);
	if (fs.found)
		return 0;
	fs.why_not = "no memory controller is mounted: mount -t cgroup2 none /sys/fs/cgroup";
	return -ENOENT;
}

bool cgfs_is_v2(void)
{
	return fs.v2;
}

const char *cgfs_why_not(void)
{
	return fs.why_not;
}

/**
 * cgfs_memory_path() - the memory cgroup that /proc/PID/cgroup names
 * @proc_cgroup: the text of that file
 *
 * Return: the path, to free(); NULL where there is none, or where it is
 * outside the reader's cgroup namespace.
 */
char *cgfs_memory_path(const char *proc_cgroup)
{
	const char *s, *nl, *ctrl, *path;
	struct str b = {};

	for (s = proc_cgroup; *s; s = nl + 1) {
		nl = strchr(s, '\n');
		ctrl = strchr(s, ':');
		if (!nl || !ctrl || ctrl > nl)
			break;
		path = strchr(++ctrl, ':');
		if (!path || path > nl)
			continue;
		str_reset(&b);
		str_add(&b, ctrl, path - ctrl);
		path++;
		if (fs.v2 ? b.len == 0 : has_option(b.s, "memory")) {
			str_reset(&b);
			str_add(&b, path, nl - path);
			if (b.len > 10 && !strcmp(b.s + b.len - 10, " (deleted)"))
				b.s[b.len - 10] = '\0';
			if (!strncmp(b.s, "/..", 3) && (!b.s[3] || b.s[3] == '/'))
				break;
			return b.s;
		}
	}
	str_free(&b);
	return NULL;
}

/* What may have changed of a cgroup that stayed open. */
static void cgdir_update(struct cgdir *d)
{
	struct stat st;

	if (d->dir < 0 || fstat(d->dir, &st))
		return;
	/* two links to a directory: its name, and its own "." */
	d->leaf = !root_is_saved() && st.st_nlink == 2;
	/* in a saved tree the inode number is the copy's, not the cgroup's id */
	if (!root_is_saved())
		d->id = st.st_ino;
}

/**
 * cgdir_open() - open a memory cgroup
 * @d: filled; close with cgdir_close() even after a failure
 * @path: of the cgroup
 * @keep: whether its files stay open, to be read again
 *
 * Return: 0 or a negative errno; -ENOENT where it lies outside the mount.
 */
int cgdir_open(struct cgdir *d, const char *path, bool keep)
{
	size_t len = strcmp(fs.top, "/") ? strlen(fs.top) : 0;
	struct str b = {};
	unsigned int i;

	d->path = xstrdup(path);
	d->keep = keep;
	d->dir = -1;
	d->id = ABSENT;
	d->leaf = false;
	for (i = 0; i < CGFS_FILES; i++)
		d->fd[i] = -1;
	if (strncmp(path, fs.top, len) || (len && path[len] && path[len] != '/'))
		return -ENOENT;
	str_puts(&b, fs.mount);
	str_puts(&b, path + len);
	d->dir = open(b.s, O_PATH | O_DIRECTORY | O_CLOEXEC);
	str_free(&b);
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
				read_amount(num, &v);
			}
			return v;
		}
		s = strchr(s, '\n');
		s += s ? 1 : 0;
	}
	return v;
}

static void read_events(struct cgdir *d, struct memcg *m)
{
	char buf[512];
	unsigned int i;

	if (!fs.v2) {
		if (cgdir_file(d, F_EVENTS, "memory.oom_control", buf, sizeof(buf)) < 0)
			return;
		m->m[MF_OOM_KILL_DISABLE] = keyed(buf, "oom_kill_disable");
		m->m[MF_UNDER_OOM] = keyed(buf, "under_oom");
		m->event[ME_OOM_KILL] = keyed(buf, "oom_kill");
		return;
	}
	if (cgdir_file(d, F_EVENTS, "memory.events.local", buf, sizeof(buf)) < 0)
		return;
	for (i = 0; i < NR_ME; i++)
		m->event[i] = keyed(buf, memcg_event_names[i]);
}

static void read_misc(struct cgdir *d, struct memcg *m)
{
	const char *name = fs.v2 ? "memory.oom.group" : "memory.swappiness";
	enum memcg_field field = fs.v2 ? MF_OOM_GROUP : MF_SWAPPINESS;
	char buf[32];

	if (cgdir_file(d, F_SWAPPINESS, name, buf, sizeof(buf)) < 0)
		return;
	buf[strcspn(buf, "\n")] = '\0';
	read_u64(buf, &m->m[field]);
}

/* v2: one line a list, one word a node. These sums count the children too. */
static void read_lru_v2(struct memcg *m, char *text)
{
	char *line, *word, *save, *save2;
	unsigned long long node, bytes;
	unsigned int i;
	int list;

	m->lru_subtree = true;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		word = strtok_r(line, " ", &save2);
		list = word ? cgl_index(lru_names, NR_LRU, word) : -1;
		if (list < 0)
			continue;
		while ((word = strtok_r(NULL, " ", &save2))) {
			char *eq = strchr(word, '=');

			if (*word != 'N' || !eq)
				continue;
			*eq = '\0';
			if (!read_u64(word + 1, &node) || !read_u64(eq + 1, &bytes))
				continue;
			for (i = 0; i < m->nr_lru && m->lru[i].node != node; i++)
				;
			if (i == m->nr_lru)
				memcg_new_lru(m)->node = node;
			m->lru[i].bytes[list] = bytes;
		}
	}
}

static void read_lru(struct cgdir *d, struct memcg *m)
{
	const char *name = fs.v2 ? "memory.numa_stat" : "memory.stat";
	size_t size = 64 << 10;
	struct lru_row *row;
	char *buf;
	int i;

	buf = xmalloc(size);
	if (cgdir_file(d, F_LRU, name, buf, size) >= 0) {
		if (fs.v2) {
			read_lru_v2(m, buf);
		} else {
			row = memcg_new_lru(m);
			for (i = 0; i < NR_LRU; i++)
				row->bytes[i] = keyed(buf, lru_names[i]);
		}
	}
	free(buf);
}

/**
 * cgdir_read() - read what a memory cgroup's files say
 * @d: the cgroup
 * @m: filled
 * @want: which of &enum cgfs_want
 *
 * The root has no counters, as in cg_list itself.
 *
 * Return: 0, or -ENOENT when the cgroup is gone.
 */
int cgdir_read(struct cgdir *d, struct memcg *m, unsigned int want)
{
	bool is_root = !strcmp(d->path, "/");
	int seen = 0, missing = 0;
	unsigned int i;
	char buf[64];
	u64 v;
	int ret;

	free(m->path);
	m->path = xstrdup(d->path);
	m->m[MF_ID] = d->id;
	m->m[MF_ONLINE] = 1;
	for (i = 0; i < ARRAY_SIZE(files) && !is_root; i++) {
		const char *name = fs.v2 ? files[i].v2 : files[i].v1;

		if (!name || !(files[i].want & want))
			continue;
		ret = cgdir_file(d, i, name, buf, sizeof(buf));
		if (ret == -ENODEV || ret == -ENOENT)
			missing++;
		if (ret < 0)
			continue;
		seen++;
		buf[strcspn(buf, "\n")] = '\0';
		if (read_amount(buf, &v))
			m->counter[files[i].kind][files[i].field] =
				fs.v2 ? v : v1_amount(v);
	}
	/* v1 has the failures in files of their own */
	if (!is_root && want & (fs.v2 ? CGFS_BASIC : CGFS_MORE))
		read_events(d, m);
	if (want & CGFS_ALL)
		read_misc(d, m);
	if (want & CGFS_LRU)
		read_lru(d, m);
	return !is_root && !seen && missing ? -ENOENT : 0;
}

/**
 * cgfs_report() - a task's memory cgroup and its ancestors
 * @r: filled
 * @pid: the task
 * @want: which of &enum cgfs_want
 *
 * Return: 0; -ESRCH for no such task; -ENOENT where no memory cgroup of it can
 * be found.
 */
int cgfs_report(struct report *r, u64 pid, unsigned int want)
{
	struct str b = {};
	char *path, *slash;
	struct cgdir d;
	u64 level = 0;
	int ret;

	ret = root_read(&b, "/proc/%llu/cgroup", pid);
	if (ret) {
		str_free(&b);
		return ret == -ENOENT ? -ESRCH : ret;
	}
	path = cgfs_memory_path(b.s);
	str_free(&b);
	if (!path)
		return -ENOENT;
	for (;;) {
		struct memcg *m = report_new_memcg(r);

		m->m[MF_LEVEL] = level++;
		m->path = xstrdup(path);
		if (!cgdir_open(&d, path, false))
			cgdir_read(&d, m, want);
		cgdir_close(&d);
		slash = strrchr(path, '/');
		if (!slash || !path[1])
			break;
		/* the last step up is to the root, "/" */
		slash[slash == path] = '\0';
	}
	free(path);
	r->source = SRC_FILES;
	return 0;
}

static void drop_last_memcg(struct report *r, size_t at)
{
	while (r->nr_memcgs > at) {
		struct memcg *m = &r->memcgs[--r->nr_memcgs];

		free(m->path);
		free(m->lru);
	}
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

static void cgfs_cache_drop_old(struct cgfs_cache *c)
{
	size_t i;

	for (i = 0; i < c->nr_old; i++)
		if (c->old[i].path)
			cgdir_close(&c->old[i]);
	free(c->old);
	c->old = NULL;
	c->nr_old = 0;
}

/* The cgroup of the last walk that this path names, or a new one. */
static void take_dir(struct cgfs_cache *c, struct cgdir *d, const char *path)
{
	size_t i, at;

	/* cgroups keep their order, so the next one is nearly always it */
	for (i = 0; c && i < c->nr_old; i++) {
		at = (c->next + i) % c->nr_old;
		if (!c->old[at].path || strcmp(c->old[at].path, path))
			continue;
		*d = c->old[at];
		c->old[at].path = NULL;
		c->next = at + 1;
		cgdir_update(d);
		return;
	}
	cgdir_open(d, path, c && c->nr * (F_NR / 2) < c->max_files);
}

static void leave_dir(struct cgfs_cache *c, struct cgdir *d)
{
	if (!c || !d->keep) {
		cgdir_close(d);
		return;
	}
	c->dirs = grow(c->dirs, c->nr, &c->cap, sizeof(*c->dirs));
	c->dirs[c->nr++] = *d;
}

/* Read the cgroup; returns a descriptor to list what is below it, or -1. */
static int read_dir(struct report *r, struct cgfs_cache *c, const char *path, unsigned int want)
{
	size_t at = r->nr_memcgs;
	struct cgdir d;
	int fd = -1;

	take_dir(c, &d, path);
	if (d.dir >= 0 && cgdir_read(&d, report_new_memcg(r), want) && d.keep) {
		/* removed since, and perhaps made again */
		cgdir_close(&d);
		drop_last_memcg(r, at);
		cgdir_open(&d, path, true);
		if (d.dir >= 0)
			cgdir_read(&d, report_new_memcg(r), want);
	}
	if (d.dir >= 0 && !d.leaf)
		fd = openat(d.dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	leave_dir(c, &d);
	return fd;
}

static void walk(struct report *r, struct cgfs_cache *c, const char *path, unsigned int want,
		 unsigned int depth)
{
	int fd = read_dir(r, c, path, want);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *de;
	char *child;

	if (!dir)
		return;
	/* deeper than any cgroup: a saved tree can hold a loop of links */
	while (depth < 512 && (de = readdir(dir))) {
		if (de->d_type != DT_DIR || *de->d_name == '.')
			continue;
		child = xasprintf("%s/%s", path[1] ? path : "", de->d_name);
		walk(r, c, child, want, depth + 1);
		free(child);
	}
	closedir(dir);
}

/**
 * cgfs_memcgs() - every memory cgroup below the mount, in pre-order
 * @r: filled
 * @want: which of &enum cgfs_want
 * @c: what stays open for the next time, at first all 0; or NULL
 *
 * Return: 0 or -ENOENT.
 */
int cgfs_memcgs(struct report *r, unsigned int want, struct cgfs_cache *c)
{
	if (c) {
		if (!c->max_files)
			c->max_files = raise_file_limit();
		c->old = c->dirs;
		c->nr_old = c->nr;
		c->dirs = NULL;
		c->nr = 0;
		c->cap = 0;
		c->next = 0;
	}
	walk(r, c, fs.top, want, 0);
	if (c)
		cgfs_cache_drop_old(c);
	r->source = SRC_FILES;
	return r->nr_memcgs ? 0 : -ENOENT;
}

/* Close everything. */
void cgfs_cache_close(struct cgfs_cache *c)
{
	c->old = c->dirs;
	c->nr_old = c->nr;
	c->dirs = NULL;
	c->nr = 0;
	cgfs_cache_drop_old(c);
}

/**
 * cgfs_procs() - the processes of a cgroup
 * @path: the cgroup
 * @fn: called for each; a negative value ends the walk
 * @arg: for @fn
 *
 * Return: 0, a negative errno, or what @fn returned.
 */
int cgfs_procs(const char *path, int (*fn)(u64 pid, void *arg), void *arg)
{
	struct str b = {};
	char *s, *save;
	struct cgdir d;
	int ret, fd;
	u64 pid;

	ret = cgdir_open(&d, path, false);
	if (!ret) {
		fd = openat(d.dir, "cgroup.procs", O_RDONLY | O_CLOEXEC);
		ret = fd < 0 ? -errno : read_fd(fd, &b);
		if (fd >= 0)
			close(fd);
	}
	cgdir_close(&d);
	for (s = b.s ? strtok_r(b.s, "\n", &save) : NULL; s && ret >= 0;
	     s = strtok_r(NULL, "\n", &save))
		if (read_u64(s, &pid))
			ret = fn(pid, arg);
	str_free(&b);
	return ret;
}
