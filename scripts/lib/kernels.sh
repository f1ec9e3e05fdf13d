# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What qemu/kernels.tab says. Sourced behind scripts/lib.sh.

# shellcheck disable=SC2154	# top: scripts/lib.sh
kernels_tab=${KERNELS_TAB:-$top/qemu/kernels.tab}

# kernel_rows KIND: the lines of this kind, without their first word.
kernel_rows()
{
	awk -v kind="$1" '{ sub(/#.*/, "") }
		$1 == kind { $1 = ""; print substr($0, 2) }' "$kernels_tab"
}

# kernels_for PURPOSE: the kernels that a script uses for it, a line each.
kernels_for()
{
	kernel_rows use | awk -v purpose="$1" '$1 == purpose { print $2 }'
}

# kernel_for PURPOSE: the first of these.
kernel_for()
{
	kernels_for "$1" | sed -n 1p
}

# tests_for PURPOSE KERNEL: the patterns of the tests that run on it, a line.
tests_for()
{
	kernel_rows use | awk -v purpose="$1" -v kernel="$2" '
		$1 == purpose && $2 "" == kernel "" { $1 = $2 = ""; print }'
}

# kernel_versions: the names of the versions, in a line.
kernel_versions()
{
	kernel_rows version | awk '{ print $1 }' | paste -sd ' '
}

# supported_versions: the versions X.Y that `make test` or `make soak` runs the tests
# on, a line each.
supported_versions()
{
	{ kernels_for test; kernels_for soak-suite; } | sed 's/-.*//' | cut -d . -f 1,2 | sort -Vu
}

# find_version NAME: sets k_line (the series: X.Y), k_point (X.Y.Z, if NAME is
# one), k_suites, k_tools, k_source and k_image. Fails when nothing is known of it.
# shellcheck disable=SC2034	# for who sources this
find_version()
{
	local row

	[[ $1 =~ ^[0-9]+\.[0-9]+(\.[0-9]+)?$ ]] || return 1
	k_line=$(cut -d . -f 1,2 <<< "$1")
	k_point=
	[ "$1" = "$k_line" ] || k_point=$1
	# As text: to awk 6.10 would be 6.1.
	row=$(kernel_rows version | awk -v name="$1" -v line="$k_line" '
		$1 "" == name "" { exact = $0 }
		$1 "" == line "" { other = $0 }
		END { print exact != "" ? exact : other }')
	[ -n "$row" ] || return 1
	read -r _ k_suites k_tools k_source k_image <<< "$row"
}

# find_flavour NAME: sets f_patched ("yes" or nothing) and f_fragments (an array).
# shellcheck disable=SC2034
find_flavour()
{
	local row

	row=$(kernel_rows flavour | awk -v name="${1:-none}" '$1 == name')
	[ -n "$row" ] || return 1
	read -r _ f_patched f_fragments <<< "$row"
	[ "$f_patched" = yes ] || f_patched=
	IFS=, read -ra f_fragments <<< "$f_fragments"
}

# series_of X.Y: the directories of patches for it, that for the newest releases
# first; of all if nothing is given.
series_of()
{
	local dir first last

	for dir in "$top/patches"/*/; do
		dir=$(basename "$dir")
		case $dir in
		"${1:-$dir}"|"$1".*) ;;
		*) continue ;;
		esac
		read -r first last < "$top/patches/$dir/range" || true
		echo "${last:-0} $dir"
	done 2>/dev/null | sort -Vr | cut -d ' ' -f 2
}

# series_range DIRECTORY: the point releases on which the series was tried.
series_range()
{
	local first='' last=''

	read -r first last < "$top/patches/$1/range" || true
	[ "$first" = "$last" ] || first+=" to $last"
	echo "$first"
}

# series_tried DIRECTORY X.Y.Z: is this release within that range?
series_tried()
{
	local first='' last=''

	read -r first last < "$top/patches/$1/range" || true
	printf '%s\n' "$first" "$2" "$last" | sort -VC
}
