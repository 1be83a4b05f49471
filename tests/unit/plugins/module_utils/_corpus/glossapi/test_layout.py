# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

from pyarrow import parquet

from ansible_collections.glossapi.farm.plugins.module_utils._corpus.glossapi.layout import write_layout
from tests.support.glossapi_corpus import a_dataset_file, doc_id


def test_each_text_is_there_as_it_was_under_a_name_that_is_its_alone(tmp_path: Path) -> None:
    # Ends of lines that readers of text take for others, and names that glossAPI takes apart.
    texts = {"a.md": "one\r\ntwo\u2028three\x85\n", "a.md.json__p0001-0002": "Έκθεση\n", "c": ""}
    assert write_layout(tmp_path, a_dataset_file(texts)) == 3
    found = {path.name: path.read_bytes().decode() for path in (tmp_path / "markdown").iterdir()}
    assert found == {f"{doc_id(name)}.md": text for name, text in texts.items()}


def test_the_table_has_what_the_downloader_would_have_written(tmp_path: Path) -> None:
    write_layout(tmp_path, a_dataset_file({"a": "one", "b": "one"}))
    first, second = parquet.read_table(tmp_path / "download_results/download_results.parquet").to_pylist()
    assert first == {
        "filename": f"{doc_id('a')}.pdf",
        "url": "s3://raw/a.pdf",
        "download_success": True,
        "download_error": "",
        "file_ext": "pdf",
        "is_duplicate": False,
        "duplicate_of": "",
        "filename_base": "a",
        "page_count": None,
        "processing_stage": "download,extract",
    }
    assert (second["is_duplicate"], second["duplicate_of"], second["page_count"]) == (True, doc_id("a"), 1)
