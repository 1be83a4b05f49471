# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands for people, as processes over a real local S3: from a checkout, and as programs of one file."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._counting.counting import CountRun
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    SUMMARY_NAME,
    progress_uri,
    shards_folder,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.summary import ShardSummary, Summary
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.modules import page_count, shard_manifest
from emulators.fault_proxy import Fault, FaultProxy, Rule
from tests.support.ansible_module import run_module
from tests.support.pdfs import pdf
from tests.support.progress import make_progress
from tests.support.shards import until

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_COUNT, _SPLIT = "open_archive_page_counts.py", "split_manifest_by_pages.py"
_WATCH = "watch_farm.py"
_BAR = re.compile(r"100%\|\S+\| 6/6 \[\d\d:\d\d<00:00, +[\d.]+ ?(documents/s|s/ documents), 2 errors\]")
_DOCUMENTS = {
    "in/a.pdf": pdf(1),
    'in/b, "b".pdf': pdf(2),
    "in/ελληνικά.PDF": pdf(3),
    "in/empty.pdf": b"",
    "in/corrupt.pdf": b"%PDF-1.7\n" + b"rubbish " * 500,
    "in/slow.pdf": pdf(4),
    "in/notes.txt": b"no PDF",
}


@pytest.fixture
def inputs(client: S3Client, bucket: S3Uri) -> S3Uri:
    """A bucket with documents below ``in/``."""
    for key, body in _DOCUMENTS.items():
        put_bytes(client, bucket.join(key), body, "application/pdf")
    return bucket


@pytest.fixture(params=["checkout", "one file"])
def commands(
    request: pytest.FixtureRequest, repository: Path, connection: Connection, bucket: S3Uri, tmp_path: Path
) -> Path:
    """A folder with the commands: the checkout's, or what a node copies from S3."""
    if request.param == "checkout":
        return repository / "scripts"
    folder = tmp_path / "scripts"
    folder.mkdir()
    options = {
        "destination": str(bucket.join("scripts")),
        "commands": True,
        "endpoint_url": connection.endpoint_url,
        "region": connection.region,
        "access_key": connection.access_key,
        "secret_key": connection.secret_key,
    }
    written = run_module(repository, tmp_path, "s3_files", options)["written"]
    assert run_module(repository, tmp_path, "s3_files", options)["changed"] is False
    client = connection.client()
    for uri in map(S3Uri.parse, written):
        (folder / Path(uri.key).name).write_bytes(read_bytes(client, uri))
    return folder


def command(program: Path, *arguments: str) -> list[str]:
    return [sys.executable, str(program), *arguments]


def run(program: Path, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(program, *arguments), cwd=folder, capture_output=True, text=True, check=False)


def objects(client: S3Client, folder: S3Uri) -> dict[str, bytes]:
    """Return the objects of a folder by their names in it."""
    listed = list_objects(client, folder)
    return {item.uri.key.removeprefix(folder.key): read_bytes(client, item.uri) for item in listed}


def test_the_table_is_the_modules_byte_for_byte_and_a_log_has_plain_lines(
    commands: Path, connection: Connection, inputs: S3Uri, tmp_path: Path
) -> None:
    parameters = {name: option.get("default") for name, option in page_count.ARGUMENTS.items()}
    parameters |= {"bucket": inputs.bucket, "prefix": "in/", "s3_output": str(inputs.join("module"))}
    module = CountRun(connection, page_count.options_from(parameters)).count()

    counted = run(
        commands / _COUNT,
        *(inputs.bucket, "--prefix", "in/", "--s3-output", str(inputs.join("command")), "--include-size"),
        *("--max-workers", "8", "--chunk-size", "2", "--output-file", "copy.csv", "--log-level", "info"),
        *("--endpoint-url", str(connection.endpoint_url), "--region", str(connection.region)),
        folder=tmp_path,
    )
    assert counted.returncode == 0, counted.stderr
    master = inputs.join("command", "page_counts_master.csv")
    with module.table.open() as table:
        assert read_bytes(connection.client(), master) == table.read() == (tmp_path / "copy.csv").read_bytes()
    assert counted.stdout == f"{master}: 6 documents, 10 pages, 2 documents without a page count.\n"
    lines = counted.stderr.splitlines()
    assert lines[-1].startswith("20")
    assert "INFO finished: counted 6 of 6 listed, 0 known, 2 errors" in lines[-1]
    assert "%|" not in counted.stderr
    assert "\r" not in counted.stderr


def test_a_terminal_shows_a_bar_with_the_share_the_rate_and_the_time_that_is_left(
    repository: Path, connection: Connection, inputs: S3Uri
) -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 120))
    arguments = ["--bucket", inputs.bucket, "--prefix", "in/", "--s3-output", str(inputs.join("out"))]
    arguments += ["--endpoint-url", str(connection.endpoint_url)]
    with subprocess.Popen(command(repository / "scripts" / _COUNT, *arguments), stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        # A terminal whose last process has gone cannot be read any more.
        with suppress(OSError):
            while chunk := os.read(ours, 4096):
                shown += chunk
    os.close(ours)
    assert process.returncode == 0, shown
    assert _BAR.search(shown.decode()), shown
    assert b"INFO counted" not in shown
    assert b"finished: counted 6 of 6" in shown


@pytest.fixture
def can_be_interrupted() -> Iterator[None]:
    """Have what the test starts heed SIGINT, which a shell has its background jobs, and all below them, ignore."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("can_be_interrupted")
def test_what_was_read_before_an_interruption_is_saved(
    repository: Path, connection: Connection, inputs: S3Uri, tmp_path: Path
) -> None:
    program = repository / "scripts" / _COUNT
    arguments = [inputs.bucket, "--prefix", "in/", "--s3-output", str(inputs.join("out"))]
    never = Rule(Fault.LATE, "GET", r"/in/slow\.pdf", seconds=3600)
    log = tmp_path / "log"
    with FaultProxy(str(connection.endpoint_url), [never]) as proxy, log.open("w") as stderr:
        endpoint = ["--endpoint-url", proxy.endpoint_url]
        with subprocess.Popen(command(program, *arguments, *endpoint), stderr=stderr) as process:
            try:
                until(lambda: "counted 5 of 6 listed" in log.read_text(), 300)
                process.send_signal(signal.SIGINT)
                assert process.wait(300) == 130
            finally:
                process.kill()
    told = log.read_text()
    assert told.splitlines()[-1] == "Interrupted. What was read is saved. The same command goes on from there."
    assert "Traceback" not in told
    assert len(list(list_objects(connection.client(), inputs.join("out", "chunks/")))) == 1

    endpoint = ["--endpoint-url", str(connection.endpoint_url)]
    again = run(program, *arguments, *endpoint, folder=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "finished: counted 1 of 6 listed, 5 known" in again.stderr


def test_a_failure_is_one_sentence_and_status_1(
    repository: Path, connection: Connection, bucket: S3Uri, tmp_path: Path
) -> None:
    endpoint = ("--endpoint-url", str(connection.endpoint_url))
    scripts, out = repository / "scripts", str(bucket.join("out"))
    split = ("--shards", "2", "--output-prefix", out)
    cases = [
        ("the bucket does not exist", _COUNT, "no-such-bucket-here", "--s3-output", out, *endpoint),
        ("has no such profile", _COUNT, "raw", "--s3-output", out, "--profile", "nobody"),
        ("There is no page count table at none.csv", _SPLIT, "none.csv", *split, *endpoint),
    ]
    for sentence, program, *arguments in cases:
        failed = run(scripts / program, *arguments, folder=tmp_path)
        assert failed.returncode == 1, failed.stderr
        assert sentence in failed.stderr.splitlines()[-1]
        assert "Traceback" not in failed.stderr


def test_the_shards_are_the_modules_byte_for_byte(
    commands: Path, connection: Connection, client: S3Client, inputs: S3Uri, tmp_path: Path
) -> None:
    table = b"uri,bytes,etag,pages,error\n" + b"".join(
        f"s3://raw/{name}.pdf,{pages * 10},e,{pages or ''},{'' if pages else 'encrypted'}\n".encode()
        for name, pages in (("a", 9), ("b", 4), ("c", 4), ("d", 1), ("e", 0))
    )
    counts = inputs.join("page_counts_master.csv")
    put_bytes(client, counts, table, "text/csv")
    parameters = {name: option.get("default") for name, option in shard_manifest.ARGUMENTS.items()}
    parameters |= {"counts": str(counts), "shards": 2, "min_pages": 2, "output_prefix": str(inputs.join("module"))}
    shard_manifest.shard_manifest(parameters, connection, write=True)

    split = run(
        commands / _SPLIT,
        *(str(counts), "--shards", "2", "--skip-errors", "--min-pages", "2", "--output-prefix"),
        *(str(inputs.join("command")), "--summary-name", "shard_summary.json"),
        *("--endpoint-url", str(connection.endpoint_url)),
        folder=tmp_path,
    )
    assert split.returncode == 0, split.stderr
    assert [line.split() for line in split.stdout.splitlines()[1:3]] == [
        ["1", "1", "9", "52.9%"],
        ["2", "2", "8", "47.1%"],
    ]
    assert "left out: 1 encrypted, 1 too_short" in split.stdout
    module, ours = (objects(client, inputs.join(folder, "")) for folder in ("module", "command"))
    assert ours == module
    assert len(ours) == 5


@pytest.mark.usefixtures("can_be_interrupted")
def test_a_farm_is_watched_on_one_screen_that_redraws_until_ctrl_c(
    repository: Path, connection: Connection, client: S3Client, bucket: S3Uri
) -> None:
    summary = Summary(tuple(ShardSummary(number, pages=1000) for number in range(1, 41)))
    put_bytes(client, shards_folder(bucket).join(SUMMARY_NAME), summary.to_json([]), "application/json")

    def say(shard: int, **fields: object) -> None:
        body = make_progress(shard=shard, **fields).to_json()
        put_bytes(client, progress_uri(bucket, shard), body, "application/json")

    for shard in range(1, 41):
        say(shard)
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    arguments = [str(bucket), str(bucket), "--interval", "0.1", "--price-per-hour", "5"]
    arguments += ["--endpoint-url", str(connection.endpoint_url)]
    environment = os.environ | {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(
        command(repository / "scripts" / _WATCH, *arguments),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
    ) as process:
        os.close(theirs)
        shown = b""

        def until_shown(words: bytes) -> None:
            nonlocal shown
            while words not in shown:
                assert len(shown) < 10_000_000, shown[-10_000:]
                shown += os.read(ours, 4096)

        try:
            until_shown(b" 40 ")
            assert b"broken" not in shown
            say(7, state="broken", message="all unreadable")
            until_shown(b"all unreadable")
            process.send_signal(signal.SIGINT)
            with suppress(OSError):
                while chunk := os.read(ours, 4096):
                    shown += chunk
        finally:
            process.kill()
    os.close(ours)
    assert process.returncode == 0, shown
    assert b"Traceback" not in shown
    entered, left = shown.index(b"\x1b[?1049h"), shown.index(b"\x1b[?1049l")
    screens = [screen for screen in shown[entered:left].decode().split("\x1b[H") if " 40 " in screen]
    assert len(screens) > 1
    lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screens[0]).splitlines()
    assert len(lines) <= 24
    assert sorted(int(cell) for line in lines for cell in re.findall(r"(\d+) █+░+ ", line)) == list(range(1, 41))
    assert any(line.startswith("spent: $") for line in lines)
