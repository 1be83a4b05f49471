# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks validate, provision, scale and teardown, and the inventory, against an emulated account."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from tests.support.emulated_account import Account, tags
from tests.support.emulated_farm import PROJECT, EmulatedFarm, Run, emulated_farm

_TOKEN = "hf_thisMustNotBeSeenAnywhere"
_TYPED_TOKEN = "hf_thisWasTypedAndMustNotBeSeen"
_SUMMARY = {
    "shards": [{"shard": 1, "documents": 0, "pages": 0}, {"shard": 2, "documents": 1, "pages": 10}],
    "totals": {"documents": 1},
    "skipped": {},
    "counts": "s3://test-work/farm/page_counts_master.csv",
}

# Where the permission is not called like the request.
_PERMISSIONS = {
    "monitoring:DescribeAlarms": "cloudwatch:DescribeAlarms",
    "s3:GET bucket": "s3:ListBucket",
    "s3:GET bucket encryption": "s3:GetEncryptionConfiguration",
    "s3:GET bucket location": "s3:GetBucketLocation",
    "s3:GET bucket publicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:GET bucket tagging": "s3:GetBucketTagging",
    "s3:GET object": "s3:GetObject",
    "s3:HEAD bucket": "s3:ListBucket",
    "s3:HEAD object": "s3:GetObject",
    "s3:PUT bucket": "s3:CreateBucket",
    "s3:PUT bucket encryption": "s3:PutEncryptionConfiguration",
    "s3:PUT bucket publicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:PUT bucket tagging": "s3:PutBucketTagging",
    "s3:PUT object": "s3:PutObject",
}


@pytest.fixture(scope="module")
def farm(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedFarm]:
    with emulated_farm(repository, tmp_path_factory.mktemp("provision")) as farm:
        yield farm


def _foreign(account: Account) -> None:
    """Have things in the account that are not the farm's."""
    account.ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    account.ec2.create_security_group(GroupName="foreign", Description="x")


def _drift(account: Account) -> None:
    """Stop a node, let none out, and let all of them do anything in S3."""
    account.ec2.stop_instances(InstanceIds=[_farm_instances(account)[1]["InstanceId"]])
    named = [{"Name": "group-name", "Values": [PROJECT]}]
    (group,) = account.ec2.describe_security_groups(Filters=named)["SecurityGroups"]
    account.ec2.revoke_security_group_egress(GroupId=group["GroupId"], IpPermissions=group["IpPermissionsEgress"])
    anything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    account.client("iam").put_role_policy(
        RoleName=f"{PROJECT}-node", PolicyName="by-hand", PolicyDocument=json.dumps(anything)
    )


def _leave_unfinished(account: Account) -> None:
    """Cut two shards, of which the second has a document without an end."""
    s3 = account.client("s3")
    for name, body in (
        ("page_counts_master.csv", "uri,bytes,etag,pages,error\ns3://test-raw/a.pdf,5,e,10,\n"),
        ("shards/shard_summary.json", json.dumps(_SUMMARY)),
        ("shards/shard_1.csv", "uri,pages,bytes\n"),
        ("shards/shard_2.csv", "uri,pages,bytes\ns3://test-raw/a.pdf,10,5\n"),
    ):
        s3.put_object(Bucket="test-work", Key=f"farm/{name}", Body=body.encode())


@pytest.fixture(scope="module")
def runs(farm: EmulatedFarm) -> dict[str, Run]:
    """A farm's life, from an empty account to its teardown."""
    account = farm.account
    life: dict[str, Run] = {}
    account.server.limit(vcpus=40)
    life["validate with a low quota and without a key"] = farm.play(
        "validate", "-e", "farm_ssh_public_key=/nowhere/a.pub"
    )
    account.server.limit(vcpus=96)
    life["validate an empty account"] = farm.play("validate", HF_TOKEN=_TOKEN)
    life["validate GPUs that are missing"] = farm.play("validate", "-e", "farm_pipeline=glossapi", "-e", "farm_gpus=0")
    life["check an empty account"] = farm.play("provision", "--check", "--diff")
    _foreign(account)
    life["first"] = farm.play("provision", "-vvv", "--diff", watched=True, HF_TOKEN=_TOKEN)
    life["second"] = farm.play("provision", HF_TOKEN=_TOKEN)
    life["check a running farm"] = farm.play("provision", "--check", HF_TOKEN=_TOKEN)
    life["token at a prompt"] = farm.play(
        *("provision", "--tags", "hf_token_secret", "-e", "farm_hf_token_prompt=true"),
        typed=_TYPED_TOKEN,
        watched=True,
    )
    _drift(account)
    life["check drift"] = farm.play("provision", "--check", "--tags", "ec2_nodes,node_iam_role,security_group")
    life["drift"] = farm.play("provision", "--tags", "ec2_nodes,node_iam_role,security_group")
    life["pause"] = farm.play("pause")
    paused = [tags(instance)["Shard"] for instance in account.instances("stopped")]
    assert sorted(paused) == ["1", "2"], life["pause"].output[-6000:]
    life["pause again"] = farm.play("pause", "--check")
    late, refused = (instance["InstanceId"] for instance in account.instances("stopped"))
    farm.sessions.set_late(late, attempts=2)
    farm.sessions.set_unreachable(refused, "AccessDeniedException")
    life["resume"] = farm.play("resume", "--tags", "ec2_nodes,reach")
    account.server.limit()
    life["scale up"] = farm.play("scale", "-e", "farm_shards=3", "--tags", "ec2_nodes")
    _leave_unfinished(account)
    life["scale down"] = farm.play("scale", "-e", "farm_shards=1", "--tags", "ec2_nodes")
    life["scale down confirmed"] = farm.play(
        "scale", "-e", "farm_shards=1", "-e", "farm_confirm_unfinished=true", "--tags", "ec2_nodes"
    )
    life["teardown unconfirmed"] = farm.play("teardown", "-e", "confirm=other")
    life["check teardown"] = farm.play("teardown", "-e", f"confirm={PROJECT}", "--check")
    life["teardown"] = farm.play("teardown", "-e", f"confirm={PROJECT}")
    life["teardown again"] = farm.play("teardown", "-e", f"confirm={PROJECT}")
    return life


def _farm_instances(account: Account) -> list[dict[str, Any]]:
    return [instance for instance in account.instances() if tags(instance).get("Project") == PROJECT]


def _succeeded(run: Run) -> Run:
    assert run.status == 0, run.output[-6000:]
    return run


def test_a_low_quota_is_told_with_its_numbers_before_anything_is_launched(runs: dict[str, Run]) -> None:
    run = runs["validate with a low quota and without a key"]
    assert run.status != 0
    assert "40 vCPUs allowed, 0 in use, 40 free, 96 needed" in " ".join(run.output.split())
    assert f"No Hugging Face token is stored as {PROJECT}/hf-token, and none is given" in " ".join(run.output.split())
    assert "L-DB2E81BA" in run.output
    assert run.changes == []


def test_validating_an_empty_account_shows_price_and_plans_and_changes_nothing(runs: dict[str, Run]) -> None:
    run = _succeeded(runs["validate an empty account"])
    output = " ".join(run.output.split())
    assert "2 g5.12xlarge cost about 11.34 USD an hour" in output
    assert "Nothing of pdftext and tesseract uses a GPU, and 4 in each node are paid for" in output
    assert "5.672 each in us-east-1 on 2025-11-30" in output
    assert "The bucket test-work does not exist yet" in output
    assert "The instance profile test-farm-node does not exist yet" in output
    assert run.changed_tasks() == 0
    assert run.changes == []


def test_a_machine_that_could_not_reach_the_nodes_is_told_before_anything_is_bought(runs: dict[str, Run]) -> None:
    run = runs["validate with a low quota and without a key"]
    assert run.status != 0
    assert "There is no public key /nowhere/a.pub to be let in on the nodes" in " ".join(run.output.split())
    assert run.changes == []


def test_a_pipeline_that_needs_gpus_is_refused_for_nodes_without_any(runs: dict[str, Run]) -> None:
    run = runs["validate GPUs that are missing"]
    assert run.status != 0
    assert "Of glossapi and glossapi_rapidocr not all do without GPUs" in " ".join(run.output.split())


def test_check_mode_in_an_empty_account_tells_the_first_runs_changes_and_makes_none(runs: dict[str, Run]) -> None:
    check = _succeeded(runs["check an empty account"])
    # The first run also stores the token.
    assert check.changed_tasks() == _succeeded(runs["first"]).changed_tasks() - 1
    assert check.changes == []
    assert "Launch OpenArchive-Shard-2." in check.output


def test_a_second_run_changes_nothing_in_ansible_or_aws(runs: dict[str, Run]) -> None:
    for name in ("second", "check a running farm"):
        run = _succeeded(runs[name])
        assert run.changed_tasks() == 0, run.output
        assert run.changes == []


def test_drift_is_told_by_check_mode_and_mended_by_a_repair_run(runs: dict[str, Run]) -> None:
    check = _succeeded(runs["check drift"])
    assert check.changed_tasks() == 3
    assert "Start OpenArchive-Shard-2" in check.output
    assert check.changes == []
    mended = ["AuthorizeSecurityGroupEgress", "DeleteRolePolicy", "StartInstances"]
    assert sorted(_succeeded(runs["drift"]).changes) == mended


def test_scaling_works_both_ways_and_spares_unfinished_nodes(runs: dict[str, Run]) -> None:
    assert _succeeded(runs["scale up"]).changes == ["RunInstances"]
    refused = runs["scale down"]
    assert refused.status != 0
    assert "has unfinished documents (1) and is not terminated" in " ".join(refused.output.split())
    assert refused.changes == []
    assert _succeeded(runs["scale down confirmed"]).changes == ["TerminateInstances"]


def test_teardown_needs_the_farms_name(runs: dict[str, Run]) -> None:
    run = runs["teardown unconfirmed"]
    assert run.status != 0
    assert f"-e confirm={PROJECT}" in run.output
    assert run.changes == []


def test_teardown_removes_all_but_the_buckets_and_what_is_not_the_farms(
    runs: dict[str, Run], farm: EmulatedFarm
) -> None:
    check = _succeeded(runs["check teardown"])
    assert check.changes == []
    teardown = _succeeded(runs["teardown"])
    assert teardown.changed_tasks() == check.changed_tasks()
    account = farm.account
    assert _farm_instances(account) == []
    assert len(account.instances()) == 1
    groups = {group["GroupName"] for group in account.ec2.describe_security_groups()["SecurityGroups"]}
    assert groups == {"default", "foreign"}
    assert account.ec2.describe_launch_templates()["LaunchTemplates"] == []
    iam = account.client("iam")
    assert iam.list_roles()["Roles"] == []
    assert iam.list_instance_profiles()["InstanceProfiles"] == []
    assert iam.list_policies(Scope="Local")["Policies"] == []
    s3 = account.client("s3")
    assert {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]} == {"test-raw", "test-work", "test-results"}
    assert s3.get_object(Bucket="test-work", Key="farm/shards/shard_1.csv")
    assert _succeeded(runs["teardown again"]).changed_tasks() == 0


@pytest.mark.parametrize(("name", "token"), [("first", _TOKEN), ("token at a prompt", _TYPED_TOKEN)])
def test_a_token_is_in_secrets_manager_alone(runs: dict[str, Run], farm: EmulatedFarm, name: str, token: str) -> None:
    run = _succeeded(runs[name])
    recorded = [
        entry
        for entry in map(json.loads, farm.account.server.recording.read_text().splitlines())
        if token in base64.b64decode(entry["body"]).decode()
    ]
    targets = {entry["headers"]["X-Amz-Target"].partition(".")[0] for entry in recorded}
    assert targets == {"secretsmanager"}
    assert token not in run.output
    assert token not in run.arguments
    assert "ansible-playbook" in run.arguments
    assert token not in farm.log.read_text()
    kept = [path for path in farm.temporary.rglob("*") if path.is_file() and token in path.read_text(errors="replace")]
    assert kept == []


def test_the_first_runs_output_shows_who_is_where(runs: dict[str, Run]) -> None:
    output = " ".join(runs["first"].output.split())
    for shard in (1, 2):
        assert re.search(rf"OpenArchive-Shard-{shard}: i-\w+, g5\.12xlarge on-demand in us-east-1a, running", output)


def test_the_policy_for_the_controller_allows_what_it_asked_of_aws(runs: dict[str, Run], repository: Path) -> None:
    policy = json.loads((repository / "docs" / "controller-policy.json").read_text())
    allowed = [action for statement in policy["Statement"] for action in statement["Action"]]
    asked = {_PERMISSIONS.get(call, call) for run in runs.values() for call in run.calls}
    assert {"ec2:RunInstances", "iam:CreateRole", "s3:CreateBucket", "s3:PutObject"} < asked
    assert [call for call in sorted(asked) if not any(fnmatch(call, action) for action in allowed)] == []


@pytest.mark.usefixtures("runs")
def test_nothing_tried_to_reach_aws(farm: EmulatedFarm) -> None:
    assert farm.recorder.asked == []


def test_a_pause_stops_the_instances_whatever_their_nodes_say_and_the_second_one_nothing(runs: dict[str, Run]) -> None:
    run = _succeeded(runs["pause"])
    assert run.changes == ["StopInstances"]
    assert run.changed_tasks() == 1
    again = _succeeded(runs["pause again"])
    assert again.changes == []
    assert again.changed_tasks() == 0


def test_resuming_starts_the_nodes_waits_for_a_late_one_and_names_one_that_does_not_come(runs: dict[str, Run]) -> None:
    run = runs["resume"]
    assert run.changes == ["StartInstances", "StartInstances"]
    # Nothing ran when the inventory was read first.
    assert "OpenArchive-Shard-1: not reached after" in run.output
    output = " ".join(run.output.split())
    assert "OpenArchive-Shard-2 could not be reached within" in output
    assert "the credentials may not do this" in output
    assert "is running. Systems Manager: its agent is Online." in output
    # The one goes on to what follows, the other ends the command with an error.
    recap = dict(re.findall(r"^(OpenArchive-Shard-\d) +: .*(failed=\d+)", run.output, re.MULTILINE))
    assert recap == {"OpenArchive-Shard-1": "failed=0", "OpenArchive-Shard-2": "failed=1"}
    assert run.status != 0
