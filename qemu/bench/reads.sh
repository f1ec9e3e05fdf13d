# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What reading costs: reads.sh report|memcgs|tasks...

# shellcheck source=qemu/bench/settings.sh
. "$(dirname "$0")/settings.sh"

# Moving a task into a cgroup is an event: where the module comes after that,
# the report has none.
report()
{
	for depth in 1 2 3 8; do
		in_cgroup "$(make_depth $depth)" sh -c "
			. $bench_dir/settings.sh
			set_up loaded || missing read report-$depth cg_list \"\$why\"
			$bench_dir/reads report report-$depth
			tear_down"
	done
	if set_up loaded; then
		in_cgroup "$(make_depth 2 event)" "$bench_dir/reads" report report-2-event
	else
		missing read report-2-event cg_list "$why"
	fi
	tear_down
}

# Ten thousand tasks are more than a small kernel gives numbers to.
echo 32768 > /proc/sys/kernel/pid_max

for what in "${@:-report}"; do
	if [ "$what" = report ]; then
		report
		continue
	fi
	set_up loaded || missing read "$what" cg_list "$why"
	for n in 100 1000 10000; do
		"$bench_dir/reads" "$what" $n ||
			missing read "$what-$n" cg_list "it failed"
	done
	tear_down
done
