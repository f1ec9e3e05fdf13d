/* SPDX-License-Identifier: GPL-2.0-only */
/* What a kernel prints when something is wrong with it. */
#ifndef FZ_REPORT_H
#define FZ_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#define FZ_TITLE_MAX	120

bool fz_report_title(const char *log, char *title, size_t len);
const char *fz_report_start(const char *log);

#endif /* FZ_REPORT_H */
