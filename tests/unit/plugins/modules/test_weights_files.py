# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._weights.folder import placed, verify
from ansible_collections.glossapi.farm.plugins.module_utils._weights.store import stored_uri
from ansible_collections.glossapi.farm.plugins.modules.weights_files import weights_files
from tests.support.model_hub import CONFIG, LAYOUT, a_list, layout


@pytest.fixture
def parameters(connection: Connection, bucket: S3Uri, tmp_path: Path) -> dict[str, Any]:
    """Parameters of the module; S3 has the weights."""
    prefix = bucket.join("scripts", "weights")
    for each, body in zip(placed(a_list()), (LAYOUT, CONFIG), strict=True):
        put_bytes(connection.client(), stored_uri(prefix, each), body, "application/octet-stream")
    return {
        "weights": a_list().to_fields(),
        "users": ["glossapi"],
        "prefix": str(prefix),
        "folder": str(tmp_path / "weights"),
    }


def test_the_first_run_fills_the_folder_and_the_second_changes_nothing(
    connection: Connection, parameters: dict[str, Any]
) -> None:
    folder = Path(parameters["folder"])
    before = weights_files(connection, parameters, check_mode=True)
    # Two files, the revision's name, and the list.
    assert (before["changed"], len(before["brought"])) == (True, 4)
    assert not folder.exists()
    assert weights_files(connection, parameters, check_mode=False) == before
    verify(folder, "glossapi", a_list().digest)
    assert weights_files(connection, parameters, check_mode=False)["changed"] is False


def test_an_altered_file_is_brought_again(connection: Connection, parameters: dict[str, Any]) -> None:
    weights_files(connection, parameters, check_mode=False)
    path = Path(parameters["folder"]) / next(placed(a_list())).path
    path.write_bytes(LAYOUT[:-1] + b"?")
    assert weights_files(connection, parameters, check_mode=False)["brought"] == [str(path)]
    verify(Path(parameters["folder"]), "glossapi", a_list().digest)


def test_a_folder_that_cannot_be_written_is_named(connection: Connection, parameters: dict[str, Any]) -> None:
    Path(parameters["folder"]).write_text("a file")
    with pytest.raises(FarmError, match=f"cannot be kept in {parameters['folder']}"):
        weights_files(connection, parameters, check_mode=False)


def test_a_node_gets_nothing_that_nobody_pinned(connection: Connection, parameters: dict[str, Any]) -> None:
    parameters["weights"] = a_list(layout(pinned=False)).to_fields()
    with pytest.raises(FarmError, match="nodes get none without one"):
        weights_files(connection, parameters, check_mode=True)
