# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions on a GPU without a GPU; with the trap onnxruntime_on_cpu they fall back as the real ones do."""

from __future__ import annotations

from typing import Any

from glossapi.traps import has

__version__ = "1.18.1"


class InferenceSession:
    """A session that doubles its input."""

    def __init__(self, model: bytes, providers: list[str]) -> None:
        assert model
        self._providers = ["CPUExecutionProvider"] if has("onnxruntime_on_cpu") else providers

    def get_providers(self) -> list[str]:
        """Return where it really runs."""
        return self._providers

    def run(self, _outputs: None, inputs: dict[str, Any]) -> list[Any]:
        """Return twice the input."""
        return [inputs["x"] * 2]
