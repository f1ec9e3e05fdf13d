/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses of the module. It is loaded to another place each time; what is
 * compared and kept are addresses as if it were always at the same one.
 */
#ifndef FZ_COVER_H
#define FZ_COVER_H

#include <stdbool.h>
#include <stdint.h>

#include "wire.h"

/* Low halves: the kernel's text is above the first, modules above the second. */
#define FZ_PC_KERNEL	0x81000000u
#define FZ_PC_MODULES	0xa0000000u
/* Where the module's sections are thought to be: 16 MiB each. */
#define FZ_PC_MODULE	0xe0000000u
#define FZ_PC_SECTION	0x01000000u

/**
 * struct fz_module - the module's file
 * @nr: basic blocks that record themselves
 * @pc: their addresses, ascending
 */
struct fz_module {
	unsigned int nr;
	uint32_t *pc;
};

int fz_module_load(struct fz_module *m, const char *path);
void fz_module_free(struct fz_module *m);
bool fz_module_has(const struct fz_module *m, uint32_t pc);
unsigned int fz_module_canonical(const struct fz_module *m, const struct fz_shm *shm,
				 uint32_t *pcs, unsigned int n);
const char *fz_module_section(uint32_t pc, uint32_t *offset);

#endif /* FZ_COVER_H */
