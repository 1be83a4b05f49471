# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import hashlib
import io

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._weights.digests import digest_of, is_digest
from tests.support.model_hub import git_blob


def test_a_digest_is_of_the_kind_that_is_asked_for() -> None:
    body = b"weights" * 1_000_000
    assert digest_of(io.BytesIO(body), len(body), "sha256:") == f"sha256:{hashlib.sha256(body).hexdigest()}"
    assert digest_of(io.BytesIO(body), len(body), git_blob(b"")) == git_blob(body)


def test_git_names_a_file_as_it_always_has() -> None:
    # git hash-object of an empty file.
    assert digest_of(io.BytesIO(b""), 0, "git:") == "git:e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"


@pytest.mark.parametrize("text", ["", "sha256:", "sha256:" + "A" * 64, "sha1:" + "a" * 40, "git:" + "a" * 64, "a" * 64])
def test_anything_else_is_no_digest(text: str) -> None:
    assert not is_digest(text)
    assert is_digest("sha256:" + "a" * 64)
