#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The manual pages: no warnings, and every column and counter in them.

set -euo pipefail
command -v man > /dev/null || { echo "man is not installed"; exit 77; }
for page in ../memcgstat.8 ../cg_list.5; do
	warnings=$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 \
		man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 > /dev/null)
	if [ -n "$warnings" ]; then
		echo "$page: $warnings"
		exit 1
	fi
done
sed -n -e '/define CGL_COUNTERS/q' -e 's/^\tX(\([a-z_]*\)).*/\1/p' ../../module/names.h |
while read -r name; do
	grep -qw "$name" ../cg_list.5 || { echo "cg_list.5 lacks $name"; exit 1; }
done
