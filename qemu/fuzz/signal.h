/* SPDX-License-Identifier: GPL-2.0-only */
/* What coverage has been seen: sets of basic blocks. */
#ifndef FZ_SIGNAL_H
#define FZ_SIGNAL_H

#include <stdint.h>

struct fz_signal;

struct fz_signal *fz_signal_new(void);
void fz_signal_free(struct fz_signal *s);
unsigned int fz_signal_add(struct fz_signal *s, const uint32_t *pcs, unsigned int n);
unsigned int fz_signal_new_in(const struct fz_signal *s, const uint32_t *pcs, unsigned int n);
unsigned int fz_signal_count(const struct fz_signal *s);
void fz_signal_each(const struct fz_signal *s, void (*each)(uint32_t pc, void *data), void *data);

#endif /* FZ_SIGNAL_H */
