# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi.page_markdown import page_markdown


def test_each_page_has_its_own_markdown(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(repository / "tests" / "stubs"))
    document = {"texts": [{"text": f"of page {number}", "prov": [{"page_no": number}]} for number in (1, 2, 3)]}
    assert page_markdown(document, [1, 3]) == {1: "- of page 1", 3: "- of page 3"}
