# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands for ssh: runs its proxy, and where that succeeds the command, on this machine.

As ssh does under Ansible, it shows nothing of what the proxy says. Runs by itself.
"""

from __future__ import annotations

import re
import subprocess
import sys

_FAILED = 255
_CLOSED = "kex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535\n"
_WITH_VALUE = {"-o", "-p", "-l", "-i", "-F", "-S"}


def parse(arguments: list[str]) -> tuple[dict[str, str], str, str]:
    """Return ssh's options, the host, and the command to run there."""
    options: dict[str, str] = {}
    rest = iter(arguments)
    host = ""
    for word in rest:
        if word in _WITH_VALUE:
            name, _, value = next(rest).partition("=")
            options[name] = value.strip('"')
        elif not word.startswith("-"):
            host = word
            break
    return options, host, " ".join(rest)


def proxy_command(options: dict[str, str], host: str) -> str:
    """Return the proxy's command as ssh would have the shell run it; empty where there is none."""
    places = {"%h": host, "%p": options.get("Port", "22"), "%r": options.get("User", "nobody"), "%%": "%"}
    return re.sub("%[hpr%]", lambda place: places[place[0]], options.get("ProxyCommand", ""))


def main(arguments: list[str]) -> int:
    """Return the command's exit status, or 255 where the host cannot be reached."""
    options, host, command = parse(arguments)
    proxy = proxy_command(options, host)
    if (
        proxy
        and subprocess.run(  # noqa: S602 - as ssh does
            f"exec {proxy}", shell=True, stdin=subprocess.DEVNULL, capture_output=True, check=False
        ).returncode
    ):
        sys.stderr.write(_CLOSED)
        return _FAILED
    return subprocess.run(["/bin/sh", "-c", command], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
