// SPDX-License-Identifier: GPL-2.0-only
/* Numbers and names, as the format of cg_list wants them. */
#include <linux/kernel.h>

#include "out.h"

/* Two digits at a time: half of the divisions. */
#define CGL_TEN(d)	\
	d "0" d "1" d "2" d "3" d "4" d "5" d "6" d "7" d "8" d "9"

static const char cgl_pairs[] =
	CGL_TEN("0") CGL_TEN("1") CGL_TEN("2") CGL_TEN("3") CGL_TEN("4")
	CGL_TEN("5") CGL_TEN("6") CGL_TEN("7") CGL_TEN("8") CGL_TEN("9");

/**
 * cgl_put_u64 - write a number in decimal
 * @p: where; CGL_U64_LEN bytes are overwritten, however long the number is
 * @v: the number
 *
 * Context: any.
 * Return: where it ends.
 */
char *cgl_put_u64(char *p, u64 v)
{
	char buf[2 * CGL_U64_LEN];
	char *digits = buf + CGL_U64_LEN;

	if (v < 10) {
		*p = '0' + v;
		return p + 1;
	}

	while (v >= 100) {
		u64 q = v / 100;

		digits -= 2;
		memcpy(digits, cgl_pairs + 2 * (v - 100 * q), 2);
		v = q;
	}
	if (v >= 10) {
		digits -= 2;
		memcpy(digits, cgl_pairs + 2 * v, 2);
	} else {
		*--digits = '0' + v;
	}

	/* Of constant length: no call, no loop. What follows is overwritten. */
	memcpy(p, digits, CGL_U64_LEN);
	return p + (buf + CGL_U64_LEN - digits);
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
