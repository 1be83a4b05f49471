# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._aws.errors import AwsError
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.image import require_image
from tests.support.emulated_account import Account

_IMAGE = "ami-12c6146b"


def _tag(account: Account, **tags: str) -> None:
    account.ec2.create_tags(Resources=[_IMAGE], Tags=[{"Key": key, "Value": value} for key, value in tags.items()])


def test_an_image_of_the_farms_nodes_will_do(account: Account) -> None:
    _tag(account, Project="farm", Digest="abc")
    require_image(account.ec2, _IMAGE, "farm")


@pytest.mark.parametrize("tags", [{}, {"Project": "farm"}, {"Digest": "abc"}, {"Project": "other", "Digest": "abc"}])
def test_nodes_of_any_other_would_be_paid_for_and_do_nothing(account: Account, tags: dict[str, str]) -> None:
    if tags:
        _tag(account, **tags)
    with pytest.raises(FarmError, match=f"image {_IMAGE} begin to work by themselves: it has not the tags"):
        require_image(account.ec2, _IMAGE, "farm")


def test_an_image_that_is_not_there_is_named(account: Account) -> None:
    with pytest.raises(AwsError, match="look at the image ami-00000000"):
        require_image(account.ec2, "ami-00000000", "farm")
