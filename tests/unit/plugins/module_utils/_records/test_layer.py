# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

from ansible_collections.glossapi.farm.plugins.module_utils._records.layer import Layer, LayerPage


def test_a_page_says_no_more_than_it_has() -> None:
    body = Layer("s3://raw/a.pdf", (LayerPage(1), LayerPage(2, "κείμενο"))).to_json()
    assert [page["text"] for page in json.loads(body)["pages"]] == ["", "κείμενο"]
    assert Layer.from_json(body, "there").pages[0] == LayerPage(1, "", has_ink=True, markdown="")
