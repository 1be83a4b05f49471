# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.tesseract.options import TesseractOptions

DIGEST = "0123456789abcdef" * 4


def test_greek_and_english_are_read_unless_other_languages_are_named() -> None:
    assert TesseractOptions.parse({}) == TesseractOptions(("ell", "eng"), None)
    named = TesseractOptions.parse({"languages": ["grc", "chi_sim"], "tessdata": "/data"})
    assert named == TesseractOptions(("grc", "chi_sim"), "/data")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"lang": "ell"}, "does not know the option 'lang': it has languages, tessdata, weights, weights_digest"),
        (
            {"weights": "data", "weights_digest": DIGEST},
            "weights of OCR backend tesseract is 'data': give the absolute",
        ),
        ({"weights": "/data"}, "OCR backend tesseract needs the options weights and weights_digest both"),
        ({"weights": "/w", "weights_digest": DIGEST, "tessdata": "/d"}, "from weights: leave out tessdata"),
        ({"languages": "ell"}, "languages of OCR backend tesseract is 'ell': give a list"),
        ({"languages": []}, "give a list"),
        ({"languages": ["ell", 3]}, "give a list"),
        ({"languages": ["../ell"]}, "give a list"),
        ({"languages": ["-c"]}, "give a list"),
        ({"tessdata": "data"}, "tessdata of OCR backend tesseract is 'data': give the absolute path"),
        ({"tessdata": 1}, "give the absolute path"),
    ],
)
def test_what_is_wrong_is_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(FarmError, match=message):
        TesseractOptions.parse(options)


def test_where_the_data_lies_does_not_change_what_is_read() -> None:
    options = TesseractOptions.parse({"tessdata": "/data"})
    assert options.for_hash() == TesseractOptions().for_hash() == {"languages": ["ell", "eng"]}


def test_pinned_language_data_is_a_part_of_the_weights_and_changes_what_is_read() -> None:
    options = TesseractOptions.parse({"weights": "/w", "weights_digest": DIGEST})
    assert options.folder == "/w/tessdata"
    assert options.for_hash() == {"languages": ["ell", "eng"], "weights_digest": DIGEST}
