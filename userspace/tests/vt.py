# SPDX-License-Identifier: GPL-2.0-only
"""A terminal good enough for ncurses with TERM=vt100, and a program on it.

The screen is a list of lines; raw keeps every byte that the program wrote, so
that a test can say what must never reach a terminal.
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

CSI = re.compile(rb"\x1b\[([0-9;?]*)([A-Za-z])")
ESC = re.compile(rb"\x1b(?:[()][A-Z0-9]|[78=>DMEc])")


class Terminal:
    def __init__(self, argv, cols=80, rows=24, env=None):
        self.raw = b""
        self.status = None
        self.resize_screen(cols, rows)
        ready, go = os.pipe()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            # not before the terminal has its size and its modes are noted
            os.close(go)
            os.read(ready, 1)
            full = dict(os.environ, TERM="vt100", NCURSES_NO_PADDING="1")
            full.pop("LINES", None)
            full.pop("COLUMNS", None)
            full.update(env or {})
            # A job in the background has it ignored, and so would this.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.execvpe(argv[0], argv, full)
        self.set_size(cols, rows)
        self.before = termios.tcgetattr(self.fd)
        os.close(ready)
        os.close(go)

    def resize_screen(self, cols, rows):
        self.cols, self.rows = cols, rows
        self.cells = [[" "] * cols for _ in range(rows)]
        self.x = self.y = 0
        self.top, self.bottom = 0, rows - 1

    def set_size(self, cols, rows):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def resize(self, cols, rows):
        self.resize_screen(cols, rows)
        self.set_size(cols, rows)
        os.kill(self.pid, signal.SIGWINCH)

    def send(self, keys):
        os.write(self.fd, keys.encode())

    def run(self, seconds):
        """Take what the program writes for so long, or until it ends."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            ready, _, _ = select.select([self.fd], [], [], max(0, end - time.monotonic()))
            if not ready:
                return
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                data = b""
            if not data:
                self.reap()
                return
            self.raw += data
            self.feed(data)

    def until(self, text, seconds=30):
        """Run until the text is on the screen; whether it came."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.status is None:
            self.run(0.05)
            if text in self.text():
                return True
        return text in self.text()

    def finish(self, seconds=30):
        end = time.monotonic() + seconds
        while self.status is None and time.monotonic() < end:
            self.run(0.1)
        return self.status

    def reap(self):
        if self.status is None:
            _, status = os.waitpid(self.pid, 0)
            self.status = os.waitstatus_to_exitcode(status)

    def text(self):
        return "\n".join("".join(line).rstrip() for line in self.cells)

    def lines(self):
        return self.text().split("\n")

    # the terminal

    def feed(self, data):
        data = getattr(self, "held", b"") + data
        self.held = b""
        while data:
            c = data[0]
            if c == 0x1b:
                m = CSI.match(data) or ESC.match(data)
                if not m:
                    if len(data) < 16:
                        self.held = data
                        return
                    data = data[1:]
                    continue
                if m.re is CSI:
                    self.csi(m.group(1).decode(), m.group(2).decode())
                elif m.group(0) == b"\x1bM":
                    self.reverse_feed()
                elif m.group(0) == b"\x1bD":
                    self.line_feed()
                elif m.group(0) == b"\x1b7":
                    self.saved = self.x, self.y
                elif m.group(0) == b"\x1b8":
                    self.x, self.y = getattr(self, "saved", (0, 0))
                data = data[m.end():]
                continue
            n = 1
            if c == 0x0d:
                self.x = 0
            elif c == 0x0a:
                self.line_feed()
            elif c == 0x08:
                self.x = max(0, self.x - 1)
            elif c >= 0x20:
                n = 1 if c < 0x80 else 2 if c < 0xe0 else 3 if c < 0xf0 else 4
                if len(data) < n:
                    self.held = data
                    return
                self.put(data[:n].decode("utf-8", "replace"))
            data = data[n:]

    def line_feed(self):
        if self.y == self.bottom:
            del self.cells[self.top]
            self.cells.insert(self.bottom, [" "] * self.cols)
        elif self.y < self.rows - 1:
            self.y += 1

    def reverse_feed(self):
        if self.y == self.top:
            del self.cells[self.bottom]
            self.cells.insert(self.top, [" "] * self.cols)
        elif self.y:
            self.y -= 1

    def put(self, char):
        if self.x >= self.cols:
            self.x = 0
            self.line_feed()
        self.cells[self.y][self.x] = char
        self.x += 1

    def csi(self, args, final):
        nums = [int(a) if a.isdigit() else 0 for a in args.split(";")] if args else []
        n = nums[0] if nums and nums[0] else 1
        if final in "Hf":
            self.y = min(self.rows, n) - 1
            self.x = min(self.cols, nums[1] if len(nums) > 1 and nums[1] else 1) - 1
        elif final == "A":
            self.y = max(0, self.y - n)
        elif final == "B":
            self.y = min(self.rows - 1, self.y + n)
        elif final == "C":
            self.x = min(self.cols - 1, self.x + n)
        elif final == "D":
            self.x = max(0, self.x - n)
        elif final == "r":
            self.top = min(self.rows, n) - 1
            last = nums[1] if len(nums) > 1 and nums[1] else self.rows
            self.bottom = min(self.rows, last) - 1
            self.x = self.y = 0
        elif final == "J":
            mode = nums[0] if nums else 0
            if mode == 0:
                self.erase_line(0)
                for y in range(self.y + 1, self.rows):
                    self.cells[y] = [" "] * self.cols
            elif mode == 2:
                self.cells = [[" "] * self.cols for _ in range(self.rows)]
        elif final == "K":
            self.erase_line(nums[0] if nums else 0)

    def erase_line(self, mode):
        x = min(self.x, self.cols - 1)
        first, last = {0: (x, self.cols), 1: (0, x + 1), 2: (0, self.cols)}[mode]
        for x in range(first, last):
            self.cells[self.y][x] = " "
