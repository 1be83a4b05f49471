# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tesseract's language data: where it is, whether all of it is there, and which it is."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ...._errors import FarmError
from .options import TesseractOptions

# Where tesseract itself, and programs that use it, look for the folder.
FOLDER_VARIABLE = "TESSDATA_PREFIX"
_SHOWN_DIGITS = 12
_HOW_TO_HAVE_IT = (
    "Put it there (the npm package @tesseract.js-data/{language} has it, and Debian's tesseract-ocr-{language}), or "
    f"name the folder that has it, by the option tessdata or in {FOLDER_VARIABLE}."
)


@dataclass(frozen=True)
class LanguageData:
    """The data of the languages that are to be read, all there.

    Attributes:
        folder: it has ``<language>.traineddata`` for each.
        languages: their names.
    """

    folder: Path
    languages: tuple[str, ...]

    @property
    def joined(self) -> str:
        """The languages as tesseract takes them, as in ``ell+eng``."""
        return "+".join(self.languages)

    @property
    def revision(self) -> str:
        """Each language with the beginning of its data's SHA-256."""
        return ", ".join(f"{language} {self._digest(language)[:_SHOWN_DIGITS]}" for language in self.languages)

    def _digest(self, language: str) -> str:
        return hashlib.sha256(_file(self.folder, language).read_bytes()).hexdigest()


def find_language_data(options: TesseractOptions) -> LanguageData:
    """Return the data of the languages that are to be read.

    Raises:
        FarmError: no folder is known, or it lacks a language: without Greek, a Greek scan would be read as noise.
    """
    folder = _folder(options)
    for language in options.languages:
        if not _file(folder, language).is_file():
            raise FarmError(
                f"{_file(folder, language)} is missing: tesseract cannot read {language} without it, and would take "
                f"its letters for others. {_HOW_TO_HAVE_IT.format(language=language)}"
            )
    return LanguageData(folder, options.languages)


def _folder(options: TesseractOptions) -> Path:
    named = options.folder or os.environ.get(FOLDER_VARIABLE) or _folder_of_program()
    if not named:
        how = _HOW_TO_HAVE_IT.format(language=options.languages[0])
        raise FarmError(f"No folder of tesseract's language data is known. {how}")
    return Path(named)


def _folder_of_program() -> str:
    """Return the folder of the installed program; empty where there is none, or it does not say (before version 5)."""
    program = shutil.which("tesseract")
    if program is None:
        return ""
    listing = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False).stdout
    named = re.search('"(.+)"', listing)
    return named[1] if named else ""


def _file(folder: Path, language: str) -> Path:
    return folder / f"{language}.traineddata"
