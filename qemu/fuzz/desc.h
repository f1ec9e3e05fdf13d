/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of descriptions: which calls programs are made of, one row a call,
 * and the types of their arguments.
 */
#ifndef FZ_DESC_H
#define FZ_DESC_H

#include <stdbool.h>
#include <stdint.h>

/* Bytes of data that an argument may point to. */
#define FZ_DATA_MAX	80
#define FZ_MAX_ARGS	6
/* Resources that one call can make: its return value, and numbers it stores. */
#define FZ_MAX_OUT	3

/*
 * What flows from call to call. Each kind is also of the kind named second:
 * what wants that one takes it too.
 */
#define FZ_RESOURCES(X)		\
	X(none, none)		\
	X(fd, none)		\
	X(report, fd)		\
	X(taskfile, fd)		\
	X(status, fd)		\
	X(events, fd)		\
	X(reset, fd)		\
	X(bulk, fd)		\
	X(knob, fd)		\
	X(cgdir, fd)		\
	X(cgfile, fd)		\
	X(tracefile, fd)	\
	X(ko, fd)		\
	X(nsfd, fd)		\
	X(sock, fd)		\
	X(pipe, fd)		\
	X(epoll, fd)		\
	X(memfd, fd)		\
	X(pid, none)		\
	X(map, none)

enum fz_res {
#define X(name, parent)	FZ_R_##name,
	FZ_RESOURCES(X)
#undef X
	FZ_NR_RES
};

/**
 * enum fz_kind - how an argument is made
 * @FZ_CONST: always fz_type.lo
 * @FZ_INT: a number from .lo to .hi
 * @FZ_ENUM: one of .vals
 * @FZ_FLAGS: any of .vals or'ed together
 * @FZ_RES: a resource of kind .res, or the number .lo where none is to be had
 * @FZ_STR: a pointer to one of .strs, with its NUL
 * @FZ_TEXT: a pointer to text without a NUL: one of .strs, a decimal number
 *	from .lo to .hi, or any bytes
 * @FZ_BYTES: a pointer to bytes: one of .strs of .size bytes, or altered
 * @FZ_OUT: a pointer to .hi bytes that the kernel may write
 * @FZ_OUTRES: a pointer to .lo ints that the kernel writes: resources of .res
 * @FZ_LEN: how many bytes argument .of has
 */
enum fz_kind {
	FZ_CONST,
	FZ_INT,
	FZ_ENUM,
	FZ_FLAGS,
	FZ_RES,
	FZ_STR,
	FZ_TEXT,
	FZ_BYTES,
	FZ_OUT,
	FZ_OUTRES,
	FZ_LEN,
};

/**
 * struct fz_type - the type of one argument
 * @kind: how it is made; which of the others count depends on it
 * @res: the resource's kind
 * @of: the index of the argument that is measured
 * @size: bytes of each of @strs, for FZ_BYTES
 * @nr: entries of @vals or @strs
 * @lo: least number
 * @hi: greatest number
 * @vals: allowed numbers
 * @strs: allowed strings
 */
struct fz_type {
	enum fz_kind kind;
	enum fz_res res;
	uint8_t of;
	uint8_t size;
	uint16_t nr;
	uint64_t lo;
	uint64_t hi;
	const uint64_t *vals;
	const char *const *strs;
};

/* What is special about a call (fz_desc.flags). */
#define FZ_MOUNTS	1	/* the program needs a mount namespace of its own */
#define FZ_RARE		2	/* disturbs other programs: make it seldom */

/**
 * struct fz_desc - one call
 * @name: the system call's name, and $variant
 * @nr: its number, or a pseudo call's (pseudo.h)
 * @nr_args: entries of @arg
 * @flags: FZ_MOUNTS, FZ_RARE
 * @ret: the kind of resource it returns
 * @weight: how often it is taken, beside others
 * @arg: its arguments' types
 */
struct fz_desc {
	const char *name;
	uint16_t nr;
	uint8_t nr_args;
	uint8_t flags;
	enum fz_res ret;
	unsigned int weight;
	struct fz_type arg[FZ_MAX_ARGS];
};

extern const struct fz_desc fz_descs[];
extern const unsigned int fz_nr_descs;

const struct fz_desc *fz_desc_find(const char *name);
bool fz_res_is(enum fz_res made, enum fz_res wanted);
enum fz_res fz_desc_makes(const struct fz_desc *d, unsigned int slot);
int fz_desc_out_arg(const struct fz_desc *d);
bool fz_type_is_data(const struct fz_type *t);

#endif /* FZ_DESC_H */
