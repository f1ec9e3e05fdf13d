// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calls: first what this project adds to a kernel, then what is around it.
 *
 * Programs run with a v2 or v1 memory cgroup of their worker as the current
 * directory, so that "a/memory.max" is a file of a child cgroup of their own;
 * what they make there is removed after them.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "desc.h"
#include "pseudo.h"

#define NR(array)	(sizeof(array) / sizeof((array)[0]))
#define AT		{ .kind = FZ_CONST, .lo = (uint64_t)AT_FDCWD }
#define CONST(v)	{ .kind = FZ_CONST, .lo = (v) }
#define INT(a, b)	{ .kind = FZ_INT, .lo = (a), .hi = (b) }
#define ENUM(v)		{ .kind = FZ_ENUM, .vals = v, .nr = NR(v) }
#define FLAGS(v)	{ .kind = FZ_FLAGS, .vals = v, .nr = NR(v) }
#define RES(r)		{ .kind = FZ_RES, .res = FZ_R_##r, .lo = (uint64_t)-1 }
#define RES_OR(r, v)	{ .kind = FZ_RES, .res = FZ_R_##r, .lo = (v) }
#define STR(s)		{ .kind = FZ_STR, .strs = s, .nr = NR(s) }
#define TEXT(s, a, b)	{ .kind = FZ_TEXT, .strs = s, .nr = NR(s), .lo = (a), .hi = (b) }
#define BYTES(s, n)	{ .kind = FZ_BYTES, .strs = s, .nr = NR(s), .size = (n) }
#define OUT(n)		{ .kind = FZ_OUT, .hi = (n) }
#define OUTRES(r, n)	{ .kind = FZ_OUTRES, .res = FZ_R_##r, .lo = (n), .hi = 4 * (n) }
#define LEN(i)		{ .kind = FZ_LEN, .of = (i), .hi = 65536 }

#define ONE(name, text)	static const char *const name[] = { text }

ONE(p_report, "/proc/self/cg_list");
ONE(p_thread_report, "/proc/thread-self/cg_list");
ONE(p_task, "/proc/cg_list/task");
ONE(p_status, "/proc/cg_list/status");
ONE(p_events, "/proc/cg_list/events");
ONE(p_reset, "/proc/cg_list/reset");
ONE(p_ko, "/cg_list.ko");
ONE(n_module, "cg_list");
ONE(t_one, "1");

static const char *const p_bulk[] = { "/proc/cg_list/memcgs", "/proc/cg_list/tasks" };
static const char *const p_knob[] = {
	"/proc/sys/cg_list/fast_path", "/proc/sys/cg_list/stack_dumps",
};
static const char *const p_ours[] = {
	"/proc/self/cg_list", "/proc/thread-self/cg_list", "/proc/cg_list/status",
	"/proc/cg_list/memcgs", "/proc/cg_list/tasks", "/proc/cg_list/events",
	"/proc/sys/cg_list/fast_path", "/proc/sys/cg_list/stack_dumps",
};
static const char *const t_knob[] = {
	"0", "1", "2", "10", "0\n", "1\n", "2\n", "3", "-1", "1x", "",
};
static const char *const p_trace[] = {
	"/sys/kernel/tracing/events/memcg_charge/enable",
	"/sys/kernel/tracing/events/memcg_charge/memcg_charge_stock/enable",
	"/sys/kernel/tracing/events/memcg_charge/memcg_charge_limit/enable",
	"/sys/kernel/tracing/events/memcg_charge/memcg_charge_end/enable",
	"/sys/kernel/tracing/events/cgroup/cgroup_move/enable",
};
static const char *const t_switch[] = { "0", "1" };
static const char *const t_params[] = {
	"", "source=tracepoint", "source=kprobe", "source=auto", "events=16", "events=64",
	"source=kprobe exact=1", "events=17", "source=none", "events=65536",
};
static const char *const d_cg[] = { "a", "b", "a/c", "a/d", "b/c" };
static const char *const p_procs[] = {
	"a/cgroup.procs", "b/cgroup.procs", "a/c/cgroup.procs", "cgroup.procs", "a/tasks",
	"a/cgroup.threads", "b/tasks", "/sys/fs/cgroup/cgroup.procs", "/proc/cg_list/task",
};
static const char *const p_limit[] = {
	"a/memory.max", "a/memory.high", "a/memory.swap.max", "a/memory.low", "a/memory.min",
	"b/memory.max", "b/memory.high", "a/c/memory.max", "a/memory.reclaim",
	"a/memory.limit_in_bytes", "a/memory.soft_limit_in_bytes",
	"a/memory.memsw.limit_in_bytes", "a/memory.kmem.tcp.limit_in_bytes",
};
static const char *const t_limit[] = {
	"0", "4096", "65536", "1M", "2M", "4M", "8M", "max", "-1", "1G", "1",
};
static const char *const p_cgctl[] = {
	"a/cgroup.subtree_control", "a/cgroup.type", "a/cgroup.freeze", "a/cgroup.kill",
	"a/memory.oom.group", "a/memory.swappiness", "a/memory.oom_control",
	"a/memory.force_empty", "a/memory.use_hierarchy", "a/pids.max",
	"a/memory.move_charge_at_immigrate", "a/cpuset.cpus", "a/cpuset.mems",
	"a/cpuset.cpus.partition", "b/cgroup.subtree_control",
};
static const char *const t_cgctl[] = {
	"+memory", "-memory", "+cpuset", "-cpuset", "+pids", "threaded", "1", "0", "root",
	"member", "60", "0-1",
};
static const char *const p_cgread[] = {
	"a/memory.current", "a/memory.stat", "a/memory.events", "a/cgroup.procs",
	"a/memory.numa_stat", "a/cgroup.events", "a/cgroup.controllers",
	"a/memory.usage_in_bytes", "a/memory.failcnt", "/proc/self/cgroup", "/proc/cgroups",
	"/sys/kernel/tracing/trace_pipe", "/proc/self/cpuset", "/proc/self/mountinfo",
};
static const char *const p_tmp[] = { "/tmp/a", "/tmp/b" };
static const char *const p_mnt[] = { "/mnt", "/mnt/a", "/tmp/a" };
static const char *const d_mnt[] = { "/mnt/a", "/mnt/b", "/mnt/a/a", "/tmp/a" };
static const char *const t_fs[] = { "cgroup2", "cgroup", "tmpfs", "proc" };
static const char *const t_mountdata[] = {
	"", "memory", "none,name=fuzz", "cpuset", "size=1M", "memory_recursiveprot", "pids",
	"freezer", "name=fuzz,xattr,none",
};
static const char *const n_memfd[] = { "m" };
static const char *const t_bytes[] = { "hello", "1", "" };

/* struct sockaddr_in of 127.0.0.1, an unused port and any. */
static const char *const b_inet[] = {
	"\2\0\0\0\177\0\0\1\0\0\0\0\0\0\0\0", "\2\0\x1f\x90\177\0\0\1\0\0\0\0\0\0\0\0",
};
/* struct epoll_event: EPOLLIN; EPOLLPRI too, edge-triggered; none. */
static const char *const b_epoll[] = {
	"\1\0\0\0\0\0\0\0\0\0\0\0", "\3\0\0\200\0\0\0\0\0\0\0\0", "\0\0\0\0\0\0\0\0\0\0\0\0",
};

static const uint64_t f_open[] = { O_RDONLY, O_WRONLY, O_RDWR, O_NONBLOCK, O_CLOEXEC };
static const uint64_t f_read[] = { O_RDONLY, O_NONBLOCK, O_CLOEXEC };
static const uint64_t f_opendir[] = { O_DIRECTORY, O_PATH };
static const uint64_t e_whence[] = { SEEK_SET, SEEK_CUR, SEEK_END, 3, 4 };
static const uint64_t f_unshare[] = {
	CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET,
	CLONE_NEWCGROUP, CLONE_FILES, CLONE_FS, CLONE_SYSVSEM,
};
static const uint64_t f_fork[] = {
	CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWCGROUP, CLONE_PARENT,
};
static const uint64_t f_setns[] = {
	CLONE_NEWCGROUP, CLONE_NEWPID, CLONE_NEWUTS, CLONE_NEWUSER, CLONE_NEWNS,
};
static const uint64_t f_prot[] = { PROT_READ, PROT_WRITE };
static const uint64_t f_map[] = {
	MAP_PRIVATE, MAP_SHARED, MAP_ANONYMOUS, MAP_POPULATE, MAP_NORESERVE, MAP_LOCKED,
};
static const uint64_t e_advice[] = {
	MADV_NORMAL, MADV_DONTNEED, MADV_WILLNEED, MADV_FREE, MADV_HUGEPAGE, MADV_PAGEOUT,
	MADV_COLD, MADV_REMOVE, MADV_MERGEABLE,
};
static const uint64_t f_sock[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_NONBLOCK };
static const uint64_t e_family[] = { AF_UNIX, AF_INET };
static const uint64_t f_msg[] = { MSG_DONTWAIT, MSG_NOSIGNAL, MSG_PEEK };
static const uint64_t e_signal[] = { 0, 9, 15, 18, 19, 10 };
static const uint64_t f_wait[] = { WNOHANG, WUNTRACED, __WALL };
static const uint64_t e_epoll[] = { 1, 2, 3 };
static const uint64_t f_mount[] = { MS_RDONLY, MS_NOSUID, MS_REMOUNT, MS_BIND, MS_NODEV };
static const uint64_t f_umount[] = { MNT_DETACH, MNT_FORCE };
static const uint64_t f_splice[] = { 1, 2, 4 };
static const uint64_t e_id[] = { 0, 1, 65534 };
static const uint64_t e_nonblock[] = { O_NONBLOCK, O_NONBLOCK | O_TRUNC };

#define CALL(n, number, makes, w, ...) {					\
	.name = n, .nr = (number), .ret = FZ_R_##makes, .weight = (w),		\
	.nr_args = sizeof((const struct fz_type[]){ __VA_ARGS__ }) /		\
		   sizeof(struct fz_type),					\
	.arg = { __VA_ARGS__ } }
#define CALL_IS(f, n, number, makes, w, ...) {					\
	.name = n, .nr = (number), .ret = FZ_R_##makes, .weight = (w),		\
	.flags = (f),								\
	.nr_args = sizeof((const struct fz_type[]){ __VA_ARGS__ }) /		\
		   sizeof(struct fz_type),					\
	.arg = { __VA_ARGS__ } }

const struct fz_desc fz_descs[] = {
	/* The files of the module and of the patches. */
	CALL("openat$report", SYS_openat, report, 20, AT, STR(p_report), FLAGS(f_read), CONST(0)),
	CALL("openat$thread_report", SYS_openat, report, 8, AT, STR(p_thread_report),
	     FLAGS(f_read), CONST(0)),
	CALL("openat$task", SYS_openat, taskfile, 15, AT, STR(p_task), CONST(O_RDWR), CONST(0)),
	CALL("openat$status", SYS_openat, status, 8, AT, STR(p_status), FLAGS(f_read), CONST(0)),
	CALL("openat$events", SYS_openat, events, 20, AT, STR(p_events), CONST(O_RDONLY | O_NONBLOCK),
	     CONST(0)),
	CALL("openat$events_wait", SYS_openat, events, 3, AT, STR(p_events), CONST(O_RDONLY),
	     CONST(0)),
	CALL("openat$reset", SYS_openat, reset, 6, AT, STR(p_reset), CONST(O_WRONLY), CONST(0)),
	CALL("openat$bulk", SYS_openat, bulk, 12, AT, STR(p_bulk), CONST(O_RDONLY), CONST(0)),
	CALL("openat$knob", SYS_openat, knob, 12, AT, STR(p_knob), CONST(O_RDWR), CONST(0)),
	CALL("read$ours", SYS_read, none, 25, RES(report), OUT(65536), LEN(1)),
	CALL("read$task", SYS_read, none, 15, RES(taskfile), OUT(8192), LEN(1)),
	CALL("read$events", SYS_read, none, 25, RES(events), OUT(8192), LEN(1)),
	CALL("read$bulk", SYS_read, none, 15, RES(bulk), OUT(65536), LEN(1)),
	CALL("read$knob", SYS_read, none, 8, RES(knob), OUT(64), LEN(1)),
	CALL("pread64$ours", SYS_pread64, none, 6, RES(report), OUT(4096), LEN(1), INT(0, 8192)),
	CALL("pread64$bulk", SYS_pread64, none, 4, RES(bulk), OUT(4096), LEN(1), INT(0, 8192)),
	CALL("lseek$ours", SYS_lseek, none, 5, RES(report), INT(0, 65536), ENUM(e_whence)),
	CALL("lseek$events", SYS_lseek, none, 8, RES(events), INT(0, 64), ENUM(e_whence)),
	CALL("lseek$bulk", SYS_lseek, none, 5, RES(bulk), INT(0, 65536), ENUM(e_whence)),
	CALL("write$task", SYS_write, none, 15, RES(taskfile), TEXT(t_one, 0, 400), LEN(1)),
	CALL("write$knob", SYS_write, none, 20, RES(knob), TEXT(t_knob, 0, 4096), LEN(1)),
	CALL("pwrite64$knob", SYS_pwrite64, none, 3, RES(knob), TEXT(t_knob, 0, 16), LEN(1),
	     INT(0, 3)),
	CALL("write$reset", SYS_write, none, 8, RES(reset), TEXT(t_switch, 0, 3), LEN(1)),
	CALL("write$ours", SYS_write, none, 2, RES(report), TEXT(t_one, 0, 3), LEN(1)),
	CALL("poll$events", SYS_poll, none, 4, BYTES(b_epoll, 12), CONST(0), INT(0, 2)),
	CALL("fz_getfile$ours", FZ_P_GETFILE, none, 15, STR(p_ours), INT(0, 16384)),
	CALL("fz_putfile$knob", FZ_P_PUTFILE, none, 15, STR(p_knob), TEXT(t_knob, 0, 4096), LEN(1)),
	CALL("fz_putfile$reset", FZ_P_PUTFILE, none, 4, STR(p_reset), TEXT(t_switch, 0, 3), LEN(1)),
	CALL("fz_putfile$trace", FZ_P_PUTFILE, none, 2, STR(p_trace), TEXT(t_switch, 0, 1), LEN(1)),
	CALL("fz_taskfile", FZ_P_TASKFILE, report, 12, RES_OR(pid, 1), INT(0, 9), FLAGS(f_read)),
	CALL_IS(FZ_RARE, "openat$ko", SYS_openat, ko, 2, AT, STR(p_ko), CONST(O_RDONLY), CONST(0)),
	CALL_IS(FZ_RARE, "finit_module", SYS_finit_module, none, 2, RES(ko), STR(t_params), CONST(0)),
	CALL_IS(FZ_RARE, "delete_module", SYS_delete_module, none, 3, STR(n_module),
		ENUM(e_nonblock)),

	/* Memory cgroups. */
	CALL("mkdirat$cg", SYS_mkdirat, none, 25, AT, STR(d_cg), CONST(0755)),
	CALL("unlinkat$cg", SYS_unlinkat, none, 8, AT, STR(d_cg), CONST(AT_REMOVEDIR)),
	CALL("openat$cg", SYS_openat, cgdir, 5, AT, STR(d_cg), FLAGS(f_opendir), CONST(0)),
	CALL("fz_putfile$limit", FZ_P_PUTFILE, none, 25, STR(p_limit), TEXT(t_limit, 0, 1 << 24),
	     LEN(1)),
	CALL("fz_putfile$cg", FZ_P_PUTFILE, none, 12, STR(p_cgctl), TEXT(t_cgctl, 0, 100), LEN(1)),
	CALL("fz_putpid", FZ_P_PUTPID, none, 30, STR(p_procs), RES_OR(pid, 0)),
	CALL("fz_getfile$cg", FZ_P_GETFILE, none, 8, STR(p_cgread), INT(0, 16384)),
	CALL("openat$cgfile", SYS_openat, cgfile, 6, AT, STR(p_cgread), FLAGS(f_open), CONST(0)),
	CALL("read$cgfile", SYS_read, none, 5, RES(cgfile), OUT(4096), LEN(1)),

	/* Memory. */
	CALL("fz_touch", FZ_P_TOUCH, map, 25, INT(0, 1), INT(0, 1024)),
	CALL("mmap", SYS_mmap, map, 10, CONST(0), INT(4096, 1 << 22), FLAGS(f_prot), FLAGS(f_map),
	     RES(memfd), CONST(0)),
	CALL("munmap", SYS_munmap, none, 4, RES_OR(map, 0), INT(4096, 1 << 22)),
	CALL("mprotect", SYS_mprotect, none, 3, RES_OR(map, 0), INT(4096, 1 << 22), FLAGS(f_prot)),
	CALL("madvise", SYS_madvise, none, 6, RES_OR(map, 0), INT(4096, 1 << 22), ENUM(e_advice)),
	CALL("mremap", SYS_mremap, map, 4, RES_OR(map, 0), INT(4096, 1 << 20),
	     INT(4096, 1 << 22), INT(0, 3), CONST(0)),
	CALL("memfd_create", SYS_memfd_create, memfd, 6, STR(n_memfd), INT(0, 3)),
	CALL("ftruncate", SYS_ftruncate, none, 4, RES(memfd), INT(0, 1 << 22)),
	CALL("fallocate", SYS_fallocate, none, 4, RES(memfd), INT(0, 3), INT(0, 1 << 20),
	     INT(1, 1 << 22)),
	CALL("openat$tmp", SYS_openat, memfd, 4, AT, STR(p_tmp), CONST(O_RDWR | O_CREAT), CONST(0600)),
	CALL("unlinkat$tmp", SYS_unlinkat, none, 2, AT, STR(p_tmp), CONST(0)),

	/* Processes and namespaces. */
	CALL("fz_fork", FZ_P_FORK, pid, 20, FLAGS(f_fork), INT(0, 3), INT(0, 4095)),
	CALL("kill", SYS_kill, none, 8, RES_OR(pid, 0x7fffffff), ENUM(e_signal)),
	CALL("wait4", SYS_wait4, none, 5, RES_OR(pid, (uint64_t)-1), CONST(0), FLAGS(f_wait), CONST(0)),
	CALL("getpid", SYS_getpid, pid, 4, CONST(0)),
	CALL("unshare", SYS_unshare, none, 20, FLAGS(f_unshare)),
	CALL("setns", SYS_setns, none, 5, RES(report), ENUM(f_setns)),
	CALL("setresuid", SYS_setresuid, none, 3, ENUM(e_id), ENUM(e_id), ENUM(e_id)),
	CALL("pidfd_open", SYS_pidfd_open, nsfd, 3, RES_OR(pid, 0), CONST(0)),
	CALL("setns$pidfd", SYS_setns, none, 2, RES(nsfd), FLAGS(f_setns)),
	CALL("sched_yield", SYS_sched_yield, none, 3, CONST(0)),
	CALL("prctl$name", SYS_prctl, none, 2, CONST(15), STR(t_params), CONST(0)),
	CALL("chroot", SYS_chroot, none, 1, STR(p_mnt)),

	/* Mounts, in a namespace of the program's own. */
	CALL("mkdirat$mnt", SYS_mkdirat, none, 3, AT, STR(d_mnt), CONST(0755)),
	CALL_IS(FZ_MOUNTS, "mount", SYS_mount, none, 5, STR(t_fs), STR(p_mnt), STR(t_fs),
		FLAGS(f_mount), STR(t_mountdata)),
	CALL_IS(FZ_MOUNTS, "umount2", SYS_umount2, none, 3, STR(p_mnt), FLAGS(f_umount)),

	/* Files of all kinds. */
	CALL("close", SYS_close, none, 6, RES(fd)),
	CALL("dup", SYS_dup, fd, 3, RES(fd)),
	CALL("read", SYS_read, none, 8, RES(fd), OUT(4096), LEN(1)),
	CALL("write", SYS_write, none, 5, RES(fd), TEXT(t_bytes, 0, 1000), LEN(1)),
	CALL("pipe2", SYS_pipe2, none, 5, OUTRES(pipe, 2), CONST(O_NONBLOCK)),
	CALL("splice", SYS_splice, none, 4, RES(fd), CONST(0), RES(pipe), CONST(0),
	     INT(0, 65536), FLAGS(f_splice)),
	CALL("sendfile", SYS_sendfile, none, 4, RES(fd), RES(fd), CONST(0), INT(0, 65536)),
	CALL("mmap$file", SYS_mmap, map, 2, CONST(0), INT(4096, 65536), FLAGS(f_prot), CONST(MAP_SHARED),
	     RES(fd), CONST(0)),
	CALL("fstat", SYS_fstat, none, 2, RES(fd), OUT(256)),
	CALL("ioctl", SYS_ioctl, none, 2, RES(fd), INT(0, 0xffff), OUT(256)),
	CALL("epoll_create1", SYS_epoll_create1, epoll, 6, CONST(0)),
	CALL("epoll_ctl", SYS_epoll_ctl, none, 8, RES(epoll), ENUM(e_epoll), RES(fd),
	     BYTES(b_epoll, 12)),
	CALL("epoll_ctl$events", SYS_epoll_ctl, none, 6, RES(epoll), CONST(1), RES(events),
	     BYTES(b_epoll, 12)),
	CALL("epoll_wait", SYS_epoll_wait, none, 6, RES(epoll), OUT(128), INT(1, 8), INT(0, 3)),

	/* Sockets, whose buffers are charged. */
	CALL("socket", SYS_socket, sock, 5, ENUM(e_family), FLAGS(f_sock), CONST(0)),
	CALL("socketpair", SYS_socketpair, none, 5, CONST(AF_UNIX), FLAGS(f_sock), CONST(0),
	     OUTRES(sock, 2)),
	CALL("bind", SYS_bind, none, 3, RES(sock), BYTES(b_inet, 16), CONST(16)),
	CALL("listen", SYS_listen, none, 3, RES(sock), INT(0, 8)),
	CALL("connect", SYS_connect, none, 3, RES(sock), BYTES(b_inet, 16), CONST(16)),
	CALL("accept4", SYS_accept4, sock, 3, RES(sock), CONST(0), CONST(0), CONST(SOCK_NONBLOCK)),
	CALL("sendto", SYS_sendto, none, 4, RES(sock), OUT(65536), LEN(1), FLAGS(f_msg), CONST(0),
	     CONST(0)),
	CALL("recvfrom", SYS_recvfrom, none, 4, RES(sock), OUT(65536), LEN(1), FLAGS(f_msg), CONST(0),
	     CONST(0)),
	CALL("shutdown", SYS_shutdown, none, 2, RES(sock), INT(0, 2)),
};

const unsigned int fz_nr_descs = NR(fz_descs);

static const enum fz_res fz_parent[] = {
#define X(name, parent)	[FZ_R_##name] = FZ_R_##parent,
	FZ_RESOURCES(X)
#undef X
};

/**
 * fz_desc_find - the description of a name
 * @name: as in the table
 *
 * Return: its row, or NULL.
 */
const struct fz_desc *fz_desc_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < fz_nr_descs; i++)
		if (!strcmp(fz_descs[i].name, name))
			return &fz_descs[i];
	return NULL;
}

/**
 * fz_res_is - may a resource be used where another kind is wanted?
 * @made: the resource's kind
 * @wanted: the kind that an argument asks for
 */
bool fz_res_is(enum fz_res made, enum fz_res wanted)
{
	for (; made != FZ_R_none; made = fz_parent[made])
		if (made == wanted)
			return true;
	return false;
}

/* The argument through which a call stores resources, or -1. */
int fz_desc_out_arg(const struct fz_desc *d)
{
	unsigned int i;

	for (i = 0; i < d->nr_args; i++)
		if (d->arg[i].kind == FZ_OUTRES)
			return i;
	return -1;
}

/**
 * fz_desc_makes - the kind of a resource that a call makes
 * @d: the call
 * @slot: 0 is its return value, the others the numbers that it stores
 *
 * Return: the kind, FZ_R_none if there is no such resource.
 */
enum fz_res fz_desc_makes(const struct fz_desc *d, unsigned int slot)
{
	int out = fz_desc_out_arg(d);

	if (slot == 0)
		return d->ret;
	if (out < 0 || slot > d->arg[out].lo)
		return FZ_R_none;
	return d->arg[out].res;
}

/* Whether an argument points to bytes that a program says. */
bool fz_type_is_data(const struct fz_type *t)
{
	return t->kind == FZ_STR || t->kind == FZ_TEXT || t->kind == FZ_BYTES;
}
