# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2031,SC2154
#
# A kernel's source: what is none is refused, and the series that applies exactly
# is taken.

# tree DIR X.Y.Z [LINE]: what looks like the source of that kernel; LINE is the
# middle one of its memcontrol.c.
tree()
{
	local numbers

	IFS=. read -ra numbers <<< "$2"
	mkdir -p "$1/mm" "$1/include/linux"
	: > "$1/Kbuild"
	printf 'VERSION = %s\nPATCHLEVEL = %s\nSUBLEVEL = %s\n' "${numbers[@]}" > "$1/Makefile"
	printf 'a\nb\nc\n%s\ne\nf\ng\n' "${3:-old}" > "$1/mm/memcontrol.c"
}

tree "$tmp/6.1" 6.1.5
mkdir -p "$tmp/none"
refuses "a directory that is no source" 'is no kernel.s source' \
	env KERNEL_SRC="$tmp/none" "$top/scripts/build-kernel" 6.1
refuses "a directory that is not there" 'is no kernel.s source' \
	env KERNEL_SRC="$tmp/nowhere" "$top/scripts/build-kernel" 6.1
refuses "a source of another version" 'is Linux 6\.1\.5, not 6\.12: ask for KERNEL=6\.1' \
	env KERNEL_SRC="$tmp/6.1" "$top/scripts/build-kernel" 6.12
touch "$tmp/6.1/include/linux/cg_list.h"
refuses "a source with the patches, or half of them" "has cg_list's patches, all or some" \
	env KERNEL_SRC="$tmp/6.1" "$top/scripts/build-kernel" 6.1
rm "$tmp/6.1/include/linux/cg_list.h"
refuses "a source to which no series applies" \
	'no series .* applies to Linux 6\.1\.5: patches/6\.1 \(tried on .*\): 0001-.*\.patch, ' \
	env KERNEL_SRC="$tmp/6.1" "$top/scripts/build-kernel" 6.1
tree "$tmp/4.19" 4.19.1
refuses "a source before 6.1" 'Linux 4\.19\.1' \
	env KERNEL_SRC="$tmp/4.19" "$top/scripts/build-kernel" 4.19
rm "$tmp/6.1/mm/memcontrol.c"
refuses "a source without memory cgroups" 'no memory cgroups' \
	env KERNEL_SRC="$tmp/6.1" "$top/scripts/build-kernel" 6.1

stub df 'echo "Filesystem 1M-blocks Used Available"; echo "x 10 9 1 99% /"'
refuses "a disk that is full" 'needs 3500 MB .* has 1 MB left' \
	env PATH="$tmp/stubs:$PATH" bash -c '. "$0"; make_cache; need_space "$cache" 3500 "building a kernel"' \
	"$top/scripts/lib.sh"

# Two series of which one fits the older releases, one the newer ones.
series_tests()
(
	top=$tmp/top
	name=5.1
	mkdir -p "$top/qemu" "$top/patches/5.1" "$top/patches/5.1.7"
	echo 5.1.8 5.1.9 > "$top/patches/5.1/range"
	echo 5.1.2 5.1.7 > "$top/patches/5.1.7/range"
	for series in 5.1:new 5.1.7:old; do
		tree "$tmp/a" 5.1.1 "${series#*:}"
		tree "$tmp/b" 5.1.1 "${series#*:} patched"
		(cd "$tmp" && diff -u a/mm/memcontrol.c b/mm/memcontrol.c) \
			> "$top/patches/${series%:*}/0001-first.patch" || true
		# The second one needs the first.
		tree "$tmp/a" 5.1.1 "${series#*:} patched twice"
		(cd "$tmp" && diff -u b/mm/memcontrol.c a/mm/memcontrol.c | sed 's#^\(---\|+++\) [ab]/#\1 a/#') \
			> "$top/patches/${series%:*}/0002-second.patch" || true
	done
	KERNELS_TAB=$tmp/tab
	: > "$KERNELS_TAB"
	# shellcheck source=scripts/lib/kernels.sh
	. "$(dirname "$0")/../lib/kernels.sh"
	# shellcheck source=scripts/lib/source.sh
	. "$(dirname "$0")/../lib/source.sh"
	k_line=5.1
	series=
	tree "$tmp/old" 5.1.7 old
	tree "$tmp/new" 5.1.9 new
	tree "$tmp/newer" 5.1.20 new
	tree "$tmp/other" 5.1.21 other
	name=source

	ok "an old release: the older series" [ \
		"$(choose_series "$tmp/old" 2>&1 && echo "$series")" = "$top/patches/5.1.7" ]
	ok "a new release: the newest series" [ \
		"$(choose_series "$tmp/new" 2>&1 && echo "$series")" = "$top/patches/5.1" ]
	ok "the source is left as it was" [ "$(sed -n 4p "$tmp/new/mm/memcontrol.c")" = new ]
	ok "one beyond the range is taken, and that is said" [ \
		"$(choose_series "$tmp/newer" 2>&1 && echo "$series")" = \
		"$me: source: note: patches/5.1 applies to Linux 5.1.20, but was tried on 5.1.8 to 5.1.9 only
$top/patches/5.1" ]
	ok "where none applies, each is named with its first hunk that does not" [ \
		"$(choose_series "$tmp/other" 2>&1)" = \
		"$me: error: source: no series of patches applies to Linux 5.1.21: patches/5.1 (tried on 5.1.8 to 5.1.9): 0001-first.patch, mm/memcontrol.c, hunk 1; patches/5.1.7 (tried on 5.1.2 to 5.1.7): 0001-first.patch, mm/memcontrol.c, hunk 1" ]
	echo "$n $failed" > "$tmp/state"
)
series_tests
read -r n failed < "$tmp/state"
