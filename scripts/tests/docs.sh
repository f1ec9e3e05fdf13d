# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2154
#
# What scripts/check-docs says of a tree in which one thing is wrong.

# The files that git knows, in a clone of their own.
copy=$tmp/docs
mkdir "$copy"
(cd "$top" && git -c safe.directory="$top" ls-files -z |
	xargs -0 cp -P --parents -t "$copy" 2>/dev/null) || true
git -C "$copy" init -q
git -C "$copy" -c safe.directory="$copy" add -A

# wrong DESCRIPTION PATTERN CHECK FILE COMMAND...: after the command, which gets the
# file as its last argument, this check says one line, about it.
wrong()
{
	local what=$1 pattern=$2 check=$3 file=$copy/$4

	shift 4
	cp "$file" "$tmp/before"
	"$@" "$file"
	refuses "$what" "$pattern" "$copy/scripts/check-docs" "$check"
	cp "$tmp/before" "$file"
}

# append TEXT FILE
append()
{
	printf '%s\n' "$1" >> "$2"
}

ok "the documents agree with the code" "$copy/scripts/check-docs"
wrong "a README that is too long" '^README\.md: [0-9]+ lines, more than 150' \
	size README.md append "$(yes . | head -n 150)"
wrong "a README that is too large" '^README\.md: [0-9]+ bytes, more than 7168' \
	size README.md append "$(printf '%7000s' .)"
wrong "a file that a document names and is not there" \
	'^HACKING\.md:[0-9]+: there is no module/nowhere\.c$' \
	paths HACKING.md append 'See `module/nowhere.c`.'
wrong "one that a comment names" '^module/core/main\.c:[0-9]+: there is no qemu/nowhere$' \
	paths module/core/main.c append '/* see qemu/nowhere */'
wrong "another version in dkms.conf" '^dkms\.conf: PACKAGE_VERSION is 9\.9' \
	version dkms.conf sed -i 's/^PACKAGE_VERSION=.*/PACKAGE_VERSION="9.9"/'
wrong "a changelog without this version" '^debian/changelog: its newest entry is 9\.9' \
	version debian/changelog sed -i '1s/(.*)/(9.9)/'
wrong "a field that the manual page lacks" 'cset gone is in include/cg_list/names\.h' \
	contract include/cg_list/names.h sed -i 's/^\tX(cset, tasks,/\tX(cset, gone, FLAG, "") &/'
wrong "a field that only the manual page has" 'cset gone is here and not in' \
	contract "$(cd "$copy" && git ls-files | grep '/cg_list\.5$')" \
	sed -i 's/^\.I tasks refs/.I gone tasks refs/'
wrong "a counter that the manual page lacks" 'counters: gone is in include/cg_list/names\.h' \
	contract include/cg_list/names.h sed -i 's/^\tX(charge, stock,/\tX(charge, gone, COUNT, "") &/'
wrong "another mode of a file" 'reset has the mode 0222' \
	contract include/cg_list/names.h sed -i 's/X(reset,\([[:space:]]*\)0200/X(reset,\10222/'

# Two lines: the arrow that is new stands below.
looks_up()
{
	append '#include "core/status.h"' "$copy/module/base/out.h"
	! "$copy/scripts/check-docs" floors > "$tmp/said" &&
		grep -q '^docs/floors\.dot is not the code' "$tmp/said" &&
		grep -q '^>.*"module/base" -> "module/core"' "$tmp/said"
}
ok "an arrow that is not in the picture" looks_up
