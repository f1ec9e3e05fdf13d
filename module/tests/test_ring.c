// SPDX-License-Identifier: GPL-2.0-only
/* The ring's arithmetic: event/ring.c. */
#include "shim.h"

/* Not needed here, and full of the kernel. */
#define CGL_DUMP_H
#define CGL_RECORD_H
#define CGL_STACK_H

#include <cg_list/names.h>

#define CGL_STACK_MAX	(CGL_STACK_ENTRIES + 2)
#define cgl_text_addr	s32

enum cgl_event_type { CGL_EVENT_oom };

struct cgl_event {
	enum cgl_event_type type;
	int value;
	struct pt_regs *regs;
};

struct cgl_record {
	u64 seq;
	int value;
	int again;
	u8 nr_stack;
	cgl_text_addr stack[CGL_STACK_ENTRIES];
};

#define THIS_MODULE	NULL
#define within_module_core(addr, module) ((addr) < 3)

static unsigned int dumped;

static bool cgl_dumps_wanted(enum cgl_event_type type)
{
	return true;
}

static void cgl_dumps_add(const struct cgl_record *rec)
{
	dumped++;
}

static void cgl_dumps_exit(void)
{
}

/* Two of its own, then as many as there is room for. */
static unsigned int cgl_stack_save(unsigned long *trace, struct pt_regs *regs)
{
	unsigned int i;

	for (i = 0; i < CGL_STACK_MAX; i++)
		trace[i] = i + 1;
	return CGL_STACK_MAX;
}

static void cgl_record_fill(struct cgl_record *rec, const struct cgl_event *e)
{
	rec->value = e->value;
	rec->again = ~e->value;
}

#include "event/ring.c"

static void record(int value)
{
	struct cgl_event e = { .value = value };

	cgl_event_record(&e);
}

static bool read_is(s64 pos, int value)
{
	struct cgl_record rec;

	return cgl_ring_read(pos, &rec) == CGL_RING_READY && rec.seq == (u64)pos &&
	       rec.value == value && rec.again == ~value;
}

static void test_sizes(void)
{
	static const unsigned int bad[] = { 0, 1, 8, 15, 17, 48, CGL_EVENTS_MAX + 1,
					    2 * CGL_EVENTS_MAX };
	bool good = true;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		cgl_events = bad[i];
		good &= cgl_events_init() == -EINVAL;
	}
	OK(good, "a size that is no power of two, too small or too large is refused");
	cgl_events = CGL_EVENTS_MIN;
	OK(!cgl_events_init(), "the least size is taken");
}

static void test_order(void)
{
	struct cgl_record rec;
	bool good = true;
	s64 pos;
	int i;

	OK(cgl_ring_head() == 0 && cgl_ring_oldest() == 0 &&
	   cgl_ring_peek(0) == CGL_RING_EMPTY && cgl_ring_read(0, &rec) == CGL_RING_EMPTY,
	   "at first it is empty");
	record(100);
	OK(read_is(0, 100) && cgl_ring_peek(1) == CGL_RING_EMPTY, "one event can be read");
	cgl_ring_read(0, &rec);
	OK(rec.nr_stack == CGL_STACK_ENTRIES && rec.stack[0] == 3 &&
	   rec.stack[CGL_STACK_ENTRIES - 1] == CGL_STACK_MAX,
	   "its stack is without the module's own entries");

	for (i = 1; i < 1000; i++) {
		record(100 + i);
		good &= cgl_ring_head() == i + 1;
		good &= cgl_ring_oldest() == max(i + 1 - (int)CGL_EVENTS_MIN, 0);
		for (pos = 0; pos <= i; pos++) {
			if (pos < cgl_ring_oldest())
				good &= cgl_ring_peek(pos) == CGL_RING_OVERTAKEN;
			else
				good &= read_is(pos, 100 + pos);
		}
	}
	OK(good, "of 1,000 events the last 16 are there, whole, and the others overtaken");
	OK(cgl_events_recorded() == 1000 && cgl_events_overwritten() == 1000 - CGL_EVENTS_MIN,
	   "recorded and overwritten count them");
	OK(dumped == 1000, "each is offered to the kernel log");
}

/* A writer that was interrupted in the middle, for as long as a whole ring. */
static void test_busy(void)
{
	s64 pos, claimed;
	struct cgl_slot *slot = cgl_ring_claim(&claimed);
	u64 lost;
	unsigned int i;

	OK(slot && cgl_ring_peek(claimed) == CGL_RING_EMPTY,
	   "what is being written is not there yet");
	for (i = 1; i < CGL_EVENTS_MIN; i++)
		record(i);
	OK(cgl_ring_head() == claimed + (s64)CGL_EVENTS_MIN && read_is(claimed + 1, 1),
	   "events behind it are");
	lost = cgl_events_overwritten();
	record(77);
	record(78);
	OK(cgl_ring_head() == claimed + (s64)CGL_EVENTS_MIN &&
	   cgl_events_overwritten() == lost + 2,
	   "a whole ring later events are dropped, and counted");
	OK(!cgl_ring_claim(&pos), "its slot is no other writer's");
	slot->rec.seq = claimed;
	slot->rec.value = 5;
	slot->rec.again = ~5;
	atomic64_set_release(&slot->state, cgl_complete(claimed));
	OK(read_is(claimed, 5), "when it is complete it can be read");
	record(79);
	OK(read_is(claimed + CGL_EVENTS_MIN, 79) &&
	   cgl_ring_peek(claimed) == CGL_RING_OVERTAKEN, "and its slot is used again");
}

#define WRITERS		4
#define EACH		20000

static void *write_many(void *arg)
{
	int i;

	for (i = 0; i < EACH; i++)
		record(i);
	return NULL;
}

static bool read_good = true;
static bool writing = true;

/* As a stream does it: one after another, on from the oldest if overtaken. */
static void *read_many(void *arg)
{
	struct cgl_record rec;
	s64 pos = cgl_ring_head();

	while (READ_ONCE(writing)) {
		switch (cgl_ring_read(pos, &rec)) {
		case CGL_RING_READY:
			if (rec.seq != (u64)pos || rec.again != ~rec.value)
				WRITE_ONCE(read_good, false);
			pos++;
			break;
		case CGL_RING_OVERTAKEN:
			pos = cgl_ring_oldest();
			break;
		case CGL_RING_EMPTY:
			break;
		}
	}
	return NULL;
}

static void test_threads(void)
{
	pthread_t writer[WRITERS], reader;
	u64 before = cgl_events_recorded();
	int i;

	pthread_create(&reader, NULL, read_many, NULL);
	for (i = 0; i < WRITERS; i++)
		pthread_create(&writer[i], NULL, write_many, NULL);
	for (i = 0; i < WRITERS; i++)
		pthread_join(writer[i], NULL);
	WRITE_ONCE(writing, false);
	pthread_join(reader, NULL);
	OK(cgl_events_recorded() - before == WRITERS * EACH,
	   "of four writers at once no event is counted twice, or not");
	OK(read_good, "a reader at the same time gets each event whole, or not");
}

int main(void)
{
	test_sizes();
	test_order();
	test_busy();
	test_threads();
	cgl_events_exit();
	return 0;
}
