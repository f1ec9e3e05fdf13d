// SPDX-License-Identifier: GPL-2.0-only
/* From a program to what the guest's executor takes. */
#include <string.h>

#include "prog.h"
#include "wire.h"

_Static_assert(FZ_MAX_CALLS == FZ_WIRE_CALLS && FZ_MAX_ARGS == FZ_WIRE_ARGS,
	       "programs must fit");
_Static_assert(FZ_MAX_CALLS * FZ_MAX_ARGS * (FZ_DATA_MAX + 16) <= FZ_WIRE_DATA_MAX,
	       "their data must fit");

/* What the executor has to undo or prepare, by what is called. */
static uint32_t flags_of(const struct fz_call *c)
{
	const char *variant = strchr(c->desc->name, '$');
	uint32_t flags = 0;
	unsigned int i;

	if (c->desc->flags & FZ_MOUNTS)
		flags |= FZ_WIRE_MOUNTS | FZ_WIRE_FILES;
	if (c->desc->flags & FZ_RARE)
		flags |= FZ_WIRE_MODULE;
	if (variant && (!strcmp(variant, "$tmp") || !strcmp(variant, "$mnt")))
		flags |= FZ_WIRE_FILES;
	if (variant && (!strcmp(variant, "$knob") || !strcmp(variant, "$trace")))
		flags |= FZ_WIRE_STATE;
	if (variant && !strcmp(variant, "$cg"))
		flags |= FZ_WIRE_CGROUPS;
	for (i = 0; i < c->desc->nr_args; i++)
		if (c->desc->arg[i].kind == FZ_RES && c->desc->arg[i].res == FZ_R_knob)
			flags |= FZ_WIRE_STATE;
	return flags;
}

static void encode_arg(const struct fz_type *t, const struct fz_arg *a, struct fz_wire *w,
		       uint32_t *data, struct fz_wire_call *out)
{
	struct fz_wire_arg *wa = &out->arg[out->nr_args++];

	wa->kind = FZ_WIRE_VALUE;
	wa->val = a->val;
	if (t->kind == FZ_RES && a->ref != FZ_NO_REF) {
		wa->kind = FZ_WIRE_RESULT;
		wa->index = a->ref;
		wa->slot = a->slot;
		wa->val = t->lo;
	} else if (t->kind == FZ_OUT) {
		wa->kind = FZ_WIRE_OUT;
	} else if (fz_type_is_data(t) || t->kind == FZ_OUTRES) {
		wa->kind = FZ_WIRE_DATA;
		wa->val = *data;
		if (t->kind == FZ_OUTRES) {
			out->out = *data;
			out->nr_out = t->lo;
			*data += (t->hi + 15) & ~15u;
		} else {
			memcpy(w->data + *data, a->data, a->len);
			*data += (a->len + 16u) & ~15u;
		}
	}
}

/**
 * fz_wire_encode - write a program into shared memory
 * @p: a valid program
 * @w: where to
 */
void fz_wire_encode(const struct fz_prog *p, struct fz_wire *w)
{
	struct fz_wire_call *out;
	const struct fz_call *c;
	unsigned int i, j;
	uint32_t data = 0;

	memset(w, 0, sizeof(*w));
	w->nr = p->nr;
	for (i = 0; i < p->nr; i++) {
		c = &p->call[i];
		out = &w->call[i];
		out->nr = c->desc->nr;
		out->async = c->async;
		out->repeat = c->repeat;
		out->fail = c->fail;
		out->out = FZ_WIRE_NONE;
		w->flags |= flags_of(c);
		for (j = 0; j < c->desc->nr_args; j++)
			encode_arg(&c->desc->arg[j], &c->arg[j], w, &data, out);
	}
	w->data_len = data;
}
