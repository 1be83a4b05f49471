# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``split_manifest_by_pages.py``: what the module ``shard_manifest`` does, on a command line."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, BooleanOptionalAction, Namespace
from collections.abc import Sequence

from .._cutting.job import CutJob, cut_shards
from .._cutting.options import CutOptions, shard_weights
from .._formatting import align
from .._records.names import SUMMARY_NAME
from .._s3.connection import Connection
from .._s3.uri import S3Uri
from .arguments import add_connection, checked, connection_of
from .progress import rows_bar
from .running import exit_status


def main(arguments: Sequence[str]) -> int:
    """Cut a table of page counts into shards of equal work, and return the exit status."""
    parser = _parser()
    given = parser.parse_args(arguments)
    job = checked(parser, lambda: _job(given))
    connection = checked(parser, lambda: connection_of(given))
    return exit_status(lambda: _cut(connection, job))


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="split_manifest_by_pages.py",
        description="Cut a table of page counts into shards of equal work. Only what differs is written.",
        allow_abbrev=False,
    )
    parser.add_argument("counts", help="the table, an s3:// address or a file")
    parser.add_argument("--shards", type=int, required=True, help="how many shards")
    parser.add_argument(
        "--skip-errors",
        action=BooleanOptionalAction,
        default=True,
        help="whether documents whose pages could not be counted are left out",
    )
    parser.add_argument(
        "--min-pages", type=int, default=CutOptions.min_pages, help="leave out documents known to have fewer pages"
    )
    parser.add_argument("--output-prefix", required=True, help="prefix that takes the shards, as s3://bucket/prefix")
    parser.add_argument("--summary-name", default=SUMMARY_NAME, help="name of the summary below it")
    add_connection(parser)
    return parser


def _job(given: Namespace) -> CutJob:
    weights = shard_weights(given.shards, None)
    return CutJob(
        counts=given.counts,
        output_prefix=S3Uri.parse(given.output_prefix),
        options=CutOptions(weights, skip_errors=given.skip_errors, min_pages=given.min_pages),
        summary_name=given.summary_name,
    )


def _cut(connection: Connection, job: CutJob) -> None:
    with rows_bar() as went_by:
        summary, publication = cut_shards(connection, job, write=True, went_by=went_by)
    for note in summary.notes:
        print(note, file=sys.stderr)
    rows = [("shard", "documents", "pages", "share")]
    rows += [
        (str(each.shard), f"{each.documents:,}", f"{each.pages:,}", f"{each.share:.1%}") for each in summary.shards
    ]
    skipped = ", ".join(f"{count:,} {reason}" for reason, count in summary.skipped.items()) or "none"
    print(*align(rows), f"left out: {skipped}", f"written: {len(publication.files)} objects", sep="\n")
    print(f"{publication.summary_uri} has the summary.")
