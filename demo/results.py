# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's Markdown, on this machine to look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.finished import latest_states
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Marker
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    markdown_uri,
    marker_uri,
    output_folder,
    status_folder,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Read from its layer, recognised from a scan, and recognised in place of a wrong layer.
_WORTH_A_LOOK = ("university-a/report.pdf", "scans/typescript-1962.pdf", "broken/wrong-layer.pdf")


def copy_markdown(client: S3Client, results: S3Uri, folder: Path) -> list[Path]:
    """Write the Markdown of every document that is done below ``folder``; return the files that are worth a look.

    Raises:
        S3Error: S3 could not be read.
    """
    shown = []
    for key, marker in _done(client, results):
        path = folder / f"{key}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(read_bytes(client, markdown_uri(output_folder(results, marker.shard), key)))
        if key in _WORTH_A_LOOK:
            shown.append(path)
    return sorted(shown, key=lambda path: _WORTH_A_LOOK.index(str(path.relative_to(folder)).removesuffix(".md")))


def _done(client: S3Client, results: S3Uri) -> Iterator[tuple[str, Marker]]:
    status = status_folder(results)
    for key, state in latest_states(list_objects(client, status), status).items():
        if state is DocumentState.DONE:
            uri = marker_uri(results, key, state)
            yield key, Marker.from_json(read_bytes(client, uri), str(uri))
