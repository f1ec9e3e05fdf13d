#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What --json prints is JSON, with the names and types that were promised."""
import json
import os
import subprocess
import sys

MEMCGSTAT = os.environ["memcgstat"]
failed = False


def expect(ok, what):
    global failed
    if not ok:
        print(what)
        failed = True


def run(tree, *args):
    out = subprocess.run([MEMCGSTAT, "--root", f"trees/{tree}", "--json", *args],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return out.stdout.decode("utf-8")


def objects(tree, *args):
    return json.loads(run(tree, *args))


def stream(tree, *args):
    return [json.loads(line) for line in run(tree, *args).splitlines()]


for tree, pid in (("patched-v2", "1234"), ("files-v2", "42"), ("files-v1", "42"),
                  ("hostile", "66"), ("hostile", "67"), ("hostile", "70")):
    for args in (["show", pid], ["lru", pid], ["tree"], ["lru"], ["ns"]):
        try:
            got = objects(tree, *args)
        except ValueError as err:
            expect(False, f"{tree} {args}: {err}")
            continue
        expect(isinstance(got, dict) and got, f"{tree} {args}: not an object")
        for name, rows in got.items():
            expect(isinstance(rows, list), f"{tree} {args}: {name} is no list")
            for row in rows:
                # a tree's children hang below their parents
                expect(isinstance(row, dict), f"{tree} {args}: {name} has no objects")

show = objects("patched-v2", "show", "1234")
expect(set(show) == {"task", "memcg", "lru", "charge", "slow", "origin", "cgroup", "cset",
                     "cset_task", "cpuset", "ns", "event"}, f"tables of show: {set(show)}")
expect(show["task"][0]["pid"] == 1234, "pid is no number")
own, parent = show["memcg"][0], show["memcg"][1]
expect(own["usage"] == 99614720, "usage is not in bytes")
expect(own["limit"] == "max", "no limit is not max")
expect(own["soft"] is None, "what is not known is not null")
expect(parent["limit"] == 104857600 and parent["fail"] == 96, "the parent's numbers")
expect(own["limiter"] == "/pods/job" and own["left"] == 4096, "the limiter")
charge = show["charge"][0]
expect(charge["stock"] == 15750 and charge["calls"] == 16043, "charges")
expect(charge["why_victim"] is None, "a counter that this kernel has not is not null")
expect(show["cset_task"][1]["comm"] == "child of hog", "escapes are undone")

events = stream("patched-v2", "events")
expect([e["seq"] for e in events] == [40, 41, 42, 43], "events")
expect(events[2]["victim"] == 1235 and events[3]["ret"] == -13, "numbers of events")
watch = stream("patched-v2", "-p", "1234")
expect(len(watch) == 1 and watch[0]["usage"] == 99614720 and watch[0]["whose"] == "/pods/job",
       "-p")

hostile = objects("hostile", "show", "66")
expect(hostile["task"][0]["comm"] == "\\033]0;owned\\007\\302\\233", "hostile comm")
for line in stream("hostile", "events"):
    expect(all(ord(c) >= 0x20 for v in line.values() if isinstance(v, str) for c in v),
           "a control byte in an event")
sys.exit(failed)
