# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listing a prefix by several listings at a time, as each must wait for one answer before it asks for the next."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from .objects import S3Object, list_level, list_pages
from .uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Within boto3's default of ten connections.
_LISTINGS = 8
# How deep folders are looked for, if those above are too few to keep all listings busy.
_LEVELS = 3

Page = list[S3Object]


def list_at_once(client: S3Client, prefix: S3Uri) -> Generator[Page, None, None]:
    """Yield the objects whose key starts with the prefix's key, each once, in any order.

    Folders are listed beside each other, by their prefix alone, as not every server lists in the order of keys. A
    level that S3 cannot tell in one answer is listed as one: there may be a folder for each document.

    At most one page of each listing is kept ahead of the caller. Close the generator to end the listings early.

    Raises:
        S3Error: a listing failed after retries; what was yielded before is right.
    """
    with ThreadPoolExecutor(_LISTINGS) as threads:
        undivided = []
        level = [prefix]
        for _ in range(_LEVELS):
            folders: list[S3Uri] = []
            for above, found in zip(level, threads.map(lambda each: list_level(client, each), level), strict=True):
                if found is None:
                    undivided.append(above)
                else:
                    yield found.objects
                    folders += found.folders
            level = folders
            if len(undivided) + len(level) >= _LISTINGS:
                break
        yield from _pages(threads, [list_pages(client, each) for each in undivided + level])


def _pages(threads: ThreadPoolExecutor, listings: list[Iterator[Page]]) -> Iterator[Page]:
    waiting = iter(listings)
    ahead: dict[Future[Page | None], Iterator[Page]] = {}

    def go_on(listing: Iterator[Page] | None) -> None:
        if listing is not None:
            ahead[threads.submit(next, listing, None)] = listing

    for _ in range(_LISTINGS):
        go_on(next(waiting, None))
    while ahead:
        for done in wait(ahead, return_when=FIRST_COMPLETED).done:
            listing = ahead.pop(done)
            page = done.result()
            if page is None:
                go_on(next(waiting, None))
            else:
                go_on(listing)
                yield page
