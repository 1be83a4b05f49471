# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.modules import glossapi_smoke
from ansible_collections.glossapi.farm.plugins.modules.glossapi_smoke import run


@pytest.fixture
def parameters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    def check_torch(gpus: int) -> None:
        if gpus != 4:
            raise FarmError(f"torch sees 4 GPUs instead of {gpus}")

    monkeypatch.setattr(glossapi_smoke, "check_torch", check_torch)
    monkeypatch.setattr(glossapi_smoke, "check_onnxruntime", lambda: None)
    monkeypatch.setattr(glossapi_smoke, "check_rapidocr", lambda: 3)
    monkeypatch.setattr(metadata, "version", lambda name: f"{name} 1")
    return {"gpus": 4, "evidence": str(tmp_path / "smoke.json")}


def test_what_was_seen_is_returned_and_kept_once(parameters: dict[str, Any]) -> None:
    result = run(parameters, check_mode=False)
    assert result["changed"]
    names = ("gpus", "ocr_sessions_on_gpu")
    assert [result["seen"][name] for name in names] == [4, 3]
    assert not run(parameters, check_mode=False)["changed"]


def test_evidence_of_before_is_no_success_when_a_check_fails(parameters: dict[str, Any]) -> None:
    run(parameters, check_mode=False)
    with pytest.raises(FarmError, match="instead of 3"):
        run(parameters | {"gpus": 3}, check_mode=False)
    assert not Path(parameters["evidence"]).exists()


def test_a_missing_library_names_the_role_that_installs_it(
    parameters: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def check_rapidocr() -> int:
        raise ModuleNotFoundError("No module named 'rapidocr'")

    monkeypatch.setattr(glossapi_smoke, "check_rapidocr", check_rapidocr)
    with pytest.raises(FarmError, match=r"No module named 'rapidocr'.*run the role glossapi"):
        run(parameters, check_mode=False)
