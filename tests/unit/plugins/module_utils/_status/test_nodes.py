# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.glossapi.farm.plugins.module_utils._records.names import node_record_uri, node_records_folder
from ansible_collections.glossapi.farm.plugins.module_utils._records.node import ENDED, NodeRecord, NodeRun
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.nodes import Nodes, node_warnings, read_nodes

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def test_every_node_that_said_anything_is_read(client: S3Client, bucket: S3Uri) -> None:
    records = [NodeRecord("one", "i-1", runs=(NodeRun(0.0, 1.0, 0.5),)), NodeRecord("two", "i-2")]
    for record in records:
        put_bytes(client, node_record_uri(bucket, record.instance_id), record.to_json(), "application/json")
    put_bytes(client, node_records_folder(bucket).join("notes.txt"), b"?", "text/plain")
    assert read_nodes(client, bucket) == Nodes(tuple(records))


def test_a_farm_whose_nodes_say_nothing_has_none(client: S3Client, bucket: S3Uri) -> None:
    assert read_nodes(client, bucket) == Nodes()


def test_a_record_that_cannot_be_read_is_told_with_what_is_not_known(client: S3Client, bucket: S3Uri) -> None:
    uri = node_record_uri(bucket, "i-1")
    put_bytes(client, uri, b"?", "application/json")
    [problem] = read_nodes(client, bucket).problems
    assert problem.startswith(f"{uri} is not a node's record")
    assert problem.endswith("What that node costs is not known.")


def test_what_has_ended_and_what_is_held_is_told_of_the_newest_instance_of_each_name() -> None:
    old, new = (NodeRun(0.0, 1.0),), (NodeRun(2.0, 3.0),)
    records = [
        NodeRecord("two", "i-3", state=ENDED, cause="idle", message="nothing to do\nfor 1 h", runs=old),
        NodeRecord("one", "i-2", runs=new),
        NodeRecord("one", "i-1", state=ENDED, cause="idle", message="it is gone", runs=old),
        NodeRecord("three", "i-4", is_held=True),
    ]
    assert node_warnings(records, 4.0) == [
        "two has ended itself (idle): nothing to do for 1 h",
        "three is held by somebody and does not end itself: it costs money until that is taken back",
    ]


def test_the_disks_of_nodes_that_are_stopped_are_told_while_they_cost() -> None:
    seen, day = (NodeRun(0.0, 100.0),), 86_400.0
    records = [
        NodeRecord("one", "i-1", storage_per_hour=0.5, runs=seen),
        NodeRecord("two", "i-2", storage_per_hour=0.25, state=ENDED, cause="idle", message="it idled", runs=seen),
        NodeRecord("spot", "i-3", storage_per_hour=0.5, is_spot=True, runs=seen),
        NodeRecord("runs", "i-4", storage_per_hour=0.5, runs=(NodeRun(0.0, day),)),
    ]
    told = node_warnings(records, 100.0 + day)[-1]
    assert told.startswith("2 nodes say nothing any more: where they are stopped their disks go on costing ")
    assert " $18.00 a day, $18.00 until now" in told
    assert len(node_warnings(records, 200.0)) == 1
