# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure, FailureClass


@pytest.mark.parametrize("failure_class", [FailureClass.ENCRYPTED, FailureClass.CORRUPT, FailureClass.EMPTY_OUTPUT])
def test_what_follows_from_the_document_itself_is_final(failure_class: FailureClass) -> None:
    assert DocumentFailure(failure_class, "why").is_final


@pytest.mark.parametrize(
    "failure_class", [FailureClass.TIMEOUT, FailureClass.CRASH, FailureClass.GPU, FailureClass.PIPELINE]
)
def test_what_may_end_differently_is_worth_another_attempt(failure_class: FailureClass) -> None:
    assert not DocumentFailure(failure_class, "why").is_final


def test_a_long_message_keeps_its_end_where_the_reason_is() -> None:
    message = DocumentFailure(FailureClass.PIPELINE, "x" * 10_000 + "the reason").message
    assert len(message) < 2100
    assert message.endswith("the reason")
