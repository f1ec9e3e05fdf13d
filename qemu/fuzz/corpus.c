// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file of the corpus is a line "cg_list-fuzz 1 CRC", the checksum of the rest
 * in hexadecimal, and the program as text. It is named by the checksum, so that
 * the same program is kept once.
 */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "corpus.h"
#include "util.h"

#define HEADER	"cg_list-fuzz 1 "

/**
 * fz_corpus_init - begin with no programs
 * @c: the corpus
 * @dir: the directory of its files, which is there; NULL to keep none
 */
void fz_corpus_init(struct fz_corpus *c, const char *dir)
{
	memset(c, 0, sizeof(*c));
	pthread_mutex_init(&c->lock, NULL);
	c->dir = dir;
}

/* Give the memory back; the files stay. */
void fz_corpus_free(struct fz_corpus *c)
{
	free(c->prog);
	pthread_mutex_destroy(&c->lock);
}

/**
 * fz_corpus_save - write one program's file
 * @path: the file
 * @p: the program
 *
 * Return: 0, or -1 with errno set.
 */
int fz_corpus_save(const char *path, const struct fz_prog *p)
{
	char *text = fz_prog_text(p), *all;
	int ret;

	if (!text) {
		errno = ENOMEM;
		return -1;
	}
	all = fz_format(HEADER "%08" PRIx32 "\n%s", fz_crc32(text, strlen(text)), text);
	ret = fz_write_file(path, all, strlen(all));
	free(all);
	free(text);
	return ret;
}

/**
 * fz_corpus_read - read one program's file
 * @path: the file
 * @p: set to the program
 * @err: gets one line of what is wrong
 * @err_len: bytes of @err
 *
 * Return: 0, or -1 if it cannot be read or is damaged.
 */
int fz_corpus_read(const char *path, struct fz_prog *p, char *err, size_t err_len)
{
	unsigned long crc;
	char *text, *end;
	size_t len;
	int ret = -1;

	text = fz_read_file(path, &len);
	if (!text) {
		snprintf(err, err_len, "%s", strerror(errno));
		return -1;
	}
	if (strlen(text) != len || strncmp(text, HEADER, strlen(HEADER))) {
		snprintf(err, err_len, "it does not begin with \"" HEADER "\", or has a NUL");
		goto out;
	}
	crc = strtoul(text + strlen(HEADER), &end, 16);
	if (*end++ != '\n' || fz_crc32(end, strlen(end)) != crc) {
		snprintf(err, err_len, "its checksum is wrong");
		goto out;
	}
	ret = fz_prog_parse(p, end, err, err_len);
out:
	free(text);
	return ret;
}

/* Look at each program's file in the directory, in the order of the names. */
static int each_file(const struct fz_corpus *c,
		     void (*each)(const char *path, void *data), void *data)
{
	struct dirent **names;
	char *path;
	int n, i;

	n = scandir(c->dir, &names, NULL, alphasort);
	if (n < 0)
		return -1;
	for (i = 0; i < n; i++) {
		size_t len = strlen(names[i]->d_name);

		if (len > 5 && !strcmp(names[i]->d_name + len - 5, ".prog")) {
			path = fz_format("%s/%s", c->dir, names[i]->d_name);
			each(path, data);
			free(path);
		}
		free(names[i]);
	}
	free(names);
	return 0;
}

/* What fz_corpus_load() was asked for. */
struct load {
	struct fz_corpus *c;
	void (*add)(const struct fz_prog *p, void *data);
	void *data;
};

static void load_one(const char *path, void *data)
{
	struct load *l = data;
	struct fz_prog p;
	char err[256];

	if (!fz_corpus_read(path, &p, err, sizeof(err))) {
		l->add(&p, l->data);
		return;
	}
	l->c->damaged++;
	fz_say("%s is ignored: %s", path, err);
}

/**
 * fz_corpus_load - hand out the programs that are kept in the directory
 * @c: the corpus, to which nothing is added
 * @add: called for each, in the order of the files' names
 * @data: for @add
 *
 * A damaged file is left as it is, with a line.
 *
 * Return: 0, or -1 if the directory cannot be read.
 */
int fz_corpus_load(struct fz_corpus *c, void (*add)(const struct fz_prog *p, void *data),
		   void *data)
{
	struct load l = { c, add, data };

	return each_file(c, load_one, &l);
}

/* What fz_corpus_prune() has removed. */
struct prune {
	struct fz_corpus *c;
	unsigned int removed;
};

static void prune_one(const char *path, void *data)
{
	struct prune *pr = data;
	struct fz_prog p;
	unsigned int i;
	char err[256];

	if (fz_corpus_read(path, &p, err, sizeof(err)))
		return;
	for (i = 0; i < pr->c->nr; i++)
		if (fz_prog_equal(&p, &pr->c->prog[i]))
			return;
	pr->removed += !unlink(path);
}

/**
 * fz_corpus_prune - remove the files of programs that are not in the corpus
 * @c: the corpus; all programs of earlier runs were tried again
 *
 * Damaged files stay.
 *
 * Return: how many were removed.
 */
unsigned int fz_corpus_prune(struct fz_corpus *c)
{
	struct prune pr = { .c = c };

	pthread_mutex_lock(&c->lock);
	each_file(c, prune_one, &pr);
	pthread_mutex_unlock(&c->lock);
	return pr.removed;
}

/**
 * fz_corpus_add - keep a program
 * @c: the corpus
 * @p: the program
 *
 * Return: 0; -1 with errno set if it could not be written: it is kept in memory.
 */
int fz_corpus_add(struct fz_corpus *c, const struct fz_prog *p)
{
	struct fz_prog *more;
	char *text, *path;
	int ret = 0;

	pthread_mutex_lock(&c->lock);
	if (c->nr == c->room) {
		c->room = c->room ? 2 * c->room : 64;
		more = realloc(c->prog, c->room * sizeof(*more));
		if (!more)
			fz_die("no memory for %u programs", c->room);
		c->prog = more;
	}
	c->prog[c->nr++] = *p;
	pthread_mutex_unlock(&c->lock);
	if (!c->dir)
		return 0;
	text = fz_prog_text(p);
	if (!text)
		fz_die("no memory");
	path = fz_format("%s/%08" PRIx32 ".prog", c->dir, fz_crc32(text, strlen(text)));
	ret = fz_corpus_save(path, p);
	free(path);
	free(text);
	return ret;
}

/**
 * fz_corpus_pick - one program, the later ones more often
 * @c: the corpus
 * @r: the generator
 * @p: set to a copy
 *
 * Return: false if there are none.
 */
bool fz_corpus_pick(struct fz_corpus *c, struct fz_rng *r, struct fz_prog *p)
{
	uint64_t i, j;
	bool any;

	pthread_mutex_lock(&c->lock);
	any = c->nr;
	if (any) {
		i = fz_rng_below(r, c->nr);
		j = fz_rng_below(r, c->nr);
		*p = c->prog[i > j ? i : j];
	}
	pthread_mutex_unlock(&c->lock);
	return any;
}

/* How many programs there are. */
unsigned int fz_corpus_size(struct fz_corpus *c)
{
	unsigned int nr;

	pthread_mutex_lock(&c->lock);
	nr = c->nr;
	pthread_mutex_unlock(&c->lock);
	return nr;
}
