# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.weights_options import weights_problem

DIGEST = "0123456789abcdef" * 4


@pytest.mark.parametrize(("weights", "digest"), [(None, None), ("/w", DIGEST)])
def test_both_or_none_are_right(weights: str | None, digest: str | None) -> None:
    assert weights_problem(weights, digest) == ""


@pytest.mark.parametrize(
    ("weights", "digest", "problem"),
    [
        ("/w", None, "both, or none of them"),
        (None, DIGEST, "both, or none of them"),
        ("/w", DIGEST[1:], "no SHA-256"),
        ("/w", DIGEST.upper(), "no SHA-256"),
        ("/w", 17, "no SHA-256: 17"),
    ],
)
def test_what_is_wrong_is_told(weights: str | None, digest: object, problem: str) -> None:
    assert problem in weights_problem(weights, digest)
