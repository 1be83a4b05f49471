# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documents that nodes get are those that the script makes of the text."""

from __future__ import annotations

import numpy
import pypdfium2
import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.documents import LAYERED, SCAN
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.text import LINES
from demo import canary

# Other releases of the library that draws may set a letter a pixel further.
_MOST_PIXELS = 0.002


def layer(document: bytes) -> list[str]:
    pdf = pypdfium2.PdfDocument(document)
    assert len(pdf) == 1
    text: str = pdf[0].get_textpage().get_text_bounded()
    return [line for line in text.splitlines() if line.strip()]


def pixels(document: bytes) -> numpy.ndarray[tuple[int, ...], numpy.dtype[numpy.bool_]]:
    page = pypdfium2.PdfDocument(document)[0]
    picture = canary.picture()
    rendered = page.render(scale=picture.width / page.get_width(), grayscale=True).to_pil()
    return numpy.asarray(rendered.resize(picture.size)) > 127


@pytest.mark.parametrize("document", [SCAN, LAYERED], ids=["scan", "layered"])
def test_the_page_shows_the_text(document: bytes) -> None:
    drawn = numpy.asarray(canary.picture())
    assert (drawn == 0).mean() > 0.01
    assert (pixels(document) != drawn).mean() < _MOST_PIXELS


def test_the_scan_is_a_picture_alone() -> None:
    assert layer(SCAN) == []
    assert b"/Font" not in SCAN


def test_the_layer_has_the_text_and_no_font() -> None:
    assert layer(LAYERED) == [line for line in LINES if line]
    assert b"/FontFile" not in LAYERED


def test_the_script_makes_both() -> None:
    names: dict[str, bytes] = {}
    exec(canary.module(), names)  # noqa: S102 - the module is what it is about
    assert layer(names["LAYERED"]) == layer(LAYERED)
    assert (pixels(names["SCAN"]) != pixels(SCAN)).mean() < _MOST_PIXELS
