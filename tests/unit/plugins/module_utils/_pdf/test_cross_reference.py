# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The newest section that knows an object has the say."""

from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pdf.cross_reference import CrossReference
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.errors import InconsistentError
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.partial_file import PartialFile
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.section import Free, InFile
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.walk import finish
from tests.unit.plugins.module_utils._pdf.pdf_files import table


def chain(newer_trailer: bytes) -> CrossReference:
    older = table({1: 10, 2: 20, 3: 30}, b"/Old true", 0)
    content = b"%" + older + table({1: None, 2: 200}, newer_trailer, 0)
    return CrossReference(PartialFile.whole(content), 1 + len(older), head_bytes=4096)


def test_a_newer_entry_hides_an_older_one_and_is_told_apart() -> None:
    cross_reference = chain(b"/Prev 1")
    assert finish(cross_reference.entry(1)) == (Free(), True)
    assert finish(cross_reference.entry(2)) == (InFile(200, 0), True)
    assert finish(cross_reference.entry(3)) == (InFile(30, 0), False)
    assert finish(cross_reference.entry(4)) == (Free(), False)
    assert cross_reference.trailer == {b"Prev": 1}


def test_the_newest_section_alone_says_only_what_it_is_sure_of() -> None:
    cross_reference = chain(b"/Prev 1")
    finish(cross_reference.read_newest())
    assert [cross_reference.newest_entry(number) for number in (1, 2, 3)] == [None, (InFile(200, 0), True), None]


def test_what_a_hybrid_table_calls_free_is_looked_up_beside_it() -> None:
    assert finish(chain(b"/XRefStm 1").entry(1)) == (InFile(10, 0), False)


def test_an_object_ends_before_the_next_one() -> None:
    cross_reference = chain(b"/Prev 1")
    finish(cross_reference.entry(3))
    assert [cross_reference.end_of_object(offset) for offset in (10, 29)] == [20, 30]


def test_a_loop_is_doubted() -> None:
    text = b"%" + table({1: 10}, b"/Prev 1", 0)
    with pytest.raises(InconsistentError, match="loop"):
        finish(CrossReference(PartialFile.whole(text), 1, head_bytes=4096).entry(7))


def test_an_encrypted_section_anywhere_is_seen() -> None:
    cross_reference = chain(b"/Prev 1/Encrypt 9 0 R")
    finish(cross_reference.read_newest())
    assert cross_reference.encrypted
