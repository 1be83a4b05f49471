# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A shard from its manifest to its markers, on a local S3 and with real PDFs."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import owned_by, owner_name
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Marker
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import marker_uri, status_folder
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.modules import shard_run
from emulators.s3 import SECRET_KEY
from tests.support.markers import finished_states

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Run = Callable[..., dict[str, Any]]


def text_pdf(*pages: str) -> bytes:
    buffer = io.BytesIO()
    drawing = canvas.Canvas(buffer)
    for page in pages:
        drawing.drawString(72, 700, page)
        drawing.showPage()
    drawing.save()
    return buffer.getvalue()


def scan_pdf() -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    drawing = canvas.Canvas(buffer)
    drawing.drawImage(ImageReader(Image.new("L", (200, 200), 60)), 72, 300, 400, 400)
    drawing.showPage()
    drawing.save()
    return buffer.getvalue()


def encrypted_pdf() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(text_pdf("secret"))))
    writer.encrypt("password", algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.fixture
def cut(client: S3Client, bucket: S3Uri) -> Callable[[dict[str, bytes]], None]:
    """Upload documents by key and list them in the manifest of shard 1, one page each."""

    def cut_shard(documents: dict[str, bytes]) -> None:
        rows = ["uri,pages,bytes"]
        for key, body in documents.items():
            put_bytes(client, bucket.join(key), body, "application/pdf")
            rows.append(f"{bucket.join(key)},1,{len(body)}")
        put_bytes(client, bucket.join("shards", "shard_1.csv"), "\n".join(rows).encode() + b"\n", "text/csv")

    return cut_shard


@pytest.fixture
def run(connection: Connection, bucket: S3Uri, tmp_path: Path) -> Iterator[Run]:
    """Run the module's work; whatever it left running is stopped."""
    parameters: dict[str, Any] = {
        "shard": 1,
        "manifests": str(bucket.join("shards")),
        "results": str(bucket.join("results")),
        "workdir": str(tmp_path / "work"),
        "state": "finished",
        "node": "node-1",
        "pipeline": "pdftext",
        "pipeline_options": {},
        "slots": ["0"],
        "timeout_base": 60.0,
        "timeout_per_page": 1.0,
        "max_attempts": 2,
        "prefetch": 2,
        "prefetch_bytes": 1_000_000_000,
        "worker_documents": 500,
        "worker_growth_bytes": 1_000_000_000,
        "timeout_factor": 1.0,
        "retry": [],
        "retry_label": "",
        "redo_stale": False,
        "grace_seconds": 5.0,
        "outage_seconds": 3.0,
        "budget": 0.0,
        "price_per_hour": 0.0,
        "wait_timeout": 600,
    }

    def run_module(*, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        return shard_run.run(parameters | options, connection, check_mode=check_mode)

    yield run_module
    run_module(state="stopped", grace_seconds=0.0)
    assert owned_by(owner_name(tmp_path / "work", 1)) == []


def python_command(tmp_path: Path, script: str) -> dict[str, Any]:
    """Return options for pipeline ``command`` that run a script with input, workdir, output and uri."""
    path = tmp_path / "script.py"
    path.write_text("import os, pathlib, sys\nsource, work, output, uri = sys.argv[1:]\n" + textwrap.dedent(script))
    return {"command": [sys.executable, str(path), "{input}", "{workdir}", "{output}", "{uri}"]}


def failures(client: S3Client, results: S3Uri) -> dict[str, str | None]:
    """Return the class of each failed document by key."""
    found = {}
    for key, state in finished_states(client, status_folder(results)).items():
        if state is DocumentState.FAILED:
            uri = marker_uri(results, key, state)
            found[key] = Marker.from_json(read_bytes(client, uri), str(uri)).failure_class
    return found


def test_every_document_ends_done_or_failed_with_its_class(
    run: Run, cut: Callable[..., None], client: S3Client, bucket: S3Uri, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With the language data of an installed tesseract the scan would be read, and be found empty.
    monkeypatch.setenv("PATH", "/nowhere")
    documents = {
        "a/report.pdf": text_pdf("from folder a", "second page"),
        "b/report.pdf": text_pdf("from folder b"),
        "scan.pdf": scan_pdf(),
        "encrypted.pdf": encrypted_pdf(),
        "corrupt.pdf": b"%PDF-1.7 nothing more",
        "odd folder/παράδειγμα 100%.PDF": text_pdf("odd"),
    }
    cut(documents)
    result = run()
    results = bucket.join("results")
    progress = result["progress"]
    assert progress["state"] == "finished"
    assert progress["documents"] == progress["done"] + progress["failed"] == len(documents)
    expected = {"encrypted.pdf": "encrypted", "corrupt.pdf": "corrupt", "scan.pdf": "needs_ocr"}
    assert failures(client, results) == expected
    text = read_bytes(client, results.join("shard-1", "markdown", "a/report.pdf.md")).decode()
    assert text == "<!-- page 1 -->\n\nfrom folder a\n\n<!-- page 2 -->\n\nsecond page\n"
    assert b"folder b" in read_bytes(client, results.join("shard-1", "markdown", "b/report.pdf.md"))
    uri = marker_uri(results, "a/report.pdf", DocumentState.DONE)
    marker = Marker.from_json(read_bytes(client, uri), str(uri))
    etags = {str(item.uri): item.etag for item in list_objects(client, bucket)}
    assert marker.etag == etags[marker.uri]
    assert {output.uri: output.etag for output in marker.outputs}.items() <= etags.items()
    assert (marker.node, marker.gpu, marker.attempts) == ("node-1", "0", 1)


def test_a_second_run_starts_nothing(run: Run, cut: Callable[..., None], client: S3Client, bucket: S3Uri) -> None:
    cut({"a.pdf": text_pdf("a")})
    assert run(check_mode=True)["changed"] is True
    assert run()["changed"] is True
    before = {item.uri: item.modified for item in list_objects(client, bucket)}
    second = run(state="started")
    assert (second["changed"], second["running"], second["pending"]) == (False, False, 0)
    assert {item.uri: item.modified for item in list_objects(client, bucket)} == before


def test_a_started_shard_goes_on_after_the_module_until_it_is_stopped_and_then_resumes(
    run: Run, cut: Callable[..., None], client: S3Client, bucket: S3Uri, tmp_path: Path
) -> None:
    cut({f"{number}.pdf": text_pdf(str(number)) for number in range(4)})
    flag = tmp_path / "go"
    options = python_command(
        tmp_path,
        f"""
        import time
        while "/2.pdf" in uri and not os.path.exists({str(flag)!r}):
            time.sleep(0.05)
        pathlib.Path(work, "out.md").write_text(uri)
        """,
    )
    arguments = {"pipeline": "command", "pipeline_options": options, "grace_seconds": 1.0}
    assert run(state="started", **arguments)["running"] is True
    again = run(state="started", **arguments)
    assert (again["running"], again["changed"]) == (True, False)
    with pytest.raises(FarmError, match=r"timeout_base: 60\.0 -> 61\.0"):
        run(state="started", **(arguments | {"timeout_base": 61.0}))
    assert run(state="stopped", check_mode=True)["running"] is True
    stopped = run(state="stopped")
    assert (stopped["running"], stopped["changed"], stopped["progress"]["state"]) == (False, True, "stopped")
    assert stopped["progress"]["pending"] >= 2
    assert run(state="stopped")["changed"] is False
    flag.touch()
    assert run(**arguments)["progress"]["done"] == 4
    assert len(finished_states(client, status_folder(bucket.join("results")))) == 4


def test_workers_that_crash_hang_or_lie_take_no_other_document_with_them(
    run: Run, cut: Callable[..., None], client: S3Client, bucket: S3Uri, tmp_path: Path
) -> None:
    cut({f"{name}.pdf": text_pdf(name) for name in ("hang", "crash", "fail", "lie", "empty", "noise", "good")})
    options = python_command(
        tmp_path,
        """
        import signal, subprocess, time
        name = pathlib.Path(uri).stem
        if name == "hang":
            subprocess.Popen(["sleep", "600"], start_new_session=True)
            time.sleep(600)
        if name == "crash":
            os.kill(os.getppid(), signal.SIGSEGV)
            time.sleep(600)
        if name == "fail":
            print("no such model", file=sys.stderr)
            sys.exit(3)
        if name == "empty":
            pathlib.Path(work, "out.md").touch()
        if name == "noise":
            print("{}\\n" * 1000)
            subprocess.Popen(["sleep", "600"])
        if name in ("noise", "good"):
            pathlib.Path(work, "markdown").mkdir()
            pathlib.Path(work, "markdown", "out.md").write_text(name)
        """,
    )
    result = run(pipeline="command", pipeline_options=options, timeout_base=3.0, timeout_per_page=0.0)
    assert failures(client, bucket.join("results")) == {
        "hang.pdf": "timeout",
        "crash.pdf": "crash",
        "fail.pdf": "pipeline",
        "lie.pdf": "empty_output",
        "empty.pdf": "empty_output",
    }
    assert result["progress"]["done"] == 2
    uri = marker_uri(bucket.join("results"), "fail.pdf", DocumentState.FAILED)
    marker = Marker.from_json(read_bytes(client, uri), str(uri))
    assert marker.attempts == 2
    assert "status 3. no such model" in str(marker.message)


def test_documents_of_one_name_keep_their_own_text_with_glossapi(
    cut: Callable[[dict[str, bytes]], None],
    run: Run,
    client: S3Client,
    bucket: S3Uri,
    repository: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    traps = tmp_path / "traps"
    traps.touch()
    monkeypatch.setenv("GLOSSAPI_STUB_TRAPS", str(traps))
    monkeypatch.setenv("PYTHONPATH", str(repository / "tests" / "stubs"))
    keys = ["a/report.pdf", "b/report.pdf", "c/REPORT.PDF", "report.md.pdf", "report.md"]
    cut({key: text_pdf(f"The text of {key}") for key in keys} | {"locked.pdf": encrypted_pdf()})
    result = run(pipeline="glossapi", pipeline_options={"math": True}, slots=["0", "1"])
    assert result["progress"]["done"] == len(keys)
    for key in keys:
        output = bucket.join("results", "shard-1")
        text = read_bytes(client, output.join("markdown", f"{key}.md")).decode()
        assert text == f"The text of {key} [math]"
        assert json.loads(read_bytes(client, output.join("json", f"{key}.json")))["texts"][0]["text"] == text
    where = marker_uri(bucket.join("results"), "locked.pdf", DocumentState.FAILED)
    assert Marker.from_json(read_bytes(client, where), str(where)).failure_class == "encrypted"


def test_a_command_may_upload_its_markdown_itself(
    run: Run, cut: Callable[..., None], client: S3Client, bucket: S3Uri, tmp_path: Path
) -> None:
    cut({"a/b.pdf": text_pdf("b"), "a/c.pdf": text_pdf("c")})
    options = python_command(
        tmp_path,
        """
        import boto3
        bucket, _, prefix = output.removeprefix("s3://").partition("/")
        key = uri.split("/", 3)[3]
        if key == "a/b.pdf":
            boto3.client("s3").put_object(Bucket=bucket, Key=f"{prefix}/markdown/{key}.md", Body=b"text")
        """,
    )
    run(pipeline="command", pipeline_options=options)
    assert failures(client, bucket.join("results")) == {"a/c.pdf": "empty_output"}


def test_a_supervisor_that_cannot_reach_its_bucket_stops_and_leaves_documents_pending(
    run: Run, cut: Callable[..., None], client: S3Client, bucket: S3Uri, tmp_path: Path
) -> None:
    cut({"a.pdf": text_pdf("a")})
    body = read_bytes(client, bucket.join("shards", "shard_1.csv")).decode()
    missing = body.replace(f"s3://{bucket.bucket}/", "s3://no-such-bucket-anywhere/")
    put_bytes(client, bucket.join("shards", "shard_1.csv"), missing.encode(), "text/csv")
    with pytest.raises(FarmError, match="does not exist"):
        run()
    assert finished_states(client, status_folder(bucket.join("results"))) == {}
    progress = json.loads((tmp_path / "work" / "state" / "shard_1.json").read_text())
    assert (progress["state"], progress["pending"]) == ("failed", 1)


def test_a_document_that_is_gone_fails_alone(
    run: Run, cut: Callable[..., None], client: S3Client, bucket: S3Uri
) -> None:
    cut({"gone.pdf": text_pdf("a"), "here.pdf": text_pdf("b")})
    client.delete_object(Bucket=bucket.bucket, Key="gone.pdf")
    run()
    assert failures(client, bucket.join("results")) == {"gone.pdf": "download"}


def test_secrets_are_in_no_argument_file_or_log(run: Run, cut: Callable[..., None], tmp_path: Path) -> None:
    cut({"a.pdf": text_pdf("a")})
    options = python_command(tmp_path, "import time; time.sleep(600)")
    run(state="started", pipeline="command", pipeline_options=options)
    supervisor = int((tmp_path / "work" / "state" / "shard_1.lock").read_text())
    processes = [supervisor, *owned_by(owner_name(tmp_path / "work", 1))]
    arguments = [Path(f"/proc/{process_id}/cmdline").read_bytes() for process_id in processes]
    assert arguments
    run(state="stopped", grace_seconds=0.0)
    files = [path for path in (tmp_path / "work").rglob("*") if path.is_file()]
    assert files
    assert not any(SECRET_KEY.encode() in content for content in [*arguments, *(path.read_bytes() for path in files)])


def test_ansible_runs_the_module_from_its_archive(
    cut: Callable[..., None],
    connection: Connection,
    client: S3Client,
    bucket: S3Uri,
    tmp_path: Path,
    repository: Path,
) -> None:
    cut({"a.pdf": text_pdf("a")})
    options = {
        "shard": 1,
        "manifests": str(bucket.join("shards")),
        "results": str(bucket.join("results")),
        "workdir": str(tmp_path / "work"),
        "state": "finished",
        "endpoint_url": connection.endpoint_url,
    }
    command = [str(Path(sys.executable).parent / "ansible"), "localhost", "-m", "glossapi.farm.shard_run"]
    environment = os.environ | {
        "ANSIBLE_COLLECTIONS_PATH": str(repository / ".ansible" / "collections"),
        "ANSIBLE_LOCAL_TEMP": str(tmp_path / "local"),
        "ANSIBLE_REMOTE_TEMP": str(tmp_path / "remote"),
    }
    outcome = subprocess.run(
        [*command, "-a", json.dumps(options), "-e", f"ansible_python_interpreter={sys.executable}"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert '"changed": true' in outcome.stdout
    assert list(finished_states(client, status_folder(bucket.join("results")))) == ["a.pdf"]
