# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ansible_collections.glossapi.farm.plugins.module_utils._corpus.dataset import LOG
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import shards_folder
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.modules import corpus_dataset
from tests.support.done_documents import put_collection, put_done
from tests.support.module_options import documented_options

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class _Module:
    def __init__(self, parameters: dict[str, Any], *, check_mode: bool = False) -> None:
        self.params = parameters
        self.check_mode = check_mode


def test_the_documentation_has_the_options_types_and_defaults_of_the_arguments() -> None:
    assert documented_options(corpus_dataset) == corpus_dataset.ARGUMENTS


@pytest.mark.server
def test_it_answers_what_is_documented_and_logs_each_file(
    client: S3Client, bucket: S3Uri, connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_collection(client, bucket, ("a.pdf", "b.pdf"))
    put_done(client, bucket, {"a.pdf": "text", "b.pdf": "text"})
    parameters = {name: each.get("default") for name, each in corpus_dataset.ARGUMENTS.items()} | {
        "manifests": str(shards_folder(bucket.join("m"))),
        "results": str(bucket.join("r")),
        "label": "theses",
        "log_file": str(tmp_path / "log"),
    }
    monkeypatch.setattr(corpus_dataset, "connection_from", lambda _module: connection)
    try:
        assert corpus_dataset.work(_Module(parameters, check_mode=True))["changed"] is True
        assert not (tmp_path / "log").exists()
        answer = corpus_dataset.work(_Module(parameters))
    finally:
        for handler in list(LOG.handlers):
            LOG.removeHandler(handler)
            handler.close()
    assert answer.keys() - {"changed"} == yaml.safe_load(corpus_dataset.RETURN).keys()
    assert (answer["documents"], answer["duplicates"], answer["files"]) == (2, 1, 1)
    assert answer["dataset"] == f"{bucket}r/corpus/theses/"
    assert " INFO 2 of 2 documents in 1 files" in (tmp_path / "log").read_text()
    with pytest.raises(FarmError, match="cannot name a folder"):
        corpus_dataset.work(_Module(parameters | {"label": "a/b"}))
