# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Conduct: arguments, exit statuses, files, pipes, terminals, processes that
# live and die. Part of run.
: "${memcgstat:?}" "${built:?}" "${contract:?}" "${tmp:?}"

# the command line
show usage-no-command 2 -i 1
show usage-command 2 nosuch
show usage-option 2 tree --nosuch
show usage-option-short 2 -x
show usage-no-value 2 tree --root
show usage-no-value-short 2 -p
show usage-value 2 tree --json=x
show usage-option-escape 2 tree $'--\e[31m'
show usage-not-taken 2 tree -p 1
show usage-pid 2 -p abc
show usage-pid-zero 2 -p 0
show usage-pid-negative 2 -p -5
show usage-pid-huge 2 -p 99999999999999999999
show usage-pid-escape 2 -p $'\e[31m'
show usage-interval 2 -p 1 -i 0
show usage-interval-rubbish 2 -p 1 -i 1s
show usage-count 2 -p 1 -c 0
show usage-column 2 tree -o cgroup,nosuch
show usage-two-pids 2 show 1 2
show usage-pid-and-group 2 show 1 -g /a
show usage-type 2 events -t nosuch
show usage-diff 2 paths --diff one
show usage-record 2 record
show usage-plot 2 plot
show usage-top-json 2 top --json
show usage-export-json 2 export --json
show usage-dot-json 2 paths --dot --json
show gone 1 -p 2147483647
show gone-show 1 show 2147483647
show gone-root 1 --root trees/patched-v2 -p 77
show no-group 1 --root trees/patched-v2 show -g /nosuch
show no-root 1 --root trees/nosuch tree
show file-root 1 --root run tree

version()
{
	[ "$("$memcgstat" --version)" = "memcgstat $(cat ../../VERSION)" ]
}
check "--version is that of VERSION" version


help_lists_commands()
{
	"$memcgstat" --help > "$tmp/help"
	for c in show top tree lru charge paths events ns record plot export; do
		grep -q "^ $c " "$tmp/help" || { echo "--help lacks $c"; return 1; }
		"$memcgstat" "$c" --help | grep -q "^Usage: memcgstat $c" || return 1
		grep -q "$c" ../completion/memcgstat.bash || { echo "completion lacks $c"; return 1; }
		grep -q "memcgstat $c\|^\.B $c\|BR* $c " ../man/memcgstat.8 ||
			{ echo "memcgstat.8 lacks $c"; return 1; }
	done
}
check "help, completion and manual name every command" help_lists_commands

help_explains_options()
{
	"$memcgstat" events --help > "$tmp/help"
	grep -q '^ -t, --type TYPE  *only events' "$tmp/help" || { cat "$tmp/help"; return 1; }
	for c in record plot export; do
		"$memcgstat" "$c" --help > "$tmp/help"
		! grep -q -e '--output LIST' -e --noheadings "$tmp/help" || { echo "$c: -o"; return 1; }
		grep -q -e '-o, --output FILE' "$tmp/help" || { echo "$c: no -o FILE"; return 1; }
	done
}
check "--help explains each option, and -o as it is meant" help_explains_options

dash_is_standard_output()
{
	(cd "$tmp" && "$memcgstat" --root "$OLDPWD/trees/patched-v2" export -o -) > "$tmp/dash"
	tail -n 1 "$tmp/dash" | grep -qx '# EOF'
	[ ! -e "$tmp/-" ] || { echo "there is a file called -"; return 1; }
}
check "-o - is standard output" dash_is_standard_output
show usage-record-dash 2 record -o -

# colour and locale
no_color_in_a_pipe()
{
	! "$memcgstat" --root trees/patched-v2 show 1234 | grep -q $'\e'
}
check "no colour in a pipe" no_color_in_a_pipe
check "colour on a terminal, not under NO_COLOR" ./colour.py

plain_locale()
{
	LC_ALL=C "$memcgstat" --root trees/patched-v2 tree > "$tmp/c"
	grep -q '|-pods' "$tmp/c" && ! LC_ALL=C grep -q '[^ -~]' "$tmp/c"
}
check "a locale without UTF-8 gets ASCII" plain_locale

nothing_raw()
{
	local c

	for c in "show 66" "show 67" "show 71" tree lru charge events ns export paths \
		"show 66 --json" "tree --json" "events --json" "-p 66" "events -f"; do
		for l in C C.UTF-8; do
			# shellcheck disable=SC2086
			LC_ALL=$l "$memcgstat" --root trees/hostile $c > "$tmp/raw" 2>&1 || true
			if LC_ALL=C tr -d '\n' < "$tmp/raw" | LC_ALL=C grep -q '[[:cntrl:]]'; then
				echo "$c: a control byte got through"
				return 1
			fi
		done
	done
}
check "no control byte reaches the terminal" nothing_raw
check "JSON is what a parser takes" ./json_valid.py

# files
full_disk()
{
	local rc=0 err

	[ "$(id -u)" -eq 0 ] || { echo "needs root to mount"; return 77; }
	mkdir -p "$tmp/full"
	mount -t tmpfs -o size=16k none "$tmp/full" 2> /dev/null ||
		{ echo "no tmpfs can be mounted here"; return 77; }
	echo old > "$tmp/full/metrics"
	head -c 1M /dev/zero > "$tmp/full/filler" 2> /dev/null || true
	"$memcgstat" --root trees/patched-v2 export -o "$tmp/full/metrics" 2> "$tmp/e1" && rc=1
	[ "$(cat "$tmp/full/metrics")" = old ] || { echo "export harmed the old file"; rc=1; }
	[ "$(find "$tmp/full" -type f | wc -l)" -eq 2 ] || { echo "export left a file"; rc=1; }
	"$memcgstat" --root trees/patched-v2 record -o "$tmp/full/metrics" -c 50 -i 0.001 \
		2> "$tmp/e2" && rc=1
	[ "$(cat "$tmp/full/metrics")" = old ] || { echo "record harmed the old file"; rc=1; }
	umount "$tmp/full"
	for err in "$tmp/e1" "$tmp/e2"; do
		grep -q 'No space left on device' "$err" || { cat "$err"; rc=1; }
	done
	return "$rc"
}
check "a full disk leaves the old file whole" full_disk

replaced_whole()
{
	echo old > "$tmp/m"
	chmod 600 "$tmp/m"
	(umask 022; "$memcgstat" --root trees/patched-v2 export -o "$tmp/m")
	tail -n 1 "$tmp/m" | grep -qx '# EOF'
	[ "$(stat -c %a "$tmp/m")" = 644 ]
	! compgen -G "$tmp/m.*" > /dev/null
}
check "export replaces its file whole, for others to read" replaced_whole

full_stdout()
{
	local rc=0

	"$memcgstat" --root trees/patched-v2 tree > /dev/full 2> "$tmp/e" || rc=$?
	[ "$rc" -eq 1 ] && grep -q 'standard output: No space left' "$tmp/e"
}
check "a full standard output is a failure" full_stdout

closed_pipe()
{
	local rc

	for c in "tree" "show 1234" "events -f" "charge --json" "export" "-p 1234 -c 50 -i 0.001"; do
		# shellcheck disable=SC2086
		{ "$memcgstat" --root trees/patched-v2 $c 2> "$tmp/e"; echo $? > "$tmp/rc"; } | :
		rc=$(cat "$tmp/rc")
		# 0, also where it was all written before the pipe closed
		if [ "$rc" -ne 0 ] || [ -s "$tmp/e" ]; then
			echo "$c: status $rc"
			cat "$tmp/e"
			return 1
		fi
	done
}
check "a closed pipe ends it quietly" closed_pipe

# processes
check "-p tells how a process ended" ./ending.sh
check "-p follows counters that go backwards" ./backwards.sh
check "top draws, resizes, folds, filters, sorts, leaves the terminal clean" ./top.py
check "record, cut off and whole; plot" ./record.sh
check "paths --diff marks what changed, and only that" ./diff.py
check "pictures need dot and gnuplot, and say so" ./pictures.sh
check "prometheus scrapes what was exported" ./prometheus.sh
check "manual pages render without warnings, and their examples are real" ./manual.sh
check "completion offers what there is" ./completion.sh
check "libcg_list: memory that runs out, errors in words" "$built/library" trees "$tmp"
check "libcg_list: the example, with the shared library and as it is installed" ./example.sh

check "the fuzzer's corpus" "$built/replay" corpus/*
[ ! -e "$built/bench_parse" ] ||
	check "the budgets of time and memory" ./bench "$memcgstat" "$built/bench_parse" "$contract"
