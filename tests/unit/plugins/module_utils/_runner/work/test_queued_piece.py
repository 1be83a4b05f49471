# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._records.lease import Owner
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.lease import Lease
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.attempts import MOST_INTERRUPTIONS, Attempt
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.in_work import WorkRecord
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.queued_piece import QueuedPiece
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def test_it_counts_what_is_open_and_what_may_have_taken_supervisors_down(client: S3Client, bucket: S3Uri) -> None:
    lease = Lease(client, bucket.join("piece.lease"), Owner("token", "node"))
    record = WorkRecord(client, bucket.join("in-work.json"))
    piece = QueuedPiece(3, lease, "id", "receipt", "etag", open=2, suspects=1, record=record)
    piece.settle(Attempt(Document("s3://raw/a.pdf", 1, 1), piece=piece))
    assert (piece.open, piece.suspects) == (1, 1)
    piece.settle(Attempt(Document("s3://raw/b.pdf", 1, 1), interruptions=MOST_INTERRUPTIONS, piece=piece))
    assert (piece.open, piece.suspects) == (0, 0)
