// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds the places at which a function is about to return -ENOMEM, and nothing
 * else: x86-64 machine code, as compilers make it of a C function that returns a
 * constant.
 *
 * All paths from the function's first instruction are followed. Along a path it is
 * known of each register that the return value may pass through whether it holds
 * -ENOMEM, another constant, or something else. So each instruction is met in one
 * or more states, and it is known of each state how the paths from there end: the
 * function fails, it does not, or both are possible.
 *
 * A state from which the function only fails, and in which a register holds
 * -ENOMEM, is entered at a `mov $-ENOMEM`, or at a conditional jump (or move) that
 * decides whether the value set before it is returned. The compiler likes to set
 * it before the test. A probe sits on that instruction; on a jump it asks, as the
 * jump does, which way it goes.
 *
 * At the end all paths are followed again: each one that fails must meet exactly
 * one such place, and each other none. If that is not so, if any return value is
 * not known to be a constant, or if an instruction is not one of those known here,
 * the answer is that nothing was found.
 */
#include "probe/x86/exits.h"

/* What `jmp` may lead to in the place of `ret`, as mitigations have it. */
const char * const cgl_return_thunks[] = {
	"__x86_return_thunk",
	"retbleed_return_thunk",
	"zen_return_thunk",
	"srso_return_thunk",
	"srso_alias_return_thunk",
	"its_return_thunk",
	"call_depth_return_thunk",
	NULL
};

/* Functions that do not return: those that compilers call by themselves. */
const char * const cgl_noreturns[] = {
	"__stack_chk_fail",
	"__fortify_panic",
	"panic",
	NULL
};

/* Pairs of an instruction and a state. */
#define CGL_NODES_MAX	6000
#define CGL_NO_NODE	0xffff

/* What a called function may change: rax, rcx, rdx, rsi, rdi, r8 to r11. */
#define CGL_CALL_KILLS	0x0fc7

/* How paths end. */
#define CGL_FAILS	0x1
#define CGL_SUCCEEDS	0x2

/**
 * struct cgl_node - an instruction, met in one state
 * @off: where it is
 * @fails: registers that hold -ENOMEM
 * @other: registers that hold another constant
 * @next: another node of the same instruction
 * @succ: what comes then; of a condition, [1] if it holds
 * @ends: how the paths from here end
 * @counts: how many places the paths to here met: bit 0: none, 1: one, 2: more
 */
struct cgl_node {
	u16 off;
	u16 fails;
	u16 other;
	u16 next;
	u16 succ[2];
	u8 ends;
	u8 counts;
};

struct cgl_walk {
	const struct cgl_text *text;
	const char *why;
	unsigned long where;
	unsigned int nr;
	u16 relevant;
	u16 from[16];		/* what is copied to each register, anywhere */
	u16 first[CGL_TEXT_MAX];
	struct cgl_node node[CGL_NODES_MAX];
};

/**
 * cgl_walk_size - bytes that cgl_find_exits() needs to work in
 */
size_t __init cgl_walk_size(void)
{
	return sizeof(struct cgl_walk);
}

/*
 * All paths
 */

static bool __init cgl_give_up(struct cgl_walk *walk, const char *why,
			       unsigned long off)
{
	walk->why = why;
	walk->where = off;
	return false;
}

static bool __init cgl_insn_at(const struct cgl_walk *walk,
			       const struct cgl_node *node, struct cgl_insn *insn)
{
	const struct cgl_text *text = walk->text;

	return cgl_insn_decode(text->bytes + node->off, text->size - node->off,
			       text->start + node->off, insn);
}

static bool __init cgl_one_of(unsigned long addr, const unsigned long *list,
			      unsigned int nr)
{
	while (nr--) {
		/* A call may lead behind the ENDBR that a function starts with. */
		if (list[nr] && (addr == list[nr] || addr == list[nr] + 4))
			return true;
	}
	return false;
}

/* What a register holds after an instruction in this state. */
static void __init cgl_holds(struct cgl_node *state, u8 reg, bool fails,
			     bool other)
{
	state->fails &= (u16)~CGL_REG(reg);
	state->other &= (u16)~CGL_REG(reg);
	if (fails)
		state->fails |= CGL_REG(reg);
	else if (other)
		state->other |= CGL_REG(reg);
}

/* The node of that instruction in that state, made if there is none: its number. */
static unsigned int __init cgl_node(struct cgl_walk *walk, unsigned long off,
				    const struct cgl_node *state)
{
	u16 fails = state->fails & walk->relevant;
	u16 other = state->other & walk->relevant;
	unsigned int i;

	for (i = walk->first[off]; i != CGL_NO_NODE; i = walk->node[i].next) {
		if (walk->node[i].fails == fails && walk->node[i].other == other)
			return i;
	}
	if (walk->nr == CGL_NODES_MAX) {
		cgl_give_up(walk, "it has too many paths", off);
		return CGL_NO_NODE;
	}
	i = walk->nr++;
	walk->node[i] = (struct cgl_node) {
		.off	= (u16)off,
		.fails	= fails,
		.other	= other,
		.next	= walk->first[off],
		.succ	= { CGL_NO_NODE, CGL_NO_NODE },
	};
	walk->first[off] = (u16)i;
	return i;
}

/* Goes on from node @i at an address, in a state: [way] of its successors. */
static bool __init cgl_go_on(struct cgl_walk *walk, unsigned int i, int way,
			     unsigned long addr, const struct cgl_node *state)
{
	unsigned long off = addr - walk->text->start;
	unsigned int succ;

	if (off >= walk->text->size)
		return cgl_give_up(walk, "it is left by a jump",
				   walk->node[i].off);
	succ = cgl_node(walk, off, state);
	walk->node[i].succ[way] = (u16)succ;
	return succ != CGL_NO_NODE;
}

/* A copy, done in a state. */
static void __init cgl_do_copy(struct cgl_node *state,
			       const struct cgl_insn *insn)
{
	cgl_holds(state, insn->dst, state->fails & CGL_REG(insn->src),
		  state->other & CGL_REG(insn->src));
}

static bool __init cgl_end(struct cgl_walk *walk, struct cgl_node *node)
{
	if (node->fails & CGL_REG(CGL_RAX))
		node->ends = CGL_FAILS;
	else if (node->other & CGL_REG(CGL_RAX))
		node->ends = CGL_SUCCEEDS;
	else if (walk->relevant)
		return cgl_give_up(walk, "what it returns is not a constant",
				   node->off);
	return true;
}

/* Makes the successors of node @i. */
static bool __init cgl_step(struct cgl_walk *walk, unsigned int i)
{
	const struct cgl_text *text = walk->text;
	struct cgl_node *node = &walk->node[i], state = *node;
	struct cgl_insn insn;
	unsigned long next;

	if (!cgl_insn_at(walk, node, &insn))
		return cgl_give_up(walk, "an instruction is not known",
				   node->off);
	next = text->start + node->off + insn.len;
	switch (insn.kind) {
	case CGL_INSN_RET:
		return cgl_end(walk, node);
	case CGL_INSN_JMP:
		if (insn.target - text->start >= text->size &&
		    cgl_one_of(insn.target, text->thunk, text->nr_thunk))
			return cgl_end(walk, node);
		return cgl_go_on(walk, i, 0, insn.target, &state);
	case CGL_INSN_JCC:
		return cgl_go_on(walk, i, 0, next, &state) &&
		       cgl_go_on(walk, i, 1, insn.target, &state);
	case CGL_INSN_CALL:
		if (cgl_one_of(insn.target, text->noreturn, text->nr_noreturn))
			return true;
		state.fails &= ~CGL_CALL_KILLS;
		state.other &= ~CGL_CALL_KILLS;
		break;
	case CGL_INSN_SET:
		cgl_holds(&state, insn.dst, insn.value == (u32)-ENOMEM, true);
		break;
	case CGL_INSN_CMOV:
		walk->from[insn.dst] |= CGL_REG(insn.src);
		if (!cgl_go_on(walk, i, 0, next, &state))
			return false;
		cgl_do_copy(&state, &insn);
		return cgl_go_on(walk, i, 1, next, &state);
	case CGL_INSN_COPY:
		walk->from[insn.dst] |= CGL_REG(insn.src);
		cgl_do_copy(&state, &insn);
		break;
	case CGL_INSN_OTHER:
		state.fails &= ~insn.kills;
		state.other &= ~insn.kills;
		break;
	}
	return cgl_go_on(walk, i, 0, next, &state);
}

/* All nodes, from the first instruction on. */
static bool __init cgl_walk_all(struct cgl_walk *walk)
{
	const struct cgl_node entry = { };
	unsigned int i;

	for (i = 0; i < CGL_TEXT_MAX; i++)
		walk->first[i] = CGL_NO_NODE;
	walk->nr = 0;
	cgl_node(walk, 0, &entry);
	for (i = 0; i < walk->nr; i++) {
		if (!cgl_step(walk, i))
			return false;
	}
	return true;
}

/* Whether an instruction that a path leads to has this byte. */
static bool __init cgl_is_met(const struct cgl_walk *walk, unsigned long off)
{
	const struct cgl_text *text = walk->text;
	unsigned long at = off > 14 ? off - 14 : 0;
	struct cgl_insn insn;

	for (; at <= off; at++) {
		if (walk->first[at] != CGL_NO_NODE &&
		    cgl_insn_decode(text->bytes + at, text->size - at,
				    text->start + at, &insn) &&
		    at + insn.len > off)
			return true;
	}
	return false;
}

/*
 * Whether no `mov $-ENOMEM` stands where no path leads: a static branch, which the
 * running kernel has as a jump or a nop, may lead there tomorrow.
 */
static bool __init cgl_all_met(struct cgl_walk *walk)
{
	static const u8 nomem[] = { (u8)-ENOMEM, 0xff, 0xff, 0xff };
	unsigned long off;

	for (off = 0; off + 1 + sizeof(nomem) <= walk->text->size; off++) {
		const u8 *at = walk->text->bytes + off;

		if ((at[0] & 0xf8) == 0xb8 && !memcmp(at + 1, nomem, sizeof(nomem)) &&
		    !cgl_is_met(walk, off))
			return cgl_give_up(walk, "it sets -ENOMEM where no path leads",
					   off);
	}
	return true;
}

/* Which registers' contents may become the return value. */
static void __init cgl_find_relevant(struct cgl_walk *walk)
{
	u16 before;
	int i;

	walk->relevant = CGL_REG(CGL_RAX);
	do {
		before = walk->relevant;
		for (i = 0; i < 16; i++) {
			if (walk->relevant & CGL_REG(i))
				walk->relevant |= walk->from[i];
		}
	} while (walk->relevant != before);
}

/* How the paths from each node end: from there backwards, until nothing changes. */
static void __init cgl_find_ends(struct cgl_walk *walk)
{
	bool changed;

	do {
		unsigned int i = walk->nr;

		changed = false;
		while (i--) {
			struct cgl_node *node = &walk->node[i];
			u8 ends = node->ends;
			int way;

			for (way = 0; way < 2; way++) {
				if (node->succ[way] != CGL_NO_NODE)
					ends |= walk->node[node->succ[way]].ends;
			}
			changed |= ends != node->ends;
			node->ends = ends;
		}
	} while (changed);
}

/*
 * The places
 */

static bool __init cgl_is_failing(const struct cgl_node *node)
{
	return node->ends == CGL_FAILS && node->fails;
}

/* The lowest of these registers. */
static u8 __init cgl_lowest(u16 regs)
{
	u8 reg = 0;

	while (reg < CGL_NO_REG && !(regs & CGL_REG(reg)))
		reg++;
	return reg;
}

/* The place where a path enters a failing state: node @node, its way @way. */
static bool __init cgl_place(struct cgl_walk *walk, const struct cgl_node *node,
			     int way, struct cgl_exit *exit)
{
	struct cgl_insn insn;

	exit->addr = walk->text->start + node->off;
	exit->cond = CGL_ALWAYS;
	exit->reg = CGL_NO_REG;
	if (node->ends == CGL_FAILS)
		return true;

	cgl_insn_at(walk, node, &insn);
	/* The lowest bit of a condition's number is "not". */
	exit->cond = way ? insn.cond : insn.cond ^ 1;
	if (insn.kind == CGL_INSN_CMOV)
		exit->reg = way ? insn.src : insn.dst;
	else
		exit->reg = cgl_lowest(node->fails);
	return exit->reg != CGL_NO_REG && node->fails & CGL_REG(exit->reg);
}

static int __init cgl_find_places(struct cgl_walk *walk, struct cgl_exit *exits,
				  unsigned int max)
{
	struct cgl_exit exit;
	unsigned int nr = 0, i, k;
	int way;

	for (i = 0; i < walk->nr; i++) {
		const struct cgl_node *node = &walk->node[i];

		for (way = 0; way < 2; way++) {
			if (node->succ[way] == CGL_NO_NODE ||
			    cgl_is_failing(node) ||
			    !cgl_is_failing(&walk->node[node->succ[way]]))
				continue;
			if (!cgl_place(walk, node, way, &exit)) {
				cgl_give_up(walk, "no condition tells whether it fails",
					    node->off);
				return -ENOENT;
			}
			for (k = 0; k < nr; k++) {
				if (exits[k].addr == exit.addr &&
				    exits[k].cond == exit.cond &&
				    exits[k].reg == exit.reg)
					break;
			}
			if (k < nr)
				continue;
			if (nr == max) {
				cgl_give_up(walk, "it fails in too many places",
					    node->off);
				return -E2BIG;
			}
			exits[nr++] = exit;
		}
	}
	if (!nr)
		cgl_give_up(walk, "it never returns -ENOMEM", 0);
	return nr ? (int)nr : -ENOENT;
}

/* How many of the places a path meets at a node that it leaves this way. */
static unsigned int __init cgl_met(const struct cgl_walk *walk,
				   const struct cgl_node *node, int way,
				   const struct cgl_exit *exits, unsigned int nr)
{
	unsigned long addr = walk->text->start + node->off;
	struct cgl_insn insn;
	unsigned int met = 0;

	for (; nr--; exits++) {
		if (exits->addr != addr)
			continue;
		if (exits->reg != CGL_NO_REG &&
		    !(node->fails & CGL_REG(exits->reg)))
			continue;
		if (exits->cond != CGL_ALWAYS) {
			cgl_insn_at(walk, node, &insn);
			if (exits->cond != (way ? insn.cond : insn.cond ^ 1))
				continue;
		}
		met++;
	}
	return met;
}

/* Whether each path that fails meets one place, and each other none. */
static bool __init cgl_prove(struct cgl_walk *walk, const struct cgl_exit *exits,
			     unsigned int nr)
{
	unsigned int i, met;
	bool changed;
	u8 counts;
	int way;

	walk->node[0].counts = 1;
	do {
		changed = false;
		for (i = 0; i < walk->nr; i++) {
			struct cgl_node *node = &walk->node[i];

			for (way = 0; way < 2; way++) {
				struct cgl_node *succ;

				if (node->succ[way] == CGL_NO_NODE)
					continue;
				succ = &walk->node[node->succ[way]];
				counts = node->counts;
				for (met = cgl_met(walk, node, way, exits, nr);
				     met; met--)
					counts = (counts << 1 | (counts & 4)) & 7;
				changed |= counts & ~succ->counts;
				succ->counts |= counts;
			}
		}
	} while (changed);

	for (i = 0; i < walk->nr; i++) {
		const struct cgl_node *node = &walk->node[i];

		if (node->succ[0] != CGL_NO_NODE || !node->ends)
			continue;
		if (node->counts != (node->ends == CGL_FAILS ? 2 : 1))
			return cgl_give_up(walk, "the places do not tell failures from the rest",
					   node->off);
	}
	return true;
}

/**
 * cgl_find_exits - find where a function is about to return -ENOMEM
 * @text: the function, which returns constants
 * @exits: up to @max places: each call that fails passes exactly one of them, with
 *	its condition met, and no other call passes any in that way
 * @max: that many
 * @walk: cgl_walk_size() bytes to work in
 * @why: what stood in the way, in words, if the answer is negative
 * @where: and the address at which it did
 *
 * Context: any; takes some milliseconds.
 * Return: how many; -ENOENT if that cannot be told of this code, -E2BIG if there
 * are more.
 */
int __init cgl_find_exits(const struct cgl_text *text, struct cgl_exit *exits,
			  unsigned int max, struct cgl_walk *walk,
			  const char **why, unsigned long *where)
{
	int ret = -ENOENT;

	memset(walk, 0, sizeof(*walk));
	walk->text = text;
	if (!text->size || text->size > CGL_TEXT_MAX) {
		cgl_give_up(walk, "it is too long", 0);
	} else if (cgl_walk_all(walk)) {
		cgl_find_relevant(walk);
		if (cgl_walk_all(walk) && cgl_all_met(walk)) {
			cgl_find_ends(walk);
			ret = cgl_find_places(walk, exits, max);
			if (ret > 0 && !cgl_prove(walk, exits, (unsigned int)ret))
				ret = -ENOENT;
		}
	}
	*why = walk->why;
	*where = text->start + walk->where;
	return ret;
}

/**
 * cgl_cond_holds - whether a conditional jump would be taken
 * @cond: the condition's number, or %CGL_ALWAYS
 * @flags: the flags register
 *
 * Context: any.
 */
bool cgl_cond_holds(u8 cond, unsigned long flags)
{
	bool cf = flags & 0x1, pf = flags & 0x4, zf = flags & 0x40;
	bool sf = flags & 0x80, of = flags & 0x800, holds;

	if (cond == CGL_ALWAYS)
		return true;
	switch (cond >> 1) {
	case 0:
		holds = of;
		break;
	case 1:
		holds = cf;
		break;
	case 2:
		holds = zf;
		break;
	case 3:
		holds = cf || zf;
		break;
	case 4:
		holds = sf;
		break;
	case 5:
		holds = pf;
		break;
	case 6:
		holds = sf != of;
		break;
	default:
		holds = zf || sf != of;
		break;
	}
	return holds != (cond & 1);
}
