# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.modules import node_image as module
from ansible_collections.glossapi.farm.plugins.modules.node_image import ARGUMENTS, node_image
from tests.support.emulated_account import Account
from tests.support.module_options import documented_options

_PARAMETERS: dict[str, Any] = {"state": "absent", "project": "farm", "keep": 3, "wait_timeout": 60}


def test_the_documentation_has_the_options_types_and_defaults_of_the_arguments() -> None:
    assert documented_options(module) == ARGUMENTS


def test_a_farm_without_images_has_none_to_remove(account: Account) -> None:
    removed = node_image(account.connection, _PARAMETERS, check_mode=False)
    assert (removed["changed"], removed["images"]) == (False, [])


def test_keeping_none_is_asked_for_otherwise(account: Account) -> None:
    with pytest.raises(FarmError, match="keep is 0: give 1 or more; state=absent removes all images"):
        node_image(account.connection, {**_PARAMETERS, "keep": 0}, check_mode=False)
