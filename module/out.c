// SPDX-License-Identifier: GPL-2.0-only
/* Numbers and names, as the format of cg_list wants them. */
#include <linux/ctype.h>
#include <linux/kernel.h>

#include "out.h"

/* "00" to "99": two digits a division instead of one. */
static const char cgl_digits[] =
	"0001020304050607080910111213141516171819"
	"2021222324252627282930313233343536373839"
	"4041424344454647484950515253545556575859"
	"6061626364656667686970717273747576777879"
	"8081828384858687888990919293949596979899";

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

	while (v >= 100) {
		u64 q = v / 100;

		p -= 2;
		memcpy(p, cgl_digits + 2 * (v - 100 * q), 2);
		v = q;
	}
	if (v >= 10) {
		p -= 2;
		memcpy(p, cgl_digits + 2 * v, 2);
	} else {
		*--p = '0' + v;
	}

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
