# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether RapidOCR's own sessions run on the GPU.

``onnxruntime.get_available_providers()`` names CUDA also where CUDA or cuDNN are of another release than the one that
onnxruntime was made for; then each session falls back to the CPU without an error. RapidOCR has changed how it is told
to use the GPU, and ignores the way of before. So sessions are made, and asked.
"""

from __future__ import annotations

from .._pipelines.failures import GpuFault
from .._pipelines.glossapi.gpu_canary import check_live_sessions
from .._pipelines.glossapi.rapidocr_gpu import ENGINE

_PARAMETERS = {**ENGINE, "Global.log_level": "warning"}


def check_rapidocr() -> int:
    """Return how many sessions RapidOCR makes when it is asked for the GPU, each of them on the GPU.

    Raises:
        GpuFault: it cannot be made, makes none, or one of them runs on the CPU.
    """
    import rapidocr

    before = check_live_sessions()
    try:
        # Held until its sessions were asked.
        engine = rapidocr.RapidOCR(params=_PARAMETERS)
    except Exception as error:
        raise GpuFault(f"RapidOCR cannot be made: {type(error).__name__}: {error}") from error
    sessions = check_live_sessions() - before
    del engine
    if not sessions:
        raise GpuFault("RapidOCR made no session of onnxruntime: it uses another engine, on whatever device.")
    return sessions
