# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What EC2 and Systems Manager know of one instance."""

from __future__ import annotations

from typing import Any

from .._aws.errors import AwsError, aws_errors
from .._errors import FarmError

_UNREGISTERED = "not registered"


def read_instance_state(ec2: Any, instance_id: str) -> tuple[str, str]:
    """Return EC2's name of the instance's state, as in ``running``, and why it is so; empty where EC2 does not say.

    Of an instance that AWS ends at its launch the reason says more than any error.

    Raises:
        AwsError: it cannot be read.
        FarmError: EC2 does not know it.
    """
    with aws_errors(f"look at the instance {instance_id}"):
        answer = ec2.describe_instances(Filters=[{"Name": "instance-id", "Values": [instance_id]}])
    found = [instance for group in answer["Reservations"] for instance in group["Instances"]]
    if not found:
        raise FarmError(f"EC2 has no instance {instance_id} in this region: look at farm_region.")
    reason = found[0].get("StateReason", {})
    return str(found[0]["State"]["Name"]), str(reason.get("Message", "") or reason.get("Code", ""))


def describe_instance_state(ec2: Any, instance_id: str) -> str:
    """Return a sentence on an instance's state and why it is so, or on why that cannot be told."""
    try:
        state, reason = read_instance_state(ec2, instance_id)
    except FarmError as error:
        return str(error)
    return _state_sentence(instance_id, state, reason)


def _state_sentence(instance_id: str, state: str, reason: str) -> str:
    return f"EC2: {instance_id} is {state}{f' ({reason})' if reason else ''}."


def read_agent_state(ssm: Any, instance_id: str) -> str:
    """Return Systems Manager's name of the state of the instance's agent, as in ``Online``, or ``not registered``.

    Raises:
        AwsError: it cannot be read.
    """
    with aws_errors(f"ask Systems Manager for {instance_id}"):
        answer = ssm.describe_instance_information(Filters=[{"Key": "InstanceIds", "Values": [instance_id]}])
    listed = answer["InstanceInformationList"]
    return str(listed[0]["PingStatus"]) if listed else _UNREGISTERED


def describe_states(ec2: Any, ssm: Any, instance_id: str) -> dict[str, str]:
    """Return ``ec2``, ``systems_manager`` and the sentence ``told`` of an instance.

    What cannot be read is said in the sentence: the node is out of reach for another reason, which is not to be lost.
    """
    values = {"ec2": "", "systems_manager": ""}
    sentences = []
    try:
        state, reason = read_instance_state(ec2, instance_id)
        values["ec2"] = state
        sentences.append(_state_sentence(instance_id, state, reason))
    except FarmError as error:
        sentences.append(str(error))
    try:
        values["systems_manager"] = read_agent_state(ssm, instance_id)
        sentences.append(f"Systems Manager: its agent is {values['systems_manager']}.")
    except AwsError as error:
        sentences.append(str(error))
    return {**values, "told": " ".join(sentences)}
