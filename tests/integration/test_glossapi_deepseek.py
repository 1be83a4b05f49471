# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""OCR backend ``glossapi_deepseek`` with glossAPI's real script, whose engine alone is a stand-in.

GLOSSAPI_FARM_GLOSSAPI names a checkout of glossAPI that has the script (its branch development),
GLOSSAPI_FARM_GLOSSAPI_PYTHON a Python with PyMuPDF and Pillow; see docs/testing.md.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.kind import WorkerContext
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek import kind as module
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek.backend import (
    DeepSeekBackend,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek.command import command
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek.kind import DEEPSEEK
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek.options import (
    SCRIPT,
    DeepSeekOptions,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.trial import require_reading
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.deepseek import DIE_ONCE, a_model, engine_folder, environment_of, pages_pdf, starts

# The same line again and again, for which glossAPI stops an answer and asks once more.
GARBAGE = "Αρχή της σελίδας.\n" + "η ίδια γραμμή και πάλι\n" * 40
GROUNDED = "<|ref|>title<|/ref|><|det|>[[60, 40, 300, 80]]<|/det|>\n# Κεφάλαιο 1\n\n\n\nΚείμενο της πηγής."
ANSWERS = {
    1: [(GROUNDED, "stop")],
    2: [("Σελίδα που δεν τελειώνει", "length")],
    3: [(GARBAGE, "stop"), ("Κείμενο της σελίδας 3", "stop")],
    4: [(GARBAGE, "stop"), (GARBAGE, "stop")],
    5: [(GARBAGE, "stop"), ("", "stop")],
    6: [("", "stop")],
    7: [("<|ref|>image<|/ref|><|det|>[[0, 0, 999, 999]]<|/det|>", "stop")],
    8: [("Σελίδα 8", "stop")],
    9: [(GARBAGE, "stop"), ("Ούτε η δεύτερη δεν τελειώνει", "length")],
    10: [(DIE_ONCE, "stop")],
}


@pytest.fixture
def checkout() -> Path:
    """The real glossAPI."""
    named = os.environ.get("GLOSSAPI_FARM_GLOSSAPI")
    if named is None or not (Path(named) / SCRIPT).is_file():
        pytest.skip(f"GLOSSAPI_FARM_GLOSSAPI names no checkout of glossAPI with {SCRIPT}")
    return Path(named)


@pytest.fixture
def options(checkout: Path, tmp_path: Path) -> dict[str, Any]:
    """The backend's, for a Python whose vLLM is the stand-in."""
    python = os.environ.get("GLOSSAPI_FARM_GLOSSAPI_PYTHON", sys.executable)
    engine = engine_folder(tmp_path / "engine", ANSWERS)
    environment = environment_of(tmp_path / "environment", engine, python)
    return {"checkout": str(checkout), "environment": str(environment), "model": str(a_model(tmp_path / "model"))}


@pytest.fixture
def backend(options: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DeepSeekBackend]:
    """A worker's, on a machine whose driver will do."""
    monkeypatch.setattr(module, "require_driver", lambda _minimum: None)
    worker = WorkerContext(options, 1, tmp_path / "slot", S3Uri("r"), Connection())
    made: Any = DEEPSEEK.create(worker)
    yield made
    made._script.stop()


def read_by_glossapi_alone(options: dict[str, Any], folder: Path, document: Path) -> dict[int, str]:
    """Return the text of each page as glossAPI itself leaves it when it is given the whole document."""
    start = [f"{options['environment']}/bin/python", str(Path(options["checkout"]) / SCRIPT)]
    arguments = {"--input-dir": document.parent, "--output-dir": folder, "--model-dir": options["model"]}
    words = [str(word) for each in arguments.items() for word in each]
    subprocess.run([*start, *words, "--batch-size", "160", "--files", document.name], check=True)
    split = "from glossapi.ocr.deepseek.runner import _split_page_outputs as split; import sys, json, pathlib"
    program = f"{split}; print(json.dumps(split(pathlib.Path(sys.argv[1]).read_text())))"
    sources = f"import sys; sys.path.insert(0, {str(Path(options['checkout']) / 'src')!r}); {program}"
    said = subprocess.check_output([start[0], "-c", sources, folder / "markdown" / f"{document.stem}.md"])
    return dict(enumerate(json.loads(said), start=1))


def test_pages_are_as_glossapi_leaves_them_and_none_that_it_blanked_or_cut_off_passes_for_one(
    backend: DeepSeekBackend,
    options: dict[str, Any],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    document = pages_pdf(tmp_path / "document.pdf", [1, 2, 3, 4, 0, 5, 6, 7, 8, 9])
    texts = backend.recognise(document, range(1, 11), tmp_path)
    # Of the others: cut off, twice garbage, garbage and then nothing, nothing, garbage and then cut off.
    assert texts == {
        1: "# Κεφάλαιο 1\n\nΚείμενο της πηγής.",
        3: "Κείμενο της σελίδας 3",
        5: "",
        8: "",
        9: "Σελίδα 8",
    }
    alone = read_by_glossapi_alone(options, tmp_path / "alone", document)
    assert {page: alone[page] for page in texts} == texts
    # What is told nowhere but here: by its own account glossAPI has read all ten.
    assert [alone[page] for page in (4, 7)] == ["", ""]
    assert {page: text for page, text in alone.items() if text}.keys() == {1, 2, 3, 6, 9, 10}
    told = [record.message for record in caplog.records if "is given up" in record.message]
    assert [message.split(" is given up: ")[0] for message in told] == [f"page {page}" for page in (2, 4, 6, 7, 10)]
    assert "limit of tokens" in told[0]
    assert "has dropped its text" in told[1]


def test_one_start_serves_several_documents_and_the_pages_that_are_asked_for(
    backend: DeepSeekBackend, tmp_path: Path
) -> None:
    require_reading(backend, "glossapi_deepseek", tmp_path)
    first = pages_pdf(tmp_path / "first.pdf", [1, 3, 8, 1])
    assert backend.recognise(first, [1, 2, 4], tmp_path).keys() == {1, 2, 4}
    second = pages_pdf(tmp_path / "second.pdf", [8, 8, 1])
    assert backend.recognise(second, [1, 3], tmp_path) == {1: "Σελίδα 8", 3: "# Κεφάλαιο 1\n\nΚείμενο της πηγής."}
    assert starts(tmp_path) == 1


def test_pages_of_an_engine_that_died_are_put_to_the_next_one(backend: DeepSeekBackend, tmp_path: Path) -> None:
    document = pages_pdf(tmp_path / "document.pdf", [8, 10, 8])
    texts = backend.recognise(document, [1, 2, 3], tmp_path)
    assert texts == {1: "Σελίδα 8", 2: DIE_ONCE, 3: "Σελίδα 8"}
    assert starts(tmp_path) == 2


def test_a_page_that_the_script_does_not_find_is_given_up(backend: DeepSeekBackend, tmp_path: Path) -> None:
    document = pages_pdf(tmp_path / "document.pdf", [8, 8])
    assert backend.recognise(document, [1, 9], tmp_path) == {1: "Σελίδα 8"}


def test_an_engine_without_glossapis_rules_against_repetition_is_refused(
    options: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The script would go on, and write other text than is published."""
    monkeypatch.setattr(module, "require_driver", lambda _minimum: None)
    engine = tmp_path / "engine/vllm.py"
    engine.write_text(engine.read_text().replace('module("transformers"', 'module("transformed"'))
    worker = WorkerContext(options, 1, tmp_path / "slot", S3Uri("r"), Connection())
    with pytest.raises(FarmError, match=r"with 1 of 2 rules against repetition.*No module named 'transformers'"):
        DEEPSEEK.create(worker)


def test_what_is_not_given_is_what_glossapi_gives_its_script(options: dict[str, Any], tmp_path: Path) -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(Path(options['checkout']) / 'src')!r})\n"
        "from glossapi.ocr.deepseek import defaults, runner; import json\n"
        "print(json.dumps([defaults.DEFAULT_RENDER_DPI, defaults.DEFAULT_MAX_NEW_TOKENS,"
        " defaults.DEFAULT_GPU_MEMORY_UTILIZATION, runner.AUTO_VLLM_BATCH_PAGE_CAP,"
        " defaults.DEFAULT_OCR_PROFILE, defaults.DEFAULT_REPAIR_MODE]))"
    )
    said = json.loads(subprocess.check_output([f"{options['environment']}/bin/python", "-c", program]))
    ours = DeepSeekOptions.parse(options)
    assert said[:4] == [ours.render_dpi, ours.max_new_tokens, ours.gpu_memory_utilization, ours.batch_size]
    words = command(ours, tmp_path, tmp_path, 3)
    assert [words[words.index(name) + 1] for name in ("--ocr-profile", "--repair-mode")] == said[4:]


def test_its_revision_is_the_checkouts_commit(checkout: Path, options: dict[str, Any]) -> None:
    git = shutil.which("git")
    assert git is not None
    commit = subprocess.check_output([git, "-C", str(checkout), "rev-parse", "HEAD"], text=True).strip()
    assert DEEPSEEK.revision(options) == f"vLLM 0.18.0, glossAPI {commit}"
