# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from botocore.stub import Stubber

from ansible_collections.glossapi.farm.plugins.module_utils._ec2.preflight import Findings
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.preflight_launch import (
    Launch,
    check_launch,
    check_reservation,
    reservation_problems,
    type_problems,
)
from emulators.fault_proxy import Fault, FaultProxy, Rule
from tests.support.emulated_account import Account

pytestmark = pytest.mark.server

_LAUNCH = Launch(
    project="farm",
    instance_type="g5.12xlarge",
    gpus=4,
    image_id="ami-12c6146b",
    image_parameter="",
    root_gib=200,
    key_name="",
    security_group="glossapi-farm",
    vpc_id="",
    subnets=(),
    zones=(),
    instance_profile="",
    spot=False,
)


def _check(account: Account, **changed: Any) -> Findings:
    findings = Findings()
    check_launch(account.connection, findings, replace(_LAUNCH, **changed))
    return findings


def _vpc(account: Account) -> tuple[str, str]:
    """Return a VPC and its subnet, which lead nowhere."""
    vpc = account.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = account.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24", AvailabilityZone="us-east-1b")
    return vpc, subnet["Subnet"]["SubnetId"]


@pytest.mark.parametrize("spot", [False, True])
def test_a_launch_that_ec2_would_do_is_all_right_and_launches_nothing(account: Account, spot: bool) -> None:
    findings = _check(account, spot=spot)
    assert findings == Findings(facts={"gpus": 4, "would_launch": True})
    assert account.instances() == []


def test_a_type_that_does_not_exist_is_a_problem(account: Account) -> None:
    assert "g9.huge" in _check(account, instance_type="g9.huge").problems[0]


def test_a_type_that_no_zone_has_is_a_problem(account: Account) -> None:
    (problem,) = _check(account, zones=("us-east-1z",)).problems
    assert "No subnet can take the nodes" in problem
    assert "farm_zones" in problem


@pytest.mark.parametrize(
    ("instance_type", "gpus", "said"),
    [
        ("g5.48xlarge", 4, "farm_gpus is 4, and a g5.48xlarge has 8 GPUs"),
        ("g6.12xlarge", 8, "set it to 4"),
        ("p5.48xlarge", 4, "set it to 8"),
        ("c7i.large", 1, "has 0 GPUs of NVIDIA"),
    ],
)
def test_gpus_that_the_type_does_not_have_are_a_problem(
    account: Account, instance_type: str, gpus: int, said: str
) -> None:
    assert any(said in problem for problem in _check(account, instance_type=instance_type, gpus=gpus).problems)


def test_gpus_that_are_paid_for_and_not_used_are_a_note(account: Account) -> None:
    findings = _check(account, gpus=0)
    assert findings.problems == []
    assert "A g5.12xlarge has 4 GPUs, and farm_gpus is 0" in findings.notes[0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ProcessorInfo": {"SupportedArchitectures": ["arm64"]}}, "is no x86_64 machine"),
        ({"InstanceStorageSupported": False}, "has no instance store"),
        ({"GpuInfo": {"Gpus": [{"Count": 4, "Manufacturer": "AMD"}]}}, "has 0 GPUs of NVIDIA"),
    ],
)
def test_a_type_that_nodes_cannot_work_on_is_a_problem(changed: dict[str, Any], said: str) -> None:
    right: dict[str, Any] = {
        "InstanceType": "g5.12xlarge",
        "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]},
        "InstanceStorageSupported": True,
        "GpuInfo": {"Gpus": [{"Count": 4, "Manufacturer": "NVIDIA"}]},
    }
    assert type_problems(right, 4) == []
    (problem,) = type_problems(right | changed, 4)
    assert said in problem


def test_types_that_will_do_as_well_must_be_fit_with_gpus_of_their_own(account: Account) -> None:
    assert _check(account, other_types=("g6.12xlarge", "g5.48xlarge")).problems == []
    gone, unfit = _check(account, other_types=("g9.huge", "c7i.large")).problems
    assert "g9.huge" in gone
    assert "c7i.large has no instance store" in unfit


def test_a_launch_template_of_the_farms_name_that_is_not_the_farms_is_a_problem(account: Account) -> None:
    account.ec2.create_launch_template(LaunchTemplateName="farm", LaunchTemplateData={"ImageId": "ami-1"})
    (problem,) = _check(account).problems
    assert "There is the launch template farm" in problem
    assert "choose another farm_project" in problem


def test_subnets_of_another_vpc_are_a_problem_that_names_them(account: Account) -> None:
    vpc, subnet = _vpc(account)
    default = account.ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
    (problem,) = _check(account, vpc_id=default, subnets=(subnet,)).problems
    assert f"farm_vpc_id is {default}" in problem
    assert f"{subnet} ({vpc})" in problem


def test_a_subnet_without_a_way_out_is_a_problem_until_it_has_one(account: Account) -> None:
    vpc, subnet = _vpc(account)
    (problem,) = _check(account, subnets=(subnet,)).problems
    assert problem.startswith(f"The subnet {subnet} (us-east-1b) has no way out: the route 0.0.0.0/0 of rtb-")
    assert f"{vpc} has no endpoint of ssm, ssmmessages, s3" in problem
    (table,) = account.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    gateway = account.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    account.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    account.ec2.create_route(RouteTableId=table["RouteTableId"], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    assert "get no public address" in _check(account, subnets=(subnet,)).problems[0]
    account.ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    assert _check(account, subnets=(subnet,)).problems == []


def test_the_endpoints_that_nodes_need_do_instead_of_a_way_out(account: Account) -> None:
    vpc, subnet = _vpc(account)
    for service in ("ssm", "ssmmessages", "s3"):
        account.ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.us-east-1.{service}")
    findings = _check(account, subnets=(subnet,))
    assert findings.problems == []
    assert "packages and glossAPI must come from mirrors" in findings.notes[0]
    needed = (*_LAUNCH.services, "secretsmanager")
    assert "has no endpoint of secretsmanager" in _check(account, subnets=(subnet,), services=needed).problems[0]


def test_an_image_that_is_missing_or_does_not_fit_is_a_problem(account: Account) -> None:
    (missing,) = _check(account, image_id="ami-00000000").problems
    assert "ami-00000000" in missing
    (parameter,) = _check(account, image_id="", image_parameter="/aws/service/none").problems
    assert "/aws/service/none" in parameter
    (large,) = _check(account, root_gib=1).problems
    assert "set farm_root_volume_gib to that or more" in large


def test_a_key_pair_must_be_there(account: Account) -> None:
    (problem,) = _check(account, key_name="mine").problems
    assert "there is no such key pair in this region" in problem
    account.ec2.create_key_pair(KeyName="mine")
    assert _check(account, key_name="mine").problems == []


def test_a_security_group_of_ones_own_must_be_there_and_in_the_vpc(account: Account) -> None:
    assert "sg-00000000" in _check(account, security_group="sg-00000000").problems[0]
    vpc, _subnet = _vpc(account)
    foreign = account.ec2.create_security_group(GroupName="foreign", Description="x", VpcId=vpc)["GroupId"]
    (problem,) = _check(account, security_group=foreign).problems
    assert problem.startswith(f"The security group {foreign} is in {vpc}, and the subnets are in vpc-")
    own = account.ec2.create_security_group(GroupName="own", Description="x")["GroupId"]
    assert _check(account, security_group=own).problems == []


def test_what_ec2_would_refuse_is_a_problem(account: Account) -> None:
    findings = _check(account, instance_profile="gone")
    assert "would_launch" not in findings.facts
    assert "EC2 was asked by a dry run: nothing was launched." in findings.problems[0]


def test_routes_that_may_not_be_read_are_a_problem_and_not_taken_for_a_way_out(account: Account) -> None:
    # After the type, the subnets and what the zones have.
    rule = Rule(Fault.ACCESS_DENIED, skip=3, times=1)
    with FaultProxy(account.server.endpoint_url, [rule]) as proxy:
        findings = Findings()
        check_launch(replace(account.connection, endpoint_url=proxy.endpoint_url), findings, _LAUNCH)
    assert "Whether nodes have a way out cannot be told." in findings.problems[0]


_RESERVATION = {
    "CapacityReservationId": "cr-1",
    "State": "active",
    "InstanceType": "g5.12xlarge",
    "AvailabilityZone": "us-east-1a",
    "AvailableInstanceCount": 2,
}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"State": "expired"}, "The capacity reservation cr-1 is expired"),
        ({"InstanceType": "p5.48xlarge"}, "is for p5.48xlarge, and farm_instance_type is g5.12xlarge"),
        ({"AvailabilityZone": "us-east-1f"}, "is in us-east-1f, and the nodes' subnets in us-east-1a"),
        ({"AvailableInstanceCount": 1}, "has room for 1 instances, and 2 nodes are missing"),
    ],
)
def test_a_capacity_reservation_that_is_not_fit_is_a_problem(changed: dict[str, Any], said: str) -> None:
    assert reservation_problems(_RESERVATION, "g5.12xlarge", {"us-east-1a"}, 2) == []
    (problem,) = reservation_problems(_RESERVATION | changed, "g5.12xlarge", {"us-east-1a"}, 2)
    assert said in problem


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("", "Cannot look at the capacity reservation cr-1 of farm_capacity_reservation: "),
        ("expired", "The capacity reservation cr-1 is expired"),
    ],
)
def test_the_capacity_reservation_is_looked_for(account: Account, state: str, said: str) -> None:
    findings = Findings()
    operation, asked = "describe_capacity_reservations", {"CapacityReservationIds": ["cr-1"]}
    with Stubber(account.ec2) as stubber:
        if state:
            described = {**_RESERVATION, "State": state}
            stubber.add_response(operation, {"CapacityReservations": [described]}, asked)
        else:
            stubber.add_client_error(operation, "InvalidCapacityReservationId.NotFound", expected_params=asked)
        check_reservation(account.ec2, findings, replace(_LAUNCH, reservation="cr-1", missing=2), {"us-east-1a"})
    (problem,) = findings.problems
    assert problem.startswith(said)
