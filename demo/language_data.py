# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetch tesseract's Greek and English: ``python -m demo.language_data FOLDER NPM...``.

No package of PyPI has the Greek, so the given command, npm, fetches both. They are 7 MB, and the packages have no
licence text (upstream's tessdata is Apache-2.0): they are fetched once, and no part of this repository. Data whose
digest is not the pinned one is not kept.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._files import write_atomically

_PACKAGE = "@tesseract.js-data/{language}@1.0.0"
# Made from tessdata_best, with integers in place of its floating-point numbers.
_MEMBER = "package/4.0.0_best_int/{language}.traineddata.gz"
_READABLE = 0o644


@dataclass(frozen=True)
class Pin:
    """What the data of a language has to be: its size in bytes and its SHA-256, in hexadecimal."""

    size: int
    sha256: str


PINS = {
    "ell": Pin(2_121_037, "c8dc383cf201efee45b3f83bf3f8d005bf544ace6a937c46813de5196ea5d79f"),
    "eng": Pin(5_199_098, "5dc5d8d640a212c9d6184921ba103b186f50e0fed9ee716c53e6b312b400d747"),
}


def main() -> int:
    """Fetch what is missing; return 0, or 1 where something could not be had."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("npm", nargs=argparse.REMAINDER, help="the command")
    arguments = parser.parse_args()
    try:
        fetch(arguments.folder, arguments.npm)
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        print(f"Tesseract's language data cannot be fetched: {error}", file=sys.stderr)
        return 1
    return 0


def fetch(folder: Path, npm: Sequence[str]) -> None:
    """Have the data of each language as ``<language>.traineddata`` in ``folder``; what is there and right stays.

    Raises:
        OSError: npm cannot be run, its package has no such file, or the folder takes none.
        subprocess.CalledProcessError: npm failed; it has said why.
        ValueError: the data is not what it has to be.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for language, pin in PINS.items():
        path = folder / f"{language}.traineddata"
        if not (path.is_file() and _is_as_pinned(path.read_bytes(), pin)):
            write_atomically(path, _fetch_one(language, pin, npm), _READABLE)


def _fetch_one(language: str, pin: Pin, npm: Sequence[str]) -> bytes:
    package, member = _PACKAGE.format(language=language), _MEMBER.format(language=language)
    with tempfile.TemporaryDirectory() as temporary:
        command = [*npm, "pack", "--silent", "--pack-destination", temporary, package]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(temporary).glob("*.tgz")
        with tarfile.open(archive) as packed:
            try:
                compressed = packed.extractfile(member)
            except KeyError:
                compressed = None
            if compressed is None:
                raise FileNotFoundError(f"{package} has no {member}")
            # Not more than that, whatever it unpacks to.
            data = gzip.GzipFile(fileobj=compressed).read(pin.size + 1)
    if not _is_as_pinned(data, pin):
        raise ValueError(
            f"{member} of {package} has the SHA-256 {hashlib.sha256(data).hexdigest()} ({len(data):,} bytes), and not "
            f"{pin.sha256} ({pin.size:,} bytes): it was changed on the way, or since it was pinned"
        )
    return data


def _is_as_pinned(data: bytes, pin: Pin) -> bool:
    return len(data) == pin.size and hashlib.sha256(data).hexdigest() == pin.sha256


if __name__ == "__main__":
    sys.exit(main())
