# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
#
# Debian's own kernels, unpacked in the cache. Sourced by scripts/build-kernel.

# stock_find: sets $image and $deb_version, which name the kernel.
stock_find()
{
	private_apt "$k_suites"
	deb_version=$(apt_version "$k_image" "$k_point")
	[ -n "$deb_version" ] ||
		die "$k_suites: no package $k_image${k_point:+ of version $k_point}"
	image=$(apt_depends "$k_image=$deb_version" "linux-image-[0-9].*") || true
	case $image in
	linux-image-"$k_line".*) ;;
	*) die "$k_image $deb_version is no kernel $k_line but ${image:-none}" ;;
	esac
}

# stock_packages: the image and the headers, and what they consist of.
stock_packages()
{
	local release=${image#linux-image-}

	apt-cache "${apt_options[@]}" depends --recurse --no-recommends --no-suggests \
		--no-conflicts --no-breaks --no-replaces --no-enhances \
		"$image" "linux-headers-$release" 2>/dev/null |
		grep -E '^linux-(image|binary|modules|base|headers|kbuild|compiler)-' |
		grep -v -e '-unsigned$' | sort -u
}

stock_build()
{
	local release=${image#linux-image-} debs modules f

	say "$name: getting $image $deb_version"
	mapfile -t debs < <(stock_packages | sed "s/\$/=$deb_version/")
	apt_unpack "$dir/root" "${debs[@]}"

	# Debian's headers name each other by absolute paths; all may be below /usr.
	sed -i "s#/usr/src/#$dir/root/usr/src/#" \
		"$dir/root/usr/src/linux-headers-$release/Makefile"
	[ -e "$dir/root/lib" ] || ln -s usr/lib "$dir/root/lib"
	modules=lib/modules/$release
	ln -s "root/usr/src/linux-headers-$release" "$dir/kdir"
	ln -s "root/$modules" "$dir/modules"
	if [ -e "$dir/root/boot/vmlinuz-$release" ]; then
		ln -s "root/boot/vmlinuz-$release" "$dir/bzImage"
	else
		ln -s "root/$modules/vmlinuz" "$dir/bzImage"
	fi
	for f in bzImage modules/kernel kdir/Makefile; do
		[ -e "$dir/$f" ] || die "$name: no $f in ${debs[*]}"
	done
	patiently "$log" "$name: listing its modules" /sbin/depmod -b "$dir/root" "$release" ||
		fail_log "depmod"
}
