# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from ansible.errors import AnsibleLookupError

from ansible_collections.glossapi.farm.plugins.lookup.weights import OWN_LIST, LookupModule, read
from ansible_collections.glossapi.farm.plugins.module_utils._weights.listing import WeightsList
from tests.support.model_hub import a_list, stored


def test_the_collections_own_list_is_read_unless_another_is_named(tmp_path: Path) -> None:
    (said,) = LookupModule().run([""])
    assert WeightsList.from_fields(said["weights"], "list") == WeightsList.from_json(OWN_LIST.read_bytes(), "own")
    assert {"glossapi", "tesseract"} <= set(said["digests"])
    path = tmp_path / "list.json"
    path.write_bytes(stored(a_list()))
    assert read(str(path)) == {"weights": a_list().to_fields(), "digests": {"glossapi": a_list().digest}}


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(AnsibleLookupError, match="list of weights cannot be read"):
        read(str(tmp_path / "none.json"))
    (tmp_path / "bad.json").write_text("[]")
    with pytest.raises(AnsibleLookupError, match="is not a list of weights"):
        read(str(tmp_path / "bad.json"))
