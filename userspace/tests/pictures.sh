#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Pictures are drawn by dot and gnuplot; without them that is what is said.

set -euo pipefail
: "${memcgstat:?the program to test; run sets it}"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
root=(--root trees/patched-v2)

"$memcgstat" "${root[@]}" record -o "$tmp/rec" -i 0.01 -c 2
mkdir "$tmp/empty"
echo old > "$tmp/old.svg"
for c in "paths --svg $tmp/old.svg" "plot $tmp/rec -o $tmp/old.svg"; do
	rc=0
	# shellcheck disable=SC2086
	PATH=$tmp/empty "$memcgstat" "${root[@]}" $c 2> "$tmp/err" || rc=$?
	if [ "$rc" -ne 1 ] || ! grep -q 'is not installed: apt-get install' "$tmp/err"; then
		echo "$c: status $rc"
		cat "$tmp/err"
		exit 1
	fi
	[ "$(cat "$tmp/old.svg")" = old ]
done
# one that fails
printf '#!/bin/sh\ncat > /dev/null\necho half\nexit 3\n' > "$tmp/empty/dot"
chmod +x "$tmp/empty/dot"
rc=0
PATH=$tmp/empty:$PATH "$memcgstat" "${root[@]}" paths --svg "$tmp/old.svg" 2> "$tmp/err" || rc=$?
[ "$rc" -eq 1 ] && [ "$(cat "$tmp/old.svg")" = old ] && grep -q 'dot failed' "$tmp/err"

command -v dot > /dev/null || { echo "dot is not installed"; exit 77; }
"$memcgstat" "${root[@]}" paths --svg "$tmp/paths.svg"
python3 - "$tmp/paths.svg" << 'EOF'
import sys, xml.dom.minidom
doc = xml.dom.minidom.parse(sys.argv[1])
edges = [g for g in doc.getElementsByTagName("g") if g.getAttribute("class") == "edge"]
text = " ".join(t.firstChild.data for t in doc.getElementsByTagName("text") if t.firstChild)
assert len(edges) == 24, len(edges)
assert "stock: 915883" in text, text
width = {}
for g in edges:
    title = g.getElementsByTagName("title")[0].firstChild.data
    path = g.getElementsByTagName("path")[0]
    width.setdefault(title, []).append((float(path.getAttribute("stroke-width") or 1),
                                        path.getAttribute("stroke")))
# thick where the traffic is, red where charges die
assert max(w for ws in width.values() for w, _ in ws) == width["charge->charged"][0][0], width
assert width["gave_up->failed"][0][1] == "#c00000", width
EOF
