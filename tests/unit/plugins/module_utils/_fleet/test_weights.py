# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._aws.errors import AwsError
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.weights import read_weights
from tests.support.emulated_account import Account


def test_a_node_counts_for_its_gpus_in_the_order_that_is_given(empty_account: Account) -> None:
    weights = read_weights(empty_account.ec2, ["g5.48xlarge", "g5.12xlarge", "m5.large"])
    assert list(weights.items()) == [("g5.48xlarge", 8), ("g5.12xlarge", 4), ("m5.large", 1)]


def test_a_type_that_is_not_there_is_told(empty_account: Account) -> None:
    with pytest.raises(AwsError, match=r"look at the instance types g5\.huge"):
        read_weights(empty_account.ec2, ["g5.huge"])
