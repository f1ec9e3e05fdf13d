#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cpus=2 timeout=120
# What is printed is in the contract (include/cg_list/names.h): each key, each of
# its fields, in the contract's order and of its type; of an event, those of its
# type. What of the contract was not printed here is named.

# shellcheck source=qemu/tests/events-lib.sh disable=SC2119
. /tests/events-lib.sh

need_controller memory
need_module events=256
contract > names
ok "the contract is here" grep -q '^field memcg path PATH' names

oom_cgroup a
sleeper "$dir"
oom "$dir"
mkcg b
enter "$dir" true
if on_tracepoints; then
	echo 2 > /proc/sys/cg_list/fast_path
fi
enter "$dir" sh -c 'echo $$ > /dev/null'

P=/proc/cg_list
report "$sleeper" > task
report 1 >> task
rawread "$events" nonblock all:32768 2> /dev/null | grep '^event ' > stream
cat $P/tasks > tasks
cat $P/memcgs > memcgs
cat $P/status > status

# against FILE: what of its lines is not in the contract; seen: what is.
against()
{
	awk -v file="$1" '
	function wrong(what)
	{
		print "# " file ": " what ": " substr($0, 1, 200)
		bad = 1
	}
	BEGIN {
		type["COUNT"] = type["ID"] = type["BYTES"] = type["PAGES"] = \
			type["US"] = "^[0-9]+$"
		type["FLAG"] = "^[01]$"
		type["ERRNO"] = "^(0|-[1-9][0-9]*)$"
		type["LIMIT"] = "^([0-9]+|max)$"
		type["TIME"] = "^[0-9]+[.][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]$"
		type["WORD"] = "^[a-z_0-9]+$"
		type["TEXT"] = "^.*$"
		type["PATH"] = "^/"
		type["CPULIST"] = "^([0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*)?$"
		type["HIST"] = "^[0-9]+(,[0-9]+)*$"
		type["FLAGS"] = "^[A-Za-z_0-9|]+$"
		type["STACK"] = "^[^<]+(<[^<]+)*$"
	}
	FNR == NR && $1 == "bound" { bound[$2] = $3 }
	FNR == NR && $1 == "field" { of[$2, $3] = $4; rank[$2, $3] = ++n; key[$2] = 1 }
	FNR == NR && $1 == "event_type" { types[$2] = 1 }
	FNR == NR && $1 == "event_common" { common[$2] = 1 }
	FNR == NR && $1 == "event_field" { event[$2, $3] = 1 }
	FNR == NR && ($1 == "counter_name" || $1 == "outcome" || $1 == "why") {
		word[$1, $2] = 1
	}
	FNR == NR { next }
	$1 == "cg_list" {
		if ($2 != bound["format"])
			wrong("another format")
		next
	}
	!($1 in key) { wrong("no such key"); next }
	{
		last = 0
		which = ""
		for (i = 2; i <= NF; i++) {
			eq = index($i, "=")
			name = substr($i, 1, eq - 1)
			value = substr($i, eq + 1)
			if (!(($1, name) in of)) {
				wrong("no such field: " name)
				continue
			}
			if (value !~ type[of[$1, name]])
				wrong("not of type " of[$1, name] ": " name)
			if (rank[$1, name] < last)
				wrong("out of order: " name)
			last = rank[$1, name]
			print "seen", $1, name
			if ($1 != "event")
				continue
			if (name == "type") {
				which = value
				if (!(value in types))
					wrong("no such type")
			} else if (name == "counter" && !(("counter_name", value) in word) ||
				   name == "outcome" && !(("outcome", value) in word) ||
				   name == "why" && !(("why", value) in word)) {
				wrong("no such word: " name)
			}
			if (!(name in common) && !((which, name) in event))
				wrong("not of an event " which ": " name)
		}
		if ($1 == "counter" && match($0, / name=[^ ]*/) &&
		    !(("counter_name", substr($0, RSTART + 6, RLENGTH - 6)) in word))
			wrong("no such counter")
		if ($1 == "slow" && match($0, / hist=[^ ]*/) &&
		    split(substr($0, RSTART, RLENGTH), h, ",") > bound["slow_buckets"])
			wrong("too many numbers")
	}
	END { exit bad }' names "$1" > found
	rc=$?
	grep '^#' found | sort | uniq -c | head -n 20 | sed 's/^/# /'
	grep '^seen' found >> seen
	return $rc
}

: > seen
for f in task stream tasks memcgs status; do
	ok "$f: all of it is in the contract" against $f
	ok "$f: there is something" grep -q '^[a-z_]* .*=' $f
done

# A line that is not must be found: so that the above can fail.
for line in "memcg level=0 id=5 colour=blue" "memgc level=0" "memcg level=-1" \
	"memcg id=5 level=0" "cg_list 2" "counter level=0 name=heap usage=1" \
	"event seq=1 time=1.000000000 cpu=0 type=oom_kill us=5" \
	"slow level=0 count=1 total_us=1 max_us=1 hist=0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1"; do
	echo "$line" > made_up
	against made_up > /dev/null
	is "$?" 1 "not in the contract: $(echo "$line" | cut -c 1-50)"
done

sort -u seen > seen.all
awk '$1 == "field" { print "seen", $2, $3 }' names | sort -u > all
diag "of the contract not printed here: $(awk '
	NR == FNR { seen[$0] = 1; next }
	!($0 in seen) { printf " %s.%s", $2, $3 }' seen.all all)"
ok "most of it was printed" test "$(wc -l < seen.all)" -gt 80

done_testing
