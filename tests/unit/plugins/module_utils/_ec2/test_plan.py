# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import fields, replace

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._ec2.nodes import METADATA_OPTIONS, Node, Volume, node_tags
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.plan import Plan, Wanted, make_plan
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError

_WANTED = Wanted(project="farm", count=3, instance_type="g5.12xlarge", root_gib=200)


def _node(shard: int, state: str = "running", **changes: object) -> Node:
    tags = node_tags("farm", shard, {})
    node = Node(
        id=f"i-{shard}{state}",
        shard=shard,
        state=state,
        instance_type="g5.12xlarge",
        zone="us-east-1a",
        image_id="ami-1",
        spot=False,
        tags=tags,
        root=Volume(f"vol-{shard}", 200, "gp3", encrypted=True, tags=tags),
    )
    return replace(node, **changes)  # type: ignore[arg-type]


def _root(shard: int, **changes: object) -> Volume:
    root = _node(shard).root
    assert root is not None
    return replace(root, **changes)  # type: ignore[arg-type]


def _nothing_else(plan: Plan, *done: str) -> bool:
    return not any(getattr(plan, part.name) for part in fields(plan) if part.name not in done)


def test_nothing_is_done_where_every_shard_has_its_node() -> None:
    plan = make_plan(_WANTED, [_node(1), _node(2), _node(3)])
    assert _nothing_else(plan)
    assert plan.steps(_WANTED) == []


def test_shards_without_a_live_node_are_launched() -> None:
    plan = make_plan(_WANTED, [_node(1), _node(2, "terminated"), _node(3, "shutting-down")])
    assert plan.launch == (2, 3)
    assert _nothing_else(plan, "launch")


@pytest.mark.parametrize("state", ["stopped", "stopping"])
def test_a_stopped_node_is_started_and_not_launched_again(state: str) -> None:
    plan = make_plan(_WANTED, [_node(1), _node(2, state), _node(3)])
    assert [node.shard for node in plan.start] == [2]
    assert _nothing_else(plan, "start")


def test_a_node_that_was_replaced_already_is_not_launched_again() -> None:
    assert _nothing_else(make_plan(_WANTED, [_node(1), _node(1, "terminated"), _node(2), _node(3)]))


def test_only_missing_and_changed_tags_are_set_and_others_stay() -> None:
    wanted = replace(_WANTED, count=1, tags={"Team": "nlp"})
    node = _node(1, tags={**node_tags("farm", 1, {"Team": "nlp"}), "Name": "mine", "Own": "x"})
    plan = make_plan(wanted, [node])
    assert plan.retag == {node.id: {"Name": "OpenArchive-Shard-1"}, "vol-1": {"Team": "nlp"}}
    assert _nothing_else(plan, "retag")


def test_a_node_in_other_security_groups_is_put_in_the_wanted_ones() -> None:
    wanted = replace(_WANTED, security_groups=frozenset({"sg-farm"}))
    closed = [_node(shard, security_groups=wanted.security_groups) for shard in (1, 3)]
    opened = _node(2, security_groups=frozenset({"sg-farm", "sg-open"}))
    plan = make_plan(wanted, [*closed, opened])
    assert plan.regroup == (opened,)
    assert _nothing_else(plan, "regroup")
    assert plan.steps(wanted) == ["Put OpenArchive-Shard-2 (i-2running, us-east-1a) in sg-farm alone."]


def test_a_node_whose_metadata_service_is_open_is_protected() -> None:
    opened = _node(2, metadata_options={**METADATA_OPTIONS, "HttpTokens": "optional"})
    plan = make_plan(_WANTED, [_node(1), opened, _node(3)])
    assert plan.protect == (opened,)
    assert _nothing_else(plan, "protect")


def test_further_tags_cannot_change_the_farms_own() -> None:
    assert node_tags("farm", 2, {"Shard": "9", "Project": "other"})["Shard"] == "2"


@pytest.mark.parametrize("changes", [{"gib": 100}, {"type": "gp2"}])
def test_a_smaller_or_older_root_volume_is_changed(changes: dict[str, object]) -> None:
    plan = make_plan(replace(_WANTED, count=1), [_node(1, root=_root(1, **changes))])
    assert [node.shard for node in plan.grow] == [1]
    assert _nothing_else(plan, "grow")


def test_a_larger_root_volume_is_refused_with_the_number_to_set() -> None:
    with pytest.raises(FarmError, match="cannot shrink: set farm_root_volume_gib to 300"):
        make_plan(replace(_WANTED, count=1), [_node(1, root=_root(1, gib=300))])


def test_an_unencrypted_root_volume_is_refused() -> None:
    with pytest.raises(FarmError, match="not encrypted"):
        make_plan(replace(_WANTED, count=1), [_node(1, root=_root(1, encrypted=False))])


def test_another_type_is_refused_until_the_stop_is_confirmed() -> None:
    nodes = [_node(1, instance_type="g5.xlarge"), _node(2), _node(3)]
    with pytest.raises(FarmError, match=r"OpenArchive-Shard-1 .* is a g5.xlarge, .* farm_confirm_resize=true"):
        make_plan(_WANTED, nodes)
    plan = make_plan(replace(_WANTED, confirm_resize=True), nodes)
    assert [node.shard for node in plan.resize] == [1]
    assert _nothing_else(plan, "resize")


def test_a_stopped_node_of_another_type_is_started_once() -> None:
    plan = make_plan(replace(_WANTED, count=1, confirm_resize=True), [_node(1, "stopped", instance_type="g5.xlarge")])
    assert len(plan.resize) == 1
    assert _nothing_else(plan, "resize")


def test_every_reason_to_refuse_is_told_at_once() -> None:
    nodes = [_node(1, instance_type="g5.xlarge"), _node(2, root=_root(2, gib=300)), _node(3)]
    with pytest.raises(FarmError, match=r"(?s)Shard-1.*Shard-2"):
        make_plan(_WANTED, nodes)


def test_two_nodes_of_a_shard_are_refused_by_their_ids() -> None:
    with pytest.raises(FarmError, match="i-1running and i-1stopped"):
        make_plan(_WANTED, [_node(1), _node(1, "stopped")])


def test_a_node_with_another_instance_profile_or_none_is_given_the_wanted_one() -> None:
    wanted = replace(_WANTED, instance_profile="farm-node")
    nodes = [_node(1, instance_profile="farm-node"), _node(2, instance_profile="other"), _node(3)]
    plan = make_plan(wanted, nodes)
    assert plan.reprofile == (nodes[1], nodes[2])
    assert _nothing_else(plan, "reprofile")
    assert plan.steps(wanted)[0] == "Give OpenArchive-Shard-2 (i-2running, us-east-1a) the instance profile farm-node."


def test_a_tag_that_names_no_shard_is_refused_while_the_instance_lives() -> None:
    tags = {"Project": "farm", "Shard": "one"}
    with pytest.raises(FarmError, match="Instance i-1running has the tag Shard='one'"):
        make_plan(_WANTED, [replace(_node(1), shard=None, tags=tags)])
    assert make_plan(_WANTED, [replace(_node(1, "terminated"), shard=None, tags=tags)]).launch == (1, 2, 3)


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_spot_node_of_another_type_is_refused_with_what_to_do(confirmed: bool) -> None:
    wanted = replace(_WANTED, confirm_resize=confirmed)
    with pytest.raises(FarmError, match=r"a spot instance.*terminate-instances --instance-ids i-2running"):
        make_plan(wanted, [_node(1), _node(2, spot=True, instance_type="g6.12xlarge"), _node(3)])


def test_an_operators_own_machine_with_the_project_tag_is_left_alone() -> None:
    own = replace(_node(1), id="i-own", shard=None, instance_type="t3.micro", tags={"Project": "farm"})
    assert _nothing_else(make_plan(_WANTED, [own, _node(1), _node(2), _node(3)]))


def test_nodes_beyond_the_count_stay_and_are_named() -> None:
    plan = make_plan(replace(_WANTED, count=1), [_node(1), _node(2), _node(3, instance_type="other")])
    assert [node.shard for node in plan.surplus] == [2, 3]
    assert len(plan.notes) == 2
    assert _nothing_else(plan, "surplus", "notes")


def test_scaling_down_terminates_nodes_beyond_the_count() -> None:
    plan = make_plan(replace(_WANTED, count=2, terminate_surplus=True, unfinished={1: 5, 3: 0}), [_node(1), _node(3)])
    assert [node.shard for node in plan.terminate] == [3]
    assert plan.launch == (2,)
    assert _nothing_else(plan, "terminate", "launch")


def test_a_node_with_unfinished_documents_is_not_terminated_unless_confirmed() -> None:
    wanted = replace(_WANTED, count=1, terminate_surplus=True, unfinished={1: 9, 2: 7})
    nodes = [_node(1), _node(2)]
    with pytest.raises(FarmError, match=r"OpenArchive-Shard-2 .* unfinished documents \(7\) .*farm_confirm_unfinished"):
        make_plan(wanted, nodes)
    plan = make_plan(replace(wanted, confirm_unfinished=True), nodes)
    assert [node.shard for node in plan.terminate] == [2]


def test_the_steps_name_each_thing_to_do() -> None:
    wanted = replace(_WANTED, count=2, confirm_resize=True, terminate_surplus=True)
    nodes = [_node(1, instance_type="g5.xlarge", root=_root(1, gib=100), tags={}), _node(3)]
    steps = make_plan(wanted, nodes).steps(wanted)
    assert steps == [
        "Set Name, Project, Shard on i-1running.",
        "Change the root volume vol-1 of OpenArchive-Shard-1 (i-1running, us-east-1a) to 200 GiB gp3.",
        "Stop OpenArchive-Shard-1 (i-1running, us-east-1a) and make it a g5.12xlarge.",
        "Launch OpenArchive-Shard-2.",
        "Terminate OpenArchive-Shard-3 (i-3running, us-east-1a).",
    ]
