# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Having RapidOCR use the GPU when docling asks it to in words it does not know.

docling 2.48 sets ``Det.use_cuda`` and the like; RapidOCR 3 reads ``EngineConfig.onnxruntime.use_cuda`` and runs
on the CPU without a word. Whether its sessions then have the GPU is what gpu_canary checks.
"""

from __future__ import annotations

from typing import Any

# RapidOCR's names, as in its config.yaml. The search for the fastest convolution, which is its default, is
# made anew for each size of image and made OCR on a GPU slower than on a CPU (docling issue 4167).
ENGINE = {
    "EngineConfig.onnxruntime.use_cuda": True,
    "EngineConfig.onnxruntime.cuda_ep_cfg.cudnn_conv_algo_search": "DEFAULT",
}


def use_gpu() -> None:
    """Give these settings to every RapidOCR that is made in this process; what its maker sets itself stays.

    Raises:
        ImportError: it is not installed.
    """
    import rapidocr

    make = rapidocr.RapidOCR

    def make_on_gpu(config_path: str | None = None, params: dict[str, Any] | None = None) -> Any:
        return make(config_path=config_path, params={**ENGINE, **(params or {})})

    rapidocr.RapidOCR = make_on_gpu
