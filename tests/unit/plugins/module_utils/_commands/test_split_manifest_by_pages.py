# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._commands import split_manifest_by_pages as command
from ansible_collections.glossapi.farm.plugins.module_utils._commands.split_manifest_by_pages import main
from ansible_collections.glossapi.farm.plugins.module_utils._cutting.job import CutJob
from ansible_collections.glossapi.farm.plugins.module_utils._cutting.options import CutOptions
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow, write_table
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

_OUTPUT = ("--output-prefix", "s3://work/shards")


class _NoS3Error(Exception):
    """There is no S3 here."""


def asked(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> CutJob:
    """Return what the arguments ask for."""
    seen: list[CutJob] = []

    def cut(_connection: Connection, job: CutJob, *, write: bool, **_watch: object) -> None:
        assert write
        seen.append(job)
        raise _NoS3Error

    monkeypatch.setattr(command, "cut_shards", cut)
    with pytest.raises(_NoS3Error):
        main(arguments)
    return seen[0]


def test_every_flag_of_the_runbook_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    job = asked(monkeypatch, "counts.csv", "--shards", "2", *_OUTPUT)
    assert job == CutJob("counts.csv", S3Uri("work", "shards"), CutOptions((1.0, 1.0)))
    assert asked(monkeypatch, "counts.csv", "--shards", "2", *_OUTPUT, "--skip-errors") == job
    job = asked(
        monkeypatch,
        *("s3://work/counts.csv", "--shards", "1", *_OUTPUT, "--no-skip-errors", "--min-pages", "3"),
        *("--summary-name", "all.json"),
    )
    options = CutOptions((1.0,), skip_errors=False, min_pages=3)
    assert job == CutJob("s3://work/counts.csv", S3Uri("work", "shards"), options, "all.json")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("counts.csv", *_OUTPUT), "the following arguments are required: --shards"),
        (("counts.csv", "--shards", "0", *_OUTPUT), "shards is 0: it must be 1 or more."),
        (("counts.csv", "--shards", "2", "--output-prefix", "here"), "'here' is not an S3 address"),
        (("counts.csv", "--shards", "2", *_OUTPUT, "--min-pages", "-1"), "min_pages is -1: it must be 0 or more."),
    ],
)
def test_wrong_arguments_end_with_status_2_and_a_sentence(
    arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err.splitlines()[-1]


def test_what_an_operator_should_know_of_the_cut_is_told(
    connection: Connection, bucket: S3Uri, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = tmp_path / "counts.csv"
    counts.write_bytes(write_table([CountRow("s3://raw/a.pdf", 9, "etag", 1234, "")]))
    arguments = [str(counts), "--shards", "2", "--output-prefix", str(bucket), "--endpoint-url"]
    arguments.append(str(connection.endpoint_url))
    for written in (5, 0):
        assert main(arguments) == 0
        out, err = capsys.readouterr()
        assert [line.split() for line in out.splitlines()[:2]] == [
            ["shard", "documents", "pages", "share"],
            ["1", "1", "1,234", "100.0%"],
        ]
        assert f"left out: none\nwritten: {written} objects\n{bucket}shard_summary.json has the summary.\n" in out
        assert "1 of 2 shards are empty" in err
