# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.options import (
    ServerOptions,
    with_port,
)
from ansible_collections.glossapi.farm.plugins.module_utils._weights.folder import LIST_NAME
from ansible_collections.glossapi.farm.plugins.module_utils._weights.listing import WeightFile
from tests.support.inference import a_preset
from tests.support.model_hub import CONFIG, a_list, layout, sha256, stored

COMMAND = ["{environment}/bin/serve", "{weights}", "--port={port}", "--gpu={gpu}"]


DIGEST = "12" * 32


def some_options(**options: Any) -> dict[str, Any]:
    return {"preset": a_preset(Path("/t"), command=COMMAND), "weights": "/w", "environment": "/e", **options}


def test_the_command_has_what_the_options_say_and_its_port_last() -> None:
    command = ServerOptions.parse(some_options()).command("3")
    assert command == ("/e/bin/serve", "/w", "--port={port}", "--gpu=3")
    assert with_port(command, 4711) == ["/e/bin/serve", "/w", "--port=4711", "--gpu=3"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"port": 1}, "does not know the option 'port'"),
        ({"weights": "w"}, "The option weights .* is 'w': give the absolute path"),
        ({"environment": 7}, "The option environment .* is 7: give the absolute path"),
        ({"weights": None}, "has {weights}: give the option weights"),
        ({"pages_in_flight": 0}, "pages_in_flight .* is 0: give 1 to 512"),
        ({"pages_in_flight": True}, "pages_in_flight .* is True"),
        ({"pages_in_flight": "48"}, "pages_in_flight .* is '48'"),
        ({"preset": {"name": "x"}}, "Preset 'x' is not a preset"),
        ({"weights_digest": "12"}, "has an option weights_digest that is no SHA-256: '12'"),
        ({"weights_digest": DIGEST, "weights": None}, "needs the option weights with weights_digest"),
    ],
)
def test_an_option_that_is_wrong_is_named(options: dict[str, Any], told: str) -> None:
    with pytest.raises(FarmError, match=told):
        ServerOptions.parse(some_options(**options))


def test_there_is_no_server_without_a_preset() -> None:
    with pytest.raises(FarmError, match="needs the option preset"):
        ServerOptions.parse({})


def test_a_folder_that_is_not_there_is_told_with_what_belongs_there(tmp_path: Path) -> None:
    (tmp_path / "e").mkdir()
    folders = {"environment": str(tmp_path / "e"), "weights": str(tmp_path / "w")}
    with pytest.raises(FarmError, match=r"/w, the option weights .* is no folder: .*tesseract-ocr/tessdata@4\.1\.0"):
        ServerOptions.parse(some_options(**folders)).require_folders()
    (tmp_path / "w").mkdir()
    ServerOptions.parse(some_options(**folders)).require_folders()


def test_a_pinned_model_is_below_the_folder_of_all_weights_and_in_the_hash() -> None:
    pinned = ServerOptions.parse(some_options(weights_digest=DIGEST))
    assert pinned.command("0")[1] == f"/w/models/{pinned.preset.name}"
    assert pinned.for_hash() == pinned.preset.for_hash() | {"weights_digest": DIGEST}
    assert ServerOptions.parse(some_options()).for_hash() == pinned.preset.for_hash()


def test_a_model_of_which_a_file_was_changed_is_refused_by_the_files_name(tmp_path: Path) -> None:
    (tmp_path / "e").mkdir()
    preset = a_preset(Path("/t"), command=COMMAND)
    files = (WeightFile("config.json", sha256(CONFIG), len(CONFIG)),)
    model = replace(
        layout(), used_by=(preset["name"],), files=files, cached_as="", reference="", folder=f"models/{preset['name']}"
    )
    weights = a_list(model)
    for path, body in ((f"{model.folder}/config.json", CONFIG), (LIST_NAME, stored(weights))):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(body)
    folders = {"environment": str(tmp_path / "e"), "weights": str(tmp_path), "weights_digest": weights.digest}
    options = ServerOptions.parse(some_options(preset=preset, **folders))
    options.require_folders()
    (tmp_path / model.folder / "config.json").write_bytes(b"{}")
    with pytest.raises(FarmError, match=r"config\.json is altered"):
        options.require_folders()
