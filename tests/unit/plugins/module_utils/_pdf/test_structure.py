# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A document's structure gives its page count, or is doubted; never a guess, never an exception."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from ansible_collections.glossapi.farm.plugins.module_utils._pdf.model import PageCount, Unsettled
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.partial_file import MAX_RANGES
from tests.unit.plugins.module_utils._pdf.pdf_files import (
    CATALOG,
    LIES,
    PAGE,
    node,
    padding,
    read,
    table,
    write_compressed_pdf,
    write_large_pdf,
    write_pdf,
)

FLAT = {1: CATALOG, 2: node(2, 3, 4), 3: PAGE, 4: PAGE}
NESTED = {1: CATALOG, 2: node(3, 3, 4), 3: node(2, 5, 6), 4: PAGE, 5: PAGE, 6: PAGE}


def reportlab_pdf(pages: int, text: str = "Πτυχιακή εργασία", *, compressed: int = 1) -> bytes:
    output = io.BytesIO()
    canvas = Canvas(output, pageCompression=compressed)
    for page in range(pages):
        canvas.drawString(72, 720, f"{text} {page}")
        canvas.showPage()
    canvas.save()
    return output.getvalue()


SEEDS = [
    write_pdf(NESTED),
    write_compressed_pdf(NESTED),
    write_pdf({1: CATALOG}, b"/Prev 9", write_pdf(FLAT)),
    reportlab_pdf(3),
]


@pytest.mark.parametrize("write", [write_pdf, write_compressed_pdf])
@pytest.mark.parametrize(("objects", "pages"), [(FLAT, 2), (NESTED, 3)])
def test_an_honest_tree_is_counted_in_one_read_of_a_small_file(write, objects, pages) -> None:  # type: ignore[no-untyped-def]
    reading = read(write(objects))
    assert reading.answer == PageCount(pages, "")
    assert len(reading.ranges) == 1


def test_an_empty_file_has_its_own_class() -> None:
    assert read(b"").answer == PageCount(None, "empty: 0 bytes")


def test_a_tree_without_pages_has_its_own_class() -> None:
    answer = read(write_pdf({1: CATALOG, 2: node(0)})).answer
    assert isinstance(answer, PageCount)
    assert answer.error.startswith("no_pages: ")


@pytest.mark.parametrize("pages", [1, 40])
def test_a_large_file_of_a_real_library_is_counted_from_few_reads(pages: int) -> None:
    content = reportlab_pdf(pages, "x" * (400_000 // pages), compressed=0)
    reading = read(content)
    assert reading.answer == PageCount(pages, "")
    assert len(reading.ranges) <= 4
    assert sum(wanted.length for wanted in reading.ranges) < len(content) * 0.1


def test_the_type_of_a_catalog_may_be_an_object_of_its_own() -> None:
    catalog = b"<</Type 9 0 R/Pages 2 0 R>>"
    assert read(write_pdf({1: catalog, 2: node(1, 3), 3: PAGE, 9: b"/Catalog"})).answer == PageCount(1, "")


@pytest.mark.parametrize("name", LIES)
def test_a_tree_that_contradicts_itself_is_doubted(name: str) -> None:
    assert isinstance(read(write_pdf(LIES[name][0])).answer, Unsettled)


@pytest.mark.parametrize("name", [name for name in LIES if name not in ("a_null_kid", "a_kid_that_is_a_number")])
def test_it_is_doubted_too_where_most_of_the_file_is_not_read(name: str) -> None:
    objects = dict(LIES[name][0])
    far = {number: body for number, body in objects.items() if body == PAGE}
    near = {number: body for number, body in objects.items() if number not in far}
    content = write_pdf({**far, 90: padding(), **near})
    reading = read(content)
    assert isinstance(reading.answer, Unsettled)
    assert sum(wanted.length for wanted in reading.ranges) < len(content) / 2


def test_a_root_that_counts_its_nodes_as_pages_is_doubted_where_they_are_far_away() -> None:
    nodes = {3: node(2, 5, 6), 4: node(2, 7, 8), **dict.fromkeys((5, 6, 7, 8), PAGE)}
    assert isinstance(read(write_pdf({**nodes, 90: padding(), 1: CATALOG, 2: node(2, 3, 4)})).answer, Unsettled)


@pytest.mark.parametrize("replaced", [b"null", b"<</Type/Font>>", None])
def test_a_page_that_an_update_took_away_is_noticed_in_a_large_file(replaced: bytes | None) -> None:
    original = write_pdf({3: PAGE, 4: PAGE, 90: padding(), 1: CATALOG, 2: node(2, 3, 4)})
    start = original.rindex(b"xref\n", 0, original.rindex(b"startxref"))
    updated = write_pdf({4: replaced}, b"/Prev %d" % start, original)
    assert read(original).answer == PageCount(2, "")
    assert isinstance(read(updated).answer, Unsettled)


def test_the_newest_update_of_the_page_tree_counts() -> None:
    original = write_pdf(FLAT)
    start = original.rindex(b"xref\n", 0, original.rindex(b"startxref"))
    updated = write_pdf({2: node(3, 3, 4, 5), 5: PAGE}, b"/Prev %d" % start, original)
    assert read(updated).answer == PageCount(3, "")


def test_an_object_in_the_stream_of_a_hybrid_file_is_found() -> None:
    compressed = write_compressed_pdf(FLAT)
    hidden = int(compressed.rsplit(b"startxref", 1)[1].split()[0])
    hybrid = compressed + table({3: None, 4: None}, b"/Root 1 0 R/XRefStm %d" % hidden, len(compressed))
    assert read(hybrid).answer == PageCount(2, "")


def test_an_indirect_count_is_followed() -> None:
    assert read(write_pdf({**FLAT, 2: node(b"7 0 R", 3, 4), 7: b"2"})).answer == PageCount(2, "")


@pytest.mark.parametrize(
    "content",
    [
        write_pdf(FLAT).replace(b"0000000009 00000", b"0000000011 00000"),
        write_pdf(FLAT).replace(b"\n3 0 obj", b"\n8 0 obj"),
        write_compressed_pdf(FLAT, shift=1),
        b"garbage " + write_pdf(FLAT),
        write_pdf(FLAT)[:-30],
        write_pdf(FLAT) + b"5 0 obj\n<<>>\nendobj\n",
        write_pdf(FLAT, b"/Prev 1"),
        write_pdf(FLAT).replace(b"/Root 1", b"/Root 2"),
        write_pdf(FLAT)[: write_pdf(FLAT).rindex(b"startxref")] + b"startxref\n0\n%%EOF\n",
    ],
    ids=[
        "offset_wrong",
        "number_wrong",
        "place_in_stream_wrong",
        "leading_garbage",
        "cut_short",
        "objects_after_the_end",
        "previous_section_wrong",
        "root_wrong",
        "startxref_zero",
    ],
)
def test_a_broken_link_is_never_guessed_across(content: bytes) -> None:
    answer = read(content).answer
    assert isinstance(answer, Unsettled) or answer == PageCount(2, "")


def test_an_encrypted_file_is_left_to_an_engine() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(reportlab_pdf(2))))
    writer.encrypt(user_password="", owner_password="owner", algorithm="RC4-128")
    output = io.BytesIO()
    writer.write(output)
    assert read(output.getvalue()).answer == Unsettled("encrypted")


def test_a_large_file_full_of_updates_costs_a_bounded_number_of_reads() -> None:
    content = write_pdf(FLAT)
    for _ in range(60):
        start = int(content.rsplit(b"startxref", 1)[1].split()[0])
        content = write_pdf({90: padding(100_000)}, b"/Prev %d" % start, content)
    reading = read(content)
    assert isinstance(reading.answer, Unsettled)
    assert len(reading.ranges) <= MAX_RANGES


@pytest.mark.parametrize("junk", [b"\0" * 300_000, b"<html>an object of desire</html>\n" * 9000, b"\r\n" * 40_000])
def test_junk_behind_the_document_does_not_make_it_read_whole(junk: bytes) -> None:
    content = write_pdf({3: PAGE, 4: PAGE, 90: padding(4_000_000), 1: CATALOG, 2: node(2, 3, 4)}) + junk
    reading = read(content)
    assert reading.answer == PageCount(2, "")
    assert sum(wanted.length for wanted in reading.ranges) < len(content) / 4


def test_a_large_file_without_an_end_costs_a_few_reads_more() -> None:
    content = write_pdf({3: PAGE, 90: padding(8_000_000), 1: CATALOG, 2: node(1, 3)})
    reading = read(content[: content.rindex(b"xref\n", 0, content.rindex(b"startxref"))])
    assert isinstance(reading.answer, Unsettled)
    assert len(reading.ranges) <= 4
    assert sum(wanted.length for wanted in reading.ranges) < len(content) / 2


@pytest.mark.slow
def test_a_sound_document_of_very_many_pages_is_counted() -> None:
    assert read(write_large_pdf(230_000)).answer == PageCount(230_000, "")


def test_nodes_a_few_kilobytes_from_each_other_are_read_together_in_a_large_file() -> None:
    nodes: dict[int, bytes | None] = {}
    for number in range(10):
        nodes[20 + number] = node(1, 40 + number)
        nodes[40 + number] = PAGE
        nodes[60 + number] = padding(1000)
    objects = {**nodes, 1: CATALOG, 2: node(10, *range(20, 30)), 90: padding(2_000_000)}
    reading = read(write_pdf(objects))
    assert reading.answer == PageCount(10, "")
    assert len(reading.ranges) == 2


def check_reading(content: bytes) -> None:
    reading = read(content)
    assert len(reading.ranges) <= MAX_RANGES
    asked = sorted(reading.ranges, key=lambda wanted: wanted.start)
    assert all(0 <= wanted.start < wanted.end <= len(content) for wanted in asked)
    assert all(first.end <= second.start for first, second in pairwise(asked))


@given(st.binary(max_size=2000))
def test_no_bytes_at_all_make_it_fail_or_read_twice(content: bytes) -> None:
    check_reading(content)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_damage_to_a_file_makes_it_fail_or_read_twice(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(SEEDS)))
    edits = st.tuples(st.integers(0, len(content)), st.integers(0, 12), st.binary(max_size=12))
    for start, length, replacement in data.draw(st.lists(edits, max_size=8)):
        content[start : start + length] = replacement
    far = data.draw(st.sampled_from([b"", b"%PDF-1.5\n" + b" " * 100_000]))
    check_reading(far + bytes(content))
