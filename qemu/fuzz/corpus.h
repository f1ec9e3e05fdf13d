/* SPDX-License-Identifier: GPL-2.0-only */
/* The programs that are worth keeping, in memory and in a directory. */
#ifndef FZ_CORPUS_H
#define FZ_CORPUS_H

#include <pthread.h>

#include "prog.h"

/**
 * struct fz_corpus - programs, each with a file of its own
 * @lock: of the members below; the functions take it
 * @nr: programs
 * @room: programs that @prog has room for
 * @prog: the programs
 * @dir: where the files are; NULL to keep none
 * @damaged: files that were left alone because they are damaged
 */
struct fz_corpus {
	pthread_mutex_t lock;
	unsigned int nr;
	unsigned int room;
	struct fz_prog *prog;
	const char *dir;
	unsigned int damaged;
};

void fz_corpus_init(struct fz_corpus *c, const char *dir);
void fz_corpus_free(struct fz_corpus *c);
int fz_corpus_load(struct fz_corpus *c, void (*add)(const struct fz_prog *p, void *data),
		   void *data);
int fz_corpus_add(struct fz_corpus *c, const struct fz_prog *p);
bool fz_corpus_pick(struct fz_corpus *c, struct fz_rng *r, struct fz_prog *p);
unsigned int fz_corpus_size(struct fz_corpus *c);
unsigned int fz_corpus_prune(struct fz_corpus *c);
int fz_corpus_save(const char *path, const struct fz_prog *p);
int fz_corpus_read(const char *path, struct fz_prog *p, char *err, size_t err_len);

#endif /* FZ_CORPUS_H */
