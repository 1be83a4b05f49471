# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the demo made, on this machine to look at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
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
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import MissingError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_WORTH_A_LOOK = {
    "university-a/report.pdf": "read from its text layer",
    "scans/typescript-1962.pdf": "recognised from a scan",
    "broken/wrong-layer.pdf": "recognised, as its layer is in a wrong encoding",
}


def collect(client: S3Client, results: S3Uri, table: S3Uri, folder: Path) -> str:
    """Copy what was made to ``folder``; return where it is, for a person to read, with the report's account.

    Nothing is said of what is not there, as after a run in check mode.

    Raises:
        S3Error: S3 could not be read.
    """
    lines = []
    report = folder / "report.txt"
    if report.exists():
        # The table of shards comes before it.
        account = report.read_text().partition("\n\n")[2]
        lines += [
            account,
            f"the report: {shown_path(report)}",
            f"the report as a page: {shown_path(folder / 'report.html')}",
        ]
    with suppress(MissingError):
        copy = folder / "page_counts_master.csv"
        copy.write_bytes(read_bytes(client, table))
        lines.append(f"the page counts: {shown_path(copy)}")
    corpus = folder / "corpus"
    if shown := copy_markdown(client, results, corpus):
        lines.append(f"the text: {shown_path(corpus)}, for example")
        lines += [f"  {shown_path(path)}: {_WORTH_A_LOOK[key]}" for key, path in shown.items()]
    return "".join(f"{line}\n" for line in lines)


def shown_path(path: Path) -> Path:
    """Return a path as short as it can be given in this folder."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def copy_markdown(client: S3Client, results: S3Uri, folder: Path) -> dict[str, Path]:
    """Write the Markdown of every document that is done below ``folder``; return the files that are worth a look.

    Raises:
        S3Error: S3 could not be read.
    """
    written = {}
    for key, marker in _done(client, results):
        written[key] = path = folder / f"{key}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(read_bytes(client, markdown_uri(output_folder(results, marker.shard), key)))
    return {key: written[key] for key in _WORTH_A_LOOK if key in written}


def _done(client: S3Client, results: S3Uri) -> Iterator[tuple[str, Marker]]:
    status = status_folder(results)
    for key, state in latest_states(list_objects(client, status), status).items():
        if state is DocumentState.DONE:
            uri = marker_uri(results, key, state)
            yield key, Marker.from_json(read_bytes(client, uri), str(uri))
