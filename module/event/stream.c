// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/cg_list/events: each open file has its own cursor in the ring, as
 * /dev/kmsg has.
 *
 * Cost: a file that has been read from keeps a page, or more if a line was
 * longer than one: up to CGL_EVENT_MAX, in earnest no more than four.
 */
#include <linux/capability.h>
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/nsproxy.h>
#include <linux/pid_namespace.h>
#include <linux/poll.h>
#include <linux/rwsem.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "base/admin.h"
#include "event/line.h"
#include "event/ring.h"
#include "event/stream.h"

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
 * To be called before the files are removed, which waits for readers. A blocked
 * reader gets ENODEV. What an epoll, io_uring or aio has on the wait queue is gone
 * when this returns, as after wake_up_pollfree(). That function warns of tasks
 * that still sleep in poll(2), as they do here for a moment, so it is not used.
 *
 * Context: process context, sleeps.
 */
void cgl_events_dying(void)
{
	down_write(&cgl_stream_gate);
	WRITE_ONCE(cgl_stream_dying, true);
	up_write(&cgl_stream_gate);

	/*
	 * A reader that comes now sees cgl_stream_dying and does not sleep:
	 * wq_has_sleeper() has the barrier for that. All events are named, since
	 * a reader may wait for any one of them: select(2) for EPOLLPRI alone.
	 */
	while (wq_has_sleeper(&cgl_ring_wait)) {
		__wake_up(&cgl_ring_wait, TASK_NORMAL, 0,
			  poll_to_key(EPOLLIN | EPOLLRDNORM | EPOLLPRI |
				      EPOLLERR | EPOLLHUP | POLLFREE));
		usleep_range(1000, 2000);
	}
	/* A reader that has just left the queue may still hold the queue's lock. */
	synchronize_rcu();
}
