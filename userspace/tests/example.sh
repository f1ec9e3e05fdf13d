#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The example of libcg_list: built beside the library, and by pkg-config from
# what `make install` installs, with the shared library and the static one. No
# symbol but those of the map can be used.

set -euo pipefail
: "${built:?where everything was built; run sets it}"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
want='4096 bytes are left of the limit of /pods/job'

fail()
{
	echo "$1"
	exit 1
}

[ "$(wc -l < ../lib/example.c)" -le 50 ] || fail "the example is long"
got=$(LD_LIBRARY_PATH=$built "$built/example" 1234 trees/patched-v2)
[ "$got" = "$want" ] || fail "the example says: $got"
rc=0
LD_LIBRARY_PATH=$built "$built/example" 77 trees/patched-v2 2> "$tmp/err" || rc=$?
[ "$rc $(cat "$tmp/err")" = "1 example: no process 77" ] || fail "its error: $(cat "$tmp/err")"

nm -D --defined-only "$built/libcg_list.so.0" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' |
	sort > "$tmp/shared"
nm -g --defined-only "$built/libcg_list.a" | awk 'NF == 3 { print $3 }' | sort > "$tmp/static"
sed -n 's/^\t\t\(cgl_.*\);/\1/p' ../lib/libcg_list.map | sort > "$tmp/map"
diff "$tmp/map" "$tmp/shared" || fail "the shared library's symbols are not the map's"
diff "$tmp/map" "$tmp/static" || fail "the static library's symbols are not the map's"
readelf -V "$built/libcg_list.so.0" | grep 'CG_LIST_0' > /dev/null || fail "no version of symbols"
objdump -t "$built/libcg_list.so.0" | awk '$3 == "O" || $2 == "O" { print }' |
	awk '/ \.(data|bss)\t/ && $NF !~ /^(completed|__dso_handle|_?_)/' > "$tmp/state"
case $built in
*asan*) exit 0 ;;
esac
[ ! -s "$tmp/state" ] || fail "global state: $(cat "$tmp/state")"

command -v pkg-config > /dev/null || { echo "pkg-config is not installed"; exit 77; }
make -s -C .. install O="${built##*/}" DESTDIR="$tmp/root" PREFIX=/usr > /dev/null
export PKG_CONFIG_PATH=$tmp/root/usr/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$tmp/root
read -ra flags <<< "$(pkg-config --cflags --libs libcg_list)"
${CC:-cc} -o "$tmp/dynamic" ../lib/example.c "${flags[@]}"
got=$(LD_LIBRARY_PATH=$tmp/root/usr/lib "$tmp/dynamic" 1234 trees/patched-v2)
[ "$got" = "$want" ] || fail "installed, it says: $got"
${CC:-cc} -I "$tmp/root/usr/include" -o "$tmp/linked" ../lib/example.c \
	"$tmp/root/usr/lib/libcg_list.a" -lmount
[ "$("$tmp/linked" 1234 trees/patched-v2)" = "$want" ] || fail "linked statically"
