// SPDX-License-Identifier: GPL-2.0-only
/*
 * Section `ns`: the inode numbers of the task's namespaces, as the links in
 * /proc/PID/ns have them. A task that has exited has given most of them up.
 */
#include <linux/cred.h>
#include <linux/ipc_namespace.h>
#include <linux/nsproxy.h>
#include <linux/pid_namespace.h>
#include <linux/sched/task.h>
#include <linux/time_namespace.h>
#include <linux/user_namespace.h>
#include <linux/utsname.h>
#include <net/net_namespace.h>

#include "base/compat.h"
#include "report/section.h"

/* Those that hang on the task's nsproxy, which task_lock() holds. */
struct cgl_ns_inums {
	unsigned int cgroup, ipc, net, time, uts;
};

/* A namespace that this kernel has not has no number either: 0. */
#ifdef CONFIG_NET_NS
static unsigned int cgl_net_inum(const struct nsproxy *proxy)
{
	return proxy->net_ns->ns.inum;
}
#else
static unsigned int cgl_net_inum(const struct nsproxy *proxy)
{
	return 0;
}
#endif

#ifdef CONFIG_TIME_NS
static unsigned int cgl_time_inum(const struct nsproxy *proxy)
{
	return proxy->time_ns->ns.inum;
}
#else
static unsigned int cgl_time_inum(const struct nsproxy *proxy)
{
	return 0;
}
#endif

#if CGL_HAVE_ACCESS
static unsigned int cgl_mnt_inum(struct task_struct *task)
{
	return cg_list_task_mnt_inum(task);
}
#else
static unsigned int cgl_mnt_inum(struct task_struct *task)
{
	return 0;
}
#endif

static bool cgl_ns_read(struct task_struct *task, struct cgl_ns_inums *n)
{
	struct nsproxy *proxy;

	memset(n, 0, sizeof(*n));
	task_lock(task);
	proxy = task->nsproxy;
	if (proxy) {
		n->cgroup = proxy->cgroup_ns->ns.inum;
		if (IS_ENABLED(CONFIG_IPC_NS))
			n->ipc = proxy->ipc_ns->ns.inum;
		n->net = cgl_net_inum(proxy);
		n->time = cgl_time_inum(proxy);
		if (IS_ENABLED(CONFIG_UTS_NS))
			n->uts = proxy->uts_ns->ns.inum;
	}
	task_unlock(task);
	return proxy;
}

static __always_inline void cgl_out_inum(struct cgl_out *o, const char *key,
					 unsigned int inum)
{
	if (inum)
		cgl_out_num(o, key, inum);
}

static bool cgl_show_ns(struct cgl_out *o, const struct cgl_reader *r,
			const struct cgl_subject *s, unsigned int part)
{
	struct pid_namespace *pid_ns;
	struct cgl_ns_inums n;

	cgl_ns_read(s->task, &n);
	cgl_out_lit(o, "ns");
	cgl_out_inum(o, " cgroup=", n.cgroup);
	cgl_out_inum(o, " ipc=", n.ipc);
	cgl_out_inum(o, " mnt=", cgl_mnt_inum(s->task));
	cgl_out_inum(o, " net=", n.net);
	rcu_read_lock();
	pid_ns = task_active_pid_ns(s->task);
	cgl_out_inum(o, " pid=", pid_ns ? pid_ns->ns.inum : 0);
	cgl_out_inum(o, " time=", n.time);
	cgl_out_inum(o, " user=", __task_cred(s->task)->user_ns->ns.inum);
	rcu_read_unlock();
	cgl_out_inum(o, " uts=", n.uts);
	cgl_out_eol(o);
	return false;
}

const struct cgl_section cgl_section_ns = {
	.name	= "ns",
	.ptrace	= true,
	.show	= cgl_show_ns,
};
