# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trials with real supervisors; one of stage ocr, behind a server, is in tests/integration/test_tune_playbook.py."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import owned_by, owner_name
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow
from ansible_collections.glossapi.farm.plugins.module_utils._records.tuning import PAGES_IN_FLIGHT, WORKERS
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._tuning.run import numbered, run_trial
from tests.support.config import a_config

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

WRITE = "import pathlib, sys; pathlib.Path(sys.argv[1], 'out.md').write_text('text of a document ' * 200)"
WAIT = "import signal; signal.pause()"


@pytest.fixture
def rows(client: S3Client, bucket: S3Uri) -> list[CountRow]:
    etags = {key: put_bytes(client, bucket.join(key), key.encode(), "application/pdf") for key in ("a.pdf", "b.pdf")}
    return [CountRow(str(bucket.join(key)), 5, etag, 30, "") for key, etag in etags.items()]


def config(bucket: S3Uri, connection: Connection, folder: Path, program: str) -> RunConfig:
    work = folder / "work"
    work.mkdir()
    return a_config(
        results=str(bucket.join("results")),
        workdir=str(work),
        slots=("0", "1"),
        pipeline="command",
        pipeline_options={"command": [sys.executable, "-Ic", program, "{workdir}"], "text": False},
        region=connection.region,
        endpoint_url=connection.endpoint_url,
    )


def test_the_number_is_of_what_is_varied() -> None:
    server = a_config(pipeline="server", pipeline_options={"preset": "p"})
    assert numbered(server, WORKERS, 3).workers_per_gpu == 3
    assert numbered(server, PAGES_IN_FLIGHT, 3).pipeline_options == {"preset": "p", "pages_in_flight": 3}


def test_documents_are_worked_on_in_places_of_their_own(
    client: S3Client, bucket: S3Uri, connection: Connection, tmp_path: Path, rows: list[CountRow]
) -> None:
    trial = run_trial(config(bucket, connection, tmp_path, WRITE), connection, rows, WORKERS, 1, 300)
    assert trial.problem == ""
    assert trial.pages_per_second > 0
    written = [str(item.uri) for item in list_objects(client, bucket.join("results"))]
    assert all(uri.startswith(str(bucket.join("results", "_smoke", "node-1", "tune-text-1-"))) for uri in written)
    assert sum(uri.endswith(".done") for uri in written) == 2


def test_a_trial_that_takes_too_long_says_so_and_leaves_nothing_that_runs(
    bucket: S3Uri, connection: Connection, tmp_path: Path, rows: list[CountRow]
) -> None:
    trial = run_trial(config(bucket, connection, tmp_path, WAIT), connection, rows, WORKERS, 1, 3)
    assert (trial.problem, trial.pages_per_second) == ("Not finished within 0.05 minutes.", 0)
    assert owned_by(owner_name(tmp_path / "work" / "smoke", 1)) == []


def test_a_pipeline_that_does_not_start_is_a_reason_of_the_number_and_no_error(
    bucket: S3Uri, connection: Connection, tmp_path: Path, rows: list[CountRow]
) -> None:
    wrong = config(bucket, connection, tmp_path, WRITE)
    wrong.pipeline_options["command"] = ["/no/such/program", "{workdir}"]
    assert "/no/such/program" in run_trial(wrong, connection, rows, WORKERS, 1, 300).problem
