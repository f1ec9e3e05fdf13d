# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
#
# The table of kernels, and the names that scripts take.

kernels_tests()
(
	# A table of the test's own.
	cat > "$tmp/tab" <<-'EOF'
	# version 0.1 not this one
	version	5.1	old	tools,more	src-5.1	img
	version	5.1.7	older	tools	src-5.1	img-5.1	# a comment
	flavour	none	yes	demo,kernel
	flavour	raw	no	demo
	use	test	5.1	*
	use	test	5.1-raw	02-*	24-*
	use	demo	5.1-raw
	EOF
	export KERNELS_TAB=$tmp/tab
	# shellcheck source=scripts/lib/kernels.sh
	. "$top/scripts/lib/kernels.sh"

	ok "a version's packages and suites" [ \
		"$(find_version 5.1 && echo "$k_line $k_point $k_suites $k_tools $k_source $k_image")" = \
		"5.1  old tools,more src-5.1 img" ]
	ok "a point release with a line of its own" [ \
		"$(find_version 5.1.7 && echo "$k_line $k_point $k_suites $k_image")" = \
		"5.1 5.1.7 older img-5.1" ]
	ok "a point release without one is its series'" [ \
		"$(find_version 5.1.9 && echo "$k_line $k_point $k_suites")" = "5.1 5.1.9 old" ]
	ok "what begins alike is another version" [ "$(find_version 5.10 || echo no)" = no ]
	ok "a comment is no version" [ "$(find_version 0.1 || echo no)" = no ]
	ok "a flavour's fragments" [ \
		"$(find_flavour '' && echo "$f_patched ${f_fragments[*]}")" = "yes demo kernel" ]
	ok "a flavour without the patches" [ \
		"$(find_flavour raw && echo "$f_patched,${f_fragments[*]}")" = ",demo" ]
	ok "kernels for a purpose, in their order" [ "$(kernels_for test | paste -sd ' ')" = "5.1 5.1-raw" ]
	ok "tests are patterns, not files here" [ "$(cd "$top" && tests_for test 5.1 | xargs)" = '*' ]
	ok "several of them" [ "$(tests_for test 5.1-raw | xargs -n 1 | paste -sd ' ')" = "02-* 24-*" ]
	echo "$n $failed" > "$tmp/state"
)
kernels_tests
read -r n failed < "$tmp/state"

refuses "an unknown version" 'unknown kernel version 4\.19 \(.* are known\)' \
	"$top/scripts/build-kernel" 4.19
refuses "a name that is none" 'unknown kernel version latest' "$top/scripts/build-kernel" latest
refuses "an unknown flavour" 'unknown flavour turbo' "$top/scripts/build-kernel" 6.1-turbo
refuses "no name" 'usage: scripts/build-kernel' "$top/scripts/build-kernel"
refuses "build-module without a kernel" 'usage: scripts/build-module' "$top/scripts/build-module"
refuses "an unknown purpose of packages" 'usage: scripts/install-packages' \
	"$top/scripts/install-packages" games
refuses "an unknown group of checks" 'no group nonsense' "$top/scripts/check" nonsense
refuses "a deadline that is no number" 'DEADLINE=soon is no number' \
	env DEADLINE=soon "$top/scripts/test"
refuses "a KDIR that is no kernel" 'has no Makefile.*KDIR=' make -s -C "$top" module KDIR="$tmp"
touch "$tmp/Makefile"
refuses "a KDIR that is not configured" 'is no configured kernel' \
	make -s -C "$top" module KDIR="$tmp"

# What is left out is named, also where nothing else was done.
ok "after the deadline all is skipped by name" [ \
	"$(unset OUT; DEADLINE=0 KERNEL=6.1-stock TESTS='05-*' "$top/scripts/test" 2>&1 |
		grep -E 'SKIP|passed|^  6' | paste -sd '|')" = \
	"  ok - 6.1-stock: all # SKIP the deadline of 0 s has passed|  6.1-stock|0 passed, 0 failed, 1 skipped" ]
