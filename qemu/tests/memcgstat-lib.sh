# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154	# what lib.sh sets
#
# Every command of memcgstat on a live tree: 26-memcgstat-all runs it on v2,
# 27-memcgstat-v1 on v1.
#
#	/pods		64 MiB
#	/pods/web	a process that holds 12 MiB
#	/pods/job	24 MiB
#	/pods/job/run	where a process has been killed for memory
need_controller memory

export LC_ALL=C NO_COLOR=1

# field COLUMN CGROUP COMMAND...: what a table with these columns says of a cgroup.
field()
{
	field_column=$1
	field_group=$2
	shift 2
	memcgstat "$@" --noheadings --bytes -o "cgroup,$field_column" 2>/tmp/err |
		awk -v g="$field_group" '{ sub(/^[-| `]*/, "") } $1 == g { print $2 }'
}

# quiet WHAT ARGUMENT...: it ends with 0 and has nothing to complain of.
quiet()
{
	what=$1
	shift
	memcgstat "$@" > /tmp/out 2> /tmp/err
	is $? 0 "$what"
	is "$(cat /tmp/err)" "" "$what: nothing on standard error"
}

# refused WHAT REASON ARGUMENT...: status 1 and one line, which says the reason.
refused()
{
	what=$1
	reason=$2
	shift 2
	memcgstat "$@" > /tmp/out 2> /tmp/err
	is $? 1 "$what: exit status 1"
	is "$(grep -c "$reason" /tmp/err) of $(wc -l < /tmp/err)" "1 of 1" "$what: one line says why"
}

mkcg pods
pods=$dir
mkcg pods/web
web=$dir
mkcg pods/job
job=$dir
mkcg pods/job/run
run=$dir
set_to "$pods" max 64M
limit "$job" 24M

# numbers WHAT: of the tree, against the files.
# shellcheck disable=SC2016	# it is the inner shell's
numbers()
{
	is "$(field limit pods tree)" 67108864 "$1: tree: limit of /pods"
	is "$(field limit job tree)" 25165824 "$1: tree: limit of /pods/job"
	is "$(field limit run tree)" max "$1: tree: run has none"
	is "$(field limiter run tree)" /pods/job "$1: tree: who limits run"
	is "$(field killed run tree)" "${2:-1}" "$1: tree: kills"
	near "$(field usage web tree)" "$(get "$web" usage)" 1048576 "$1: tree: usage of web"
	near "$(field usage /pods/web show "$held")" "$(get "$web" usage)" 1048576 \
		"$1: show: usage of the process's cgroup"
	is "$(field limit /pods show -g /pods/web)" 67108864 "$1: show -g: the ancestor's limit"
	near "$(field usage /pods/web "-p" "$held" -c 1)" "$(get "$web" usage)" 1048576 \
		"$1: -p: usage"
	memcgstat -p "$held" -i 0.05 > /tmp/out 2>&1 &
	watcher=$!
	wait_for 10 sh -c '[ "$(wc -l < /tmp/out)" -gt 10 ]'
	rss=$(awk '/^VmRSS/ { print $2 }' /proc/$watcher/status)
	kill $watcher
	wait $watcher
	ok "$1: -p: ${rss:-?} KiB resident, of 4096" [ "${rss:-9999}" -lt 4096 ]
	memcgstat lru -g /pods/web --bytes --json > /tmp/lru 2>/tmp/err
	lru=$(awk -F '[:,]' '/"cgroup"/ { web = /"\/pods\/web"/ }
		web && /active_anon/ { sum += $2 } END { print sum }' /tmp/lru)
	near "$lru" $((12 << 20)) $((2 << 20)) "$1: lru: what the process holds"
	memcgstat ns -o cgroup,pid --noheadings > /tmp/out 2>/tmp/err
	is $? 0 "$1: ns"
	is "$(awk '$1 == "/pods/web" { print $2 }' /tmp/out)" "$held" "$1: ns: the process in its cgroup"
	ok "$1: export" memcgstat export -o /tmp/metrics 2>/tmp/err
	is "$(tail -n 1 /tmp/metrics)" "# EOF" "$1: export: the end is there"
	is "$(grep '^memcg_limit_bytes{cgroup="/pods/job",counter="memory"}' /tmp/metrics |
		cut -d' ' -f2)" 25165824 "$1: export: the limit"
	rm -f /tmp/rec /tmp/rec.part
	ok "$1: record" memcgstat record -o /tmp/rec -g /pods/web -i 0.05 -c 5 2>/tmp/err
	is "$(tail -n 1 /tmp/rec)" "finished samples=5" "$1: record: whole"
	memcgstat plot /tmp/rec -o /tmp/rec.svg 2>/tmp/err
	is "$? $(grep -c 'apt-get install' /tmp/err)" "1 1" "$1: plot: says that gnuplot is missing"
	TERM=vt100 onpty 24x80 'tu/web
jq' memcgstat top -i 0.2 > /tmp/out 2>&1
	is $? 0 "$1: top ends with q"
	for word in CGROUP LIMITER web job run '?1'; do
		ok "$1: top: $word is on the screen" grep -q "$word" /tmp/out
	done
}

# A kill, and a process that stays.
scene()
{
	enter "$run" hog -i 0.001 > /dev/null 2>&1
	bg enter "$web" hog -m 12M
	held=$bg
	# shellcheck disable=SC2016	# it is the inner shell's
	wait_for 20 sh -c '[ "$(cat "$0")" -gt 12000000 ]' "$(knob "$web" usage)"
}

scene
numbers "without the module"
for c in charge paths events; do
	refused "without the module: $c" 'insmod cg_list.ko' "$c"
done

ok "the module loads" load || bail "no module"
enter "$run" hog -i 0.001 > /dev/null 2>&1
# kills are counted since the module is there
numbers "with the module"
quiet "show" show "$held"
for c in tree lru charge paths events ns export "charge $held" "paths -g /pods/job" \
	"show --json" "charge --json" "paths --json" "events --json" "lru --json" "ns --json"; do
	# shellcheck disable=SC2086	# they are words
	quiet "$c" $c
done
is "$(field killed /pods/job/run charge -g /pods/job/run)" 1 "charge: one kill"
limited=$(field limited /pods/job charge -g /pods/job)
ok "charge: the limiter is /pods/job" [ "${limited:-0}" -gt 0 ]
is "$(field limited /pods/web charge -g /pods/web)" 0 "charge: and not /pods/web"
memcgstat paths -g /pods/job/run -o counter,count --noheadings > /tmp/out
is "$(awk '$1 == "oom" { print ($2 > 0) }' /tmp/out)" 1 "paths: it went to the OOM killer"
memcgstat paths -g /pods/job/run --dot > /tmp/out
ok "paths --dot" grep -q '^digraph charge {' /tmp/out
memcgstat events -t oom_kill -o victim_comm,limiter --noheadings > /tmp/out
is "$(tr -s ' ' < /tmp/out)" "hog /pods/job" "events: the victim and the limiter"
memcgstat events -g /pods/web -t oom_kill --noheadings > /tmp/out
is "$(cat /tmp/out)" "" "events: none in another cgroup"
memcgstat record -o /tmp/a -i 0.05 -c 5
if patched; then
	quiet "paths --diff" paths --diff /tmp/a /tmp/a
	nok "paths --diff: a record does not differ from itself" grep -qE 'more|less' /tmp/out
else
	refused "paths --diff" 'patched kernel' paths --diff /tmp/a /tmp/a
fi

# As they happen.
memcgstat events -f -t oom_kill -o victim_comm --noheadings > /tmp/follow &
follow=$!
sleep 1
enter "$run" hog -i 0.001 > /dev/null 2>&1
# shellcheck disable=SC2016	# it is the inner shell's
wait_for 10 sh -c '[ "$(grep -c hog /tmp/follow)" -ge 2 ]'
is "$(grep -c hog /tmp/follow)" 2 "events -f: the kept one, and the new one"
kill $follow
wait $follow

# Who is not root.
user()
{
	# shellcheck disable=SC2016
	su nobody -s /bin/sh -c 'cd /tmp && exec "$0" "$@"' -- memcgstat "$@"
}
chmod 1777 /tmp
user tree --noheadings --bytes -o cgroup,limit > /tmp/out 2> /tmp/err
is $? 0 "a user: tree"
is "$(awk '/job/ { print $NF }' /tmp/out)" 25165824 "a user: tree: the limit"
is "$(grep -c 'for root alone' /tmp/err)" 1 "a user: tree: what is missing, and why"
user -p "$held" -c 1 > /tmp/out 2> /tmp/err
is $? 0 "a user: -p of somebody else's process"
user show "$held" > /tmp/out 2> /tmp/err
is $? 0 "a user: show of somebody else's process"
is "$(wc -l < /tmp/err)" 1 "a user: show: what is missing, and why"
diag "$(cat /tmp/err)"
nok "a user: show: no namespaces" grep -q '^Namespaces' /tmp/out
for c in charge paths events; do
	user $c > /tmp/out 2> /tmp/err
	is "$? $(grep -c 'run memcgstat as root' /tmp/err)" "1 1" "a user: $c: be root"
done
done_testing
