# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.composition import to_json, to_markdown
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.page_text import PageText, TextSource

PAGES = (
    PageText("first", TextSource.LAYER, page=1),
    PageText("", TextSource.LAYER, page=2),
    PageText("third", TextSource.OCR, page=3),
    PageText("", TextSource.LAYER, False, 4),
    PageText("fifth", TextSource.LAYER, page=5, markdown="## fifth"),
)


def test_each_page_stands_under_its_number_and_one_that_was_not_read_says_so() -> None:
    assert to_markdown(PAGES) == (
        "<!-- page 1 -->\n\nfirst\n\n<!-- page 2: no text layer -->\n\n<!-- page 3 -->\n\nthird\n\n"
        "<!-- page 4 -->\n\n<!-- page 5 -->\n\n## fifth\n"
    )


def test_the_json_says_how_each_page_was_read() -> None:
    assert to_json("s3://b/a.pdf", "by hand", PAGES) == {
        "uri": "s3://b/a.pdf",
        "pipeline": "by hand",
        "pages": 5,
        "characters": 15,
        "characters_per_page": [5, 0, 5, 0, 5],
        "method_per_page": ["text_layer", "unread", "ocr", "blank", "text_layer"],
    }
