# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many pages wait for stage ``ocr``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._records.document import DocumentState
from .._records.finished import read_finished_facts, state_of
from .._records.forwarded import pages_of, read_open_pages
from .._records.names import status_folder
from .._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def count_open_pages(client: S3Client, results: S3Uri) -> int:
    """Return how many pages are to be recognised of the documents that stage ``ocr`` has not ended.

    Takes a listing of all markers, and a request for each document that was ever handed on.

    Raises:
        S3Error: S3 could not be read.
        FarmError: there is no room on this machine for what is listed.
    """
    # In this order: a document that is handed on meanwhile is not known yet, and not counted.
    opened = read_open_pages(client, results).read()
    marked = read_finished_facts(client, status_folder(results)).read()
    pages = 0
    for some in opened.rest():
        states = marked.up_to(max(some))
        waiting = (key for key in some if state_of(states.get(key)) is DocumentState.FORWARDED)
        pages += sum(pages_of(some[key]) for key in waiting)
    return pages
