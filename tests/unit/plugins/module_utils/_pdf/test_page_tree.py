# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certain trees are counted from part of their objects; others are doubted."""

from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pdf.errors import InconsistentError
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.model import PageCount, Unsettled
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.objects import Reference
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.page_tree import count_with_certainty, is_page
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.partial_file import PartialFile
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.structure import open_document
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.walk import finish
from tests.unit.plugins.module_utils._pdf.pdf_files import CATALOG, LIES, PAGE, node, padding, read, write_pdf


def count(objects: dict[int, bytes | None]) -> int:
    document = finish(open_document(PartialFile.whole(write_pdf(objects))))
    return finish(count_with_certainty(document, Reference(2, 0)))


def test_nodes_and_pages_may_be_mixed() -> None:
    assert count({1: CATALOG, 2: node(4, 3, 4, 5), 3: PAGE, 4: node(2, 6, 7), **dict.fromkeys((5, 6, 7), PAGE)}) == 4


def test_a_type_may_be_an_object_of_its_own() -> None:
    typed = {3: b"<</Type 9 0 R/Parent 2 0 R>>", 4: b"<</Type 10 0 R/Count 1/Kids[5 0 R]>>", 9: b"/Page", 10: b"/Pages"}
    assert count({1: CATALOG, 2: node(2, 3, 4), **typed, 5: PAGE}) == 2


def test_nodes_of_one_page_each_are_not_taken_for_pages() -> None:
    assert count({1: CATALOG, 2: node(2, 3, 4), 3: node(1, 5), 4: node(1, 6), 5: PAGE, 6: PAGE}) == 2


@pytest.mark.parametrize("name", LIES)
def test_a_tree_that_lies_is_doubted(name: str) -> None:
    with pytest.raises(InconsistentError):
        count(LIES[name][0])


def test_a_page_listed_twice_is_doubted() -> None:
    with pytest.raises(InconsistentError, match="twice"):
        count({1: CATALOG, 2: node(3, 3, 3, 4), 3: PAGE, 4: PAGE})


def test_a_kid_that_is_no_reference_is_doubted() -> None:
    with pytest.raises(InconsistentError, match="not a reference"):
        count({1: CATALOG, 2: b"<</Type/Pages/Count 1/Kids[" + PAGE + b"]>>"})


def test_a_thousand_flat_pages_are_not_each_read() -> None:
    kids = range(3, 1003)
    padded = PAGE + b" " * 400
    reading = read(write_pdf({**dict.fromkeys(kids, padded), 1: CATALOG, 2: node(1000, *kids)}))
    assert reading.answer == PageCount(1000, "")
    assert len(reading.ranges) <= 5


@pytest.mark.parametrize("first_is_node", [True, False])
def test_a_whole_document_behind_a_cover_is_not_taken_for_one_page(first_is_node: bool) -> None:
    document, cover = node(5, *range(11, 16)), PAGE
    first, last = (document, cover) if first_is_node else (cover, document)
    pages = dict.fromkeys(range(11, 16), PAGE)
    objects = {3: first, **pages, 20: padding(), 4: last, 21: padding(), 2: node(2, 3, 4), 1: CATALOG}
    assert isinstance(read(write_pdf(objects)).answer, Unsettled)


@pytest.mark.parametrize("value", [None, 3, b"", {}, {b"Type": b"Page", b"Kids": []}, {b"Type": b"Pages"}])
def test_only_a_dictionary_of_that_type_is_a_page(value: int | bytes | None) -> None:
    assert not is_page(value)
