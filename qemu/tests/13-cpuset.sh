#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2119,SC2317 # functions that wait_for calls
# guest: cpus=4 numa=2 mem=640 hotplug=256 timeout=180
# The CPUs and memory nodes that a task may use, and those that its cpuset gives:
# nested cpusets, an affinity, a CPU that goes and comes back; against
# cpuset.*.effective and /proc/PID/status. Runs on v1 too.
# shellcheck source=qemu/tests/report-lib.sh
. /tests/report-lib.sh
need_controller cpuset
load || bail "the module does not load"

if [ "$cg" = v2 ]; then
	root=$cgroot
	cpus=cpuset.cpus.effective
	mems=cpuset.mems.effective
else
	root=$cgroot/cpuset
	cpus=cpuset.effective_cpus
	mems=cpuset.effective_mems
fi

# agrees PID DIR WHAT: the line is what the files of cpuset DIR and /proc say.
agrees()
{
	take "$1"
	if patched; then
		is "$(val cpuset cpus mems)" "$(cat "$2/$cpus") $(cat "$2/$mems")" \
			"$3: what the cpuset gives"
	fi
	is "$(val cpuset cpus_allowed mems_allowed)" "$(awk '
		$1 == "Cpus_allowed_list:" { cpus = $2 }
		$1 == "Mems_allowed_list:" { print cpus, $2 }' "/proc/$1/status")" \
		"$3: what the task may use"
	path=${2#"$root"}
	is "$(val cpuset path)" "${path:-/}" "$3: the cpuset's path"
}

agrees 1 "$root" "the root"
mkcg one cpuset
one=$dir
echo 1-3 > "$one/cpuset.cpus"
[ "$cg" = v2 ] || echo 0-1 > "$one/cpuset.mems"
start "$one" -- cgl threads 1
tid=${said#* }
agrees "$pid" "$one" "three CPUs of four"
is "$(val cpuset cpus_allowed)" 1-3 "three CPUs of four, indeed"

mkcg a cpuset
a=$dir
echo 1-3 > "$a/cpuset.cpus"
[ "$cg" = v2 ] || echo 0-1 > "$a/cpuset.mems"
mkcg a/b cpuset
b=$dir
move "$pid" "$b"
agrees "$pid" "$b" "a nested cpuset"
echo 1,3 > "$b/cpuset.cpus"
echo 1 > "$b/cpuset.mems"
agrees "$pid" "$b" "a nested one that gives less"
is "$(val cpuset cpus_allowed mems_allowed)" "1,3 1" "less, indeed"

taskset -p 8 "$pid" > /dev/null
agrees "$pid" "$b" "sched_setaffinity()"
is "$(val cpuset cpus_allowed)" 3 "its affinity is one CPU"
take "$pid" "$tid"
is "$(val cpuset cpus_allowed)" "$(sed -n 's/^Cpus_allowed_list:.//p' \
	"/proc/$pid/task/$tid/status")" "another thread has its own"

# A CPU goes offline and comes back.
cpu=/sys/devices/system/cpu/cpu3/online
echo 0 > $cpu
settled()
{
	! grep -q 3 "$b/$cpus"
}
wait_for 5 settled
usleep 200000
agrees "$pid" "$b" "CPU 3 is offline"
agrees 1 "$root" "CPU 3 is offline: the root"
echo 1 > $cpu
if [ "$cg" = v2 ]; then
	back()
	{
		grep -q 3 "$b/$cpus"
	}
	wait_for 5 back
fi
usleep 200000
agrees "$pid" "$b" "CPU 3 is back"
agrees 1 "$root" "CPU 3 is back: the root"

# What is not its own cpuset is an ancestor's.
if [ "$cg" = v2 ]; then
	mkdir "$b/inner"
	cgroups_made="$b/inner $cgroups_made"
	move "$pid" "$b/inner"
	agrees "$pid" "$b" "a cgroup without the controller"
	is "$(val cgroup,hierarchy=0 path)" /a/b/inner "which it is in"
fi
done_testing
