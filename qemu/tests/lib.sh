# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034
#
# What the guest's tests share.
#
# A test program is a file NN-topic.sh here. It starts with
#
#	#!/bin/sh
#	# SPDX-License-Identifier: GPL-2.0-only
#	# guest: cpus=4 numa=2 cg=v1 timeout=120 append="cgroup_disable=memory"
#	# What it tests, in a line or two.
#	. /tests/lib.sh
#
# and ends with `done_testing`. The `# guest:` line says what guest it needs;
# all of it is optional:
#
#	cpus=2		CPUs			numa=1		NUMA nodes
#	mem=512		memory in MB		hotplug=0	MB in a DIMM to hot-add
#	cg=v2		v1, v2 or hybrid	timeout=120	seconds, for this test
#	append=""	more for the kernel's command line
#	tcg=auto	single or multi: host threads for the CPUs, where it matters
#			(-T and -P of qemu/run)
#	icount=0	1: count instructions, one is 1 ns of the guest's time
#	kernels=""	only for these kernels (patterns as of the shell, with
#			commas), e.g. 6.1* or *-stock or !(*-stock|*-nopatch)
#	lacking=""	why the others cannot: then they skip it by name
#
# Tests with the same needs share a guest, one after another in the order of
# their names. So a test leaves the guest as it found it: what mkcg and bg
# made is undone at its end; the module is not loaded when a test starts.
#
# Everything runs under busybox, and the helpers: *.c here are compiled
# statically, one program a file, into /bin.

tests=0
failures=0
jobs_started=
cgroups_made=

cgroot=/sys/fs/cgroup
case ${cg:-v2} in
v2) memroot=$cgroot ;;
*) memroot=$cgroot/memory ;;
esac
version=$(uname -r | cut -d. -f1,2)

# ok DESCRIPTION COMMAND [ARGUMENT]...: it passes when the command succeeds.
ok()
{
	description=$1
	shift
	tests=$((tests + 1))
	if "$@"; then
		echo "ok $tests - $description"
	else
		failures=$((failures + 1))
		echo "not ok $tests - $description"
		echo "#   failed: $*"
		return 1
	fi
}

# nok DESCRIPTION COMMAND...: it passes when the command fails.
nok()
{
	nok_description=$1
	shift
	ok "$nok_description" not "$@"
}

# into FILE COMMAND...: its output goes there; for use after ok.
into()
{
	into_file=$1
	shift
	"$@" > "$into_file"
}

not()
{
	! "$@"
}

# is GOT WANT DESCRIPTION: it passes when they are the same.
is()
{
	tests=$((tests + 1))
	if [ "$1" = "$2" ]; then
		echo "ok $tests - $3"
	else
		failures=$((failures + 1))
		echo "not ok $tests - $3"
		printf '%s\n' "$1" | sed 's/^/#   got:  /'
		printf '%s\n' "$2" | sed 's/^/#   want: /'
		return 1
	fi
}

# near GOT WANT TOLERANCE DESCRIPTION: numbers that differ by at most that.
near()
{
	tests=$((tests + 1))
	if [ -n "$1" ] && [ -n "$2" ] && [ $(($1 - $2)) -le "$3" ] &&
	   [ $(($2 - $1)) -le "$3" ]; then
		echo "ok $tests - $4"
	else
		failures=$((failures + 1))
		echo "not ok $tests - $4"
		echo "#   got $1, want $2, give or take $3"
		return 1
	fi
}

# skip DESCRIPTION REASON
skip()
{
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

# skip_all REASON: this guest cannot run this test program at all.
skip_all()
{
	echo "1..0 # SKIP $*"
	exit 0
}

diag()
{
	printf '%s\n' "$*" | sed 's/^/# /'
}

bail()
{
	echo "Bail out! $*"
	exit 1
}

done_testing()
{
	echo "1..$tests"
	exit 0
}

# At the end: the processes of bg, the cgroups of mkcg, the module.
undo()
{
	undo_status=$?
	trap - EXIT
	for pid in $jobs_started; do
		kill -KILL "$pid" 2>/dev/null
	done
	wait
	printf '%s' "$cgroups_made" | while IFS= read -r dir; do
		rmcg "$dir"
	done
	unload
	exit $undo_status
}
trap undo EXIT

# wait_for SECONDS COMMAND...: until it succeeds, asked every 20 ms. It may take
# thrice as long, on a machine that is busy; what is asked takes time itself.
wait_for()
{
	read -r now _ < /proc/uptime
	deadline=$((${now%.*} + 1 + 3 * $1 * ${slow:-1}))
	tries=20
	shift
	while ! "$@"; do
		read -r now _ < /proc/uptime
		tries=$((tries - 1))
		[ "${now%.*}" -lt $deadline ] || [ $tries -gt 0 ] || return 1
		usleep 20000
	done
}

gone()
{
	! [ -d "/proc/$1" ]
}

zombie()
{
	grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null
}

# bg [enter DIR] COMMAND...: in the background; $bg is its pid. Killed at the
# test's end.
bg()
{
	if [ "$1" = enter ]; then
		shift
		sh -c "$enter_code" "$@" &
	else
		"$@" &
	fi
	bg=$!
	jobs_started="$jobs_started $bg"
}

# The module

loaded()
{
	grep -q '^cg_list ' /proc/modules
}

# unheld: nobody holds the module.
unheld()
{
	[ "$(cat /sys/module/cg_list/refcnt)" = 0 ]
}

# load [PARAMETER]...: module_source=kprobe on the kernel's command line makes a
# patched kernel do without its trace events.
load()
{
	insmod /cg_list.ko ${module_source:+source=$module_source} "$@"
}

unload()
{
	! loaded || rmmod cg_list
}

# served: is /proc/PID/cg_list there, by the patch or by cg_list_proc.ko?
served()
{
	[ -e /proc/self/cg_list ]
}

# patched: is it by the patch?
patched()
{
	served && ! grep -q '^cg_list_proc ' /proc/modules
}

need_patched()
{
	patched || skip_all "needs the patches"
}

# instrumented: are the kernel and the module compiled with checks of every access
# (KASAN, KCSAN), which make all of it larger and slower?
instrumented()
{
	zcat /proc/config.gz 2> /dev/null | grep -qE '^CONFIG_K[AC]SAN=y'
}

# report PID [TID]: the report, by whichever way this kernel has.
report()
{
	if [ -e "/proc/$1/cg_list" ]; then
		cat "/proc/$1${2:+/task/$2}/cg_list"
	else
		report_by_task "${2:-$1}"
	fi
}

# report_by_task PID: through /proc/cg_list/task, which is there on any kernel.
report_by_task()
{
	(
		exec 3<> /proc/cg_list/task || exit
		echo "$1" >&3 || exit
		cat <&3
	)
}

# facts KEY NAME [WHERE=VALUE]...: from a report on standard input, the value
# of NAME in each KEY line where all the others hold.
facts()
{
	facts_key=$1
	facts_name=$2
	shift 2
	awk -v key="$facts_key" -v name="$facts_name" -v where="$*" '
	BEGIN { n = split(where, want, " ") }
	$1 == key {
		for (i = 1; i <= n; i++)
			if (!index($0 " ", " " want[i] " "))
				next
		for (f = 2; f <= NF; f++)
			if (index($f, name "=") == 1)
				print substr($f, length(name) + 2)
	}'
}

# Control groups

# has_controller NAME: mounted or enabled here?
has_controller()
{
	case ${cg:-v2} in
	v2) grep -qw "$1" $cgroot/cgroup.controllers ;;
	*) [ -d "$cgroot/$1" ] ;;
	esac
}

# need_controller NAME...
need_controller()
{
	for c; do
		has_controller "$c" ||
			skip_all "this kernel has no ${cg:-v2} $c controller"
	done
}

# mkcg PATH [CONTROLLER]: make a cgroup, memory's if not said; print nothing,
# $dir is its directory. Its ancestors must exist; on v2 they pass the memory
# and pids controllers on.
mkcg()
{
	case ${cg:-v2} in
	v2)
		dir=$cgroot/$1
		mkcg_parent=${dir%/*}
		for c in memory pids cpuset; do
			has_controller "$c" &&
				echo "+$c" > "$mkcg_parent/cgroup.subtree_control"
		done
		;;
	*)
		dir=$cgroot/${2:-memory}/$1
		;;
	esac
	mkdir "$dir" || bail "cannot make $dir"
	cgroups_made="$dir
$cgroups_made"
	if [ -e "$dir/cpuset.cpus" ] && [ -z "$(cat "$dir/cpuset.cpus")" ] &&
	   [ "${cg:-v2}" != v2 ]; then
		cat "${dir%/*}/cpuset.cpus" > "$dir/cpuset.cpus"
		cat "${dir%/*}/cpuset.mems" > "$dir/cpuset.mems"
	fi
}

# rmcg DIR: kill what is inside, remove it with what is below it.
rmcg()
{
	[ -d "$1" ] || return 0
	find "$1" -depth -type d | while IFS= read -r d; do
		wait_for 5 rmcg_try "$d" || diag "cannot remove $d"
	done
}

# A task that is reaped while it is listed has the number 0, and 0 to kill()
# would be ourselves.
rmcg_try()
{
	while read -r p; do
		[ "$p" = 0 ] || kill -KILL "$p" 2>/dev/null
	done < "$1/cgroup.procs"
	rmdir "$1" 2>/dev/null
}

# enter DIR COMMAND...: run it inside.
# shellcheck disable=SC2016	# the inner shell's own parameters
enter_code='echo $$ > "$0/cgroup.procs" && exec "$@"'
enter()
{
	sh -c "$enter_code" "$@"
}

# move PID DIR
move()
{
	echo "$1" > "$2/cgroup.procs"
}

# knob DIR NAME: the file for what both versions have: usage, max, peak, swap,
# swap_max, failcnt (v1), low, min, high (v2), soft (v1), memsw, memsw_max,
# memsw_failcnt, memsw_peak (v1), kmem (v1).
knob()
{
	case ${cg:-v2}:$2 in
	v2:usage) echo "$1/memory.current" ;;
	v2:swap) echo "$1/memory.swap.current" ;;
	v2:swap_max) echo "$1/memory.swap.max" ;;
	v2:*) echo "$1/memory.$2" ;;
	*:usage) echo "$1/memory.usage_in_bytes" ;;
	*:max) echo "$1/memory.limit_in_bytes" ;;
	*:peak) echo "$1/memory.max_usage_in_bytes" ;;
	*:soft) echo "$1/memory.soft_limit_in_bytes" ;;
	*:memsw) echo "$1/memory.memsw.usage_in_bytes" ;;
	*:memsw_max) echo "$1/memory.memsw.limit_in_bytes" ;;
	*:memsw_peak) echo "$1/memory.memsw.max_usage_in_bytes" ;;
	*:memsw_failcnt) echo "$1/memory.memsw.failcnt" ;;
	*:kmem) echo "$1/memory.kmem.usage_in_bytes" ;;
	*) echo "$1/memory.$2" ;;
	esac
}

# get DIR NAME / set_to DIR NAME VALUE: by the names of knob. v1's "no limit"
# is printed as max, as the report has it.
get()
{
	sed 's/^9223372036854771712$/max/' "$(knob "$1" "$2")"
}

set_to()
{
	echo "$3" > "$(knob "$1" "$2")"
}

# limit DIR BYTES: memory and swap together, on both versions.
limit()
{
	set_to "$1" max "$2"
	case ${cg:-v2} in
	v2) [ ! -e "$1/memory.swap.max" ] || set_to "$1" swap_max 0 ;;
	*) [ ! -e "$1/memory.memsw.limit_in_bytes" ] || set_to "$1" memsw_max "$2" ;;
	esac
}

# swap_on MB: swap on a compressed RAM disk; swap_off undoes it.
swap_on()
{
	modprobe -q zram 2>/dev/null
	[ -b /dev/zram0 ] || return 1
	echo $(($1 * 1048576)) > /sys/block/zram0/disksize || return
	mkswap /dev/zram0 > /dev/null && swapon /dev/zram0
}

swap_off()
{
	swapoff /dev/zram0 && echo 1 > /sys/block/zram0/reset
}

# disk_on MB DIR: a file system with a real page cache (ext2 on a RAM disk);
# disk_off DIR undoes it.
disk_on()
{
	modprobe -q brd rd_size=262144 rd_nr=2 2>/dev/null
	modprobe -q ext4 2>/dev/null
	[ -b /dev/ram0 ] || return 1
	mke2fs -F /dev/ram0 $(($1 * 1024)) > /dev/null 2>&1 || return
	mkdir -p "$2" && mount -t ext2 /dev/ram0 "$2"
}

disk_off()
{
	umount "$1"
	blockdev --flushbufs /dev/ram0
}
