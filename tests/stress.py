# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make stress``: runs a command with busy loops beside it, as a machine that others use, too."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

_LOOPS_PER_CORE = 2
# Ends when its standard input does: nothing is left running, however whoever started it ended.
_LOOP = """
import sys, threading

def compute():
    while True:
        pass

threading.Thread(target=compute, daemon=True).start()
sys.stdin.read()
"""


def main(command: Sequence[str]) -> int:
    """Run the command under load, and return its exit status."""
    with busy(_LOOPS_PER_CORE * (os.cpu_count() or 1)):
        return subprocess.run(command, check=False).returncode


@contextmanager
def busy(loops: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Keep so many processes computing, each as much as it gets of a core, as long as the context lasts."""
    running = [subprocess.Popen([sys.executable, "-c", _LOOP], stdin=subprocess.PIPE) for _ in range(loops)]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            process.communicate()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
