// SPDX-License-Identifier: GPL-2.0-only
/* Numbers and names, as the format of cg_list wants them. */
#include <linux/kernel.h>

#include "out.h"

/**
 * cgl_out_u64 - write a number in decimal
 * @o: the writer
 * @v: the number
 *
 * Context: any.
 */
void cgl_out_u64(struct cgl_out *o, u64 v)
{
	char buf[CGL_U64_LEN];
	char *p = buf + sizeof(buf);
	size_t len;

	/* Most numbers of a report are 0 or one digit. */
	if (v < 10) {
		if (cgl_out_no_room(o, 1))
			return;
		*o->p++ = '0' + v;
		return;
	}

	do {
		u64 q = v / 10;

		*--p = '0' + (v - 10 * q);
		v = q;
	} while (v);

	len = buf + sizeof(buf) - p;
	if (cgl_out_no_room(o, len))
		return;
	/* No call of memcpy() for a handful of bytes. */
	while (len--)
		*o->p++ = *p++;
}

/**
 * cgl_out_s64 - write a number that may be negative
 * @o: the writer
 * @v: the number
 *
 * Context: any.
 */
void cgl_out_s64(struct cgl_out *o, s64 v)
{
	if (v < 0) {
		cgl_out_lit(o, "-");
		cgl_out_u64(o, -(u64)v);
		return;
	}
	cgl_out_u64(o, v);
}

/**
 * cgl_out_escaped - write a name so that it holds no white space
 * @o: the writer
 * @s: the name, which may hold any byte
 * @len: its length in bytes
 *
 * Control bytes, space and backslash become a backslash and three octal digits.
 *
 * Context: any.
 */
void cgl_out_escaped(struct cgl_out *o, const char *s, size_t len)
{
	while (len--) {
		unsigned char c = *s++;

		if (likely(c > ' ' && c != '\\' && c != 0x7f)) {
			if (cgl_out_no_room(o, 1))
				return;
			*o->p++ = c;
			continue;
		}
		if (cgl_out_no_room(o, 4))
			return;
		*o->p++ = '\\';
		*o->p++ = '0' + (c >> 6);
		*o->p++ = '0' + ((c >> 3) & 7);
		*o->p++ = '0' + (c & 7);
	}
}
