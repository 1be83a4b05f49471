# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import playbook_names


def test_names_are_below_the_prefixes_whether_or_not_these_end_in_a_slash() -> None:
    names = playbook_names("s3://work/farm", "s3://results")
    assert names["shards"] == "s3://work/farm/shards"
    assert names["status"] == "s3://results/status"
    assert playbook_names("s3://work/farm/", "s3://results/") == names


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(FarmError, match="is not an S3 address"):
        playbook_names("work/farm", "s3://results")
