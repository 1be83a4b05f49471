# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much waits for a stage after ``text``: pages for stage ``ocr``, formulas for stage ``math``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._records.finished import read_finished_facts, state_of
from .._records.forwarded import pages_of, read_open_pages
from .._records.math import Wanted, read_formulas
from .._records.names import status_folder
from .._records.stage import Stage
from .._records.waiting import waits
from .._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def count_open_work(client: S3Client, results: S3Uri, stage: Stage) -> int:
    """Return how many pages, or formulas, of the documents that wait for a stage after ``text`` it has to read.

    Takes a listing of all markers, and a request for each document that was ever handed on, or whose formulas are open.

    Raises:
        S3Error: S3 could not be read.
        FarmError: there is no room on this machine for what is listed.
    """
    # In this order: a document that is handed on meanwhile is not known yet, and not counted.
    is_math = stage is Stage.MATH
    opened = (read_formulas(client, results, Wanted.OPEN) if is_math else read_open_pages(client, results)).read()
    marked = read_finished_facts(client, status_folder(results)).read()
    work = 0
    for some in opened.rest():
        states = marked.up_to(max(some))
        waiting = (key for key in some if waits(stage, state_of(states.get(key)), has_open_formulas=is_math))
        work += sum(pages_of(some[key]) for key in waiting)
    return work
