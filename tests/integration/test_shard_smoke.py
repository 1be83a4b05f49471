# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A trial of a shard's pipeline, on a local S3 and with real PDFs."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from reportlab.pdfgen import canvas

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import owned_by, owner_name
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.text import TEXT
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.command.kind import CommandKind
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import status_folder
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.control import ShardControl
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.options import config_from
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._smoke.trial import FIXED_OPTIONS, Outcome, try_pipeline
from tests.support.markers import finished_states

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Try = Callable[..., Outcome]
STUBS = Path(__file__).parents[1] / "stubs"


def text_pdf(text: str) -> bytes:
    buffer = io.BytesIO()
    drawing = canvas.Canvas(buffer)
    drawing.drawString(72, 700, text)
    drawing.showPage()
    drawing.save()
    return buffer.getvalue()


@pytest.fixture
def cut(client: S3Client, bucket: S3Uri) -> Callable[[dict[str, bytes]], None]:
    """Upload documents by key and list them in the manifest of shard 1, the first with one page, and so on."""

    def cut_shard(documents: dict[str, bytes]) -> None:
        rows = ["uri,pages,bytes"]
        for pages, (key, body) in enumerate(documents.items(), 1):
            put_bytes(client, bucket.join(key), body, "application/pdf")
            rows.append(f"{bucket.join(key)},{pages},{len(body)}")
        put_bytes(client, bucket.join("shards", "shard_1.csv"), "\n".join(rows).encode() + b"\n", "text/csv")

    return cut_shard


@pytest.fixture
def parameters(bucket: S3Uri, tmp_path: Path) -> dict[str, Any]:
    return {
        "shard": 1,
        "manifests": str(bucket.join("shards")),
        "results": str(bucket.join("results")),
        "workdir": str(tmp_path / "work"),
        "node": "node-1",
        "pipeline": "pdftext",
        "pipeline_options": {},
        "slots": ["0"],
        "timeout_base": 60.0,
        "timeout_per_page": 1.0,
    }


@pytest.fixture
def try_it(connection: Connection, parameters: dict[str, Any], tmp_path: Path) -> Iterator[Try]:
    def run(*, check_mode: bool = False) -> Outcome:
        return try_pipeline(config_from(parameters, connection, **FIXED_OPTIONS), connection, check_mode=check_mode)

    yield run
    assert owned_by(owner_name(tmp_path / "work" / "smoke", 1)) == []


def names(client: S3Client, prefix: S3Uri) -> set[str]:
    return {str(item.uri) for item in list_objects(client, prefix)}


def test_the_shortest_documents_are_processed_and_no_marker_of_the_real_run_is_made(
    try_it: Try, cut: Callable[..., None], client: S3Client, bucket: S3Uri
) -> None:
    cut({f"{number}.pdf": text_pdf(f"document {number}") for number in range(5)})
    before = names(client, bucket)
    assert try_it(check_mode=True).tried == tuple(str(bucket.join(f"{number}.pdf")) for number in range(3))
    assert names(client, bucket) == before
    outcome = try_it()
    assert (outcome.done, outcome.failures, len(outcome.tried)) == (3, (), 3)
    assert dict(finished_states(client, status_folder(bucket.join("results")))) == {}
    new = names(client, bucket) - before
    assert new
    assert all(name.startswith(str(bucket.join("results", "_smoke", "node-1", ""))) for name in new)
    assert sum("/markdown/" in name for name in new) == 4
    assert outcome.similarity == 1


def test_one_document_that_works_is_enough(try_it: Try, cut: Callable[..., None], bucket: S3Uri) -> None:
    cut({"a.pdf": b"%PDF-1.7 nothing more", "b.pdf": text_pdf("good")})
    outcome = try_it()
    assert outcome.done == 1
    (failure,) = outcome.failures
    assert failure.startswith(f"{bucket.join('a.pdf')}: corrupt, ")


def test_a_node_on_which_no_document_works_fails_with_their_reasons(try_it: Try, cut: Callable[..., None]) -> None:
    cut({"a.pdf": b"%PDF-1.7 nothing more", "b.pdf": b"no pdf"})
    with pytest.raises(
        FarmError, match=r"^node-1 is not fit. .*could process none of 2 documents of shard 1: .*corrupt"
    ):
        try_it()


def test_a_pipeline_that_cannot_start_fails_the_node_with_its_log(
    try_it: Try, cut: Callable[..., None], parameters: dict[str, Any]
) -> None:
    cut({"a.pdf": text_pdf("good")})
    parameters |= {"pipeline": "command", "pipeline_options": {"command": ["/no/such/program", "{input}"]}}
    with pytest.raises(FarmError, match="/no/such/program"):
        try_it()


def test_a_command_whose_output_is_no_text_is_tried_on_documents_alone(
    try_it: Try, cut: Callable[..., None], parameters: dict[str, Any], tmp_path: Path
) -> None:
    cut({"a.pdf": text_pdf("good")})
    program = tmp_path / "convert"
    program.write_text("#!/bin/sh\necho 'xqzv wpgk fjdq ztrb vvkq hhxz pqwz' > \"$1\"/out.md\n")
    program.chmod(0o755)
    parameters |= {"pipeline": "command", "pipeline_options": {"command": [str(program), "{workdir}"], "text": False}}
    outcome = try_it()
    assert (outcome.done, outcome.similarity) == (1, None)


def test_a_command_that_writes_another_text_fails_the_node(
    try_it: Try, cut: Callable[..., None], parameters: dict[str, Any], tmp_path: Path
) -> None:
    cut({"a.pdf": text_pdf("good")})
    program = tmp_path / "constant.sh"
    program.write_text('#!/bin/sh\necho A summary in place of the text. > "$1"/document.md\n')
    program.chmod(0o755)
    parameters |= {"pipeline": "command", "pipeline_options": {"command": [str(program), "{workdir}"]}}
    with pytest.raises(FarmError, match=r"did not read the page with a text layer .* It begins: 'A summary in place"):
        try_it()


@pytest.fixture
def recogniser(
    parameters: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], dict[str, Any]]:
    """Return parameters for a command that reads any scan as this text, and be tried on one."""

    def reads(text: str) -> dict[str, Any]:
        (tmp_path / "answer.txt").write_text(text)
        program = tmp_path / "recognise"
        program.write_text(
            '#!/bin/sh\nif grep -q ReportLab "$1"; then echo The text of a page that was read well.\n'
            f'else cat {tmp_path}/answer.txt; fi > "$2"/document.md\n'
        )
        program.chmod(0o755)
        monkeypatch.setattr(CommandKind, "recognises", lambda _kind, _options: True)
        return parameters | {
            "pipeline": "command",
            "pipeline_options": {"command": [str(program), "{input}", "{workdir}"]},
        }

    return reads


def test_a_recogniser_that_reads_the_scan_passes(
    try_it: Try, cut: Callable[..., None], recogniser: Callable[[str], dict[str, Any]], parameters: dict[str, Any]
) -> None:
    cut({"a.pdf": text_pdf("good")})
    parameters |= recogniser(TEXT.replace("θ", "8"))
    outcome = try_it()
    assert outcome.done == 1
    assert outcome.similarity is not None
    assert 0.97 < outcome.similarity < 1


def test_a_recogniser_without_greek_is_refused_by_name(
    try_it: Try, cut: Callable[..., None], recogniser: Callable[[str], dict[str, Any]], parameters: dict[str, Any]
) -> None:
    cut({"a.pdf": text_pdf("good")})
    # What RapidOCR's own models make of the page's second line.
    parameters |= recogniser("H oe入i8a autn ypaptnke yla va s入eyxθei av εvac koμβoc Slaβazet εAAnviká.\n" * 14)
    with pytest.raises(
        FarmError,
        match=r"^node-1 is not fit. .* did not read the scan .*the recogniser does not know Greek .* It begins: 'H oe",
    ):
        try_it()


def test_nothing_is_tried_where_nothing_is_pending(
    try_it: Try, cut: Callable[..., None], client: S3Client, bucket: S3Uri
) -> None:
    cut({"a.pdf": text_pdf("done already")})
    put_bytes(client, bucket.join("results", "status", "a.pdf.done"), b"{}", "application/json")
    assert try_it() == Outcome((), untried="no document of shard 1 is pending")


def test_a_shard_that_is_being_processed_is_left_alone(
    try_it: Try, cut: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    cut({"a.pdf": text_pdf("in work")})
    monkeypatch.setattr(ShardControl, "is_running", lambda _control: True)
    assert try_it().untried == "shard 1 is being processed"


@pytest.fixture
def formula_model(
    parameters: dict[str, Any], tmp_path: Path, library_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], None]:
    """Have stage math tried, with stand-ins for glossAPI and docling's model that have these traps."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, (library_path, STUBS))))
    monkeypatch.setenv("GLOSSAPI_STUB_TRAPS", str(tmp_path / "traps"))
    parameters |= {"pipeline": "glossapi_math"}

    def has(traps: str) -> None:
        (tmp_path / "traps").write_text(traps)

    return has


def test_a_formula_model_that_reads_the_known_formula_passes_before_any_document_has_one(
    try_it: Try, cut: Callable[..., None], formula_model: Callable[[str], None], client: S3Client, bucket: S3Uri
) -> None:
    cut({"a.pdf": text_pdf("no formula is known yet")})
    formula_model("formula_known")
    assert try_it() == Outcome((), similarity=1.0)
    new = names(client, bucket.join("results"))
    assert all(name.startswith(str(bucket.join("results", "_smoke", "node-1", ""))) for name in new)


@pytest.mark.parametrize(
    ("trap", "told"),
    [
        # How large the picture was that the model was given.
        (" ", r"did not read the page whose formula is known: .* It wrote '380 \\\\times 64' for a2\+7b=c3-15"),
        ("cuda_memory", r"did not read the page whose formula is known: .*CUDA out of memory"),
        ("no_models", r"The formula model cannot be loaded"),
    ],
)
def test_a_formula_model_that_does_not_read_it_fails_the_node(
    trap: str, told: str, try_it: Try, cut: Callable[..., None], formula_model: Callable[[str], None]
) -> None:
    cut({"a.pdf": text_pdf("no formula is known yet")})
    formula_model(trap)
    with pytest.raises(FarmError, match=told):
        try_it()
