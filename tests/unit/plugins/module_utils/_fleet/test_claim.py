# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._fleet import claim as claim_module
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.claim import Claim, Place, claim_number
from ansible_collections.glossapi.farm.plugins.module_utils._records.lease import Owner
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import lease_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch import lease as lease_module
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.lease import Lease, ShardTaken, owner_token
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import read_bytes, read_version
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.server

_FIRST = 5


def place(bucket: S3Uri, folder: Path, node: str, stage: Stage = Stage.TEXT) -> Place:
    """Return where the numbers of this node are claimed."""
    return Place(bucket, stage, _FIRST, folder / node, node)


def owner_of(client: S3Client, bucket: S3Uri, number: int, stage: Stage = Stage.TEXT) -> Owner:
    """Return whose the number is."""
    uri = lease_uri(bucket, number, stage)
    return Owner.from_json(read_bytes(client, uri), str(uri))


def supervisor_lease(client: S3Client, where: Place, number: int) -> Lease:
    """Return the lease that the supervisor of the number takes on this node, as its service does."""
    token = owner_token(Layout(where.workdir, number, where.stage).token)
    return Lease(client, lease_uri(where.results, number, where.stage), Owner(token, where.node))


def test_each_node_has_a_number_of_its_own_the_smallest_that_is_free(
    client: S3Client, bucket: S3Uri, tmp_path: Path
) -> None:
    claims = [claim_number(client, place(bucket, tmp_path, f"node-{node}")) for node in range(3)]
    assert [claim.number for claim in claims] == [5, 6, 7]
    claims[1].release()
    assert claim_number(client, place(bucket, tmp_path, "another")).number == 6
    assert owner_of(client, bucket, 6).node == "another"


def test_a_stage_has_numbers_of_its_own(client: S3Client, bucket: S3Uri, tmp_path: Path) -> None:
    assert claim_number(client, place(bucket, tmp_path, "one")).number == _FIRST
    assert claim_number(client, place(bucket, tmp_path, "two", Stage.OCR)).number == _FIRST


def test_of_many_that_start_at_once_no_two_share_a_number(client: S3Client, bucket: S3Uri, tmp_path: Path) -> None:
    nodes = [f"node-{number}" for number in range(8)]
    together = threading.Barrier(len(nodes))

    def claim(node: str) -> tuple[int, str]:
        together.wait()
        return claim_number(client, place(bucket, tmp_path, node)).number, node

    with ThreadPoolExecutor(len(nodes)) as pool:
        claimed = dict(pool.map(claim, nodes))
    assert sorted(claimed) == list(range(_FIRST, _FIRST + len(nodes)))
    assert {number: owner_of(client, bucket, number).node for number in claimed} == claimed


def test_who_is_a_moment_too_late_takes_the_next_number(client: S3Client, bucket: S3Uri, tmp_path: Path) -> None:
    first = place(bucket, tmp_path, "first")

    class Overtaken:
        """S3 as seen by one between whose look and write another takes the number."""

        def __init__(self) -> None:
            self.late = False

        def __getattr__(self, name: str) -> object:
            if name == "put_object" and not self.late:
                self.late = True
                claim_number(client, first)
            return getattr(client, name)

    late = claim_number(Overtaken(), place(bucket, tmp_path, "late"))  # type: ignore[arg-type]
    assert late.number == _FIRST + 1
    assert owner_of(client, bucket, _FIRST).node == "first"


def test_the_number_of_a_node_that_vanished_is_taken_over_once_its_lease_is_over(
    client: S3Client, bucket: S3Uri, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vanished = place(bucket, tmp_path, "vanished")
    claim_number(client, vanished)
    lost = supervisor_lease(client, vanished, _FIRST)
    lost.take()
    assert claim_number(client, place(bucket, tmp_path, "too early")).number == _FIRST + 1
    monkeypatch.setattr(lease_module, "_SECONDS", 0.0)
    heir = claim_number(
        client, place(bucket, tmp_path, "heir"), lambda uri, owner: Lease(client, uri, owner, seconds=0.0)
    )
    assert heir.number == _FIRST
    with pytest.raises(ShardTaken, match="heir works on this shard"):
        lost.renew()


def test_the_supervisor_takes_the_number_over_and_gives_it_back(
    client: S3Client, bucket: S3Uri, tmp_path: Path
) -> None:
    here = place(bucket, tmp_path, "node")
    claim = claim_number(client, here)
    lease = supervisor_lease(client, here, claim.number)
    with claim.kept(renewal_seconds=0.01):
        lease.take()
        # Both renew it for a while.
        for _time in range(5):
            lease.renew()
            time.sleep(0.02)
    lease.renew()
    lease.release()
    assert owner_of(client, bucket, claim.number).released
    assert claim_number(client, place(bucket, tmp_path, "next")).number == claim.number


def test_a_number_is_kept_while_its_supervisor_starts(client: S3Client, bucket: S3Uri, tmp_path: Path) -> None:
    claim = claim_number(client, place(bucket, tmp_path, "node"))
    uri = lease_uri(bucket, claim.number)
    before = read_version(client, uri).modified
    with claim.kept(renewal_seconds=0.01):
        while read_version(client, uri).modified == before:
            time.sleep(0.02)


def test_a_number_that_was_given_back_meanwhile_is_not_renewed(client: S3Client, bucket: S3Uri, tmp_path: Path) -> None:
    here = place(bucket, tmp_path, "node")
    claim = claim_number(client, here)
    lease = supervisor_lease(client, here, claim.number)
    lease.take()
    lease.release()
    with claim.kept(renewal_seconds=0.0):
        while any(thread.name == "claim" for thread in threading.enumerate()):
            time.sleep(0.01)
    assert owner_of(client, bucket, claim.number).released


def test_a_node_takes_the_number_that_it_had_last(client: S3Client, bucket: S3Uri, tmp_path: Path) -> None:
    others: list[Claim] = [claim_number(client, place(bucket, tmp_path, f"node-{node}")) for node in range(2)]
    here = place(bucket, tmp_path, "node")
    mine = claim_number(client, here)
    Layout(here.workdir, mine.number).config.write_text("{}")
    # As the inventory's, which this node has had no business with.
    (here.workdir / "state" / "shard_1.config.json").write_text("{}")
    mine.release()
    for other in others:
        other.release()
    assert claim_number(client, here).number == mine.number == _FIRST + 2
    assert not Layout(here.workdir, _FIRST).token.exists()


def test_without_a_free_number_it_is_told(
    client: S3Client, bucket: S3Uri, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claim_module, "_NUMBERS", 1)
    claim_number(client, place(bucket, tmp_path, "one"))
    with pytest.raises(FarmError, match=r"numbers from 5 to 5 are taken in s3://.*/status/_progress/"):
        claim_number(client, place(bucket, tmp_path, "two"))
