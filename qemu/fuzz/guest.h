/* SPDX-License-Identifier: GPL-2.0-only */
/* The guest's side: init (guest.c) and the workers that run programs (exec.c). */
#ifndef FZ_GUEST_H
#define FZ_GUEST_H

#include <stdbool.h>

#include "wire.h"

int fz_put(const char *path, const char *text);
bool fz_load_module(const char *path, const char *params);
void fz_tell_load(struct fz_shm *shm);
void fz_worker(struct fz_shm *shm, unsigned int number, unsigned int workers);

#endif /* FZ_GUEST_H */
