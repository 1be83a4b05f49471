# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import key_of


def test_an_address_is_split_at_its_first_slashes_only() -> None:
    assert key_of("s3://raw/a//b/c.pdf") == "a//b/c.pdf"
