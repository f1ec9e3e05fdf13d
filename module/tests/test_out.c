// SPDX-License-Identifier: GPL-2.0-only
/* Numbers and escaping: base/out.c. */
#include "shim.h"

#include <cg_list/names.h>

#include "base/out.c"

static char buf[4096];

/* What a writer that has @size bytes makes of a number; NULL: it did not fit. */
static const char *u64_in(size_t size, u64 v)
{
	struct cgl_out o;

	memset(buf, '#', sizeof(buf));
	cgl_out_init(&o, buf, size);
	cgl_out_u64(&o, v);
	if (o.full)
		return NULL;
	*o.p = '\0';
	return buf;
}

static bool same_as_printf(u64 v)
{
	char expected[32];

	snprintf(expected, sizeof(expected), "%llu", (unsigned long long)v);
	return !strcmp(u64_in(100, v), expected);
}

static void test_numbers(void)
{
	u64 v, power, seed = 88172645463325252ULL;
	bool good = true;
	int i;

	for (v = 0; v < 200000; v++)
		good &= same_as_printf(v);
	OK(good, "numbers below 200,000 are as printf has them");

	good = true;
	for (power = 1, i = 0; i < 20; i++, power *= 10)
		good &= same_as_printf(power - 1) && same_as_printf(power) &&
			same_as_printf(power + 1);
	OK(good && same_as_printf(UINT64_MAX), "so are those of each length, to the largest");

	good = true;
	for (i = 0; i < 200000; i++) {
		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		good &= same_as_printf(seed >> (i % 64));
	}
	OK(good, "so are 200,000 at random");
}

static void test_signed(void)
{
	static const s64 values[] = { 0, -1, 1, -12, INT64_MIN, INT64_MAX, -100 };
	char expected[32];
	bool good = true;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		struct cgl_out o;

		cgl_out_init(&o, buf, 100);
		cgl_out_s64(&o, values[i]);
		*o.p = '\0';
		snprintf(expected, sizeof(expected), "%lld", (long long)values[i]);
		good &= !strcmp(buf, expected);
	}
	OK(good, "negative numbers, to the least");
}

static void test_room(void)
{
	struct cgl_out o;
	size_t size;
	bool good = true;

	for (size = 0; size <= 2 * CGL_U64_LEN; size++) {
		bool fits = u64_in(size, 7);

		good &= fits == (size >= CGL_U64_LEN);
		/* Whatever it wrote, it wrote inside. */
		good &= buf[size] == '#';
	}
	OK(good, "a number that may not fit marks the writer full, and writes nothing");

	cgl_out_init(&o, buf, 8);
	cgl_out_lit(&o, "12345678");
	OK(!o.full && o.p == o.end, "a text may fill the buffer to its end");
	cgl_out_lit(&o, "9");
	OK(o.full && o.p == o.end, "one byte more does not fit");

	cgl_out_init(&o, buf, 10);
	cgl_out_num(&o, " usage=", 1);
	OK(o.full && o.p == o.start, "a key without room for any number is not begun");
}

static void test_keys(void)
{
	static const struct cgl_key keys[] = {
		CGL_CHARGE_FIELDS(CGL_KEY)
		CGL_ORIGINS(CGL_KEY)
	};
	static const struct {
		const char *s;
	} names[] = {
#define NAME(key, name, ...)	{ #name },
		CGL_CHARGE_FIELDS(NAME)
		CGL_ORIGINS(NAME)
	};
	static const u64 values[] = { 0, 9, 10, 12345, UINT64_MAX };
	char expected[64];
	struct cgl_out o;
	bool good = true;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		for (j = 0; j < ARRAY_SIZE(values); j++) {
			cgl_out_init(&o, buf, sizeof(buf));
			cgl_out_keyed(&o, &keys[i], values[j]);
			*o.p = '\0';
			snprintf(expected, sizeof(expected), " %s=%llu", names[i].s,
				 (unsigned long long)values[j]);
			good &= !o.full && !strcmp(buf, expected);
		}
	}
	OK(good, "every counter's and origin's key fits, with any number");
}

static void test_escaping(void)
{
	char all[256], expected[1024], *e = expected;
	struct cgl_out o;
	size_t size;
	bool good = true;
	int c;

	for (c = 0; c < 256; c++) {
		all[c] = c;
		if (c <= ' ' || c == '\\' || c == 0x7f)
			e += sprintf(e, "\\%03o", c);
		else
			*e++ = c;
	}
	cgl_out_init(&o, buf, sizeof(buf));
	cgl_out_escaped(&o, all, sizeof(all));
	OK(!o.full && o.p - o.start == e - expected &&
	   !memcmp(buf, expected, e - expected),
	   "each byte: controls, space and backslash become octal, all else stays");

	for (size = 0; size < (size_t)(e - expected); size++) {
		memset(buf, '#', sizeof(buf));
		cgl_out_init(&o, buf, size);
		cgl_out_escaped(&o, all, sizeof(all));
		good &= o.full && o.p <= o.end && buf[size] == '#';
	}
	OK(good, "in a buffer of any size that is too small it ends inside, full");
}

static void test_seq_file(void)
{
	struct seq_file m = { .buf = buf, .size = 16 };
	struct cgl_out o;

	cgl_out_begin(&o, &m);
	cgl_out_lit(&o, "abc\n");
	cgl_out_commit(&o, &m);
	OK(m.count == 4, "what was written is given to the seq_file");
	cgl_out_begin(&o, &m);
	cgl_out_lit(&o, "123456789ab");
	OK(!o.full, "all but the last byte can be used");
	cgl_out_lit(&o, "c");
	cgl_out_commit(&o, &m);
	OK(m.count == m.size, "what did not fit overflows it, as a whole");
	cgl_out_begin(&o, &m);
	cgl_out_lit(&o, "x");
	OK(o.full, "a seq_file without room takes nothing");
}

int main(void)
{
	test_numbers();
	test_signed();
	test_room();
	test_keys();
	test_escaping();
	test_seq_file();
	return 0;
}
