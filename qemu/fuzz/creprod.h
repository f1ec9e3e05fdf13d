/* SPDX-License-Identifier: GPL-2.0-only */
/* A program as C that stands alone. */
#ifndef FZ_CREPROD_H
#define FZ_CREPROD_H

#include "prog.h"

char *fz_creprod(const struct fz_prog *p, const char *title);

#endif /* FZ_CREPROD_H */
