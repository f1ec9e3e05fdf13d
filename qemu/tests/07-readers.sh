#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest: cpus=4 cg=v2 timeout=600 append="rcupdate.rcu_expedited=1"
#
# 200 readers while tasks fork and exit; the module loaded and unloaded 200
# times under readers (50 times on a patched 6.12 and 25 on stock kernels if there is
# no soak=SECONDS on the kernel's command line; 20 times where each access is
# checked). Grace periods are expedited: what they take is nothing that
# happens.
# shellcheck source=qemu/tests/lib.sh
. /tests/lib.sh
need_controller memory

ok "the module loads" load || bail "no module"
# What a reader may see while the module goes: ENODEV from /proc/PID/cg_list,
# EIO from procfs's own.
file=/proc/cg_list/tasks
errno=5
if served; then
	file="/proc/*/cg_list"
	errno=19
fi
before=$(awk '/^cg_list / { print $2 }' /proc/modules)
bg forker -n 8 -s 20
# shellcheck disable=SC2086	# two words on purpose
readers -n 200 -s 8 /proc/self/cgroup "$file" > /tmp/out
is $? 0 "200 readers while tasks come and go"
diag "$(cat /tmp/out)"
[ "$(awk '{ print $2 }' /tmp/out)" -gt 200 ]
is $? 0 "they did read"
wait_for 5 unheld
is "$(cat /sys/module/cg_list/refcnt)" 0 "no reader left holds the module"
diag "the module is $before bytes"

unload
rounds=25
! patched || rounds=50
if [ -n "${soak:-}" ] || { patched && [ "$version" = 6.1 ]; }; then
	rounds=200
fi
# Where each round takes seconds, to be over before the readers are.
! instrumented || rounds=20
readers -w 5 -n 4 -s 1000 -e $errno "$file" /proc/self/cgroup > /tmp/out &
reader=$!
n=0
refused=0
while [ $n -lt "$rounds" ]; do
	load source=auto || break
	tries=0
	until rmmod cg_list 2>/dev/null; do
		# A reader is inside.
		refused=$((refused + 1))
		tries=$((tries + 1))
		[ $tries -lt 500 ] || break 2
		usleep 2000
	done
	n=$((n + 1))
	[ $((n % 50)) -ne 0 ] || diag "$n rounds, $(cut -d' ' -f1 /proc/uptime) s"
done
is $n "$rounds" "insmod and rmmod $rounds times under readers"
diag "$refused times a reader was inside"
ok "the readers are still at it" kill -TERM $reader
wait $reader
is $? 0 "and saw no other error than errno $errno"
diag "$(cat /tmp/out)"
done_testing
