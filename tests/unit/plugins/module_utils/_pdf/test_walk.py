# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole file's pages are counted one by one, and what the file says otherwise is told."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._pdf.errors import InconsistentError, UnsupportedError
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.walk import Walk, walk_file
from tests.unit.plugins.module_utils._pdf.pdf_files import (
    CATALOG,
    LIES,
    ODD_KIDS,
    PAGE,
    node,
    write_compressed_pdf,
    write_large_pdf,
    write_pdf,
)

NESTED = {1: CATALOG, 2: node(3, 3, 4), 3: node(2, 5, 6), 4: PAGE, 5: PAGE, 6: PAGE}


@pytest.mark.parametrize("write", [write_pdf, write_compressed_pdf])
def test_an_honest_file_has_no_flaw(write) -> None:  # type: ignore[no-untyped-def]
    assert walk_file(write(NESTED)) == Walk(3, "")


@pytest.mark.parametrize("name", LIES)
def test_a_tree_that_lies_is_counted_and_told(name: str) -> None:
    objects, pages, said = LIES[name]
    walk = walk_file(write_pdf(objects))
    assert walk.pages == pages
    assert said in walk.flaw


def test_a_page_listed_twice_is_two_pages() -> None:
    assert walk_file(write_pdf({1: CATALOG, 2: node(3, 3, 3, 4), 3: PAGE, 4: PAGE})) == Walk(3, "")


def test_offsets_that_count_from_the_header_are_no_flaw() -> None:
    assert walk_file(b"leading garbage\n" + write_pdf(NESTED)) == Walk(3, "")


def test_a_broken_cross_reference_is_rebuilt_and_told() -> None:
    content = write_pdf(NESTED)
    walk = walk_file(content[: content.rindex(b"startxref")])
    assert walk.pages == 3
    assert "rebuilt" in walk.flaw


def test_a_rebuilt_cross_reference_does_not_make_a_lie_true() -> None:
    content = write_pdf(LIES["count_too_big"][0])
    walk = walk_file(content[: content.rindex(b"xref")])
    assert walk.pages == 2
    assert "/Count says 5" in walk.flaw


def test_a_tree_of_nodes_shared_many_times_over_is_counted_in_no_time() -> None:
    levels = {number: node(2 ** (41 - number), number + 1, number + 1) for number in range(2, 41)}
    assert walk_file(write_pdf({1: CATALOG, **levels, 41: PAGE})) == Walk(2**39, "")


DAMAGED = b"<</Type/Page/Parent 2 0 R/MediaBox[0\x960 9 9]>>"


def test_a_kid_that_is_not_where_the_cross_reference_says_is_looked_for() -> None:
    content = write_pdf(NESTED)
    wrong = content.replace(b"%010d" % content.index(b"5 0 obj"), b"%010d" % content.index(b"6 0 obj"))
    walk = walk_file(wrong.replace(b"%010d" % content.index(b"4 0 obj"), b"0000000001"))
    assert (walk.pages, walk.open_kids) == (3, 0)
    assert "cross-reference rebuilt" in walk.flaw


@pytest.mark.parametrize("damaged", [DAMAGED, b"<</Type/Page", b"<</Type /Page /Parent 2 0 R 5>>"])
def test_a_kid_that_cannot_be_read_is_not_taken_for_no_page(damaged: bytes) -> None:
    walk = walk_file(write_pdf({**NESTED, 5: damaged}))
    assert (walk.pages, walk.open_kids) == (2, 1)


def test_a_kid_whose_object_is_lost_is_not_taken_for_no_page() -> None:
    walk = walk_file(write_pdf(NESTED).replace(b"\n5 0 obj", b"\n5 0 obi"))
    assert (walk.pages, walk.open_kids) == (2, 1)


def test_a_node_whose_kids_cannot_be_read_is_not_taken_for_empty() -> None:
    walk = walk_file(write_pdf({**NESTED, 3: b"<</Type/Pages/Count 2/Kids 7 0 R>>", 7: b"[5 0 R 6 0"}))
    assert (walk.pages, walk.open_kids) == (1, 1)


@pytest.mark.parametrize("name", ODD_KIDS)
def test_a_dictionary_that_does_not_say_what_it_is_is_not_taken_for_no_page(name: str) -> None:
    walk = walk_file(write_pdf({1: CATALOG, 2: node(2, 3, 4), 3: PAGE, **ODD_KIDS[name][0]}))
    assert (walk.pages, walk.open_kids) == (1, 1)
    assert walk.flaw == "a kid of the page tree does not say that it is a page"


def test_a_type_may_be_an_object_of_its_own() -> None:
    kids = {3: b"<</Type 9 0 R/Parent 2 0 R>>", 4: b"<</Type 10 0 R/Count 11 0 R>>", 5: PAGE}
    types = {9: b"/Page", 10: b"/Pages", 11: b"0", 12: b"/Catalog"}
    catalog = b"<</Type 12 0 R/Pages 2 0 R>>"
    assert walk_file(write_pdf({1: catalog, 2: node(2, 3, 4, 5), **kids, **types})) == Walk(2, "")


@pytest.mark.parametrize("name", LIES)
def test_a_tree_that_lies_leaves_no_kid_open(name: str) -> None:
    assert walk_file(write_pdf(LIES[name][0])).open_kids == 0


def test_the_pages_of_a_file_inside_are_not_counted() -> None:
    inner = write_pdf({1: CATALOG, 2: node(9, *range(3, 12)), **dict.fromkeys(range(3, 12), PAGE)})
    attached = b"<</Type/EmbeddedFile/Length %d>>stream\n" % len(inner) + inner + b"\nendstream"
    content = write_pdf({1: CATALOG, 2: node(1, 20), 20: PAGE, 21: attached})
    walk = walk_file(content[: content.rindex(b"xref\n", 0, content.rindex(b"startxref"))])
    assert walk.pages == 1
    assert "rebuilt" in walk.flaw


@pytest.mark.slow
def test_a_sound_document_of_very_many_pages_is_sound() -> None:
    walk = walk_file(write_large_pdf(230_000))
    assert walk == Walk(230_000, "")


def test_a_very_deep_tree_ends() -> None:
    levels = {number: node(1, number + 1) for number in range(2, 900)}
    assert "loop" in walk_file(write_pdf({1: CATALOG, **levels, 900: PAGE})).flaw


def test_nothing_that_looks_like_a_pdf_is_doubted() -> None:
    with pytest.raises(InconsistentError):
        walk_file(b"<html>404 Not Found</html>")


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_damage_makes_it_fail_otherwise(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from([write_pdf(NESTED), write_compressed_pdf(NESTED)])))
    edits = st.tuples(st.integers(0, len(content)), st.integers(0, 12), st.binary(max_size=12))
    for start, length, replacement in data.draw(st.lists(edits, max_size=8)):
        content[start : start + length] = replacement
    with suppress(InconsistentError, UnsupportedError):
        walk_file(bytes(content))
