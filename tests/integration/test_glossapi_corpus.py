# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""glossAPI's ``Corpus`` on the folder that the farm makes: the stand-in, and a real checkout with stand-ins for Rust.

GLOSSAPI_FARM_GLOSSAPI names the checkout, GLOSSAPI_FARM_GLOSSAPI_PYTHON the Python that has what it needs;
see docs/testing.md.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
import zstandard
from pyarrow import parquet

from ansible_collections.glossapi.farm.plugins.module_utils._corpus.glossapi.layout import write_layout
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.glossapi.stages import (
    STAGES,
    GlossapiOptions,
    glossapi_revision,
    run_stages,
)
from tests.support.glossapi_corpus import STUBS, a_dataset_file, doc_id, use_sources, use_stand_in

# Names that glossAPI would take apart, or for one, if it saw them.
_TEXTS = {
    "thesis.md": "# Πρόλογος\n\nΜετρήθηκε κάθε μήνα.   \n\n# Βιβλιογραφία\n\n- Δ. Γ. (1990)\n",  # noqa: RUF001
    "thesis.md.json": "No header, and one line alone.\n",
    "report__p0001-0002": "# Report\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
}


@pytest.fixture(params=["stand-in", "checkout"])
def python(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The Python that finds each of the two."""
    if request.param == "stand-in":
        use_stand_in(monkeypatch, tmp_path)
        return sys.executable
    checkout = os.environ.get("GLOSSAPI_FARM_GLOSSAPI")
    if checkout is None:
        pytest.skip("GLOSSAPI_FARM_GLOSSAPI names no checkout of glossAPI")
    rust = tmp_path / "rust"
    rust.mkdir()
    for name in ("glossapi_rs_cleaner", "glossapi_rs_noise"):
        shutil.copy(STUBS / f"{name}.py", rust)
    use_sources(monkeypatch, tmp_path, Path(checkout) / "src", rust)
    return os.environ.get("GLOSSAPI_FARM_GLOSSAPI_PYTHON", sys.executable)


def test_all_stages_know_each_document_and_leave_what_is_kept(python: str, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    options = GlossapiOptions(STAGES, python)
    assert glossapi_revision(options)
    assert write_layout(folder, a_dataset_file(_TEXTS)) == len(_TEXTS)
    result = run_stages(options, folder)
    assert result.problems == ()
    every = {doc_id(name) for name in _TEXTS}
    for name in ("cleaned", "sections", "annotated"):
        assert set(parquet.read_table(result.products[name])["filename"].to_pylist()) == every
    measures = parquet.read_table(result.products["measures"])
    assert {name.removesuffix(".pdf") for name in measures["filename"].to_pylist()} == every
    assert measures["greek_badness_score"].to_pylist() == [12.0] * len(_TEXTS)
    cleaned = parquet.read_table(result.products["cleaned"]).to_pylist()
    texts = {row["filename"]: row["text"] for row in cleaned}
    assert texts[doc_id("thesis.md")] == _TEXTS["thesis.md"].replace(".   \n", ".\n")
    sections = parquet.read_table(result.products["annotated"]).to_pylist()
    assert len([row for row in sections if row["filename"] == doc_id("thesis.md")]) == 2
    assert all(row["predicted_section"] for row in sections)
    exported = zstandard.ZstdDecompressor().stream_reader(result.products["jsonl"].read_bytes()).read()
    assert {line["filename"]: line["text"] for line in map(json.loads, exported.splitlines())} == texts


def test_without_the_rust_part_the_other_stages_run_on_the_texts_as_they_are(python: str, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    write_layout(folder, a_dataset_file(_TEXTS))
    result = run_stages(GlossapiOptions(("section", "annotate", "jsonl"), python), folder)
    assert result.problems == ()
    assert list(result.products) == ["sections", "annotated", "jsonl"]
    assert set(parquet.read_table(result.products["sections"])["filename"].to_pylist()) == set(map(doc_id, _TEXTS))
