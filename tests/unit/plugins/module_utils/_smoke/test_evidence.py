# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._smoke.evidence import forget_evidence, keep_evidence


def test_evidence_changes_only_with_what_was_seen(tmp_path: Path) -> None:
    path = tmp_path / "smoke.json"
    assert keep_evidence(path, {"gpus": 4}, check_mode=True)
    assert not path.exists()
    assert keep_evidence(path, {"gpus": 4}, check_mode=False)
    assert json.loads(path.read_text()) == {"gpus": 4}
    assert not keep_evidence(path, {"gpus": 4}, check_mode=False)
    assert keep_evidence(path, {"gpus": 3}, check_mode=False)
    forget_evidence(path)
    forget_evidence(path)
    assert not path.exists()


def test_a_folder_that_is_missing_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(FarmError, match=str(tmp_path / "no" / "smoke.json")):
        keep_evidence(tmp_path / "no" / "smoke.json", {}, check_mode=False)
