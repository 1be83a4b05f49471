# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.registry import DEFAULT, KINDS, NAMES, kind_of

HEAVY = ("boto3", "docling", "glossapi", "onnxruntime", "pypdfium2", "torch")


def test_an_unknown_pipeline_is_refused_with_those_there_are() -> None:
    assert NAMES == (
        "command",
        "glossapi",
        "glossapi_math",
        "pdftext",
        "glossapi_deepseek",
        "glossapi_rapidocr",
        "server",
        "tesseract",
    )
    with pytest.raises(FarmError, match="choose one of command, glossapi, glossapi_math, pdftext"):
        kind_of("glosapi")


def test_each_pipeline_is_found_by_its_name_and_the_default_is_one_of_them() -> None:
    assert tuple(kind_of(name) for name in NAMES) == KINDS
    assert DEFAULT in NAMES


def test_each_pipeline_says_what_it_does_in_a_sentence_that_begins_with_its_name() -> None:
    for kind in KINDS:
        assert kind.summary.startswith(f"V({kind.name}) ")
        assert f"V({kind.name})" in kind.options_help


def test_to_know_the_pipelines_nothing_is_loaded_that_they_need_nor_anything_that_uses_them(library_path: Path) -> None:
    code = f"import sys, {kind_of.__module__}; print(*sys.modules, sep='\\n')"
    environment = os.environ | {"PYTHONPATH": str(library_path)}
    finished = subprocess.run(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    loaded = finished.stdout.split()
    assert kind_of.__module__ in loaded
    assert not [name for name in loaded if name in HEAVY or "._runner" in name or "._status" in name]
