# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._weights.pin import read
from ansible_collections.glossapi.farm.plugins.modules.weights_pin import weights_pin
from tests.support.model_hub import COMMIT, Hub, a_list, layout, serving, stored

pytestmark = pytest.mark.server


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with serving() as server:
        monkeypatch.setattr(f"{weights_pin.__module__}.pin_list.__defaults__", (server.endpoints,))
        yield server


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "weights.json"
    file.write_bytes(stored(a_list(replace(layout(pinned=False), files=()))))
    return file


def test_the_first_run_pins_and_the_second_does_nothing(hub: Hub, path: Path) -> None:
    before = weights_pin(path, ["glossapi"], check_mode=True)
    assert not any(each.is_pinned for each in read(path).repositories)
    first = weights_pin(path, ["glossapi"], check_mode=False)
    assert first == before
    assert first["pinned"] == [f"docling-project/layout@{COMMIT}: config.json, model.safetensors"]
    assert all(each.is_pinned for each in read(path).repositories)
    hub.asked.clear()
    assert weights_pin(path, ["glossapi"], check_mode=False)["changed"] is False
    assert hub.asked == []


@pytest.mark.usefixtures("hub")
def test_a_list_that_cannot_be_written_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"{read.__module__}.write_atomically", full)
    with pytest.raises(FarmError, match=r"cannot be written: .*No space left"):
        weights_pin(path, ["glossapi"], check_mode=False)
