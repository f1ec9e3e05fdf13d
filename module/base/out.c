// SPDX-License-Identifier: GPL-2.0-only
/* Numbers and names, as the format of cg_list wants them. */
#include <linux/kernel.h>

#include "base/out.h"

/* Two digits at a time: half of the divisions. */
static const char cgl_pairs[10][20] = {
	"00010203040506070809",
	"10111213141516171819",
	"20212223242526272829",
	"30313233343536373839",
	"40414243444546474849",
	"50515253545556575859",
	"60616263646566676869",
	"70717273747576777879",
	"80818283848586878889",
	"90919293949596979899",
};

static __always_inline void cgl_put_pair(char *p, unsigned int pair)
{
	memcpy(p, cgl_pairs[0] + 2 * pair, 2);
}

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
		cgl_put_pair(digits, v - 100 * q);
		v = q;
	}
	if (v >= 10) {
		digits -= 2;
		cgl_put_pair(digits, v);
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

static bool cgl_must_escape(unsigned char c)
{
	return c <= ' ' || c == '\\' || c == 0x7f;
}

/**
 * cgl_escaped_len - bytes that cgl_out_escaped() will write
 * @s: the name
 * @len: its length in bytes
 *
 * Context: any.
 */
size_t cgl_escaped_len(const char *s, size_t len)
{
	size_t n = len;

	while (len--)
		n += 3 * cgl_must_escape(*s++);
	return n;
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

		if (likely(!cgl_must_escape(c))) {
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

/**
 * cgl_out_escape - write what is in the buffer already, so that it holds no white
 *	space: as cgl_out_escaped(), for what was made at @o->p
 * @o: the writer
 * @len: bytes from @o->p on
 *
 * Context: any.
 */
void cgl_out_escape(struct cgl_out *o, size_t len)
{
	size_t escaped = cgl_escaped_len(o->p, len);
	unsigned char *from = (unsigned char *)o->p + len;
	char *to = o->p + escaped;

	if (cgl_out_no_room(o, escaped))
		return;
	o->p = to;
	/* From the end back, until the rest is in its place. */
	while (to != (char *)from) {
		unsigned char c = *--from;

		if (!cgl_must_escape(c)) {
			*--to = c;
			continue;
		}
		*--to = '0' + (c & 7);
		*--to = '0' + ((c >> 3) & 7);
		*--to = '0' + (c >> 6);
		*--to = '\\';
	}
}
