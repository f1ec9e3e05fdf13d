# SPDX-License-Identifier: GPL-2.0-only
#
# The numbers of scripts/bench as JSON: an array of objects with kernel, group,
# what, setting, and value or missing.

function string(s)
{
	gsub(/[\\"]/, "\\\\&", s)
	gsub(/[^ -~]/, "?", s)
	return "\"" s "\""
}

BEGIN {
	print "["
}

{
	if (NR > 1)
		print ","
	printf "  {\"kernel\": %s, \"group\": %s, \"what\": %s, \"setting\": %s, ",
		string($1), string($2), string($3), string($4)
	if ($5 == "missing") {
		why = $0
		sub(/.* missing ?/, "", why)
		printf "\"missing\": %s}", string(why)
	} else {
		printf "\"value\": %s}", $5
	}
}

END {
	print "\n]"
}
