# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.glossapi.farm.plugins.filter.gpu_need import FilterModule

gpu_need = FilterModule().filters()["gpu_need"]


@pytest.mark.parametrize(
    ("pipeline", "options", "need"),
    [
        ("glossapi", {}, "always"),
        ("glossapi", {"backend": "safe"}, "never"),
        ("pdftext", {}, "never"),
        ("command", {"command": "true"}, "perhaps"),
    ],
)
def test_the_pipeline_with_its_options_says_whether_it_needs_gpus(
    pipeline: str, options: dict[str, Any], need: str
) -> None:
    assert gpu_need(pipeline, options) == need


@pytest.mark.parametrize(("pipeline", "options"), [("pdftxt", {}), ("pdftext", {"ocr": True}), ("command", {})])
def test_a_pipeline_or_an_option_that_is_none_is_an_error_of_the_filter(pipeline: str, options: dict[str, Any]) -> None:
    with pytest.raises(AnsibleFilterError):
        gpu_need(pipeline, options)
