# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.ended import is_open
from ansible_collections.glossapi.farm.plugins.module_utils._records.forwarded import (
    pages_of,
    read_forwarded,
    read_open_pages,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import forwarded_folder, kept_uri, marker_uri
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.markers import make_marker

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def test_every_document_that_was_handed_on_is_told_with_the_pages_to_recognise(client: S3Client, bucket: S3Uri) -> None:
    bodies = {
        "a/Έκθεση.pdf": make_marker(open_pages=(2, 3)).to_json(),
        # Whoever works on it says that it cannot be understood.
        "b.pdf": b"?",
    }
    for key, body in bodies.items():
        put_bytes(client, marker_uri(bucket, key, DocumentState.FORWARDED), body, "application/json")
    put_bytes(client, marker_uri(bucket, "done.pdf", DocumentState.DONE), b"{}", "application/json")
    put_bytes(client, forwarded_folder(bucket).join("notes.txt"), b"", "text/plain")
    opened = read_open_pages(client, bucket).read().up_to(b"z")
    assert {key.decode(): pages_of(fact) for key, fact in opened.items()} == {"a/Έκθεση.pdf": 2, "b.pdf": 1}
    # Stage text has done it since.
    put_bytes(client, kept_uri(bucket, "b.pdf"), b"{}", "application/json")
    facts = read_forwarded(client, bucket).read().up_to(b"z")
    assert {key.decode(): is_open(fact) for key, fact in facts.items()} == {"a/Έκθεση.pdf": True, "b.pdf": False}
