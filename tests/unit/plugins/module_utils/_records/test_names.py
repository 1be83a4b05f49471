# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._records.names import can_be_marked, json_uri, markdown_uri
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

OUTPUT = S3Uri("r", "run/shard-1")


def test_same_named_documents_have_results_of_their_own() -> None:
    assert str(markdown_uri(OUTPUT, "a/report.pdf")) == "s3://r/run/shard-1/markdown/a/report.pdf.md"
    assert str(json_uri(OUTPUT, "b/report.pdf")) == "s3://r/run/shard-1/json/b/report.pdf.json"
    assert markdown_uri(OUTPUT, "a//b.pdf") != markdown_uri(OUTPUT, "a/b.pdf")


def test_a_key_must_leave_room_for_its_marker_in_bytes() -> None:
    room = 1024 - len("run/status/.failed")
    assert can_be_marked(S3Uri("r", "run"), "k" * room)
    assert not can_be_marked(S3Uri("r", "run"), "k" * (room + 1))
    assert not can_be_marked(S3Uri("r", "run"), "é" * room)
