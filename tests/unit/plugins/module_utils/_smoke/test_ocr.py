# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""With modules in place of onnxruntime and rapidocr, one for each way in which OCR misses the GPU."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import GpuFault
from ansible_collections.glossapi.farm.plugins.module_utils._smoke.ocr import check_rapidocr

GPU, CPU = "CUDAExecutionProvider", "CPUExecutionProvider"


@pytest.fixture
def onnxruntime(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    class Session:
        def __init__(self, providers: list[str]) -> None:
            self._providers = providers

        def get_providers(self) -> list[str]:
            return self._providers

    # It always says that CUDA is available.
    module = SimpleNamespace(InferenceSession=Session, get_available_providers=lambda: [GPU, CPU])
    monkeypatch.setitem(sys.modules, "onnxruntime", module)
    return module


def rapidocr_with(monkeypatch: pytest.MonkeyPatch, make: Any) -> None:
    class RapidOCR:
        def __init__(self, params: dict[str, Any]) -> None:
            self.sessions = make(params)

    monkeypatch.setitem(sys.modules, "rapidocr", SimpleNamespace(RapidOCR=RapidOCR))


def test_sessions_on_the_gpu_are_counted_without_those_of_before(
    monkeypatch: pytest.MonkeyPatch, onnxruntime: SimpleNamespace
) -> None:
    session = onnxruntime.InferenceSession
    of_before = session([GPU, CPU])
    rapidocr_with(
        monkeypatch,
        lambda params: [session([GPU, CPU] if params["EngineConfig.onnxruntime.use_cuda"] else [CPU]) for _ in "dcr"],
    )
    assert check_rapidocr() == 3
    assert of_before


def test_cuda_that_is_available_but_not_used_is_told(
    monkeypatch: pytest.MonkeyPatch, onnxruntime: SimpleNamespace
) -> None:
    rapidocr_with(monkeypatch, lambda _params: [onnxruntime.InferenceSession([CPU])])
    with pytest.raises(GpuFault, match="OCR was made to run on CPUExecutionProvider"):
        check_rapidocr()


def test_one_of_several_sessions_on_the_cpu_is_enough(
    monkeypatch: pytest.MonkeyPatch, onnxruntime: SimpleNamespace
) -> None:
    rapidocr_with(monkeypatch, lambda _params: [onnxruntime.InferenceSession(each) for each in ([GPU, CPU], [CPU])])
    with pytest.raises(GpuFault, match="CPUExecutionProvider"):
        check_rapidocr()


def test_a_rapidocr_that_asks_for_the_gpu_in_another_way_runs_on_the_cpu(
    monkeypatch: pytest.MonkeyPatch, onnxruntime: SimpleNamespace
) -> None:
    def make(params: dict[str, Any]) -> list[Any]:
        return [onnxruntime.InferenceSession([GPU, CPU] if params.get("Det.use_cuda") else [CPU])]

    rapidocr_with(monkeypatch, make)
    with pytest.raises(GpuFault, match="not on the GPU"):
        check_rapidocr()


@pytest.mark.usefixtures("onnxruntime")
def test_no_session_at_all_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rapidocr_with(monkeypatch, lambda _params: [])
    with pytest.raises(GpuFault, match="made no session"):
        check_rapidocr()


@pytest.mark.usefixtures("onnxruntime")
def test_a_rapidocr_that_cannot_be_made_is_told_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def make(_params: dict[str, Any]) -> None:
        raise ValueError("no model")

    rapidocr_with(monkeypatch, make)
    with pytest.raises(GpuFault, match="ValueError: no model"):
        check_rapidocr()
