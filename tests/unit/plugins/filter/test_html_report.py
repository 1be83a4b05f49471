# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.glossapi.farm.plugins.filter.html_report import FilterModule
from tests.support.report_values import farm_of_days, report_values

html_report = FilterModule().filters()["html_report"]


def test_a_farm_becomes_a_page_under_its_name() -> None:
    page = html_report(report_values(), "Open <Archives>")
    assert page.startswith("<!DOCTYPE html>")
    assert "<h1>Open &lt;Archives&gt;</h1>" in page
    assert "console.aws" not in page
    assert "console.aws" in html_report(report_values(), "farm", console_region="us-east-1")


def test_every_stage_that_is_given_is_on_the_page() -> None:
    page = html_report(farm_of_days(2), "farm")
    assert "Shards of stage text" in page
    assert "Shards of stage ocr" in page
    assert "Shards of stage ocr" not in html_report(farm_of_days(2)[:1], "farm")


def test_what_is_no_farm_is_refused() -> None:
    with pytest.raises(AnsibleFilterError, match="takes what shard_info returned, and this has no 'shards'"):
        html_report({"changed": False}, "farm")
    with pytest.raises(AnsibleFilterError, match="of at least one stage"):
        html_report([], "farm")
