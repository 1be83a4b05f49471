# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.stale import Expected, stale_reason
from tests.support.markers import make_marker

MARKER = make_marker(pipeline="glossapi", revision="r1")
EXPECTED = Expected("e1", "glossapi", "h1", "r1")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"etag": "e2"}, "input"),
        ({"options_hash": "h2"}, "options"),
        ({"revision": "r2"}, "revision"),
        ({"pipeline": "pdftext", "options_hash": "h2"}, "pipeline, options"),
        ({"etag": None}, None),
        ({"revision": ""}, None),
    ],
)
def test_a_marker_is_stale_by_whatever_has_changed(changes: dict[str, str | None], reason: str | None) -> None:
    assert stale_reason(MARKER, replace(EXPECTED, **changes)) == reason  # type: ignore[arg-type]


def test_what_a_marker_does_not_know_has_not_changed() -> None:
    assert stale_reason(replace(MARKER, etag="", revision=""), EXPECTED) is None
