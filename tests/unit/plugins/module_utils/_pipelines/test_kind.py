# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.kind import options_hash


def test_the_hash_depends_on_names_and_values_and_not_on_their_order() -> None:
    assert options_hash("command", {"a": 1, "b": 2}) == options_hash("command", {"b": 2, "a": 1})
    hashes = {options_hash("command", {"a": 1}), options_hash("command", {"a": 2}), options_hash("pdftext", {"a": 1})}
    assert len(hashes) == 3
