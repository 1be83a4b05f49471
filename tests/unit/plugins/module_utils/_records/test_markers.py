# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Marker, Output

_MARKER = Marker(
    uri="s3://raw/a/Έκθεση.pdf",
    etag="abc",
    pages=7,
    seconds=1.5,
    attempts=1,
    shard=2,
    node="OpenArchive-Shard-2",
    gpu="0",
    pipeline="pdftext",
    options_hash="00ff",
    outputs=(Output("s3://results/run/shard-2/markdown/a/Έκθεση.pdf.md", "def", 100),),
    finished_at="2026-11-24T10:00:00+00:00",
)


def test_a_document_without_a_failure_is_done() -> None:
    assert _MARKER.state is DocumentState.DONE


def test_the_json_names_the_class_of_a_failure() -> None:
    fields = json.loads(_MARKER.to_json()) | {"class": "timeout", "message": "took too long"}
    failed = Marker.from_json(json.dumps(fields).encode(), "here")
    assert failed.state is DocumentState.FAILED
    assert failed.failure_class == "timeout"
