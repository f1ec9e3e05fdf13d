// SPDX-License-Identifier: GPL-2.0-only
/* Section `task`: whom the report is about. */
#include <linux/sched.h>

#include "report/section.h"

static bool cgl_show_task(struct cgl_out *o, const struct cgl_reader *r,
			  const struct cgl_subject *s, unsigned int part)
{
	struct task_struct *task = s->task;
	char comm[TASK_COMM_LEN];
	/* Its exit_state is changed by plain stores; a moment's value will do. */
	char state = data_race(task_state_to_char(task));

	get_task_comm(comm, task);
	cgl_out_num(o, "task pid=", task_pid_nr_ns(task, r->pid_ns));
	cgl_out_num(o, " tgid=", task_tgid_nr_ns(task, r->pid_ns));
	cgl_out_lit(o, " state=");
	cgl_out_str(o, &state, 1);
	cgl_out_lit(o, " comm=");
	cgl_out_escaped(o, comm, strlen(comm));
	cgl_out_eol(o);
	return false;
}

const struct cgl_section cgl_section_task = {
	.name	= "task",
	.show	= cgl_show_task,
};
