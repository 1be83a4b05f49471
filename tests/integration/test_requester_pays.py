# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents in a bucket that denies access to who does not offer to pay, worked on by the playbooks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from emulators.fault_proxy import Fault, FaultProxy, Rule
from tests.support.pdfs import pdf
from tests.support.playbook_farm import PlaybookFarm

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_OFFER = "x-amz-request-payer: requester"


@pytest.fixture
def inputs(client: S3Client) -> Iterator[S3Uri]:
    """The documents' bucket."""
    name = f"payer-{uuid4().hex[:16]}"
    client.create_bucket(Bucket=name)
    for pages in (1, 2):
        put_bytes(client, S3Uri(name, f"in/{pages}.pdf"), pdf(pages), "application/pdf")
    yield S3Uri(name)
    client.delete_bucket(Bucket=name)


@pytest.fixture
def proxy(connection: Connection, inputs: S3Uri) -> Iterator[FaultProxy]:
    """An S3 that has the documents' requester pay."""
    rule = Rule(Fault.ACCESS_DENIED, path=f"^/{inputs.bucket}", unless=_OFFER)
    with FaultProxy(str(connection.endpoint_url), [rule]) as proxy:
        yield proxy


@pytest.fixture
def farm(
    connection: Connection, bucket: S3Uri, inputs: S3Uri, proxy: FaultProxy, repository: Path, tmp_path: Path
) -> Iterator[PlaybookFarm]:
    client = replace(connection, endpoint_url=proxy.endpoint_url).client()
    farm = PlaybookFarm(client, bucket, repository, tmp_path, nodes=1)
    farm.use_script()
    farm.settings |= {"farm_input_bucket": inputs.bucket, "farm_input_prefix": "in/", "farm_requester_pays": True}
    yield farm
    farm.end(farm.shards)


def offers(proxy: FaultProxy, bucket: S3Uri) -> set[bool]:
    """Return whether requests to the bucket offered to pay."""
    asked = [each for each in proxy.log if each.path.startswith(f"/{bucket.bucket}")]
    return {_OFFER in each.head.lower() for each in asked}


def test_a_farm_pays_for_its_documents_and_for_nothing_else(
    farm: PlaybookFarm, proxy: FaultProxy, bucket: S3Uri, inputs: S3Uri
) -> None:
    for playbook in ("count", "shard", "process"):
        played = farm.play(playbook)
        assert played.status == 0, played.output
    assert [document.pages for document in farm.manifest(1)] == [2, 1]
    assert set(farm.states().values()) == {DocumentState.DONE}

    put_bytes(farm.client, bucket.join("unrelated"), b"", "text/plain")
    told = farm.play("status", "-e", "find_stale=true")
    assert "stale: none" in told.output, told.output
    assert farm.play("process", "-e", "redo_stale=true").changed["node-1"] == 0
    assert (offers(proxy, inputs), offers(proxy, bucket)) == ({True}, {False})
    assert not [each for each in proxy.log if each.fault]


def test_without_the_setting_counting_is_denied_with_what_to_set(farm: PlaybookFarm) -> None:
    farm.settings["farm_requester_pays"] = False
    played = farm.play("count")
    assert played.status != 0
    assert "access is denied" in played.output
