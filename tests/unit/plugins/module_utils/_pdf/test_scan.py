# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects are found without a cross-reference."""

from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pdf.errors import InconsistentError, UnsupportedError
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.objects import Reference
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.scan import scan_section
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.section import InFile, InStream
from tests.unit.plugins.module_utils._pdf.pdf_files import CATALOG, PAGE, write_compressed_pdf


def test_the_last_of_several_objects_with_one_number_counts() -> None:
    content = b"1 0 obj\n" + CATALOG + b"\nendobj\n3 0 obj\n<<>>\nendobj\n3 0 obj\n" + PAGE + b"\nendobj\n"
    section = scan_section(content)
    assert section.entry(3) == InFile(content.rindex(b"3 0 obj"), 0)
    assert section.entry(4) is None
    assert section.trailer == {b"Root": Reference(1, 0)}
    assert [section.next_offset(offset) for offset in (-1, 0, len(content))] == [0, content.rindex(b"3 0 obj"), None]


def test_compressed_objects_are_found_in_their_stream() -> None:
    section = scan_section(write_compressed_pdf({1: CATALOG, 3: PAGE}))
    assert section.entry(3) == InStream(900, 1)
    assert section.trailer == {b"Root": Reference(1, 0)}


def test_an_encrypted_file_is_left_to_an_engine() -> None:
    with pytest.raises(UnsupportedError):
        scan_section(b"1 0 obj\n" + CATALOG + b"\nendobj\ntrailer\n<</Root 1 0 R/Encrypt 9 0 R>>\n")


def test_a_file_without_a_catalog_is_doubted() -> None:
    with pytest.raises(InconsistentError, match="no catalog"):
        scan_section(b"3 0 obj\n" + PAGE + b"\nendobj\n")


@pytest.mark.parametrize("before", [b"", b"\n", b"endobj ", b"rubbish\xff", b"x" * 300, b"1 ", b"-"])
@pytest.mark.parametrize("gap", [b" ", b"\r\n", b" " * 50])
def test_an_object_is_found_whatever_is_before_it(before: bytes, gap: bytes) -> None:
    content = before + b"12" + gap + b"3" + gap + b"obj\n" + CATALOG + b"\nendobj\n"
    assert scan_section(content).entry(12) == InFile(len(before), 3)


@pytest.mark.parametrize(
    "text", [b"7 0 object", b"7 0obj", b"0 obj", b"a7 b0 obj", b"12345678901 0 obj", b"7 123456 obj"]
)
def test_what_only_looks_like_an_object_is_none(text: bytes) -> None:
    content = b"1 0 obj\n" + CATALOG + b"\nendobj\n" + text + b" endobj\n"
    assert list(scan_section(content).entries) == [1]
