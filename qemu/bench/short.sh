# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The short form: a page fault, a report, the lists; what `make test` looks at.

# shellcheck source=qemu/bench/settings.sh
. "$(dirname "$0")/settings.sh"

keep_few_pages
where=$(make_depth 2)
in_cgroup "$where" "$bench_dir/charges" warm anon > /dev/null
for setting in idle slow fast origin; do
	if set_up $setting; then
		in_cgroup "$where" "$bench_dir/charges" $setting anon
	else
		missing charge anon $setting "$why"
	fi
	tear_down
done | sed 's/^bench charge/bench short/'

in_cgroup "$where" sh -c "
	. $bench_dir/settings.sh
	set_up loaded || missing short report-2 cg_list \"\$why\"
	$bench_dir/reads report report-2
	tear_down" | sed -n 's/^bench read report-2 cg_list/bench short report-2 cg_list/p'
