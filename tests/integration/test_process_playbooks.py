# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``process.yml`` with its options for one run, and ``stop.yml``, over emulated nodes on a local S3."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from reportlab.pdfgen import canvas

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Formulas
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import supervisor_log_uri
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from demo.corpus import scan
from tests.support.playbook_farm import PlaybookFarm
from tests.support.shards import until

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# What each document does; every run of the script leaves a line, so that attempts can be counted.
SCRIPT = """
with pathlib.Path(home, "runs").open("a") as runs:
    runs.write(name + "\\n")
if name == "slow":
    time.sleep(3)
if name.startswith("broken") and not pathlib.Path(home, "mended").exists():
    raise SystemExit("it is broken")
if name == "waits":
    pathlib.Path(home, "waiting").touch()
    while not pathlib.Path(home, "go").exists():
        time.sleep(0.02)
uri = uri + ": " + pathlib.Path(source).read_text()
"""


@pytest.fixture
def farm(client: S3Client, bucket: S3Uri, repository: Path, tmp_path: Path) -> Iterator[PlaybookFarm]:
    farm = PlaybookFarm(client, bucket, repository, tmp_path, nodes=1)
    farm.use_script(SCRIPT)
    yield farm
    farm.end(farm.shards)


def cut(farm: PlaybookFarm, *names: str) -> None:
    farm.count({f"{name}.pdf": 1 for name in names})
    farm.cut()


def process(farm: PlaybookFarm, *options: str) -> int:
    """Process, and return the number of changed tasks on the node."""
    played = farm.play("process", *options)
    assert played.status == 0, played.output
    # A node whose shard has nothing to do is left alone, and is in no recap.
    return played.changed.get("node-1", 0)


def runs(farm: PlaybookFarm, name: str) -> int:
    return (farm.home(1) / "runs").read_text().split().count(name)


def log_in_s3(farm: PlaybookFarm) -> str:
    return read_bytes(farm.client, supervisor_log_uri(farm.results, 1)).decode()


def test_a_class_of_failures_is_retried_with_more_time_once_for_each_request(farm: PlaybookFarm) -> None:
    farm.settings |= {"farm_timeout_base": 1, "farm_timeout_per_page": 0, "farm_max_attempts": 1}
    cut(farm, "slow", "broken", "good")
    assert process(farm) == 1
    assert farm.states() == {
        "slow.pdf": DocumentState.FAILED,
        "broken.pdf": DocumentState.FAILED,
        "good.pdf": DocumentState.DONE,
    }
    assert (farm.marker("slow.pdf").failure_class, farm.marker("broken.pdf").failure_class) == ("timeout", "pipeline")

    more_time = ("-e", "retry=timeout", "-e", "timeout_factor=20")
    assert farm.play("process", *more_time, "--check").changed["node-1"] == 1
    assert process(farm, *more_time) == 1
    assert farm.states()["slow.pdf"] is DocumentState.DONE
    assert farm.marker("slow.pdf").retry == "timeout x20"
    assert (runs(farm, "slow"), runs(farm, "broken"), runs(farm, "good")) == (2, 1, 1)
    assert process(farm, *more_time) == 0

    again = ("-e", "retry=pipeline,timeout")
    assert process(farm, *again) == 1
    assert process(farm, *again) == 0
    assert runs(farm, "broken") == 2
    (farm.home(1) / "mended").touch()
    assert process(farm, *again, "-e", "retry_label=mended") == 1
    assert farm.states()["broken.pdf"] is DocumentState.DONE
    assert farm.marker("broken.pdf").attempts == 3


@pytest.mark.thorough
def test_documents_that_changed_since_they_were_done_are_redone_on_request(farm: PlaybookFarm) -> None:
    cut(farm, "a", "b")
    assert process(farm) == 1
    put_bytes(farm.client, farm.bucket.join("a.pdf"), b"another document", "application/pdf")
    assert process(farm) == 0
    told = farm.play("status", "-e", "find_stale=true")
    assert "stale: 1 for another input than when they were marked" in told.output
    assert process(farm, "-e", "redo_stale=true") == 1
    assert (runs(farm, "a"), runs(farm, "b")) == (2, 1)
    text = read_bytes(farm.client, farm.results.join("shard-1", "markdown", "a.pdf.md")).decode()
    assert text.endswith(": another document")
    assert process(farm, "-e", "redo_stale=true") == 0
    assert "stale: none" in farm.play("status", "-e", "find_stale=true").output


def test_a_shard_without_a_node_is_named_before_and_after_with_the_way_on(farm: PlaybookFarm) -> None:
    farm.settings |= {"farm_shards": 2, "farm_silent_after": 2, "farm_poll_interval": 1}
    cut(farm, "a", "b")
    played = farm.play("process")
    assert played.status != 0
    told = " ".join(played.output.split())
    named = "No node runs for shards 2. Where they have documents left, these stay pending: add nodes to the inventory"
    assert named in told
    assert "1 documents are pending at stage text." in told
    assert "No node runs for shards 2: add nodes to the inventory, with these numbers as farm_shard" in told


def test_the_status_is_followed_until_nothing_is_pending_and_written_as_json(
    farm: PlaybookFarm, tmp_path: Path
) -> None:
    cut(farm, "a", "b")
    assert process(farm) == 1
    path = tmp_path / "status.json"
    played = farm.play("status", "-e", "watch=true", "-e", f"farm_report_file={path}")
    assert played.status == 0, played.output
    values = json.loads(path.read_text())
    assert (values["reconciliation"]["done"], values["waited"]) == (2, "")
    assert values["shards"][0]["machine"]["disk_free_bytes"] > 0
    assert values["costs"]["usd"] > 0


def test_a_trial_of_a_few_documents_comes_first_and_is_not_done_again(farm: PlaybookFarm) -> None:
    names = ("a", "b", "c")
    farm.count({f"{name}.pdf": 1 for name in names})
    assert farm.play("shard", "-e", "limit_per_shard=1").status == 0
    assert process(farm) == 1
    assert list(farm.states().values()) == [DocumentState.DONE]
    assert farm.play("shard").changed["localhost"] == 1
    # The other tests cut as the playbook does.
    assert farm.cut() == []
    assert process(farm) == 1
    assert set(farm.states()) == {f"{name}.pdf" for name in names}
    assert [runs(farm, name) for name in names] == [1, 1, 1]


def test_processing_ends_with_a_page_that_names_what_failed_whatever_it_is_called(
    farm: PlaybookFarm, tmp_path: Path
) -> None:
    cut(farm, "broken {{ 1 + 1 }} <b>", "good")
    assert process(farm) == 1
    page = tmp_path / "page.html"
    farm.settings["farm_report_page"] = str(page)
    checked = farm.play("report", "--check")
    assert (checked.status, page.exists()) == (0, False), checked.output
    first = farm.play("report")
    # The page itself: what is in S3 is the one that processing put there.
    assert (first.status, first.changed["localhost"]) == (0, 1), first.output
    assert "broken {{ 1 + 1 }} &lt;b&gt;.pdf" in page.read_text()
    uri = farm.results.join("_report", "index.html")
    assert read_bytes(farm.client, uri).decode() == page.read_text()
    assert farm.client.head_object(Bucket=uri.bucket, Key=uri.key)["ContentType"] == "text/html; charset=utf-8"
    assert farm.play("report").changed["localhost"] == 0


def test_a_stop_releases_what_is_in_work_and_the_same_command_finishes_it(farm: PlaybookFarm) -> None:
    farm.settings["farm_grace_seconds"] = 0
    cut(farm, "waits", "good")
    started = farm.play("process", "--limit=farm_nodes")
    assert (started.status, started.changed) == (0, {"node-1": 1}), started.output
    until((farm.home(1) / "waiting").exists)

    checked = farm.play("stop", "--check")
    assert (checked.status, checked.changed) == (0, {"localhost": 0, "node-1": 1}), checked.output
    assert farm.running() == [1]
    stopped = farm.play("stop")
    assert (stopped.status, stopped.changed) == (0, {"localhost": 0, "node-1": 1}), stopped.output
    assert farm.running() == []
    assert farm.progress()[1].state == "stopped"
    assert "waits.pdf" not in farm.states()
    assert "stopping: documents in work have 0 s" in log_in_s3(farm)
    for options in ([], ["--check"]):
        assert farm.play("stop", *options).changed == {"localhost": 0, "node-1": 0}

    (farm.home(1) / "go").touch()
    assert process(farm) == 1
    assert farm.states() == {"waits.pdf": DocumentState.DONE, "good.pdf": DocumentState.DONE}


def test_a_stop_lets_what_is_in_work_end_within_the_grace_time_and_begins_no_more(farm: PlaybookFarm) -> None:
    farm.settings["farm_grace_seconds"] = 60
    farm.count({"waits.pdf": 2, "later.pdf": 1})
    farm.cut()
    assert farm.play("process", "--limit=farm_nodes").status == 0
    until((farm.home(1) / "waiting").exists)
    with ThreadPoolExecutor() as pool:
        stopping = pool.submit(farm.play, "stop")
        until(lambda: "stopping: documents in work" in farm.layout(1).log.read_text())
        (farm.home(1) / "go").touch()
        stopped = stopping.result()
    assert (stopped.status, stopped.changed) == (0, {"localhost": 0, "node-1": 1}), stopped.output
    assert farm.running() == []
    assert farm.states() == {"waits.pdf": DocumentState.DONE}
    assert (farm.progress()[1].state, farm.progress()[1].pending) == ("stopped", 1)
    assert "done s3://" in log_in_s3(farm)
    assert process(farm) == 1
    assert farm.states() == {"waits.pdf": DocumentState.DONE, "later.pdf": DocumentState.DONE}
    assert (runs(farm, "waits"), runs(farm, "later")) == (1, 1)


@pytest.mark.thorough
def test_another_ocr_redoes_what_was_recognised_under_an_earlier_cut_too(farm: PlaybookFarm, tessdata: Path) -> None:
    options = {"tessdata": str(tessdata), "languages": ["ell", "eng"]}
    ocr = {"farm_ocr_backend": "tesseract", "farm_ocr_options": options, "farm_stages": ["text", "ocr"]}
    farm.settings |= {"farm_pipeline": "pdftext", "farm_pipeline_options": {}} | ocr
    cut(farm, "scan")
    put_bytes(farm.client, farm.bucket.join("scan.pdf"), scan(1, 13), "application/pdf")
    process(farm)
    before = farm.marker("scan.pdf")
    assert before.stage == "ocr"
    # As after rebalance.yml, or with the first document that is handed on later: what is done is in no shard.
    shards = farm.bucket.join("manifests", "ocr", "shards")
    put_bytes(farm.client, shards.join("shard_1.csv"), b"uri,pages,bytes\n", "text/csv")
    put_bytes(farm.client, shards.join("shard_1.txt"), b"", "text/plain")
    options["languages"] = ["eng", "ell"]
    process(farm, "-e", "redo_stale=true")
    after = farm.marker("scan.pdf")
    assert (after.stage, after.options_hash == before.options_hash) == ("ocr", False)


@pytest.mark.thorough
def test_stage_math_goes_on_with_the_formulas_that_stage_text_has_found(farm: PlaybookFarm, repository: Path) -> None:
    """With stand-ins for glossAPI and docling's model."""
    traps = farm.home(1) / "traps"
    traps.touch()
    farm.variables = {"PYTHONPATH": str(repository / "tests/stubs"), "GLOSSAPI_STUB_TRAPS": str(traps)}
    farm.settings |= {"farm_pipeline": "glossapi", "farm_pipeline_options": {}, "farm_stages": ["text", "math"]}
    cut(farm, "thesis")
    drawing = canvas.Canvas("")
    drawing.drawString(40, 700, "The springs of the mountain were measured every month for six years.")
    put_bytes(farm.client, farm.bucket.join("thesis.pdf"), bytes(drawing.getpdfdata()), "application/pdf")
    # It is started for each of the stages.
    assert process(farm) == 2
    marker = farm.marker("thesis.pdf")
    assert (marker.stage, marker.open_formulas, marker.formulas) == ("text", 5, Formulas(5, 5))
    played = farm.play("process")
    assert (played.status, sum(played.changed.values())) == (0, 0), played.output
