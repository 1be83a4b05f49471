# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._fleet.said import Said, read_said, said_lines
from ansible_collections.glossapi.farm.plugins.module_utils._records.fleet import FleetNode, NodeState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import fleet_node_uri, fleet_settings_uri
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def _said(name: str, state: NodeState, message: str = "", age: float = 5.0) -> Said:
    return Said(FleetNode(name, state, message=message), age)


def test_nodes_are_counted_by_what_they_do_and_those_that_cannot_work_say_why() -> None:
    said = [
        _said("i-1", NodeState.WORKING),
        _said("i-2", NodeState.WORKING),
        _said("i-3", NodeState.UNFIT, "nvidia-smi lists\nno GPU"),
        # Long gone, as it should be.
        _said("i-4", NodeState.LEAVING),
    ]
    assert said_lines(said, {"i-1", "i-2", "i-3"}) == [
        "Of the nodes, as they say: 1 unfit, 2 working.",
        "i-3 cannot work: nvidia-smi lists no GPU",
    ]


def test_nodes_that_went_as_they_could_not_work_are_told_for_a_day_and_not_all_of_them() -> None:
    said = [_said(f"i-{number}", NodeState.UNFIT, "no", age=float(number)) for number in range(5)]
    old = _said("i-old", NodeState.UNFIT, "no", age=25 * 3600.0)
    assert said_lines([old, *reversed(said)], set()) == [
        *(f"i-{number}, which has gone, cannot work: no" for number in range(3)),
        "2 more that have gone could not work either.",
    ]


def test_where_nobody_said_anything_there_is_nothing_to_tell() -> None:
    assert said_lines([], {"i-1"}) == []


@pytest.mark.server
def test_what_nodes_say_is_read_and_nothing_else(client: S3Client, bucket: S3Uri) -> None:
    node = FleetNode("i-1", NodeState.WORKING, "text", 5)
    put_bytes(client, fleet_node_uri(bucket, "i-1"), node.to_json(), "application/json")
    put_bytes(client, fleet_node_uri(bucket, "i-2"), b"?", "application/json")
    put_bytes(client, fleet_settings_uri(bucket), b"{}", "application/json")
    (said,) = read_said(client, bucket)
    assert said.node == node
    assert said.age >= 0
