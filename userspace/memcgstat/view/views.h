/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tables that more than one command prints
 */
#ifndef MEMCGSTAT_VIEWS_H
#define MEMCGSTAT_VIEWS_H

#include "source.h"
#include "table.h"

extern const struct col memcg_cols[];
extern const unsigned int nr_memcg_cols;
unsigned long long memcg_columns(const struct cgl_report *r);
void fill_memcgs(struct table *t, const struct cgl_report *r, bool tree);

extern const struct col lru_cols[];
extern const unsigned int nr_lru_cols;
void fill_lru(struct table *t, const struct cgl_report *r, bool sums);

extern const struct col charge_cols[];
extern const unsigned int nr_charge_cols;
void fill_charge(struct table *t, const struct cgl_report *r);
u64 charge_calls(const u64 charge[CGL_NR_CH]);

extern const struct col slow_cols[];
extern const unsigned int nr_slow_cols;
void fill_slow(struct table *t, const struct cgl_report *r);

extern const struct col origin_cols[];
extern const unsigned int nr_origin_cols;
void fill_origin(struct table *t, const struct cgl_report *r);

extern const struct col event_cols[];
extern const unsigned int nr_event_cols;
void fill_event(struct table *t, const struct cgl_event *ev);

#endif
