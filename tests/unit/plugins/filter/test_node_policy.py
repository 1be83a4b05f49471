# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.glossapi.farm.plugins.filter.node_policy import FilterModule

_ACCESS = {
    "account": "123456789012",
    "region": "us-east-1",
    "secret": "glossapi-farm/hf-token",
    "log_group": "/glossapi-farm",
    "inputs": "s3://raw/",
    "manifests": "s3://work/farm",
    "results": "s3://results/farm",
    "scripts": "s3://work/scripts",
}


def test_the_filter_takes_addresses_as_the_settings_have_them() -> None:
    statements = FilterModule().filters()["node_policy"](_ACCESS)["Statement"]
    (read,) = (statement for statement in statements if statement["Sid"] == "Read")
    assert "arn:aws:s3:::raw/*" in read["Resource"]


@pytest.mark.parametrize(("region", "partition"), [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")])
def test_every_arn_is_of_the_regions_partition(region: str, partition: str) -> None:
    statements = FilterModule().filters()["node_policy"]({**_ACCESS, "region": region})["Statement"]
    resources = [resource for statement in statements for resource in statement["Resource"]]
    assert f"arn:{partition}:s3:::raw/*" in resources
    assert {resource.split(":")[1] for resource in resources if resource != "*"} == {partition}


@pytest.mark.parametrize("name", list(_ACCESS))
def test_a_missing_value_is_named(name: str) -> None:
    with pytest.raises(AnsibleFilterError, match=f"node_policy: '{name}' is missing"):
        FilterModule().filters()["node_policy"]({key: value for key, value in _ACCESS.items() if key != name})


def test_a_malformed_address_is_told() -> None:
    with pytest.raises(AnsibleFilterError, match="is not an S3 address"):
        FilterModule().filters()["node_policy"]({**_ACCESS, "scripts": "work/scripts"})
