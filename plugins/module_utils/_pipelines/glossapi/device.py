# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What glossAPI's models run on, and how a worker makes sure of it."""

from __future__ import annotations

from typing import Protocol

from .gpu_canary import check_live_sessions, check_onnxruntime, check_torch
from .rapidocr_gpu import use_gpu


class Device(Protocol):
    """A device.

    Attributes:
        accelerator: its name for glossAPI.
    """

    accelerator: str

    def prepare(self, *, ocr: bool) -> None:
        """Check that it can be used, and have OCR use it, before any model is loaded.

        Raises:
            GpuFault: it cannot.
            ImportError: what that takes is not installed.
        """

    def check_sessions(self) -> None:
        """Check that OCR, whose models are loaded, really uses it.

        Raises:
            GpuFault: it does not.
        """


class Gpu:
    """The one GPU that the worker sees."""

    accelerator = "cuda:0"

    def prepare(self, *, ocr: bool) -> None:
        """See :meth:`Device.prepare`."""
        check_torch()
        if ocr:
            check_onnxruntime()
            use_gpu()

    def check_sessions(self) -> None:
        """See :meth:`Device.check_sessions`."""
        check_live_sessions()


class Cpu:
    """Nothing to make sure of."""

    accelerator = "CPU"

    def prepare(self, *, ocr: bool) -> None:
        """See :meth:`Device.prepare`."""

    def check_sessions(self) -> None:
        """See :meth:`Device.check_sessions`."""
