# SPDX-License-Identifier: GPL-2.0-only
#
# The laws of the charge path counters, over /proc/cg_list/memcgs. A line of a
# cgroup or a sum that breaks one is printed; exit status 1 then. Printed at the
# end: calls=N, the charges that were counted.
#
# A counter that this kernel has no branch for is absent, and 0 in a sum.

function get(name)
{
	return name in v ? v[name] : 0
}

function law(name, a, b)
{
	if (a == b)
		return
	printf "law of %s: %d is not %d: %s\n", name, a, b, $0
	bad = 1
}

function laws(end, whys)
{
	end = get("nomem") + get("force")
	whys = get("why_memalloc") + get("why_in_oom") + get("why_atomic") + \
		get("why_victim") + get("why_noretry") + get("why_mayfail") + \
		get("why_dying") + get("why_oom")
	law("limit", get("limit"), get("shrink") + get("reclaim") + \
		get("why_memalloc") + get("why_in_oom") + get("why_atomic") + \
		get("why_victim"))
	law("reclaim", get("reclaim"), get("retry_margin") + \
		get("retry_drain") + get("retry_progress") + \
		get("retry_move") + get("retry_count") + get("why_noretry") + \
		get("why_mayfail") + get("why_dying") + get("oom"))
	law("oom", get("oom"), get("oom_retry") + get("why_oom"))
	law("why", end, whys)
	law("limit_memsw", get("limit_memsw") <= get("limit"), 1)
}

$1 == "charge" {
	split("", v)
	for (i = 2; i <= NF; i++) {
		split($i, pair, "=")
		v[pair[1]] = pair[2]
		sum[pair[1]] += pair[2]
	}
	laws()
	lines++
}

$1 == "slow" {
	for (i = 2; i <= NF; i++) {
		split($i, pair, "=")
		if (pair[1] == "count")
			count = pair[2]
		if (pair[1] == "hist") {
			n = split(pair[2], bucket, ",")
			for (hist = 0; n; n--)
				hist += bucket[n]
		}
	}
	law("hist", count, hist)
}

END {
	law("limit and limited, all cgroups", sum["limit"], sum["limited"])
	law("limit_memsw and limited_memsw, all cgroups", sum["limit_memsw"],
	    sum["limited_memsw"])
	law("reclaim and limited_reclaim, all cgroups", sum["reclaim"],
	    sum["limited_reclaim"])
	# What left the loop before any reclaim, by why it did; a victim may have
	# reclaimed before.
	atomic = sum["why_memalloc"] + sum["why_in_oom"] + sum["why_atomic"]
	early = sum["limited_force"] + sum["limited_nomem"]
	if ("why_atomic" in sum)
		law("limited_force and limited_nomem, all cgroups",
		    early >= atomic && early <= atomic + sum["why_victim"], 1)
	if (!lines) {
		print "no charge line at all"
		bad = 1
	}
	printf "calls=%d\n", sum["stock"] + sum["batch"] + sum["exact"] + \
		sum["nomem"] + sum["force"]
	exit bad
}
