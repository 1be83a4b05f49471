# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""PDFs written byte by byte, so that they can lie, and a driver for the structural reader."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.glossapi.farm.plugins.module_utils._pdf.model import ByteRange, PageCount, Unsettled
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.structure import read_page_count

HEADER = b"%PDF-1.5\n"
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"


@dataclass(frozen=True)
class Reading:
    """What the structural reader said of a file, and what it asked for."""

    answer: PageCount | Unsettled
    ranges: list[ByteRange]


def read(content: bytes) -> Reading:
    """Serve the structural reader from ``content``."""
    ranges: list[ByteRange] = []
    questions = read_page_count(len(content))
    try:
        wanted = next(questions)
        while True:
            ranges.append(wanted)
            wanted = questions.send(content[wanted.start : wanted.end])
    except StopIteration as stop:
        return Reading(stop.value, ranges)


def table(offsets: Mapping[int, int | None], trailer: bytes, start: int) -> bytes:
    """Return a cross-reference table, one subsection an object, with all that follows it."""
    rows = b"".join(
        b"%d 1\n" % number + (b"%010d 00000 n \n" % offset if offset is not None else b"0000000000 00000 f \n")
        for number, offset in sorted(offsets.items())
    )
    return b"xref\n" + rows + b"trailer\n<<" + trailer + b">>\nstartxref\n%d\n%%%%EOF\n" % start


def write_pdf(objects: Mapping[int, bytes | None], trailer: bytes = b"", before: bytes = HEADER) -> bytes:
    """Return a file of these objects, in this order; None frees a number. ``before`` is what it updates."""
    content = before
    offsets: dict[int, int | None] = {}
    for number, body in objects.items():
        offsets[number] = None if body is None else len(content)
        if body is not None:
            content += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    return content + table(offsets, b"/Size 1000/Root 1 0 R" + trailer, len(content))


def node(count: int | bytes, *kids: int) -> bytes:
    """Return a node of a page tree."""
    said = count if isinstance(count, bytes) else b"%d" % count
    return b"<</Type/Pages/Count " + said + b"/Kids[" + b" ".join(b"%d 0 R" % kid for kid in kids) + b"]>>"


def stream(dictionary: bytes, body: bytes) -> bytes:
    """Return a stream object, compressed."""
    packed = zlib.compress(body)
    return b"<</Filter/FlateDecode/Length %d" % len(packed) + dictionary + b">>stream\n" + packed + b"\nendstream"


def write_compressed_pdf(objects: Mapping[int, bytes], shift: int = 0) -> bytes:
    """Return a file whose objects are in one object stream, each ``shift`` places off what the entries say."""
    header, bodies = b"", b""
    for number, body in objects.items():
        header += b"%d %d " % (number, len(bodies))
        bodies += body + b" "
    members = b"/Type/ObjStm/N %d/First %d" % (len(objects), len(header))
    content = HEADER + b"900 0 obj\n" + stream(members, header + bodies) + b"\nendobj\n"
    places = {number: (2, 900, index + shift) for index, number in enumerate(objects)}
    places |= {900: (1, len(HEADER), 0), 901: (1, len(content), 0)}
    index = b" ".join(b"%d 1" % number for number in places)
    rows = b"".join(
        bytes([kind]) + second.to_bytes(4, "big") + bytes([third]) for kind, second, third in places.values()
    )
    start = len(content)
    cross_reference = stream(b"/Type/XRef/W[1 4 1]/Size 1000/Root 1 0 R/Index[" + index + b"]", rows)
    return content + b"901 0 obj\n" + cross_reference + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % start


def write_large_pdf(pages: int) -> bytes:
    """Return a file of so many pages below one root, quickly."""
    objects = {1: CATALOG, 2: node(pages, *range(3, pages + 3)), **dict.fromkeys(range(3, pages + 3), PAGE)}
    parts, rows = [HEADER], [b"0000000000 65535 f \n"]
    position = len(HEADER)
    for number, body in objects.items():
        rows.append(b"%010d 00000 n \n" % position)
        parts.append(b"%d 0 obj\n" % number + body + b"\nendobj\n")
        position += len(parts[-1])
    trailer = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(rows), position)
    return b"".join([*parts, b"xref\n0 %d\n" % len(rows), *rows, trailer])


def padding(size: int = 200_000) -> bytes:
    """Return an object that keeps what comes before it away from the file's tail."""
    return b"<</Length %d>>stream\n" % size + b"." * size + b"\nendstream"


# Whole trees that lie: by name the objects, the number of pages that really are there, what is said of it.
LIES: dict[str, tuple[dict[int, bytes | None], int, str]] = {
    "count_too_big": ({1: CATALOG, 2: node(5, 3, 4), 3: PAGE, 4: PAGE}, 2, "/Count says 5, the page tree has 2"),
    "count_too_small": ({1: CATALOG, 2: node(1, 3, 4), 3: PAGE, 4: PAGE}, 2, "/Count says 1, the page tree has 2"),
    "count_negative": ({1: CATALOG, 2: node(-2, 3, 4), 3: PAGE, 4: PAGE}, 2, "/Count says -2"),
    "count_missing": ({1: CATALOG, 2: node(b"null", 3, 4), 3: PAGE, 4: PAGE}, 2, "/Count says nothing"),
    "counts_that_do_not_add_up": (
        {1: CATALOG, 2: node(6, 3, 4), 3: node(3, 5, 6), 4: node(3, 7, 8, 9), **dict.fromkeys(range(5, 10), PAGE)},
        5,
        "/Count says 3, the page tree has 2",
    ),
    "lies_that_cancel_out": (
        {1: CATALOG, 2: node(4, 3, 4), 3: node(1, 5, 6), 4: node(3, 7, 8), **dict.fromkeys(range(5, 9), PAGE)},
        4,
        "/Count says 1, the page tree has 2",
    ),
    "a_null_kid": ({1: CATALOG, 2: node(2, 3, 4), 3: PAGE, 4: b"null"}, 1, "not a page"),
    "a_missing_kid": ({1: CATALOG, 2: node(2, 3, 99), 3: PAGE}, 1, "not a page"),
    "a_freed_kid": ({1: CATALOG, 2: node(2, 3, 4), 3: PAGE, 4: None}, 1, "not a page"),
    "a_kid_that_is_a_number": ({1: CATALOG, 2: node(2, 3, 4), 3: PAGE, 4: b"7"}, 1, "not a page"),
    "a_kid_that_is_its_own_parent": ({1: CATALOG, 2: node(2, 3, 2), 3: PAGE}, 1, "loop"),
}

# Kids beside a page below a node that counts two, with what they refer to: how many pages PDFium shows of the file.
ODD_KIDS: dict[str, tuple[dict[int, bytes | None], int]] = {
    "keys_of_a_page_that_are_none_of_its_own": ({4: b"<</Annots[]/Rotate 0>>"}, 2),
    "nothing_at_all": ({4: b"<<>>"}, 2),
    "a_misspelt_type": ({4: b"<</Type/Pag/Parent 2 0 R/MediaBox[0 0 9 9]>>"}, 1),
    "a_template": ({4: b"<</Type/Template/Parent 2 0 R/MediaBox[0 0 9 9]>>"}, 1),
    "a_font": ({4: b"<</Type/Font>>"}, 1),
    "a_font_by_reference": ({4: b"<</Type 9 0 R>>", 9: b"/Font"}, 1),
    "a_type_that_is_lost": ({4: b"<</Type 9 0 R/Parent 2 0 R/MediaBox[0 0 9 9]>>"}, 1),
    "a_node_without_kids": ({4: b"<</Type/Pages/Count 1>>"}, 1),
}
