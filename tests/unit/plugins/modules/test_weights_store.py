# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._weights.folder import placed
from ansible_collections.glossapi.farm.plugins.modules.weights_store import weights_store
from tests.support.model_hub import CONFIG, LAYOUT, Hub, a_list, layout, serving

pytestmark = pytest.mark.server


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with serving() as server:
        monkeypatch.setattr(f"{weights_store.__module__}.fetch.__defaults__", (server.endpoints,))
        yield server


@pytest.fixture
def parameters(bucket: S3Uri) -> dict[str, Any]:
    return {"weights": a_list().to_fields(), "users": ["glossapi"], "prefix": str(bucket.join("scripts", "weights"))}


def test_the_first_run_puts_all_into_s3_and_the_second_nothing(
    hub: Hub, connection: Connection, parameters: dict[str, Any]
) -> None:
    before = weights_store(connection, parameters, check_mode=True)
    assert (before["changed"], len(before["stored"]), hub.asked) == (True, 2, [])
    first = weights_store(connection, parameters, check_mode=False)
    assert first == before
    assert first["diff"]["after"].split() == first["stored"]
    assert weights_store(connection, parameters, check_mode=False)["changed"] is False
    assert len(hub.asked) == 2


def test_a_machine_without_a_hub_takes_all_from_a_folder(
    connection: Connection, parameters: dict[str, Any], tmp_path: Path
) -> None:
    for each, body in zip(placed(a_list()), (LAYOUT, CONFIG), strict=True):
        (tmp_path / each.path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / each.path).write_bytes(body)
    assert weights_store(connection, parameters | {"local_folder": str(tmp_path)}, check_mode=False)["changed"]


def test_what_is_not_pinned_is_refused_in_check_mode_too(connection: Connection, parameters: dict[str, Any]) -> None:
    parameters["weights"] = a_list(layout(pinned=False)).to_fields()
    with pytest.raises(FarmError, match="No digest is known of these weights"):
        weights_store(connection, parameters, check_mode=True)


def test_only_what_is_asked_for_has_to_be_pinned(connection: Connection, parameters: dict[str, Any]) -> None:
    parameters |= {"weights": a_list(layout(pinned=False)).to_fields(), "users": ["tesseract"]}
    assert weights_store(connection, parameters, check_mode=False)["changed"] is False
