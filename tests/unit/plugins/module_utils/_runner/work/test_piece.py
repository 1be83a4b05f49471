# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.lease import Owner
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.lease import Lease
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.borrowed import Borrowed
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.piece import PieceLost
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_piece_that_was_taken_back_is_lost_for_good(client: S3Client, bucket: S3Uri) -> None:
    clock, uri = Clock(), bucket.join("loan.lease")
    lease = Lease(client, uri, Owner("helper", "node-2"), clock=clock)
    lease.take()
    piece = Borrowed(1, lease, "name", "etag", open=3)
    piece.require()
    Lease(client, uri, Owner("lender", "node-1"), seconds=0).take()
    # As long as the lease cannot have ended, nobody is asked.
    piece.require()
    clock.now = 31
    for _time in range(2):
        with pytest.raises(PieceLost):
            piece.require()
    assert piece.lost
