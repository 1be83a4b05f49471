# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.attempts import Attempt
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.fetcher import Fetched, Fetcher
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.outage import Backoff
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.transfers import Transfers
from tests.support.shards import TestShard


def fetch(shard: TestShard, document: Document) -> Fetched:
    layout = Layout(Path(shard.config.workdir), 1)
    layout.create()
    with ThreadPoolExecutor(1) as pool:
        fetcher = Fetcher(layout, Transfers(shard.client, shard.client), Backoff(pool, 0))
        return asyncio.run(fetcher.fetch(Attempt(document)))


def test_a_document_comes_into_an_empty_folder_with_its_suffix(shard: TestShard) -> None:
    shard.cut({"a.PDF": 1})
    document = Document(str(shard.bucket.join("a.PDF")), 1, 14)
    first = fetch(shard, document)
    (first.folder / "left.md").touch()
    again = fetch(shard, document)
    assert again.input.read_bytes() == b"document a.PDF"
    assert (again.input.suffix, again.bytes, again.etag) == (".PDF", 14, first.etag)
    assert list(again.folder.iterdir()) == [again.input]


def test_what_an_attempt_wrote_can_be_forgotten(shard: TestShard) -> None:
    shard.cut({"a.pdf": 1})
    fetched = fetch(shard, Document(str(shard.bucket.join("a.pdf")), 1, None))
    fetched.clear()
    (fetched.work / "left.md").touch()
    fetched.clear()
    assert list(fetched.work.iterdir()) == []
    assert fetched.input.exists()


def test_a_changed_size_is_told_and_processed(shard: TestShard, caplog: pytest.LogCaptureFixture) -> None:
    shard.cut({"a.pdf": 1})
    assert fetch(shard, Document(str(shard.bucket.join("a.pdf")), 1, 5)).bytes == 14
    assert "has changed: 14 bytes, not 5" in caplog.text


def test_a_missing_document_is_a_failure_of_class_download(shard: TestShard) -> None:
    shard.cut({"a.pdf": 1})
    with pytest.raises(DocumentFailure) as raised:
        fetch(shard, Document(str(shard.bucket.join("none.pdf")), 1, 5))
    assert raised.value.failure_class is FailureClass.DOWNLOAD
