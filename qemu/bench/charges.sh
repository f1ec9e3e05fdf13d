# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What charging costs in each setting: charges.sh [SETTING]...
#
# works="WORK..." in the environment measures only those.

# shellcheck source=qemu/bench/settings.sh
. "$(dirname "$0")/settings.sh"

# The depth at which they are charged; each level is a page counter more.
depth=2

keep_few_pages
where=$(make_depth $depth)
works=${works:-}
# The first to use a page of a guest's memory pays for that too: nobody counts.
# shellcheck disable=SC2086	# a list
in_cgroup "$where" "$bench_dir/charges" warm $works > /dev/null

for setting in "${@:-idle}"; do
	if set_up "$setting"; then
		# shellcheck disable=SC2086  # a list
		in_cgroup "$where" "$bench_dir/charges" "$setting" $works ||
			missing charge all "$setting" "charges failed"
	else
		missing charge all "$setting" "$why"
	fi
	tear_down
done
