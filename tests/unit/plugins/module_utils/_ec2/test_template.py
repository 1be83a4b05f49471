# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._ec2.template import (
    MAX_USER_DATA_BYTES,
    Template,
    same_template,
)
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError

_TEMPLATE = Template(
    image_id="ami-1",
    root_device="/dev/xvda",
    root_gib=200,
    instance_type="g5.12xlarge",
    instance_profile="glossapi-farm-node",
    security_groups=("sg-1",),
    user_data="#!/bin/bash\n",
)


def test_the_template_requires_imdsv2_and_encrypts_the_root_volume() -> None:
    data = _TEMPLATE.data()
    assert data["MetadataOptions"] == {
        "HttpEndpoint": "enabled",
        "HttpTokens": "required",
        "HttpPutResponseHopLimit": 2,
    }
    (mapping,) = data["BlockDeviceMappings"]
    assert mapping["DeviceName"] == "/dev/xvda"
    assert mapping["Ebs"] == {
        "VolumeSize": 200, "VolumeType": "gp3", "Encrypted": True, "DeleteOnTermination": True
    }  # fmt: skip
    assert data["IamInstanceProfile"] == {"Name": "glossapi-farm-node"}
    assert base64.b64decode(data["UserData"]) == b"#!/bin/bash\n"


def test_spot_and_a_key_pair_are_only_there_on_request() -> None:
    assert not {"InstanceMarketOptions", "KeyName"} & _TEMPLATE.data().keys()
    data = replace(_TEMPLATE, spot=True, key_name="mine").data()
    assert data["InstanceMarketOptions"] == {"MarketType": "spot"}
    assert data["KeyName"] == "mine"


def test_user_data_is_limited_in_bytes_not_characters() -> None:
    assert replace(_TEMPLATE, user_data="x" * MAX_USER_DATA_BYTES).data()
    with pytest.raises(FarmError, match="EC2 takes 16384"):
        replace(_TEMPLATE, user_data="ω" * (MAX_USER_DATA_BYTES // 2 + 1)).data()


def test_what_aws_adds_is_no_difference() -> None:
    data = _TEMPLATE.data()
    stored = {
        **data,
        "MetadataOptions": {**data["MetadataOptions"], "State": "applied", "InstanceMetadataTags": "disabled"},
        "BlockDeviceMappings": [{**data["BlockDeviceMappings"][0], "VirtualName": "root"}],
        "TagSpecifications": [],
    }
    assert same_template(data, stored)


@pytest.mark.parametrize(
    "other",
    [
        replace(_TEMPLATE, image_id="ami-2"),
        replace(_TEMPLATE, root_gib=300),
        replace(_TEMPLATE, security_groups=("sg-1", "sg-2")),
        replace(_TEMPLATE, user_data="#!/bin/sh\n"),
        replace(_TEMPLATE, spot=True),
        replace(_TEMPLATE, key_name="mine"),
    ],
)
def test_a_changed_setting_is_a_difference_both_ways(other: Template) -> None:
    assert not same_template(other.data(), _TEMPLATE.data())
    assert not same_template(_TEMPLATE.data(), other.data())


@pytest.mark.parametrize(
    "added", [{"KeyName": "mine"}, {"EbsOptimized": True}, {"NetworkInterfaces": [{"DeviceIndex": 0}]}]
)
def test_a_setting_that_was_added_by_hand_is_a_difference(added: dict[str, object]) -> None:
    assert not same_template(_TEMPLATE.data(), {**_TEMPLATE.data(), **added})
