# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Page counts while S3, the network, the readers or the run itself go wrong."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import psutil
import pytest
from pypdf import PdfWriter

from ansible_collections.glossapi.farm.plugins.module_utils._counting.counting import (
    CountOptions,
    CountResult,
    CountRun,
)
from ansible_collections.glossapi.farm.plugins.module_utils._counting.saved import SavedRows
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import table_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_count_lines import rows_of_lines
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts_source import rows_of
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from emulators.fault_proxy import Fault, FaultProxy, Rule
from emulators.s3 import S3Server
from tests.support.shards import until

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DOCUMENTS = 60
CHUNK_SIZE = 7
OF_DOCUMENTS = r"/in/.*\.pdf"
_WAIT_SECONDS = 300

# The run as a process of its own: what kill -9 is for.
_PROGRAM = """
import json, sys
from ansible_collections.glossapi.farm.plugins.module_utils._counting.counting import CountOptions, CountRun
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
given = json.load(sys.stdin)
options = CountOptions(S3Uri(*given["source"]), S3Uri(*given["output"]), 64, given["chunk_size"], True)
CountRun(Connection(**given["connection"]), options).count()
"""


def pdf(pages: int) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def table_of(result: CountResult) -> bytes:
    with result.table.open() as table:
        return table.read()


def saved_rows(client: S3Client, options: CountOptions) -> list[CountRow]:
    return rows_of_lines(line for lines in SavedRows(client, options.output).chunks() for line in lines)


@pytest.fixture(scope="module")
def bodies() -> dict[str, bytes]:
    documents = {f"in/{number:03}.pdf": pdf(number % 9 + 1) for number in range(DOCUMENTS)}
    # For the fallback, whose process must not outlive the run either.
    return documents | {"in/003.pdf": b"%PDF-1.7\n" + b"rubbish " * 500}


@pytest.fixture
def options(client: S3Client, bucket: S3Uri, bodies: dict[str, bytes]) -> CountOptions:
    for key, body in bodies.items():
        client.put_object(Bucket=bucket.bucket, Key=key, Body=body)
    return CountOptions(S3Uri(bucket.bucket, "in/"), bucket.join("out"), 16, CHUNK_SIZE, include_size=True)


@pytest.fixture
def undisturbed(connection: Connection, options: CountOptions, bucket: S3Uri) -> bytes:
    """The table of a run that nothing happens to."""
    return table_of(CountRun(connection, replace(options, output=bucket.join("undisturbed"))).count())


@pytest.fixture
def proxy(s3_server: S3Server) -> Iterator[FaultProxy]:
    with FaultProxy(s3_server.endpoint_url) as proxy:
        yield proxy


@pytest.fixture
def through_proxy(connection: Connection, proxy: FaultProxy) -> Connection:
    return replace(connection, endpoint_url=proxy.endpoint_url)


def documents_read(proxy: FaultProxy) -> set[str]:
    """The keys of the documents that were asked for since the log was last cleared."""
    return {unquote(each.path).split("/", 2)[2].partition("?")[0] for each in proxy.log if each.range}


@pytest.mark.parametrize(
    "rule",
    [
        Rule(Fault.SLOW_DOWN, "GET", OF_DOCUMENTS, probability=0.3, times=30),
        Rule(Fault.RESET, "GET", OF_DOCUMENTS, probability=0.3, times=20),
        Rule(Fault.TRUNCATED, "GET", OF_DOCUMENTS, probability=0.3, times=20),
        Rule(Fault.LATE, "GET", OF_DOCUMENTS, probability=0.3, times=20, seconds=0.5),
        Rule(Fault.REPLY_LOST, "PUT", "/out/", skip=1, times=2),
    ],
    ids=lambda rule: rule.fault.name,
)
def test_a_passing_fault_leaves_no_trace(
    options: CountOptions, through_proxy: Connection, proxy: FaultProxy, undisturbed: bytes, rule: Rule
) -> None:
    proxy.rules = [replace(rule)]
    assert table_of(CountRun(through_proxy, options).count()) == undisturbed
    assert rule.fault in {each.fault for each in proxy.log}


@pytest.mark.parametrize("fault", [Fault.ACCESS_DENIED, Fault.TRUNCATED], ids=lambda fault: fault.name)
def test_a_document_that_cannot_be_read_is_a_read_error_and_read_again_next_time(
    options: CountOptions, through_proxy: Connection, proxy: FaultProxy, undisturbed: bytes, fault: Fault
) -> None:
    proxy.rules = [Rule(fault, "GET", r"/in/005\.pdf")]
    table = table_of(CountRun(through_proxy, options).count())
    (failed,) = [row for row in rows_of(table, "table") if row.error and row.error_class != "corrupt"]
    assert failed.uri.endswith("/in/005.pdf")
    assert failed.error_class == "read_error"
    assert failed.pages is None
    proxy.rules = []
    proxy.log.clear()
    assert table_of(CountRun(through_proxy, options).count()) == undisturbed
    assert documents_read(proxy) == {"in/005.pdf"}


def test_a_source_that_denies_every_document_stops_the_run_and_says_so(
    options: CountOptions, through_proxy: Connection, proxy: FaultProxy, undisturbed: bytes
) -> None:
    proxy.rules = [Rule(Fault.ACCESS_DENIED, "GET", OF_DOCUMENTS)]
    with pytest.raises(FarmError, match=r"All of the first 20 documents could not be read.*access is denied"):
        CountRun(through_proxy, options).count()
    assert len(documents_read(proxy)) < DOCUMENTS
    proxy.rules = []
    assert table_of(CountRun(through_proxy, options).count()) == undisturbed


def test_an_endpoint_that_goes_down_stops_the_run_and_the_next_goes_on(
    options: CountOptions, connection: Connection, s3_server: S3Server, undisturbed: bytes, client: S3Client
) -> None:
    # Some documents are counted, then no request is answered until the endpoint is gone.
    held = Rule(Fault.LATE, "GET", OF_DOCUMENTS, skip=40, seconds=600)
    with FaultProxy(s3_server.endpoint_url, [held]) as proxy:
        process = start(
            replace(connection, endpoint_url=proxy.endpoint_url), replace(options, chunk_size=1), stderr=subprocess.PIPE
        )
        children = readers_of(process)
        until(lambda: sum(1 for each in proxy.log if each.method == "PUT") >= 3)
        children += started_by(process)
    message = process.communicate(timeout=180)[1]
    assert "the endpoint cannot be reached" in message
    assert process.returncode == 1
    until(lambda: not any(alive(child) for child in children))
    saved = {row.uri for row in saved_rows(client, options)}
    assert len(saved) >= 3
    assert {row.error_class for row in saved_rows(client, options)} <= {"", "corrupt"}
    result = CountRun(connection, options).count()
    assert table_of(result) == undisturbed
    assert result.progress.counted == DOCUMENTS - len(saved)


def test_a_full_disk_stops_the_run_and_is_no_fault_of_the_document(
    options: CountOptions, connection: Connection, client: S3Client, undisturbed: bytes
) -> None:
    # The file that goes to the fallback is larger than any this run may write.
    limited = _PROGRAM.replace("import json", "import resource; resource.setrlimit(1, (1000, 1000)); import json", 1)
    process = start(connection, options, limited, subprocess.PIPE)
    message = process.communicate(timeout=_WAIT_SECONDS)[1]
    assert re.search(r"FarmError: Cannot keep a document in .*: File too large\. Free space there", message), message
    assert {row.error_class for row in saved_rows(client, options)} <= {""}
    assert table_of(CountRun(connection, options).count()) == undisturbed


def test_a_killed_run_leaves_no_document_on_the_disk(
    options: CountOptions,
    through_proxy: Connection,
    proxy: FaultProxy,
    client: S3Client,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    # Its end is looked for three times; then it is downloaded in several parts, the second of which does not come.
    client.put_object(Bucket=options.source.bucket, Key="in/000.pdf", Body=b"%PDF-1.7\n" + b"rubbish " * (3 << 20))
    proxy.rules = [Rule(Fault.LATE, "GET", r"/in/000\.pdf", skip=4, seconds=60)]
    process = start(through_proxy, options)
    until(lambda: sum(1 for each in proxy.log if each.path.endswith("/in/000.pdf")) == 4)
    until(lambda: any(keeps_a_file_in(child, tmp_path) for child in psutil.Process(process.pid).children()))
    process.kill()
    process.wait()
    assert list(tmp_path.iterdir()) == []


def keeps_a_file_in(process: psutil.Process, folder: Path) -> bool:
    """Whether the process has a file in the folder open that has bytes, by whatever name."""
    descriptors = Path(f"/proc/{process.pid}/fd")
    with suppress(OSError):
        for each in descriptors.iterdir():
            if str(each.readlink()).startswith(f"{folder}/") and each.stat().st_size > 1 << 20:
                return True
    return False


def started_by(run: subprocess.Popen[str]) -> list[psutil.Process]:
    """Return the processes that a run has started and that are there; none where it has ended."""
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(run.pid).children(recursive=True)
    return []


def readers_of(run: subprocess.Popen[str]) -> list[psutil.Process]:
    """Return the processes that a run has started, once there are some; none where it has ended."""
    until(lambda: bool(started_by(run)) or run.poll() is not None)
    return started_by(run)


def alive(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


def test_expired_credentials_stop_the_run_and_what_was_read_is_kept(
    options: CountOptions, through_proxy: Connection, proxy: FaultProxy, undisturbed: bytes, client: S3Client
) -> None:
    proxy.rules = [Rule(Fault.EXPIRED_TOKEN, "GET", OF_DOCUMENTS, skip=25)]
    with pytest.raises(S3Error, match="credentials have expired") as caught:
        CountRun(through_proxy, options).count()
    assert caught.value.code == "ExpiredToken"
    saved = {row.uri for row in saved_rows(client, options)}
    assert saved
    proxy.rules = []
    proxy.log.clear()
    result = CountRun(through_proxy, options).count()
    assert table_of(result) == undisturbed
    assert result.progress.counted == DOCUMENTS - len(saved)


def start(
    connection: Connection, options: CountOptions, program: str = _PROGRAM, stderr: int | None = None
) -> subprocess.Popen[str]:
    """Start a run as a process; it has begun when this returns."""
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stderr=stderr,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    given = {
        "source": (options.source.bucket, options.source.key),
        "output": (options.output.bucket, options.output.key),
        "chunk_size": options.chunk_size,
        "connection": vars(connection),
    }
    assert process.stdin is not None
    json.dump(given, process.stdin)
    process.stdin.close()
    process.stdin = None
    return process


@pytest.mark.parametrize("reads", [1, 20, 45, 60])
def test_a_killed_run_leaves_no_process_and_reads_nothing_saved_again(
    options: CountOptions,
    through_proxy: Connection,
    proxy: FaultProxy,
    client: S3Client,
    undisturbed: bytes,
    reads: int,
) -> None:
    # So that it cannot end before it is killed, however late that is.
    proxy.rules = [
        Rule(Fault.LATE, "GET", OF_DOCUMENTS, skip=reads, seconds=60),
        Rule(Fault.LATE, "PUT", re.escape(table_uri(options.output).key), seconds=60),
    ]
    process = start(through_proxy, replace(options, chunk_size=3))
    children = readers_of(process)
    until(lambda: len(documents_read(proxy)) >= reads)
    children += started_by(process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    until(lambda: not any(alive(child) for child in children))

    saved = {S3Uri.parse(row.uri).key for row in saved_rows(client, options)}
    proxy.rules = []
    proxy.log.clear()
    result = CountRun(through_proxy, options).count()
    assert table_of(result) == undisturbed
    assert read_bytes(client, table_uri(options.output)) == undisturbed
    assert documents_read(proxy).isdisjoint(saved)
    assert result.progress.counted == DOCUMENTS - len(saved)


def test_a_reader_that_dies_is_replaced(
    options: CountOptions, through_proxy: Connection, proxy: FaultProxy, client: S3Client, undisturbed: bytes
) -> None:
    proxy.rules = [Rule(Fault.LATE, "GET", OF_DOCUMENTS, seconds=0.5)]
    process = start(through_proxy, options)
    readers = readers_of(process)
    until(lambda: len(documents_read(proxy)) >= 5)
    readers[0].kill()
    assert process.wait(_WAIT_SECONDS) == 0
    assert read_bytes(client, table_uri(options.output)) == undisturbed
