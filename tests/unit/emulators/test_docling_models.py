# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""With stand-ins for docling, torch and transformers; tests/integration/test_glossapi_checkout.py has the real ones."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy
import pytest

from emulators.docling_models import LATEX, turn_tables_off, write_formula_network, write_random_weights


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


class Saved:
    """A network, or what prepares its input."""

    def __init__(self, *_configuration: object, **options: object) -> None:
        self.made_with = options

    def save_pretrained(self, folder: Path) -> None:
        """Leave something."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.json").touch()


def fill(values: Any, value: float = 0.0) -> None:
    """As torch does."""
    values[:] = value


@pytest.mark.parametrize("finds_formulas", [False, True])
def test_the_layout_network_is_where_its_reader_looks(
    finds_formulas: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A Hugging Face cache: the revision that is asked for names a folder with the files."""
    heads = [SimpleNamespace(weight=numpy.ones(17), bias=numpy.ones(17)) for _layer in range(2)]
    place = SimpleNamespace(weight=numpy.ones(4), bias=numpy.ones(4))
    monkeypatch.setattr(Saved, "class_embed", heads, raising=False)
    monkeypatch.setattr(Saved, "bbox_embed", [SimpleNamespace(layers=[place])], raising=False)
    init = SimpleNamespace(zeros_=fill, constant_=fill)
    spec = SimpleNamespace(model_repo_folder="owner--layout", revision="v1")
    provide(monkeypatch, "torch", manual_seed=lambda _seed: None, nn=SimpleNamespace(init=init))
    provide(monkeypatch, "docling.datamodel.pipeline_options", LayoutOptions=lambda: SimpleNamespace(model_spec=spec))
    names = ("RTDetrConfig", "RTDetrForObjectDetection", "RTDetrImageProcessor")
    provide(monkeypatch, "transformers", **dict.fromkeys(names, Saved))
    write_random_weights(tmp_path, finds_formulas=finds_formulas)
    repository = tmp_path / "hub/models--owner--layout"
    revision = (repository / "refs/v1").read_text()
    assert (repository / "snapshots" / revision / "config.json").exists()
    # It sees nothing anywhere, or formulas, all of them from the middle of the page to its corner.
    formula = 20.0 if finds_formulas else -20.0
    for head in heads:
        assert not head.weight.any()
        assert list(head.bias) == [-20.0, -20.0, formula, *[-20.0] * 14]
    assert list(place.bias) == [40.0 if finds_formulas else 1.0] * 4


@pytest.mark.parametrize("reads", [False, True])
def test_the_formula_network_says_one_thing_and_ends_or_ends_at_once(
    reads: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made: dict[str, Saved] = {}

    def maker(name: str) -> Any:
        def make(*arguments: object, **options: object) -> Saved:
            made[name] = Saved(*arguments, **options)
            return made[name]

        return make

    norm = SimpleNamespace(weight=numpy.ones(4))
    text_model = SimpleNamespace(text_model=SimpleNamespace(norm=norm))
    monkeypatch.setattr(Saved, "model", text_model, raising=False)
    init = SimpleNamespace(zeros_=fill)
    provide(monkeypatch, "torch", manual_seed=lambda _seed: None, nn=SimpleNamespace(init=init))
    folder = SimpleNamespace(_model_repo_folder="owner--formulas")
    provide(monkeypatch, "docling.models.code_formula_model", CodeFormulaModel=folder)
    provide(monkeypatch, "tokenizers", Tokenizer=maker("words"))
    for module, name in (("models", "WordLevel"), ("pre_tokenizers", "WhitespaceSplit")):
        monkeypatch.setitem(sys.modules, f"tokenizers.{module}", ModuleType(module))
        setattr(sys.modules[f"tokenizers.{module}"], name, maker(name))
    names = ("ForConditionalGeneration", "ImageProcessor", "Processor", "Config")
    of_transformers = ["GenerationConfig", "PreTrainedTokenizerFast", *(f"Idefics3{name}" for name in names)]
    provide(monkeypatch, "transformers", **{name: maker(name) for name in of_transformers})
    write_formula_network(tmp_path, reads=reads)
    repository = tmp_path / "hub/models--owner--formulas"
    assert (repository / "snapshots" / (repository / "refs/main").read_text() / "config.json").exists()
    generation = made["GenerationConfig"].made_with
    # With all words as likely as each other it says the first that it may: the end, or what is second.
    assert not norm.weight.any()
    assert generation["eos_token_id"] == 0
    assert generation["begin_suppress_tokens"] == ([0] if reads else None)
    assert LATEX == "x^{2}"
