// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decodes what compilers make of C: moves, arithmetic, jumps and calls, with their
 * effect on the sixteen registers. What is not understood (vector instructions, a
 * breakpoint, 32-bit leftovers) is refused, never guessed. A register that may
 * have been written counts as written.
 */
#include "probe/x86/insn.h"

/* The bytes of one that is being decoded. */
struct cgl_bytes {
	const u8 *at;
	unsigned long left;
	bool rex_w;
	bool rex;
	bool short_operand;	/* 0x66 */
	bool rep;		/* 0xf3 or 0xf2 */
	u8 rex_r;
	u8 rex_b;
	u8 mod;
	u8 op;			/* the middle three bits of ModRM, as an opcode */
	u8 reg;
	u8 rm;
};

static bool __init cgl_skip(struct cgl_bytes *b, unsigned int n)
{
	if (b->left < n)
		return false;
	b->at += n;
	b->left -= n;
	return true;
}

static bool __init cgl_modrm(struct cgl_bytes *b)
{
	u8 modrm, disp = 0;

	if (!b->left)
		return false;
	modrm = *b->at;
	cgl_skip(b, 1);
	b->mod = modrm >> 6;
	b->op = (modrm >> 3) & 7;
	b->reg = b->op | b->rex_r;
	b->rm = (modrm & 7) | b->rex_b;
	if (b->mod == 3)
		return true;
	if (b->mod == 1)
		disp = 1;
	else if (b->mod == 2 || (modrm & 7) == 5)
		disp = 4;
	if ((modrm & 7) == 4) {
		if (!b->left)
			return false;
		if (b->mod == 0 && (*b->at & 7) == 5)
			disp = 4;
		cgl_skip(b, 1);
	}
	return cgl_skip(b, disp);
}

static s32 __init cgl_s32(const u8 *at)
{
	s32 v;

	memcpy(&v, at, sizeof(v));
	return v;
}

/* An immediate operand of as many bytes, the last of the instruction. */
static bool __init cgl_imm(struct cgl_bytes *b, unsigned int n, u32 *value)
{
	if (b->left < n)
		return false;
	*value = 0;
	if (n == 1)
		*value = (u32)(s32)(signed char)*b->at;
	else if (n >= 4)
		*value = (u32)cgl_s32(b->at);
	return cgl_skip(b, n);
}

/* As many bytes as an operand: two or four. */
static unsigned int __init cgl_operand(const struct cgl_bytes *b)
{
	return b->short_operand ? 2 : 4;
}

/* A register that is written; of a byte, ah to bh may be meant by 4 to 7. */
static void __init cgl_kill(struct cgl_insn *insn, const struct cgl_bytes *b,
			    u8 reg, bool byte)
{
	insn->kills |= CGL_REG(reg);
	if (byte && !b->rex)
		insn->kills |= CGL_REG(reg & 3);
}

static void __init cgl_kill_rm(struct cgl_insn *insn, const struct cgl_bytes *b,
			       bool byte)
{
	if (b->mod == 3)
		cgl_kill(insn, b, b->rm, byte);
}

static void __init cgl_set(struct cgl_insn *insn, u8 dst, u32 value)
{
	insn->kind = CGL_INSN_SET;
	insn->dst = dst;
	insn->value = value;
}

static void __init cgl_copy(struct cgl_insn *insn, u8 dst, u8 src)
{
	insn->kind = CGL_INSN_COPY;
	insn->dst = dst;
	insn->src = src;
}

/* add, or, adc, sbb, and, sub, xor, cmp: between registers and memory, or with rax */
static bool __init cgl_insn_alu(struct cgl_bytes *b, u8 opcode,
				struct cgl_insn *insn)
{
	u8 op = opcode >> 3, form = opcode & 7;
	bool byte = !(form & 1);
	u32 value;

	if (form >= 4) {
		if (op != 7)
			insn->kills |= CGL_REG(CGL_RAX);
		return cgl_imm(b, byte ? 1 : cgl_operand(b), &value);
	}
	if (!cgl_modrm(b))
		return false;
	/* xor and sub of a register and itself */
	if ((op == 6 || op == 5) && b->mod == 3 && b->reg == b->rm && !byte &&
	    !b->short_operand)
		cgl_set(insn, b->reg, 0);
	else if (op != 7 && form < 2)
		cgl_kill_rm(insn, b, byte);
	else if (op != 7)
		cgl_kill(insn, b, b->reg, byte);
	return true;
}

/* The same with an immediate operand: 0x80, 0x81, 0x83 */
static bool __init cgl_insn_alu_imm(struct cgl_bytes *b, u8 opcode,
				    struct cgl_insn *insn)
{
	u32 value;

	if (!cgl_modrm(b) ||
	    !cgl_imm(b, opcode == 0x81 ? cgl_operand(b) : 1, &value))
		return false;
	/* or $-1 */
	if (b->op == 1 && b->mod == 3 && opcode != 0x80 && !b->short_operand &&
	    value == 0xffffffff)
		cgl_set(insn, b->rm, value);
	/* and $0 */
	else if (b->op == 4 && b->mod == 3 && opcode != 0x80 &&
		 !b->short_operand && !value)
		cgl_set(insn, b->rm, value);
	else if (b->op != 7)
		cgl_kill_rm(insn, b, opcode == 0x80);
	return true;
}

/* test, not, neg, mul, imul, div, idiv: 0xf6, 0xf7 */
static bool __init cgl_insn_unary(struct cgl_bytes *b, u8 opcode,
				  struct cgl_insn *insn)
{
	bool byte = opcode == 0xf6;
	u32 value;

	if (!cgl_modrm(b))
		return false;
	if (b->op < 2)
		return cgl_imm(b, byte ? 1 : cgl_operand(b), &value);
	if (b->op < 4)
		cgl_kill_rm(insn, b, byte);
	else
		insn->kills |= CGL_REG(CGL_RAX) | CGL_REG(CGL_RDX);
	return true;
}

/* inc, dec, call, jmp, push: 0xfe, 0xff */
static bool __init cgl_insn_group5(struct cgl_bytes *b, u8 opcode,
				   struct cgl_insn *insn)
{
	if (!cgl_modrm(b))
		return false;
	switch (b->op) {
	case 0:
	case 1:
		cgl_kill_rm(insn, b, opcode == 0xfe);
		return true;
	case 2:
		insn->kind = CGL_INSN_CALL;
		return opcode == 0xff;
	case 6:
		return opcode == 0xff;
	default:
		/* A jump to who knows where. */
		return false;
	}
}

/* mov between registers and memory, without an immediate operand. */
static bool __init cgl_insn_mov(struct cgl_bytes *b, u8 opcode,
				struct cgl_insn *insn)
{
	bool byte = !(opcode & 1), load = opcode & 2;

	if (!cgl_modrm(b))
		return false;
	if (b->mod == 3 && !byte && !b->short_operand)
		cgl_copy(insn, load ? b->reg : b->rm, load ? b->rm : b->reg);
	else if (load)
		cgl_kill(insn, b, b->reg, byte);
	else
		cgl_kill_rm(insn, b, byte);
	return true;
}

/* Two bytes, the first of which is 0x0f. */
static bool __init cgl_insn_0f(struct cgl_bytes *b, unsigned long next,
			       struct cgl_insn *insn)
{
	const u8 *begin = b->at;
	u8 opcode;
	u32 value;

	if (!b->left)
		return false;
	opcode = *b->at;
	cgl_skip(b, 1);
	switch (opcode) {
	case 0x0b:			/* ud2: a warning, after which it goes on */
		return true;
	case 0x31:			/* rdtsc */
		insn->kills |= CGL_REG(CGL_RAX) | CGL_REG(CGL_RDX);
		return true;
	case 0x01:			/* stac, clac, rdtscp and others */
		insn->kills |= CGL_REG(CGL_RAX) | CGL_REG(CGL_RCX) |
			       CGL_REG(CGL_RDX);
		return cgl_modrm(b) && b->mod == 3;
	case 0x0d:			/* prefetchw */
	case 0x18 ... 0x1f:		/* prefetch, endbr64, nop */
	case 0xa3:			/* bt */
		return cgl_modrm(b);
	case 0x40 ... 0x4f:
		if (!cgl_modrm(b))
			return false;
		if (b->mod == 3 && !b->short_operand) {
			cgl_copy(insn, b->reg, b->rm);
			insn->kind = CGL_INSN_CMOV;
			insn->cond = opcode & 15;
		} else {
			cgl_kill(insn, b, b->reg, false);
		}
		return true;
	case 0x80 ... 0x8f:
		if (!cgl_imm(b, 4, &value))
			return false;
		insn->kind = CGL_INSN_JCC;
		insn->cond = opcode & 15;
		insn->target = next + (unsigned long)(b->at - begin) +
			       (unsigned long)(long)(s32)value;
		return true;
	case 0x90 ... 0x9f:		/* setcc */
	case 0xb0:			/* cmpxchg */
		if (!cgl_modrm(b))
			return false;
		cgl_kill_rm(insn, b, true);
		if (opcode == 0xb0)
			insn->kills |= CGL_REG(CGL_RAX);
		return true;
	case 0xa4:			/* shld, shrd */
	case 0xac:
		if (!cgl_modrm(b))
			return false;
		cgl_kill_rm(insn, b, false);
		return cgl_imm(b, 1, &value);
	case 0xba:			/* bt, bts, btr, btc */
		if (!cgl_modrm(b))
			return false;
		if (b->op != 4)
			cgl_kill_rm(insn, b, false);
		return cgl_imm(b, 1, &value);
	case 0xa5:			/* shld, shrd, bts, btr, btc */
	case 0xad:
	case 0xab:
	case 0xb3:
	case 0xbb:
	case 0xae:			/* fences; rdgsbase */
		if (!cgl_modrm(b))
			return false;
		cgl_kill_rm(insn, b, false);
		return true;
	case 0xb1:			/* cmpxchg */
		if (!cgl_modrm(b))
			return false;
		cgl_kill_rm(insn, b, false);
		insn->kills |= CGL_REG(CGL_RAX);
		return true;
	case 0xaf:			/* imul, movzx, movsx, popcnt, bsf, bsr */
	case 0xb6 ... 0xb8:
	case 0xbc ... 0xbf:
		if (!cgl_modrm(b))
			return false;
		cgl_kill(insn, b, b->reg, false);
		return opcode != 0xb8 || b->rep;
	case 0xc0:			/* xadd */
	case 0xc1:
		if (!cgl_modrm(b))
			return false;
		cgl_kill(insn, b, b->reg, opcode == 0xc0);
		cgl_kill_rm(insn, b, opcode == 0xc0);
		return true;
	case 0xc7:			/* cmpxchg16b; rdrand */
		if (!cgl_modrm(b))
			return false;
		cgl_kill_rm(insn, b, false);
		insn->kills |= CGL_REG(CGL_RAX) | CGL_REG(CGL_RDX);
		return true;
	case 0xc8 ... 0xcf:		/* bswap */
		cgl_kill(insn, b, (opcode & 7) | b->rex_b, false);
		return true;
	default:
		return false;
	}
}

/* One byte; @next is the address behind the opcode. */
static bool __init cgl_insn_one(struct cgl_bytes *b, u8 opcode,
				unsigned long next, struct cgl_insn *insn)
{
	u32 value;

	switch (opcode) {
	case 0x00 ... 0x3f:
		/* The rest are prefixes, and instructions of 32-bit code. */
		return (opcode & 7) < 6 && cgl_insn_alu(b, opcode, insn);
	case 0x50 ... 0x57:		/* push */
		return true;
	case 0x58 ... 0x5f:		/* pop */
		cgl_kill(insn, b, (opcode & 7) | b->rex_b, false);
		return true;
	case 0x63:			/* movslq */
		if (!cgl_modrm(b))
			return false;
		if (b->mod == 3 && !b->short_operand)
			cgl_copy(insn, b->reg, b->rm);
		else
			cgl_kill(insn, b, b->reg, false);
		return true;
	case 0x68:			/* push */
		return cgl_imm(b, cgl_operand(b), &value);
	case 0x6a:
		return cgl_imm(b, 1, &value);
	case 0x69:			/* imul */
	case 0x6b:
		if (!cgl_modrm(b))
			return false;
		cgl_kill(insn, b, b->reg, false);
		return cgl_imm(b, opcode == 0x69 ? cgl_operand(b) : 1, &value);
	case 0x70 ... 0x7f:
	case 0xeb:
		if (!cgl_imm(b, 1, &value))
			return false;
		insn->kind = opcode == 0xeb ? CGL_INSN_JMP : CGL_INSN_JCC;
		insn->cond = opcode & 15;
		insn->target = next + 1 + (unsigned long)(long)(s32)value;
		return true;
	case 0x80:
	case 0x81:
	case 0x83:
		return cgl_insn_alu_imm(b, opcode, insn);
	case 0x84:			/* test */
	case 0x85:
		return cgl_modrm(b);
	case 0x86:			/* xchg */
	case 0x87:
		if (!cgl_modrm(b))
			return false;
		cgl_kill(insn, b, b->reg, opcode == 0x86);
		cgl_kill_rm(insn, b, opcode == 0x86);
		return true;
	case 0x88 ... 0x8b:
		return cgl_insn_mov(b, opcode, insn);
	case 0x8d:			/* lea */
		if (!cgl_modrm(b))
			return false;
		cgl_kill(insn, b, b->reg, false);
		return b->mod != 3;
	case 0x90:			/* nop, pause; with a register, xchg */
		if (b->rex_b)
			insn->kills |= CGL_REG(CGL_RAX) | CGL_REG(8);
		return true;
	case 0x91 ... 0x97:		/* xchg */
		cgl_kill(insn, b, (opcode & 7) | b->rex_b, false);
		insn->kills |= CGL_REG(CGL_RAX);
		return true;
	case 0x98:			/* cltq and its kin */
		if (b->rex_w)
			return true;
		insn->kills |= CGL_REG(CGL_RAX);
		return true;
	case 0x99:			/* cltd */
		insn->kills |= CGL_REG(CGL_RDX);
		return true;
	case 0x9c:			/* pushf, popf, cli, sti, cld */
	case 0x9d:
	case 0xfa ... 0xfc:
		return true;
	case 0xa4:			/* movs, stos */
	case 0xa5:
	case 0xaa:
	case 0xab:
		insn->kills |= CGL_REG(CGL_RCX) | CGL_REG(CGL_RSI) |
			       CGL_REG(CGL_RDI);
		return true;
	case 0xa8:			/* test */
		return cgl_imm(b, 1, &value);
	case 0xa9:
		return cgl_imm(b, cgl_operand(b), &value);
	case 0xb0 ... 0xb7:
		cgl_kill(insn, b, (opcode & 7) | b->rex_b, true);
		return cgl_imm(b, 1, &value);
	case 0xb8 ... 0xbf:
		if (!cgl_imm(b, b->rex_w ? 8 : cgl_operand(b), &value))
			return false;
		if (b->short_operand)
			cgl_kill(insn, b, (opcode & 7) | b->rex_b, false);
		else
			cgl_set(insn, (opcode & 7) | b->rex_b, value);
		return true;
	case 0xc0:			/* shifts */
	case 0xc1:
		if (!cgl_modrm(b))
			return false;
		cgl_kill_rm(insn, b, opcode == 0xc0);
		return cgl_imm(b, 1, &value);
	case 0xd0 ... 0xd3:
		if (!cgl_modrm(b))
			return false;
		cgl_kill_rm(insn, b, !(opcode & 1));
		return true;
	case 0xc2:
		insn->kind = CGL_INSN_RET;
		return cgl_imm(b, 2, &value);
	case 0xc3:
		insn->kind = CGL_INSN_RET;
		return true;
	case 0xc6:
		if (!cgl_modrm(b) || b->op)
			return false;
		cgl_kill_rm(insn, b, true);
		return cgl_imm(b, 1, &value);
	case 0xc7:
		if (!cgl_modrm(b) || b->op ||
		    !cgl_imm(b, cgl_operand(b), &value))
			return false;
		if (b->mod == 3 && !b->short_operand)
			cgl_set(insn, b->rm, value);
		else
			cgl_kill_rm(insn, b, false);
		return true;
	case 0xc9:			/* leave */
		insn->kills |= CGL_REG(5);
		return true;
	case 0xe8:
	case 0xe9:
		if (!cgl_imm(b, 4, &value))
			return false;
		insn->kind = opcode == 0xe8 ? CGL_INSN_CALL : CGL_INSN_JMP;
		insn->target = next + 4 + (unsigned long)(long)(s32)value;
		return true;
	case 0xf6:
	case 0xf7:
		return cgl_insn_unary(b, opcode, insn);
	case 0xfe:
	case 0xff:
		return cgl_insn_group5(b, opcode, insn);
	default:
		return false;
	}
}

/* Prefixes: false behind the last one. */
static bool __init cgl_prefix(struct cgl_bytes *b)
{
	if (!b->left)
		return false;
	switch (*b->at) {
	case 0x66:
		b->short_operand = true;
		break;
	case 0xf2:
	case 0xf3:
		b->rep = true;
		break;
	case 0x26:
	case 0x2e:
	case 0x36:
	case 0x3e:
	case 0x64:
	case 0x65:
	case 0x67:
	case 0xf0:
		break;
	default:
		return false;
	}
	return cgl_skip(b, 1);
}

/**
 * cgl_insn_decode - decode an instruction
 * @at: its first byte
 * @left: how many bytes there are from there on
 * @addr: the address of the first one
 * @insn: what is known of it
 *
 * Context: any.
 * Return: whether it is one of those known here.
 */
bool __init cgl_insn_decode(const u8 *at, unsigned long left, unsigned long addr,
			    struct cgl_insn *insn)
{
	struct cgl_bytes b = {
		.at	= at,
		.left	= left,
	};
	unsigned long next;
	u8 opcode;

	memset(insn, 0, sizeof(*insn));
	while (cgl_prefix(&b))
		;
	if (b.left && (*b.at & 0xf0) == 0x40) {
		b.rex = true;
		b.rex_w = *b.at & 8;
		b.rex_r = (*b.at & 4) << 1;
		b.rex_b = (*b.at & 1) << 3;
		cgl_skip(&b, 1);
		if (b.rex_w)
			b.short_operand = false;
	}
	if (!b.left)
		return false;
	opcode = *b.at;
	cgl_skip(&b, 1);
	next = addr + (unsigned long)(b.at - at);
	if (opcode == 0x0f ? !cgl_insn_0f(&b, next, insn) :
			     !cgl_insn_one(&b, opcode, next, insn))
		return false;
	insn->len = (u8)(b.at - at);
	return true;
}
