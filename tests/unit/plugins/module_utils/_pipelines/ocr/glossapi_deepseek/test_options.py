# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek.options import (
    NAME,
    DeepSeekOptions,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.codec import encode
from ansible_collections.glossapi.farm.plugins.module_utils._weights.folder import references
from ansible_collections.glossapi.farm.plugins.module_utils._weights.listing import WeightsList
from tests.support.deepseek import an_installation

GIVEN = {"checkout": "/c", "environment": "/e", "model": "/m"}


def test_what_is_not_given_is_glossapis_own() -> None:
    options = DeepSeekOptions.parse(GIVEN)
    assert (options.render_dpi, options.max_new_tokens, options.batch_size) == (144, 2048, 160)
    assert options.gpu_memory_utilization == 0.9
    assert str(options.script) == "/c/src/glossapi/ocr/deepseek/run_pdf_ocr_vllm.py"
    assert str(options.python) == "/e/bin/python"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"prompt": "x"}, "does not know the option 'prompt': it has checkout, environment"),
        ({"checkout": None}, "needs the option checkout"),
        ({"environment": None}, "needs the option environment"),
        ({"model": None}, "needs the option model, .* or weights and weights_digest"),
        ({"checkout": "c"}, "The option checkout .* is 'c': give the absolute path"),
        ({"environment": 7}, "The option environment .* is 7: give the absolute path"),
        ({"weights": "/w", "weights_digest": "0" * 64}, "leave out model"),
        ({"weights_digest": "0" * 64}, "weights and weights_digest both"),
        ({"model": None, "weights": "/w", "weights_digest": "x"}, "no SHA-256"),
        ({"commit": "main"}, "The option commit .* is 'main': give the 40 digits"),
        ({"render_dpi": 35}, "render_dpi .* is 35: give 36 to 400"),
        ({"render_dpi": "144"}, "render_dpi .* is '144'"),
        ({"max_new_tokens": 8193}, "max_new_tokens .* is 8193: give 256 to 8192"),
        ({"batch_size": True}, "batch_size .* is True: give 1 to 512"),
        ({"gpu_memory_utilization": 0}, "gpu_memory_utilization .* is 0: give a share"),
        ({"gpu_memory_utilization": True}, "gpu_memory_utilization .* is True"),
        ({"gpu_memory_utilization": 90}, "gpu_memory_utilization .* is 90"),
    ],
)
def test_an_option_that_is_missing_or_wrong_is_named(options: dict[str, Any], told: str) -> None:
    with pytest.raises(FarmError, match=told):
        DeepSeekOptions.parse(GIVEN | options)


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ("checkout/src/glossapi/ocr/deepseek/run_pdf_ocr_vllm.py", "its branch development, which has this script"),
        ("environment/bin/python", "dependency_setup/deepseek_uv describes"),
    ],
)
def test_a_file_that_is_missing_is_told_with_what_belongs_there(tmp_path: Path, missing: str, told: str) -> None:
    options = DeepSeekOptions.parse(an_installation(tmp_path, {}))
    options.require_files()
    (tmp_path / missing).unlink()
    with pytest.raises(FarmError, match=f"{missing} is missing: .*{told}"):
        options.require_files()


def test_a_model_that_is_missing_is_told(tmp_path: Path) -> None:
    options = DeepSeekOptions.parse(an_installation(tmp_path, {}))
    assert options.model_folder() == tmp_path / "model"
    (tmp_path / "model/config.json").unlink()
    with pytest.raises(FarmError, match=r"config\.json is missing: .* the folder of deepseek-ai/DeepSeek-OCR-2"):
        options.model_folder()


def pinned(folder: Path) -> tuple[Path, DeepSeekOptions]:
    """Return a pinned model's folder, as a node has it, and options that name it."""
    files = {"config.json": b"{}", "model.safetensors": b"weights"}
    listed = [{"file": name, "digest": f"sha256:{hashlib.sha256(body).hexdigest()}"} for name, body in files.items()]
    repository = {
        "source": "hub",
        "repo": "deepseek-ai/DeepSeek-OCR-2",
        "cached_as": "deepseek-ai/DeepSeek-OCR-2",
        "reference": "main",
        "revision": "0" * 40,
        "used_by": [NAME],
        "files": listed,
    }
    weights = WeightsList.from_fields({"repositories": [repository]}, "weights")
    model = folder / "huggingface/hub/models--deepseek-ai--DeepSeek-OCR-2/snapshots" / ("0" * 40)
    model.mkdir(parents=True)
    for name, body in files.items():
        (model / name).write_bytes(body)
    for path, revision in references(weights).items():
        (folder / path).parent.mkdir(parents=True)
        (folder / path).write_text(revision)
    (folder / "weights.json").write_bytes(encode(weights.to_fields()))
    named = {"weights": str(folder), "weights_digest": weights.digest}
    return model, DeepSeekOptions.parse({"checkout": "/c", "environment": "/e", **named})


def test_a_pinned_model_is_found_and_one_that_is_altered_refused(tmp_path: Path) -> None:
    model, options = pinned(tmp_path)
    assert options.model_folder() == model
    (model / "model.safetensors").write_bytes(b"others!")
    with pytest.raises(FarmError, match=r"model.safetensors is altered"):
        options.model_folder()


def test_a_list_without_the_model_is_told(tmp_path: Path) -> None:
    _model, options = pinned(tmp_path)
    nothing = WeightsList(())
    (tmp_path / "weights.json").write_bytes(encode(nothing.to_fields()))
    with pytest.raises(FarmError, match=r"has no config\.json for OCR backend glossapi_deepseek: pin it"):
        replace(options, weights_digest=nothing.digest).model_folder()


def test_the_collections_own_list_has_the_model_without_a_digest_that_nobody_knows(repository: Path) -> None:
    path = repository / "roles/weights/files/weights.json"
    weights = WeightsList.from_json(path.read_bytes(), str(path)).of(NAME)
    with pytest.raises(FarmError, match=r"No digest is known .*: deepseek-ai/DeepSeek-OCR-2 .*[Pp]in"):
        weights.require_pins()


def test_only_what_changes_the_text_is_in_the_hash() -> None:
    def hashed(**options: Any) -> dict[str, Any]:
        return DeepSeekOptions.parse(GIVEN | options).for_hash()

    for same in ({"checkout": "/d"}, {"environment": "/f"}, {"model": "/n"}, {"batch_size": 8}):
        assert hashed(**same) == hashed()
    assert hashed(gpu_memory_utilization=0.5) == hashed()
    for other in ({"render_dpi": 200}, {"max_new_tokens": 4096}, {"commit": "0" * 40}):
        assert hashed(**other) != hashed()
    assert hashed(model=None, weights="/w", weights_digest="0" * 64) != hashed()
