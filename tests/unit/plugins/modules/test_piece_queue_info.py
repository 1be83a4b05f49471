# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from ansible_collections.glossapi.farm.plugins.module_utils._queue.sqs import QueueGone
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.modules import piece_queue_info
from tests.support.emulated_account import Account
from tests.support.module_options import documented_options
from tests.support.queues import cut_farm, make_queue

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def test_the_documentation_has_the_options_types_and_defaults_of_the_arguments() -> None:
    assert documented_options(piece_queue_info) == piece_queue_info.ARGUMENTS


def test_a_queue_is_looked_at_by_its_url(
    client: S3Client, bucket: S3Uri, connection: Connection, empty_account: Account
) -> None:
    cut_farm(client, bucket, {1: ["a.pdf"]})
    queue = make_queue(empty_account.connection)
    queue.send(["1"])
    parameters = {
        "manifests": str(bucket.join("shards")),
        "stage": "text",
        "results": str(bucket.join("results")),
        "queue": queue.url,
    }
    found = piece_queue_info.run(parameters, connection)
    assert found.keys() - {"changed"} == yaml.safe_load(piece_queue_info.RETURN).keys()
    assert (found["changed"], found["visible"], found["lines"]) == (False, 1, ["farm-text: 1 piece waits, 0 in work."])
    with pytest.raises(QueueGone):
        piece_queue_info.run(parameters | {"queue": queue.url + "x"}, connection)
