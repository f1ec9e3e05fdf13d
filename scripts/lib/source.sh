# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154
#
# A kernel's source, and the series of patches that fits it. Sourced by
# scripts/build-kernel.

# tree_release TREE: X.Y.Z of a kernel's source; nothing if it is none.
tree_release()
{
	[ -f "$1/Makefile" ] && [ -f "$1/Kbuild" ] && [ -d "$1/mm" ] || return 0
	awk '$2 == "=" && $1 ~ /^(VERSION|PATCHLEVEL|SUBLEVEL)$/ { v[$1] = $3 }
		END { if (v["VERSION"] != "")
			print v["VERSION"] "." v["PATCHLEVEL"] "." v["SUBLEVEL"] + 0 }' "$1/Makefile"
}

# source_find: sets $src_id, which names the source as it is now, and $src_deb.
source_find()
{
	local release

	if [ -n "${KERNEL_SRC:-}" ]; then
		release=$(tree_release "$KERNEL_SRC")
		[ -n "$release" ] || die "KERNEL_SRC=$KERNEL_SRC is no kernel's source"
		case $release in
		"$k_line".*) ;;
		*) die "KERNEL_SRC=$KERNEL_SRC is Linux $release, not $k_line: ask for KERNEL=${release%.*}" ;;
		esac
		[ -f "$KERNEL_SRC/mm/memcontrol.c" ] ||
			die "KERNEL_SRC=$KERNEL_SRC has no memory cgroups (mm/memcontrol.c)"
		[ -z "$patched" ] || [ ! -e "$KERNEL_SRC/include/linux/cg_list.h" ] ||
			die "KERNEL_SRC=$KERNEL_SRC has cg_list's patches, all or some: give the tree without them"
		src_id=$(cd "$KERNEL_SRC" && find . -path ./.git -prune -o -type f \
			-printf '%p %s %T@\n' | LC_ALL=C sort | sha256sum | cut -c1-16)
		return
	fi
	private_apt "$k_suites"
	src_deb=$(apt_version "$k_source" "$k_point")
	[ -n "$src_deb" ] || die "$k_suites: no package $k_source${k_point:+ of version $k_point}"
	src_id=$k_source-$src_deb
}

# source_tree: the tree that a kernel is made from, without patches; Debian's is
# unpacked once and kept.
source_tree()
{
	local tree=$cache/src/$src_id tarball

	if [ -n "${KERNEL_SRC:-}" ]; then
		echo "$KERNEL_SRC"
		return
	fi
	if [ -n "$shared_cache" ] && [ -f "$shared_cache/src/$src_id/.cg_list_complete" ]; then
		echo "$shared_cache/src/$src_id"
		return
	fi
	[ ! -f "$tree/.cg_list_complete" ] || { echo "$tree"; return; }
	mkdir -p "$cache/src" "$cache/lock"
	(
		flock 8
		[ ! -f "$tree/.cg_list_complete" ] || exit 0
		need_space "$cache" 3000 "unpacking a kernel's source"
		rm -rf "$tree"
		tarball=usr/src/$k_source.tar.xz
		say "$name: getting $k_source $src_deb"
		if [ "$(dpkg-query -W -f '${Version}' "$k_source" 2>/dev/null)" = "$src_deb" ] &&
		   [ -r "/$tarball" ]; then
			tarball=/$tarball
		else
			apt_unpack "$tree.package" "$k_source=$src_deb"
			tarball=$tree.package/$tarball
		fi
		mkdir "$tree"
		patiently "$tree.log" "$name: unpacking the source" \
			tar -xJf "$tarball" -C "$tree" --strip-components=1 \
			--exclude='*/Documentation/*/*' || {
			rm -rf "$tree"
			die "cannot unpack ${tarball##*/}: $(tail -n 1 "$tree.log")"
		}
		rm -rf "$tree.package" "$tree.log"
		touch "$tree/.cg_list_complete"
	) 8> "$cache/lock/src-$src_id" >&2 || exit
	echo "$tree"
}

# patch_files PATCH...: the files that they change.
patch_files()
{
	sed -n -E 's#^(\+\+\+|---) [ab]/([^[:space:]]*).*#\2#p' "$@" | LC_ALL=C sort -u
}

# series_applies DIR TREE: does the series apply, each patch exactly? What of it
# does not is in $why.
series_applies()
{
	local tmp p f rc=0 said

	tmp=$(mktemp -d "${TMPDIR:-/tmp}/cg_list-series.XXXXXX")
	why=
	while read -r f; do
		[ -e "$2/$f" ] || continue
		mkdir -p "$tmp/${f%/*}"
		cp "$2/$f" "$tmp/$f"
	done < <(patch_files "$1"/*.patch)
	for p in "$1"/*.patch; do
		said=$(patch -d "$tmp" -p1 -F0 -f -N --no-backup-if-mismatch < "$p" 2>&1) && continue
		rc=1
		why=$(awk -v patch="${p##*/}" '
			/^(patching|checking) file / { file = $3 }
			/FAILED|can.t find file|already exists/ && !said++ {
				n = match($0, /#[0-9]+/) ? substr($0, RSTART + 1, RLENGTH - 1) : "?"
				print patch ", " file ", hunk " n }' <<< "$said")
		why=${why:-"${p##*/}: $(head -n 1 <<< "$said")"}
		break
	done
	rm -rf "$tmp"
	return "$rc"
}

# choose_series TREE: sets $series to the directory whose patches apply to it, the
# newest first, and says when this release is not one that they were tried on.
choose_series()
{
	local release s list whys=

	release=$(tree_release "$1")
	list=$(series_of "$k_line")
	# Of a kernel that nobody has read yet, the newest series may do.
	[ -n "$list" ] || list=$(series_of "" | sed -n 1p)
	for s in $list; do
		[ -n "$(find "$top/patches/$s" -name '*.patch' 2>/dev/null)" ] || {
			whys+="; patches/$s is empty"
			continue
		}
		if series_applies "$top/patches/$s" "$1"; then
			series=$top/patches/$s
			series_words="patches/$s, tried on $(series_range "$s"), for Linux $release"
			series_tried "$s" "$release" ||
				say "$name: note: patches/$s applies to Linux $release, but was tried on $(series_range "$s") only"
			return
		fi
		whys+="; patches/$s (tried on $(series_range "$s")): $why"
	done
	die "$name: no series of patches applies to Linux $release: ${whys#; }"
}
