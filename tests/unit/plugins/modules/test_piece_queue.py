# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ansible_collections.glossapi.farm.plugins.module_utils._errors import NotYetError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.modules import piece_queue
from tests.support.emulated_account import Account
from tests.support.module_options import documented_options
from tests.support.queues import cut_farm, make_queue

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@pytest.fixture
def parameters(client: S3Client, bucket: S3Uri, empty_account: Account) -> dict[str, Any]:
    cut_farm(client, bucket, {1: ["a.pdf"], 2: ["b.pdf"], 3: []})
    queue = make_queue(empty_account.connection)
    return {
        "manifests": str(bucket.join("shards")),
        "stage": "text",
        "results": str(bucket.join("results")),
        "queue": queue.url,
        "again": False,
        "redo": "",
    }


def test_the_documentation_has_the_options_types_and_defaults_of_the_arguments() -> None:
    assert documented_options(piece_queue) == piece_queue.ARGUMENTS


def test_pieces_are_sent_once_and_the_second_run_changes_nothing(
    connection: Connection, parameters: dict[str, Any]
) -> None:
    foreseen = piece_queue.run(parameters, connection, check_mode=True)
    first = piece_queue.run(parameters, connection, check_mode=False)
    assert foreseen == first
    assert first.keys() - {"changed", "diff"} == yaml.safe_load(piece_queue.RETURN).keys()
    assert (first["changed"], first["pieces"], first["finished"], first["sent"]) == (True, 2, 0, 2)
    assert first["diff"] == {
        "before": "generation 0\n0 pieces were sent\n",
        "after": "generation 1\n2 pieces were sent\n",
    }
    second = piece_queue.run(parameters, connection, check_mode=False)
    assert (second["changed"], second["sent"], second["visible"]) == (False, 0, 2)
    assert second["diff"]["before"] == second["diff"]["after"]


def test_a_queue_is_found_by_its_name(
    connection: Connection, parameters: dict[str, Any], empty_account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The endpoint of S3 is not that of SQS here.
    monkeypatch.setenv("AWS_ENDPOINT_URL", empty_account.server.endpoint_url)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", str(connection.endpoint_url))
    reached = Connection(region=connection.region)
    found = piece_queue.run(parameters | {"queue": "farm-text"}, reached, check_mode=False)
    assert (found["queue_url"], found["sent"]) == (parameters["queue"], 2)
    with pytest.raises(NotYetError, match="There is no queue other"):
        piece_queue.run(parameters | {"queue": "other"}, reached, check_mode=False)
