# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.glossapi.farm.plugins.filter.minimum_driver import FilterModule

minimum_driver = FilterModule().filters()["minimum_driver"]


@pytest.mark.parametrize(
    ("pipeline", "options", "least"),
    [
        ("glossapi", {}, "525"),
        ("glossapi_math", {}, "525"),
        ("glossapi_rapidocr", {}, "525"),
        ("glossapi", {"backend": "safe"}, ""),
        ("pdftext", {}, ""),
        ("tesseract", {}, ""),
    ],
)
def test_what_brings_cuda_along_says_which_driver_that_needs(
    pipeline: str, options: dict[str, Any], least: str
) -> None:
    assert minimum_driver(pipeline, options) == least


def test_a_pipeline_that_is_none_is_an_error_of_the_filter() -> None:
    with pytest.raises(AnsibleFilterError):
        minimum_driver("pdftxt", {})
