# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of every document of the page-count table: one pass over table, manifests, markers and Markdown.

All of them come in the order of the documents' keys, the listings by a sort on the disk, so that memory does not grow
with the collection.
"""

from __future__ import annotations

import struct
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import repeat
from operator import add
from typing import TYPE_CHECKING

from .._errors import FarmError
from .._files import disk_errors
from .._records.document import DocumentState
from .._records.ended import FACT_BYTES, ended_at, is_open
from .._records.facts import FactReader, Facts
from .._records.finished import STATE_OF_ENDING, marked_at, read_finished_facts
from .._records.forwarded import read_forwarded
from .._records.manifest import listed_keys
from .._records.math import may_have_failed, read_math_facts
from .._records.names import key_of_markdown, markdown_folder, outputs_prefix, status_folder
from .._records.page_counts import decode_field, encode_field
from .._records.page_counts_source import fetch_counts
from .._records.summary import Summary, read_summary
from .._records.work import WorkTable
from .._s3.objects import list_folders, list_pages
from .._s3.parallel import read_each
from .._s3.uri import S3Uri
from .._sorting import Sorter

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Where the shard's number of a document stands that no shard lists; those of shards begin with 1.
NO_SHARD = 0
_SHARD = struct.Struct(">I")
_NO_SHARD = _SHARD.pack(NO_SHARD)
_FOUND = b"\1"
_ENDINGS = {state: ending for ending, state in STATE_OF_ENDING.items()}
_DONE, _FAILED = _ENDINGS[DocumentState.DONE], _ENDINGS[DocumentState.FAILED]
# The keys of documents whose markers have to be read.
_FAILED_BYTES_IN_MEMORY = 8 << 20


@dataclass(frozen=True)
class Collection:
    """All there is to go through, as often as it is needed.

    Attributes:
        table: its documents that are work.
        shards: the shard of each document of the cut.
        markers: see :func:`read_finished_facts`.
        forwarded: see :func:`read_forwarded`.
        formulas: see :func:`read_math_facts`.
    """

    table: WorkTable
    shards: Facts
    markers: Facts
    forwarded: Facts = field(default_factory=lambda: Facts(FACT_BYTES))
    formulas: Facts = field(default_factory=lambda: Facts(FACT_BYTES))


@dataclass
class Sums:
    """Documents and their pages."""

    documents: int = 0
    pages: int = 0


class FailedDocuments:
    """Keys of documents that failed, or may have, and their shards, on the disk where they are many."""

    def __init__(self) -> None:
        """Have none yet."""
        self._sorter = Sorter(bytes, _failed_disk_errors, _FAILED_BYTES_IN_MEMORY)

    def add(self, documents: Iterable[tuple[bytes, bytes]]) -> None:
        """Take the encoded keys and shards of some."""
        self._sorter.add(map(b"".join, documents))

    def __iter__(self) -> Iterator[tuple[str, int]]:
        """Yield each document's key and shard."""
        for lines in self._sorter.sorted():
            for line in lines:
                yield decode_field(line[: -_SHARD.size]), shard_of(line[-_SHARD.size :])


@dataclass
class Account:
    """The documents of the table by shard and state, and what does not fit.

    Attributes:
        sums: by shard, :data:`NO_SHARD` for none, and state, ``None`` for pending at stage ``text``.
        recognised: of the documents that are done, the ones that stage ``ocr`` has gone on with.
        open_formulas: of the documents that are done, the ones that wait for stage ``math``, by shard.
        formulas_ended: of the documents that are done, the ones that stage ``math`` has ended.
        failed: the failed documents, each with its shard.
        formulas_in_doubt: of the documents that are done, the ones that stage ``math`` may have failed on, see
            :func:`may_have_failed`.
        listed: lines of all shards.
        listed_twice: of these, the ones that repeat a document.
        strangers: documents of the shards that are no work of the table.
        unlisted: documents with a marker that are no work of the table.
        missing_markdown: documents that are done and have no Markdown; ``None`` where nobody looked.
        skipped: rows of the table that are no work, by reason.
    """

    sums: defaultdict[tuple[int, DocumentState | None], Sums] = field(default_factory=lambda: defaultdict(Sums))
    recognised: Sums = field(default_factory=Sums)
    open_formulas: Counter[int] = field(default_factory=Counter)
    formulas_ended: int = 0
    failed: FailedDocuments = field(default_factory=FailedDocuments)
    formulas_in_doubt: FailedDocuments = field(default_factory=FailedDocuments)
    listed: int = 0
    listed_twice: int = 0
    strangers: int = 0
    unlisted: int = 0
    missing_markdown: int | None = None
    skipped: Mapping[str, int] = field(default_factory=dict)


def shard_of(fact: bytes | None) -> int:
    """Return the shard that a fact of :attr:`Collection.shards` has; :data:`NO_SHARD` where there is none."""
    return NO_SHARD if fact is None else int(_SHARD.unpack(fact)[0])


def read_collection(client: S3Client, manifests: S3Uri, results: S3Uri, summary: Summary) -> Collection:
    """Return all there is to go through for the account of a cut.

    Takes the table, the manifests and one listing of the markers: a request for each thousand.

    Args:
        client: of the S3 that has them.
        manifests: prefix of the shards.
        results: prefix of the markers.
        summary: of the cut.

    Raises:
        NotYetError: the table or a manifest is missing.
        FarmError: one of them is malformed, or the cut does not say what it was made from.
        S3Error: S3 could not be read.
    """
    if not summary.counts:
        raise FarmError(
            f"The cut at {manifests} does not say which table of page counts it was made from, as an earlier version "
            "of the collection made it: cut the shards again (shard_manifest). Where nothing else has changed, that "
            "writes the summary alone."
        )
    return Collection(
        table=WorkTable(fetch_counts(client, summary.counts), summary.counts, summary.rules),
        shards=assigned(client, manifests, summary.shard_numbers),
        markers=read_finished_facts(client, status_folder(results)),
        forwarded=read_forwarded(client, results),
        formulas=read_math_facts(client, results),
    )


def assigned(client: S3Client, manifests: S3Uri, shards: Iterable[int]) -> Facts:
    """Return the shard of each document that these shards list, see :attr:`Collection.shards`.

    Raises:
        NotYetError: a manifest is missing.
        FarmError: one is malformed, or there is no room for them on this machine.
        S3Error: S3 could not be read.
    """
    facts = Facts(_SHARD.size)

    def add(shard: int) -> None:
        for keys in listed_keys(client, manifests, shard):
            facts.add_to_each(keys, _SHARD.pack(shard))

    # Pieces are thousands of small ones.
    for _ in read_each(add, shards):
        pass
    return facts


def read_account(
    client: S3Client, manifests: S3Uri, results: S3Uri, summary_name: str, *, verify_outputs: bool
) -> tuple[Summary, Collection, Account]:
    """Return the last cut's summary, what there is to go through, and what became of every document.

    Raises:
        NotYetError: there is no cut or no table.
        FarmError: see :func:`read_collection`.
    """
    summary = read_summary(client, manifests, summary_name)
    collection = read_collection(client, manifests, results, summary)
    markdown = find_markdown(client, results) if verify_outputs else None
    return summary, collection, take_account(collection, markdown)


def find_markdown(client: S3Client, results: S3Uri) -> Facts:
    """Return which documents have Markdown that is not empty; several shards are listed at a time.

    Raises:
        S3Error: S3 could not be read.
        FarmError: there is no room for it on this machine.
    """
    facts = Facts(len(_FOUND))

    def find(markdown: S3Uri) -> None:
        for page in list_pages(client, markdown):
            keys = (key_of_markdown(markdown, item.uri) for item in page if item.bytes)
            facts.add_to_each(map(encode_field, keys), _FOUND)

    # Not of the present shards alone: a document may have been done under the shard of an earlier cut.
    folders = (markdown_folder(results, folder) for folder in list_folders(client, outputs_prefix(results)))
    for _ in read_each(find, filter(None, folders)):
        pass
    return facts


def take_account(collection: Collection, markdown: Facts | None = None) -> Account:
    """Return what became of every document.

    Args:
        collection: what to go through.
        markdown: which documents have some; ``None`` to not look.

    Raises:
        FarmError: the table is malformed.
    """
    account = Account()
    shards, markers = collection.shards.read(), collection.markers.read()
    texts, forwarded = (markdown or Facts(len(_FOUND))).read(), collection.forwarded.read()
    # By the shard and what the fact of the marker ends in.
    documents, pages_together = Counter[bytes](), Counter[bytes]()
    missing = 0
    beside = collection.table.beside(shards, markers, texts, forwarded, collection.formulas.read())
    for batch, (shard_facts, marker_facts, found, handed_on, formulas) in beside:
        keys = [key for key, _uri, _pages, _size in batch]
        shards_of_keys = list(map(shard_facts.get, keys, repeat(_NO_SHARD)))
        endings = [fact[-1:] for fact in map(marker_facts.get, keys, repeat(b""))]
        kinds = list(map(add, shards_of_keys, endings))
        documents.update(kinds)
        done, failed = [], []
        for (key, _uri, pages, _size), kind, shard, ending in zip(batch, kinds, shards_of_keys, endings, strict=True):
            pages_together[kind] += pages
            if ending == _DONE:
                done.append((key, pages, shard))
            elif ending == _FAILED:
                failed.append((key, shard))
        account.failed.add(failed)
        missing += len(done) - sum([key in found for key, _pages, _shard in done])
        if formulas or handed_on:
            _look_at_stages(account, done, marker_facts, handed_on, formulas)
        account.strangers += len(shard_facts) - len(keys) + shards_of_keys.count(_NO_SHARD)
        account.unlisted += len(marker_facts) - len(keys) + endings.count(b"")
    account.strangers += _left(shards)
    account.unlisted += _left(markers)
    for kind, count in documents.items():
        shard, ending = kind[: _SHARD.size], kind[_SHARD.size :]
        account.sums[shard_of(shard), STATE_OF_ENDING[ending]] = Sums(count, pages_together[kind])
    account.listed = collection.shards.count
    account.listed_twice = shards.repeated
    account.missing_markdown = None if markdown is None else missing
    account.skipped = collection.table.skipped
    return account


def _look_at_stages(
    account: Account,
    done: Iterable[tuple[bytes, int, bytes]],
    markers: Mapping[bytes, bytes],
    handed_on: Mapping[bytes, bytes],
    formulas: Mapping[bytes, bytes],
) -> None:
    """Account for what the stages after ``text`` have come to with documents that are done: key, pages and shard."""
    in_doubt = []
    for key, pages, shard in done:
        on_formulas = formulas.get(key)
        if on_formulas is not None:
            account.open_formulas[shard_of(shard)] += is_open(on_formulas)
            account.formulas_ended += ended_at(on_formulas) is not None
            if may_have_failed(on_formulas, marked_at(markers[key])):
                in_doubt.append((key, shard))
        if is_open(handed_on.get(key)):
            account.recognised.documents += 1
            account.recognised.pages += pages
    account.formulas_in_doubt.add(in_doubt)


def _left(reader: FactReader) -> int:
    return sum(map(len, reader.rest()))


def _failed_disk_errors(so_far: int) -> AbstractContextManager[None]:
    return disk_errors("which documents failed, or may have", f"the keys of all, {so_far / 1e9:.1f} GB so far")
