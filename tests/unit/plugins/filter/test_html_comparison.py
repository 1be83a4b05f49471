# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.glossapi.farm.plugins.filter.html_comparison import FilterModule
from tests.support.comparisons import a_reading, told_comparison

html_comparison = FilterModule().filters()["html_comparison"]


def test_a_comparison_becomes_a_page_under_the_farms_name() -> None:
    comparison = told_comparison(a_reading("one", "text"))
    page = html_comparison(comparison, "Open <Archives>")
    assert page.startswith("<!DOCTYPE html>")
    assert "<h1>Open &lt;Archives&gt;: OCR backends compared</h1>" in page
    assert page == html_comparison(comparison, "Open <Archives>")


def test_what_is_no_comparison_is_refused() -> None:
    with pytest.raises(AnsibleFilterError, match="takes what ocr_comparison_info returned, and this has no 'backends'"):
        html_comparison({"changed": False}, "farm")
