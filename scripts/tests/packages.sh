# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154,SC2016
#
# Packages: names that apt does not know, an archive that does not answer.

refuses "a mirror that is not there" 'no list of the packages in .*DEBIAN_MIRROR' \
	env DEBIAN_MIRROR="file://$tmp/mirror" DEBIAN_SECURITY="file://$tmp/mirror" \
	bash -c '. "$1/scripts/lib.sh"; . "$1/scripts/lib/apt.sh"; say() { case $1 in error*) echo "$*" ;; esac; }
		make_cache; private_apt nosuite' sh "$top"

# All else is there; apt-get must not be asked to install what it does not know.
stub dpkg-query 'exit 1'
stub apt-cache 'exit 0'
stub apt-get 'case "$*" in *update*) exit 0 ;; *) echo "$*" >> "$STUBS/installed"; exit 0 ;; esac'
stub id 'echo 0'
refuses "packages that apt does not know are not installed" 'do not have .*; nothing was installed' \
	env PATH="$tmp/stubs:$PATH" STUBS="$tmp/stubs" bash -c '"$0" soak 2>&1 | grep error:; exit "${PIPESTATUS[0]}"' \
	"$top/scripts/install-packages"
ok "apt-get was not asked to" [ ! -e "$tmp/stubs/installed" ]
stub id 'echo 1000'
refuses "who is not root is told what is missing" 'not root, and these packages are missing: .*gcc' \
	env PATH="$tmp/stubs:$PATH" "$top/scripts/install-packages" demo
stub apt-get 'exit 1'
rm "$tmp/stubs/dpkg-query"
