# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi.options import GlossApiOptions


def test_by_default_docling_reads_the_text_layer_on_a_gpu() -> None:
    options = GlossApiOptions.parse({})
    assert (options.backend, options.ocr, options.math, options.images_scale) == ("docling", False, False, 1.25)
    assert options.uses_gpu


def test_the_ocr_backend_recognises_and_has_the_options_that_go_with_that() -> None:
    options = GlossApiOptions.parse_for_ocr({"images_scale": 2})
    assert (options.backend, options.ocr, options.math, options.images_scale) == ("docling", True, False, 2)
    assert options.for_hash() != GlossApiOptions.parse({"images_scale": 2}).for_hash()
    for unknown in ("backend", "ocr", "math"):
        with pytest.raises(FarmError, match=f"Pipeline glossapi_rapidocr does not know the option '{unknown}': it has"):
            GlossApiOptions.parse_for_ocr({unknown: True})


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"orc": True}, "does not know the option 'orc': it has backend, math"),
        ({"backend": "deepseek"}, "choose docling or safe"),
        ({"ocr": True}, "recognised at stage ocr .*glossapi_rapidocr"),
        ({"math": 1}, "option math"),
        ({"images_scale": 0}, "option images_scale"),
        ({"images_scale": True}, "option images_scale"),
        ({"images_scale": "2"}, "option images_scale"),
        ({"threads": 0}, "option threads"),
        ({"threads": 1.5}, "option threads"),
        ({"hf_home": "cache"}, "absolute"),
        ({"rapidocr_models": 3}, "absolute"),
        ({"backend": "safe", "math": True}, "set math to false"),
        ({"weights": "/w"}, "needs the options weights and weights_digest both"),
        ({"weights_digest": "0" * 64}, "needs the options weights and weights_digest both"),
        ({"weights": "w", "weights_digest": "0" * 64}, "absolute"),
        ({"weights": "/w", "weights_digest": "0" * 63}, "weights_digest that is no SHA-256"),
        ({"weights": "/w", "weights_digest": "0" * 64, "hf_home": "/m"}, "leave out hf_home and rapidocr_models"),
    ],
)
def test_a_wrong_option_is_refused_with_what_to_do(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(FarmError, match=reason):
        GlossApiOptions.parse(options)


def test_what_does_not_change_the_output_is_not_hashed() -> None:
    plain = GlossApiOptions.parse({}).for_hash()
    assert GlossApiOptions.parse({"threads": 4, "hf_home": "/m", "rapidocr_models": "/r"}).for_hash() == plain
    assert GlossApiOptions.parse({"math": True}).for_hash() != plain
    assert GlossApiOptions.parse({"images_scale": 2}).for_hash() != plain


@pytest.mark.parametrize(("cpus", "workers", "threads"), [(48, 4, 12), (2, 4, 1), (5, 2, 2)])
def test_workers_share_the_cpus(cpus: int, workers: int, threads: int) -> None:
    assert GlossApiOptions().thread_count(cpus, workers) == threads
    assert GlossApiOptions(threads=3).thread_count(cpus, workers) == 3


def test_libraries_find_their_settings_in_the_environment() -> None:
    options = GlossApiOptions.parse({"hf_home": "/models", "rapidocr_models": "/onnx", "images_scale": 2})
    assert options.environment(Path("/slot"), 12) == {
        "OMP_NUM_THREADS": "12",
        "MKL_NUM_THREADS": "12",
        "OPENBLAS_NUM_THREADS": "12",
        "GLOSSAPI_IMAGES_SCALE": "2",
        "GLOSSAPI_SKIPLIST_PATH": "/slot/skiplist.txt",
        "HF_HOME": "/models",
        "GLOSSAPI_RAPIDOCR_ONNX_DIR": "/onnx",
    }
    assert not {"HF_HOME", "GLOSSAPI_RAPIDOCR_ONNX_DIR"} & GlossApiOptions().environment(Path("/slot"), 1).keys()


WEIGHTS = {"weights": "/w", "weights_digest": "0" * 64}


def test_pinned_weights_are_all_there_is() -> None:
    environment = GlossApiOptions.parse(WEIGHTS).environment(Path("/slot"), 1)
    assert environment["HF_HOME"] == "/w/huggingface"
    assert environment["HF_HUB_OFFLINE"] == "1"
    assert environment["GLOSSAPI_RAPIDOCR_ONNX_DIR"] == "/w/rapidocr"


def test_other_weights_are_hashed_and_none_leave_the_hash_as_it_was() -> None:
    plain = GlossApiOptions.parse({}).for_hash()
    assert plain.keys() == {"backend", "ocr", "math", "images_scale"}
    assert GlossApiOptions.parse(WEIGHTS).for_hash() == plain | {"weights_digest": "0" * 64}
    assert GlossApiOptions.parse(WEIGHTS | {"weights": "/elsewhere"}).for_hash() == plain | {"weights_digest": "0" * 64}
