# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pdf.embedded import (
    Embedded,
    FoundObject,
    find_embedded,
    parse_at,
)

INNER = b"1 0 obj\n<</Type/Catalog>>\nendobj\n2 0 obj\n<<>>\nendobj\n"
_START = re.compile(rb"(\d+) (\d+) obj")


def outer(length: bytes, inner: bytes = INNER, more: bytes = b"") -> bytes:
    stream = b"5 0 obj\n<</Length " + length + b">>stream\n" + inner + b"\nendstream\nendobj\n"
    return b"%PDF-1.7\n" + stream + b"6 0 obj\n<<>>\nendobj\n" + more


def found(content: bytes) -> list[FoundObject]:
    return [FoundObject(match.start(), int(match[1]), int(match[2])) for match in _START.finditer(content)]


def own_objects(content: bytes) -> list[int]:
    everything = found(content)
    embedded = find_embedded(content, everything)
    return [each.number for each in everything if not embedded.has(each.start)]


@pytest.mark.parametrize("length", [b"%d" % len(INNER), b"9 0 R"])
def test_objects_inside_a_stream_are_not_the_files_own(length: bytes) -> None:
    content = outer(length, more=b"9 0 obj\n%d\nendobj\n" % len(INNER))
    assert own_objects(content) == [5, 6, 9]


def test_bytes_of_an_image_that_look_like_an_object_are_none() -> None:
    image = b"\x00\xff7 0 obj\x80\x81"
    assert own_objects(outer(b"%d" % len(image), image)) == [5, 6]


@pytest.mark.parametrize("length", [b"7", b"-1", b"8 0 R", b"/None"])
def test_a_stream_that_does_not_end_where_it_says_hides_nothing(length: bytes) -> None:
    assert own_objects(outer(length)) == [5, 1, 2, 6]


def test_an_object_that_is_cut_short_hides_nothing() -> None:
    assert own_objects(b"3 0 obj\n<</Type/Page 4 0 obj\n<<>>\nendobj\n") == [3, 4]


def test_a_pattern_is_looked_for_outside_alone() -> None:
    content = outer(b"%d" % len(INNER))
    embedded = find_embedded(content, found(content))
    assert [match.start() for match in embedded.outside(re.compile(rb"/Catalog"), content)] == []
    assert len(list(Embedded([]).outside(re.compile(rb"/Catalog"), content))) == 1


def test_what_cannot_be_read_is_no_object() -> None:
    assert parse_at(b"no object", 0) is None
