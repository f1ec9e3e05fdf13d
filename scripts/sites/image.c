// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a stripped vmlinux: ELF's program headers say where an address is in the
 * file, and the kernel's own kallsyms tables name the functions.
 *
 * The tables have no label in a stripped file. The table of tokens is found by
 * what it looks like: 256 strings, those of the ten digits in a row, and behind
 * it the index of where each begins. The names are found by the markers behind
 * them, which say where each 256th name begins.
 */
#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image.h"

#define TOKENS		256
/* Between the names and the tokens: markers, and a table of 3 bytes a symbol. */
#define NAMES_REACH	(24U << 20)
#define SYMS_MIN	20000U
#define SYMS_MAX	2000000U
#define TEXT_MIN	0xffffffff80000000ULL

struct tables {
	const uint8_t *token[TOKENS];
	size_t token_table;	/* offsets in the file */
	size_t token_end;
	size_t num_syms;
	size_t names;
	size_t align;
};

/* The tables are aligned to 8 bytes, on newer kernels to 4. */
static size_t align(size_t n, size_t to)
{
	return (n + to - 1) & ~(to - 1);
}

static uint32_t get32(const struct image *image, size_t at)
{
	uint32_t v = 0;

	if (at + sizeof(v) <= image->size)
		memcpy(&v, image->data + at, sizeof(v));
	return v;
}

static uint64_t get64(const struct image *image, size_t at)
{
	uint64_t v = 0;

	if (at + sizeof(v) <= image->size)
		memcpy(&v, image->data + at, sizeof(v));
	return v;
}

/* Whether 256 strings begin at @at, and their index stands behind them. */
static bool tokens_at(const struct image *image, size_t at, struct tables *t)
{
	size_t pos = at, i, index;
	uint16_t begin;

	for (i = 0; i < TOKENS; i++) {
		const uint8_t *end;

		t->token[i] = image->data + pos;
		end = memchr(t->token[i], 0, image->size - pos);
		if (!end || end - t->token[i] > 512)
			return false;
		pos = (size_t)(end - image->data) + 1;
	}
	index = align(pos, t->align);
	if (index + TOKENS * sizeof(begin) > image->size)
		return false;
	for (i = 0; i < TOKENS; i++) {
		memcpy(&begin, image->data + index + i * sizeof(begin),
		       sizeof(begin));
		if (t->token[i] != image->data + at + begin)
			return false;
	}
	t->token_table = at;
	t->token_end = index + TOKENS * sizeof(begin);
	return true;
}

static bool find_tokens(const struct image *image, struct tables *t)
{
	static const char digits[] = "0\0001\0002\0003\0004\0005\0006\0007\0008\0009";
	const uint8_t *at = image->data, *end = image->data + image->size;
	size_t begin;

	for (; (at = memmem(at, (size_t)(end - at), digits, sizeof(digits))); at++) {
		/* 48 tokens are before that of '0': they end with a 0 each. */
		size_t nr = 0;

		for (begin = (size_t)(at - image->data); begin > 0; begin--) {
			if (image->data[begin - 1] == 0 && nr++ == '0')
				break;
			if ((size_t)(at - image->data) - begin > 8192)
				break;
		}
		for (t->align = 4; t->align <= 8; t->align *= 2) {
			if (tokens_at(image, begin, t) ||
			    tokens_at(image, align(begin, t->align), t))
				return true;
		}
	}
	return false;
}

/* The length of the name at @at, and where its tokens begin. */
static size_t name_len(const struct image *image, size_t at, size_t *tokens)
{
	size_t len = image->data[at];

	*tokens = at + 1;
	if (len & 0x80) {
		len = (len & 0x7f) | (size_t)image->data[at + 1] << 7;
		*tokens = at + 2;
	}
	return len;
}

/* Whether @nr names begin at @at, with markers behind them. */
static bool names_at(const struct image *image, const struct tables *t,
		     size_t at, uint32_t nr)
{
	size_t limit = t->token_table;
	size_t pos = at, len, tokens, markers;
	uint32_t i;

	/* Most places fail here, at little cost. */
	for (i = 0; i < nr; i++) {
		if (pos + 2 > limit)
			return false;
		len = name_len(image, pos, &tokens);
		if (!len || tokens + len > limit)
			return false;
		pos = tokens + len;
	}
	markers = align(pos, t->align);
	pos = at;
	for (i = 0; i < nr; i++) {
		if (i % 256 == 0 &&
		    get32(image, markers + i / 256 * sizeof(i)) != pos - at)
			return false;
		len = name_len(image, pos, &tokens);
		pos = tokens + len;
	}
	return true;
}

static bool find_names(const struct image *image, struct tables *t)
{
	size_t at = t->token_table & ~(t->align - 1), end = 0;
	uint32_t nr;

	if (at > NAMES_REACH)
		end = at - NAMES_REACH;
	for (; at > end; at -= t->align) {
		nr = get32(image, at);
		if (nr < SYMS_MIN || nr > SYMS_MAX ||
		    !names_at(image, t, at + t->align, nr))
			continue;
		t->num_syms = at;
		t->names = at + t->align;
		return true;
	}
	return false;
}

/* The address that a place in the file is loaded to; 0: none. */
static uint64_t address_of(const struct image *image, size_t at)
{
	const Elf64_Ehdr *e = (const Elf64_Ehdr *)image->data;
	const Elf64_Phdr *p = (const Elf64_Phdr *)(image->data + e->e_phoff);
	int i;

	for (i = 0; i < e->e_phnum; i++) {
		if (p[i].p_type == PT_LOAD && at >= p[i].p_offset &&
		    at < p[i].p_offset + p[i].p_filesz)
			return p[i].p_vaddr + (at - p[i].p_offset);
	}
	return 0;
}

/* What an entry of kallsyms_offsets says. */
enum encoding {
	/* An address below 2 GiB, or counted down from base - 1: up to 6.14 */
	OFFSET_PERCPU,
	/* From the base */
	OFFSET_BASE,
	/* From the entry itself: 7.x */
	OFFSET_PLACE,
};

static uint64_t address(const struct image *image, size_t offsets, uint32_t i,
			uint64_t base, enum encoding encoding)
{
	uint32_t offset = get32(image, offsets + i * 4UL);
	int64_t wide = (int32_t)offset;

	switch (encoding) {
	case OFFSET_PERCPU:
		return wide >= 0 ? offset : base - 1 - (uint64_t)wide;
	case OFFSET_BASE:
		return base + offset;
	default:
		return base + i * 4UL + (uint64_t)wide;
	}
}

/* Whether the addresses that these offsets make are in order. */
static bool in_order(const struct image *image, size_t offsets, uint32_t nr,
		     uint64_t base, enum encoding encoding)
{
	uint64_t a, last = 0;
	uint32_t i;

	if (base < TEXT_MIN)
		return false;
	for (i = 0; i < nr; i++) {
		a = address(image, offsets, i, base, encoding);
		if (a < last)
			return false;
		last = a;
	}
	return last >= TEXT_MIN;
}

static const char *read_symbols(struct image *image, const struct tables *t)
{
	uint32_t nr = get32(image, t->num_syms), i;
	size_t size = align(nr * 4UL, t->align), pos = t->names, len, tokens, k;
	size_t behind = align(t->token_end, t->align);
	const struct {
		size_t offsets;
		uint64_t base;
		enum encoding encoding;
	} guess[] = {
		{ t->num_syms - 8 - size, get64(image, t->num_syms - 8),
		  OFFSET_PERCPU },
		{ behind, get64(image, behind + size), OFFSET_PERCPU },
		{ behind, get64(image, behind + size), OFFSET_BASE },
		{ behind, address_of(image, behind), OFFSET_PLACE },
	}, *g, *end = guess + sizeof(guess) / sizeof(guess[0]);

	for (g = guess; g < end; g++) {
		if (in_order(image, g->offsets, nr, g->base, g->encoding))
			break;
	}
	if (g == end)
		return "no kallsyms offsets";
	image->syms = calloc(nr, sizeof(*image->syms));
	if (!image->syms)
		return "no memory";
	for (i = 0; i < nr; i++) {
		char name[1024];
		size_t n = 0;

		len = name_len(image, pos, &tokens);
		for (k = 0; k < len; k++) {
			const char *s = (const char *)t->token[image->data[tokens + k]];

			while (*s && n < sizeof(name) - 1)
				name[n++] = *s++;
		}
		name[n] = 0;
		pos = tokens + len;
		image->syms[i].addr = address(image, g->offsets, i, g->base,
					      g->encoding);
		/* The first letter is the type. */
		image->syms[i].name = strdup(n ? name + 1 : name);
		if (!image->syms[i].name)
			return "no memory";
	}
	image->nr_syms = nr;
	return NULL;
}

/**
 * image_open - map a vmlinux and read its symbols
 * @image: what to fill
 * @path: the file
 *
 * Return: NULL, or what is wrong with it.
 */
const char *image_open(struct image *image, const char *path)
{
	struct tables t;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st))
		return "cannot be read";
	image->size = (size_t)st.st_size;
	image->data = mmap(NULL, image->size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (image->data == MAP_FAILED)
		return "cannot be read";
	if (image->size < sizeof(Elf64_Ehdr) ||
	    memcmp(image->data, ELFMAG, SELFMAG) ||
	    image->data[EI_CLASS] != ELFCLASS64)
		return "not a 64-bit ELF file";
	if (!find_tokens(image, &t))
		return "no kallsyms tokens";
	/* Of the alignment both may fit the tokens. */
	for (t.align = 4; t.align <= 8; t.align *= 2) {
		if (find_names(image, &t))
			return read_symbols(image, &t);
	}
	return "no kallsyms names";
}

/**
 * image_close - free what image_open() made
 * @image: what it filled
 */
void image_close(struct image *image)
{
	size_t i;

	for (i = 0; i < image->nr_syms; i++)
		free(image->syms[i].name);
	free(image->syms);
	munmap((void *)image->data, image->size);
}

/**
 * image_sym - find a symbol
 * @image: where
 * @name: its name
 *
 * Return: the first one of that name, or NULL.
 */
const struct image_sym *image_sym(const struct image *image, const char *name)
{
	size_t i;

	for (i = 0; i < image->nr_syms; i++) {
		if (!strcmp(image->syms[i].name, name))
			return &image->syms[i];
	}
	return NULL;
}

/**
 * image_sym_size - up to the next symbol, as kallsyms says it
 * @image: where
 * @sym: one of its symbols
 *
 * Return: bytes; 0 if it is the last one.
 */
uint64_t image_sym_size(const struct image *image, const struct image_sym *sym)
{
	const struct image_sym *end = image->syms + image->nr_syms, *next;

	for (next = sym + 1; next < end; next++) {
		if (next->addr > sym->addr)
			return next->addr - sym->addr;
	}
	return 0;
}

/**
 * image_bytes - what stands at an address
 * @image: where
 * @addr: the address, as the kernel was linked
 * @len: how many bytes
 *
 * Return: the bytes, or NULL.
 */
const uint8_t *image_bytes(const struct image *image, uint64_t addr, size_t len)
{
	const Elf64_Ehdr *e = (const Elf64_Ehdr *)image->data;
	const Elf64_Phdr *p = (const Elf64_Phdr *)(image->data + e->e_phoff);
	int i;

	for (i = 0; i < e->e_phnum; i++) {
		if (p[i].p_type == PT_LOAD && addr >= p[i].p_vaddr &&
		    addr + len <= p[i].p_vaddr + p[i].p_filesz &&
		    p[i].p_offset + p[i].p_filesz <= image->size)
			return image->data + p[i].p_offset + (addr - p[i].p_vaddr);
	}
	return NULL;
}
