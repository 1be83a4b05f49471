# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of OCR backend ``tesseract``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...._errors import FarmError

NAME = "tesseract"
# Greek academic work, which quotes and abstracts in English.
DEFAULT_LANGUAGES = ("ell", "eng")
_LANGUAGE = re.compile("[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True)
class TesseractOptions:
    """What is to be read, and by which data.

    Attributes:
        languages: their names in tesseract, the most important one first.
        tessdata: the absolute path of the folder of language data; ``None`` to look for it.
    """

    languages: tuple[str, ...] = DEFAULT_LANGUAGES
    tessdata: str | None = None

    @classmethod
    def parse(cls, options: dict[str, Any]) -> TesseractOptions:
        """Return the options.

        Raises:
            FarmError: one is unknown or wrong.
        """
        unknown = sorted(set(options) - {"languages", "tessdata"})
        if unknown:
            raise FarmError(f"OCR backend {NAME} does not know the option {unknown[0]!r}: it has languages, tessdata.")
        languages = options.get("languages", list(DEFAULT_LANGUAGES))
        if not isinstance(languages, list) or not languages or not all(map(_is_language, languages)):
            raise FarmError(
                f"The option languages of OCR backend {NAME} is {languages!r}: give a list of tesseract's names of "
                "languages, such as [ell, eng]."
            )
        tessdata = options.get("tessdata")
        if tessdata is not None and not (isinstance(tessdata, str) and Path(tessdata).is_absolute()):
            raise FarmError(
                f"The option tessdata of OCR backend {NAME} is {tessdata!r}: give the absolute path of a folder."
            )
        return cls(tuple(languages), tessdata)

    def for_hash(self) -> dict[str, Any]:
        """Return those that change what is read, defaults filled in."""
        return {"languages": list(self.languages)}


def _is_language(value: object) -> bool:
    return isinstance(value, str) and _LANGUAGE.fullmatch(value) is not None
