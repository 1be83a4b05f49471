# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Optical character recognition by the ``tesseract`` program, where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Collection
from dataclasses import dataclass

from ..._records.failure_classes import FailureClass
from ..failures import DocumentFailure

# Greek academic work, which quotes and abstracts in English.
WANTED_LANGUAGES = ("ell", "eng")


@dataclass(frozen=True)
class Tesseract:
    """The program's path and the languages it is to read, as in ``ell+eng``."""

    program: str
    languages: str

    @classmethod
    def find(cls) -> Tesseract | None:
        """Return the installed program, or ``None`` where it or its language data is missing."""
        program = shutil.which("tesseract")
        if program is None:
            return None
        listing = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)
        languages = choose_languages(listing.stdout.split())
        return cls(program, languages) if languages else None

    def read(self, width: int, height: int, pixels: bytes) -> str:
        """Return the text in an image of one grey byte a pixel.

        Raises:
            DocumentFailure: tesseract failed on it.
        """
        image = f"P5 {width} {height} 255\n".encode() + pixels
        result = subprocess.run(
            [self.program, "stdin", "stdout", "-l", self.languages],
            input=image,
            capture_output=True,
            check=False,
            # One thread: there is a worker for each slot already.
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        )
        if result.returncode:
            detail = result.stderr.decode(errors="replace").strip()
            raise DocumentFailure(FailureClass.PIPELINE, f"tesseract ended with status {result.returncode}: {detail}")
        return result.stdout.decode(errors="replace")


def choose_languages(installed: Collection[str]) -> str:
    """Return the wanted languages that are installed, joined as tesseract takes them."""
    return "+".join(language for language in WANTED_LANGUAGES if language in installed)
