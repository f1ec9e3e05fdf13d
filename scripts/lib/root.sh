# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
#
# Where the tools of a stock kernel's headers run, if they do not run on this
# machine: a directory in the cache with the compiler and the C library of that
# kernel's distribution. Packages are unpacked there and nothing of them is
# installed, so it takes no root; it is entered with mounts of its own, which go
# with the process. Sourced behind scripts/lib/apt.sh.

# What kbuild calls, besides the compiler.
root_packages=(base-files bash dash coreutils sed grep mawk findutils diffutils
	perl-base make bc pahole libelf1 kmod xz-utils)

# kdir_compiler KDIR: the compiler that Debian's headers ask for.
kdir_compiler()
{
	sed -n 's/^CC *=.*\(gcc-[0-9]*\)$/\1/p' "$1/.kernelvariables" 2>/dev/null | tail -n 1
}

# tools_run KDIR: do its tools run here, and is its compiler there?
tools_run()
{
	local cc

	cc=$(kdir_compiler "$1")
	[ -x "$1/scripts/mod/modpost" ] || return
	! ldd "$1/scripts/mod/modpost" 2>&1 | grep 'not found' > /dev/null &&
		command -v "${cc:-gcc}" > /dev/null
}

root_map=()	# how unshare(1) is called by who is not root

# make_root SUITES COMPILER: sets $root; it is made once.
make_root()
{
	local first=${1%%,*} list package

	root=$cache/root/$first-$2
	need unshare flock
	[ "$(id -u)" = 0 ] || root_map=(--map-root-user)
	unshare "${root_map[@]}" --mount true 2>/dev/null ||
		die "no mounts of one's own here, which the tools of Debian $first take: run it as root, not in a chroot"
	[ ! -f "$root/.complete" ] || return 0
	mkdir -p "$cache/root" "$cache/lock"
	(
		flock 8
		[ ! -f "$root/.complete" ] || exit 0
		rm -rf "$root"
		private_apt "$1"
		say "the tools of Debian $first, once: $2 and what it needs"
		for package in "${root_packages[@]}"; do
			[ -z "$(apt_version "$package")" ] || list+=" $package"
		done
		# shellcheck disable=SC2086	# a list of words
		list=$(apt-get "${apt_options[@]}" -s --no-install-recommends install \
			$list "$2" 2> "$root.why" | awk '$1 == "Inst" {
				gsub(/[()]/, "", $3); print $2 "=" $3 }')
		[ -n "$list" ] ||
			die "apt does not know what $2 of $first needs: $(tail -n 1 "$root.why")"
		rm "$root.why"
		# shellcheck disable=SC2086
		apt_unpack "$root" $list
		# What the packages' scripts would have done.
		[ -e "$root/bin" ] || ln -s usr/bin "$root/bin"
		[ -e "$root/usr/bin/awk" ] || ln -s mawk "$root/usr/bin/awk"
		[ -e "$root/usr/bin/sh" ] || ln -s dash "$root/usr/bin/sh"
		mkdir -p "$root/dev" "$root/proc" "$root/tmp"
		touch "$root/.complete"
	) 8> "$cache/lock/root-$first-$2" || exit
}

# in_root ROOT COMMAND...: in there, after make_root, with the cache at its usual place.
in_root()
{
	local dir=$1

	shift
	mkdir -p "$dir/$cache" ${shared_cache:+"$dir/$shared_cache"}
	# shellcheck disable=SC2016	# for the shell in there
	unshare "${root_map[@]}" --mount sh -c '
		dir=$1 cache=$2 shared=$3
		shift 3
		mount --bind "$cache" "$dir/$cache" &&
			{ [ -z "$shared" ] || mount --bind "$shared" "$dir/$shared"; } &&
			mount --rbind /dev "$dir/dev" && mount --rbind /proc "$dir/proc" || exit
		exec chroot "$dir" /usr/bin/env -i PATH=/usr/bin:/usr/sbin:/bin:/sbin \
			HOME=/tmp LC_ALL=C "$@"' \
		sh "$dir" "$cache" "$shared_cache" "$@"
}
