# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""With modules in place of torch and onnxruntime; what workers make of it is in test_glossapi.py."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import GpuFault
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi.gpu_canary import (
    check_live_sessions,
    check_onnxruntime,
    check_torch,
)


class Session:
    factor = 2

    def __init__(self, model: bytes, providers: list[str]) -> None:
        # A model of this name and operator, as protobuf writes strings.
        assert b"canary" in model
        assert b"Add" in model
        self.providers = providers

    def get_providers(self) -> list[str]:
        return self.providers

    def run(self, _outputs: None, inputs: dict[str, Any]) -> list[Any]:
        return [inputs["x"] * self.factor]


@pytest.fixture
def onnxruntime(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    class OfThisTest(Session):
        """The garbage collector may still know the sessions of other tests."""

    module = SimpleNamespace(InferenceSession=OfThisTest, __version__="1.20.1")
    monkeypatch.setitem(sys.modules, "onnxruntime", module)
    return module


def test_a_session_on_the_gpu_that_doubles_is_believed(onnxruntime: SimpleNamespace) -> None:
    assert onnxruntime.__version__
    check_onnxruntime()


def test_a_session_that_fell_back_to_the_cpu_is_not(onnxruntime: SimpleNamespace) -> None:
    onnxruntime.InferenceSession.get_providers = lambda _session: ["CPUExecutionProvider"]
    with pytest.raises(GpuFault, match=r"onnxruntime 1\.20\.1 runs on CPUExecutionProvider and not on the GPU"):
        check_onnxruntime()


def test_cudas_libraries_are_loaded_before_the_first_session(onnxruntime: SimpleNamespace) -> None:
    onnxruntime.InferenceSession.get_providers = lambda _session: ["CPUExecutionProvider"]

    def load() -> None:
        onnxruntime.InferenceSession.get_providers = lambda session: session.providers

    onnxruntime.preload_dlls = load
    check_onnxruntime()


def test_a_session_that_computes_wrongly_is_not(onnxruntime: SimpleNamespace) -> None:
    onnxruntime.InferenceSession.factor = 3
    with pytest.raises(GpuFault, match="computes wrongly"):
        check_onnxruntime()


def test_ocrs_own_sessions_are_found_wherever_they_are_kept(onnxruntime: SimpleNamespace) -> None:
    on_gpu = onnxruntime.InferenceSession(b"canary Add", ["CUDAExecutionProvider", "CPUExecutionProvider"])
    check_live_sessions()
    on_cpu = {"deep": [onnxruntime.InferenceSession(b"canary Add", ["CPUExecutionProvider"])]}
    with pytest.raises(GpuFault, match="OCR was made to run on CPUExecutionProvider"):
        check_live_sessions()
    assert on_gpu
    assert on_cpu


@pytest.mark.parametrize(("is_available", "count"), [(False, 1), (True, 0), (True, 4)])
def test_torch_must_see_exactly_the_slots_gpu(is_available: bool, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    cuda = SimpleNamespace(is_available=lambda: is_available, device_count=lambda: count)
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=cuda))
    with pytest.raises(GpuFault, match="instead of 1"):
        check_torch()


def test_each_of_several_gpus_has_to_compute(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Ones:
        def __init__(self, device: str) -> None:
            asked.append(device)

        def __matmul__(self, other: Ones) -> Ones:
            return other

        def sum(self) -> float:
            return 64.0**3 if asked[-1] != "cuda:2" else 0.0

    cuda = SimpleNamespace(is_available=lambda: True, device_count=lambda: 4)
    torch = SimpleNamespace(cuda=cuda, ones=lambda _shape, device: Ones(device))
    monkeypatch.setitem(sys.modules, "torch", torch)
    with pytest.raises(GpuFault, match="GPU 2 computes wrongly"):
        check_torch(4)
    assert asked == ["cuda:0", "cuda:1", "cuda:2"]


def test_a_gpu_whose_memory_others_have_taken_is_not_broken(
    onnxruntime: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def out_of_memory(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("CUDA error: out of memory")

    cuda = SimpleNamespace(is_available=lambda: True, device_count=lambda: 1)
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=cuda, ones=out_of_memory))
    onnxruntime.InferenceSession.run = out_of_memory
    for check in (check_torch, check_onnxruntime):
        with pytest.raises(FarmError, match=r"set farm_workers_per_gpu to fewer.*out of memory") as raised:
            check()
        assert not isinstance(raised.value, GpuFault)
