# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages that were drawn and read back by a recogniser, by the right one and by one that does not know their letters.

They need tesseract with eng, ell and grc, the fonts DejaVu and GFS Didot, and rapidocr with onnxruntime and Pillow.
"""

from __future__ import annotations

import logging
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.quality.pages import Page

_FONTS = ("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf", "/usr/share/fonts/opentype/didot/GFSDidot.otf")
_SIZE = 34
_COLUMNS = 64


def recognised(pages: Iterable[Page], each: int) -> Iterator[Page]:
    """Yield what recognisers make of the first ``each`` pages of each kind and half."""
    plans: dict[str, list[tuple[str, bool, Callable[[Path], str]]]] = {
        "el": [
            ("el: tesseract eng", False, _tesseract("eng")),
            ("el: rapidocr ch", False, _rapidocr()),
            ("el: tesseract ell", True, _tesseract("ell")),
        ],
        "polytonic": [
            ("polytonic: tesseract eng", False, _tesseract("eng")),
            ("polytonic: tesseract grc", True, _tesseract("grc")),
        ],
        "en": [("en: tesseract ell", False, _tesseract("ell")), ("en: tesseract eng", True, _tesseract("eng"))],
    }
    taken: dict[tuple[str, bool], int] = {}
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder) / "page.png"
        for page in pages:
            number = taken.get((page.kind, page.held_out), 0)
            usual = page.kind == "en" or sum(char > "\x7f" for char in page.text) > len(page.text) / 2
            if page.kind in plans and usual and number < each:
                taken[page.kind, page.held_out] = number + 1
                _draw(page.text, _FONTS[number % 2], image)
                for kind, good, read in plans[page.kind]:
                    yield Page(read(image), good, kind, page.held_out)


def _draw(text: str, font: str, target: Path) -> None:
    from PIL import Image, ImageDraw, ImageFont

    lines = [line[start : start + _COLUMNS] for line in text.split("\n") for start in range(0, len(line), _COLUMNS)]
    image = Image.new("L", (1500, 60 + 48 * len(lines)), 255)
    ImageDraw.Draw(image).multiline_text(
        (40, 30), "\n".join(lines), fill=0, font=ImageFont.truetype(font, _SIZE), spacing=12
    )
    image.save(target)


def _tesseract(language: str) -> Callable[[Path], str]:
    def read(image: Path) -> str:
        command = ["tesseract", str(image), "-", "-l", language, "--psm", "6"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    return read


def _rapidocr() -> Callable[[Path], str]:
    """Return a reader with the models of rapidocr's wheel, for Chinese and English."""
    from rapidocr import RapidOCR

    engine: Any = RapidOCR()
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)

    def read(image: Path) -> str:
        return "\n".join(engine(str(image)).txts or ())

    return read
