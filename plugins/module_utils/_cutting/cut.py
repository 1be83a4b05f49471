# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page-count table cut into shards, in memory that does not grow with it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import compress, groupby, islice

from .._files import Section, TemporaryFile, disk_errors
from .._records.document import DocumentState
from .._records.facts import Facts
from .._records.finished import STATE_OF_ENDING
from .._records.forwarded import has_failed, pages_of
from .._records.stage import Stage
from .._records.summary import Summary
from .._records.waiting import waits
from .._records.work import Work, WorkTable
from .longest_first import LongestFirst, deal_apart, deal_in_turn
from .options import CutOptions
from .shard_file import ShardFile
from .summary import summarize

OVER_LIMIT = "over_limit"
FINISHED = "finished"


@dataclass(frozen=True)
class Manifest:
    """Each shard's files, in order, and their summary."""

    shards: tuple[ShardFile, ...]
    summary: Summary


def cut(
    table: WorkTable,
    options: CutOptions,
    finished: Facts | None = None,
    open_pages: Facts | None = None,
    stage: Stage = Stage.TEXT,
) -> Manifest:
    """Cut the documents of a stage into one shard for each weight, or into pieces.

    Documents that had failed and are kept are dealt apart from the others, so that the shards' work is even whether
    or not they are tried again; among pieces they are in the last ones.

    Args:
        table: of which the order has no effect.
        options: which documents to deal, and how.
        finished: see :func:`read_finished_facts`; ``None`` where all documents are to be dealt.
        open_pages: see :func:`read_open_pages`, for stage ``ocr``: of its documents only these pages count; for stage
            ``math`` formulas likewise, see :func:`read_formulas`. ``None`` for stage ``text``, which has all documents
            of the table.
        stage: for which they are cut.

    Raises:
        FarmError: see :meth:`WorkTable.batches`; or there is no room on this machine.
    """
    pending, failed = LongestFirst(), LongestFirst()
    left_out = 0
    for waiting, has_failed_on, documents in _by_standing(table, finished, open_pages, stage):
        pending.add(waiting)
        kept = has_failed_on if options.keep_failed else []
        failed.add(kept)
        left_out += documents - len(waiting) - len(kept)

    kinds = (pending, failed)
    shards = _balanced(kinds, options) if options.piece_pages is None else _pieces(kinds, options.piece_pages)
    over_limit = sum(kind.documents for kind in kinds) - sum(each.documents for each in shards)
    skipped = +(table.skipped + Counter({FINISHED: left_out, OVER_LIMIT: over_limit}))
    summary = summarize(shards, options, skipped)
    if open_pages is not None:
        # Few documents, or none, need OCR or have formulas: nothing an operator has to know of.
        summary = replace(summary, notes=())
    return Manifest(shards, replace(summary, failed_documents=failed.documents, failed_pages=failed.pages))


def _pieces(kinds: tuple[LongestFirst, ...], piece_pages: int) -> tuple[ShardFile, ...]:
    """Return as many shards as it takes, one at least."""
    with disk_errors("the shards", "their lists"):
        manifests, lists = TemporaryFile(), TemporaryFile()
    pieces = [ShardFile(Section(manifests), Section(lists))]
    for uris, sizes, pages, turns in deal_in_turn(kinds, piece_pages):
        documents = zip(uris, sizes, strict=True)
        for number, of_piece in groupby(turns):
            if number == len(pieces):
                pieces[-1].flush()
                pieces.append(ShardFile(Section(manifests), Section(lists)))
            piece_uris, piece_sizes = zip(*islice(documents, len(list(of_piece))), strict=True)
            pieces[-1].add(piece_uris, pages, piece_sizes)
    pieces[-1].flush()
    return tuple(pieces)


def _balanced(kinds: tuple[LongestFirst, ...], options: CutOptions) -> tuple[ShardFile, ...]:
    """Return a shard for each weight, so that all take equally long."""
    places = _places(kinds, options)
    shards = tuple(ShardFile() for _ in options.weights)
    dealt = Counter[int]()
    for uris, sizes, pages, turns in deal_apart(kinds, options.weights):
        documents_of: defaultdict[int, list[tuple[bytes, bytes]]] = defaultdict(list)
        for document, shard in zip(zip(uris, sizes, strict=True), turns, strict=True):
            documents_of[shard].append(document)
        for shard, documents in documents_of.items():
            chosen = documents
            if places is not None:
                numbers = range(dealt[shard], dealt[shard] + len(documents))
                chosen = list(compress(documents, map(places[shard].__contains__, numbers)))
            dealt[shard] += len(documents)
            if chosen:
                shard_uris, shard_sizes = zip(*chosen, strict=True)
                shards[shard].add(shard_uris, pages, shard_sizes)
    for each in shards:
        each.flush()
    return shards


def _by_standing(
    table: WorkTable, finished: Facts | None, open_pages: Facts | None, stage: Stage
) -> Iterator[tuple[list[Work], list[Work], int]]:
    """Yield the documents of the stage that wait for it, those on which it has failed, and of how many, bit by bit."""
    waiting = {ending: waits(stage, state, has_open_formulas=True) for ending, state in STATE_OF_ENDING.items()}
    # A document whose formulas cannot be read stays done.
    failing = DocumentState.DONE if stage is Stage.MATH else DocumentState.FAILED
    for batch, (marked, opened) in table.beside((finished or Facts(1)).read(), (open_pages or Facts(1)).read()):
        work = batch if open_pages is None else _opened(batch, opened)
        if finished is None:
            # Nobody has looked: all are dealt.
            yield work, [], len(work)
            continue
        endings = [marked.get(key, b"")[-1:] for key, _uri, _pages, _size in work]
        failed = [
            each
            for each, ending in zip(work, endings, strict=True)
            if STATE_OF_ENDING[ending] is failing and (stage is not Stage.MATH or has_failed(opened[each[0]]))
        ]
        pending = [each for each, ending in zip(work, endings, strict=True) if waiting[ending]]
        if failed and stage is Stage.MATH:
            keys = {each[0] for each in failed}
            pending = [each for each in pending if each[0] not in keys]
        yield pending, failed, len(work)


def _opened(batch: list[Work], opened: Mapping[bytes, bytes]) -> list[Work]:
    return [(key, uri, pages_of(opened[key]), size) for key, uri, _pages, size in batch if key in opened]


def _places(kinds: tuple[LongestFirst, ...], options: CutOptions) -> list[set[int]] | None:
    """Return which documents of each shard to keep, by their place in it; ``None`` for all.

    They are evenly spread over the sizes: the first ones would be the longest of the whole collection, hours of work,
    and typical of nothing.
    """
    limit = options.limit_per_shard
    if limit is None:
        return None
    documents = Counter[int]()
    for _uris, _sizes, _pages, turns in deal_apart(kinds, options.weights):
        documents.update(turns)
    return [
        set(range(count)) if count <= limit else {(2 * number + 1) * count // (2 * limit) for number in range(limit)}
        for count in (documents[shard] for shard in range(len(options.weights)))
    ]
