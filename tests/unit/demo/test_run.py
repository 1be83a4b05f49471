# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.names import progress_uri
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from demo.run import create_buckets, environment, snapshot

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def test_settings_of_the_callers_own_account_do_not_reach_the_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = {"AWS_PROFILE": "work", "AWS_SESSION_TOKEN": "t", "FARM_SHARDS": "9", "ANSIBLE_INVENTORY": "mine"}
    kept = {"LANG": "el_GR.UTF-8", "ANSIBLE_DEPRECATION_WARNINGS": "true"}
    for name, value in {**foreign, **kept, "AWS_ACCESS_KEY_ID": "mine"}.items():
        monkeypatch.setenv(name, value)
    own = environment(tmp_path, "http://127.0.0.1:1", "http://127.0.0.1:2")
    assert own.keys().isdisjoint(foreign)
    assert own["AWS_ACCESS_KEY_ID"] != "mine"
    assert (own["AWS_ENDPOINT_URL_S3"], own["AWS_ENDPOINT_URL"]) == ("http://127.0.0.1:1", "http://127.0.0.1:2")
    assert own.items() >= kept.items()


def test_a_snapshot_shows_what_was_written_but_not_what_supervisors_say_of_themselves(client: S3Client) -> None:
    create_buckets(client)
    create_buckets(client)
    before = snapshot(client)
    results = S3Uri("demo-results", "farm")
    put_bytes(client, progress_uri(results, 1), b"{}", "application/json")
    assert snapshot(client) == before
    put_bytes(client, results.join("shard-1", "markdown", "a.pdf.md"), b"text", "text/markdown")
    assert snapshot(client).keys() - before.keys() == {"s3://demo-results/farm/shard-1/markdown/a.pdf.md"}
