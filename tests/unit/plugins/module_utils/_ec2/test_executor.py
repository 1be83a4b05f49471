# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.glossapi.farm.plugins.module_utils._aws.errors import AwsError
from ansible_collections.glossapi.farm.plugins.module_utils._ec2 import executor as executor_module
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.executor import Executor, client_token
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.nodes import Node
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.placement import Placement, Subnet
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

    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)
        self.requests: list[dict[str, Any]] = []
        self.waited: list[str] = []

    def run_instances(self, **request: Any) -> dict[str, Any]:
        self.requests.append(request)
        return {"Instances": [{"InstanceId": self._answer("RunInstances")}]}

    def start_instances(self, **request: Any) -> None:
        self.requests.append(request)
        self._answer("StartInstances")

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
    names = ("regroup", "reprofile", "protect", "grow", "resize", "start", "launch", "terminate", "surplus", "notes")
    return Plan(**({"retag": {}} | dict.fromkeys(names, ()) | parts))


def _node(shard: int, state: str) -> Node:
    return Node(f"i-old{shard}", shard, state, "g5.12xlarge", "us-east-1a", "ami-1", spot=False, tags={}, root=None)


def _launch(ec2: _Ec2, *terminated: Node, sleep: Callable[[float], None] = lambda _seconds: None) -> Placement:
    executor = Executor(ec2, _WANTED, 60, sleep)
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


def test_a_stopped_node_without_capacity_says_what_to_do() -> None:
    executor = Executor(_Ec2("InsufficientInstanceCapacity"), _WANTED, 60)
    with pytest.raises(FarmError, match="stays in its zone, us-east-1a: run the command again later, or terminate it"):
        executor.run(_plan(start=(_node(1, "stopped"),)), None, [], [])


def test_a_stopping_node_is_only_started_once_it_has_stopped() -> None:
    ec2 = _Ec2("i-old1")
    Executor(ec2, _WANTED, 60).run(_plan(start=(_node(1, "stopping"),)), None, [], [])
    assert ec2.waited == ["instance_stopped", "instance_running"]
