# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import marker_uri, shard_quality_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.quality import QualitySummary
from ansible_collections.glossapi.farm.plugins.module_utils._records.shard_quality import Scored, ShardQuality
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.parallel import READERS
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.text_quality import (
    MOST_WORST,
    TextQuality,
    read_text_quality,
)
from tests.support.markers import make_marker

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def _done(client: S3Client, results: S3Uri, key: str, score: float, **fields: Any) -> Scored:
    """Mark a document done; return how its shard names it."""
    quality = QualitySummary("good", score, {"layer": 1}, {"good": 1})
    marker = make_marker(uri=f"s3://raw/{key}", quality=quality, finished_at="2026-11-27T10:00:00+00:00", **fields)
    put_bytes(client, marker_uri(results, key, marker.state), marker.to_json(), "application/json")
    return Scored(key, score)


def _marked_later(client: S3Client, results: S3Uri, key: str, **fields: Any) -> None:
    marker = make_marker(uri=f"s3://raw/{key}", finished_at="2026-11-27T11:00:00+00:00", **fields)
    put_bytes(client, marker_uri(results, key, marker.state), marker.to_json(), "application/json")


def _name(
    client: S3Client, results: S3Uri, shard: int, worst: Sequence[Scored], stage: Stage = Stage.TEXT
) -> ShardQuality:
    quality = ShardQuality(len(worst), sum(each.score for each in worst), {}, {}, tuple(worst))
    put_bytes(client, shard_quality_uri(results, shard, stage), quality.to_json(), "application/json")
    return quality


def _read(client: S3Client, results: S3Uri, shards: Sequence[int] = (1,), stage: Stage = Stage.TEXT) -> TextQuality:
    return read_text_quality(client, results, shards, stage)


def _keys(found: TextQuality) -> list[str]:
    return [marker.uri.removeprefix("s3://raw/") for marker in found.worst]


def test_the_worst_of_all_shards_cuts_and_stages_come_first(client: S3Client, bucket: S3Uri) -> None:
    first = _name(client, bucket, 1, [_done(client, bucket, "b.pdf", 0.6), _done(client, bucket, "d.pdf", 0.9)])
    _name(client, bucket, 7, [_done(client, bucket, "a.pdf", 0.5)])
    recognised = _name(client, bucket, 1, [_done(client, bucket, "c.pdf", 0.7)], Stage.OCR)
    found = _read(client, bucket)
    assert _keys(found) == ["a.pdf", "b.pdf", "c.pdf", "d.pdf"]
    assert (found.by_shard, found.problems) == ({1: first}, ())
    assert _read(client, bucket, stage=Stage.OCR).by_shard == {1: recognised}


def test_a_document_that_has_another_marker_by_now_is_not_told_by_the_old_one(client: S3Client, bucket: S3Uri) -> None:
    named = [_done(client, bucket, f"{name}.pdf", 0.5) for name in ("better", "failed", "open", "gone", "unmeasured")]
    _done(client, bucket, "better.pdf", 0.9)
    _marked_later(client, bucket, "failed.pdf", failure_class="timeout")
    _marked_later(client, bucket, "open.pdf", open_pages=(1,))
    client.delete_object(Bucket=bucket.bucket, Key=marker_uri(bucket, "gone.pdf", DocumentState.DONE).key)
    _marked_later(client, bucket, "unmeasured.pdf")
    _name(client, bucket, 1, [*named, _done(client, bucket, "still.pdf", 0.6)])
    assert _keys(_read(client, bucket)) == ["still.pdf"]


def test_a_marker_that_does_not_name_its_document_tells_nothing(client: S3Client, bucket: S3Uri) -> None:
    quality = QualitySummary("good", 0.5, {"layer": 1}, {"good": 1})
    for key, uri in (("a.pdf", ""), ("b.pdf", "s3://raw/other.pdf")):
        marker = make_marker(uri=uri, quality=quality)
        put_bytes(client, marker_uri(bucket, key, marker.state), marker.to_json(), "application/json")
    named = [Scored("a.pdf", 0.5), Scored("b.pdf", 0.5), _done(client, bucket, "folder/c.pdf", 0.6)]
    _name(client, bucket, 1, named)
    assert _keys(_read(client, bucket)) == ["folder/c.pdf"]


def test_a_document_that_was_handed_on_before_it_was_done_is_done(client: S3Client, bucket: S3Uri) -> None:
    _done(client, bucket, "a.pdf", 0.5, open_pages=(1,))
    _name(client, bucket, 1, [_done(client, bucket, "a.pdf", 0.5, stage="ocr")], Stage.OCR)
    assert _keys(_read(client, bucket)) == ["a.pdf"]


def test_however_many_are_named_few_markers_are_read(client: S3Client, bucket: S3Uri) -> None:
    named = [_done(client, bucket, f"{number:03}.pdf", number / 1000) for number in range(4 * MOST_WORST)]
    for shard in range(4):
        _name(client, bucket, shard + 1, named[shard::4])
    read: list[str] = []
    client.meta.events.register("before-call.s3.GetObject", lambda params, **_: read.append(params["url_path"]))
    found = _read(client, bucket, (1, 2, 3, 4))
    assert _keys(found) == [f"{number:03}.pdf" for number in range(MOST_WORST)]
    assert len([path for path in read if path.endswith(".done")]) <= READERS


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(client: S3Client, bucket: S3Uri) -> None:
    _name(client, bucket, 1, [_done(client, bucket, "a.pdf", 0.5), Scored("b.pdf", 0.4)])
    put_bytes(client, marker_uri(bucket, "b.pdf", DocumentState.DONE), b"?", "application/json")
    put_bytes(client, shard_quality_uri(bucket, 2), b"?", "application/json")
    found = _read(client, bucket, (1, 2))
    assert (_keys(found), list(found.by_shard)) == (["a.pdf"], [1])
    (told,) = found.problems
    assert told.startswith("shard 2: ")
