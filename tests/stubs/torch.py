# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A GPU without a GPU: as much of torch as a worker's canary asks for."""

from __future__ import annotations

from typing import Any

from glossapi.traps import has


class _Tensor:
    def __init__(self, value: float, size: int) -> None:
        self._value = value
        self._size = size

    def __matmul__(self, other: _Tensor) -> _Tensor:
        return _Tensor(self._value * other._value * self._size + has("gpu_computes_wrongly"), self._size)

    def sum(self) -> float:
        return self._value * self._size**2


class _Cuda:
    def is_available(self) -> bool:
        return not has("no_gpu")

    def device_count(self) -> int:
        return 2 if has("two_gpus") else 1


cuda = _Cuda()


def ones(shape: tuple[int, int], **options: Any) -> _Tensor:
    """Return a tensor of ones."""
    assert options == {"device": "cuda:0"}
    if has("gpu_fails"):
        raise RuntimeError("CUDA error: uncorrectable ECC error encountered")
    return _Tensor(1.0, shape[0])
