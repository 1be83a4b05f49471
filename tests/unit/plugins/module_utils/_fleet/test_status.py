# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._fleet import status
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.present import Present
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.status import fleet_status
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from tests.support.emulated_account import Account


def test_an_account_without_a_fleet_says_so(empty_account: Account) -> None:
    found = fleet_status(empty_account.connection, "farm")
    assert not found["changed"]
    assert found["lines"] == ["farm-fleet: there is no Auto Scaling group."]


class AutoScaling:
    """Tells of activities, the last one first."""

    def __init__(self, *activities: dict[str, str]) -> None:
        self._activities = list(activities)

    def describe_scaling_activities(self, **_options: Any) -> dict[str, Any]:
        return {"Activities": self._activities}


def _lines(monkeypatch: pytest.MonkeyPatch, group: dict[str, Any], *activities: dict[str, str]) -> list[str]:
    monkeypatch.setattr(status, "service_client", lambda _connection, _service: AutoScaling(*activities))
    monkeypatch.setattr(status, "read_present", lambda *_arguments: Present(group=group))
    return list(fleet_status(Connection(), "farm")["lines"])


def test_nodes_are_counted_by_type_and_state(monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = [
        {"InstanceId": f"i-{number}", "InstanceType": "g5.12xlarge", "LifecycleState": state}
        for number, state in enumerate(["InService", "InService", "Terminating:Wait"])
    ]
    assert _lines(monkeypatch, {"DesiredCapacity": 8, "MaxSize": 40, "Instances": nodes}) == [
        "farm-fleet: 2 g5.12xlarge InService, 1 g5.12xlarge Terminating:Wait; a capacity of 8 of 40 GPUs."
    ]


def test_why_nobody_is_launched_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    group = {"DesiredCapacity": 4, "MaxSize": 40, "SuspendedProcesses": [{"ProcessName": "Launch"}]}
    failed = {"StatusCode": "Failed", "StatusMessage": "We currently do not have\nsufficient capacity."}
    first, paused, failure = _lines(monkeypatch, group, {"StatusCode": "PreInService"}, failed)
    assert first == "farm-fleet: no node; a capacity of 4 of 40 GPUs."
    assert "launches no nodes" in paused
    assert "We currently do not have sufficient capacity." in failure
    assert len(_lines(monkeypatch, group, {"StatusCode": "Successful"}, failed)) == 2
