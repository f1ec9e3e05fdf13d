// SPDX-License-Identifier: GPL-2.0-only
#include "fuzz.h"
void fz_page_start(struct fz_fuzz *f) { (void)f; }
void fz_page_write(struct fz_fuzz *f) { (void)f; }
void fz_page_stop(struct fz_fuzz *f) { (void)f; }
