# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Marker
from tests.support.markers import make_marker

_MARKER = make_marker()


def test_a_document_without_a_failure_is_done() -> None:
    assert _MARKER.state is DocumentState.DONE


def test_the_json_names_the_class_of_a_failure() -> None:
    fields = json.loads(_MARKER.to_json()) | {"class": "timeout", "message": "took too long"}
    failed = Marker.from_json(json.dumps(fields).encode(), "here")
    assert failed.state is DocumentState.FAILED
    assert failed.failure_class == "timeout"
