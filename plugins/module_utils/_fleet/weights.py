# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node of each instance type counts for: the GPUs that it has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._aws.errors import aws_errors


def read_weights(ec2: Any, instance_types: Sequence[str]) -> dict[str, int]:
    """Return each type's GPUs, 1 of a type that has none, in the order that is given.

    Raises:
        AwsError: they cannot be read, or a type does not exist.
    """
    with aws_errors(f"look at the instance types {', '.join(instance_types)}"):
        pages = ec2.get_paginator("describe_instance_types").paginate(InstanceTypes=sorted(set(instance_types)))
        found = {
            item["InstanceType"]: sum(gpu.get("Count", 0) for gpu in item.get("GpuInfo", {}).get("Gpus", ()))
            for page in pages
            for item in page["InstanceTypes"]
        }
    return {name: max(1, found[name]) for name in instance_types}
