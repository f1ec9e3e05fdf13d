# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154,SC2016
#
# How scripts end: what they started and made goes with them.

cat > "$tmp/script" <<'EOF'
set -euo pipefail
. "$1/scripts/lib.sh"
. "$1/scripts/lib/cleanup.sh"
file=$2
remove() { rm -f "$file"; }
at_exit+=(remove)
touch "$file"
sleep 100 &
children[$!]=1
echo $! > "$file.child"
[ -z "${3:-}" ] || exit "$3"
wait
EOF

# ends SIGNAL STATUS: a script that gets the signal has this status, and leaves
# neither its file nor its child.
ends()
{
	local pid rc=0 i

	rm -f "$tmp/made.child"
	# A job of its own: others ignore SIGINT in the background.
	set -m
	bash "$tmp/script" "$top" "$tmp/made" > /dev/null 2>&1 &
	pid=$!
	set +m
	for ((i = 0; i < 100; i++)); do
		[ ! -s "$tmp/made.child" ] || break
		sleep 0.1
	done
	kill -s "$1" "$pid"
	wait "$pid" || rc=$?
	[ "$rc" -eq "$2" ] && [ ! -e "$tmp/made" ] && ! kill -0 "$(cat "$tmp/made.child")" 2>/dev/null
}

ok "by SIGINT: 130, nothing is left" ends INT 130
ok "by SIGTERM: 143, nothing is left" ends TERM 143
ok "by SIGHUP: 129, nothing is left" ends HUP 129
rc=0
bash "$tmp/script" "$top" "$tmp/made" 7 || rc=$?
ok "by itself: its own status, nothing is left" [ "$rc,$(ls "$tmp/made" 2>/dev/null)" = "7," ]
