// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contract as text, for tests that are no C: a line a row of a list in
 * <cg_list/names.h>, the list's name first.
 */
#include <stdio.h>

#include <cg_list/names.h>

#define TEXT(value)			#value
#define BOUND(name, value)		"bound " name " " TEXT(value)
#define KEY(key, fields, about)		"key " #key " " about,
#define FIELD(key, name, type, absent)	"field " #key " " #name " " #type " " absent,
#define COUNTER(key, name, ...)		"counter " #name,
#define ORIGIN(key, name, ...)		"origin " #name,
#define TYPE(name, when)		"event_type " #name " " when,
#define COMMON(name)			"event_common " #name,
#define OF_TYPE(type, name)		"event_field " #type " " #name,
#define COUNTER_NAME(name)		"counter_name " #name,
#define OUTCOME(name)			"outcome " #name,
#define CONSTRAINT(name)		"constraint " #name,
#define WHY(name)			"why " #name,
#define SOURCE(name)			"source " #name,
#define VIRTUAL_FILE(name, mode, what)	"file " #name " " #mode " " what,
#define KNOB(name, what)		"knob " #name " " what,
#define PARAMETER(name, what)		"parameter " #name " " what,

static const char *const contract[] = {
	BOUND("format", CGL_FORMAT),
	BOUND("levels", CGL_MAX_LEVELS),
	BOUND("members", CGL_MAX_MEMBERS),
	BOUND("section_events", CGL_SECTION_EVENTS),
	BOUND("slow_buckets", CGL_SLOW_BUCKETS),
	BOUND("stack_entries", CGL_STACK_ENTRIES),
	BOUND("pid_levels", CGL_PID_LEVELS),
	BOUND("events_min", CGL_EVENTS_MIN),
	BOUND("events_default", CGL_EVENTS_DEFAULT),
	BOUND("events_max", CGL_EVENTS_MAX),
	BOUND("stack_dumps_max", CGL_STACK_DUMPS_MAX),
	CGL_KEYS(KEY)
	CGL_FIELDS(FIELD)
	CGL_COUNTERS(COUNTER)
	CGL_ORIGINS(ORIGIN)
	CGL_EVENT_TYPES(TYPE)
	CGL_EVENT_COMMON(COMMON)
	CGL_EVENT_TYPE_FIELDS(OF_TYPE)
	CGL_COUNTER_NAMES(COUNTER_NAME)
	CGL_OUTCOMES(OUTCOME)
	CGL_CONSTRAINTS(CONSTRAINT)
	CGL_WHYS(WHY)
	CGL_SOURCES(SOURCE)
	CGL_FILES(VIRTUAL_FILE)
	CGL_KNOBS(KNOB)
	CGL_PARAMETERS(PARAMETER)
};

int main(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(contract) / sizeof(*contract); i++)
		puts(contract[i]);
	return 0;
}
