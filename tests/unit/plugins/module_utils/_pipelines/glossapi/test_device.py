# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import GpuFault
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi.device import Cpu, Gpu


def test_a_gpu_is_used_by_torch_before_ocr_is_thought_of(monkeypatch: pytest.MonkeyPatch) -> None:
    cuda = SimpleNamespace(is_available=lambda: False)
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=cuda))
    for ocr in (True, False):
        with pytest.raises(GpuFault, match="torch sees 0 GPUs"):
            Gpu().prepare(ocr=ocr)


def test_a_gpu_needs_nothing_of_ocr_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    class Ones:
        def __matmul__(self, other: Ones) -> Ones:
            return other

        def sum(self) -> float:
            return 64.0**3

    cuda = SimpleNamespace(is_available=lambda: True, device_count=lambda: 1)
    torch = SimpleNamespace(cuda=cuda, ones=lambda _shape, device: Ones() if device == Gpu.accelerator else None)
    monkeypatch.setitem(sys.modules, "torch", torch)
    for name in ("onnxruntime", "rapidocr"):
        monkeypatch.setitem(sys.modules, name, None)
    Gpu().prepare(ocr=False)
    with pytest.raises(ImportError):
        Gpu().prepare(ocr=True)


def test_a_cpu_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("onnxruntime", "rapidocr", "torch"):
        monkeypatch.setitem(sys.modules, name, None)
    Cpu().prepare(ocr=True)
    Cpu().check_sessions()
