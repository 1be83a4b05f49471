# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a pipeline is: turns one local document into Markdown, or says why not."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Protocol

from .task import Product, Task


class Pipeline(Protocol):
    """A way to process documents, made once in each worker and used for many.

    Attributes:
        revision: which version of it this is, such as a commit; empty where it has none of its own.
    """

    revision: str

    def process(self, task: Task) -> Product:
        """Process one document.

        Raises:
            DocumentFailure: this document cannot be processed.
        """
        ...


def options_hash(name: str, options: dict[str, Any]) -> str:
    """Return the SHA-256 of a pipeline's name and options as canonical JSON, in hexadecimal."""
    canonical = json.dumps([name, options], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
