#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cpus=1 cg=v1 timeout=120 kernels=6.1-stock,6.1-*nopatch
# A stock kernel with cgroup v1: which counter refused, against the kernel's own
# failcnt; exact on one CPU.

# shellcheck source=qemu/tests/events-lib.sh disable=SC2119,SC2317
. /tests/events-lib.sh

need_controller memory
need_module
is "$(status source)" kprobe "the source"
swap_on 64 || diag "no swap: memsw is met all the same"

# agree DIR WHAT: failcnt, as differences since the cgroup is new.
agree()
{
	settle
	is $(($(counted "$1" limited) - $(counted "$1" limited_memsw))) \
		"$(get "$1" failcnt)" "$2: memory.failcnt"
	is "$(counted "$1" limited_memsw)" "$(get "$1" memsw_failcnt)" \
		"$2: memory.memsw.failcnt"
	is "$(status missed)" 0 "$2: no hit was missed"
	is "$(status unattributed)" 0 "$2: nothing is unattributed"
}

new memory max=8M
inside "$dir" charge anon 16
ok "memory below memsw: refused by memory" moved "$dir" limit
agree "$dir" "memory below memsw"

new memsw max=8M
set_to "$dir" memsw_max 8M
inside "$dir" charge anon 16
ok "memsw as low as memory: refused by memsw" moved "$dir" limit_memsw
ok "charges failed" moved "$dir" nomem
is "$(event_facts charge_fail counter "memcg_id=$(stat -c %i "$dir")" |
	sort -u)" memsw "the event says memsw"
agree "$dir" "memsw as low as memory"

new both max=16M
set_to "$dir" memsw_max 24M
inside "$dir" charge anon 40
agree "$dir" "first memory, then memsw"
is "$(event_facts oom_kill victim_memcg "limiter_id=$(stat -c %i "$dir")")" \
	/both "the kill is in its cgroup"

swap_off 2>/dev/null
ok "the module unloads" unload
done_testing
