# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of many named objects there are, in a folder that may have far more of them, or hardly any other."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from .objects import S3Object, if_exists, list_pages, look_at
from .parallel import read_each
from .uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Requests at once: each answer of a listing is waited for before the next is asked for, single objects are not.
_READERS = 16


def find_named(client: S3Client, folder: S3Uri, names: Collection[S3Uri]) -> Iterator[S3Object]:
    """Yield those of the named objects that exist, each once, in any order.

    The folder is listed as long as that has not taken more time than asking for each name would; then each that was not
    listed is asked for. So it takes at most twice as long as the quicker way, however large the folder is.

    Args:
        client: of the S3; its pool should have 16 connections.
        folder: below which all names are.
        names: of the objects.

    Raises:
        S3Error: S3 could not be read.
    """
    missing = set(names)
    for number, page in enumerate(list_pages(client, folder), start=1):
        for item in page:
            if item.uri in missing:
                missing.remove(item.uri)
                yield item
        if number * _READERS >= len(missing):
            break
    else:
        return
    for _uri, found in read_each(lambda uri: if_exists(lambda: look_at(client, uri)), missing, _READERS):
        if found is not None:
            yield found
