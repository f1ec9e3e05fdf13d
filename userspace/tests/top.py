#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""top on a pseudo-terminal: what is on the screen, key by key."""
import os
import signal
import sys
import termios
import time

from vt import Terminal

MEMCGSTAT = os.environ["memcgstat"]
failed = False


def expect(ok, what, term):
    global failed
    if not ok:
        print(what)
        print(term.text())
        failed = True


def top(tree="patched-v2", cols=80, rows=24, args=(), **env):
    return Terminal([MEMCGSTAT, "--root", f"trees/{tree}", "top", "-i", "0.2", *args], cols, rows,
                    env)


def names(term):
    """The names in the list, without what stands beside them."""
    out = []
    for line in term.lines()[2:-1]:
        word = line[:25].split()
        if word:
            out.append(" ".join(word))
    return out


t = top()
expect(t.until("zero"), "no tree", t)
expect(names(t) == ["/", "pods", "job", "run", "old (removed)", "web", "zero", "(released)"],
       f"the tree: {names(t)}", t)
job = next(line for line in t.lines() if "job" in line)
expect("100M    100M [#" in job and "itself" in job, "usage, limit and bar of job", t)
run = next(line for line in t.lines() if "run" in line)
expect("/pods/job" in run, "who limits run", t)
t.send("u")
expect(t.until("by usage"), "sort by usage", t)
expect(names(t)[1:5] == ["pods", "job", "run", "web"], f"sorted: {names(t)}", t)
t.send("n/web")
expect(t.until("filter web"), "filter", t)
expect(names(t) == ["/", "pods", "web"], f"filtered: {names(t)}", t)
t.send("\x1b")
expect(t.until("zero"), "the filter is gone with Escape", t)
t.send("j ")
expect(t.until("+ pods"), "fold", t)
expect("web" not in names(t), "folded children", t)
t.send(" ")
expect(t.until("web"), "unfold", t)
t.send("t")
expect(t.until("1234 hog"), "tasks", t)
expect(t.until("child of hog"), "tasks of a css_set", t)
t.send("jjj\n")
expect(t.until("task 1234"), "details of a task", t)
expect("limit 96" in t.text() and "/pods/job/run" in t.text(), "what the details say", t)
t.send("\np")
expect(t.until("PAUSED"), "pause", t)
t.send("p?")
expect(t.until("fold and unfold"), "help", t)
t.send("?t")
expect(t.until("LIMITER"), "back from help", t)
for cols, rows in ((200, 50), (40, 10), (10, 3), (1, 1), (80, 24)):
    t.resize(cols, rows)
    t.run(0.4)
    expect(t.status is None, f"{cols}x{rows} ended it", t)
expect(t.until("LIMITER"), "after the sizes", t)
t.send("q")
expect(t.finish() == 0, f"leaving: {t.status}", t)
after = termios.tcgetattr(t.fd) if t.fd else None
expect(after is None or after[3] == t.before[3], "the terminal's modes", t)

t = top("cases", cols=120)
expect(t.until("worker"), "two cgroups of one name", t)
expect(names(t)[1] == "system.slice", f"sorted by name: {names(t)}", t)
expect("web (removed)" in t.text(), "a removed cgroup is marked", t)
expect("/web above high" in t.text(), "who is slowed down by memory.high", t)
t.send("q")
t.finish()

t = top(cols=10, rows=3)
expect(t.until("CGROUP") and t.status is None, "10x3 from the start", t)
t.send("jjj\n/x\x1bq")
expect(t.finish() == 0, "leaving at 10x3", t)

t = top(cols=200)
expect(t.until("LIMITER"), "wide", t)
expect("[" + "#" * 30 + "]" in t.text(), "the bar of a full cgroup", t)
t.send("\x03")
expect(t.finish() is not None, "an interrupt ends it", t)

for tree in ("files-v2", "files-v1", "hostile"):
    for locale in ("C", "C.UTF-8"):
        t = top(tree, LC_ALL=locale)
        expect(t.until("CGROUP"), f"{tree}", t)
        t.send("t\n")
        t.run(0.5)
        t.send("q")
        expect(t.finish() == 0, f"{tree}: {t.status}", t)
        expect(b"\x1b[2J" not in t.raw.replace(b"\x1b[H\x1b[2J", b"") and b"\x1b]" not in t.raw
               and b"\x07" not in t.raw, f"{tree}: something raw", t)

# the terminal goes away, and SIGHUP is ignored
signal.signal(signal.SIGHUP, signal.SIG_IGN)
t = top()
expect(t.until("LIMITER"), "under nohup", t)
os.close(t.fd)
for _ in range(300):
    pid, status = os.waitpid(t.pid, os.WNOHANG)
    if pid:
        break
    time.sleep(0.1)
expect(pid == t.pid, "top outlives its terminal", t)
if not pid:
    os.kill(t.pid, signal.SIGKILL)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

t = top(args=("-c", "2"))
expect(t.finish() == 0, "-c 2", t)
t = top(TERM="nosuch")
expect(t.finish() == 1 and b"TERM" in t.raw, "a terminal that is not known", t)
sys.exit(failed)
