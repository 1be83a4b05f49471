# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account that has things of the farm's names that are not the farm's, and a farm that is in another region."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.emulated_account import Account
from tests.support.emulated_farm import PROJECT, EmulatedFarm, Run, emulated_farm

_STATEMENT = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
_DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": [_STATEMENT]})
_TEARDOWN = ("teardown", "-e", f"confirm={PROJECT}")


@pytest.fixture(scope="module")
def farm(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedFarm]:
    with emulated_farm(repository, tmp_path_factory.mktemp("ownership")) as farm:
        _have_namesakes(farm.account)
        yield farm


def _have_namesakes(account: Account) -> None:
    """Have, without a tag or with another farm's, all that the farm would name so."""
    others = [{"Key": "Project", "Value": "other"}]
    account.ec2.create_security_group(GroupName=PROJECT, Description="x")
    account.ec2.create_launch_template(LaunchTemplateName=PROJECT, LaunchTemplateData={"ImageId": "ami-1"})
    iam = account.client("iam")
    iam.create_role(RoleName=f"{PROJECT}-node", AssumeRolePolicyDocument=_DOCUMENT, Tags=others)
    iam.create_instance_profile(InstanceProfileName=f"{PROJECT}-node")
    iam.create_policy(PolicyName=f"{PROJECT}-node", PolicyDocument=_DOCUMENT)
    account.client("secretsmanager").create_secret(Name=f"{PROJECT}/hf-token", SecretString="mine", Tags=others)
    account.client("s3").create_bucket(Bucket="test-work")
    account.client("logs").create_log_group(logGroupName=f"/{PROJECT}")


def _words(run: Run) -> str:
    return " ".join(run.output.split())


@pytest.mark.parametrize(
    ("tag", "told"),
    [
        ("node_iam_role", ["IAM role test-farm-node (arn:", "the instance profile", "the IAM policy", "tag-policy"]),
        ("security_group", ["the security group test-farm (sg-", "set farm_security_group to sg-"]),
        ("hf_token_secret", ["the secret test-farm/hf-token (arn:", "set farm_hf_token_secret to another name"]),
    ],
)
def test_what_is_not_the_farms_is_refused_with_its_id_and_the_ways_out(
    farm: EmulatedFarm, tag: str, told: list[str]
) -> None:
    run = farm.play("provision", "--tags", tag, HF_TOKEN="hf_new")
    assert run.status != 0
    assert run.changes == []
    assert [words for words in told if words not in _words(run)] == []


def test_what_a_setting_means_is_used_as_it_is(farm: EmulatedFarm) -> None:
    options = ("--tags", "security_group,s3_buckets", "-e", "farm_security_group=default")
    run = farm.play("provision", *options)
    assert run.status == 0, run.output
    assert run.changes == []
    assert "The bucket test-work has no tag Project=test-farm and is used as it is" in _words(run)
    s3 = farm.account.client("s3")
    for bucket in ("test-raw", "test-work"):
        with pytest.raises(s3.exceptions.ClientError, match="NoSuchPublicAccessBlockConfiguration"):
            s3.get_public_access_block(Bucket=bucket)
    (group,) = farm.account.ec2.describe_security_groups(GroupNames=["default"])["SecurityGroups"]
    assert "Tags" not in group or group["Tags"] == []


def test_teardown_leaves_what_is_not_the_farms_and_tells_it(farm: EmulatedFarm) -> None:
    run = farm.play(*_TEARDOWN)
    assert run.status == 0, run.output
    assert (run.changed_tasks(), run.changes) == (0, [])
    for left in ("launch template test-farm", "IAM role test-farm-node", "secret test-farm/hf-token"):
        assert f"There is the {left}" in _words(run)
    assert "aws logs delete-log-group --region us-east-1 --log-group-name /test-farm" in _words(run)


def _launch_abroad(farm: EmulatedFarm) -> None:
    tags = [{"Key": "Project", "Value": PROJECT}, {"Key": "Shard", "Value": "1"}]
    farm.account.client("ec2", "eu-west-1").run_instances(
        ImageId="ami-12c6146b", MinCount=1, MaxCount=1, TagSpecifications=[{"ResourceType": "instance", "Tags": tags}]
    )


def _have_a_group_in_use(account: Account) -> tuple[str, str, str]:
    """Return a group of the farm, another group with a rule that names it, and somebody's instance that is in it."""
    mine = {"ResourceType": "security-group", "Tags": [{"Key": "Project", "Value": PROJECT}]}
    used = account.ec2.create_security_group(GroupName="used", Description="x", TagSpecifications=[mine])["GroupId"]
    naming = account.ec2.create_security_group(GroupName="naming", Description="x")["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": used}]}
    account.ec2.authorize_security_group_ingress(GroupId=naming, IpPermissions=[rule])
    launched = account.ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SecurityGroupIds=[used])
    return used, naming, launched["Instances"][0]["InstanceId"]


def test_teardown_of_a_farm_in_two_regions_whose_security_group_somebody_uses(farm: EmulatedFarm) -> None:
    role = f"{PROJECT}-node-own"
    iam, mine = farm.account.client("iam"), [{"Key": "Project", "Value": PROJECT}]
    for name in (role, "AccesOpenArchivesBucket"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=_DOCUMENT, Tags=mine)
    _launch_abroad(farm)
    options = (*_TEARDOWN, "-e", f"farm_instance_profile={role}")
    lost = farm.play(*options)
    assert lost.status != 0
    assert lost.changes == []
    assert "has nothing in us-east-1, and 1 instances in eu-west-1: nothing was removed" in _words(lost)
    assert "AWS_REGION=eu-west-1 ansible-playbook playbooks/teardown.yml -e confirm=test-farm" in _words(lost)

    farm.launch(Project=PROJECT, Shard="one")
    used, naming, instance = _have_a_group_in_use(farm.account)
    here = farm.play(*options)
    assert here.status != 0
    # The costs end all the same.
    assert here.changes == ["TerminateInstances"]
    told = _words(here)
    assert f"The role {role} stays" in told
    assert "eu-west-1: i-" in told
    assert f"A security group of the farm, {used}, was not removed." in told
    assert f"of {instance} is in it and not the farm's: put it into another group" in told
    assert f"A rule of the security group {naming} names it" in told
    assert "DependencyViolation" in told

    farm.account.ec2.terminate_instances(InstanceIds=[instance])
    farm.account.ec2.delete_security_group(GroupId=naming)
    again = farm.play(*options)
    assert again.status == 0, again.output
    assert again.changes == ["DeleteSecurityGroup"]
    assert f"The role {role} stays" in _words(again)

    abroad = farm.play(*options, AWS_REGION="eu-west-1", AWS_DEFAULT_REGION="eu-west-1")
    assert abroad.status == 0, abroad.output
    assert abroad.changes.count("DeleteRole") == 2
    assert farm.recorder.asked == []
