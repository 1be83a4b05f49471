# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A table of page counts, from where it is, cut into shards, where they are to be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .._errors import FarmError
from .._records.facts import Facts
from .._records.finished import read_finished_facts
from .._records.forwarded import read_open_pages
from .._records.math import Wanted, read_formulas
from .._records.names import SUMMARY_NAME
from .._records.page_counts_source import fetch_counts
from .._records.stage import Stage
from .._records.summary import Summary
from .._records.work import WorkTable
from .._s3.connection import Connection
from .._s3.uri import S3Uri
from .cut import cut
from .options import CutOptions
from .publication import WRITERS, Publication, publish

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class CutJob:
    """What to cut, and where to.

    Attributes:
        counts: the table, an ``s3://`` address or a local path.
        output_prefix: takes the shards and the summary.
        summary_name: the summary's name below it.
        exclude_finished: prefix of markers whose documents are left out; ``None`` for none.
        stage: for which the documents are cut.
        handed_on: prefix of the results in which stage ``text`` has left something for it; ``None`` for stage ``text``.
    """

    counts: str
    output_prefix: S3Uri
    options: CutOptions
    summary_name: str = SUMMARY_NAME
    exclude_finished: S3Uri | None = None
    stage: Stage = Stage.TEXT
    handed_on: S3Uri | None = None


def cut_shards(
    connection: Connection, job: CutJob, *, write: bool, went_by: Callable[[int], None] = lambda _rows: None
) -> tuple[Summary, Publication]:
    """Cut the shards and bring S3 in line with them.

    Args:
        connection: how to reach S3.
        job: what to do.
        write: whether to write; ``False`` only finds out what would change.
        went_by: is told how many rows of the table were read since the call before.

    Raises:
        NotYetError: there is no such table.
        FarmError: the table, the summary's name or S3 are not as they must be, or the table has no document to
            process.
    """
    client = connection.client(pool_size=WRITERS)
    table = WorkTable(fetch_counts(client, job.counts), job.counts, job.options.rules, went_by)
    finished = read_finished_facts(client, job.exclude_finished) if job.exclude_finished else None
    open_pages = _open_pages(client, job, job.handed_on) if job.handed_on else None
    manifest = cut(table, job.options, finished, open_pages, job.stage)
    if job.stage is Stage.TEXT and finished is None:
        _check_documents(manifest.summary, job.counts)
    rules = job.options.rules
    summary = replace(
        manifest.summary, counts=_address(job.counts), skip_errors=rules.skip_errors, min_pages=rules.min_pages
    )
    return summary, publish(
        client, job.output_prefix, job.summary_name, replace(manifest, summary=summary), write=write
    )


def _check_documents(summary: Summary, counts: str) -> None:
    """Refuse a cut of nothing: it would end a farm that works, and look like one that is finished."""
    if not summary.totals.documents:
        skipped = ", ".join(f"{reason}: {rows}" for reason, rows in sorted(summary.skipped.items()))
        raise FarmError(
            f"{counts} has no document to process ({skipped or 'it has no row'}): no shard is cut, and those there are "
            "stay. Look at bucket and prefix, and count again."
        )


def _open_pages(client: S3Client, job: CutJob, results: S3Uri) -> Facts:
    """Return what of each document is work for the stage: pages to recognise, or formulas."""
    if job.stage is not Stage.MATH:
        return read_open_pages(client, results)
    if not job.exclude_finished:
        return read_formulas(client, results, Wanted.ALL)
    return read_formulas(client, results, Wanted.OPEN_OR_FAILED if job.options.keep_failed else Wanted.OPEN)


def _address(counts: str) -> str:
    """Return where the account of the cut finds its table: a path from the root, as it may run in another folder."""
    return counts if counts.startswith("s3://") else str(Path(counts).expanduser().absolute())
