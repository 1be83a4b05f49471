# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow, write_table
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.modules import shard_manifest
from tests.support.module_options import documented_options

PARAMETERS = {
    "shards": 2,
    "piece_pages": None,
    "skip_errors": True,
    "min_pages": 1,
    "stage": "text",
    "results": None,
    "summary_name": "shard_summary.json",
    "weights": None,
    "exclude_finished": None,
    "keep_failed": False,
    "limit_per_shard": None,
}


def test_the_documentation_has_the_options_types_and_defaults_of_the_arguments() -> None:
    assert documented_options(shard_manifest) == shard_manifest.ARGUMENTS


def test_pieces_are_asked_for_in_place_of_shards() -> None:
    options = shard_manifest.cut_options(PARAMETERS | {"shards": None, "piece_pages": 5})
    assert (options.piece_pages, options.weights) == (5, ())
    with pytest.raises(FarmError, match="piece_pages is 0"):
        shard_manifest.cut_options(PARAMETERS | {"shards": None, "piece_pages": 0})


def test_every_returned_value_is_documented_and_none_tells_ansible_that_the_task_failed(
    tmp_path: Path, connection: Connection, bucket: S3Uri
) -> None:
    counts = tmp_path / "counts.csv"
    counts.write_bytes(write_table([CountRow("s3://raw/a.pdf", 9, "etag", 4, "")]))
    parameters = PARAMETERS | {"counts": str(counts), "output_prefix": str(bucket)}

    values = shard_manifest.result(*shard_manifest.shard_manifest(parameters, connection, write=True))

    documented = yaml.safe_load(shard_manifest.RETURN)
    assert values.keys() - {"changed", "diff"} == documented.keys()
    # Ansible takes a task with such a value for one that failed or was skipped.
    assert values.keys().isdisjoint({"failed", "skipped"})
    assert values["shards"][0].keys() == documented["shards"]["contains"].keys()
    assert (values["documents"], values["pages"]) == (1, 4)
    assert values["diff"]["prepared"].count("\n") == len(values["files"]) == 5


def test_options_are_checked_before_anything_is_read() -> None:
    with pytest.raises(FarmError, match="shards is 0"):
        shard_manifest.shard_manifest(PARAMETERS | {"shards": 0}, Connection(), write=True)
