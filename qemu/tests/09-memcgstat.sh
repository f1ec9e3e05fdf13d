#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cg=v2 timeout=90
#
# memcgstat -p, live: until the kill, with the module and without it; what is
# no process.
# shellcheck source=qemu/tests/lib.sh
. /tests/lib.sh
need_controller memory

# fails STATUS DESCRIPTION COMMAND...: with that status and one line why.
fails()
{
	want=$1
	what=$2
	shift 2
	"$@" > /tmp/out 2> /tmp/err
	is $? "$want" "$what: exit status $want"
	is "$(wc -l < /tmp/err)" 1 "$what: one line says why"
	diag "$(cat /tmp/err)"
}

# watch WHAT: a hog to its end.
watch()
{
	mkcg test1
	limit "$dir" 64M
	bg enter "$dir" hog -i 0.02
	memcgstat -p "$bg" -i 0.1 -c 1000 > /tmp/out 2> /tmp/err
	is $? 0 "$1: memcgstat -p ends well"
	[ "$(wc -l < /tmp/out)" -gt 5 ]
	is $? 0 "$1: a line an interval"
	ok "$1: the last line says that it was killed for memory" \
		sh -c 'tail -n 1 /tmp/out | grep -qi kill'
	ok "$1: and whose limit it was" sh -c 'tail -n 1 /tmp/out | grep -q /test1'
	diag "$(tail -n 2 /tmp/out)"
	diag "$(cat /tmp/err)"
	wait "$bg"
	rmcg "$dir"
}

watch "without the module"
is "$(wc -l < /tmp/err)" 1 "without the module: what is missing is said once"
ok "the module loads" load || bail "no module"
is "$(cat /sys/module/cg_list/version)" "$(memcgstat --version | cut -d ' ' -f 2)" \
	"module and memcgstat are of the same version"
watch "with the module"

fails 1 "no such process" memcgstat -p 999999
fails 2 "no number" memcgstat -p init
fails 2 "a negative number" memcgstat -p -5
fails 2 "nothing" memcgstat -p

# It vanishes half way, of itself.
bg sleep 1
memcgstat -p "$bg" -i 0.1 -c 1000 > /tmp/out 2> /tmp/err
status=$?
[ $status -le 1 ]
is $? 0 "a process that ends of itself: status $status"
nok "and nobody says that it was killed" sh -c 'tail -n 1 /tmp/out | grep -qi "killed for memory"'
diag "$(tail -n 1 /tmp/out) $(cat /tmp/err)"

ok "show" into /tmp/out memcgstat show $$
diag "$(head -n 5 /tmp/out)"
ok "show --json" into /tmp/out memcgstat show --json $$
done_testing
