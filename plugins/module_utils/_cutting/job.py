# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A table of page counts, from where it is, cut into shards, where they are to be."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .._records.finished import read_finished
from .._records.names import SUMMARY_NAME
from .._records.page_counts import CountRow
from .._records.page_counts_source import read_counts
from .._s3.connection import Connection
from .._s3.uri import S3Uri
from .cut import Manifest, cut
from .options import CutOptions
from .publication import Publication, publish

Watch = Callable[[Iterator[CountRow]], Iterator[CountRow]]


@dataclass(frozen=True)
class CutJob:
    """What to cut, and where to.

    Attributes:
        counts: the table, an ``s3://`` address or a local path.
        output_prefix: takes the shards and the summary.
        summary_name: the summary's name below it.
        exclude_finished: prefix of markers whose documents are left out; ``None`` for none.
    """

    counts: str
    output_prefix: S3Uri
    options: CutOptions
    summary_name: str = SUMMARY_NAME
    exclude_finished: S3Uri | None = None


def cut_shards(
    connection: Connection, job: CutJob, *, write: bool, watch: Watch = iter
) -> tuple[Manifest, Publication]:
    """Cut the shards and bring S3 in line with them.

    Args:
        connection: how to reach S3.
        job: what to do.
        write: whether to write; ``False`` only finds out what would change.
        watch: is given the table's rows and returns them, to see them go by.

    Raises:
        NotYetError: there is no such table.
        FarmError: the table, the summary's name or S3 are not as they must be.
    """
    client = connection.client()
    with _no_search_for_cycles():
        finished = read_finished(client, job.exclude_finished) if job.exclude_finished else {}
        manifest = cut(watch(read_counts(client, job.counts)), job.options, finished)
        return manifest, publish(client, job.output_prefix, job.summary_name, manifest, write=write)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """No row is part of a cycle, and to look for cycles among a million of them takes longer than to read them."""
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()
