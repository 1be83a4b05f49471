# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import Progress
from tests.support.progress import make_progress


def test_what_is_pending_has_the_pages_of_no_document_that_ended() -> None:
    assert make_progress(pages=100, pages_done=60, pages_failed=15).pages_pending == 25


def test_the_class_that_broke_a_run_is_stored_as_a_markers_is() -> None:
    body = make_progress(state="broken", failure_class="pipeline").to_json()
    assert (json.loads(body)["state"], json.loads(body)["class"]) == ("broken", "pipeline")
    assert Progress.from_json(body, "here").failure_class == "pipeline"
