# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible.errors import AnsibleLookupError

from ansible_collections.glossapi.farm.plugins.lookup.ocr_preset import OWN_PRESETS, LookupModule, read
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.options import ServerOptions
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.preset import Preset
from tests.support.inference import a_preset

NAMES = sorted(path.stem for path in OWN_PRESETS.glob("*.yml"))


def test_the_collection_brings_the_models_that_are_named_in_its_documentation(repository: Path) -> None:
    assert NAMES == ["chandra-2", "deepseek-ocr-2", "dots-ocr", "paddleocr-vl"]
    text = (repository / "docs/operations.md").read_text()
    assert [name for name in NAMES if f"`{name}`" not in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_each_is_in_order_and_says_where_it_is_from(name: str) -> None:
    preset = Preset.parse(read(name))
    assert preset.name == name
    assert preset.gpu
    assert preset.minimum_driver == "580"
    assert preset.source.startswith("https://")
    assert preset.licence_source.startswith("https://")
    assert preset.second_request
    # Nobody else is to reach a server.
    assert "--host=127.0.0.1" in preset.command
    options = ServerOptions.parse({"preset": read(name), "weights": "/w", "environment": "/e"})
    assert options.command("0")[:3] == ("/e/bin/vllm", "serve", "/w")


@pytest.mark.parametrize("name", NAMES)
def test_its_server_has_the_name_by_which_it_is_asked(name: str) -> None:
    preset = Preset.parse(read(name))
    assert f"--served-model-name={preset.model}" in preset.command


def test_a_file_of_ones_own_is_read_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "own.yml"
    content = a_preset(Path("/t"))
    path.write_text(yaml.safe_dump(content))
    assert LookupModule().run([str(path), "dots-ocr"])[0] == content
    assert LookupModule().run([str(path), "dots"], problem=True)[0] == ""
    assert "no OCR preset 'dots'" in LookupModule().run([str(path), "dots"], problem=True)[1]


def test_what_is_wrong_with_it_is_told_with_its_path(tmp_path: Path) -> None:
    path = tmp_path / "own.yml"
    path.write_text(yaml.safe_dump(a_preset(Path("/t"), promt="x")))
    with pytest.raises(AnsibleLookupError, match=r"own\.yml cannot be used: .* unknown key 'promt'"):
        read(str(path))
    path.write_text("name: [")
    with pytest.raises(AnsibleLookupError, match=r"own\.yml cannot be used: while parsing"):
        read(str(path))


def test_a_name_that_is_none_is_told_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(AnsibleLookupError, match="no OCR preset 'deepseek': give one of chandra-2, deepseek-ocr-2"):
        read("deepseek")
    with pytest.raises(AnsibleLookupError, match="or the path of a file of your own"):
        read(f"{tmp_path}/none.yml")
