/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A kernel image on disk: its symbols, from the kallsyms tables in it, and the
 * bytes at an address. For tests of what searches the kernel's text.
 */
#ifndef IMAGE_H
#define IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct image - an uncompressed vmlinux
 * @data: the whole file
 * @size: in bytes
 * @syms: its symbols in the order of kallsyms, that of their addresses
 * @nr_syms: how many
 */
struct image {
	const uint8_t *data;
	size_t size;
	struct image_sym {
		uint64_t addr;
		char *name;
	} *syms;
	size_t nr_syms;
};

const char *image_open(struct image *image, const char *path);
void image_close(struct image *image);
const struct image_sym *image_sym(const struct image *image, const char *name);
uint64_t image_sym_size(const struct image *image, const struct image_sym *sym);
const uint8_t *image_bytes(const struct image *image, uint64_t addr, size_t len);

#endif /* IMAGE_H */
