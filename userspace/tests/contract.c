// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contract as text, for tests that are no C: a line a row of a list in
 * <cg_list/names.h>, the list's name first.
 */
#include <stdio.h>

#include <cg_list/names.h>

int main(void)
{
#define BOUND(name)	printf("bound %s %d\n", #name, name);
	BOUND(CGL_FORMAT)
	BOUND(CGL_MAX_LEVELS)
	BOUND(CGL_MAX_MEMBERS)
	BOUND(CGL_SECTION_EVENTS)
	BOUND(CGL_SLOW_BUCKETS)
	BOUND(CGL_STACK_ENTRIES)
	BOUND(CGL_EVENT_MAX)
	BOUND(CGL_EVENTS_MIN)
	BOUND(CGL_EVENTS_DEFAULT)
	BOUND(CGL_EVENTS_MAX)
	BOUND(CGL_STACK_DUMPS_MAX)
#define KEY(key, fields, about)		printf("key %s %s\n", #key, about);
	CGL_KEYS(KEY)
#define FIELD(key, name, type, absent)	\
	printf("field %s %s %s %s\n", #key, #name, #type, absent);
	CGL_FIELDS(FIELD)
#define COUNTER(key, name, ...)		printf("counter %s\n", #name);
	CGL_COUNTERS(COUNTER)
#define ORIGIN(key, name, ...)		printf("origin %s\n", #name);
	CGL_ORIGINS(ORIGIN)
#define TYPE(name, when)		printf("event_type %s %s\n", #name, when);
	CGL_EVENT_TYPES(TYPE)
#define COMMON(name)			printf("event_common %s\n", #name);
	CGL_EVENT_COMMON(COMMON)
#define OF_TYPE(type, name)		printf("event_field %s %s\n", #type, #name);
	CGL_EVENT_TYPE_FIELDS(OF_TYPE)
#define COUNTER_NAME(name)		printf("counter_name %s\n", #name);
	CGL_COUNTER_NAMES(COUNTER_NAME)
#define OUTCOME(name)			printf("outcome %s\n", #name);
	CGL_OUTCOMES(OUTCOME)
#define WHY(name)			printf("why %s\n", #name);
	CGL_WHYS(WHY)
#define SOURCE(name)			printf("source %s\n", #name);
	CGL_SOURCES(SOURCE)
#define VIRTUAL_FILE(name, mode, what)	printf("file %s %04o %s\n", #name, mode, what);
	CGL_FILES(VIRTUAL_FILE)
#define KNOB(name, what)		printf("knob %s %s\n", #name, what);
	CGL_KNOBS(KNOB)
#define PARAMETER(name, what)		printf("parameter %s %s\n", #name, what);
	CGL_PARAMETERS(PARAMETER)
	return 0;
}
