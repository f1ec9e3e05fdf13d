/* SPDX-License-Identifier: GPL-2.0-only */
/* The guest's side: init (guest.c) and the workers that run programs (exec.c). */
#ifndef FZ_GUEST_H
#define FZ_GUEST_H

#include <stdbool.h>

#include "wire.h"

/* The shared memory, mapped in two parts: as a whole, and the page of control. */
struct fz_mapped {
	struct fz_shm *all;
	struct fz_shm *control;
};

int fz_put(const char *path, const char *text);
bool fz_load_module(const char *path, const char *params);
void fz_tell_load(struct fz_shm *shm);
void fz_worker(const struct fz_mapped *m, unsigned int number, unsigned int workers);

#endif /* FZ_GUEST_H */
