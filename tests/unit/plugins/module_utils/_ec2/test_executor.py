# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.glossapi.farm.plugins.module_utils._aws.errors import AwsError
from ansible_collections.glossapi.farm.plugins.module_utils._ec2 import executor as executor_module
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.executor import Executor, client_token
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.nodes import Node
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.placement import ANYWHERE, Placement, Subnet
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.plan import Plan, Wanted
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.stored_template import StoredTemplate
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from tests.support.clock import ClockOf

_A, _B = Subnet("subnet-a", "us-east-1a", "vpc-1"), Subnet("subnet-b", "us-east-1b", "vpc-1")
_TEMPLATE = StoredTemplate("lt-1", 3, {})
_WANTED = Wanted("farm", 2, "g5.12xlarge", 200)
_NO_PROFILE = "InvalidParameterValue: Invalid IAM Instance Profile name"
_NO_ROLE = 'InvalidParameterValue: IAM Instance Profile "arn:aws:iam::1:instance-profile/p" has no associated IAM Roles'


class _Ec2:
    """Answers RunInstances and StartInstances as it is told, one answer after the other."""

    def __init__(self, *answers: str, zone: str = "") -> None:
        self._answers = list(answers)
        self._placement = {"Placement": {"AvailabilityZone": zone}} if zone else {}
        self.requests: list[dict[str, Any]] = []
        self.waited: list[str] = []

    def run_instances(self, **request: Any) -> dict[str, Any]:
        self.requests.append(request)
        return {"Instances": [{"InstanceId": self._answer("RunInstances"), **self._placement}]}

    def start_instances(self, **request: Any) -> None:
        self.requests.append(request)
        self._answer("StartInstances")

    def stop_instances(self, **_request: Any) -> None:
        """Nothing keeps one from stopping."""

    def modify_instance_attribute(self, **_request: Any) -> None:
        """Any type will do."""

    def get_waiter(self, name: str) -> _Ec2:
        self.waited.append(name)
        return self

    def wait(self, **_options: Any) -> None:
        """Everything has happened at once."""

    def _answer(self, operation: str) -> str:
        answer = self._answers.pop(0)
        if answer.startswith("i-"):
            return answer
        code, _colon, message = answer.partition(": ")
        raise ClientError({"Error": {"Code": code, "Message": message or code}}, operation)


def _plan(**parts: Any) -> Plan:
    names = (
        *("regroup", "reprofile", "protect", "behave", "grow", "resize"),
        *("start", "launch", "terminate", "surplus", "notes"),
    )
    return Plan(**({"retag": {}} | dict.fromkeys(names, ()) | parts))


def _node(shard: int, state: str) -> Node:
    return Node(f"i-old{shard}", shard, state, "g5.12xlarge", "us-east-1a", "ami-1", spot=False, tags={}, root=None)


def _launch(
    ec2: _Ec2,
    *terminated: Node,
    sleep: Callable[[float], None] = lambda _seconds: None,
    vcpu_seconds: float = 0.0,
) -> Placement:
    executor = Executor(ec2, _WANTED, 60, sleep, vcpu_seconds=vcpu_seconds)
    return executor.run(_plan(launch=(1,)), _TEMPLATE, [_A, _B], terminated)


def test_a_launch_is_waited_for() -> None:
    ec2 = _Ec2("i-1")
    assert _launch(ec2).placed == {1: _A}
    assert ec2.waited == ["instance_running"]


@pytest.mark.parametrize("code", ["InsufficientInstanceCapacity", "InsufficientFreeAddressesInSubnet", "Unsupported"])
def test_where_a_subnet_cannot_take_it_the_next_is_asked(code: str) -> None:
    ec2 = _Ec2(code, "i-1")
    assert _launch(ec2).placed == {1: _B}
    assert [request["SubnetId"] for request in ec2.requests] == ["subnet-a", "subnet-b"]
    assert ec2.requests[0]["ClientToken"] != ec2.requests[1]["ClientToken"]


def test_what_no_other_subnet_would_mend_ends_it() -> None:
    ec2 = _Ec2("UnauthorizedOperation")
    with pytest.raises(AwsError, match="may not do this"):
        _launch(ec2)
    assert len(ec2.requests) == 1


@pytest.mark.parametrize("answer", [_NO_PROFILE, _NO_ROLE])
def test_a_new_instance_profile_is_waited_for_with_the_same_token(answer: str) -> None:
    slept: list[float] = []
    ec2 = _Ec2(answer, "i-1")
    assert _launch(ec2, sleep=slept.append).placed == {1: _A}
    assert len(slept) == 1
    assert ec2.requests[0] == ec2.requests[1]


def test_an_instance_profile_that_nobody_made_ends_the_launch_after_its_time(clock_of: ClockOf) -> None:
    clock = clock_of(executor_module)
    with pytest.raises(AwsError, match="Invalid IAM Instance Profile"):
        _launch(_Ec2(*[_NO_PROFILE] * 100), sleep=clock.sleep)
    assert clock.slept == 95


def test_a_token_of_an_instance_that_is_gone_is_replaced() -> None:
    ec2 = _Ec2("IdempotentInstanceTerminated", "i-1")
    _launch(ec2)
    assert ec2.requests[0]["ClientToken"] != ec2.requests[1]["ClientToken"]


def test_an_interrupted_launch_repeats_its_request_and_a_replacement_does_not() -> None:
    first, again, replacement = _Ec2("i-1"), _Ec2("i-1"), _Ec2("i-2")
    _launch(first)
    _launch(again)
    _launch(replacement, _node(1, "terminated"))
    assert first.requests == again.requests
    assert replacement.requests[0]["ClientToken"] != first.requests[0]["ClientToken"]
    assert len(client_token({}, [])) == 64


def test_no_room_anywhere_tells_each_subnets_answer() -> None:
    ec2 = _Ec2("InsufficientInstanceCapacity: none in a", "InsufficientInstanceCapacity: none in b")
    with pytest.raises(FarmError, match=r"No capacity for OpenArchive-Shard-1: .*none in a.*none in b.*again later"):
        _launch(ec2)


def test_a_stopped_node_without_capacity_says_what_to_do_and_the_others_are_started() -> None:
    ec2 = _Ec2("InsufficientInstanceCapacity", "i-old2")
    executor = Executor(ec2, _WANTED, 60)
    with pytest.raises(FarmError, match=r"start OpenArchive-Shard-1 \(i-old1\) in us-east-1a: .*or terminate it"):
        executor.run(_plan(start=(_node(1, "stopped"), _node(2, "stopped"))), None, [], [])
    assert executor.done == ["Started OpenArchive-Shard-2 (i-old2)."]
    assert ec2.waited == ["instance_running"]


def test_capacity_to_start_a_stopped_node_is_waited_for_as_for_a_launch(clock_of: ClockOf) -> None:
    clock = clock_of(executor_module)
    ec2 = _Ec2("InsufficientInstanceCapacity", "i-old2", "InsufficientInstanceCapacity", "i-old1")
    executor = Executor(ec2, _WANTED, 60, clock.sleep, capacity_seconds=600)
    executor.run(_plan(start=(_node(1, "stopped"), _node(2, "stopped"))), None, [], [])
    assert clock.slept == 120
    assert [request["InstanceIds"] for request in ec2.requests] == [["i-old1"], ["i-old2"], ["i-old1"], ["i-old1"]]


@pytest.mark.parametrize(("refused", "slept"), [(2, 10), (100, 60)])
def test_vcpus_to_start_a_stopped_node_are_waited_for_as_for_a_launch(
    clock_of: ClockOf, refused: int, slept: float
) -> None:
    clock = clock_of(executor_module)
    ec2 = _Ec2(*["VcpuLimitExceeded"] * refused, "i-old1")
    executor = Executor(ec2, _WANTED, 60, clock.sleep, vcpu_seconds=60)
    expected = nullcontext() if slept < 60 else pytest.raises(AwsError, match="quota is used up")
    with expected:
        executor.run(_plan(start=(_node(1, "stopped"),)), None, [], [])
    assert clock.slept == slept
    assert len(executor.done) == (slept < 60)


def test_a_stopping_node_is_only_started_once_it_has_stopped() -> None:
    ec2 = _Ec2("i-old1")
    Executor(ec2, _WANTED, 60).run(_plan(start=(_node(1, "stopping"),)), None, [], [])
    assert ec2.waited == ["instance_stopped", "instance_running"]


def test_no_capacity_is_tried_again_in_all_subnets_for_its_time(
    clock_of: ClockOf, caplog: pytest.LogCaptureFixture
) -> None:
    clock = clock_of(executor_module)
    full = ["InsufficientInstanceCapacity"] * 4
    ec2 = _Ec2("i-1", *full, "i-2")
    executor = Executor(ec2, _WANTED, 60, clock.sleep, capacity_seconds=600)
    with caplog.at_level("INFO", executor_module.LOG.name):
        placement = executor.run(_plan(launch=(1, 2)), _TEMPLATE, [_A, _B], [])
    assert placement.placed == {1: _A, 2: _A}
    assert clock.slept == 120
    assert "no capacity for OpenArchive-Shard-2: trying for 10 min 0 s more" in caplog.text


def test_no_capacity_for_all_of_its_time_keeps_what_was_launched(clock_of: ClockOf) -> None:
    clock = clock_of(executor_module)
    ec2 = _Ec2("i-1", *["InsufficientInstanceCapacity"] * 100)
    executor = Executor(ec2, _WANTED, 60, clock.sleep, capacity_seconds=90)
    with pytest.raises(FarmError, match="No capacity for OpenArchive-Shard-2: "):
        executor.run(_plan(launch=(1, 2)), _TEMPLATE, [_A], [])
    assert clock.slept == 90
    assert executor.done == ["Launched OpenArchive-Shard-1 (i-1) in us-east-1a."]


def test_vcpus_of_nodes_that_have_just_ended_are_waited_for(clock_of: ClockOf) -> None:
    clock = clock_of(executor_module)
    ec2 = _Ec2("VcpuLimitExceeded", "VcpuLimitExceeded", "i-1")
    assert _launch(ec2, sleep=clock.sleep, vcpu_seconds=60).placed == {1: _A}
    assert clock.slept == 10


def test_a_quota_that_nothing_will_free_ends_the_launch_at_once_and_asks_no_other_zone() -> None:
    slept: list[float] = []
    ec2 = _Ec2("VcpuLimitExceeded: 96")
    with pytest.raises(FarmError, match=r"used up for OpenArchive-Shard-1: .*\(VcpuLimitExceeded: 96\).*higher quota"):
        _launch(ec2, sleep=slept.append)
    assert slept == []
    assert len(ec2.requests) == 1


def test_a_quota_that_nothing_will_free_ends_a_start_at_once() -> None:
    slept: list[float] = []
    executor = Executor(_Ec2("VcpuLimitExceeded"), _WANTED, 60, slept.append, capacity_seconds=600)
    with pytest.raises(AwsError, match="quota is used up"):
        executor.run(_plan(start=(_node(1, "stopped"),)), None, [], [])
    assert slept == []


def test_the_vcpus_of_a_node_that_was_just_stopped_for_another_type_are_waited_for(clock_of: ClockOf) -> None:
    clock = clock_of(executor_module)
    executor = Executor(_Ec2("VcpuLimitExceeded", "i-old1"), _WANTED, 60, clock.sleep)
    executor.run(_plan(resize=(_node(1, "running"),)), None, [], [])
    assert clock.slept == 5
    assert executor.done[-1] == "Started OpenArchive-Shard-1 (i-old1)."


def test_a_quota_that_stays_used_up_ends_the_launch_after_its_time(clock_of: ClockOf) -> None:
    clock = clock_of(executor_module)
    with pytest.raises(FarmError, match="quota is used up"):
        _launch(_Ec2(*["VcpuLimitExceeded"] * 100), sleep=clock.sleep, vcpu_seconds=60)
    assert clock.slept == 60


def test_where_the_quota_of_a_type_stays_used_up_the_next_type_is_taken(clock_of: ClockOf) -> None:
    clock = clock_of(executor_module)
    # One node of the first type, and no more however long nodes end; then one of the other.
    ec2 = _Ec2("i-1", *["VcpuLimitExceeded"] * 13, "i-2", "VcpuLimitExceeded: none")
    executor = Executor(
        ec2, replace(_WANTED, other_types=("g6.12xlarge",)), 60, clock.sleep, capacity_seconds=600, vcpu_seconds=60
    )
    with pytest.raises(FarmError, match="The quota is used up for OpenArchive-Shard-3: ") as caught:
        executor.run(_plan(launch=(1, 2, 3)), _TEMPLATE, [_A, _B], [])
    assert executor.done == [
        "Launched OpenArchive-Shard-1 (i-1) in us-east-1a.",
        "Launched OpenArchive-Shard-2 (i-2, g6.12xlarge) in us-east-1a.",
    ]
    # The time for old nodes to end is one for both types, and the time for capacity does not begin.
    assert clock.slept == 60
    assert str(caught.value).count("(VcpuLimitExceeded: ") == 2
    assert "in us-east-1a (subnet-a) as a g6.12xlarge: " in str(caught.value)


def test_a_type_without_quota_beside_one_without_room_is_tried_again_for_its_time(clock_of: ClockOf) -> None:
    clock = clock_of(executor_module)
    ec2 = _Ec2("VcpuLimitExceeded", "InsufficientInstanceCapacity", "VcpuLimitExceeded", "i-1")
    executor = Executor(ec2, replace(_WANTED, other_types=("g6.12xlarge",)), 60, clock.sleep, capacity_seconds=600)
    assert executor.run(_plan(launch=(1,)), _TEMPLATE, [_A], []).placed == {1: _A}
    assert clock.slept == 60


def test_spot_is_asked_for_in_all_subnets_before_on_demand() -> None:
    full = "InsufficientInstanceCapacity"
    ec2 = _Ec2("i-1", full, full, "i-2")
    executor = Executor(ec2, _WANTED, 60, spot_first=True)
    placement = executor.run(_plan(launch=(1, 2)), _TEMPLATE, [_A, _B], [])
    assert placement.placed == {1: _A, 2: _A}
    markets = [request.get("InstanceMarketOptions", {}).get("MarketType") for request in ec2.requests]
    assert markets == ["spot", "spot", "spot", None]
    assert ec2.requests[0]["InstanceInitiatedShutdownBehavior"] == "terminate"
    assert "InstanceInitiatedShutdownBehavior" not in ec2.requests[3]


@pytest.mark.parametrize("code", ["MaxSpotInstanceCountExceeded", "VcpuLimitExceeded"])
def test_where_the_spot_quota_is_used_up_on_demand_follows(code: str) -> None:
    ec2 = _Ec2(code, "i-1")
    executor = Executor(ec2, _WANTED, 60, spot_first=True)
    assert executor.run(_plan(launch=(1,)), _TEMPLATE, [_A], []).placed == {1: _A}


def test_a_request_for_any_zone_names_none_and_says_where_the_node_went() -> None:
    ec2 = _Ec2("InsufficientInstanceCapacity", "i-1")
    executor = Executor(ec2, _WANTED, 60)
    placement = executor.run(_plan(launch=(1,)), _TEMPLATE, [ANYWHERE, _A], [])
    assert placement.full.keys() == {""}
    assert "in any zone:" in placement.full[""]
    assert ["SubnetId" in request for request in ec2.requests] == [False, True]
    anywhere = Executor(_Ec2("i-1", zone="us-east-1c"), _WANTED, 60)
    anywhere.run(_plan(launch=(1,)), _TEMPLATE, [ANYWHERE, _A], [])
    assert anywhere.done == ["Launched OpenArchive-Shard-1 (i-1) in us-east-1c."]


def test_other_types_are_asked_for_in_their_order_and_spot_of_all_before_on_demand() -> None:
    full = "InsufficientInstanceCapacity"
    ec2 = _Ec2(full, full, full, "i-1")
    executor = Executor(ec2, replace(_WANTED, other_types=("g6.12xlarge",)), 60, spot_first=True)
    executor.run(_plan(launch=(1,)), _TEMPLATE, [_A], [])
    asked = [("InstanceMarketOptions" in request, request.get("InstanceType")) for request in ec2.requests]
    assert asked == [(True, None), (True, "g6.12xlarge"), (False, None), (False, "g6.12xlarge")]
    assert executor.done == ["Launched OpenArchive-Shard-1 (i-1, g6.12xlarge) in us-east-1a."]


def test_no_room_for_any_type_tells_the_answer_for_each() -> None:
    ec2 = _Ec2("InsufficientInstanceCapacity: no g5", "InsufficientInstanceCapacity: no g6")
    executor = Executor(ec2, replace(_WANTED, other_types=("g6.12xlarge",)), 60)
    with pytest.raises(FarmError, match=r"no g5.*no g6"):
        executor.run(_plan(launch=(1,)), _TEMPLATE, [_A], [])
