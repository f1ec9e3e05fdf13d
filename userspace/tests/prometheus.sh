#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The whole way on loopback: memcgstat export, node exporter, prometheus, query.
# The alert rules are tested by promtool, the dashboard is JSON whose queries
# prometheus takes.

set -euo pipefail
: "${memcgstat:?the program to test; run sets it}"
# where scripts/install-packages puts them
PATH=$PATH:${CG_LIST_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/cg_list}/unpacked/usr/bin
for p in prometheus promtool prometheus-node-exporter python3; do
	command -v "$p" > /dev/null || { echo "$p is not installed"; exit 77; }
done
tmp=$(mktemp -d)
pids=()
clean()
{
	[ "${#pids[@]}" -eq 0 ] || kill "${pids[@]}" 2> /dev/null || true
	wait
	rm -rf "$tmp"
}
trap clean EXIT

promtool check rules ../monitoring/memcg.rules.yml > "$tmp/log" || { cat "$tmp/log"; exit 1; }
promtool test rules ../monitoring/memcg.rules.test.yml > "$tmp/log" || { cat "$tmp/log"; exit 1; }

mkdir "$tmp/text"
"$memcgstat" --root trees/patched-v2 export -o "$tmp/text/memcg.prom"
read -r node prom <<< "$(python3 - << 'EOF'
import socket
s = [socket.socket() for _ in range(2)]
for x in s:
    x.bind(("127.0.0.1", 0))
print(*(x.getsockname()[1] for x in s))
EOF
)"
prometheus-node-exporter --web.listen-address="127.0.0.1:$node" --collector.disable-defaults \
	--collector.textfile --collector.textfile.directory="$tmp/text" 2> "$tmp/node.log" &
pids+=($!)
cat > "$tmp/prometheus.yml" << EOF
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [ "$PWD/../monitoring/memcg.rules.yml" ]
scrape_configs:
  - job_name: node
    static_configs: [ { targets: [ "127.0.0.1:$node" ] } ]
EOF
prometheus --config.file="$tmp/prometheus.yml" --storage.tsdb.path="$tmp/data" \
	--web.listen-address="127.0.0.1:$prom" 2> "$tmp/prom.log" &
pids+=($!)

python3 - "$prom" "$tmp/text/memcg.prom" ../monitoring/grafana-memcg.json << 'EOF'
import json, sys, time, urllib.error, urllib.parse, urllib.request

port, text, dashboard = sys.argv[1:]

def query(expr):
    url = f"http://127.0.0.1:{port}/api/v1/query?" + urllib.parse.urlencode({"query": expr})
    with urllib.request.urlopen(url, timeout=5) as r:
        return json.load(r)["data"]["result"]

for _ in range(120):
    try:
        if query("memcg_usage_bytes"):
            break
    except (OSError, urllib.error.URLError):
        pass
    time.sleep(0.5)
else:
    sys.exit("nothing was scraped in a minute")

def value(expr):
    got = query(expr)
    assert len(got) == 1, (expr, got)
    return float(got[0]["value"][1])

assert value('memcg_usage_bytes{cgroup="/pods/job",counter="memory"}') == 104853504
assert value('memcg_limit_bytes{cgroup="/pods/job",counter="memory"}') == 104857600
assert value('memcg_limit_bytes{cgroup="/pods/job/run",counter="memory"}') == float("inf")
assert value('memcg_limit_bytes{cgroup="/zero",counter="memory"}') == 0
assert value('memcg_charges_total{cgroup="/pods/job/run",what="stock"}') == 15750
assert value('memcg_charges_total{cgroup="/pods/job/run",what="killed"}') == 1
assert value('sum(memcg_charges_total{what="limit"})') == 103
assert value('memcg_slow_charge_seconds_total{cgroup="/pods/job/run"}') == 0.048211
assert value('memcg_limit_failures_total{cgroup="/pods/job",counter="memory"}') == 96
assert value('sum(memcg_export_cgroups)') == 8

# what was written is what arrived, sample by sample
wrote = [l for l in open(text) if not l.startswith("#")]
arrived = query('{__name__=~"memcg_.*"}')
assert len(wrote) == len(arrived), (len(wrote), len(arrived))

# the dashboard: every query is one that prometheus takes
panels = json.load(open(dashboard))["panels"]
assert len(panels) >= 6
for p in panels:
    for t in p["targets"]:
        expr = t["expr"].replace("$instance", ".*").replace("$cgroup", ".*")
        query(expr.replace("$__rate_interval", "1m"))

try:
    from prometheus_client.openmetrics import parser
except ImportError:
    sys.exit(0)
families = list(parser.text_string_to_metric_families(open(text).read()))
types = {f.name: f.type for f in families}
assert types["memcg_charges"] == "counter" and types["memcg_usage_bytes"] == "gauge", types
assert {f.name: f.unit for f in families}["memcg_usage_bytes"] == "bytes"
assert all(f.documentation for f in families)
EOF
