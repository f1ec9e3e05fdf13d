# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What reading costs: reads.sh report|memcgs|tasks...

# shellcheck source=qemu/bench/settings.sh
. "$(dirname "$0")/settings.sh"

set_up fast || set_up slow || missing read all cg_list "$why"
for what in "${@:-report}"; do
	case $what in
	report)
		for depth in 1 2 3 8; do
			in_cgroup "$(make_depth $depth)" "$bench_dir/reads" report $depth
		done
		;;
	memcgs)
		for n in 100 1000 10000; do
			"$bench_dir/reads" memcgs $n
		done
		;;
	tasks)
		for n in 100 1000 10000; do
			"$bench_dir/reads" tasks $n
		done
		;;
	esac
done
tear_down
