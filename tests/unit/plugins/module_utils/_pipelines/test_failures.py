# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass


def test_a_long_message_keeps_its_end_where_the_reason_is() -> None:
    message = DocumentFailure(FailureClass.PIPELINE, "x" * 10_000 + "the reason").message
    assert len(message) < 2100
    assert message.endswith("the reason")
