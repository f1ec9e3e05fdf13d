#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2119,SC2317 # functions that wait_for calls
# guest: timeout=180
# The namespaces' inode numbers, against the links in /proc/PID/ns.
# shellcheck source=qemu/tests/report-lib.sh
. /tests/report-lib.sh
load || bail "the module does not load"

kinds="cgroup ipc mnt net pid time user uts"
# On a stock kernel nothing exported leads to the mount namespace.
patched || kinds="cgroup ipc net pid time user uts"

# links PID: the numbers, in the order of the line.
links()
{
	for k in $kinds; do
		if [ -e "/proc/$1/ns/$k" ]; then
			readlink "/proc/$1/ns/$k" | tr -dc 0-9
		else
			printf '-'
		fi
		printf ' '
	done
}

# agrees PID WHAT
agrees()
{
	take "$1"
	# shellcheck disable=SC2086	# a list
	is "$(val ns $kinds) " "$(links "$1")" "$2"
}

agrees 1 "the first namespaces"
patched || is "$(val ns mnt)" - "mnt is absent on a stock kernel"
for one in c:cgroup i:ipc m:mnt n:net t:time u:uts U:user p:pid; do
	kind=${one#*:}
	if ! [ -e "/proc/1/ns/$kind" ]; then
		skip "a new namespace: $kind" "not in this kernel"
		continue
	fi
	start "$cgroot" -- cgl unshare "${one%:*}" cgl comm "$kind"
	inside=$pid
	# With a new pid or time namespace it is the child.
	case $kind in
	pid|time) read -r inside < "/proc/$pid/task/$pid/children" ;;
	esac
	nok "there is a new namespace: $kind" test \
		"$(readlink "/proc/$inside/ns/$kind")" = \
		"$(readlink "/proc/1/ns/$kind")"
	agrees "$inside" "a new namespace: $kind"
done

# A thread has its own, but for the user and pid namespace.
start "$cgroot" -- cgl threads 1
agrees "$pid" "threads"
take "$pid" "${said#* }"
# shellcheck disable=SC2086	# a list
is "$(val ns $kinds) " "$(links "$pid/task/${said#* }")" "a thread"

# A zombie has only those left that hang on its pid and credentials.
start "$cgroot" -- cgl zombie
take "$said"
is "$(val ns cgroup ipc mnt net time uts)" "- - - - - -" "a zombie has none"
is "$(val ns user)" "$(readlink /proc/1/ns/user | tr -dc 0-9)" \
	"but a user namespace"
done_testing
