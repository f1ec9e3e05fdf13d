/* SPDX-License-Identifier: GPL-2.0-only */
/* Who may open a file that is about all cgroups. */
#ifndef CGL_ADMIN_H
#define CGL_ADMIN_H

int cgl_open_admin(void);

#endif /* CGL_ADMIN_H */
