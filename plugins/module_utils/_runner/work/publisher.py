# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bringing a document's outcome to S3: outputs first, then the marker that vouches for them."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ..._pipelines.failures import DocumentFailure
from ..._pipelines.registry import kind_of
from ..._pipelines.task import Forwarded, Recognised, Results
from ..._records.codec import LaterSchemaError, UnreadableRecordError
from ..._records.document import DocumentState, key_of
from ..._records.failure_classes import FailureClass
from ..._records.markers import Marker, Output
from ..._records.names import (
    document_log_uri,
    formulas_uri,
    json_uri,
    kept_uri,
    markdown_uri,
    marker_uri,
    math_uri,
    output_folder,
    pages_uri,
    quality_uri,
)
from ..._records.quality import Quality, QualitySummary
from ..._records.slots import gpu_of
from ..._records.stage import Stage
from ..._records.stale import Expected, stale_reason
from ..._s3.objects import Version, if_exists, put_bytes, put_if_unchanged, read_bytes_if_exists, read_version
from ..._s3.owned import put_owned
from ..._s3.uri import S3Uri
from ..config import RunConfig, own_secrets
from ..masking import masked
from .attempts import Attempt
from .outage import Backoff, Outage, Transfer
from .transfers import Transfers

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOG = logging.getLogger(__name__)
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Finished:
    """A document with its outcome, before it is published.

    Attributes:
        etag: of the input that was read; empty where it could not be.
        slot: where it ran; empty where it never did.
        log: the end of what its worker said, for a failure.
        revision: of the pipeline that processed it; empty where none did, or where it has none.
        before: the marker of the stage before; ``None`` at stage ``text``.
    """

    attempt: Attempt
    etag: str
    slot: str
    outcome: Results | Forwarded | Recognised | DocumentFailure
    log: bytes = b""
    revision: str = ""
    before: Marker | None = None


@dataclass(frozen=True)
class Published:
    """What has become of a document.

    Attributes:
        failure: that its marker records; ``None`` where it did not fail.
        quality: of the text that was published; ``None`` where none was, or where it was not measured.
    """

    failure: DocumentFailure | None = None
    quality: QualitySummary | None = None


class Publisher:
    """Uploads outputs and writes markers for one shard.

    Args:
        config: the shard.
        client: S3.
        transfers: uploads with it.
        backoff: repeats what fails.
        require_shard: called before each write; raises where the shard is not this supervisor's any more.
            ``None`` where no other could have it. For a document of another shard the piece it is of is asked instead.
    """

    def __init__(
        self,
        config: RunConfig,
        client: S3Client,
        transfers: Transfers,
        backoff: Backoff,
        require_shard: Callable[[], None] | None = None,
    ) -> None:
        self._require_shard = require_shard
        self._config = config
        self._client = client
        self._transfers = transfers
        self._backoff = backoff
        self._secrets = own_secrets()
        kind = kind_of(config.pipeline)
        self._options_hash = kind.options_hash(config.pipeline_options)
        self._weights = kind.weights_digest(config.pipeline_options)

    async def publish_log(self, finished: Finished) -> str:
        """Upload what the worker said in an attempt that failed; return where it is, or an empty string.

        It is for people: a log that cannot be written holds up nothing.
        """
        if not finished.log:
            return ""
        key = key_of(finished.attempt.document.uri)
        uri = document_log_uri(self._config.results_uri, key, finished.attempt.number)
        body = masked(finished.log, self._secrets)
        put_log = partial(put_bytes, self._client, uri, body, "text/plain; charset=utf-8")
        try:
            await self._run(finished.attempt, put_log, Transfer.WRITE_STATUS)
        except Outage as error:
            _LOG.warning("%s", error)
            return ""
        return str(uri)

    async def publish(self, finished: Finished, log: str = "", folder: Path | None = None) -> Published:
        """Upload what there is, write the marker, and return what that says.

        A document that another supervisor has done meanwhile, from and by the same, did not fail.

        Args:
            finished: the document.
            log: what :meth:`publish_log` returned.
            folder: removed as soon as the document is marked done; ``None`` for nothing.

        Raises:
            Outage: S3 cannot be written; the document stays pending.
            PieceLost: it is of another shard, which has taken it back.
        """
        outcome, run = finished.outcome, partial(self._run, finished.attempt)
        if isinstance(outcome, Recognised):
            raise AssertionError("a range of a document is nothing to publish")
        if not isinstance(outcome, DocumentFailure):
            # All in one thread, one after the other: each change of threads costs as much as a small upload.
            put = (
                partial(self._put_results, finished, outcome, folder)
                if isinstance(outcome, Results)
                else partial(self._put_layer, finished, outcome, folder)
            )
            try:
                return Published(quality=await run(put, Transfer.WRITE_OUTPUT))
            except DocumentFailure as error:
                outcome = error
        marker = self._marker(finished, (), outcome, log)
        has_failed = await run(partial(self._put_failed, finished, marker), Transfer.WRITE_STATUS)
        return Published(outcome if has_failed else None)

    def _put_results(self, finished: Finished, results: Results, folder: Path | None) -> QualitySummary | None:
        """Upload the outputs, then the marker, and return the text's quality.

        What was written before an error is written again.
        """
        key = key_of(finished.attempt.document.uri)
        outputs, folder_uri = list(results.uploaded), self._output_folder(finished)
        require_ownership = partial(self._check_owner, finished.attempt)
        # The Markdown last: where it is, all is.
        files: list[tuple[Path | None, S3Uri, str]] = [
            (results.json, json_uri(folder_uri, key), "application/json"),
            (results.quality, quality_uri(folder_uri, key), "application/json"),
            (results.markdown, markdown_uri(folder_uri, key), "text/markdown; charset=utf-8"),
        ]
        for path, uri, content_type in files:
            if path is not None:
                outputs.append(self._transfers.upload(path, uri, content_type, require_ownership))
        marker = self._marker(finished, tuple(outputs), None, "")
        if results.quality is not None:
            record = Quality.from_json(results.quality.read_bytes(), str(results.quality))
            marker = replace(marker, quality=record.summary)
        # Whatever was handed on before has been tried before.
        if self._config.stage is Stage.TEXT and finished.attempt.number > 1:
            self._put_kept(finished.attempt, marker)
        marker = replace(marker, open_formulas=results.open_formulas, formulas=results.formulas)
        self._put_done(finished.attempt, marker, finished.before)
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        return marker.quality

    def _put_kept(self, attempt: Attempt, marker: Marker) -> None:
        """Have a document that was handed on before count as one of stage ``text``, not of ``ocr``."""
        key = key_of(marker.uri)
        if read_bytes_if_exists(self._client, marker_uri(self._config.results_uri, key, DocumentState.FORWARDED)):
            self._put_marker(attempt, marker.to_json(), kept_uri(self._config.results_uri, key))

    def _put_done(self, attempt: Attempt, marker: Marker, before: Marker | None) -> None:
        """Write the marker of a document that is done, and what goes with it."""
        if self._config.stage is Stage.MATH and before is not None:
            # It stays done by stage text, with other outputs.
            done = replace(before, outputs=marker.outputs, quality=marker.quality, formulas=marker.formulas)
            uri = marker_uri(self._config.results_uri, key_of(marker.uri), DocumentState.DONE)
            self._put_marker(attempt, done.to_json(), uri)
        if marker.open_formulas:
            # First: a document that is done has all that a stage after it goes by.
            self._put_marker(attempt, marker.to_json(), formulas_uri(self._config.results_uri, key_of(marker.uri)))
        self._put_marker(attempt, marker.to_json(), self._marker_uri(marker, marker.state))

    def _put_failed(self, finished: Finished, marker: Marker) -> bool:
        """Write the marker of a document that has failed; return whether it has: another may have done it meanwhile.

        In one thread, which goes on where nobody waits for it any more.
        """
        uri = self._marker_uri(marker, marker.state)
        rival = self._done_marker(marker, finished.before)
        if rival is None:
            self._put_marker(finished.attempt, marker.to_json(), uri)
            # Done at this very moment, or while this machine slept.
            rival = self._done_marker(marker, finished.before)
            if rival is None:
                return True
        elif read_bytes_if_exists(self._client, uri) in (None, rival.body):
            return False
        # Of two markers the later counts. The other's stays what it is, so it need not be this supervisor's to write.
        put_if_unchanged(self._client, self._marker_uri(marker, DocumentState.DONE), rival.body, rival.etag)
        return False

    def _put_layer(self, finished: Finished, forwarded: Forwarded, folder: Path | None) -> None:
        """Upload what stage ``ocr`` goes on with, then the marker that says so."""
        uri = pages_uri(self._output_folder(finished), key_of(finished.attempt.document.uri))
        require_ownership = partial(self._check_owner, finished.attempt)
        outputs = (self._transfers.upload(forwarded.layer, uri, "application/json", require_ownership),)
        reason = DocumentFailure(FailureClass.NEEDS_OCR, forwarded.message)
        marker = replace(self._marker(finished, outputs, reason, ""), open_pages=forwarded.open_pages)
        self._put_marker(finished.attempt, marker.to_json(), self._marker_uri(marker, marker.state))
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _output_folder(self, finished: Finished) -> S3Uri:
        return output_folder(self._config.results_uri, self._shard_of(finished))

    def _shard_of(self, finished: Finished) -> int:
        """Return by which shard the outputs are named: that of stage ``text``, whoever does it in whichever cut now."""
        if finished.before is not None:
            return finished.before.shard
        piece = finished.attempt.piece
        return piece.shard if piece else self._config.shard

    def _marker_uri(self, marker: Marker, state: DocumentState) -> S3Uri:
        if self._config.stage is Stage.MATH:
            # Whatever became of its formulas, the document is done.
            return math_uri(self._config.results_uri, key_of(marker.uri))
        return marker_uri(self._config.results_uri, key_of(marker.uri), state)

    def _put_marker(self, attempt: Attempt, body: bytes, uri: S3Uri) -> None:
        put_owned(self._client, uri, body, "application/json", partial(self._check_owner, attempt))

    def _done_marker(self, failed: Marker, before: Marker | None) -> Version | None:
        """Return a marker that says done of the same input, by the same pipeline and options.

        One from before the document was handed on anew says nothing of what has become of it since. Neither does any of
        a document that could not be read: whether the input is the same is not known.
        """
        if not failed.etag:
            return None
        uri = self._marker_uri(failed, DocumentState.DONE)
        version = if_exists(lambda: read_version(self._client, uri))
        if version is None:
            return None
        expected = Expected(failed.etag, failed.pipeline, failed.options_hash, failed.revision)
        try:
            done = Marker.from_json(version.body, str(uri))
        except LaterSchemaError:
            # Done by a later version of the collection: a failure here does not outweigh that.
            return version
        except UnreadableRecordError as error:
            _LOG.warning("%s", error)
            return None
        is_old = before is not None and done.finished_at < before.finished_at
        is_same = done.uri == failed.uri and not is_old and not stale_reason(done, expected)
        # Stage math has one marker for either end.
        return version if is_same and done.failure_class is None else None

    def _check_owner(self, attempt: Attempt) -> None:
        if attempt.piece is not None:
            attempt.piece.require()
        elif self._require_shard is not None:
            self._require_shard()

    async def _run(self, attempt: Attempt, work: Callable[[], _Result], kind: Transfer) -> _Result:
        def owned_work() -> _Result:
            self._check_owner(attempt)
            return work()

        return await self._backoff.run(owned_work, kind)

    def _marker(
        self, finished: Finished, outputs: tuple[Output, ...], failure: DocumentFailure | None, log: str
    ) -> Marker:
        document, before = finished.attempt.document, finished.before
        return Marker(
            uri=document.uri,
            etag=finished.etag,
            # The cut of stage ocr counts the pages that are to be recognised, that of stage math formulas.
            pages=before.pages if before else document.pages or None,
            seconds=round(finished.attempt.seconds, 3),
            attempts=finished.attempt.number,
            shard=self._shard_of(finished),
            node=self._config.node,
            gpu=gpu_of(finished.slot),
            pipeline=self._config.pipeline,
            options_hash=self._options_hash,
            outputs=outputs,
            finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
            failure_class=failure.failure_class.value if failure else None,
            message=self._masked(failure.message) if failure else None,
            log=log or None,
            revision=finished.revision,
            retry=self._config.retry_name,
            stage=self._config.stage.value,
            weights=self._weights,
        )

    def _masked(self, message: str) -> str:
        return masked(message.encode(errors="backslashreplace"), self._secrets).decode()
