# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each way to count tells pages, flaws, passwords and failures apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from ansible_collections.glossapi.farm.plugins.module_utils._pdf.child import METHODS
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.consensus import Answer
from tests.unit.plugins.module_utils._pdf.pdf_files import CATALOG, PAGE, node, write_pdf

HONEST = write_pdf({1: CATALOG, 2: node(2, 3, 4), 3: PAGE, 4: PAGE})


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "document.pdf"
    path.write_bytes(HONEST)
    return path


@pytest.mark.parametrize("method", METHODS)
def test_an_honest_file_is_counted(method: str, document: Path) -> None:
    assert METHODS[method](document) == Answer(2)


@pytest.mark.parametrize("method", METHODS)
def test_what_is_no_pdf_is_a_problem(method: str, document: Path) -> None:
    document.write_bytes(b"<html>404</html>")
    answer = METHODS[method](document)
    assert answer.pages is None
    assert answer.problem


@pytest.mark.parametrize("method", ["pdfium", "pypdf"])
def test_a_needed_password_is_told(method: str, document: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(document))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(document)
    assert METHODS[method](document).needs_password


@pytest.mark.parametrize("method", METHODS)
def test_an_empty_password_opens(method: str, document: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(document))
    writer.encrypt("", "owner", algorithm="RC4-128")
    writer.write(document)
    assert METHODS[method](document) == Answer(2)
