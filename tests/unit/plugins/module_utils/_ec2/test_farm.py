# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of ``shard_instances`` against a local EC2."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._aws.errors import AwsError
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.executor import Executor
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.farm import (
    Settings,
    have_instances,
    pause_instances,
    remove_instances,
)
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.nodes import Node
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.placement import Placement
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from tests.support.emulated_account import PROFILE, Account

Changes = Callable[[], list[dict[str, str]]]

_PARAMETERS = {
    "project": "farm",
    "count": 3,
    "instance_type": "g5.12xlarge",
    "image_id": "",
    "image_parameter": "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
    "root_volume_gib": 200,
    "instance_profile": "glossapi-farm-node",
    "security_group": "glossapi-farm",
    "vpc_id": "",
    "subnets": [],
    "zones": [],
    "key_name": "",
    "spot": False,
    "user_data": "#!/bin/bash\n",
    "tags": {},
    "confirm_resize": False,
    "surplus": "keep",
    "unfinished": {},
    "confirm_unfinished": False,
    "shutdown": "stop",
    "spot_fallback": False,
    "other_instance_types": [],
    "capacity_reservation": "",
}


def _have(account: Account, *, check_mode: bool = False, **changes: Any) -> dict[str, Any]:
    settings = Settings.from_parameters({**_PARAMETERS, **changes})
    return have_instances(account.connection, settings, 60, check_mode=check_mode)


def _tags(item: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in item.get("Tags", ())}


def _zones(account: Account) -> list[str]:
    return [instance["Placement"]["AvailabilityZone"][-1] for instance in account.instances()]


def _template(account: Account) -> dict[str, Any]:
    versions = account.ec2.describe_launch_template_versions(LaunchTemplateName="farm", Versions=["$Latest"])
    return dict(versions["LaunchTemplateVersions"][0]["LaunchTemplateData"])


def _actions(changes: list[dict[str, str]]) -> list[str]:
    return [change["Action"] for change in changes]


def test_the_first_run_launches_a_tagged_node_for_each_shard(account: Account) -> None:
    result = _have(account, tags={"Team": "nlp"})
    assert result["changed"]
    instances = account.instances()
    for shard, instance in enumerate(instances, start=1):
        expected = {"Name": f"OpenArchive-Shard-{shard}", "Project": "farm", "Shard": str(shard), "Team": "nlp"}
        assert _tags(instance).items() >= expected.items()
        volume = account.root_volume(instance)
        assert _tags(volume) == expected
        assert (volume["Size"], volume["VolumeType"], volume["Encrypted"]) == (200, "gp3", True)
    assert [node["shard"] for node in result["nodes"]] == [1, 2, 3]
    assert len(result["placement"]) == 3
    assert len(instances) == 3


def test_the_launch_template_says_what_the_emulator_does_not_enforce(account: Account) -> None:
    _have(account)
    data = _template(account)
    assert data["MetadataOptions"]["HttpTokens"] == "required"
    assert data["MetadataOptions"]["HttpPutResponseHopLimit"] == 2
    assert data["IamInstanceProfile"] == {"Name": "glossapi-farm-node"}
    assert data["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] is True
    (group,) = account.ec2.describe_security_groups(GroupNames=["glossapi-farm"])["SecurityGroups"]
    assert data["SecurityGroupIds"] == [group["GroupId"]]
    assert base64.b64decode(data["UserData"]) == b"#!/bin/bash\n"
    assert "InstanceMarketOptions" not in data


def test_each_launch_has_its_own_client_token_and_a_fixed_template_version(
    account: Account, new_changes: Changes
) -> None:
    _have(account)
    launches = [change for change in new_changes() if change["Action"] == "RunInstances"]
    assert len({launch["ClientToken"] for launch in launches}) == 3
    assert {launch["LaunchTemplate.Version"] for launch in launches} == {"1"}


def test_a_second_run_changes_nothing(account: Account, new_changes: Changes) -> None:
    first = _have(account)
    new_changes()
    second = _have(account)
    assert not second["changed"]
    assert second["steps"] == []
    assert second["nodes"] == first["nodes"]
    assert new_changes() == []


def test_check_mode_in_an_empty_account_says_what_would_be_done_and_does_nothing(empty_account: Account) -> None:
    result = _have(empty_account, check_mode=True)
    assert result["changed"]
    assert result["steps"] == [
        "Write the launch template farm.",
        *(f"Launch OpenArchive-Shard-{shard}." for shard in (1, 2, 3)),
    ]
    assert result["nodes"] == []
    assert empty_account.instances() == []
    assert empty_account.ec2.describe_launch_templates()["LaunchTemplates"] == []


def test_check_mode_on_a_running_farm_finds_nothing_to_do(account: Account) -> None:
    _have(account)
    assert not _have(account, check_mode=True)["changed"]


def test_check_mode_on_a_running_farm_tells_drift_and_leaves_it(account: Account, new_changes: Changes) -> None:
    _have(account)
    second = account.instances()[1]["InstanceId"]
    account.ec2.stop_instances(InstanceIds=[second])
    new_changes()
    result = _have(account, check_mode=True)
    assert result["steps"] == [f"Start OpenArchive-Shard-2 ({second}, us-east-1a)."]
    assert new_changes() == []


def test_without_the_security_group_nothing_is_launched(empty_account: Account) -> None:
    with pytest.raises(FarmError, match=r"no security group glossapi-farm in vpc-.*tag security_group first"):
        _have(empty_account)
    assert empty_account.instances() == []


def test_a_security_group_of_the_operator_is_taken_by_its_id(empty_account: Account) -> None:
    group = empty_account.ec2.create_security_group(GroupName="mine", Description="x")["GroupId"]
    _have(empty_account, security_group=group)
    assert _template(empty_account)["SecurityGroupIds"] == [group]


def test_a_terminated_node_is_launched_again_and_the_others_stay(account: Account) -> None:
    _have(account)
    before = [instance["InstanceId"] for instance in account.instances()]
    account.ec2.terminate_instances(InstanceIds=[before[0]])
    assert _have(account)["changed"]
    after = [instance["InstanceId"] for instance in account.instances()]
    assert after[1:] == before[1:]
    assert after[0] != before[0]


def test_a_stopped_node_is_started(account: Account) -> None:
    _have(account)
    stopped = account.instances()[2]["InstanceId"]
    account.ec2.stop_instances(InstanceIds=[stopped])
    assert _have(account)["steps"] == [f"Started OpenArchive-Shard-3 ({stopped})."]
    assert account.instances()[2]["InstanceId"] == stopped


def test_changed_tags_are_set_right_and_others_stay(account: Account, new_changes: Changes) -> None:
    _have(account)
    instance = account.instances()[0]
    volume = account.root_volume(instance)
    account.ec2.create_tags(
        Resources=[instance["InstanceId"]], Tags=[{"Key": "Name", "Value": "x"}, {"Key": "Own", "Value": "y"}]
    )
    account.ec2.delete_tags(Resources=[volume["VolumeId"]], Tags=[{"Key": "Shard"}])
    new_changes()
    _have(account)
    assert _actions(new_changes()) == ["CreateTags", "CreateTags"]
    assert _tags(account.instances()[0]).items() >= {"Name": "OpenArchive-Shard-1", "Own": "y"}.items()
    assert _tags(account.root_volume(instance))["Shard"] == "1"


def test_a_larger_root_volume_is_grown_in_place_and_a_smaller_one_refused(account: Account) -> None:
    _have(account, count=1)
    grown = _have(account, count=1, root_volume_gib=300)
    assert any("300 GiB gp3: the role root_volume grows" in step for step in grown["steps"])
    (instance,) = account.instances()
    assert account.root_volume(instance)["Size"] == 300
    assert not _have(account, count=1, root_volume_gib=300)["changed"]
    with pytest.raises(FarmError, match="cannot shrink"):
        _have(account, count=1, root_volume_gib=200)


def test_a_node_that_was_opened_is_closed_again_without_a_stop(account: Account, new_changes: Changes) -> None:
    _have(account, count=1)
    (instance,) = account.instances()
    groups = [group["GroupId"] for group in instance["SecurityGroups"]]
    vpc = account.ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    other = account.ec2.create_security_group(GroupName="open", Description="open", VpcId=vpc)["GroupId"]
    account.ec2.modify_instance_attribute(InstanceId=instance["InstanceId"], Groups=[*groups, other])
    account.ec2.modify_instance_metadata_options(InstanceId=instance["InstanceId"], HttpTokens="optional")
    new_changes()
    told = _have(account, count=1, check_mode=True)["steps"]
    assert [step.split()[0] for step in told] == ["Put", "Have"]
    assert new_changes() == []
    assert _have(account, count=1)["changed"]
    assert _actions(new_changes()) == ["ModifyInstanceAttribute", "ModifyInstanceMetadataOptions"]
    (instance,) = account.instances()
    assert [group["GroupId"] for group in instance["SecurityGroups"]] == groups
    assert instance["MetadataOptions"]["HttpTokens"] == "required"
    assert instance["MetadataOptions"]["HttpPutResponseHopLimit"] == 2
    assert not _have(account, count=1)["changed"]


def test_a_node_with_another_instance_profile_or_none_gets_the_farms(account: Account, new_changes: Changes) -> None:
    account.client("iam").create_instance_profile(InstanceProfileName="other")
    _have(account, count=2, instance_profile="other")
    second = account.instances()[1]["InstanceId"]
    (association,) = account.ec2.describe_iam_instance_profile_associations(
        Filters=[{"Name": "instance-id", "Values": [second]}]
    )["IamInstanceProfileAssociations"]
    account.ec2.disassociate_iam_instance_profile(AssociationId=association["AssociationId"])
    new_changes()
    assert sum("instance profile" in step for step in _have(account, count=2, check_mode=True)["steps"]) == 2
    assert new_changes() == []
    _have(account, count=2)
    assert {"ReplaceIamInstanceProfileAssociation", "AssociateIamInstanceProfile"} < set(_actions(new_changes()))
    arns = {instance["IamInstanceProfile"]["Arn"].rpartition("/")[2] for instance in account.instances()}
    assert arns == {PROFILE}
    assert not _have(account, count=2)["changed"]


def test_of_instances_that_end_at_their_launch_the_reason_is_told(account: Account) -> None:
    account.server.limit(ended="Client error on launch")
    with pytest.raises(FarmError, match=r"is terminated \(Client error on launch\).*Launched OpenArchive-Shard-1"):
        _have(account, count=1)


def test_a_template_that_was_changed_by_hand_is_written_again(account: Account) -> None:
    _have(account, count=1)
    account.ec2.create_launch_template_version(
        LaunchTemplateName="farm", LaunchTemplateData={**_template(account), "EbsOptimized": True}
    )
    assert _have(account, count=1)["steps"] == ["Wrote the launch template farm, version 3."]
    assert not _have(account, count=1)["changed"]


def test_another_type_is_only_given_after_a_confirmed_stop(account: Account, new_changes: Changes) -> None:
    _have(account, count=1)
    new_changes()
    with pytest.raises(FarmError, match="farm_confirm_resize=true"):
        _have(account, count=1, instance_type="g5.24xlarge")
    assert new_changes() == []
    _have(account, count=1, instance_type="g5.24xlarge", confirm_resize=True)
    (instance,) = account.instances()
    assert instance["InstanceType"] == "g5.24xlarge"
    actions = _actions(new_changes())
    assert actions.index("StopInstances") < actions.index("ModifyInstanceAttribute") < actions.index("StartInstances")
    assert not _have(account, count=1, instance_type="g5.24xlarge")["changed"]


def test_a_zone_without_capacity_is_passed_over(account: Account) -> None:
    account.server.limit(zones={"us-east-1a": 0, "us-east-1b": 2})
    result = _have(account)
    assert _zones(account) == ["b", "b", "c"]
    assert len(result["full"]) == 3
    assert all("no capacity" in reason or "Insufficient" in reason for reason in result["full"].values())


def test_zones_are_tried_in_the_operators_order(account: Account) -> None:
    account.server.limit(zones={"us-east-1d": 1})
    _have(account, count=2, zones=["us-east-1d", "us-east-1b"])
    assert _zones(account) == ["d", "b"]


def test_subnets_are_tried_in_the_operators_order(account: Account) -> None:
    subnets = {item["AvailabilityZone"][-1]: item["SubnetId"] for item in account.ec2.describe_subnets()["Subnets"]}
    account.server.limit(zones={"us-east-1c": 1})
    _have(account, count=2, subnets=[subnets["c"], subnets["a"]])
    assert _zones(account) == ["c", "a"]


def test_a_partial_launch_is_kept_told_and_completed_by_the_next_run(account: Account) -> None:
    account.server.limit(zones={f"us-east-1{zone}": int(zone == "b") for zone in "abcdef"})
    with pytest.raises(FarmError) as caught:
        _have(account)
    message = str(caught.value)
    assert "No capacity for OpenArchive-Shard-2, OpenArchive-Shard-3" in message
    assert "Launched OpenArchive-Shard-1" in message
    assert "kept" in message
    (kept,) = account.instances()
    account.server.limit()
    completed = _have(account)
    assert [step.split(" (")[0] for step in completed["steps"]] == [
        "Launched OpenArchive-Shard-2", "Launched OpenArchive-Shard-3"
    ]  # fmt: skip
    assert account.instances()[0]["InstanceId"] == kept["InstanceId"]


def test_a_quota_that_is_too_low_is_told_before_anything_is_launched(account: Account) -> None:
    account.ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, InstanceType="g4dn.xlarge")
    account.ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, InstanceType="t3.micro")
    account.server.limit(vcpus=147)
    with pytest.raises(FarmError, match=r"147 vCPUs allowed, 4 in use, 143 free, 144 needed.*quota of 148 or more"):
        _have(account)
    assert len(account.instances()) == 2
    account.server.limit(vcpus=148)
    assert len(_have(account)["nodes"]) == 3


def test_a_quota_that_is_too_low_is_a_note_where_other_types_will_do(account: Account) -> None:
    account.server.limit(vcpus=100)
    # Three g5 take 144 vCPUs; two and a p4d would do.
    result = _have(account, check_mode=True, other_instance_types=["p4d.24xlarge"])
    assert "100 vCPUs allowed, 0 in use, 100 free, 144 needed" in result["notes"][0]
    with pytest.raises(FarmError, match="The quota is too low, and nothing was launched"):
        _have(account, check_mode=True, other_instance_types=["g6.12xlarge"])


def test_a_stopped_node_without_vcpus_is_waited_for_only_while_others_end(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    _have(account, count=2)
    account.ec2.stop_instances(InstanceIds=[account.instances()[0]["InstanceId"]])
    seen: list[float] = []

    def look(executor: Executor, *_arguments: object) -> Placement:
        seen.append(executor.vcpu_seconds)
        return Placement({}, (), {})

    monkeypatch.setattr(Executor, "run", look)
    _have(account, count=2)
    # It was stopped a moment ago.
    assert 0 < seen[0] <= 60


def test_only_missing_nodes_count_against_the_quota(account: Account) -> None:
    _have(account, count=1)
    account.server.limit(vcpus=96)
    assert len(_have(account, count=2)["nodes"]) == 2


def test_spot_is_asked_for_by_the_template(account: Account) -> None:
    _have(account, count=1, spot=True, key_name="mine")
    data = _template(account)
    assert data["InstanceMarketOptions"] == {"MarketType": "spot"}
    assert data["KeyName"] == "mine"


def test_a_changed_setting_makes_a_new_default_version_for_new_nodes(account: Account, new_changes: Changes) -> None:
    _have(account, count=1)
    new_changes()
    result = _have(account, count=2, spot=True)
    (template,) = account.ec2.describe_launch_templates()["LaunchTemplates"]
    assert template["DefaultVersionNumber"] == template["LatestVersionNumber"] == 2
    (launch,) = (change for change in new_changes() if change["Action"] == "RunInstances")
    assert launch["LaunchTemplate.Version"] == "2"
    assert "Nodes of shards [1] are not spot; new ones will be." in result["notes"]
    assert "InstanceMarketOptions" not in _template_after(account, spot=False)


def _template_after(account: Account, **changes: Any) -> dict[str, Any]:
    _have(account, count=2, **changes)
    return _template(account)


def test_a_template_of_that_name_that_is_not_the_farms_is_refused(account: Account) -> None:
    account.ec2.create_launch_template(LaunchTemplateName="farm", LaunchTemplateData={"ImageId": "ami-1"})
    with pytest.raises(FarmError, match=r"launch template farm .*not the farm's"):
        _have(account)
    removed = remove_instances(account.connection, "farm", 60, check_mode=False)
    assert not removed["changed"]
    assert "It is left as it is" in removed["notes"][0]
    assert account.ec2.describe_launch_templates()["LaunchTemplates"]


def test_another_image_is_for_new_nodes_and_said(account: Account) -> None:
    _have(account, count=1)
    result = _have(account, count=1, image_id="ami-12c6146b")
    assert result["notes"] == ["Nodes of shards [1] were launched from another image than ami-12c6146b and keep it."]
    assert _template(account)["ImageId"] == "ami-12c6146b"
    assert _template(account)["BlockDeviceMappings"][0]["DeviceName"] == "/dev/sda1"


def test_a_root_volume_the_image_does_not_fit_on_is_refused(account: Account) -> None:
    with pytest.raises(FarmError, match=r"needs a root volume of 15 GiB and farm_root_volume_gib is 10"):
        _have(account, root_volume_gib=10)


def test_nodes_beyond_the_count_stay_and_are_named(account: Account) -> None:
    _have(account)
    result = _have(account, count=2)
    assert not result["changed"]
    assert len(account.instances()) == 3
    assert "beyond the 2 nodes wanted" in result["notes"][0]


def test_scaling_down_spares_unfinished_nodes_until_confirmed(account: Account, new_changes: Changes) -> None:
    _have(account)
    new_changes()
    scale: dict[str, Any] = {"count": 1, "surplus": "terminate", "unfinished": {"1": 4, "2": 0, "3": 5}}
    with pytest.raises(FarmError, match=r"OpenArchive-Shard-3 .* has unfinished documents \(5\)"):
        _have(account, **scale)
    assert new_changes() == []
    _have(account, **scale, confirm_unfinished=True)
    assert [_tags(instance)["Shard"] for instance in account.instances()] == ["1"]


def test_scaling_up_launches_only_what_is_missing(account: Account) -> None:
    _have(account, count=1)
    first = account.instances()[0]["InstanceId"]
    _have(account, count=3, surplus="terminate")
    assert len(account.instances()) == 3
    assert account.instances()[0]["InstanceId"] == first


def test_teardown_removes_what_is_the_farms_and_nothing_else(account: Account) -> None:
    _have(account)
    _have(account, project="other", count=1)
    own = {"ResourceType": "instance", "Tags": [{"Key": "Project", "Value": "farm"}, {"Key": "Name", "Value": "mine"}]}
    account.ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, TagSpecifications=[own])
    planned = remove_instances(account.connection, "farm", 60, check_mode=True)
    assert len(planned["steps"]) == 4
    assert len(account.instances()) == 5
    removed = remove_instances(account.connection, "farm", 60, check_mode=False)
    assert removed["changed"]
    assert sorted(_tags(instance)["Name"] for instance in account.instances()) == ["OpenArchive-Shard-1", "mine"]
    names = [item["LaunchTemplateName"] for item in account.ec2.describe_launch_templates()["LaunchTemplates"]]
    assert names == ["other"]
    assert not remove_instances(account.connection, "farm", 60, check_mode=False)["changed"]


def test_a_tag_that_names_no_shard_does_not_keep_teardown_from_ending_the_costs(account: Account) -> None:
    _have(account, count=2)
    first = account.instances()[0]["InstanceId"]
    account.ec2.create_tags(Resources=[first], Tags=[{"Key": "Shard", "Value": "one"}])
    removed = remove_instances(account.connection, "farm", 60, check_mode=False)
    assert f"Terminate {first} (shard one, us-east-1a)." in removed["steps"]
    assert account.instances() == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"count": 0}, "count is 0"),
        ({"unfinished": {"one": 1}}, "numbers of documents by numbers of shards"),
        ({"image_id": "ami-00000000"}, "Cannot look at the image ami-00000000|no image ami-00000000"),
        ({"image_parameter": "/aws/service/none"}, "no such SSM parameter"),
        ({"subnets": ["subnet-0"]}, "no such subnet"),
        ({"zones": ["us-east-1z"]}, "No subnet can take the nodes"),
        ({"user_data": "x" * 20000}, "EC2 takes 16384"),
    ],
)
def test_bad_settings_are_told_before_anything_is_launched(
    account: Account, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(FarmError, match=reason):
        _have(account, **changes)
    assert account.instances() == []


def _shutdown(account: Account, instance_id: str) -> str:
    answer = account.ec2.describe_instance_attribute(
        InstanceId=instance_id, Attribute="instanceInitiatedShutdownBehavior"
    )
    return str(answer["InstanceInitiatedShutdownBehavior"]["Value"])


def test_what_becomes_of_a_node_that_shuts_itself_down_is_as_asked_for(account: Account, new_changes: Changes) -> None:
    _have(account, count=1)
    (instance,) = account.instances()
    assert _template(account)["InstanceInitiatedShutdownBehavior"] == "stop"
    assert _shutdown(account, instance["InstanceId"]) == "stop"
    new_changes()
    asked = _have(account, count=1, shutdown="terminate", check_mode=True)
    assert asked["steps"][-1].endswith("terminate when it shuts itself down.")
    assert new_changes() == []
    result = _have(account, count=1, shutdown="terminate")
    assert result["steps"][-1] == "Had OpenArchive-Shard-1 terminate when it shuts itself down."
    assert _shutdown(account, instance["InstanceId"]) == "terminate"
    assert not _have(account, count=1, shutdown="terminate")["changed"]


def test_a_spot_node_is_terminated_by_its_shutdown_and_left_as_it_is(account: Account) -> None:
    _have(account, count=1, spot=True)
    assert _template(account)["InstanceInitiatedShutdownBehavior"] == "terminate"
    assert not _have(account, count=1, spot=True)["changed"]


def test_a_pause_stops_what_runs_and_the_second_one_nothing(account: Account, new_changes: Changes) -> None:
    _have(account, count=2)
    new_changes()
    asked = pause_instances(account.connection, "farm", 60, check_mode=True)
    assert [step.split()[0] for step in asked["steps"]] == ["Stop", "Stop"]
    assert asked["changed"]
    assert new_changes() == []
    assert pause_instances(account.connection, "farm", 60, check_mode=False)["changed"]
    assert len(account.instances("stopped")) == 2
    for check_mode in (True, False):
        assert not pause_instances(account.connection, "farm", 60, check_mode=check_mode)["changed"]
    assert _actions(new_changes()) == ["StopInstances"]
    assert len(_have(account, count=2)["steps"]) == 2
    assert len(account.instances()) == 2


def test_a_pause_terminates_spot_nodes_and_leaves_an_operator_s_own_machine(account: Account) -> None:
    _have(account, count=2, spot=True)
    first, second = account.instances()
    account.ec2.delete_tags(Resources=[second["InstanceId"]], Tags=[{"Key": "Shard"}])
    result = pause_instances(account.connection, "farm", 60, check_mode=False)
    assert result["steps"] == [f"Terminate {first['InstanceId']} (shard 1, us-east-1a), as spot cannot be stopped."]


def test_a_pause_terminates_spot_nodes_also_where_the_others_cannot_be_stopped(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    _have(account, count=1)
    _have(account, count=2, spot=True)
    (on_demand, spot) = account.instances()

    def refuse(_executor: Executor, _nodes: Sequence[Node]) -> None:
        raise AwsError("Cannot stop.", "InternalError")

    monkeypatch.setattr(Executor, "stop", refuse)
    with pytest.raises(FarmError, match=f"Cannot stop. Done before that, and kept: Terminated {spot['InstanceId']}"):
        pause_instances(account.connection, "farm", 60, check_mode=False)
    assert [instance["InstanceId"] for instance in account.instances()] == [on_demand["InstanceId"]]


def test_where_spot_may_give_way_the_template_leaves_the_market_to_each_request(account: Account) -> None:
    _have(account, count=1, spot=True, spot_fallback=True)
    assert "InstanceMarketOptions" not in _template(account)
    (instance,) = account.instances()
    assert instance["InstanceLifecycle"] == "spot"
    assert _shutdown(account, instance["InstanceId"]) == "terminate"
    assert not _have(account, count=1, spot=True, spot_fallback=True)["changed"]
