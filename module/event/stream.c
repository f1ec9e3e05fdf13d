// SPDX-License-Identifier: GPL-2.0-only
/*
 * The readers of the ring: /proc/cg_list/events, where each open file has its
 * own cursor, as /dev/kmsg has, and the section `event` of a report.
 *
 * Nothing of an event is looked up before it is read: cgroups are found by
 * their ids then, and left out if they are gone.
 *
 * Cost: a file that has been read from keeps a page, or more if a line was
 * longer than one: up to CGL_EVENT_MAX, in earnest no more than four.
 */
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/kallsyms.h>
#include <linux/mutex.h>
#include <linux/nsproxy.h>
#include <linux/pid_namespace.h>
#include <linux/poll.h>
#include <linux/rwsem.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "cg_list.h"
#include "event/ring.h"

/* The paths of all its cgroups, each byte escaped, its stack, and all the rest. */
static_assert(CGL_NR_REFS * 4 * PATH_MAX +
	      CGL_STACK_ENTRIES * KSYM_SYMBOL_LEN + 2048 <= CGL_EVENT_MAX);

#define CGL_TYPE_NAME(name, ...)	\
	[CGL_EVENT_##name] = #name,

const char *const cgl_event_type_name[CGL_NR_EVENT_TYPES] = {
	CGL_EVENT_TYPES(CGL_TYPE_NAME)
};

#define CGL_WHY_NAME(name)	\
	[CGL_WHY_##name] = #name,

static const char *const cgl_why_name[CGL_NR_WHYS] = {
	CGL_WHYS(CGL_WHY_NAME)
};

/* By @force of a record. */
#define CGL_OUTCOME_NAME(name)	\
	[CGL_OUTCOME_##name] = #name,

static const char *const cgl_outcome_name[] = {
	CGL_OUTCOMES(CGL_OUTCOME_NAME)
};

static void cgl_out_name(struct cgl_out *o, const char *key, const char *name)
{
	cgl_out_str(o, key, strlen(key));
	cgl_out_str(o, name, strlen(name));
}

static void cgl_out_time(struct cgl_out *o, u64 ns)
{
	char digits[9];
	u32 rest;
	int i;

	cgl_out_num(o, " time=", div_u64_rem(ns, NSEC_PER_SEC, &rest));
	for (i = sizeof(digits) - 1; i >= 0; i--) {
		digits[i] = '0' + rest % 10;
		rest /= 10;
	}
	cgl_out_lit(o, ".");
	cgl_out_str(o, digits, sizeof(digits));
}

/*
 * A cgroup that is still there, referenced, or NULL. Of v2 cgroup_get_from_id()
 * finds it, if it is in the current cgroup namespace. Never the root of a v1
 * hierarchy, which need not be there any more.
 */
static struct cgroup *cgl_get_cgroup(const struct cgl_reader *r,
				     const struct cgl_cgroup_ref *ref)
{
	struct cgroup_subsys_state *css;
	struct cgroup *cgrp = NULL;

	if (ref->ssid == CGL_REF_V2) {
		cgrp = cgroup_get_from_id(ref->id);
		return IS_ERR(cgrp) ? NULL : cgrp;
	}
	if (ref->ssid == CGL_REF_NOWHERE)
		return NULL;

	rcu_read_lock();
	css = idr_find(&r->ns_cset->subsys[ref->ssid]->ss->css_idr, ref->css);
	if (css && css->parent && cgl_css_id(css) == ref->id)
		cgrp = cgl_css_get_cgroup(css);
	rcu_read_unlock();
	return cgrp;
}

/* Of the namespace, the css of a controller that the event's hierarchy has. */
static const struct cgroup_subsys_state *
cgl_ref_ns_css(const struct cgl_reader *r, const struct cgl_cgroup_ref *ref)
{
	return ref->ssid < CGROUP_SUBSYS_COUNT ? r->ns_cset->subsys[ref->ssid] :
						 NULL;
}

/* Whether the reader's namespace has all of the event's hierarchy. */
static bool cgl_ref_sees_all(const struct cgl_reader *r,
			     const struct cgl_cgroup_ref *ref)
{
	const struct cgroup_subsys_state *css = cgl_ref_ns_css(r, ref);

	return css ? !css->parent : !cgroup_parent(r->ns_cset->dfl_cgrp);
}

/*
 * Of a cgroup that is not found nobody can say whether it was in the reader's
 * namespace: it is named to those who see all. So is the root of a v1 hierarchy,
 * whose css has the id 1 for ever (cgroup_init_subsys()).
 */
static void cgl_out_ref(struct cgl_out *o, const struct cgl_reader *r,
			const char *key, const char *id_key,
			const struct cgl_cgroup_ref *ref)
{
	struct cgroup *cgrp, *ns_root;
	bool visible;

	/* Then the rest of it is what another event has left there. */
	if (!ref->id)
		return;
	cgrp = cgl_get_cgroup(r, ref);
	if (cgrp) {
		ns_root = cgl_ns_root(r, cgrp, cgl_ref_ns_css(r, ref));
		visible = cgroup_is_descendant(cgrp, ns_root);
		if (visible)
			cgl_out_cgroup(o, key, cgrp, ns_root);
		cgroup_put(cgrp);
	} else {
		visible = cgl_ref_sees_all(r, ref);
		if (visible && ref->ssid < CGROUP_SUBSYS_COUNT && ref->css == 1) {
			cgl_out_str(o, key, strlen(key));
			cgl_out_lit(o, "/");
		}
	}
	if (!visible)
		return;
	cgl_out_str(o, id_key, strlen(id_key));
	cgl_out_u64(o, ref->id);
}

/* The level at which a reader sees a task, or -1. */
static int cgl_task_level(const struct cgl_reader *r,
			  const struct cgl_task_ref *task)
{
	unsigned int level = r->pid_ns->level;

	/* Without the first, there is nobody, whatever else is left there. */
	if (!task->ns[0] || level >= CGL_PID_LEVELS ||
	    task->ns[level] != r->pid_ns->ns.inum)
		return -1;
	return level;
}

/*
 * Whether a reader may be told of a task: in a report whose reader does not see
 * all tasks, only of the one that it is about. Of others that were recorded, which
 * may be gone, nobody can be asked any more.
 */
static bool cgl_may_name(const struct cgl_reader *r,
			 const struct cgl_task_ref *task)
{
	const struct task_struct *subject;

	if (r->all)
		return true;
	subject = r->report->task;
	return task->pid[0] == subject->pid || task->pid[0] == subject->tgid;
}

static void cgl_out_current(struct cgl_out *o, const struct cgl_reader *r,
			    const struct cgl_record *rec)
{
	const struct cgl_task_ref *task = &rec->task;
	int level = cgl_task_level(r, task);

	if (level < 0 || !cgl_may_name(r, task))
		return;
	cgl_out_num(o, " pid=", task->pid[level]);
	cgl_out_num(o, " tgid=", rec->tgid[level]);
	cgl_out_lit(o, " comm=");
	cgl_out_escaped(o, task->comm, strnlen(task->comm, TASK_COMM_LEN));
}

/*
 * A process is killed, whichever of its threads still had the memory; and a
 * process is moved, or one thread.
 */
static void cgl_out_victim(struct cgl_out *o, const struct cgl_reader *r,
			   const struct cgl_record *rec)
{
	bool moved = rec->type == CGL_EVENT_migrate;
	int level = cgl_task_level(r, &rec->victim);

	if (level >= 0 && cgl_may_name(r, &rec->victim)) {
		cgl_out_name(o, moved ? " moved" : " victim", "=");
		cgl_out_u64(o, rec->victim.pid[level]);
		cgl_out_name(o, moved ? " moved" : " victim", "_comm=");
		cgl_out_escaped(o, rec->victim.comm,
				strnlen(rec->victim.comm, TASK_COMM_LEN));
	}
	cgl_out_ref(o, r, " victim_memcg=", " victim_memcg_id=",
		    &rec->cgroup[CGL_REF_VICTIM]);
}

static void cgl_out_gfp(struct cgl_out *o, gfp_t gfp)
{
	size_t room = o->end - o->p, len;

	cgl_out_lit(o, " gfp=");
	room = o->end - o->p;
	len = snprintf(o->p, room, "%pGg", &gfp);
	if (len >= room)
		o->full = true;
	else
		o->p += len;
}

/**
 * cgl_symbol - where in the kernel a return address is
 * @buf: where to write symbol+offset, never an address
 * @size: of @buf; a symbol that does not fit is cut off
 * @addr: the address
 *
 * Context: any.
 * Return: the length of what would have been written in full: not less than
 * @size if it was cut off.
 */
size_t cgl_symbol(char *buf, size_t size, unsigned long addr)
{
	size_t len = snprintf(buf, size, "%pB", (void *)addr);

	if (len >= size)
		return len;
	/* In a module that has gone. */
	if (buf[0] == '0' || buf[0] == '(')
		return scnprintf(buf, size, "?");
	/* Behind it, the length of the function and the name of the module. */
	return strcspn(buf, "/ ");
}

static void cgl_out_stack(struct cgl_out *o, const struct cgl_record *rec)
{
	unsigned int i;

	for (i = 0; i < rec->nr_stack; i++) {
		size_t room, len;

		if (i)
			cgl_out_lit(o, "<");
		else
			cgl_out_lit(o, " stack=");
		room = o->end - o->p;
		len = cgl_symbol(o->p, room, rec->stack[i]);
		if (len >= room) {
			o->full = true;
			return;
		}
		o->p += len;
	}
}

static void cgl_out_charge(struct cgl_out *o, const struct cgl_record *rec)
{
	if (rec->has & CGL_HAS_COUNTER)
		cgl_out_name(o, " counter=", rec->memsw ? "memsw" : "memory");
	if (rec->has & CGL_HAS_NR_PAGES)
		cgl_out_num(o, " nr_pages=", rec->nr_pages);
	if (rec->has & CGL_HAS_ORDER)
		cgl_out_int(o, " order=", rec->order);
	if (rec->has & CGL_HAS_GFP)
		cgl_out_gfp(o, rec->gfp);
	if (rec->has & CGL_HAS_OUTCOME)
		cgl_out_name(o, " outcome=", cgl_outcome_name[rec->force]);
	if ((rec->has & CGL_HAS_WHY) && rec->why != CGL_WHY_none)
		cgl_out_name(o, " why=", cgl_why_name[rec->why]);
	if (rec->has & CGL_HAS_RETRIES)
		cgl_out_num(o, " retries=", rec->retries);
	if (rec->has & CGL_HAS_RECLAIMED)
		cgl_out_num(o, " reclaimed_pages=", rec->reclaimed_pages);
	if (rec->has & CGL_HAS_US)
		cgl_out_num(o, " us=", rec->us);
}

/* One event, one line. Process context, may sleep. */
static void cgl_out_event(struct cgl_out *o, const struct cgl_reader *r,
			  const struct cgl_record *rec)
{
	cgl_out_num(o, "event seq=", rec->seq);
	cgl_out_time(o, rec->time);
	cgl_out_num(o, " cpu=", rec->cpu);
	cgl_out_name(o, " type=", cgl_event_type_name[rec->type]);
	cgl_out_current(o, r, rec);
	if (rec->type == CGL_EVENT_migrate) {
		cgl_out_ref(o, r, " from=", " from_id=",
			    &rec->cgroup[CGL_REF_FROM]);
		cgl_out_ref(o, r, " to=", " to_id=", &rec->cgroup[CGL_REF_TO]);
	} else {
		cgl_out_ref(o, r, " memcg=", " memcg_id=",
			    &rec->cgroup[CGL_REF_MEMCG]);
		cgl_out_ref(o, r, " limiter=", " limiter_id=",
			    &rec->cgroup[CGL_REF_LIMITER]);
	}
	cgl_out_charge(o, rec);
	cgl_out_victim(o, r, rec);
	if (rec->has & CGL_HAS_THREADS)
		cgl_out_num(o, " threads=", rec->threads);
	if (rec->has & CGL_HAS_RET)
		cgl_out_int(o, " ret=", rec->ret);
	if (r->syslog)
		cgl_out_stack(o, rec);
	cgl_out_eol(o);
}

/*
 * The section `event`: the last events of a task or its memory cgroup.
 */

/*
 * What it did, or was done to it or its process. An event older than the task is
 * of another one that had its number, or of the process before it was there.
 */
static bool cgl_event_of_task(const struct cgl_record *rec,
			      const struct task_struct *task)
{
	u32 victim = rec->victim.ns[0] ? rec->victim.pid[0] : 0;

	return rec->time >= task->start_time &&
	       ((rec->task.ns[0] && rec->task.pid[0] == task->pid) ||
		(victim && (victim == task->pid || victim == task->tgid)));
}

static bool cgl_event_of_memcg(const struct cgl_record *rec,
			       const struct cgl_reader *r,
			       const struct mem_cgroup *memcg)
{
	const struct cgroup_subsys_state *css = &memcg->css;
	unsigned int ssid = rec->cgroup[CGL_REF_TO].ssid;
	u64 id = cgl_css_id(css);
	bool v2 = cgl_css_on_v2(css);
	int i;

	/* Ids of another hierarchy mean something else. */
	if (rec->type == CGL_EVENT_migrate && v2 && ssid != CGL_REF_V2)
		return false;
	if (rec->type == CGL_EVENT_migrate && !v2 &&
	    (ssid >= CGROUP_SUBSYS_COUNT ||
	     cgl_css_root(r->ns_cset->subsys[ssid]) != cgl_css_root(css)))
		return false;
	for (i = 0; i < CGL_NR_REFS; i++) {
		if (rec->cgroup[i].id == id)
			return true;
	}
	return false;
}

static bool cgl_event_matches(const struct cgl_record *rec,
			      const struct cgl_reader *r,
			      const struct cgl_subject *s)
{
	return cgl_event_of_task(rec, s->task) ||
	       (s->memcg && cgl_event_of_memcg(rec, r, s->memcg));
}

/* Positions of the last events about @s, the latest first; how many. */
static unsigned int cgl_find_last(const struct cgl_reader *r,
				  const struct cgl_subject *s, s64 *found)
{
	s64 oldest = cgl_ring_oldest(), pos = cgl_ring_head();
	unsigned int nr = 0;

	rcu_read_lock();
	while (pos-- > oldest && nr < CGL_SECTION_EVENTS) {
		if (cgl_ring_peek(pos) != CGL_RING_READY)
			continue;
		/* It may be overwritten meanwhile: the copy will tell. */
		if (data_race(cgl_event_matches(cgl_ring_at(pos), r, s)))
			found[nr++] = pos;
	}
	rcu_read_unlock();
	return nr;
}

/*
 * Without the stack, which the stream has: its symbols would cost more than all
 * the rest of the report. A part an event, the oldest first. If there are new
 * ones in between, some of the older ones are left out, and none is printed
 * twice.
 */
static bool cgl_show_event(struct cgl_out *o, const struct cgl_reader *r,
			   const struct cgl_subject *s, unsigned int part)
{
	struct cgl_reader no_stack = *r;
	s64 found[CGL_SECTION_EVENTS];
	struct cgl_record rec;
	unsigned int nr = cgl_find_last(r, s, found);

	if (part >= nr)
		return false;
	no_stack.syslog = false;
	if (cgl_ring_read(found[nr - 1 - part], &rec) == CGL_RING_READY)
		cgl_out_event(o, &no_stack, &rec);
	return part + 1 < nr;
}

const struct cgl_section cgl_section_event = {
	.name	= "event",
	.ptrace	= true,
	.show	= cgl_show_event,
};

/*
 * /proc/cg_list/events
 */

/**
 * struct cgl_stream - an open file of /proc/cg_list/events
 * @lock: protects all but @pos against other readers of this open file
 * @pos: the next event to read; changed under @lock
 * @pid_ns: in which numbers are printed: that of the proc mount
 * @syslog: had CAP_SYSLOG at open
 * @rec: the event that is being printed
 * @buf: its line; NULL until one was read
 * @size: of @buf
 */
struct cgl_stream {
	struct mutex lock;	/* see above */
	s64 pos;
	struct pid_namespace *pid_ns;
	bool syslog;
	struct cgl_record rec;
	char *buf;
	size_t size;
};

/* Nobody may start to wait any more; changed under the semaphore. */
static bool cgl_stream_dying;
static DECLARE_RWSEM(cgl_stream_gate);

static int cgl_stream_open(struct inode *inode, struct file *file)
{
	struct cgl_stream *s;
	int ret = cgl_open_admin();

	if (ret)
		return ret;
	s = kzalloc(sizeof(*s), GFP_KERNEL_ACCOUNT);
	if (!s)
		return -ENOMEM;
	mutex_init(&s->lock);
	s->pos = cgl_ring_oldest();
	s->pid_ns = proc_pid_ns(inode->i_sb);
	s->syslog = ns_capable_noaudit(&init_user_ns, CAP_SYSLOG);
	file->private_data = s;
	/* A stream that can be rewound: no offsets, and no lock on them. */
	file->f_mode &= ~(FMODE_PREAD | FMODE_PWRITE | FMODE_ATOMIC_POS);
	file->f_mode |= FMODE_STREAM;
	return 0;
}

static int cgl_stream_release(struct inode *inode, struct file *file)
{
	struct cgl_stream *s = file->private_data;

	kvfree(s->buf);
	kfree(s);
	return 0;
}

/* Twice the room for a line; what is in it is lost. */
static int cgl_stream_grow(struct cgl_stream *s)
{
	size_t size = s->buf ? 2 * s->size : PAGE_SIZE;
	char *buf;

	if (s->size == CGL_EVENT_MAX)
		return -E2BIG;
	size = min_t(size_t, size, CGL_EVENT_MAX);
	buf = size > PAGE_SIZE ? __vmalloc(size, GFP_KERNEL_ACCOUNT) :
				 kmalloc(size, GFP_KERNEL_ACCOUNT);
	if (!buf)
		return -ENOMEM;
	kvfree(s->buf);
	s->buf = buf;
	s->size = size;
	return 0;
}

/* The line of s->rec; its length, or a negative errno. */
static ssize_t cgl_stream_render(struct cgl_stream *s)
{
	const struct cgl_reader r = {
		.pid_ns		= s->pid_ns,
		.cgroup_ns	= current->nsproxy->cgroup_ns,
		.ns_cset	= current->nsproxy->cgroup_ns->root_cset,
		.ptrace		= true,
		.all		= true,
		.syslog		= s->syslog,
	};
	struct cgl_out o;
	int ret;

	if (!s->buf) {
		ret = cgl_stream_grow(s);
		if (ret)
			return ret;
	}
	for (;;) {
		cgl_out_init(&o, s->buf, s->size);
		cgl_out_event(&o, &r, &s->rec);
		if (!o.full)
			return o.p - o.start;
		ret = cgl_stream_grow(s);
		if (ret)
			return ret;
	}
}

/* The next event, or 0 if there is none after all. */
static ssize_t cgl_stream_read_one(struct cgl_stream *s, char __user *ubuf,
				   size_t count)
{
	ssize_t len;

	switch (cgl_ring_read(s->pos, &s->rec)) {
	case CGL_RING_EMPTY:
		return 0;
	case CGL_RING_OVERTAKEN:
		WRITE_ONCE(s->pos, cgl_ring_oldest());
		return -EPIPE;
	case CGL_RING_READY:
		break;
	}
	len = cgl_stream_render(s);
	if (len < 0)
		return len;
	if (len > count)
		return -EINVAL;
	if (copy_to_user(ubuf, s->buf, len))
		return -EFAULT;
	WRITE_ONCE(s->pos, s->pos + 1);
	return len;
}

/* Whether a reader need not wait. */
static bool cgl_stream_ready(const struct cgl_stream *s)
{
	return READ_ONCE(cgl_stream_dying) ||
	       cgl_ring_peek(READ_ONCE(s->pos)) != CGL_RING_EMPTY;
}

static ssize_t cgl_stream_read(struct file *file, char __user *ubuf,
			       size_t count, loff_t *ppos)
{
	struct cgl_stream *s = file->private_data;
	ssize_t ret;

	if (!count)
		return -EINVAL;
	do {
		if (cgl_ring_peek(READ_ONCE(s->pos)) == CGL_RING_EMPTY) {
			if (READ_ONCE(cgl_stream_dying))
				return -ENODEV;
			if (file->f_flags & O_NONBLOCK)
				return -EAGAIN;
			ret = wait_event_interruptible(cgl_ring_wait,
						       cgl_stream_ready(s));
			if (ret)
				return ret;
		}
		if (READ_ONCE(cgl_stream_dying))
			return -ENODEV;
		ret = mutex_lock_interruptible(&s->lock);
		if (ret)
			return ret;
		ret = cgl_stream_read_one(s, ubuf, count);
		mutex_unlock(&s->lock);
	} while (!ret);
	return ret;
}

static loff_t cgl_stream_llseek(struct file *file, loff_t offset, int whence)
{
	struct cgl_stream *s = file->private_data;
	s64 pos;

	if (offset)
		return -ESPIPE;
	switch (whence) {
	case SEEK_SET:
		pos = cgl_ring_oldest();
		break;
	case SEEK_END:
		pos = cgl_ring_head();
		break;
	default:
		return -EINVAL;
	}
	mutex_lock(&s->lock);
	WRITE_ONCE(s->pos, pos);
	mutex_unlock(&s->lock);
	return 0;
}

static __poll_t cgl_stream_poll(struct file *file, poll_table *wait)
{
	struct cgl_stream *s = file->private_data;
	__poll_t mask = 0;

	down_read(&cgl_stream_gate);
	if (cgl_stream_dying) {
		up_read(&cgl_stream_gate);
		return EPOLLIN | EPOLLRDNORM | EPOLLPRI | EPOLLERR | EPOLLHUP;
	}
	poll_wait(file, &cgl_ring_wait, wait);
	up_read(&cgl_stream_gate);

	switch (cgl_ring_peek(READ_ONCE(s->pos))) {
	case CGL_RING_OVERTAKEN:
		mask |= EPOLLERR | EPOLLPRI;
		fallthrough;
	case CGL_RING_READY:
		mask |= EPOLLIN | EPOLLRDNORM;
		break;
	case CGL_RING_EMPTY:
		break;
	}
	return mask;
}

const struct proc_ops cgl_events_ops = {
	.proc_open	= cgl_stream_open,
	.proc_release	= cgl_stream_release,
	.proc_read	= cgl_stream_read,
	.proc_lseek	= cgl_stream_llseek,
	.proc_poll	= cgl_stream_poll,
};

/**
 * cgl_events_dying - send every reader away
 *
 * To be called before the files are removed, which waits for readers. Blocked
 * ones get ENODEV. What an epoll, io_uring or aio has on the wait queue is gone
 * when this returns, as after wake_up_pollfree(); that one cannot be used, since
 * it warns of tasks that sleep in poll(2), which take a moment to go.
 *
 * Context: process context, sleeps.
 */
void cgl_events_dying(void)
{
	down_write(&cgl_stream_gate);
	WRITE_ONCE(cgl_stream_dying, true);
	up_write(&cgl_stream_gate);

	/*
	 * Who sees that it is dying does not go to sleep: a barrier for both.
	 * Whatever somebody waits for, select(2) for EPOLLPRI alone, say.
	 */
	while (wq_has_sleeper(&cgl_ring_wait)) {
		__wake_up(&cgl_ring_wait, TASK_NORMAL, 0,
			  poll_to_key(EPOLLIN | EPOLLRDNORM | EPOLLPRI |
				      EPOLLERR | EPOLLHUP | POLLFREE));
		usleep_range(1000, 2000);
	}
	/* Who has just taken itself from the queue may still hold its lock. */
	synchronize_rcu();
}
