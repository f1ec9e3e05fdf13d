// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memcgstat: which memory cgroups a task is charged to, how close each
 * is to its limit, and what happened to the charges that did not go through
 *
 * What each command does stands in its own file.
 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd.h"

const struct cmd *const commands[] = {
	&cmd_watch,
	&cmd_show,
	&cmd_top,
	&cmd_tree,
	&cmd_lru,
	&cmd_charge,
	&cmd_paths,
	&cmd_events,
	&cmd_ns,
	&cmd_record,
	&cmd_plot,
	&cmd_export,
};

const unsigned int nr_commands = ARRAY_SIZE(commands);

static void check_args(const struct args *args, const struct cmd *cmd)
{
	char *safe;

	if (args->nr_arg > cmd->max_arg) {
		safe = text_safe(args->arg[cmd->max_arg]);
		die_usage("%s is one argument too many; see memcgstat %s --help", safe,
			  cmd->name);
	}
	if (table_options.json && (cmd->file_out || args->dot))
		die_usage("%s%s has no --json; see memcgstat %s --help", cmd->name,
			  args->dot ? " --dot" : "", cmd->name);
	if (cmd->arg == VALUE_PID && args->has_pid && args->group)
		die_usage("give a PID or -g CGROUP, not both");
}

/**
 * read_subject() - read what the command line names: a task or a memory cgroup
 * @r: filled; level 0 is the memory cgroup meant, its ancestors follow
 * @args: the command line; our own process where it names none
 * @want: &enum cgl_want, for the cgroup files
 */
void read_subject(struct cgl_report *r, const struct args *args, unsigned int want)
{
	if (args->group)
		read_group(r, args->group, want);
	else
		read_report(r, args->has_pid ? args->pid : (u64)getpid(), want);
}

/* The same, but every memory cgroup where the command line names none. */
void read_subject_or_all(struct cgl_report *r, const struct args *args, unsigned int want)
{
	if (args->has_pid || args->group)
		read_subject(r, args, want);
	else
		read_memcgs(r, want, NULL);
}

/* Nobody reads any more: that is the reader's decision, no failure of ours. */
static void on_closed_pipe(int sig)
{
	(void)sig;
	_exit(EXIT_OK);
}

int main(int argc, char **argv)
{
	struct args args = { .count = CGL_ABSENT, .limit = CGL_ABSENT };
	const struct cmd *cmd;
	bool done = false;
	int ret;

	text_init();
	signal(SIGPIPE, on_closed_pipe);
	source_init(NULL);
	cmd = parse_args(&args, argc, argv, &done);
	if (!done && !cmd && !args.has_pid) {
		if (args.nr_arg || argc > 1)
			die_usage("no command and no -p PID; see memcgstat --help");
		print_help(NULL);
		output_check();
		return EXIT_USAGE;
	}
	if (!cmd)
		cmd = &cmd_watch;
	if (args.diff)
		cmd = cmd->diff;
	if (!done) {
		check_args(&args, cmd);
		if (cmd->cols)
			check_columns(cmd->cols, *cmd->nr_cols);
		ret = cmd->run(&args);
	} else {
		ret = EXIT_OK;
	}
	output_end();
	cgl_free(files);
	return ret;
}
