# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which documents have formulas that stage ``math`` has not ended: from the names and times of what says so, alone.

Only of documents that are done they are to be read: one that was processed anew and failed has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from .._s3.named import find_named
from .._s3.objects import list_objects
from .._s3.uri import S3Uri
from .document import Document, key_of
from .ended import ended_facts, is_open, read_facts
from .facts import Facts
from .forwarded import read_pages
from .names import formulas_folder, formulas_uri, math_folder, math_uri
from .page_counts import decode_field

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def read_math_facts(client: S3Client, results: S3Uri) -> Facts:
    """Return what is known of the formulas of each document that has or had some; :func:`is_open` reads such a fact.

    Takes a request for each thousand of them.

    Raises:
        S3Error: a listing failed.
        FarmError: there is no room for it on this machine.
    """
    formulas, ended = formulas_folder(results), math_folder(results)
    return read_facts((formulas, list_objects(client, formulas)), (ended, list_objects(client, ended)))


def read_open_formulas(client: S3Client, results: S3Uri) -> Facts:
    """Return how many formulas stage ``math`` is to read of each document; :func:`pages_of` reads such a fact.

    Takes a request for each of these documents, several at a time.

    Raises:
        S3Error: S3 could not be read.
        FarmError: there is no room for it on this machine.
    """
    facts = chain.from_iterable(each.items() for each in read_math_facts(client, results).read().rest())
    return read_pages(
        client,
        (decode_field(key) for key, fact in facts if is_open(fact)),
        lambda key: formulas_uri(results, key),
        lambda marker: max(1, marker.open_formulas),
    )


def read_open_of(client: S3Client, results: S3Uri, documents: Sequence[Document]) -> set[str]:
    """Return the keys of those of these documents that have formulas which stage ``math`` has not ended.

    Takes a listing of all shards' documents with formulas, or less where these are few, see :func:`find_named`.

    Raises:
        S3Error: S3 could not be read.
    """
    keys = [key_of(document.uri) for document in documents]
    latest: dict[str, bytes] = {}
    for folder, name, ends in ((formulas_folder, formulas_uri, False), (math_folder, math_uri, True)):
        objects = find_named(client, folder(results), {name(results, key) for key in keys})
        for key, fact in ended_facts(folder(results), objects, ends=ends):
            latest[key] = max(fact, latest.get(key, fact))
    return {key for key, fact in latest.items() if is_open(fact)}
