# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import sqlite3
from hashlib import sha256

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._corpus.duplicates import Duplicates
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError


def digest(number: int) -> str:
    return sha256(str(number).encode()).hexdigest()


def test_the_first_document_of_a_text_is_named_to_the_later_ones_alone() -> None:
    known = Duplicates()
    first, second, third = map(digest, range(3))
    assert known.first(digest(9), first) == ""
    assert known.first(digest(8), second) == ""
    assert known.first(digest(9), third) == first
    # Told again, as of a file that is made anew after all.
    assert known.first(digest(9), first) == ""
    assert known.first(digest(9), third) == first


def test_a_full_disk_names_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Duplicates()

    class Full:
        def execute(self, *_arguments: object) -> None:
            raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(known, "_database", Full())
    with pytest.raises(FarmError, match=r"Cannot keep the digests of texts in .*disk is full.*Free space"):
        known.first(digest(1), digest(2))
