# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each way to count tells pages, flaws, passwords and failures apart."""

from __future__ import annotations

import errno
from pathlib import Path
from unittest.mock import Mock

import pytest
from pypdf import PdfReader, PdfWriter

from ansible_collections.glossapi.farm.plugins.module_utils._pdf import child
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.child import METHODS, answer_by
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.consensus import Answer
from tests.unit.plugins.module_utils._pdf.pdf_files import CATALOG, PAGE, node, write_pdf

HONEST = write_pdf({1: CATALOG, 2: node(2, 3, 4), 3: PAGE, 4: PAGE})


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "document.pdf"
    path.write_bytes(HONEST)
    return path


# Refused by PDFium without an error of its own.
WITHOUT_PAGES = write_pdf({1: b"<</Type/Catalog>>"})


@pytest.mark.parametrize("method", METHODS)
def test_an_honest_file_is_counted(method: str, document: Path) -> None:
    assert METHODS[method](document) == Answer(2)


@pytest.mark.parametrize("method", METHODS)
def test_what_is_no_pdf_is_a_problem(method: str, document: Path) -> None:
    document.write_bytes(b"<html>404</html>")
    answer = METHODS[method](document)
    assert answer.pages is None
    assert answer.problem


@pytest.mark.parametrize("method", ["pdfium", "loaded", "pypdf"])
def test_a_needed_password_is_told(method: str, document: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(document))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(document)
    assert METHODS[method](document).encrypted


@pytest.mark.parametrize("method", ["pdfium", "loaded"])
@pytest.mark.parametrize("junk", [0, (1 << 20) - 100, 1 << 20])
def test_an_unknown_security_handler_is_told_wherever_the_file_names_it(method: str, junk: int, document: Path) -> None:
    objects = {1: CATALOG, 2: node(1, 3), 3: PAGE}
    handler = b"/Encrypt<</Filter/Foo/V 9>>/ID[<00><00>]"
    document.write_bytes(write_pdf(objects, handler, b"%PDF-1.5\n%" + b"." * junk + b"\n"))
    assert METHODS[method](document) == Answer(None, "its security handler is not supported", encrypted=True)


@pytest.mark.parametrize("error", [MemoryError(), OSError(errno.ENOMEM, "Cannot allocate memory")])
def test_memory_that_does_not_suffice_is_a_problem_of_the_file(
    error: Exception, document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "METHODS", {"walk": Mock(side_effect=error)})
    assert answer_by("walk", document) == Answer(None, "walk needs more than 4 GiB of memory")


def test_a_file_that_cannot_be_read_is_not_taken_for_one_that_is_too_large(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        answer_by("walk", tmp_path / "gone.pdf")


def encrypted(path: Path) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(path))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(path)
    return path.read_bytes()


@pytest.mark.parametrize("method", ["pdfium", "loaded"])
@pytest.mark.parametrize("broken", [WITHOUT_PAGES, b"", b"%PDF-1.7 /Encrypt", WITHOUT_PAGES + b"% /Encrypt"])
def test_a_broken_file_is_the_same_after_an_encrypted_one(method: str, broken: bytes, document: Path) -> None:
    locked = encrypted(document)
    answers = []
    for content in (HONEST, broken or b" ", locked, broken or b" "):
        document.write_bytes(content)
        answers.append(METHODS[method](document))
    assert answers[2].encrypted
    assert answers[1] == answers[3] == Answer(None, "PDFium cannot open it")


def test_pages_that_are_listed_but_not_there_are_not_loaded(document: Path) -> None:
    document.write_bytes(write_pdf({1: CATALOG, 2: node(4, 3, 4, 5, 6), 3: PAGE, 4: PAGE}))
    assert METHODS["pdfium"](document) == Answer(4)
    assert METHODS["loaded"](document) == Answer(2)


@pytest.mark.parametrize("method", METHODS)
def test_no_library_is_quoted(method: str, document: Path) -> None:
    problems = set()
    for content in (b"%PDF-1.4 <<", HONEST[:80], WITHOUT_PAGES, b"\0" * 500):
        document.write_bytes(content)
        problems.add(METHODS[method](document).problem)
    assert not any(word in problem for problem in problems for word in ("Error", "error", "b'", "Failed", "0x"))


@pytest.mark.parametrize("method", METHODS)
def test_an_empty_password_opens(method: str, document: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(document))
    writer.encrypt("", "owner", algorithm="RC4-128")
    writer.write(document)
    assert METHODS[method](document) == Answer(2)
