# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from tests.support.progress import make_progress


def test_what_is_pending_has_the_pages_of_no_document_that_ended() -> None:
    assert make_progress(pages=100, pages_done=60, pages_failed=15).pages_pending == 25
