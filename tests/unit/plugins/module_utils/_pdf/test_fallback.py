# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The child process survives what documents do to it, or is replaced; the answer is the same."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.child import StartError
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.fallback import FallbackReader
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.model import PageCount
from tests.unit.plugins.module_utils._pdf.pdf_files import CATALOG, LIES, ODD_KIDS, PAGE, node, write_pdf

pytestmark = pytest.mark.slow
HONEST = write_pdf({1: CATALOG, 2: node(2, 3, 4), 3: PAGE, 4: PAGE})
RAW = "import types\nraw = types.SimpleNamespace(FPDF_LoadMemDocument=lambda *given: None)\n"
COUNT = """
import sys
from pathlib import Path
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.fallback import FallbackReader

with FallbackReader() as reader:
    print(reader.count(Path(sys.argv[1]), "test"), flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def reader() -> Iterator[FallbackReader]:
    with FallbackReader() as reader:
        yield reader


def store(folder: Path, content: bytes) -> Path:
    path = folder / "document.pdf"
    path.write_bytes(content)
    return path


def replace_pdfium(monkeypatch: pytest.MonkeyPatch, folder: Path, source: str) -> None:
    """Put a module named pypdfium2 before the real one, for the child too."""
    library = folder / "library"
    library.mkdir()
    (library / "pypdfium2.py").write_text(RAW + source, encoding="utf-8")
    monkeypatch.syspath_prepend(library)


def children() -> list[int]:
    return [child.pid for child in psutil.Process().children() if "_pdf.child" in " ".join(child.cmdline())]


def test_a_file_without_bytes_has_its_own_class(reader: FallbackReader, tmp_path: Path) -> None:
    assert reader.count(store(tmp_path, b""), "") == PageCount(None, "empty: 0 bytes")


def test_an_honest_file_is_not_flagged(reader: FallbackReader, tmp_path: Path) -> None:
    assert reader.count(store(tmp_path, HONEST), "test") == PageCount(2, "")


@pytest.mark.parametrize("name", ["count_too_big", "count_too_small", "counts_that_do_not_add_up", "a_null_kid"])
def test_a_lie_is_counted_and_flagged(reader: FallbackReader, tmp_path: Path, name: str) -> None:
    objects, pages, said = LIES[name]
    count = reader.count(store(tmp_path, write_pdf(objects)), "test")
    assert count.pages == pages
    assert count.error.startswith("repaired: ")
    assert said in count.error


@pytest.mark.parametrize("name", ODD_KIDS)
def test_a_kid_that_does_not_say_what_it_is_is_a_page_where_engines_show_one(
    reader: FallbackReader, tmp_path: Path, name: str
) -> None:
    objects, pages = ODD_KIDS[name]
    content = write_pdf({1: CATALOG, 2: node(2, 3, 4), 3: PAGE, **objects})
    flaw = "repaired: a kid of the page tree does not say that it is a page"
    assert reader.count(store(tmp_path, content), "test") == PageCount(pages, flaw)


def test_a_file_that_is_larger_than_the_memory_is_told_as_such(reader: FallbackReader, tmp_path: Path) -> None:
    path = store(tmp_path, HONEST)
    with path.open("r+b") as file:
        file.truncate(5 << 30)
    assert reader.count(path, "test") == PageCount(None, "corrupt: pdfium needs more than 4 GiB of memory (test)")


def test_an_unknown_security_handler_is_not_taken_for_damage(reader: FallbackReader, tmp_path: Path) -> None:
    content = write_pdf({1: CATALOG, 2: node(1, 3), 3: PAGE}, b"/Encrypt<</Filter/Foo/V 9>>/ID[<00><00>]")
    expected = PageCount(None, "encrypted: its security handler is not supported")
    assert reader.count(store(tmp_path, content), "test") == expected


def test_what_is_no_pdf_is_corrupt_and_says_why(reader: FallbackReader, tmp_path: Path) -> None:
    count = reader.count(store(tmp_path, b"<html>404</html>"), "no startxref")
    assert count.pages is None
    assert count.error.startswith("corrupt: PDFium")
    assert count.error.endswith("(no startxref)")


def test_a_document_that_crashes_pdfium_goes_to_pypdf(
    reader: FallbackReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_pdfium(monkeypatch, tmp_path, "import os\ndef PdfDocument(path): os.kill(os.getpid(), 11)\n")
    assert reader.count(store(tmp_path, HONEST), "test") == PageCount(2, "")
    assert len(children()) == 1


def test_a_document_that_blocks_pdfium_is_given_up_and_the_child_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_pdfium(monkeypatch, tmp_path, "import time\ndef PdfDocument(path): time.sleep(600)\n")
    with FallbackReader(seconds=3) as reader:
        assert reader.count(store(tmp_path, HONEST), "test") == PageCount(2, "")
    assert children() == []


def test_a_document_that_keeps_pdfium_busy_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_pdfium(monkeypatch, tmp_path, "def PdfDocument(path):\n    while True: pass\n")
    with FallbackReader(core_seconds=2) as reader:
        assert reader.count(store(tmp_path, HONEST), "test") == PageCount(2, "")


def test_a_child_that_is_killed_over_a_document_is_tried_again_and_then_not_taken_for_a_crash(
    reader: FallbackReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = tmp_path / "tried"
    kill = f"open({str(tried)!r}, 'a').write('x'); os.kill(os.getpid(), 9)"
    replace_pdfium(monkeypatch, tmp_path, f"import os\ndef PdfDocument(path): {kill}\n")
    with pytest.raises(StartError, match="was killed"):
        reader.count(store(tmp_path, HONEST), "test")
    assert tried.read_text() == "xx"


def test_a_missing_library_is_not_taken_for_a_damaged_document(
    reader: FallbackReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_pdfium(monkeypatch, tmp_path, "raise ImportError\n")
    with pytest.raises(FarmError, match="pypdfium2 and pypdf must be installed"):
        reader.count(store(tmp_path, HONEST), "test")
    assert children() == []


def test_a_start_may_take_longer_than_a_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_pdfium(monkeypatch, tmp_path, "import time\ntime.sleep(0.5)\n")
    with FallbackReader(seconds=0) as reader:
        count = reader.count(store(tmp_path, HONEST), "test")
    assert count.pages is None


FAILS_ONCE = """
import os
from pathlib import Path
marker = Path(__file__).with_name("tried")
if not marker.exists():
    marker.touch()
    os._exit(3)
class PdfiumError(Exception): pass
def PdfDocument(path): raise PdfiumError
"""


def test_a_start_that_fails_is_tried_again(
    reader: FallbackReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_pdfium(monkeypatch, tmp_path, FAILS_ONCE)
    assert reader.count(store(tmp_path, HONEST), "test") == PageCount(2, "")


def test_a_start_that_fails_twice_is_told_as_such(
    reader: FallbackReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_pdfium(monkeypatch, tmp_path, "import os\nos._exit(3)\n")
    with pytest.raises(StartError, match="did not start"):
        reader.count(store(tmp_path, HONEST), "test")
    assert children() == []


def test_noise_on_standard_output_does_not_reach_the_answers(
    reader: FallbackReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = (
        "import os\nos.write(1, b'noise')\n"
        "class PdfiumError(Exception): pass\n"
        "def PdfDocument(path): raise PdfiumError\n"
    )
    replace_pdfium(monkeypatch, tmp_path, noise)
    assert reader.count(store(tmp_path, HONEST), "test") == PageCount(2, "")


def test_a_child_that_was_killed_between_documents_is_replaced(reader: FallbackReader, tmp_path: Path) -> None:
    path = store(tmp_path, HONEST)
    reader.count(path, "test")
    (before,) = children()
    process = psutil.Process(before)
    process.kill()
    psutil.wait_procs([process], timeout=60)
    assert reader.count(path, "test") == PageCount(2, "")
    assert children() != [before]


def test_the_child_dies_with_its_parent(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", COUNT, str(store(tmp_path, HONEST))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as parent:
        assert parent.stdout is not None
        assert b"pages=2" in parent.stdout.readline()
        (child,) = psutil.Process(parent.pid).children()
        parent.kill()
    deadline = time.monotonic() + 300
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_it_works_from_inside_the_zip_that_ansible_ships(tmp_path: Path, repository: Path) -> None:
    root = "ansible_collections/glossapi/farm/plugins/module_utils"
    library = repository / "plugins/module_utils"
    archive = tmp_path / "modules.zip"
    with zipfile.ZipFile(archive, "w") as shipped:
        parts = f"{root}/_pdf".split("/")
        for depth in range(len(parts)):
            shipped.writestr("/".join([*parts[: depth + 1], "__init__.py"]), "")
        shipped.writestr(f"{root}/_children/__init__.py", "")
        for source in [library / "_errors.py", *(library / "_children").glob("*.py"), *(library / "_pdf").glob("*.py")]:
            shipped.write(source, f"{root}/{source.relative_to(library)}")
    answer = subprocess.run(
        [sys.executable, "-c", COUNT, str(store(tmp_path, HONEST))],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(archive)},
        cwd=tmp_path,
        check=True,
        timeout=60,
    )
    assert b"pages=2, error=''" in answer.stdout
