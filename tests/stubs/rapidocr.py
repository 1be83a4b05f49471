# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""RapidOCR 3's choice of a GPU: by its own setting, whatever docling says."""

from __future__ import annotations

from typing import Any

from glossapi.traps import has
from onnxruntime import InferenceSession


class RapidOCR:
    """Three models, each with a session."""

    def __init__(self, config_path: str | None = None, params: dict[str, Any] | None = None) -> None:
        assert config_path is None
        on_gpu = (params or {}).get("EngineConfig.onnxruntime.use_cuda", False) and not has("ocr_on_cpu")
        providers = ["CUDAExecutionProvider", "CPUExecutionProvider"] if on_gpu else ["CPUExecutionProvider"]
        self.sessions = [InferenceSession(name, providers=providers) for name in (b"det", b"cls", b"rec")]
