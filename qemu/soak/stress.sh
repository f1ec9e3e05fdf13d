#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2119,SC2317
#
# stress-ng's memory and OOM stressors below a memory limit, in a guest of
# scripts/soak, while the module counts all that it can:
#
#	stress.sh SECONDS
#
# (Debian's stress-ng has no stressor of control groups; cgroups that come and go
# are made here.) Then the laws have to hold. What it says is TAP.

# shellcheck source=qemu/tests/charge-lib.sh
. /tests/charge-lib.sh

need_controller memory pids
need_module
echo 2 > /proc/sys/cg_list/fast_path
echo 0 > /proc/sys/vm/oom_dump_tasks
new stress max=160M
come_and_go()
{
	while :; do
		mkdir "$memroot/come" && enter "$memroot/come" true
		rmdir "$memroot/come"
	done
}
read_all()
{
	while :; do
		cat /proc/cg_list/memcgs /proc/cg_list/tasks /proc/cg_list/status
		usleep 100000
	done
}
bg come_and_go 2> /dev/null
makers=$bg
bg read_all > /dev/null
readers=$bg
bg rawread /proc/cg_list/events all:8192 > /dev/null

begin
cd /tmp || exit
enter "$dir" stress-ng --timeout "$1" --pathological --metrics-brief \
	--temp-path /tmp --vm 1 --vm-bytes 48M --bigheap 1 --bigheap-growth 1M \
	--brk 1 --malloc 1 --mmap 1 --mmap-bytes 32M --mremap 1 \
	--mremap-bytes 8M --madvise 1 --memfd 1 --memfd-bytes 16M --shm 1 \
	--shm-bytes 8M --stack 1 --fork 1 --oom-pipe 1 --pagemove 1 \
	--tmpfs 1 > said 2>&1
rc=$?
sed 's/^/# /' said
# The OOM killer takes stressors at moments that are wrong for them: of these it says
# that their account is corrupted, or that nothing came from shm's child, and then
# that they have failed.
wrong=$(grep ' fail: ' said |
	grep -cvE 'bogo-ops counter|metrics-check: .* corrupted|shm: (zero bytes|read failed)')
[ $rc -ne 2 ] || [ "$wrong" -gt 0 ] || rc=0
is "$rc $(grep -c 'run completed in' said)" "0 1" "stress-ng came to its end"
kill -KILL "$makers" "$readers"
wait "$makers" "$readers" 2> /dev/null
rmcg "$dir"
rmdir "$memroot/come" 2> /dev/null
laws "after stress-ng"
diag "$(grep ^status /proc/cg_list/status)"
ok "the module unloads" unload
done_testing
