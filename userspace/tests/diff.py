#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""paths --diff marks a change beyond chance, and no other."""
import json
import os
import random
import subprocess
import sys
import tempfile

MEMCGSTAT = os.environ["memcgstat"]
failed = False


def record(path, seed, limit_share, samples=40, burst=0.0):
    """A record in which each of 10000 charges a sample meets a limit by chance."""
    rnd = random.Random(seed)
    total = {"stock": 0, "batch": 0, "exact": 0, "limit": 0, "shrink": 0, "nomem": 0,
             "force": 0}
    with open(path, "w", encoding="ascii") as f:
        f.write("cg_list 1\nrecord version=1 realtime=1.0 kernel=test\n")
        for n in range(samples):
            f.write(f"sample n={n} time={n}.0\n")
            if not n:
                f.write("memcg id=1 path=/a\n")
            share = limit_share * (1 + burst * rnd.choice((-1, 1)))
            hits = sum(rnd.random() < share for _ in range(10000))
            total["stock"] += 9000
            total["batch"] += 1000 - hits
            total["exact"] += hits
            total["limit"] += hits
            total["shrink"] += hits
            f.write("charge id=1 " + " ".join(f"{k}={v}" for k, v in total.items()) + "\n")
            f.write(f"end n={n}\n")
        f.write(f"finished samples={samples}\n")


def diff(a, b):
    out = subprocess.run([MEMCGSTAT, "paths", "--diff", a, b, "--json"],
                         stdout=subprocess.PIPE, check=True)
    rows = json.loads(out.stdout)["diff"]
    return {r["counter"]: r["changed"] for r in rows if r["changed"]}


with tempfile.TemporaryDirectory() as tmp:
    a, b, c, d, e = (f"{tmp}/{x}" for x in "abcde")
    record(a, 1, 0.002)
    record(b, 2, 0.002)
    record(c, 3, 0.004)
    record(d, 4, 0.002, burst=0.9)
    record(e, 5, 0.0022, burst=0.9)
    if diff(a, b):
        print("chance is marked:", diff(a, b))
        failed = True
    if diff(a, c) != {"limit": "more", "shrink": "more", "exact": "more"}:
        print("a doubled rate:", diff(a, c))
        failed = True
    few, other = f"{tmp}/few", f"{tmp}/other"
    record(few, 6, 0.002, samples=5, burst=0.9)
    record(other, 7, 0.002, samples=5, burst=0.9)
    if diff(few, other):
        print("what few samples cannot tell is marked:", diff(few, other))
        failed = True
    record(other, 8, 0.02, samples=9)
    if "limit" not in diff(few, other):
        print("ten times as many are not marked")
        failed = True
    if diff(d, e):
        print("bursts are marked:", diff(d, e))
        failed = True
sys.exit(failed)
