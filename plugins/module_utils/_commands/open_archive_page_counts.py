# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``open_archive_page_counts.py``: what the module ``page_count`` does, on a command line."""

from __future__ import annotations

from argparse import ArgumentParser, BooleanOptionalAction, Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from .._counting.counting import LOGGER, PROGRESS_LOGGER, CountOptions, CountRun, count_documents
from .._output_files import LOG_LEVELS, check_folder, copy_output
from .._records.names import table_uri
from .._s3.connection import Connection
from .._s3.uri import S3Uri
from .arguments import add_connection, checked, connection_of
from .progress import bar_of, show_log
from .running import exit_status


def main(arguments: Sequence[str]) -> int:
    """Count the pages of all PDFs below a prefix, and return the exit status."""
    parser = _parser()
    given = parser.parse_args(arguments)
    options = checked(parser, lambda: _options(parser, given))
    connection = checked(parser, lambda: replace(connection_of(given), requester_pays=given.requester_pays))
    return exit_status(lambda: _count(connection, options, given))


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="open_archive_page_counts.py",
        description="Count the pages of the PDFs below an S3 prefix by range reads. Run again, it goes on where it "
        "stopped and reads new and changed documents alone.",
        allow_abbrev=False,
    )
    parser.add_argument("bucket", nargs="?", help="bucket that holds the documents")
    parser.add_argument("--bucket", dest="named_bucket", metavar="BUCKET", help="the same")
    parser.add_argument("--prefix", default="", help="what the documents' keys start with")
    parser.add_argument("--max-workers", type=int, default=CountOptions.max_workers, help="documents read at a time")
    parser.add_argument("--chunk-size", type=int, default=CountOptions.chunk_size, help="rows that are saved at a time")
    parser.add_argument(
        "--include-size", action=BooleanOptionalAction, default=True, help="whether the table has the documents' sizes"
    )
    parser.add_argument(
        "--s3-output", required=True, help="prefix that takes page_counts_master.csv and chunks/, as s3://bucket/prefix"
    )
    parser.add_argument("--output-file", type=Path, help="file that takes a copy of the table")
    parser.add_argument("--log-level", type=str.upper, choices=LOG_LEVELS, default="INFO", help="least that is told")
    parser.add_argument("--resume-from", help="earlier table to believe, an s3:// address or a file")
    parser.add_argument(
        "--requester-pays", action="store_true", help="accept that requests for documents are on this account's bill"
    )
    parser.add_argument(
        "--confirm-fewer", action="store_true", help="replace a table by one that has less than half its documents"
    )
    add_connection(parser)
    return parser


def _options(parser: ArgumentParser, given: Namespace) -> CountOptions:
    buckets = {given.bucket, given.named_bucket} - {None}
    if len(buckets) != 1:
        parser.error("give one bucket that holds the documents, as it is or by --bucket")
    if given.output_file:
        check_folder(given.output_file)
    return CountOptions(
        source=S3Uri(buckets.pop(), given.prefix),
        output=S3Uri.parse(given.s3_output),
        max_workers=given.max_workers,
        chunk_size=given.chunk_size,
        include_size=given.include_size,
        resume_from=given.resume_from,
        confirm_fewer=given.confirm_fewer,
    )


def _count(connection: Connection, options: CountOptions, given: Namespace) -> None:
    show_log(LOGGER, given.log_level, spare=PROGRESS_LOGGER)
    run = CountRun(connection, options)
    try:
        with bar_of(run.progress, lambda: count_documents(connection, options.source)):
            result = run.count()
    except KeyboardInterrupt as stop:
        saved = str(stop) or "What was read is saved."
        raise KeyboardInterrupt(f"{saved} The same command goes on from there.") from None
    if given.output_file:
        with result.table.open() as table:
            copy_output(given.output_file, table)
    after = result.after
    print(
        f"{table_uri(options.output)}: {after.documents:,} documents, {after.pages:,} pages, "
        f"{after.errors:,} documents without a page count."
    )
