# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options ``weights`` and ``weights_digest`` of pipelines and OCR backends that can load pinned weights."""

from __future__ import annotations

import re

_DIGEST = re.compile("[0-9a-f]{64}")


def weights_problem(weights: str | None, digest: object) -> str:
    """Return what is wrong with the two options, as the end of a sentence; empty where nothing is.

    Args:
        weights: folder of pinned weights; ``None`` for none.
        digest: of the list that has them.
    """
    if (weights is None) != (digest is None):
        return "needs the options weights and weights_digest both, or none of them"
    return weights_digest_problem(weights, digest)


def weights_digest_problem(weights: str | None, digest: object) -> str:
    """Return what is wrong with the option ``weights_digest``, likewise, where ``weights`` may be without it."""
    if digest is None:
        return ""
    if weights is None:
        return "needs the option weights with weights_digest"
    if not (isinstance(digest, str) and _DIGEST.fullmatch(digest)):
        return f"has an option weights_digest that is no SHA-256: {digest!r}"
    return ""
