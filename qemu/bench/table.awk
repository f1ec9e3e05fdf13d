# SPDX-License-Identifier: GPL-2.0-only
#
# The tables of scripts/bench, from lines KERNEL GROUP WHAT SETTING VALUE, or
# "missing" and why in place of the value.
#
#	awk -f table.awk FILE...

function seen(list, key)
{
	if ((list, key) in known)
		return
	known[list, key] = 1
	n[list]++
	member[list, n[list]] = key
	if (length(key) > width[list])
		width[list] = length(key)
}

function number(v)
{
	return v < 1000 ? sprintf("%.1f", v) : sprintf("%.0f", v)
}

{
	table = $1 SUBSEP $2
	seen("tables", table)
	seen(table, $3)
	seen(table " columns", $4)
	if ($5 == "missing") {
		why = $0
		sub(/.* missing ?/, "", why)
		missing[++nmissing] = $1 "/" $2 "/" $3 "/" $4 ": " why
		lost[$1, $2, $3, $4] = 1
	} else {
		value[$1, $2, $3, $4] = $5
	}
}

# What a cell says: a charge adds so much to what it costs without anything.
function cell(kernel, group, what, column,	v, base)
{
	if (!((kernel, group, what, column) in value))
		return (kernel, group, what, column) in lost ? "missing" : "-"
	v = value[kernel, group, what, column]
	if (group != "charge")
		return number(v)
	if (kernel == "6.1" && ("6.1-nopatch", group, what, "idle") in value)
		base = value["6.1-nopatch", group, what, "idle"]
	else if (column == "idle")
		return number(v)
	else if ((kernel, group, what, "idle") in value)
		base = value[kernel, group, what, "idle"]
	else
		return number(v)
	return sprintf("%+.1f", v - base)
}

END {
	for (t = 1; t <= n["tables"]; t++) {
		table = member["tables", t]
		split(table, name, SUBSEP)
		columns = table " columns"
		wide = width[table] > 16 ? width[table] : 16
		printf "\n%s, %s\n%-*s", name[2],
			name[1] == "host" ? "on this machine" : "kernel " name[1],
			wide, ""
		for (c = 1; c <= n[columns]; c++)
			if (member[columns, c] != "any")
				printf " %11s", member[columns, c]
		print ""
		for (r = 1; r <= n[table]; r++) {
			printf "%-*s", wide, member[table, r]
			for (c = 1; c <= n[columns]; c++)
				if (member[columns, c] != "any")
					printf " %11s", cell(name[1], name[2],
						member[table, r], member[columns, c])
			print ""
		}
	}
	if (nmissing)
		print "\nnot measured:"
	for (i = 1; i <= nmissing; i++)
		print "  " missing[i]
}
