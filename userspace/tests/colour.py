#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Colour is for terminals, and for those who want it."""
import os
import sys

from vt import Terminal

ARGS = [os.environ["memcgstat"], "--root", "trees/patched-v2", "tree"]
RED = b"\x1b[31m"


def raw(**env):
    term = Terminal(ARGS, 120, 40, {"TERM": "xterm", **env})
    term.finish()
    return term.raw


failed = False
if RED not in raw():
    print("no red on a terminal")
    failed = True
if b"\x1b[3" in raw(NO_COLOR="1"):
    print("colour under NO_COLOR")
    failed = True
if RED not in raw(NO_COLOR=""):
    print("an empty NO_COLOR is none at all")
    failed = True
if b"\x1b[3" in raw(TERM="dumb"):
    print("colour on a dumb terminal")
    failed = True
sys.exit(failed)
