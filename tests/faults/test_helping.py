# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An idle node that does a piece of another's shard, as real processes."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import kill_owned, owned_by, owner_name
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.loan import Loan, LoanState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import loan_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import Progress
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.control import ShardControl
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, read_bytes_if_exists
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.shards import TestShard, make_shard, until

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Says where it ran, and waits for a file that the test writes beside the work directory; "first" does not, and takes so
# long that what is left is worth the asking at its pace, on the fastest machine too.
SCRIPT = """
import time
home = pathlib.Path(work).parents[4]
with open(home / (name + ".begun"), "a") as file:
    file.write("once\\n")
if name.startswith("first"):
    time.sleep(1)
while not name.startswith("first") and not (home / "go").exists():
    time.sleep(0.02)
uri = uri + " by " + home.name
"""
# The first one tells how fast the node is; one is in work and one on the disk when somebody asks.
PAGES = {"first.pdf": 9, "b.pdf": 8, "c.pdf": 7, "d.pdf": 6, "e.pdf": 5, "f.pdf": 4, "g.pdf": 3}


@dataclass(frozen=True)
class Node:
    """One machine with a shard of its own."""

    shard: TestShard
    control: ShardControl

    @property
    def home(self) -> Path:
        return Path(self.shard.config.workdir).parent

    @property
    def layout(self) -> Layout:
        return Layout(Path(self.shard.config.workdir), self.shard.config.shard)

    @property
    def process(self) -> int:
        return int(self.layout.lock.read_text())

    def begun(self) -> Counter[str]:
        return Counter({path.stem: len(path.read_text().splitlines()) for path in self.home.glob("*.begun")})

    def let_go(self) -> None:
        (self.home / "go").touch()

    def kill(self) -> None:
        os.kill(self.process, signal.SIGKILL)
        kill_owned(owner_name(self.layout.workdir, self.layout.shard))
        until(lambda: not self.control.is_running())

    def progress(self) -> Progress:
        progress = self.control.progress()
        assert progress is not None
        return progress


@pytest.fixture
def nodes(client: S3Client, bucket: S3Uri, connection: Connection, tmp_path: Path) -> Iterator[tuple[Node, Node]]:
    """The node of shard 1, which has work left, and that of shard 2, which has none; neither is started."""
    made: list[Node] = []
    for number in (1, 2):
        name = f"node-{number}"
        (tmp_path / name).mkdir()
        shard = make_shard(client, bucket, connection, tmp_path / name).with_script(SCRIPT)
        config = replace(
            shard.config,
            shard=number,
            node=name,
            slots=("0",),
            prefetch=1,
            help_others=True,
            timeout_base=600,
            piece_minutes=0.5,
            # The same script on both, or their options would differ.
            pipeline_options=(made or [Node(shard, ShardControl(shard.config, connection))])[
                0
            ].shard.config.pipeline_options,
        )
        made.append(Node(replace(shard, config=config), ShardControl(config, connection)))
    made[0].shard.cut(PAGES)
    made[1].shard.cut({"first-of-2.pdf": 1})
    yield made[0], made[1]
    for node in made:
        node.control.stop()
        assert owned_by(owner_name(node.layout.workdir, node.layout.shard)) == []


def loan(node: Node) -> Loan:
    uri = loan_uri(node.shard.config.results_uri, 1, 2)
    body = read_bytes_if_exists(node.shard.client, uri)
    return Loan() if body is None else Loan.from_json(body, str(uri))


def start_until_lent(owner: Node, helper: Node) -> list[str]:
    """Return the keys of what the helper has been lent, and has begun."""
    owner.control.start()
    until(lambda: owner.begun()["b"] == 1)
    helper.control.start()
    until(lambda: loan(owner).state is LoanState.LENT)
    keys = [document.uri.rpartition("/")[2] for document in loan(owner).documents]
    until(lambda: helper.begun()[keys[0].removesuffix(".pdf")] == 1)
    return keys


def check_everything_is_done_and_whole(owner: Node) -> None:
    keys = [*PAGES, "first-of-2.pdf"]
    assert owner.shard.states() == dict.fromkeys(keys, DocumentState.DONE)
    results = {str(item.uri): item.etag for item in list_objects(owner.shard.client, owner.shard.config.results_uri)}
    for key in keys:
        marker = owner.shard.marker(key, DocumentState.DONE)
        assert [results[output.uri] for output in marker.outputs] == [output.etag for output in marker.outputs]
        assert marker.shard == (1 if key in PAGES else 2)


def done_by(owner: Node, keys: list[str]) -> set[str]:
    return {owner.shard.marker(key, DocumentState.DONE).node for key in keys}


def test_an_idle_node_does_a_piece_of_the_shard_that_has_work_left(nodes: tuple[Node, Node]) -> None:
    owner, helper = nodes
    lent = start_until_lent(owner, helper)
    # The longest that the owner has not begun, half of what is left at most.
    assert lent[0] == "d.pdf"
    assert sum(PAGES[key] for key in lent) <= sum(PAGES[f"{key}.pdf"] for key in "defg") / 2
    helper.let_go()
    until(lambda: all(key in owner.shard.states() for key in lent))
    owner.let_go()
    owner.control.wait(120)
    helper.control.wait(120)
    check_everything_is_done_and_whole(owner)
    assert done_by(owner, lent) == {"node-2"}
    assert {owner.shard.text(key) for key in lent} == {
        f"text of {owner.shard.bucket.join(key)} by node-2" for key in lent
    }
    assert owner.begun() + helper.begun() == Counter(key.removesuffix(".pdf") for key in [*PAGES, "first-of-2.pdf"])
    mine, its = owner.progress(), helper.progress()
    assert (mine.documents, mine.done, mine.pending, mine.lent) == (len(PAGES), len(PAGES), 0, 0)
    assert (its.documents, its.done, its.pending, its.helping) == (1, 1, 0, ())
    by_helper = [key for key in PAGES if owner.shard.marker(key, DocumentState.DONE).node == "node-2"]
    assert (its.helped, its.pages_helped) == (len(by_helper), sum(PAGES[key] for key in by_helper))
    assert mine.effort is not None
    assert its.effort is not None
    assert mine.effort.pages + its.effort.pages == sum(PAGES.values()) + 1
    assert its.effort.pages == 1 + its.pages_helped


def test_a_helper_that_is_killed_and_starts_again_has_its_piece_taken_in_at_once(nodes: tuple[Node, Node]) -> None:
    owner, helper = nodes
    lent = start_until_lent(owner, helper)
    name = loan(owner).name
    helper.kill()
    helper.control.start()
    until(lambda: loan(owner).name != name)
    for node in nodes:
        node.let_go()
    owner.control.wait(120)
    helper.control.wait(120)
    check_everything_is_done_and_whole(owner)
    assert (owner.begun() + helper.begun())[lent[0].removesuffix(".pdf")] == 2


def test_an_owner_that_is_killed_leaves_the_piece_to_its_helper_when_it_starts_again(
    nodes: tuple[Node, Node],
) -> None:
    owner, helper = nodes
    lent = start_until_lent(owner, helper)
    owner.kill()
    owner.let_go()
    owner.control.start()
    # All but the piece.
    until(lambda: len(owner.shard.states()) == 1 + len(PAGES) - len(lent))
    assert owner.control.is_running()
    assert owner.progress().pending >= len(lent)
    helper.let_go()
    owner.control.wait(120)
    helper.control.wait(120)
    check_everything_is_done_and_whole(owner)
    assert done_by(owner, lent) == {"node-2"}
    assert not {key.removesuffix(".pdf") for key in lent} & owner.begun().keys()


def test_a_piece_is_taken_back_when_its_lease_has_ended_and_its_helper_writes_nothing_when_it_wakes(
    nodes: tuple[Node, Node],
) -> None:
    owner, helper = nodes
    lent = start_until_lent(owner, helper)
    process = helper.process
    os.kill(process, signal.SIGSTOP)
    try:
        for node in nodes:
            node.let_go()
        owner.control.wait(180)
        texts = {key: owner.shard.text(key) for key in PAGES}
    finally:
        os.kill(process, signal.SIGCONT)
    helper.control.wait(120)
    check_everything_is_done_and_whole(owner)
    assert {key: owner.shard.text(key) for key in PAGES} == texts
    assert done_by(owner, lent) == {"node-1"}
    assert helper.progress().helped == 0
