# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""With stand-ins for docling, torch and transformers; tests/integration/test_glossapi_checkout.py has the real ones."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from emulators.docling_models import turn_tables_off, write_random_weights


def provide(monkeypatch: pytest.MonkeyPatch, name: str, **attributes: Any) -> None:
    """Have ``import`` find a module with these attributes."""
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        monkeypatch.setitem(sys.modules, ".".join(parts[:end]), ModuleType(parts[end - 1]))
    vars(sys.modules[name]).update(attributes)


class TableModel:
    """docling's."""

    def __init__(self, enabled: bool, artifacts_path: Path | None, options: str) -> None:
        self.made_with = (enabled, artifacts_path, options)


def test_the_table_model_is_never_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    provide(monkeypatch, "docling.models.table_structure_model", TableStructureModel=TableModel)
    monkeypatch.setattr(TableModel, "__init__", TableModel.__init__)
    turn_tables_off()
    model = TableModel(enabled=True, artifacts_path=Path("/models"), options="accurate")
    assert model.made_with == (False, Path("/models"), "accurate")


def test_the_layout_network_is_where_its_reader_looks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A Hugging Face cache: the revision that is asked for names a folder with the files."""
    heads = [SimpleNamespace(weight=[1.0], bias=[1.0]) for _layer in range(2)]

    class Saved:
        """A network or what prepares its pictures."""

        class_embed = heads

        def __init__(self, *_configuration: object, **_options: object) -> None:
            pass

        def save_pretrained(self, folder: Path) -> None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "config.json").touch()

    def fill(values: list[float], value: float = 0.0) -> None:
        values[:] = [value]

    init = SimpleNamespace(zeros_=fill, constant_=fill)
    spec = SimpleNamespace(model_repo_folder="owner--layout", revision="v1")
    provide(monkeypatch, "torch", manual_seed=lambda _seed: None, nn=SimpleNamespace(init=init))
    provide(monkeypatch, "docling.datamodel.pipeline_options", LayoutOptions=lambda: SimpleNamespace(model_spec=spec))
    names = ("RTDetrConfig", "RTDetrForObjectDetection", "RTDetrImageProcessor")
    provide(monkeypatch, "transformers", **dict.fromkeys(names, Saved))
    write_random_weights(tmp_path)
    repository = tmp_path / "hub/models--owner--layout"
    revision = (repository / "refs/v1").read_text()
    assert (repository / "snapshots" / revision / "config.json").exists()
    # It sees nothing anywhere.
    assert [(head.weight, head.bias) for head in heads] == [([0.0], [-20.0])] * 2
