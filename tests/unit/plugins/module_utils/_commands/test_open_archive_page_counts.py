# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._commands import open_archive_page_counts as command
from ansible_collections.glossapi.farm.plugins.module_utils._commands.open_archive_page_counts import main
from ansible_collections.glossapi.farm.plugins.module_utils._counting.counting import CountOptions
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

_OUTPUT = ("--s3-output", "s3://work/counts")


class _NoS3Error(Exception):
    """There is no S3 here."""


def asked(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[Connection, CountOptions]:
    """Return what the arguments ask of a run."""
    seen: list[tuple[Connection, CountOptions]] = []

    def run(connection: Connection, options: CountOptions) -> None:
        seen.append((connection, options))
        raise _NoS3Error

    monkeypatch.setattr(command, "CountRun", run)
    monkeypatch.setattr(command, "show_log", lambda *_arguments, **_options: None)
    with pytest.raises(_NoS3Error):
        main(arguments)
    return seen[0]


def test_a_bucket_and_an_output_are_enough_and_the_rest_is_the_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    for bucket in (["raw"], ["--bucket", "raw"], ["raw", "--bucket", "raw"]):
        connection, options = asked(monkeypatch, *bucket, *_OUTPUT)
        assert options == CountOptions(S3Uri("raw"), S3Uri("work", "counts"))
        assert connection == Connection()


def test_every_flag_of_the_runbook_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    connection, options = asked(
        monkeypatch,
        *("raw", "--prefix", "theses/", *_OUTPUT, "--max-workers", "8", "--chunk-size", "5", "--no-include-size"),
        *("--output-file", "copy.csv", "--log-level", "debug", "--resume-from", "old.csv"),
        *("--requester-pays", "--region", "eu-south-1"),
    )
    assert options == CountOptions(
        S3Uri("raw", "theses/"), S3Uri("work", "counts"), 8, 5, include_size=False, resume_from="old.csv"
    )
    assert connection == Connection(region="eu-south-1", requester_pays=True)
    assert asked(monkeypatch, "raw", *_OUTPUT, "--include-size")[1].include_size


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("raw",), "the following arguments are required: --s3-output"),
        (_OUTPUT, "give one bucket that holds the documents"),
        (("raw", "--bucket", "other", *_OUTPUT), "give one bucket that holds the documents"),
        (("s3://raw", *_OUTPUT), "give the bucket's name alone"),
        (("raw", "--s3-output", "/srv/out"), "'/srv/out' is not an S3 address"),
        (("raw", *_OUTPUT, "--max-workers", "0"), "max_workers is 0: it must be at least 1."),
        (("raw", *_OUTPUT, "--chunk-size", "many"), "invalid int value: 'many'"),
        (("raw", *_OUTPUT, "--log-level", "loud"), "invalid choice: 'LOUD'"),
        (("raw", *_OUTPUT, "--prefx", "x"), "unrecognized arguments: --prefx"),
        (
            ("raw", *_OUTPUT, "--output-file", "/no/a.csv"),
            "Cannot write output_file /no/a.csv: there is no folder /no.",
        ),
        (("raw", *_OUTPUT, "--endpoint-url", "127.0.0.1:1"), "'127.0.0.1:1', which is no address of a server"),
    ],
)
def test_wrong_arguments_end_with_status_2_and_a_sentence(
    arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err.splitlines()[-1]
