/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every line is written with: straight into the seq_file's buffer, since
 * a seq_printf() of a line costs as much as all the rest of its making.
 *
 * A writer that runs out of room remembers that it is full and goes on; what it
 * wrote is then thrown away, and seq_file comes again with a larger buffer, or
 * with the step in an empty one. A number is copied as if it had all its digits,
 * so a buffer counts as full a few bytes before it is.
 */
#ifndef CGL_OUT_H
#define CGL_OUT_H

#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/page.h>

/* The longest decimal number, 2^64 - 1. */
#define CGL_U64_LEN	20

/**
 * struct cgl_out - a writer
 * @p: where the next byte goes
 * @end: one past the last byte there is room for
 * @start: where this writer began
 * @full: something did not fit
 */
struct cgl_out {
	char *p;
	char *end;
	char *start;
	bool full;
};

/**
 * cgl_out_init - write into a buffer
 * @o: the writer
 * @buf: the buffer
 * @size: its size in bytes
 */
static inline void cgl_out_init(struct cgl_out *o, char *buf, size_t size)
{
	o->p = buf;
	o->start = buf;
	o->end = buf + size;
	o->full = false;
}

/**
 * cgl_out_begin - write into what is left of a seq_file's buffer
 * @o: the writer
 * @m: the seq_file, inside its show method
 *
 * But for its last byte: a buffer that is full to the end counts as overflown,
 * and what is in it would be thrown away.
 */
static inline void cgl_out_begin(struct cgl_out *o, struct seq_file *m)
{
	char *buf;
	size_t size = seq_get_buf(m, &buf);

	cgl_out_init(o, buf, size ? size - 1 : 0);
}

/**
 * cgl_out_commit - give what was written to the seq_file, all or nothing
 * @o: the writer that cgl_out_begin() made
 * @m: the same seq_file
 */
static inline void cgl_out_commit(struct cgl_out *o, struct seq_file *m)
{
	seq_commit(m, o->full ? -1 : (int)(o->p - o->start));
}

/* True if there is no room for n bytes more. */
static __always_inline bool cgl_out_no_room(struct cgl_out *o, size_t n)
{
	if (likely((size_t)(o->end - o->p) >= n))
		return false;
	o->full = true;
	return true;
}

/**
 * cgl_out_str - write bytes as they are
 * @o: the writer
 * @s: the bytes
 * @len: how many
 */
static __always_inline void cgl_out_str(struct cgl_out *o, const char *s,
					size_t len)
{
	if (cgl_out_no_room(o, len))
		return;
	memcpy(o->p, s, len);
	o->p += len;
}

char *cgl_put_u64(char *p, u64 v);
void cgl_out_s64(struct cgl_out *o, s64 v);
size_t cgl_escaped_len(const char *s, size_t len);
void cgl_out_escaped(struct cgl_out *o, const char *s, size_t len);
void cgl_out_escape(struct cgl_out *o, size_t len);

/**
 * cgl_out_u64 - write a number in decimal
 * @o: the writer
 * @v: the number
 */
static __always_inline void cgl_out_u64(struct cgl_out *o, u64 v)
{
	if (!cgl_out_no_room(o, CGL_U64_LEN))
		o->p = cgl_put_u64(o->p, v);
}

/*
 * Below, a string is a constant, whose length the compiler then knows. A key
 * comes with its white space and sign: " usage=".
 */
static __always_inline void cgl_out_lit(struct cgl_out *o, const char *s)
{
	cgl_out_str(o, s, strlen(s));
}

static __always_inline void cgl_out_num(struct cgl_out *o, const char *key,
					u64 v)
{
	if (cgl_out_no_room(o, strlen(key) + CGL_U64_LEN))
		return;
	memcpy(o->p, key, strlen(key));
	o->p = cgl_put_u64(o->p + strlen(key), v);
}

static __always_inline void cgl_out_int(struct cgl_out *o, const char *key,
					s64 v)
{
	cgl_out_lit(o, key);
	cgl_out_s64(o, v);
}

/* An amount of memory that the kernel counts in pages, in bytes. */
static __always_inline void cgl_out_pages(struct cgl_out *o, const char *key,
					  u64 pages)
{
	cgl_out_num(o, key, pages << PAGE_SHIFT);
}

/* A key that stands in a table: of constant size, and so copied without a call. */
struct cgl_key {
	char s[23];
	u8 len;
};

/* For a row of a list of fields in <cg_list/names.h>. */
#define CGL_KEY(key, name, ...)	{ " " #name "=", sizeof(#name) + 1 },

/* As cgl_out_num(), for such a key. Most numbers that have one are 0. */
static __always_inline void cgl_out_keyed(struct cgl_out *o,
					  const struct cgl_key *key, u64 v)
{
	char *p = o->p + key->len;

	if (cgl_out_no_room(o, sizeof(*key) + CGL_U64_LEN))
		return;
	memcpy(o->p, key, sizeof(*key));
	if (v < 10) {
		*p = '0' + v;
		o->p = p + 1;
	} else {
		o->p = cgl_put_u64(p, v);
	}
}

static __always_inline void cgl_out_eol(struct cgl_out *o)
{
	cgl_out_lit(o, "\n");
}

#endif /* CGL_OUT_H */
