# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions on a GPU without a GPU.

They fall back to the CPU as the real ones do: before CUDA's libraries are loaded, and with the trap onnxruntime_on_cpu.
"""

from __future__ import annotations

from typing import Any

from glossapi.traps import has

__version__ = "1.22.0"
_libraries: list[str] = []


def preload_dlls() -> None:
    """Load CUDA's libraries from where pip put them."""
    _libraries.append("libnvrtc.so.12")


class InferenceSession:
    """A session that doubles its input."""

    def __init__(self, model: bytes, providers: list[str]) -> None:
        assert model
        self._providers = providers if _libraries and not has("onnxruntime_on_cpu") else ["CPUExecutionProvider"]

    def get_providers(self) -> list[str]:
        """Return where it really runs."""
        return self._providers

    def run(self, _outputs: None, inputs: dict[str, Any]) -> list[Any]:
        """Return twice the input."""
        return [inputs["x"] * 2]
