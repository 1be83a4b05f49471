# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._ec2.stored_template import (
    delete_template,
    read_template,
    write_template,
)
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from tests.support.emulated_account import Account

_TAGS = {"Project": "farm"}


def test_a_template_is_created_changed_and_deleted(empty_account: Account) -> None:
    ec2 = empty_account.ec2
    assert read_template(ec2, "farm") is None
    first = write_template(ec2, "farm", None, {"ImageId": "ami-1"}, _TAGS)
    second = write_template(ec2, "farm", first, {"ImageId": "ami-2"}, _TAGS)
    assert (first.id, first.version, second.version) == (second.id, 1, 2)
    stored = read_template(ec2, "farm")
    assert stored is not None
    assert (stored.version, stored.data["ImageId"]) == (2, "ami-2")
    (listed,) = ec2.describe_launch_templates()["LaunchTemplates"]
    assert listed["DefaultVersionNumber"] == 2
    delete_template(ec2, stored)
    assert read_template(ec2, "farm") is None


def test_somebody_elses_template_is_refused(empty_account: Account) -> None:
    empty_account.ec2.create_launch_template(LaunchTemplateName="farm", LaunchTemplateData={"ImageId": "ami-1"})
    with pytest.raises(FarmError, match="has no such tag"):
        read_template(empty_account.ec2, "farm")
