# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi.rapidocr_gpu import use_gpu


class RapidOcr:
    def __init__(self, config_path: str | None = None, params: dict[str, Any] | None = None) -> None:
        self.config_path = config_path
        self.params = params


@pytest.fixture
def rapidocr(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    module = SimpleNamespace(RapidOCR=RapidOcr)
    monkeypatch.setitem(sys.modules, "rapidocr", module)
    return module


def test_what_docling_asks_for_in_vain_is_asked_for_as_rapidocr_reads_it(rapidocr: SimpleNamespace) -> None:
    use_gpu()
    reader = rapidocr.RapidOCR(params={"Det.use_cuda": True, "Global.text_score": 0.45})
    assert reader.params == {
        "Det.use_cuda": True,
        "Global.text_score": 0.45,
        "EngineConfig.onnxruntime.use_cuda": True,
        "EngineConfig.onnxruntime.cuda_ep_cfg.cudnn_conv_algo_search": "DEFAULT",
    }


def test_what_its_maker_sets_itself_stays(rapidocr: SimpleNamespace) -> None:
    use_gpu()
    reader = rapidocr.RapidOCR("my.yaml", {"EngineConfig.onnxruntime.use_cuda": False})
    assert reader.config_path == "my.yaml"
    assert reader.params["EngineConfig.onnxruntime.use_cuda"] is False
    assert rapidocr.RapidOCR().params["EngineConfig.onnxruntime.use_cuda"] is True
