# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a worker checks before it trusts its GPU: that it is there, computes, and is really used.

A library that cannot use the GPU falls back to the CPU without a word: the work goes on, ten times slower.
So the answers of a real computation and of real sessions count, not what a library says is available.
"""

from __future__ import annotations

import base64
import gc
from typing import Any

from ..._errors import FarmError
from ..._records.failure_classes import FailureClass
from ..failures import GpuFault
from .causes import cause_of

_PROVIDER = "CUDAExecutionProvider"
_SIZE = 64
# An ONNX model (IR 7, opset 13): y = x + x, both float[4]. Made with onnx.helper.
_DOUBLE = base64.b64decode(
    "CAcSADo6Cg4KAXgKAXgSAXkiA0FkZBIGY2FuYXJ5Wg8KAXgSCgoICAESBAoCCARiDwoBeRIKCggIARIECgIIBEIECgAQDQ=="
)


def check_torch(gpus: int = 1) -> None:
    """Check that torch sees exactly so many GPUs, and that each computes.

    Raises:
        GpuFault: it does not.
        FarmError: others have taken its memory.
    """
    import torch

    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if count != gpus:
        raise GpuFault(f"torch sees {count} GPUs instead of {gpus}: see nvidia-smi and CUDA_VISIBLE_DEVICES.")
    for number in range(gpus):
        try:
            ones = torch.ones((_SIZE, _SIZE), device=f"cuda:{number}")
            total = float((ones @ ones).sum())
        except RuntimeError as error:
            _require_memory(error)
            raise GpuFault(f"torch cannot compute on GPU {number}: {error}") from error
        if total != _SIZE**3:
            raise GpuFault(f"GPU {number} computes wrongly: a sum of {_SIZE**3} came out as {total}.")


def check_onnxruntime() -> None:
    """Check that a session of onnxruntime runs on the GPU; what OCR's own need for that is loaded from then on.

    Raises:
        GpuFault: it does not: its CUDA or cuDNN is another than the installed one, for example.
        FarmError: others have taken its memory.
    """
    import numpy
    import onnxruntime

    _load_cuda_libraries(onnxruntime)
    try:
        session = onnxruntime.InferenceSession(_DOUBLE, providers=[_PROVIDER, "CPUExecutionProvider"])
        (result,) = session.run(None, {"x": numpy.ones(4, dtype=numpy.float32)})
    except Exception as error:
        _require_memory(error)
        raise GpuFault(f"onnxruntime cannot compute: {error}") from error
    providers = session.get_providers()
    if _PROVIDER not in providers:
        raise GpuFault(
            f"onnxruntime {onnxruntime.__version__} runs on {', '.join(providers)} and not on the GPU, so OCR would be "
            "many times slower: install the onnxruntime-gpu made for the CUDA and cuDNN that torch brings."
        )
    if [float(value) for value in result] != [2.0] * 4:
        raise GpuFault(f"onnxruntime computes wrongly on the GPU: {result} instead of twos.")


def _require_memory(error: Exception) -> None:
    """Tell a GPU whose memory others have taken from one that cannot be used.

    Raises:
        FarmError: it has none left for this worker; those that have started can go on.
    """
    if cause_of([str(error)]) is FailureClass.GPU_MEMORY:
        raise FarmError(
            f"The GPU has too little memory left for one more worker: set farm_workers_per_gpu to fewer. {error}"
        ) from error


def _load_cuda_libraries(onnxruntime: Any) -> None:
    """Load what pip installed for torch, for all sessions of this process.

    onnxruntime needs NVRTC, does not look where pip puts it, and torch does not load it before it compiles:
    without this every session falls back to the CPU (onnxruntime issue 24719). Releases before 1.21 have no such call.
    """
    if hasattr(onnxruntime, "preload_dlls"):
        onnxruntime.preload_dlls()


def check_live_sessions() -> int:
    """Return how many sessions of onnxruntime this process has, OCR's own included, each of them on the GPU.

    Raises:
        GpuFault: one does not.
    """
    import onnxruntime

    count = 0
    # OCR libraries keep their sessions where each release pleases; the garbage collector knows them all.
    for each in gc.get_objects():
        # isinstance() would ask proxies of objects that are gone.
        if not issubclass(type(each), onnxruntime.InferenceSession):
            continue
        count += 1
        if _PROVIDER not in each.get_providers():
            raise GpuFault(
                f"OCR was made to run on {', '.join(each.get_providers())} and not on the GPU: install the releases of "
                "docling, rapidocr and onnxruntime-gpu that the role glossapi names."
            )
    return count
