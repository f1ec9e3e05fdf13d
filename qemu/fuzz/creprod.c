// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program as C that stands alone: what is called is in it as system calls,
 * and the pseudo calls that it makes with their source.
 *
 * The C program does what the executor does around a program, as far as this one
 * needs it: a process each time, in the cgroup directory that it is started in;
 * threads for what does not wait.
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "creprod.h"
#include "pseudo.h"
#include "util.h"

/* pseudo.c, put in by the linker (Makefile). */
extern const char fz_pseudo_source[];

static bool uses_async(const struct fz_prog *p)
{
	unsigned int i;

	for (i = 0; i < p->nr; i++)
		if (p->call[i].async)
			return true;
	return false;
}

static bool uses_fail(const struct fz_prog *p)
{
	unsigned int i;

	for (i = 0; i < p->nr; i++)
		if (p->call[i].fail)
			return true;
	return false;
}

static bool uses_mounts(const struct fz_prog *p)
{
	unsigned int i;

	for (i = 0; i < p->nr; i++)
		if (p->call[i].desc->flags & FZ_MOUNTS)
			return true;
	return false;
}

/* Whether a later call takes what call @i makes. */
static bool is_used(const struct fz_prog *p, unsigned int i)
{
	unsigned int j, k;

	for (j = i + 1; j < p->nr; j++)
		for (k = 0; k < p->call[j].desc->nr_args; k++)
			if (p->call[j].arg[k].ref == i)
				return true;
	return false;
}

static void pseudo_name(const struct fz_call *c, char *name, size_t len)
{
	snprintf(name, len, "%.*s", (int)strcspn(c->desc->name, "$"), c->desc->name);
}

/* The parts of pseudo.c that the program calls. */
static void print_pseudo(const struct fz_prog *p, FILE *f)
{
	char name[32], *mark;
	const char *at, *end;
	unsigned int i, j;

	for (i = 0; i < p->nr; i++) {
		if (p->call[i].desc->nr < FZ_PSEUDO)
			continue;
		for (j = 0; j < i && p->call[j].desc->nr != p->call[i].desc->nr; j++)
			;
		if (j < i)
			continue;
		pseudo_name(&p->call[i], name, sizeof(name));
		mark = fz_format("/* pseudo: %s */\n", name);
		at = strstr(fz_pseudo_source, mark);
		if (!at)
			fz_die("pseudo.c has no %s", name);
		at += strlen(mark);
		end = strstr(at, "/* pseudo: ");
		at = strstr(at, "\nlong ") + 1;
		fprintf(f, "static %.*s", (int)(end ? end - at : (long)strlen(at)), at);
		if (!end)
			fputc('\n', f);
		free(mark);
	}
}

/*
 * Bytes as a C string, which has a NUL behind what it says: only whole strings
 * are passed with theirs.
 */
static void print_string(const struct fz_arg *a, bool nul, FILE *f)
{
	unsigned int i;

	fputc('"', f);
	for (i = 0; i < a->len - (unsigned int)nul; i++) {
		if (a->data[i] == '"' || a->data[i] == '\\' || a->data[i] == '?')
			fprintf(f, "\\%c", a->data[i]);
		else if (a->data[i] >= ' ' && a->data[i] < 0x7f)
			fputc(a->data[i], f);
		else
			fprintf(f, "\\%03o", a->data[i]);
	}
	fputc('"', f);
}

static void print_arg(const struct fz_prog *p, unsigned int i, unsigned int j, FILE *f)
{
	const struct fz_type *t = &p->call[i].desc->arg[j];
	const struct fz_arg *a = &p->call[i].arg[j];

	if (t->kind == FZ_RES && a->ref != FZ_NO_REF) {
		if (a->slot)
			fprintf(f, "out%u[%d]", a->ref, a->slot - 1);
		else
			fprintf(f, "r[%u] < 0 ? (long)0x%" PRIx64 " : r[%u]", a->ref, t->lo, a->ref);
	} else if (fz_type_is_data(t)) {
		print_string(a, t->kind == FZ_STR, f);
	} else if (t->kind == FZ_OUT) {
		fprintf(f, "buf");
	} else if (t->kind == FZ_OUTRES) {
		fprintf(f, "out%u", i);
	} else if ((int64_t)a->val < 0 && (int64_t)a->val > -4096) {
		fprintf(f, "%" PRId64 "L", (int64_t)a->val);
	} else {
		fprintf(f, "0x%" PRIx64 "UL", a->val);
	}
}

/* Whether a pseudo call's argument is a pointer, for a cast of the others. */
static void print_pseudo_arg(const struct fz_prog *p, unsigned int i, unsigned int j, FILE *f)
{
	if (p->call[i].desc->arg[j].kind == FZ_RES)
		fputs("(long)(", f);
	print_arg(p, i, j, f);
	if (p->call[i].desc->arg[j].kind == FZ_RES)
		fputc(')', f);
}

static void print_call(const struct fz_prog *p, unsigned int i, FILE *f)
{
	const struct fz_call *c = &p->call[i];
	bool pseudo = c->desc->nr >= FZ_PSEUDO;
	const char *tabs = c->repeat > 1 ? "\t\t\t" : "\t\t";
	char name[32];
	unsigned int j;

	fprintf(f, "\tcase %u: /* %s */\n", i, c->desc->name);
	if (c->fail)
		fprintf(f, "\t\tfail_nth(%u);\n", c->fail);
	if (c->repeat > 1)
		fprintf(f, "\t\tfor (int n = 0; n < %u; n++)\n", c->repeat);
	pseudo_name(c, name, sizeof(name));
	fputs(tabs, f);
	if (is_used(p, i) && c->desc->ret != FZ_R_none)
		fprintf(f, "r[%u] = ", i);
	if (pseudo)
		fprintf(f, "%s(", name);
	else
		fprintf(f, "syscall(SYS_%s", name);
	for (j = 0; j < c->desc->nr_args; j++) {
		if (j || !pseudo)
			fputs(", ", f);
		if (pseudo)
			print_pseudo_arg(p, i, j, f);
		else
			print_arg(p, i, j, f);
	}
	fputs(");\n", f);
	if (c->fail)
		fputs("\t\tfail_nth(0);\n", f);
	fputs("\t\tbreak;\n", f);
}

static const char head[] =
	"#define _GNU_SOURCE\n"
	"#include <errno.h>\n#include <fcntl.h>\n#include <pthread.h>\n#include <sched.h>\n"
	"#include <signal.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n"
	"#include <sys/mman.h>\n#include <sys/mount.h>\n#include <sys/prctl.h>\n"
	"#include <sys/stat.h>\n"
	"#include <sys/syscall.h>\n#include <sys/time.h>\n#include <sys/wait.h>\n"
	"#include <time.h>\n#include <unistd.h>\n\n";

static const char fail_nth[] =
	"/* The n-th allocation of the next call fails (CONFIG_FAILSLAB). */\n"
	"static void fail_nth(int n)\n{\n"
	"\tint fd = open(\"/proc/thread-self/fail-nth\", O_RDWR);\n"
	"\tchar text[16];\n\n"
	"\tif (fd < 0)\n\t\treturn;\n"
	"\tif (write(fd, text, sprintf(text, \"%d\", n)) < 0)\n"
	"\t\tperror(\"fail-nth\");\n"
	"\tclose(fd);\n}\n\n";

static const char on_alarm[] =
	"/* Ends what waits. */\n"
	"static void on_alarm(int sig)\n{\n\t(void)sig;\n}\n\n";

static const char main_text[] =
	"/* A process each time; its children and cgroups go with it. */\n"
	"int main(void)\n{\n"
	"\tstatic const char *const cgroups[] = { \"a/c\", \"a/d\", \"b/c\", \"a\", \"b\" };\n"
	"\tunsigned int i;\n"
	"\tint pid;\n\n"
	"\tprctl(PR_SET_CHILD_SUBREAPER, 1);\n"
	"\tfor (;;) {\n"
	"\t\tpid = fork();\n"
	"\t\tif (pid < 0)\n\t\t\treturn 1;\n"
	"\t\tif (!pid) {\n"
	"\t\t\tsetsid();\n"
	"\t\t\tprogram();\n"
	"\t\t\t_exit(0);\n"
	"\t\t}\n"
	"\t\tfor (i = 0; i < 2000 && waitpid(pid, NULL, WNOHANG) == 0; i++)\n"
	"\t\t\tusleep(1000);\n"
	"\t\tkill(-pid, SIGKILL);\n"
	"\t\tkill(pid, SIGKILL);\n"
	"\t\twhile (waitpid(-1, NULL, 0) > 0)\n"
	"\t\t\t;\n"
	"\t\tfor (i = 0; i < sizeof(cgroups) / sizeof(*cgroups); i++)\n"
	"\t\t\trmdir(cgroups[i]);\n"
	"\t}\n}\n";

static void print_program(const struct fz_prog *p, FILE *f)
{
	bool async = uses_async(p);
	unsigned int i;

	fputs("static void program(void)\n{\n", f);
	fputs("\tstruct itimerval t = { { 0, 20000 }, { 0, 100000 } };\n", f);
	fputs("\tstruct sigaction sa = { .sa_handler = on_alarm };\n", f);
	if (async)
		fprintf(f, "\tpthread_t thread[%u];\n", p->nr);
	fputs("\n\tsigaction(SIGALRM, &sa, NULL);\n\tsetitimer(ITIMER_REAL, &t, NULL);\n", f);
	if (uses_mounts(p))
		fputs("\tif (unshare(CLONE_NEWNS) || mount(NULL, \"/\", NULL, MS_REC | MS_PRIVATE, NULL))\n"
		      "\t\treturn;\n", f);
	for (i = 0; i < p->nr; i++) {
		if (p->call[i].async)
			fprintf(f, "\tpthread_create(&thread[%u], NULL, in_thread, (void *)%uL);\n",
				i, i);
		else
			fprintf(f, "\tcall(%u);\n", i);
	}
	if (async) {
		fputs("\t/* As long as a program may take; then the process ends. */\n", f);
		fputs("\tfor (int n = 0; n < 20; n++)\n\t\tusleep(10000);\n", f);
	}
	fputs("}\n\n", f);
}

/**
 * fz_creprod - write a program as C
 * @p: the program
 * @title: what it does, for its head
 *
 * Return: the source, to be freed. It needs a C library and -pthread.
 */
char *fz_creprod(const struct fz_prog *p, const char *title)
{
	char *text = NULL, *lines, *line, *save;
	int out;
	unsigned int i;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		fz_die("no memory");
	fprintf(f, "/*\n * %s\n *\n", title);
	lines = fz_prog_text(p);
	/* "*" and "/" side by side would end the comment. */
	for (line = strtok_r(lines, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *at;

		while ((at = strstr(line, "*/")))
			*at = '.';
		while ((at = strstr(line, "/*")))
			at[1] = '.';
		fprintf(f, " *\t%s\n", line);
	}
	free(lines);
	fputs(" *\n * Build: gcc -static -pthread. Run as root, in a directory of a cgroup\n"
	      " * hierarchy with the memory controller; it does not end by itself.\n */\n", f);
	fputs(head, f);
	fprintf(f, "extern long r[%d];\nlong r[%d];\nextern char buf[65536];\nchar buf[65536];\n",
		FZ_MAX_CALLS, FZ_MAX_CALLS);
	for (i = 0; i < p->nr; i++) {
		out = fz_desc_out_arg(p->call[i].desc);
		if (out >= 0)
			fprintf(f, "static int out%u[%u];\n", i,
				(unsigned int)p->call[i].desc->arg[out].lo);
	}
	fputc('\n', f);
	print_pseudo(p, f);
	if (uses_fail(p))
		fputs(fail_nth, f);
	fputs(on_alarm, f);
	fputs("static void call(int i)\n{\n\tswitch (i) {\n", f);
	for (i = 0; i < p->nr; i++)
		print_call(p, i, f);
	fputs("\t}\n}\n\n", f);
	if (uses_async(p))
		fputs("static void *in_thread(void *i)\n{\n\tcall((long)i);\n\treturn NULL;\n}\n\n", f);
	print_program(p, f);
	fputs(main_text, f);
	if (fclose(f))
		fz_die("no memory");
	return text;
}
