# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
#
# Packages of any of Debian's suites, whatever this machine runs: by an apt
# configuration of its own, in the cache, which the machine's apt never sees. What
# it gets is signed by Debian's keys, as they are installed here; nothing of it is
# installed. Sourced behind scripts/lib.sh.
#
# DEBIAN_MIRROR, DEBIAN_SECURITY: where to ask, instead of deb.debian.org.

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
apt_options=()

# private_apt SUITE,SUITE...: from now on these are asked. The lists of packages
# are updated once a day; old ones do where that fails.
private_apt()
{
	local suite uri dir=$cache/apt/$1 suites=${1//,/ }

	need apt-get apt-cache dpkg-deb flock
	[ -r "$keyring" ] ||
		die "$keyring is missing: install the package debian-archive-keyring"
	mkdir -p "$dir/lists/partial" "$dir/archives/partial"
	apt_options=(-q -o "Dir::Etc::sourcelist=$dir/sources.list"
		-o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferences=/dev/null
		-o Dir::Etc::preferencesparts=/dev/null -o "Dir::State::lists=$dir/lists"
		-o Dir::State::status=/dev/null -o "Dir::Cache=$dir"
		-o Dir::Cache::pkgcache=pkgcache.bin -o Dir::Cache::srcpkgcache=
		-o APT::Architecture=amd64 -o APT::Architectures::=amd64
		-o APT::Sandbox::User= -o Acquire::Languages=none -o Acquire::Retries=2
		-o APT::Default-Release= -o Debug::NoLocking=1)
	for suite in $suites; do
		uri=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
		case $suite in
		*-security) uri=${DEBIAN_SECURITY:-http://deb.debian.org/debian-security} ;;
		esac
		echo "deb [arch=amd64 signed-by=$keyring] $uri $suite main"
	done > "$dir/sources.list.$$"
	(
		flock 7
		if cmp -s "$dir/sources.list" "$dir/sources.list.$$" &&
		   [ -n "$(find "$dir/updated" -mmin -1440 2>/dev/null)" ]; then
			rm "$dir/sources.list.$$"
			exit 0
		fi
		# Lists of another mirror, or of other suites, are none of these.
		cmp -s "$dir/sources.list" "$dir/sources.list.$$" || rm -f "$dir/updated"
		mv "$dir/sources.list.$$" "$dir/sources.list"
		say "asking Debian's archive for what $suites has"
		if apt-get "${apt_options[@]}" update > "$dir/log" 2>&1 &&
		   ! grep -q '^Err' "$dir/log"; then
			touch "$dir/updated"
		elif [ -e "$dir/updated" ]; then
			say "it does not answer; the lists of $(date -r "$dir/updated" +%F) do"
		else
			die "no list of the packages in $suites: $(grep -m 1 -E '^(E:|Err)' \
				"$dir/log" | cut -c1-160) (offline? DEBIAN_MIRROR=$uri)"
		fi
	) 7> "$dir/lock" || exit
}

# apt_version PACKAGE [X.Y.Z]: its newest version, of this upstream release if one
# is said; nothing if there is none.
apt_version()
{
	apt-cache "${apt_options[@]}" madison "$1" 2>/dev/null |
		awk -v point="${2:-}" '$3 != "" &&
			(point == "" || $3 == point || index($3, point "-") == 1 ||
			 index($3, point "+") == 1) && !n++ { print $3 }'
}

# apt_depends PACKAGE=VERSION PATTERN: the first dependency whose name matches.
apt_depends()
{
	apt-cache "${apt_options[@]}" show "$1" 2>/dev/null |
		sed -n 's/^Depends: //p' | tr ',|' '\n' | awk '{ print $1 }' |
		grep -E "^$2\$" | sed -n 1p
}

# apt_unpack ROOT PACKAGE[=VERSION]...: download them and unpack them below ROOT,
# without their scripts.
apt_unpack()
{
	local root=$1 tmp=$1.deb deb

	shift
	need_space "$cache" 1500 "unpacking $# packages"
	rm -rf "$tmp"
	mkdir -p "$tmp" "$root"
	(cd "$tmp" && patiently "$root.log" "downloading $*" \
		apt-get "${apt_options[@]}" download "$@") || {
		rm -rf "$tmp"
		die "cannot download $*: $(grep -m 1 -E '^(E:|Err)' "$root.log" | cut -c1-160)"
	}
	for deb in "$tmp"/*.deb; do
		patiently "$root.log" "unpacking ${deb##*/}" dpkg-deb -x "$deb" "$root" || {
			rm -rf "$tmp"
			die "cannot unpack ${deb##*/}: $(tail -n 1 "$root.log")"
		}
	done
	rm -rf "$tmp" "$root.log"
}
