# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which documents have formulas for stage ``math``: by names and times alone, and of those not read by their markers.

Only of documents that are done they are to be read: one that was processed anew and failed has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum, auto
from itertools import chain
from typing import TYPE_CHECKING

from .._s3.listing import list_objects_at_once
from .._s3.named import find_named
from .._s3.parallel import read_each
from .._s3.uri import S3Uri
from .document import Document, DocumentState, key_of
from .ended import ended_at, ended_facts, is_open, read_facts
from .facts import Facts
from .forwarded import read_pages
from .markers import Marker, read_marker_if_exists
from .names import formulas_folder, formulas_uri, math_folder, math_uri
from .page_counts import decode_field

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Wanted(Enum):
    """Of which documents the formulas are wanted."""

    OPEN = auto()
    """Those that stage ``math`` has not ended."""
    OPEN_OR_FAILED = auto()
    """Those, and the ones that it could not read."""
    ALL = auto()
    """All in which formulas were ever found."""


def read_math_facts(client: S3Client, results: S3Uri) -> Facts:
    """Return what is known of the formulas of each document that has or had some; :func:`is_open` reads such a fact.

    Takes a request for each thousand of them, several at a time.

    Raises:
        S3Error: a listing failed.
        FarmError: there is no room for it on this machine.
    """
    formulas, ended = formulas_folder(results), math_folder(results)
    return read_facts((formulas, list_objects_at_once(client, formulas)), (ended, list_objects_at_once(client, ended)))


def may_have_failed(fact: bytes | None, done_at: float) -> bool:
    """Whether stage ``math`` may have failed on a document that is done: where it may, its marker has to be read.

    What the stage has read gets its marker ``.done`` anew, right before that of the stage. S3 tells times in seconds,
    so the two are as old as each other but for where a second ended between them; what failed has an older ``.done``,
    of stage ``text``. Only a failure within the second of that is not seen.

    Args:
        fact: on the document, of :func:`read_math_facts`; ``None`` where there is none.
        done_at: when its marker ``.done`` was written, in seconds since the epoch.
    """
    ended = ended_at(fact)
    return ended is not None and ended > done_at


def read_formulas(client: S3Client, results: S3Uri, wanted: Wanted) -> Facts:
    """Return how many formulas documents have for stage ``math``; :func:`pages_of` and :func:`has_failed` read it.

    Takes a request for each of these documents, several at a time, and with the failed ones another for each document
    that the stage has ended.

    Raises:
        S3Error: S3 could not be read.
        FarmError: there is no room for it on this machine.
    """
    facts = chain.from_iterable(each.items() for each in read_math_facts(client, results).read().rest())
    known = ((decode_field(key), is_open(fact)) for key, fact in facts)
    if wanted is Wanted.OPEN_OR_FAILED:
        documents = _open_or_failed(client, results, known)
    else:
        documents = ((key, False) for key, opened in known if opened or wanted is Wanted.ALL)
    return read_pages(
        client, documents, lambda key: formulas_uri(results, key), lambda marker: max(1, marker.open_formulas)
    )


def _open_or_failed(client: S3Client, results: S3Uri, known: Iterable[tuple[str, bool]]) -> Iterable[tuple[str, bool]]:
    """Yield the keys of these documents, each of which is open or not, and whether the stage has failed on it."""

    def read(document: tuple[str, bool]) -> bool:
        key, opened = document
        marker = None if opened else read_marker_if_exists(client, math_uri(results, key))
        return isinstance(marker, Marker) and marker.state is DocumentState.FAILED

    return ((key, failed) for (key, opened), failed in read_each(read, known) if opened or failed)


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
