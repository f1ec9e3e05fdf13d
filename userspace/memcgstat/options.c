// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line: what each command's table of options makes of it
 *
 * The tables feed getopt, --help, the completions (--option-tables prints what
 * completion/generate reads) and the test of the manual page.
 */
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

#ifndef MEMCGSTAT_VERSION
#define MEMCGSTAT_VERSION "0.1"
#endif

/* Of every command that prints tables. */
static const struct opt table_opts[] = {
	{ OPT_JSON, "json", NULL, VALUE_NONE, "as JSON; a stream prints one object a line" },
	{ 'o', "output", "LIST", VALUE_COLUMNS, "columns: NAME,NAME... or +NAME,... or all" },
	{ OPT_NOHEADINGS, "noheadings", NULL, VALUE_NONE, "no line of column names" },
	{ OPT_BYTES, "bytes", NULL, VALUE_NONE, "amounts of memory as plain numbers" },
};

/* Of every command. */
static const struct opt common_opts[] = {
	{ OPT_ROOT, "root", "DIR", VALUE_DIR, "read a saved tree instead of /proc and /sys" },
	{ 'h', "help", NULL, VALUE_NONE, "this text" },
	{ OPT_VERSION, "version", NULL, VALUE_NONE, "the version" },
};

/* Of none, and not told of. */
static const struct opt hidden_opts[] = {
	{ OPT_TABLES, "option-tables", NULL, VALUE_NONE, "the tables, for completion/generate" },
};

struct opt_list {
	const struct opt *opts;
	unsigned int nr;
};

#define OPT_LIST(list) { list, ARRAY_SIZE(list) }

static bool prints_tables(const struct cmd *cmd)
{
	return cmd->cols;
}

static const struct opt *find_opt(struct opt_list list, int c)
{
	const struct opt *opt = list.opts, *end = opt + list.nr;

	for (; opt < end; opt++)
		if (opt->c == c)
			return opt;
	return NULL;
}

/* Whether a command has an option, of its own or in common with others. */
static bool takes(const struct cmd *cmd, int c)
{
	const struct opt_list own = { cmd->opts, cmd->nr_opts };
	const struct opt_list table = OPT_LIST(table_opts), common = OPT_LIST(common_opts);

	/* --json and its like are refused with better words where they make no sense */
	return find_opt(own, c) || find_opt(common, c) ||
	       (c != 'o' || prints_tables(cmd) ? !!find_opt(table, c) : false);
}

static void print_opts(struct opt_list list)
{
	unsigned int i;
	char name[40];

	for (i = 0; i < list.nr; i++) {
		const struct opt *o = &list.opts[i];

		snprintf(name, sizeof(name), "--%s%s%s", o->name, o->word ? " " : "",
			 o->word ? o->word : "");
		if (o->c < 256)
			printf(" -%c, %-18s %s\n", o->c, name, o->help);
		else
			printf("     %-18s %s\n", name, o->help);
	}
}

static void print_common(bool tables)
{
	printf("\nCommon options:\n");
	if (tables)
		print_opts((struct opt_list)OPT_LIST(table_opts));
	print_opts((struct opt_list)OPT_LIST(common_opts));
	printf("\nSee memcgstat(8), and cg_list(5) for what the numbers mean.\n");
}

/**
 * print_help() - the text of --help
 * @cmd: the command that it is about; NULL: all of them
 */
void print_help(const struct cmd *cmd)
{
	unsigned int i;

	if (cmd) {
		printf("Usage: memcgstat %s%s%s\n\n%s\n", cmd->name, *cmd->name ? " " : "",
		       cmd->synopsis, cmd->help);
		if (cmd->nr_opts) {
			printf("\nOptions:\n");
			print_opts((struct opt_list){ cmd->opts, cmd->nr_opts });
		}
		if (cmd->cols)
			print_columns("Columns", cmd->cols, *cmd->nr_cols);
		if (cmd->diff)
			print_columns("Columns of --diff", cmd->diff->cols, *cmd->diff->nr_cols);
		print_common(prints_tables(cmd));
		return;
	}
	printf("Usage: memcgstat -p PID [-i SEC] [-c COUNT]\n"
	       "       memcgstat COMMAND [options]\n\n"
	       "Which memory cgroups a task is charged to, how close each is to its limit,\n"
	       "and what happened to the charges that did not go through.\n\n"
	       " %-8s %s\n", "-p PID", cmd_watch.help);
	for (i = 1; i < nr_commands; i++)
		printf(" %-8s %s\n", commands[i]->name, commands[i]->help);
	printf("\nmemcgstat COMMAND --help tells a command's options and columns, memcgstat\n"
	       "-p 1 --help those of -p.\n");
	print_common(true);
}

static const char *const value_names[] = {
	[VALUE_NONE] = "-", [VALUE_PID] = "pid", [VALUE_SECONDS] = "seconds",
	[VALUE_NUMBER] = "number", [VALUE_CGROUP] = "cgroup", [VALUE_TYPE] = "type",
	[VALUE_COLUMNS] = "columns", [VALUE_FILE] = "file", [VALUE_DIR] = "dir",
};

static void print_table(const char *command, struct opt_list list)
{
	unsigned int i;
	char letter[2] = "-";

	for (i = 0; i < list.nr; i++) {
		const struct opt *o = &list.opts[i];

		letter[0] = o->c < 256 ? o->c : '-';
		printf("option\t%s\t%s\t%s\t%s\t%s\n", command, letter, o->name,
		       value_names[o->value], o->help);
	}
}

/* Everything that a completion wants to know, a line each, fields by tabs. */
static void print_tables(void)
{
	const char *type, *name;
	unsigned int i;

	for (i = 0; i < nr_commands; i++) {
		const struct cmd *cmd = commands[i];

		name = *cmd->name ? cmd->name : "-";
		printf("command\t%s\t%s\t%s\n", name,
		       value_names[cmd->max_arg ? cmd->arg : VALUE_NONE], cmd->help);
		print_table(name, (struct opt_list){ cmd->opts, cmd->nr_opts });
		if (prints_tables(cmd))
			print_table(name, (struct opt_list)OPT_LIST(table_opts));
		print_table(name, (struct opt_list)OPT_LIST(common_opts));
	}
	for (i = 0; (type = cgl_name(CGL_NAMES_EVENT_TYPE, i)); i++)
		printf("type\t%s\n", type);
}

static u64 arg_pid(const char *s)
{
	u64 pid;

	if (!cgl_parse_number(s, &pid) || !pid || pid > INT32_MAX) {
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

	if (!cgl_parse_number(s, &n) || !n) {
		char *safe = text_safe(s);

		die_usage("%s %s: give a number above 0", name, safe);
	}
	return n;
}

static void take_option(struct args *args, const struct cmd *cmd, int c, const char *name)
{
	if (!takes(cmd, c))
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
	case OPT_DOT:
		args->dot = true;
		break;
	case OPT_SVG:
		args->svg = optarg;
		break;
	case OPT_DIFF:
		args->diff = true;
		break;
	case OPT_MAX:
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
		source_init(optarg);
		break;
	}
}

static const struct cmd *find_command(const char *name)
{
	unsigned int i;
	char *safe;

	for (i = 1; i < nr_commands; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	safe = text_safe(name);
	die_usage("no command %s; see memcgstat --help", safe);
}

static bool print_only(const struct cmd *cmd, int c)
{
	if (c == 'h')
		print_help(cmd);
	else if (c == OPT_VERSION)
		printf("memcgstat %s\n", MEMCGSTAT_VERSION);
	else if (c == OPT_TABLES)
		print_tables();
	else
		return false;
	return true;
}

/* All options of all commands, as getopt_long() wants them. */
struct getopt_lists {
	struct option *longs;
	size_t nr, cap;
	struct str shorts;
};

static void add_opts(struct getopt_lists *g, struct opt_list list)
{
	unsigned int i, k;

	for (i = 0; i < list.nr; i++) {
		const struct opt *o = &list.opts[i];

		for (k = 0; k < g->nr && strcmp(g->longs[k].name, o->name); k++)
			;
		if (k < g->nr)
			continue;
		g->longs = grow(g->longs, g->nr, &g->cap, sizeof(*g->longs));
		g->longs[g->nr++] = (struct option){
			o->name, o->word ? required_argument : no_argument, NULL, o->c,
		};
		if (o->c < 256)
			str_addf(&g->shorts, "%c%s", o->c, o->word ? ":" : "");
	}
}

static void make_lists(struct getopt_lists *g)
{
	unsigned int i;

	add_opts(g, (struct opt_list)OPT_LIST(table_opts));
	add_opts(g, (struct opt_list)OPT_LIST(common_opts));
	add_opts(g, (struct opt_list)OPT_LIST(hidden_opts));
	for (i = 0; i < nr_commands; i++)
		add_opts(g, (struct opt_list){ commands[i]->opts, commands[i]->nr_opts });
	g->longs = grow(g->longs, g->nr, &g->cap, sizeof(*g->longs));
	memset(&g->longs[g->nr], 0, sizeof(*g->longs));
}

/* How the user wrote the option that getopt_long() has just returned. */
static const char *option_name(const struct getopt_lists *g, int c, int index, char buf[64])
{
	if (index >= 0)
		snprintf(buf, 64, "--%s", g->longs[index].name);
	else
		snprintf(buf, 64, "-%c", c);
	return buf;
}

/* getopt_long() did not like what it found. */
__noreturn
static void die_option(const struct getopt_lists *g, char **argv)
{
	bool is_short = optopt && optopt < 256;
	char name[3] = { '-', optopt, '\0' };
	char *safe = text_safe(is_short ? name : argv[optind - 1]);

	if (is_short && strchr(g->shorts.s, optopt))
		die_usage("%s needs a value; see memcgstat --help", safe);
	if (optopt && !is_short)
		die_usage("%s: a value is missing or not taken; see memcgstat --help", safe);
	die_usage("no option %s; see memcgstat --help", safe);
}

/*
 * The command's name is the first argument that is no option's value; it is
 * taken out of @argv.
 */
static const struct cmd *take_command(struct getopt_lists *g, int *argc, char **argv)
{
	char *shorts = xasprintf("+%s", g->shorts.s);
	const struct cmd *cmd;
	int c, i;

	opterr = 0;
	while ((c = getopt_long(*argc, argv, shorts, g->longs, NULL)) != -1)
		if (c == '?')
			break;
	free(shorts);
	i = optind;
	optind = 0;
	if (c == '?' || i >= *argc)
		return NULL;
	cmd = find_command(argv[i]);
	memmove(&argv[i], &argv[i + 1], (*argc - i) * sizeof(*argv));
	--*argc;
	return cmd;
}

/**
 * parse_args() - what the command line says; exits where it makes no sense
 * @args: filled
 * @argc: as main() has it
 * @argv: too; its order changes
 * @done: set where all that was asked for is printed: --help and its like
 *
 * Options may stand before the command's name as well as behind it. Before it
 * only the common ones make sense, or -p and its like where no name follows.
 *
 * Return: the command, NULL where none is named.
 */
const struct cmd *parse_args(struct args *args, int argc, char **argv, bool *done)
{
	struct getopt_lists g = {};
	const struct cmd *cmd;
	int c, index = -1;
	char buf[64];

	make_lists(&g);
	cmd = take_command(&g, &argc, argv);
	while ((c = getopt_long(argc, argv, g.shorts.s, g.longs, &index)) != -1) {
		if (c == '?')
			die_option(&g, argv);
		*done = print_only(cmd || !args->has_pid ? cmd : &cmd_watch, c);
		if (*done)
			break;
		take_option(args, cmd ? cmd : &cmd_watch, c, option_name(&g, c, index, buf));
		index = -1;
	}
	args->arg = argv + optind;
	args->nr_arg = argc - optind;
	if (cmd && cmd->arg == VALUE_PID && args->nr_arg && args->nr_arg <= cmd->max_arg &&
	    !args->diff) {
		if (args->has_pid)
			die_usage("give one PID");
		args->pid = arg_pid(args->arg[0]);
		args->has_pid = true;
	}
	free(g.longs);
	str_free(&g.shorts);
	return cmd;
}
