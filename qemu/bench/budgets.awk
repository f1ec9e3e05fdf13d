# SPDX-License-Identifier: GPL-2.0-only
#
# Hold what was measured against the budgets; exit 1 if one is exceeded, or
# what it is about was not measured.
#
#	awk -v all=0|1 -f budgets.awk qemu/bench/budgets FILE...
#
# all=1: also those budgets are marked whose guest was not measured at all.

NR == FNR {
	if ($1 !~ /^[0-9]/)
		next
	limit[++n] = $1
	of[n] = $2
	minus[n] = $3 == "-" ? $4 : ""
	words = $0
	sub(/^.*#[ \t]*/, "", words)
	text[n] = words
	next
}

{
	kernels[$1 "/" $2] = 1
	if ($5 != "missing")
		value[$1 "/" $2 "/" $3 "/" $4] = $5
}

function guest(key)
{
	split(key, part, "/")
	return part[1] "/" part[2]
}

END {
	for (i = 1; i <= n; i++) {
		if (!(all && of[i] !~ /\/short\//) && (!(guest(of[i]) in kernels) ||
			     minus[i] && !(guest(minus[i]) in kernels)))
			continue
		if (!heading++)
			print "\nbudgets"
		if (!(of[i] in value) || minus[i] && !(minus[i] in value)) {
			printf "  MISSING          of %9s  %s\n", limit[i], text[i]
			bad = 1
			continue
		}
		v = value[of[i]] - (minus[i] ? value[minus[i]] : 0)
		printf "  %-8s %9.1f of %8s  %s\n",
			(v > limit[i] ? "EXCEEDED" : "within"), v, limit[i], text[i]
		if (v > limit[i])
			bad = 1
	}
	exit bad
}
