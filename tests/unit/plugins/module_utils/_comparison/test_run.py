# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.child import Child
from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import (
    OWNER_VARIABLE,
    owned_by,
    owner_name,
)
from ansible_collections.glossapi.farm.plugins.module_utils._comparison.run import (
    RunOptions,
    _reading,
    _Run,
    _Unfit,
    compare,
)
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.documents import SCAN
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.reading import read
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.text import TEXT
from ansible_collections.glossapi.farm.plugins.module_utils._records.comparison import (
    Reading,
    Sample,
    readings_from_jsonl,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    comparison_readings_uri,
    comparison_run_uri,
)
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.lock import take_lock
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from demo.corpus import thesis
from tests.support.comparisons import a_comparison, put_documents
from tests.support.inference import a_preset

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.server


@pytest.fixture
def options(
    client: S3Client, bucket: S3Uri, tmp_path: Path, library_path: Path, monkeypatch: pytest.MonkeyPatch, tessdata: Path
) -> RunOptions:
    """Tesseract, on two scans whose text is known."""
    monkeypatch.setenv("PYTHONPATH", str(library_path))
    put_documents(client, bucket, dict.fromkeys(("a.pdf", "b.pdf"), (SCAN, 1)))
    return RunOptions(
        comparison=a_comparison(bucket, 2),
        name="tess",
        backend="tesseract",
        backend_options={"tessdata": str(tessdata)},
        shard=1,
        node="node",
        workdir=tmp_path,
        slots=("0", "1"),
        price_per_hour=2.0,
    )


# Answers with the text that is known, but for the second page it is asked for, of which it says each time a part.
_SERVER = """
import http.server, json, pathlib, sys
class Handler(http.server.BaseHTTPRequestHandler):
    asked = 0
    def do_GET(self):
        self.answer(b"")
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        Handler.asked += 1
        reason = "length" if Handler.asked in (3, 4) else "stop"
        text = pathlib.Path(sys.argv[2]).read_text()
        choice = {"message": {"content": text}, "finish_reason": reason}
        self.answer(json.dumps({"choices": [choice]}).encode())
    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def with_server(options: RunOptions, command: list[str]) -> RunOptions:
    preset = a_preset(options.workdir, command=command)
    own = {"preset": preset, "pages_in_flight": 1}
    return replace(options, name="served", backend="server", backend_options=own, workers_per_gpu=1)


def readings(client: S3Client, options: RunOptions) -> tuple[Reading, ...]:
    uri = comparison_readings_uri(options.comparison.folder, options.name)
    return readings_from_jsonl(read_bytes(client, uri), str(uri))


def test_a_backend_reads_all_pages_once_and_again_where_it_is_asked_or_other_options_are_given(
    client: S3Client, connection: Connection, options: RunOptions
) -> None:
    assert compare(options, connection, check_mode=True).changed
    first = compare(options, connection, check_mode=False)
    assert first.run is not None
    assert (first.changed, first.pages, first.run.problem, first.run.workers) == (True, 2, "", 1)
    assert first.run.seconds > 0
    assert first.run.start_seconds > 0
    assert (first.run.slot, first.run.slots, first.run.price_per_hour) == ("0", 2, 2.0)
    found = readings(client, options)
    assert [(reading.number, reading.verdict, reading.together) for reading in found] == [
        (1, "good", 2),
        (2, "good", 2),
    ]
    assert all(read(reading.text).similarity > 0.9 for reading in found)
    # Neither a result nor a marker.
    written = list(list_objects(client, options.comparison.results.join("")))
    assert written
    assert all(str(item.uri).startswith(str(options.comparison.folder)) for item in written)
    assert not options.folder.exists()

    same = compare(options, connection, check_mode=False)
    assert (same.changed, same.run) == (False, first.run)
    for other in (
        replace(options, again=True),
        replace(options, backend_options={**options.backend_options, "languages": ["eng", "ell"]}),
    ):
        assert compare(other, connection, check_mode=True).changed
    put_bytes(client, comparison_run_uri(options.comparison.folder, options.name), b"?", "application/json")
    assert compare(options, connection, check_mode=True).changed


def test_a_page_that_is_given_up_says_so_and_no_server_is_left(
    client: S3Client, connection: Connection, options: RunOptions, tmp_path: Path
) -> None:
    (tmp_path / "text").write_text(TEXT)
    served = with_server(options, [sys.executable, "-Ic", _SERVER, "{port}", str(tmp_path / "text")])
    compared = compare(served, connection, check_mode=False)
    assert compared.run is not None
    assert compared.run.problem == ""
    assert compared.run.revision.startswith("tesseract-by-http")
    one, other = readings(client, served)
    assert (one.verdict, one.failure) == ("good", "")
    assert (other.verdict, other.text, other.failure) == ("", "", "the backend gave the page up")
    assert owned_by(owner_name(served.folder, 1)) == []


def test_one_that_does_not_start_is_no_error_says_why_and_is_tried_again(
    client: S3Client, connection: Connection, options: RunOptions
) -> None:
    lost = with_server(options, ["/nowhere/vllm", "{port}"])
    for _try in range(2):
        compared = compare(lost, connection, check_mode=False)
        assert compared.changed
        assert compared.run is not None
        assert "'/nowhere/vllm'" in compared.run.problem
        assert readings(client, lost) == ()
    assert owned_by(owner_name(lost.folder, 1)) == []


def test_it_refuses_while_the_node_works(connection: Connection, options: RunOptions) -> None:
    layout = Layout(options.workdir, 1)
    layout.create()
    lock = take_lock(layout.lock)
    assert lock is not None
    try:
        with pytest.raises(FarmError, match=r"node works on shard 1, .* stop it first"):
            compare(options, connection, check_mode=False)
    finally:
        os.close(lock)


def test_two_do_not_share_a_gpu_and_what_an_interrupted_one_left_is_ended(
    connection: Connection, options: RunOptions
) -> None:
    left = options.workdir / "compare" / "interrupted"
    left.mkdir(parents=True)
    owner = {OWNER_VARIABLE: owner_name(left, options.shard)}
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, env=os.environ | owner) as server:
        lock = take_lock(left.parent / "lock")
        assert lock is not None
        try:
            with pytest.raises(FarmError, match=r"Another comparison is under way on node"):
                compare(options, connection, check_mode=False)
            assert server.poll() is None
        finally:
            os.close(lock)
        assert compare(options, connection, check_mode=False).changed
        assert server.wait() == -signal.SIGKILL


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"name": "a/b"}, "The name of a backend 'a/b' cannot name a folder"),
        ({"slots": ()}, "slots is empty"),
        ({"timeout_base": 0.0, "timeout_per_page": 0.0}, "no page would have any time"),
        ({"backend": "ocropus"}, "There is no OCR backend 'ocropus': choose one of .*tesseract"),
        ({"backend_options": {"language": "ell"}}, "does not know the option 'language'"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_done(
    options: RunOptions, other: dict[str, Any], reason: str
) -> None:
    with pytest.raises(FarmError, match=reason):
        replace(options, **other)


class _Worker:
    """Answers as it is told to, one after the other; ``None`` where it ends, an exception where it is raised."""

    def __init__(self, *answers: dict[str, Any] | Exception | None) -> None:
        self._answers = list(answers)
        self.asked: list[int] = []
        self.ended = False

    async def ask(self, message: dict[str, Any], _seconds: float) -> dict[str, Any] | None:
        self.asked.append(message["pages"])
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if answer and "failure" not in answer:
            texts = {str(number): f"{TEXT} {number}" for number in range(1, message["pages"] + 1)}
            Path(message["texts"]).write_text(json.dumps(texts))
        return answer

    async def kill(self) -> None:
        self.ended = True


@pytest.mark.parametrize(
    ("answers", "asked", "failures"),
    [
        ([{"seconds": 6.0}], [3], {}),
        # One of them spoils the others.
        (
            [
                {"failure": "corrupt", "seconds": 1.0},
                {"seconds": 1.0},
                {"failure": "odd", "seconds": 1.0},
                {"seconds": 1.0},
            ],
            [3, 1, 1, 1],
            {5: "odd"},
        ),
        ([TimeoutError()], [3], dict.fromkeys((3, 5, 7), "not read after 390 s, with 3 pages")),
        ([None], [3], dict.fromkeys((3, 5, 7), "the worker ended. It said last: of no use")),
    ],
    ids=["together", "one by one", "too late", "ended"],
)
def test_pages_are_read_together_and_one_by_one_where_that_fails(
    options: RunOptions, answers: list[Any], asked: list[int], failures: dict[int, str]
) -> None:
    options.folder.mkdir(parents=True)
    options.log.write_text("begins\nof no use\n")
    pages = options.folder / "pages.pdf"
    pages.write_bytes(thesis(7, 1))
    run = _Run(options, Sample(), pages)
    worker = _Worker(*answers)
    found = asyncio.run(run._read(cast(Child, worker), [3, 5, 7], run._extract([3, 5, 7])))
    assert worker.asked == asked
    assert {reading.number: reading.failure for reading in found if reading.failure} == failures
    assert [reading.number for reading in found] == [3, 5, 7]
    if not failures:
        assert [(reading.seconds, reading.together) for reading in found] == [(2.0, 3)] * 3
        assert [reading.text[-1] for reading in found] == ["1", "2", "3"]


def test_a_gpu_that_cannot_be_used_any_more_ends_it(options: RunOptions) -> None:
    options.folder.mkdir(parents=True)
    run = _Run(options, Sample(), Path())
    with pytest.raises(_Unfit, match="lost"):
        asyncio.run(run._read(cast(Child, _Worker({"fault": "lost"})), [1], options.folder / "pages.pdf"))


def test_half_a_character_of_an_answer_is_none() -> None:
    assert _reading(1, "λόγος \ud83d", "", 1.0, 1).text == "λόγος ?"


def test_pages_that_cannot_be_had_are_an_error_of_the_node(connection: Connection, options: RunOptions) -> None:
    # Its own folder is a file.
    options.folder.parent.write_text("")
    with pytest.raises(FarmError, match=r"node cannot compare in .*/compare: "):
        compare(options, connection, check_mode=False)
