# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How parts are kept; that whole documents come of them is shown by test_pipeline.py and by the tests on a checkout."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi.long_documents import joined, kept_parts


class Extractor:
    """Converts as glossAPI does: a whole document, or a part of it."""

    def _convert_with_timeout(self, name: str, timeout_s: int, **options: Any) -> SimpleNamespace:
        assert timeout_s
        if name == "broken":
            raise TimeoutError
        return SimpleNamespace(document=(name, options.get("page_range")))

    def convert(self, *arguments: Any, **options: Any) -> Any:
        """Do what glossAPI does with it."""
        return self._convert_with_timeout(*arguments, **options)


def test_parts_are_kept_in_their_order_and_whole_documents_are_not() -> None:
    extractor = Extractor()
    with kept_parts(extractor) as parts:
        assert extractor.convert("short", 9).document == ("short", None)
        for pages in ((1, 200), (201, 210)):
            assert extractor.convert("long", timeout_s=9, page_range=pages).document == ("long", pages)
        # It is tried again, once.
        with pytest.raises(TimeoutError):
            extractor.convert("broken", timeout_s=9, page_range=(1, 200))
    assert parts == [("long", (1, 200)), ("long", (201, 210))]


def test_nothing_is_kept_of_the_next_document() -> None:
    extractor = Extractor()
    with pytest.raises(TimeoutError), kept_parts(extractor):
        extractor.convert("broken", timeout_s=9, page_range=(1, 200))
    with kept_parts(extractor) as parts:
        pass
    extractor.convert("long", timeout_s=9, page_range=(1, 200))
    assert parts == []
    assert vars(extractor) == {}


def test_a_document_that_was_converted_at_once_has_no_parts() -> None:
    assert joined([]) is None
