// SPDX-License-Identifier: GPL-2.0-only
/*
 * A libFuzzer target for the parser and the model behind it
 *
 * The first byte of the input says in which pieces the rest is fed, so that
 * lines are cut at every place. The same code replays a corpus where there is
 * no libFuzzer; see REPLAY.
 */
#include <stdlib.h>
#include <string.h>

#include "cg_list.h"
#include "util.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* What the parser promises: words are words, values have no control bytes. */
static void check_line(const struct cgl_line *line, void *report)
{
	unsigned int i;

	if (!*line->key || strpbrk(line->key, " =\n") || line->nr > CGL_MAX_FIELDS)
		abort();
	for (i = 0; i < line->nr; i++)
		if (!*line->pair[i].name || strpbrk(line->pair[i].name, " =\n"))
			abort();
	cgl_report_line(line, report);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct cgl_parser *p;
	struct cgl_report r;
	struct cgl_limit l;
	size_t step, n, i;
	char *safe;

	if (!size)
		return 0;
	step = data[0] ? data[0] : size;
	data++;
	size--;
	cgl_report_init(&r);
	p = cgl_parser_new(check_line, &r);
	if (!p)
		abort();
	for (; size; data += n, size -= n) {
		n = size < step ? size : step;
		if (cgl_parser_feed(p, (const char *)data, n))
			abort();
	}
	cgl_parser_end(p);
	cgl_report_link(&r);
	for (i = 0; i < r.nr_memcgs; i++) {
		if (!r.memcgs[i].path)
			continue;
		safe = text_safe(r.memcgs[i].path);
		for (n = 0; safe[n]; n++)
			if ((unsigned char)safe[n] < 0x20 || safe[n] == 0x7f)
				abort();
		free(safe);
		cgl_find_path(&r, r.memcgs[i].path);
		cgl_limit_next(&r, &r.memcgs[i], CGL_LIMIT_HARD, &l);
	}
	cgl_report_free(&r);
	cgl_parser_free(p);
	return 0;
}

#ifdef REPLAY
#include <stdio.h>

/* Run each file named, as libFuzzer itself would. */
int main(int argc, char **argv)
{
	static unsigned char buf[1 << 20];
	size_t n;
	FILE *f;
	int i;

	for (i = 1; i < argc; i++) {
		f = fopen(argv[i], "r");
		if (!f) {
			perror(argv[i]);
			return 1;
		}
		n = fread(buf, 1, sizeof(buf), f);
		fclose(f);
		LLVMFuzzerTestOneInput(buf, n);
	}
	printf("%d inputs\n", argc - 1);
	return 0;
}
#endif
