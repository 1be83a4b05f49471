# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

from ansible_collections.glossapi.farm.plugins.lookup.collection_digest import LookupModule
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.digest import collection_files, files_digest


def test_it_is_the_digest_of_the_collections_own_files(repository: Path) -> None:
    assert LookupModule().run([]) == [files_digest(collection_files(repository))]
