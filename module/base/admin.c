// SPDX-License-Identifier: GPL-2.0-only
/* Who may open a file that is about all cgroups. */
#include <linux/capability.h>
#include <linux/errno.h>

#include "base/admin.h"

/**
 * cgl_open_admin - whether the current task may open a file about all cgroups
 *
 * Mode bits are not enough: the root of a container without a user namespace
 * has them for the host's /proc too.
 *
 * Context: process context, in an open method.
 * Return: 0, or -EPERM without CAP_SYS_ADMIN in the initial user namespace.
 */
int cgl_open_admin(void)
{
	return capable(CAP_SYS_ADMIN) ? 0 : -EPERM;
}
