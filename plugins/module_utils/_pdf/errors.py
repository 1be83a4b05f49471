# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a document cannot be settled by its structure; never leaves the package."""

from __future__ import annotations


class InconsistentError(Exception):
    """The file contradicts itself or the format: no certain number comes out of it this way."""


class UnsupportedError(InconsistentError):
    """The file may well be fine, but uses what only a whole PDF engine reads."""


class TruncatedError(Exception):
    """The bytes at hand end before the thing that is being parsed does.

    Attributes:
        missing: the number of further bytes needed, where known; else 0.
    """

    def __init__(self, missing: int = 0) -> None:
        super().__init__(missing)
        self.missing = missing
