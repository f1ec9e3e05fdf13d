// SPDX-License-Identifier: GPL-2.0-only
/*
 * The compiler has put a call of __sanitizer_cov_trace_pc at the begin of each
 * basic block; what is recorded is where it returns to. In the module's file
 * such a call is a relocation, so that all blocks are known beforehand, also
 * those that never run.
 */
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cover.h"
#include "util.h"

static const char *const sections[FZ_SECTIONS] = { ".text", ".init.text", ".exit.text" };

static int section_index(const char *name)
{
	int i;

	for (i = 0; i < FZ_SECTIONS; i++)
		if (name && !strcmp(name, sections[i]))
			return i;
	return -1;
}

static Elf_Scn *find_section(Elf *elf, unsigned int type, GElf_Shdr *shdr)
{
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, shdr) && shdr->sh_type == type)
			return scn;
	return NULL;
}

static void add_block(struct fz_module *m, uint32_t pc)
{
	if (!(m->nr & (m->nr + 1)) || !m->pc) {
		m->pc = realloc(m->pc, 2 * (m->nr + 1) * sizeof(*m->pc));
		if (!m->pc)
			fz_die("no memory");
	}
	m->pc[m->nr++] = pc;
}

static void add_blocks(struct fz_module *m, Elf *elf, Elf_Scn *rela, const GElf_Shdr *shdr,
		       Elf_Data *symbols, size_t names, int index)
{
	Elf_Data *d = elf_getdata(rela, NULL);
	const char *name;
	GElf_Rela r;
	GElf_Sym sym;
	size_t i;

	for (i = 0; d && i < shdr->sh_size / shdr->sh_entsize; i++) {
		if (!gelf_getrela(d, i, &r) || !gelf_getsym(symbols, GELF_R_SYM(r.r_info), &sym))
			continue;
		name = elf_strptr(elf, names, sym.st_name);
		if (name && !strcmp(name, "__sanitizer_cov_trace_pc"))
			add_block(m, FZ_PC_MODULE + index * FZ_PC_SECTION + r.r_offset + 4);
	}
}

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/**
 * fz_module_load - read which basic blocks a module has
 * @m: set to them
 * @path: the .ko
 *
 * Return: 0; -1 if it cannot be read as a module.
 */
int fz_module_load(struct fz_module *m, const char *path)
{
	GElf_Shdr shdr, target;
	Elf_Scn *scn = NULL, *symtab;
	Elf_Data *symbols;
	size_t names, strings;
	int fd = open(path, O_RDONLY | O_CLOEXEC), index, ret = -1;
	Elf *elf;

	memset(m, 0, sizeof(*m));
	if (fd < 0)
		return -1;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf || elf_getshdrstrndx(elf, &strings))
		goto out;
	symtab = find_section(elf, SHT_SYMTAB, &shdr);
	if (!symtab)
		goto out;
	symbols = elf_getdata(symtab, NULL);
	names = shdr.sh_link;
	while ((scn = elf_nextscn(elf, scn))) {
		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_RELA ||
		    !gelf_getshdr(elf_getscn(elf, shdr.sh_info), &target))
			continue;
		index = section_index(elf_strptr(elf, strings, target.sh_name));
		if (index >= 0)
			add_blocks(m, elf, scn, &shdr, symbols, names, index);
	}
	qsort(m->pc, m->nr, sizeof(*m->pc), compare);
	ret = 0;
out:
	elf_end(elf);
	close(fd);
	return ret;
}

void fz_module_free(struct fz_module *m)
{
	free(m->pc);
}

/* Whether a block of the module is at this place. */
bool fz_module_has(const struct fz_module *m, uint32_t pc)
{
	return m->nr && bsearch(&pc, m->pc, m->nr, sizeof(*m->pc), compare);
}

/* The block's place in the file, by where the module was last; 0 if it is none. */
static uint32_t canonical(const struct fz_module *m, const struct fz_shm *shm, uint32_t pc)
{
	uint32_t loads = __atomic_load_n(&shm->nr_loads, __ATOMIC_ACQUIRE), i, at;
	unsigned int s;

	for (i = 0; i < loads && i < 8; i++) {
		for (s = 0; s < FZ_SECTIONS; s++) {
			at = pc - shm->load[(loads - 1 - i) % FZ_LOADS][s];
			if (at < FZ_PC_SECTION &&
			    fz_module_has(m, FZ_PC_MODULE + s * FZ_PC_SECTION + at))
				return FZ_PC_MODULE + s * FZ_PC_SECTION + at;
		}
	}
	return 0;
}

/**
 * fz_module_canonical - make a program's coverage comparable
 * @m: the module
 * @shm: the guest's memory, for where the module is
 * @pcs: blocks; those of the module become FZ_PC_MODULE's
 * @n: how many
 *
 * Return: how many are left: what is neither the kernel's nor the module's goes.
 */
unsigned int fz_module_canonical(const struct fz_module *m, const struct fz_shm *shm,
				 uint32_t *pcs, unsigned int n)
{
	unsigned int i, to = 0;
	uint32_t pc;

	for (i = 0; i < n; i++) {
		pc = pcs[i];
		if (pc >= FZ_PC_MODULES)
			pc = canonical(m, shm, pc);
		if (pc >= FZ_PC_KERNEL)
			pcs[to++] = pc;
	}
	return to;
}

/**
 * fz_module_section - what a block's address stands for
 * @pc: the address
 * @offset: set to the offset in the section
 *
 * Return: the name of the module's section; NULL if it is of the kernel.
 */
const char *fz_module_section(uint32_t pc, uint32_t *offset)
{
	uint32_t at = pc - FZ_PC_MODULE;

	if (pc < FZ_PC_MODULE || at / FZ_PC_SECTION >= FZ_SECTIONS)
		return NULL;
	*offset = at % FZ_PC_SECTION;
	return sections[at / FZ_PC_SECTION];
}
