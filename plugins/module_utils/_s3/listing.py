# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listing a prefix by several listings at a time, as each must wait for one answer before it asks for the next."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, count
from typing import TYPE_CHECKING
from zlib import crc32

from .objects import S3Object, list_level, list_pages
from .uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Within boto3's default of ten connections.
_LISTINGS = 8
# How deep folders are looked for, if those above are too few to keep all listings busy.
_LEVELS = 3

Page = list[S3Object]


@dataclass(frozen=True)
class Share:
    """One of so many parts of a listing, which together have every object once while nothing changes.

    Attributes:
        number: from 1.
        of: how many parts there are.
    """

    number: int = 1
    of: int = 1

    def has(self, uri: S3Uri) -> bool:
        """Whether the object is in this part, where it is told by its key."""
        return crc32(uri.key.encode("utf-8", "surrogatepass")) % self.of == self.number - 1


WHOLE = Share()


def list_at_once(
    client: S3Client, prefix: S3Uri, share: Share = WHOLE, without: Collection[S3Uri] = ()
) -> Generator[Page, None, None]:
    """Yield the objects whose key starts with the prefix's key, each once, in any order.

    Folders are listed beside each other, by their prefix alone, as not every server lists in the order of keys. A
    level that S3 cannot tell in one answer is listed as one: there may be a folder for each document.

    At most one page of each listing is kept ahead of the caller. Close the generator to end the listings early.

    A part of a listing is every so-manieth folder, of which the others are not listed; where there are few folders, and
    beside them, it is a part of the objects by their keys.

    Args:
        client: of the S3 that has the objects.
        prefix: what their keys start with.
        share: which part of them to yield.
        without: folders of which nobody needs the objects; they are not listed but where a level above is listed as
            one.

    Raises:
        S3Error: a listing failed after retries; what was yielded before is right.
    """
    with ThreadPoolExecutor(_LISTINGS) as threads:
        prefixes: list[S3Uri] = []
        level = [prefix]
        for depth in count():
            if depth == _LEVELS or len(prefixes) + len(level) >= _LISTINGS * share.of:
                above_others = [each for each in level if any(other.key.startswith(each.key) for other in without)]
                prefixes += [each for each in level if each not in above_others]
                level = above_others
            if not level:
                break
            folders: list[S3Uri] = []
            for above, found in zip(level, threads.map(lambda each: list_level(client, each), level), strict=True):
                if found is None:
                    prefixes.append(above)
                else:
                    yield _part(found.objects, share)
                    folders += [each for each in found.folders if each not in without]
            level = folders
        if len(prefixes) >= _LISTINGS * share.of:
            prefixes = sorted(prefixes)[share.number - 1 :: share.of]
            share = WHOLE
        for page in _pages(threads, [list_pages(client, each) for each in prefixes]):
            yield _part(page, share)


def list_objects_at_once(
    client: S3Client, prefix: S3Uri, without: Collection[S3Uri] = ()
) -> Generator[S3Object, None, None]:
    """Yield the objects that :func:`list_at_once` does, one by one.

    Raises:
        S3Error: a listing failed after retries; what was yielded before is right.
    """
    with closing(list_at_once(client, prefix, without=without)) as pages:
        yield from chain.from_iterable(pages)


def _part(objects: Page, share: Share) -> Page:
    return objects if share.of == 1 else [item for item in objects if share.has(item.uri)]


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
