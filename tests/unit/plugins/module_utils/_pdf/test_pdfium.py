# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pdf.pdfium import (
    PASSWORD,
    SECURITY,
    error_code,
    loaded_pages,
    open_pdf,
)
from tests.unit.plugins.module_utils._pdf.pdf_files import CATALOG, PAGE, node, write_pdf


class CodedError(Exception):
    err_code = 3


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CodedError("Failed to load document (PDFium: Incorrect password error)."), 3),
        (Exception("Failed to load document (PDFium: Incorrect password error)."), PASSWORD),
        (Exception("Failed to load document (PDFium: Unsupported security scheme error)."), SECURITY),
        (Exception("Failed to load document (PDFium: Data format error)."), None),
    ],
)
def test_the_code_counts_and_the_text_where_there_is_none(error: Exception, code: int | None) -> None:
    assert error_code(error) == code


def test_a_document_has_the_pages_that_can_be_loaded(tmp_path: Path) -> None:
    path = tmp_path / "document.pdf"
    path.write_bytes(write_pdf({1: CATALOG, 2: node(3, 3, 4, 5), 3: PAGE, 4: PAGE}))
    with open_pdf(path) as document:
        assert (len(document), loaded_pages(document)) == (3, 2)


def test_what_pdfium_cannot_open_raises_its_error(tmp_path: Path) -> None:
    path = tmp_path / "document.pdf"
    path.write_bytes(b"no document")
    with pytest.raises(pypdfium2.PdfiumError), open_pdf(path):
        pass
