/* SPDX-License-Identifier: GPL-2.0-only */
/* The lines of what was counted of cgroups that are gone. */
#ifndef CGL_SEC_CHARGE_H
#define CGL_SEC_CHARGE_H

#include "base/out.h"

void cgl_charge_show_released(struct cgl_out *o);

#endif /* CGL_SEC_CHARGE_H */
