# SPDX-License-Identifier: GPL-2.0-only
#
# Hold what was measured against the budgets; exit 1 if one is exceeded, or
# what it is about was not measured.
#
#	awk -v all=0|1 -f budgets.awk qemu/bench/budgets FILE...
#
# all=1: also those budgets are marked whose guest was not measured at all.

NR == FNR {
	if ($1 !~ /^>?[0-9]/)
		next
	least[++n] = $1 ~ /^>/
	limit[n] = substr($1, 1 + least[n]) + 0
	of[n] = $2
	operator[n] = $3
	other[n] = $3 == "-" || $3 == "/" ? $4 : ""
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
			     other[i] && !(guest(other[i]) in kernels)))
			continue
		if (!heading++)
			print "\nbudgets"
		if (!(of[i] in value) || other[i] && !(other[i] in value)) {
			printf "  MISSING             of %8s  %s\n", limit[i], text[i]
			bad = 1
			continue
		}
		v = value[of[i]]
		if (operator[i] == "-")
			v -= value[other[i]]
		else if (operator[i] == "/")
			v /= value[other[i]]
		over = least[i] ? v < limit[i] : v > limit[i]
		printf "  %-8s %10.*f of %8s  %s\n",
			over ? "EXCEEDED" : "within", limit[i] < 2 ? 3 : 1, v,
			limit[i], text[i]
		if (over)
			bad = 1
	}
	exit bad
}
