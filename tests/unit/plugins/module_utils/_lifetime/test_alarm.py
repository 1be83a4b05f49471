# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._aws.errors import AwsError
from ansible_collections.glossapi.farm.plugins.module_utils._lifetime.alarm import remove_alarm
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection


def test_an_alarm_that_cannot_be_removed_is_told_with_what_it_will_do() -> None:
    # Nobody listens there.
    nowhere = Connection(region="us-east-1", endpoint_url="http://127.0.0.1:9", access_key="a", secret_key="b")
    with pytest.raises(AwsError, match="Cannot remove the alarm mine, which will tell that this node is silent"):
        remove_alarm(nowhere, "mine")
