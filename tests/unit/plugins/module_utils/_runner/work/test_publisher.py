# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.command.kind import CommandKind
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Forwarded, Results
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document, DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._records.layer import Layer, LayerPage
from ansible_collections.glossapi.farm.plugins.module_utils._records.lease import Owner
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Formulas, Marker
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import formulas_uri, marker_uri, math_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.quality import PageQuality, Quality
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.lease import Lease, ShardTaken
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.attempts import Attempt
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.borrowed import Borrowed
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.outage import Backoff, Outage
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.piece import PieceLost
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.publisher import Finished, Publisher
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.transfers import Transfers
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes, read_bytes
from tests.support.markers import make_marker
from tests.support.shards import TestShard

QUALITY = Quality("s3://b/d/a.pdf", "good", 0.9, (PageQuality(1, "layer", "good", 0.9, 4),))


class Recorder:
    """An S3 client that notes the keys it writes, and refuses some."""

    def __init__(self, client: Any, refused: str = "", code: str = "") -> None:
        self._client, self._refused, self._code = client, refused, code
        self.written: list[str] = []

    def put_object(self, **options: Any) -> Any:
        from botocore.exceptions import ClientError

        if self._refused and self._refused in options["Key"]:
            raise ClientError({"Error": {"Code": self._code, "Message": "no"}}, "PutObject")
        answer = self._client.put_object(**options)
        self.written.append(options["Key"])
        return answer

    def head_object(self, **options: Any) -> Any:
        return self._client.head_object(**options)

    def get_object(self, **options: Any) -> Any:
        return self._client.get_object(**options)


class Overtaking(Recorder):
    """An S3 in which another supervisor marks the document done at the moment this one marks it failed."""

    def __init__(self, client: Any, done: bytes) -> None:
        super().__init__(client)
        self.done = done

    def put_object(self, **options: Any) -> Any:
        if options["Key"].endswith(".failed"):
            self._client.put_object(**options | {"Key": "results/status/d/a.pdf.done", "Body": self.done})
        return super().put_object(**options)


@pytest.fixture
def results(tmp_path: Path) -> Results:
    (tmp_path / "a.md").write_text("text")
    (tmp_path / "a.json").write_text("{}")
    (tmp_path / "q.json").write_bytes(QUALITY.to_json())
    return Results(tmp_path / "a.md", tmp_path / "a.json", tmp_path / "q.json")


@pytest.fixture
def publish(shard: TestShard) -> Callable[..., DocumentFailure | None]:
    def run(
        client: Recorder,
        outcome: Results | Forwarded | DocumentFailure,
        outage_seconds: float = 0,
        folder: Path | None = None,
        before: Marker | None = None,
        borrowed: Borrowed | None = None,
        config: RunConfig = shard.config,
    ) -> DocumentFailure | None:
        document = Document(str(shard.bucket.join("d/a.pdf")), 3, 1)
        attempt = Attempt(document, number=2, seconds=1.5, piece=borrowed)

        async def work() -> DocumentFailure | None:
            with ThreadPoolExecutor(2) as pool:
                backoff = Backoff(pool, outage_seconds)
                publisher = Publisher(config, client, Transfers(client, client), backoff)  # type: ignore[arg-type]
                finished = Finished(attempt, "etag-of-input", "1", outcome, before=before)
                return (await publisher.publish(finished, folder=folder)).failure

        return asyncio.run(work())

    return run


def test_a_documents_folder_goes_when_it_is_marked_done_and_not_before(
    shard: TestShard, tmp_path: Path, results: Results, publish: Callable[..., DocumentFailure | None]
) -> None:
    client = Recorder(shard.client, refused=".done", code="EntityTooLarge")
    assert publish(client, results, folder=tmp_path) is not None
    assert tmp_path.exists()
    assert publish(Recorder(shard.client), results, folder=tmp_path) is None
    assert not tmp_path.exists()


def test_the_marker_comes_after_all_it_vouches_for(
    shard: TestShard, results: Results, publish: Callable[..., DocumentFailure | None]
) -> None:
    client = Recorder(shard.client)
    assert publish(client, results) is None
    assert client.written == [
        "results/shard-1/json/d/a.pdf.json",
        "results/shard-1/quality/d/a.pdf.json",
        "results/shard-1/markdown/d/a.pdf.md",
        "results/status/d/a.pdf.done",
    ]
    marker = shard.marker("d/a.pdf", DocumentState.DONE)
    assert (marker.etag, marker.pages, marker.seconds, marker.attempts) == ("etag-of-input", 3, 1.5, 2)
    assert (marker.node, marker.gpu, marker.pipeline) == ("node-1", "1", "command")
    assert marker.quality == QUALITY.summary
    there = {str(item.uri): (item.etag, item.bytes) for item in list_objects(shard.client, shard.config.output_uri)}
    assert {output.uri: (output.etag, output.bytes) for output in marker.outputs} == there


def test_a_failure_is_marked_with_its_class_and_its_reason(
    shard: TestShard, publish: Callable[..., DocumentFailure | None]
) -> None:
    failure = DocumentFailure(FailureClass.TIMEOUT, "not finished after 5 s")
    assert publish(Recorder(shard.client), failure) is failure
    marker = shard.marker("d/a.pdf", DocumentState.FAILED)
    assert (marker.failure_class, marker.message, marker.outputs) == ("timeout", "not finished after 5 s", ())


FAILURE = DocumentFailure(FailureClass.TIMEOUT, "not finished after 5 s")


def test_a_failure_is_not_marked_where_another_supervisor_has_done_the_same(
    shard: TestShard, results: Results, publish: Callable[..., DocumentFailure | None]
) -> None:
    publish(Recorder(shard.client), results)
    client = Recorder(shard.client)
    assert publish(client, FAILURE) is None
    assert client.written == []
    assert shard.states() == {"d/a.pdf": DocumentState.DONE}


def overtaken(shard: TestShard, results: Results, publish: Callable[..., DocumentFailure | None]) -> Overtaking:
    """Return an S3 in which another does the document as it would be done here."""
    publish(Recorder(shard.client), results)
    uri = marker_uri(shard.config.results_uri, "d/a.pdf", DocumentState.DONE)
    done = read_bytes(shard.client, uri)
    shard.client.delete_object(Bucket=uri.bucket, Key=uri.key)
    return Overtaking(shard.client, done)


def test_a_failure_marked_at_the_same_moment_as_a_success_is_overruled(
    shard: TestShard, results: Results, publish: Callable[..., DocumentFailure | None]
) -> None:
    client = overtaken(shard, results, publish)
    assert publish(client, FAILURE) is None
    # The marker of success is written again, so that it is not the older one.
    assert client.written == ["results/status/d/a.pdf.failed", "results/status/d/a.pdf.done"]
    uri = marker_uri(shard.config.results_uri, "d/a.pdf", DocumentState.DONE)
    assert read_bytes(shard.client, uri) == client.done
    assert shard.states() == {"d/a.pdf": DocumentState.DONE}


@pytest.mark.parametrize("change", [{"etag": "other"}, {"options_hash": "other"}, {"pipeline": "pdftext"}])
def test_a_failure_counts_where_what_was_done_was_another_input_or_done_otherwise(
    shard: TestShard, results: Results, publish: Callable[..., DocumentFailure | None], change: dict[str, Any]
) -> None:
    publish(Recorder(shard.client), results)
    uri = marker_uri(shard.config.results_uri, "d/a.pdf", DocumentState.DONE)
    put_bytes(shard.client, uri, replace(shard.marker("d/a.pdf", DocumentState.DONE), **change).to_json(), "text/json")
    client = Recorder(shard.client)
    assert publish(client, FAILURE) is FAILURE
    assert client.written == ["results/status/d/a.pdf.failed"]


def test_a_malformed_marker_of_success_does_not_stand_for_one(
    shard: TestShard, publish: Callable[..., DocumentFailure | None], caplog: pytest.LogCaptureFixture
) -> None:
    uri = marker_uri(shard.config.results_uri, "d/a.pdf", DocumentState.DONE)
    put_bytes(shard.client, uri, b"?", "application/json")
    assert publish(Recorder(shard.client), FAILURE) is FAILURE
    assert "d/a.pdf.done is not a marker" in caplog.text


def test_a_later_versions_success_outweighs_a_failure_here(
    shard: TestShard, publish: Callable[..., DocumentFailure | None]
) -> None:
    uri = marker_uri(shard.config.results_uri, "d/a.pdf", DocumentState.DONE)
    put_bytes(shard.client, uri, b'{"schema": 2}', "application/json")
    assert publish(Recorder(shard.client), FAILURE) is None


def test_a_marker_of_success_that_says_nothing_does_not_stand_for_one(
    shard: TestShard, publish: Callable[..., DocumentFailure | None]
) -> None:
    uri = marker_uri(shard.config.results_uri, "d/a.pdf", DocumentState.DONE)
    put_bytes(shard.client, uri, b"{}", "application/json")
    assert publish(Recorder(shard.client), FAILURE) is FAILURE


def test_nothing_is_written_once_the_shard_is_anothers(shard: TestShard, results: Results) -> None:
    client = Recorder(shard.client)

    def refuse() -> None:
        raise ShardTaken("node-2 works on this shard")

    async def work() -> None:
        with ThreadPoolExecutor(2) as pool:
            publisher = Publisher(shard.config, client, Transfers(client, client), Backoff(pool, 0), refuse)  # type: ignore[arg-type]
            attempt = Attempt(Document(str(shard.bucket.join("d/a.pdf")), 3, 1))
            published = await publisher.publish(Finished(attempt, "etag-of-input", "1", results))
            assert published.quality == QUALITY.summary

    with pytest.raises(ShardTaken):
        asyncio.run(work())
    assert client.written == []


def test_a_failure_of_a_machine_that_slept_while_another_did_it_is_overruled(
    shard: TestShard, results: Results, publish: Callable[..., DocumentFailure | None]
) -> None:
    """Nothing stands where it writes; what that does to the other's outcome it mends, though it may write no more."""
    client = overtaken(shard, results, publish)

    def require() -> None:
        if "results/status/d/a.pdf.failed" in client.written:
            raise ShardTaken("node-2 works on this shard")

    async def work() -> DocumentFailure | None:
        with ThreadPoolExecutor(2) as pool:
            publisher = Publisher(shard.config, client, Transfers(client, client), Backoff(pool, 0), require)  # type: ignore[arg-type]
            attempt = Attempt(Document(str(shard.bucket.join("d/a.pdf")), 3, 1))
            return (await publisher.publish(Finished(attempt, "etag-of-input", "1", FAILURE))).failure

    assert asyncio.run(work()) is None
    assert client.written == ["results/status/d/a.pdf.failed", "results/status/d/a.pdf.done"]
    assert shard.states() == {"d/a.pdf": DocumentState.DONE}


def test_outputs_that_s3_will_not_take_fail_the_document_and_leave_no_marker_of_success(
    shard: TestShard, results: Results, publish: Callable[..., DocumentFailure | None]
) -> None:
    failure = publish(Recorder(shard.client, "/markdown/", "EntityTooLarge"), results)
    assert failure is not None
    assert failure.failure_class is FailureClass.UPLOAD
    assert shard.states() == {"d/a.pdf": DocumentState.FAILED}


def test_a_marker_that_cannot_be_written_leaves_the_document_pending(
    shard: TestShard, results: Results, publish: Callable[..., DocumentFailure | None]
) -> None:
    with pytest.raises(Outage):
        publish(Recorder(shard.client, "/status/", "InternalError"), results)
    assert shard.states() == {}


def test_what_is_handed_on_comes_before_the_marker_that_says_so(
    shard: TestShard, publish: Callable[..., DocumentFailure | None], tmp_path: Path
) -> None:
    layer = tmp_path / "layer.json"
    layer.write_bytes(Layer("s3://b/d/a.pdf", (LayerPage(1, ""),)).to_json())
    client = Recorder(shard.client)
    assert publish(client, Forwarded(layer, (1,), "no text layer")) is None
    assert [key.removeprefix("results/") for key in client.written] == [
        "shard-1/pages/d/a.pdf.json",
        "status/_stages/text/d/a.pdf.json",
    ]
    assert shard.states() == {"d/a.pdf": DocumentState.FORWARDED}
    marker = shard.marker("d/a.pdf", DocumentState.FORWARDED)
    assert (marker.stage, marker.open_pages, marker.failure_class) == ("text", (1,), "needs_ocr")
    assert (marker.message, marker.etag, marker.attempts) == ("no text layer", "etag-of-input", 2)
    assert [output.uri for output in marker.outputs] == [str(shard.bucket.join("results/shard-1/pages/d/a.pdf.json"))]


def test_a_document_that_was_handed_on_and_is_done_by_its_layer_now_says_so_before_it_is_done(
    shard: TestShard, publish: Callable[..., DocumentFailure | None], tmp_path: Path, results: Results
) -> None:
    layer = tmp_path / "layer.json"
    layer.write_bytes(Layer("s3://b/d/a.pdf", (LayerPage(1, ""),)).to_json())
    kept = "results/status/_stages/kept/d/a.pdf.json"
    never = Recorder(shard.client)
    publish(never, results)
    assert kept not in never.written
    publish(Recorder(shard.client), Forwarded(layer, (1,), "no text layer"))
    recognised = Recorder(shard.client)
    ocr = replace(shard.config, pipeline="tesseract", pipeline_options={})
    publish(recognised, results, before=shard.marker("d/a.pdf", DocumentState.FORWARDED), config=ocr)
    assert kept not in recognised.written
    now = Recorder(shard.client)
    publish(now, results)
    assert now.written[-2:] == [kept, "results/status/d/a.pdf.done"]


def test_what_a_later_stage_makes_goes_where_the_first_cut_had_the_document(
    shard: TestShard, publish: Callable[..., DocumentFailure | None], results: Results
) -> None:
    client = Recorder(shard.client)
    assert publish(client, results, before=make_marker(shard=7, pages=12)) is None
    assert client.written[:3] == [
        f"results/shard-7/{name}" for name in ("json/d/a.pdf.json", "quality/d/a.pdf.json", "markdown/d/a.pdf.md")
    ]
    marker = shard.marker("d/a.pdf", DocumentState.DONE)
    assert (marker.shard, marker.pages) == (7, 12)


def test_the_marker_says_which_weights_were_loaded(
    shard: TestShard, results: Results, publish: Callable[..., DocumentFailure | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CommandKind, "weights_digest", lambda _kind, options: options and "a" * 64)
    assert publish(Recorder(shard.client), results) is None
    assert shard.marker("d/a.pdf", DocumentState.DONE).weights == "a" * 64


def a_piece(shard: TestShard) -> Borrowed:
    lease = Lease(shard.client, shard.bucket.join("loan.lease"), Owner("helper", "node-1"))
    lease.take()
    return Borrowed(7, lease, "name", "etag", open=1)


def test_a_document_of_another_shard_is_as_if_that_shards_node_had_done_it_but_for_the_node(
    shard: TestShard, results: Results, publish: Callable[..., DocumentFailure | None]
) -> None:
    client = Recorder(shard.client)
    assert publish(client, results, borrowed=a_piece(shard)) is None
    marker = shard.marker("d/a.pdf", DocumentState.DONE)
    assert (marker.shard, marker.node) == (7, shard.config.node)
    assert {key.split("/")[1] for key in client.written} == {"shard-7", "status"}
    assert all("/shard-7/" in output.uri for output in marker.outputs)


def test_what_is_handed_on_of_another_shard_is_that_shards_too(
    shard: TestShard, tmp_path: Path, publish: Callable[..., DocumentFailure | None]
) -> None:
    layer = tmp_path / "layer.json"
    layer.write_bytes(Layer("s3://b/d/a.pdf", (LayerPage(1, ""),)).to_json())
    client = Recorder(shard.client)
    assert publish(client, Forwarded(layer, (1,), "no text"), borrowed=a_piece(shard)) is None
    assert client.written == ["results/shard-7/pages/d/a.pdf.json", "results/status/_stages/text/d/a.pdf.json"]


def test_a_piece_that_was_taken_back_is_written_nothing_of(
    shard: TestShard, results: Results, publish: Callable[..., DocumentFailure | None]
) -> None:
    piece, client = a_piece(shard), Recorder(shard.client)
    piece.lost = True
    for outcome in (results, DocumentFailure(FailureClass.TIMEOUT, "too long")):
        with pytest.raises(PieceLost):
            publish(client, outcome, borrowed=piece)
    assert client.written == []


def math_of(shard: TestShard) -> RunConfig:
    return replace(shard.config, pipeline="glossapi_math", pipeline_options={})


def math_marker(shard: TestShard) -> Marker:
    uri = math_uri(shard.config.results_uri, "d/a.pdf")
    return Marker.from_json(read_bytes(shard.client, uri), str(uri))


def test_a_document_with_formulas_is_known_to_have_some_before_it_is_done(
    shard: TestShard, publish: Callable[..., DocumentFailure | None], results: Results
) -> None:
    client = Recorder(shard.client)
    assert publish(client, replace(results, open_formulas=7)) is None
    assert client.written[-2:] == ["results/status/_stages/open/d/a.pdf.json", "results/status/d/a.pdf.done"]
    assert shard.marker("d/a.pdf", DocumentState.DONE).open_formulas == 7
    uri = formulas_uri(shard.config.results_uri, "d/a.pdf")
    assert Marker.from_json(read_bytes(shard.client, uri), str(uri)).open_formulas == 7


def test_what_stage_math_has_read_takes_the_place_of_what_stage_text_had(
    shard: TestShard, publish: Callable[..., DocumentFailure | None], results: Results
) -> None:
    """The document stays what stage text says of it, but for its outputs."""
    before = make_marker(shard=7, pages=12, open_formulas=5)
    client = Recorder(shard.client)
    read = replace(results, formulas=Formulas(5, 4))
    assert publish(client, read, before=before, config=math_of(shard)) is None
    assert [key.removeprefix("results/") for key in client.written] == [
        *(f"shard-7/{name}" for name in ("json/d/a.pdf.json", "quality/d/a.pdf.json", "markdown/d/a.pdf.md")),
        "status/d/a.pdf.done",
        "status/_stages/math/d/a.pdf.json",
    ]
    done, ended = shard.marker("d/a.pdf", DocumentState.DONE), math_marker(shard)
    assert len(done.outputs) == 3
    assert done == replace(before, outputs=done.outputs, quality=QUALITY.summary, formulas=Formulas(5, 4))
    assert (ended.stage, ended.pipeline, ended.pages, ended.shard) == ("math", "glossapi_math", 12, 7)
    assert (ended.outputs, ended.formulas, ended.failure_class) == (done.outputs, Formulas(5, 4), None)


def test_formulas_that_cannot_be_read_take_nothing_from_a_document(
    shard: TestShard, publish: Callable[..., DocumentFailure | None], results: Results
) -> None:
    publish(Recorder(shard.client), replace(results, open_formulas=7))
    before = shard.marker("d/a.pdf", DocumentState.DONE)
    for message in ("not finished after 5 s", "and not when it was tried again"):
        client = Recorder(shard.client)
        failure = DocumentFailure(FailureClass.TIMEOUT, message)
        assert publish(client, failure, before=before, config=math_of(shard)) is failure
        assert client.written == ["results/status/_stages/math/d/a.pdf.json"]
        assert (math_marker(shard).failure_class, math_marker(shard).message) == ("timeout", message)
        assert shard.marker("d/a.pdf", DocumentState.DONE) == before
        assert shard.states() == {"d/a.pdf": DocumentState.DONE}


def test_a_failure_to_read_formulas_does_not_outweigh_that_another_supervisor_has_read_them(
    shard: TestShard, publish: Callable[..., DocumentFailure | None], results: Results
) -> None:
    before = make_marker(open_formulas=7)
    publish(Recorder(shard.client), replace(results, formulas=Formulas(7, 7)), before=before, config=math_of(shard))
    client = Recorder(shard.client)
    assert publish(client, FAILURE, before=before, config=math_of(shard)) is None
    assert client.written == []
