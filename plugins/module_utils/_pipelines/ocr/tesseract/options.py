# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of OCR backend ``tesseract``."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ...._errors import FarmError
from ...._weights.folder import TESSDATA_FOLDER, verify
from ...weights_options import weights_problem

NAME = "tesseract"
# Greek academic work, which quotes and abstracts in English.
DEFAULT_LANGUAGES = ("ell", "eng")
_FOLDERS = ("tessdata", "weights")
_LANGUAGE = re.compile("[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True)
class TesseractOptions:
    """What is to be read, and by which data.

    Attributes:
        languages: their names in tesseract, the most important one first.
        tessdata: the absolute path of the folder of language data; ``None`` to look for it.
        weights: folder of pinned weights, of which that is a part, in its place; ``None`` for none.
        weights_digest: of the list that has them.
    """

    languages: tuple[str, ...] = DEFAULT_LANGUAGES
    tessdata: str | None = None
    weights: str | None = None
    weights_digest: str | None = None

    @classmethod
    def parse(cls, options: dict[str, Any]) -> TesseractOptions:
        """Return the options.

        Raises:
            FarmError: one is unknown or wrong.
        """
        known = [field.name for field in fields(cls)]
        unknown = sorted(set(options) - set(known))
        if unknown:
            raise FarmError(f"OCR backend {NAME} does not know the option {unknown[0]!r}: it has {', '.join(known)}.")
        languages = options.get("languages", list(DEFAULT_LANGUAGES))
        if not isinstance(languages, list) or not languages or not all(map(_is_language, languages)):
            raise FarmError(
                f"The option languages of OCR backend {NAME} is {languages!r}: give a list of tesseract's names of "
                "languages, such as [ell, eng]."
            )
        for name in _FOLDERS:
            folder = options.get(name)
            if folder is not None and not (isinstance(folder, str) and Path(folder).is_absolute()):
                raise FarmError(
                    f"The option {name} of OCR backend {NAME} is {folder!r}: give the absolute path of a folder."
                )
        parsed = cls(**options | {"languages": tuple(languages)})
        problem = weights_problem(parsed.weights, parsed.weights_digest)
        if parsed.weights and parsed.tessdata:
            problem = "has its language data from weights: leave out tessdata"
        if problem:
            raise FarmError(f"OCR backend {NAME} {problem}.")
        return parsed

    @property
    def folder(self) -> str | None:
        """The folder of language data that is named."""
        return f"{self.weights}/{TESSDATA_FOLDER}" if self.weights else self.tessdata

    def verify_weights(self) -> None:
        """Check that the folder of weights, where one is given, has all language data that is pinned.

        Raises:
            FarmError: see :func:`verify`.
        """
        if self.weights and self.weights_digest:
            verify(Path(self.weights), NAME, self.weights_digest)

    def for_hash(self) -> dict[str, Any]:
        """Return those that change what is read, defaults filled in.

        Documents that were finished before language data could be pinned keep their hash.
        """
        digest = {"weights_digest": self.weights_digest} if self.weights_digest else {}
        return {"languages": list(self.languages), **digest}


def _is_language(value: object) -> bool:
    return isinstance(value, str) and _LANGUAGE.fullmatch(value) is not None
