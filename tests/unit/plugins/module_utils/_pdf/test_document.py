# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An object is the one that its reference names, or doubted."""

from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pdf.document import PdfFile
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.errors import InconsistentError
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.objects import Reference
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.partial_file import PartialFile
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.structure import open_document
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.walk import finish
from tests.unit.plugins.module_utils._pdf.pdf_files import (
    CATALOG,
    write_compressed_pdf,
    write_pdf,
)


def document(content: bytes) -> PdfFile:
    return finish(open_document(PartialFile.whole(content)))


def test_references_are_followed_to_their_object() -> None:
    file = document(write_pdf({1: CATALOG, 5: b"6 0 R", 6: b"42"}))
    assert finish(file.resolve(Reference(5, 0))) == 42
    assert finish(file.resolve(7)) == 7
    assert finish(file.resolve(Reference(99, 0))) is None


def test_references_in_a_circle_are_doubted() -> None:
    with pytest.raises(InconsistentError, match="circle"):
        finish(document(write_pdf({1: CATALOG, 5: b"6 0 R", 6: b"5 0 R"})).resolve(Reference(5, 0)))


def test_another_number_or_generation_is_doubted() -> None:
    content = write_pdf({1: CATALOG, 5: b"42"})
    with pytest.raises(InconsistentError, match="generation"):
        finish(document(content).resolve(Reference(5, 1)))
    with pytest.raises(InconsistentError, match="object 8 is where object 5"):
        finish(document(content.replace(b"5 0 obj", b"8 0 obj")).resolve(Reference(5, 0)))


def test_compressed_objects_are_found_where_their_entry_says() -> None:
    objects = {1: CATALOG, 5: b"42", 6: b"[1 2]"}
    assert finish(document(write_compressed_pdf(objects)).resolve(Reference(6, 0))) == [1, 2]
    with pytest.raises(InconsistentError, match="compressed object"):
        finish(document(write_compressed_pdf(objects, shift=1)).resolve(Reference(5, 0)))


def test_an_object_stream_with_fewer_objects_than_it_says_is_doubted() -> None:
    content = write_compressed_pdf({1: CATALOG})
    with pytest.raises(InconsistentError, match="fewer"):
        finish(document(content.replace(b"/N 1", b"/N 9")).resolve(Reference(1, 0)))
