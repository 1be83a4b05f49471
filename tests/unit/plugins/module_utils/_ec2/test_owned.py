# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._ec2.owned import owned_resources
from tests.support.emulated_account import Account

_NAMES = {
    "security_group": "nodes",
    "role": "nodes-role",
    "instance_profile": "nodes-role",
    "policy": "nodes-policy",
    "secret": "nodes/token",
    "queue": "nodes-text",
}
_STATEMENT = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
_DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": [_STATEMENT]})
_MINE, _OTHERS = [{"Key": "Project", "Value": "farm"}], [{"Key": "Project", "Value": "other"}]


def _look(account: Account, **names: Any) -> dict[str, Any]:
    nothing = dict.fromkeys([*_NAMES, "vpc_id", "log_group"], "")
    return owned_resources(account.connection, {"project": "farm", "subnets": [], **nothing, **names})


def _create(account: Account, tags: list[dict[str, str]]) -> None:
    """Have all of ``_NAMES`` with these tags."""
    account.ec2.create_security_group(
        GroupName="nodes", Description="x", TagSpecifications=[{"ResourceType": "security-group", "Tags": tags}]
    )
    iam = account.client("iam")
    iam.create_role(RoleName="nodes-role", AssumeRolePolicyDocument="{}", Tags=tags)
    iam.put_role_policy(RoleName="nodes-role", PolicyName="by-hand", PolicyDocument=_DOCUMENT)
    iam.create_instance_profile(InstanceProfileName="nodes-role", Tags=tags)
    iam.create_policy(PolicyName="nodes-policy", PolicyDocument=_DOCUMENT, Tags=tags)
    account.client("sqs").create_queue(QueueName="nodes-text", tags={tag["Key"]: tag["Value"] for tag in tags})
    account.client("secretsmanager").create_secret(Name="nodes/token", SecretString="x", Tags=tags)


def test_what_does_not_exist_is_no_problem(empty_account: Account) -> None:
    result = _look(empty_account, **_NAMES, log_group="/farm")
    assert result["problems"] == []
    assert result["resources"].keys() == _NAMES.keys()
    assert not any(found["exists"] or found["owned"] for found in result["resources"].values())
    assert (result["inline_policies"], result["log_group"]) == ([], None)
    assert result["policy_arn"] == "arn:aws:iam::123456789012:policy/nodes-policy"


def test_what_has_the_farms_tag_is_owned(empty_account: Account) -> None:
    _create(empty_account, _MINE)
    result = _look(empty_account, **_NAMES)
    assert result["problems"] == []
    assert all(found["exists"] and found["owned"] for found in result["resources"].values())
    assert result["inline_policies"] == ["by-hand"]


def test_each_thing_that_is_not_the_farms_is_told(empty_account: Account) -> None:
    _create(empty_account, _OTHERS)
    result = _look(empty_account, **_NAMES)
    assert len(result["problems"]) == len(_NAMES)
    assert not any(found["owned"] for found in result["resources"].values())


def test_a_group_of_that_name_in_another_vpc_is_another_group(empty_account: Account) -> None:
    vpc = empty_account.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = empty_account.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    empty_account.ec2.create_security_group(GroupName="nodes", Description="x")
    assert _look(empty_account, security_group="nodes")["resources"]["security_group"]["exists"]
    result = _look(empty_account, security_group="nodes", subnets=[subnet])
    assert (result["vpc_id"], result["resources"]["security_group"]["exists"]) == (vpc, False)


def test_the_vpcs_default_group_is_used_as_it_is(empty_account: Account) -> None:
    result = _look(empty_account, security_group="default")
    assert result["problems"] == []
    assert result["resources"]["security_group"]["exists"]
    assert not result["resources"]["security_group"]["owned"]


def test_only_a_security_group_is_used_as_it_is_for_its_name(empty_account: Account) -> None:
    empty_account.client("iam").create_role(RoleName="default", AssumeRolePolicyDocument="{}")
    empty_account.client("secretsmanager").create_secret(Name="default", SecretString="x")
    assert len(_look(empty_account, role="default", secret="default")["problems"]) == 2
