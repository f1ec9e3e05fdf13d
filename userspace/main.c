// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memcgstat: which memory cgroups a task is charged to, how close each
 * is to its limit, and what happened to the charges that did not go through
 *
 * The command line. What each command does stands in its own file.
 */
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "root.h"

#ifndef MEMCGSTAT_VERSION
#define MEMCGSTAT_VERSION "0.1"
#endif

static const struct cmd *const commands[] = {
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

enum { OPT_JSON = 256, OPT_NOHEADINGS, OPT_BYTES, OPT_ROOT, OPT_VERSION };

static const struct option long_options[] = {
	{ "pid",	required_argument, NULL, 'p' },
	{ "interval",	required_argument, NULL, 'i' },
	{ "count",	required_argument, NULL, 'c' },
	{ "cgroup",	required_argument, NULL, 'g' },
	{ "follow",	no_argument,	   NULL, 'f' },
	{ "type",	required_argument, NULL, 't' },
	{ "output",	required_argument, NULL, 'o' },
	{ "dot",	no_argument,	   NULL, 'D' },
	{ "svg",	required_argument, NULL, 'S' },
	{ "diff",	no_argument,	   NULL, 'd' },
	{ "max",	required_argument, NULL, 'M' },
	{ "json",	no_argument,	   NULL, OPT_JSON },
	{ "noheadings",	no_argument,	   NULL, OPT_NOHEADINGS },
	{ "bytes",	no_argument,	   NULL, OPT_BYTES },
	{ "root",	required_argument, NULL, OPT_ROOT },
	{ "help",	no_argument,	   NULL, 'h' },
	{ "version",	no_argument,	   NULL, OPT_VERSION },
	{ }
};

static void print_common(void)
{
	printf("\nCommon options:\n"
	       "     --json          as JSON; a stream prints one object a line\n"
	       " -o, --output LIST   columns: NAME,NAME... or +NAME,... or all\n"
	       "     --noheadings    no line of column names\n"
	       "     --bytes         amounts of memory as plain numbers\n"
	       "     --root DIR      read a saved tree instead of /proc and /sys\n"
	       " -h, --help          this text\n"
	       "     --version       the version\n"
	       "\nSee memcgstat(8), and cg_list(5) for what the numbers mean.\n");
}

static void print_help(const struct cmd *cmd)
{
	unsigned int i;

	if (cmd) {
		printf("Usage: memcgstat %s%s%s\n\n%s\n", cmd->name, *cmd->name ? " " : "",
		       cmd->synopsis, cmd->help);
		if (cmd->cols)
			print_columns("Columns", cmd->cols, *cmd->nr_cols);
		if (cmd->diff)
			print_columns("Columns of --diff", cmd->diff->cols, *cmd->diff->nr_cols);
		print_common();
		return;
	}
	printf("Usage: memcgstat -p PID [-i SEC] [-c COUNT]\n"
	       "       memcgstat COMMAND [options]\n\n"
	       "Which memory cgroups a task is charged to, how close each is to its limit,\n"
	       "and what happened to the charges that did not go through.\n\n"
	       " %-8s %s\n", "-p PID", cmd_watch.help);
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		printf(" %-8s %s\n", commands[i]->name, commands[i]->help);
	printf("\nmemcgstat COMMAND --help tells a command's options and columns, memcgstat\n"
	       "-p 1 --help those of -p.\n");
	print_common();
}

static u64 arg_pid(const char *s)
{
	u64 pid;

	if (!read_u64(s, &pid) || !pid || pid > INT32_MAX) {
		char *safe = text_safe(s);

		die_usage("%s is no process number", safe);
	}
	return pid;
}

static double arg_seconds(const char *s)
{
	char *end;
	double sec;

	errno = 0;
	sec = strtod(s, &end);
	if (errno || end == s || *end || !isfinite(sec) || sec < 0.001 || sec > 86400) {
		char *safe = text_safe(s);

		die_usage("-i %s: give seconds, from 0.001 to 86400", safe);
	}
	return sec;
}

static u64 arg_count(const char *name, const char *s)
{
	u64 n;

	if (!read_u64(s, &n) || !n) {
		char *safe = text_safe(s);

		die_usage("%s %s: give a number above 0", name, safe);
	}
	return n;
}

/* Options that every command takes, besides its own. */
static const char common_opts[] = "ho";

static void take_option(struct args *args, const struct cmd *cmd, int c, const char *name)
{
	if (c < 256 && !strchr(common_opts, c) && !strchr(cmd->opts, c))
		die_usage("%s does not take %s; see memcgstat %s --help",
			  *cmd->name ? cmd->name : "memcgstat -p", name, cmd->name);
	switch (c) {
	case 'p':
		args->pid = arg_pid(optarg);
		args->has_pid = true;
		break;
	case 'i':
		args->interval = arg_seconds(optarg);
		break;
	case 'c':
		args->count = arg_count("-c", optarg);
		break;
	case 'g':
		args->group = optarg;
		break;
	case 'f':
		args->follow = true;
		break;
	case 't':
		args->type = optarg;
		break;
	case 'o':
		if (cmd->file_out)
			args->out = optarg;
		else
			table_options.columns = optarg;
		break;
	case 'D':
		args->dot = true;
		break;
	case 'S':
		args->svg = optarg;
		break;
	case 'd':
		args->diff = true;
		break;
	case 'M':
		args->limit = arg_count("--max", optarg);
		break;
	case OPT_JSON:
		table_options.json = true;
		break;
	case OPT_NOHEADINGS:
		table_options.noheadings = true;
		break;
	case OPT_BYTES:
		table_options.bytes = true;
		break;
	case OPT_ROOT:
		root_set(optarg);
		break;
	}
}

static const struct cmd *find_command(const char *name)
{
	unsigned int i;
	char *safe;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	safe = text_safe(name);
	die_usage("no command %s; see memcgstat --help", safe);
}

static bool help_or_version(const struct cmd *cmd, int c)
{
	if (c == 'h')
		print_help(cmd);
	else if (c == OPT_VERSION)
		printf("memcgstat %s\n", MEMCGSTAT_VERSION);
	else
		return false;
	return true;
}

/* How the user wrote the option that getopt_long() has just returned. */
static const char *option_name(int c, int index, char buf[64])
{
	if (index >= 0)
		snprintf(buf, 64, "--%s", long_options[index].name);
	else
		snprintf(buf, 64, "-%c", c);
	return buf;
}

#define SHORT_OPTIONS "p:i:c:g:ft:o:h"

/* getopt_long() did not like what it found. */
__noreturn
static void die_option(char **argv)
{
	bool is_short = optopt && optopt < 256;
	char name[3] = { '-', optopt, '\0' };
	char *safe = text_safe(is_short ? name : argv[optind - 1]);

	if (is_short && strchr(SHORT_OPTIONS, optopt))
		die_usage("%s needs a value; see memcgstat --help", safe);
	if (optopt && !is_short)
		die_usage("%s: a value is missing or not taken; see memcgstat --help", safe);
	die_usage("no option %s; see memcgstat --help", safe);
}

/*
 * Options may stand before the command's name as well as behind it. Before it
 * only the common ones make sense, or -p and its like where no name follows.
 */
static const struct cmd *parse_args(struct args *args, int argc, char **argv, bool *done)
{
	const struct cmd *cmd = NULL;
	int c, index, i;
	char buf[64];

	/* the command's name is the first argument that is no option's value */
	opterr = 0;
	while ((c = getopt_long(argc, argv, "+" SHORT_OPTIONS, long_options, NULL)) != -1)
		if (c == '?')
			break;
	i = optind;
	if (c != '?' && i < argc) {
		cmd = find_command(argv[i]);
		memmove(&argv[i], &argv[i + 1], (argc - i) * sizeof(*argv));
		argc--;
	}
	optind = 0;
	index = -1;
	while ((c = getopt_long(argc, argv, SHORT_OPTIONS, long_options, &index)) != -1) {
		if (c == '?')
			die_option(argv);
		*done = help_or_version(cmd || !args->has_pid ? cmd : &cmd_watch, c);
		if (*done)
			return cmd;
		take_option(args, cmd ? cmd : &cmd_watch, c, option_name(c, index, buf));
		index = -1;
	}
	args->arg = argv + optind;
	args->nr_arg = argc - optind;
	return cmd;
}

static void check_args(struct args *args, const struct cmd *cmd)
{
	char *safe;

	if (args->nr_arg > cmd->max_arg) {
		safe = text_safe(args->arg[cmd->max_arg]);
		die_usage("%s is one argument too many; see memcgstat %s --help", safe,
			  cmd->name);
	}
	if (cmd->pid_arg && args->nr_arg) {
		if (args->has_pid || args->nr_arg > 1)
			die_usage("give one PID");
		args->pid = arg_pid(args->arg[0]);
		args->has_pid = true;
	}
	if (table_options.json && (cmd->file_out || args->dot))
		die_usage("%s%s has no --json; see memcgstat %s --help", cmd->name,
			  args->dot ? " --dot" : "", cmd->name);
	if (cmd->pid_arg && args->has_pid && args->group)
		die_usage("give a PID or -g CGROUP, not both");
}

/**
 * read_subject() - read what the command line names: a task or a memory cgroup
 * @r: filled; level 0 is the memory cgroup meant, its ancestors follow
 * @args: the command line; our own process where it names none
 * @want: &enum cgfs_want, for the cgroup files
 */
void read_subject(struct report *r, const struct args *args, unsigned int want)
{
	if (args->group)
		read_group(r, args->group, want);
	else
		read_report(r, args->has_pid ? args->pid : (u64)getpid(), want);
}

/* The same, but every memory cgroup where the command line names none. */
void read_subject_or_all(struct report *r, const struct args *args, unsigned int want)
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
	struct args args = { .count = ABSENT, .limit = ABSENT };
	const struct cmd *cmd;
	bool done = false;
	int ret;

	text_init();
	signal(SIGPIPE, on_closed_pipe);
	cmd = parse_args(&args, argc, argv, &done);
	if (done)
		return EXIT_OK;
	if (!cmd && !args.has_pid) {
		if (args.nr_arg || argc > 1)
			die_usage("no command and no -p PID; see memcgstat --help");
		print_help(NULL);
		return EXIT_USAGE;
	}
	if (!cmd)
		cmd = &cmd_watch;
	if (args.diff)
		cmd = cmd->diff;
	check_args(&args, cmd);
	if (cmd->cols)
		check_columns(cmd->cols, *cmd->nr_cols);
	ret = cmd->run(&args);
	output_end();
	return ret;
}
