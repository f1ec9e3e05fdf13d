// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses to functions and source lines, from debug information, by libdw.
 *
 * A line ran if a basic block with code of it ran. A block begins where it calls
 * __sanitizer_cov_trace_pc and goes on to the next such place of its function.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <stdlib.h>
#include <string.h>

#include "sym.h"
#include "util.h"

/* Bytes of the call of __sanitizer_cov_trace_pc; it returns behind them. */
#define CALL_BYTES	5

/* Files of the kernel whose coverage is shown: those that the patches touch. */
static const char *const kernel_files[] = {
	"fs/proc/cg_list.c", "kernel/cgroup/cg_list.c", "mm/memcontrol.c", "mm/memcontrol-v1.c",
	"mm/oom_kill.c", "kernel/cgroup/cgroup.c", "kernel/cgroup/cgroup-v1.c",
	"kernel/cgroup/cpuset.c", "fs/proc/base.c", "fs/namespace.c",
};

#define NR(array)	(sizeof(array) / sizeof((array)[0]))

/**
 * struct fz_sym - what is open
 * @dwfl: libdw's session
 * @kernel: the kernel in it
 * @ko: the module in it
 * @section: where it has put the module's sections
 * @nr_blocks: blocks of the kernel
 * @block: their addresses, ascending
 */
struct fz_sym {
	Dwfl *dwfl;
	Dwfl_Module *kernel;
	Dwfl_Module *ko;
	GElf_Addr section[FZ_SECTIONS];
	unsigned int nr_blocks;
	uint64_t *block;
};

static const Dwfl_Callbacks callbacks = {
	.find_elf	 = dwfl_build_id_find_elf,
	.find_debuginfo	 = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

/* A symbol's address, and its size; the one whose size is @size if several. */
static bool symbol(Dwfl_Module *mod, const char *name, uint64_t size, GElf_Addr *addr)
{
	int i, n = mod ? dwfl_module_getsymtab(mod) : 0;
	bool found = false;
	const char *s;
	GElf_Addr at;
	GElf_Sym sym;

	for (i = 1; i < n; i++) {
		s = dwfl_module_getsym_info(mod, i, &sym, &at, NULL, NULL, NULL);
		if (!s || strcmp(s, name) || (found && sym.st_size != size))
			continue;
		*addr = at;
		found = true;
		if (sym.st_size == size)
			break;
	}
	return found;
}

static void place_sections(struct fz_sym *s)
{
	GElf_Addr bias;
	Elf *elf = dwfl_module_getelf(s->ko, &bias);
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;
	size_t strings;
	const char *name;

	if (!elf || elf_getshdrstrndx(elf, &strings))
		return;
	while ((scn = elf_nextscn(elf, scn))) {
		if (!gelf_getshdr(scn, &shdr))
			continue;
		name = elf_strptr(elf, strings, shdr.sh_name);
		for (int i = 0; name && i < FZ_SECTIONS; i++) {
			uint32_t offset;

			if (!strcmp(name, fz_module_section(FZ_PC_MODULE + i * FZ_PC_SECTION,
							    &offset)))
				s->section[i] = shdr.sh_addr + bias;
		}
	}
}

/* The kernel's blocks: calls of the recorder in its text. */
static void find_blocks(struct fz_sym *s)
{
	GElf_Addr bias, target;
	Elf *elf = dwfl_module_getelf(s->kernel, &bias);
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;
	Elf_Data *d;
	size_t i, room = 0;
	int32_t rel;

	if (!elf || !symbol(s->kernel, "__sanitizer_cov_trace_pc", 0, &target))
		return;
	while ((scn = elf_nextscn(elf, scn))) {
		if (!gelf_getshdr(scn, &shdr) || !(shdr.sh_flags & SHF_EXECINSTR))
			continue;
		d = elf_rawdata(scn, NULL);
		for (i = 0; d && i + CALL_BYTES <= d->d_size; i++) {
			const uint8_t *at = (const uint8_t *)d->d_buf + i;

			memcpy(&rel, at + 1, sizeof(rel));
			if (*at != 0xe8 || shdr.sh_addr + i + CALL_BYTES + rel != target)
				continue;
			if (s->nr_blocks == room) {
				room = room ? 2 * room : 4096;
				s->block = realloc(s->block, room * sizeof(*s->block));
				if (!s->block)
					fz_die("no memory");
			}
			s->block[s->nr_blocks++] = shdr.sh_addr + i + CALL_BYTES;
		}
	}
}

/**
 * fz_sym_open - read the debug information
 * @vmlinux: the kernel
 * @ko: the module; NULL for none
 *
 * Return: to be closed; NULL if there is none.
 */
struct fz_sym *fz_sym_open(const char *vmlinux, const char *ko)
{
	struct fz_sym *s = calloc(1, sizeof(*s));

	if (!s)
		fz_die("no memory");
	s->dwfl = dwfl_begin(&callbacks);
	dwfl_report_begin(s->dwfl);
	s->kernel = dwfl_report_offline(s->dwfl, "kernel", vmlinux, -1);
	if (ko)
		s->ko = dwfl_report_offline(s->dwfl, "cg_list", ko, -1);
	dwfl_report_end(s->dwfl, NULL, NULL);
	if (!s->kernel) {
		fz_say("%s: no symbols: %s", vmlinux, dwfl_errmsg(-1));
		fz_sym_close(s);
		return NULL;
	}
	if (s->ko)
		place_sections(s);
	find_blocks(s);
	return s;
}

void fz_sym_close(struct fz_sym *s)
{
	if (!s)
		return;
	dwfl_end(s->dwfl);
	free(s->block);
	free(s);
}

/* What follows the last @what in @path, or NULL. */
static const char *behind(const char *path, const char *what)
{
	const char *at, *found = NULL;

	for (at = path; (at = strstr(at, what)); at++)
		found = at + strlen(what);
	return found;
}

/* A path below the tree's top: module/event/stream.c, mm/memcontrol.c. */
static const char *short_path(const char *path, bool ours)
{
	const char *at = ours ? behind(path, "/module/") : NULL;

	if (at)
		return at - strlen("module/");
	at = behind(path, "/src/");
	return at ? at : path;
}

/* Writes " FILE:LINE" of an address, if it is known. */
static void print_line(Dwfl_Module *mod, bool ours, GElf_Addr addr, FILE *f)
{
	Dwfl_Line *l = dwfl_module_getsrc(mod, addr);
	const char *src;
	int line;

	if (!l)
		return;
	src = dwfl_lineinfo(l, NULL, &line, NULL, NULL, NULL);
	if (src)
		fprintf(f, " %s:%d", short_path(src, ours), line);
}

/* FUNCTION+0xOFFSET/0xSIZE [MODULE] somewhere in @line: its place in the source. */
static void print_where(struct fz_sym *s, const char *line, FILE *f)
{
	const char *plus = strstr(line, "+0x"), *name;
	unsigned long offset, size;
	Dwfl_Module *mod;
	char func[128];
	GElf_Addr addr;

	if (!plus || sscanf(plus, "+0x%lx/0x%lx", &offset, &size) != 2)
		return;
	for (name = plus; name > line && (isalnum((unsigned char)name[-1]) ||
					  name[-1] == '_' || name[-1] == '.'); name--)
		;
	snprintf(func, sizeof(func), "%.*s", (int)(plus - name), name);
	mod = strstr(plus, "[cg_list") ? s->ko : s->kernel;
	/* What is on a stack is where calls return to: look at the call. */
	if (symbol(mod, func, size, &addr))
		print_line(mod, mod == s->ko, addr + offset - !strstr(line, "RIP:"), f);
}

/**
 * fz_sym_log - a kernel's log with places in the source
 * @s: the debug information
 * @log: the log
 *
 * Return: the log, to be freed.
 */
char *fz_sym_log(struct fz_sym *s, const char *log)
{
	char *text = NULL, *copy = strdup(log), *line, *save;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f || !copy)
		fz_die("no memory");
	for (line = strtok_r(copy, "\r\n", &save); line; line = strtok_r(NULL, "\r\n", &save)) {
		fputs(line, f);
		print_where(s, line, f);
		fputc('\n', f);
	}
	fclose(f);
	free(copy);
	return text;
}

/* What is being put together: all files so far, and whose code is looked at. */
struct survey {
	struct fz_sym *s;
	const struct fz_signal *signal;
	Dwfl_Module *mod;
	const uint64_t *block;
	unsigned int nr_blocks;
	const char *dir;
	struct fz_file *files;
	unsigned int nr;
};

static uint32_t signal_pc(const struct survey *v, uint64_t addr)
{
	int i;

	if (v->mod == v->s->kernel)
		return addr;
	for (i = FZ_SECTIONS - 1; i >= 0; i--)
		if (v->s->section[i] && addr >= v->s->section[i] &&
		    addr - v->s->section[i] < FZ_PC_SECTION)
			break;
	/* The section that begins last before it. */
	for (int j = 0; j < FZ_SECTIONS; j++)
		if (i < 0 || (v->s->section[j] && addr >= v->s->section[j] &&
			      v->s->section[j] > v->s->section[i]))
			i = j;
	return FZ_PC_MODULE + i * FZ_PC_SECTION + (addr - v->s->section[i]);
}

static bool block_ran(const struct survey *v, unsigned int i)
{
	uint32_t pc = signal_pc(v, v->block[i]);

	return !fz_signal_new_in(v->signal, &pc, 1);
}

/* The first block at or behind @addr. */
static unsigned int first_block(const struct survey *v, uint64_t addr)
{
	unsigned int lo = 0, hi = v->nr_blocks, mid;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (v->block[mid] < addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool wanted(const struct survey *v, const char *name)
{
	unsigned int i;

	if (v->mod == v->s->ko)
		return !strncmp(name, "module/", strlen("module/"));
	for (i = 0; i < NR(kernel_files); i++)
		if (!strcmp(name, kernel_files[i]))
			return true;
	return false;
}

static struct fz_file *file_of(struct survey *v, const char *path)
{
	const char *name = short_path(path, v->mod == v->s->ko);
	struct fz_file *f;
	unsigned int i;

	if (!wanted(v, name))
		return NULL;
	for (i = 0; i < v->nr; i++)
		if (!strcmp(v->files[i].name, name))
			return &v->files[i];
	v->files = realloc(v->files, (v->nr + 1) * sizeof(*v->files));
	if (!v->files)
		fz_die("no memory");
	f = &v->files[v->nr++];
	memset(f, 0, sizeof(*f));
	f->path = *path == '/' || !v->dir ? strdup(path) : fz_format("%s/%s", v->dir, path);
	f->name = strdup(name);
	f->ours = v->mod == v->s->ko;
	return f;
}

static void mark(struct fz_file *f, unsigned int line, bool ran)
{
	if (line >= f->nr_lines) {
		f->line = realloc(f->line, line + 64);
		if (!f->line)
			fz_die("no memory");
		memset(f->line + f->nr_lines, FZ_LINE_NONE, line + 64 - f->nr_lines);
		f->nr_lines = line + 64;
	}
	if (f->line[line] != FZ_LINE_RAN)
		f->line[line] = ran ? FZ_LINE_RAN : FZ_LINE_MISSED;
}

/* The lines of a function's code, [@lo, @hi). */
static void survey_lines(struct survey *v, Dwarf_Lines *lines, size_t nr, GElf_Addr bias,
			 uint64_t lo, uint64_t hi, unsigned int first, unsigned int end)
{
	struct fz_file *f;
	Dwarf_Line *l;
	Dwarf_Addr addr;
	unsigned int b;
	bool last;
	size_t i;
	int line;

	for (i = 0; i < nr; i++) {
		l = dwarf_onesrcline(lines, i);
		if (dwarf_lineaddr(l, &addr) || addr + bias < lo || addr + bias >= hi ||
		    dwarf_lineno(l, &line) || line <= 0 ||
		    dwarf_lineendsequence(l, &last) || last)
			continue;
		/* Code of no length: the next row has the same address. */
		for (b = first; b + 1 < end && v->block[b + 1] <= addr + bias + CALL_BYTES; b++)
			;
		f = file_of(v, dwarf_linesrc(l, NULL, NULL));
		if (f)
			mark(f, line, block_ran(v, b));
	}
}

/* One call of dwarf_getfuncs for each function: @arg is a struct unit. */
struct unit {
	struct survey *v;
	Dwarf_Lines *lines;
	size_t nr;
	GElf_Addr bias;
};

static int survey_func(Dwarf_Die *die, void *arg)
{
	struct unit *u = arg;
	struct survey *v = u->v;
	unsigned int first, end, i;
	struct fz_func *func;
	struct fz_file *f;
	Dwarf_Addr lo, hi, base;
	ptrdiff_t at = 0;
	int line = 0;

	if (!dwarf_diename(die) || !dwarf_decl_file(die))
		return DWARF_CB_OK;
	while ((at = dwarf_ranges(die, at, &base, &lo, &hi)) > 0) {
		lo += u->bias;
		hi += u->bias;
		first = first_block(v, lo);
		end = first_block(v, hi);
		if (first == end)
			continue;
		f = file_of(v, dwarf_decl_file(die));
		survey_lines(v, u->lines, u->nr, u->bias, lo, hi, first, end);
		if (!f)
			continue;
		/* Lines may have added files, and moved them. */
		f = file_of(v, dwarf_decl_file(die));
		dwarf_decl_line(die, &line);
		f->func = realloc(f->func, (f->nr_funcs + 1) * sizeof(*f->func));
		if (!f->func)
			fz_die("no memory");
		func = &f->func[f->nr_funcs++];
		*func = (struct fz_func){ .name = strdup(dwarf_diename(die)), .line = line };
		for (i = first; i < end; i++) {
			func->blocks++;
			func->hit += block_ran(v, i);
		}
	}
	return DWARF_CB_OK;
}

static void survey_module(struct survey *v)
{
	Dwarf_Attribute attr;
	GElf_Addr bias;
	Dwarf_Die *cu = NULL;
	struct unit u = { .v = v };

	while ((cu = dwfl_module_nextcu(v->mod, cu, &bias))) {
		const char *name = dwarf_diename(cu);

		v->dir = dwarf_formstring(dwarf_attr(cu, DW_AT_comp_dir, &attr));
		u.bias = bias;
		if (!name || !wanted(v, short_path(name, v->mod == v->s->ko)) ||
		    dwarf_getsrclines(cu, &u.lines, &u.nr))
			continue;
		dwarf_getfuncs(cu, survey_func, &u, 0);
	}
}

/* The module's blocks at the addresses where libdw has put it. */
static uint64_t *module_blocks(const struct fz_sym *s, const struct fz_module *m)
{
	uint64_t *block = malloc((m->nr + 1) * sizeof(*block));
	uint32_t offset;
	unsigned int i, section;

	if (!block)
		fz_die("no memory");
	for (i = 0; i < m->nr; i++) {
		fz_module_section(m->pc[i], &offset);
		section = (m->pc[i] - FZ_PC_MODULE) / FZ_PC_SECTION;
		block[i] = s->section[section] + offset;
	}
	return block;
}

static int by_address(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static int by_name(const void *a, const void *b)
{
	const struct fz_file *x = a, *y = b;

	return x->ours != y->ours ? y->ours - x->ours : strcmp(x->name, y->name);
}

/**
 * fz_sym_files - which lines ran, of the module and of what the patches touch
 * @s: the debug information
 * @m: the module's blocks
 * @signal: the blocks that ran; nobody may add to it meanwhile
 * @nr: set to the number of files
 *
 * Return: the files, for fz_sym_free_files().
 */
struct fz_file *fz_sym_files(struct fz_sym *s, const struct fz_module *m,
			     const struct fz_signal *signal, unsigned int *nr)
{
	struct survey v = { .s = s, .signal = signal };
	uint64_t *blocks;
	unsigned int i, j;

	if (s->ko) {
		blocks = module_blocks(s, m);
		qsort(blocks, m->nr, sizeof(*blocks), by_address);
		v.mod = s->ko;
		v.block = blocks;
		v.nr_blocks = m->nr;
		survey_module(&v);
		free(blocks);
	}
	v.mod = s->kernel;
	v.block = s->block;
	v.nr_blocks = s->nr_blocks;
	survey_module(&v);
	for (i = 0; i < v.nr; i++) {
		for (j = 0; j < v.files[i].nr_lines; j++) {
			v.files[i].lines += v.files[i].line[j] != FZ_LINE_NONE;
			v.files[i].ran += v.files[i].line[j] == FZ_LINE_RAN;
		}
	}
	qsort(v.files, v.nr, sizeof(*v.files), by_name);
	*nr = v.nr;
	return v.files;
}

/* Give back what fz_sym_files() made. */
void fz_sym_free_files(struct fz_file *files, unsigned int nr)
{
	unsigned int i, j;

	for (i = 0; i < nr; i++) {
		for (j = 0; j < files[i].nr_funcs; j++)
			free(files[i].func[j].name);
		free(files[i].func);
		free(files[i].line);
		free(files[i].name);
		free(files[i].path);
	}
	free(files);
}
